"""`promisewatch demo`."""

import shutil
import sys
import time
from pathlib import Path

import click

from monitor.app import App, tell
from monitor.demo.run import CONFIG_FILE, run_demo
from monitor.output import progress


@click.command()
@click.argument("folder", required=False, default="promisewatch-demo", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def demo_command(app: App, folder: Path) -> None:
    """Run a made-up brand through the whole pipeline: twelve weeks of feeds, read and reported, into FOLDER."""
    began = time.monotonic()
    tell("Larkspur is a made-up furniture shop with five promises. Its feeds are played over HTTP on this machine.")
    bundled = App(folder / CONFIG_FILE, app.clock)
    with progress("reading") as shown:
        demo = run_demo(folder, app.clock().date(), bundled.reader, tell, shown.advance)
    kept = demo.kept
    tell(
        f"{kept.copies:,} were copies of known stories, {kept.unmatched:,} more were about another larkspur and left out; "
        f"all done in {time.monotonic() - began:.0f} s\n"
    )
    for line in demo.report.headlines:
        click.echo(line)
    if demo.alert is not None:
        since = f"{demo.alert.since:%d %B}".lstrip("0")
        click.echo(f"Alert: {demo.alert.title}, since {since}.")
    click.echo()
    for what, path in demo.files.items():
        click.echo(f"{what + ':':22} {path}")
    program = "promisewatch" if shutil.which("promisewatch") else sys.argv[0]
    called = f"{program} --config {folder / CONFIG_FILE}"
    click.echo(f"\nIn a browser:  {called} serve\nIn a terminal: {called} gap --every month")
