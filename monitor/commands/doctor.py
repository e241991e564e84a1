"""`promisewatch doctor`."""

from dataclasses import asdict

import click

from monitor.app import App
from monitor.doctor import examine
from monitor.output import JSON_OR_TEXT, show_json

_MARK = {"ok": "ok      ", "warning": "warning ", "error": "error   "}


@click.command()
@JSON_OR_TEXT
@click.pass_obj
def doctor_command(app: App, format_: str) -> int:
    """Check configuration, disk, store, sources and model; say what to do about each finding."""
    findings = list(examine(app))
    if format_ == "json":
        show_json([asdict(one) for one in findings])
    else:
        for one in findings:
            click.echo(f"{_MARK[one.grade]}{one.check}: {one.message}" + (f"\n        {one.remedy}" if one.remedy else ""))
    return 1 if any(one.grade == "error" for one in findings) else 0
