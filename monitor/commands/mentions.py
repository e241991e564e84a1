"""`promisewatch mentions search`."""

from collections.abc import Sequence
from datetime import UTC, date
from typing import get_args

import click

from models.reading import PILLARS
from monitor.app import App, tell
from monitor.commands.reports import Day
from monitor.output import show_table
from monitor.storage.searching import Filters, Found
from reports.evidence import Label
from reports.typography import counted
from sources.mention import VOICES
from sources.query import QueryError, compile_query

ROW = ("id", "source", "url", "published", "author", "voice", "language", "label", "corrected", "copies", "text")
_LONGEST = 90


@click.group("mentions")
def mentions_command() -> None:
    """Work with stored mentions."""


@mentions_command.command("search")
@click.argument("query", required=False)
@click.option("--brand", help="Only this brand's, with its reading [all]")
@click.option("--source", default="", help="Only of this source")
@click.option("--voice", type=click.Choice(VOICES), default=None)
@click.option("--language", default="", help="Only in this language, such as en")
@click.option(
    "--label", type=click.Choice([*get_args(Label), "none"]), default=None, help="As it counts now; none: without a reading"
)
@click.option("--promise", default="", help="Only what speaks of this promise")
@click.option("--stance", type=click.Choice(["kept", "broken"]), default=None)
@click.option("--pillar", type=click.Choice(PILLARS), default=None)
@click.option("--since", type=Day(), help="First day")
@click.option("--until", type=Day(), help="Day after the last one")
@click.option("-n", "limit", type=click.IntRange(1, 10_000), default=20, help="At most so many [20]")
@click.option("--after", default="", help="Go on where an earlier search ended")
@click.option("--format", "format_", type=click.Choice(["text", "jsonl", "csv"]), default="text", help="[text]")
@click.pass_obj
def search_command(
    app: App,
    query: str | None,
    brand: str | None,
    source: str,
    voice: str | None,
    language: str,
    label: str | None,
    promise: str,
    stance: str | None,
    pillar: str | None,
    since: date | None,
    until: date | None,
    limit: int,
    after: str,
    format_: str,
) -> None:
    """Find mentions by QUERY, in the brand query language, and by how they were read; the newest first."""
    from monitor.commands.export import write_csv, write_jsonl  # noqa: PLC0415

    needs_one = bool(brand or label or promise or stance or pillar or since or until) or len(app.config.brand) == 1
    chosen = app.brand(brand).id if needs_one else ""
    filters = Filters(chosen, source, voice or "", language, label or "", promise, stance or "", pillar or "", since, until)
    try:
        compiled = compile_query(query) if query else None
    except QueryError as error:
        raise click.UsageError(str(error)) from error
    if since and until and since >= until:
        raise click.UsageError(f"--since {since} must lie before --until {until}")
    with app.open_store() as store:
        _refuse_unknown("--source", source, [one.id for one in store.sources_state()])
        if chosen:
            _refuse_unknown("--promise", promise, [one.id for one in app.brand(chosen).promise])
        try:
            page = store.searching.search(compiled, filters, limit, after)
        except ValueError as error:
            raise click.UsageError(f"--after {after} is no place that an earlier search named") from error
    if format_ == "jsonl":
        write_jsonl(map(as_row, page.found))
    elif format_ == "csv":
        write_csv(map(as_row, page.found), ROW)
    else:
        show_table(("id", "published", "source", "reads", "text"), [_row(one) for one in page.found])
    if not page.found:
        tell(f"nothing found among {counted(page.examined, 'mention')}")
    if page.after:
        tell(f"there may be more: --after {page.after}")


def _refuse_unknown(option: str, given: str, known: Sequence[str]) -> None:
    if given and given not in known:
        raise click.UsageError(f"{option} {given}: there is none of this name; known: {', '.join(known) or 'none'}")


def as_row(one: Found) -> dict[str, object]:
    """Return what was found as a row of an export."""
    return {
        "id": one.id,
        "source": one.source,
        "url": one.url,
        "published": one.published.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "author": one.author,
        "voice": one.voice,
        "language": one.language,
        "label": one.label,
        "corrected": one.said,
        "copies": one.copies,
        "text": one.body,
    }


def _row(one: Found) -> tuple[object, ...]:
    text = " ".join(one.body.split())
    if one.spans and len(one.spans[0]) == 2 and one.spans[0][0] > _LONGEST // 2:
        text = "… " + text[one.spans[0][0] - _LONGEST // 3 :].partition(" ")[2]
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return one.id, f"{one.published:%Y-%m-%d}", one.source, one.label or "-", shown
