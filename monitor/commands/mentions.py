"""`promisewatch mentions search`."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any, get_args

import click

from models.reading import PILLARS
from monitor.app import App, tell
from monitor.commands.reports import Day
from monitor.output import show_table
from monitor.storage.search_filters import Filters
from monitor.storage.searching import Found
from reports.evidence import Label
from reports.typography import counted
from sources.mention import VOICES
from sources.query import QueryError, compile_query

ROW = ("id", "source", "url", "published", "author", "voice", "language", "label", "corrected", "copies", "text")
_LONGEST = 90
_OF_A_BRAND = ("label", "promise", "stance", "pillar", "cause", "segment", "thread", "since", "until")
"""What one has to name a brand for."""


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
@click.option(
    "--stance",
    type=click.Choice(["kept", "broken", "outright"]),
    default=None,
    help="outright: broken, and says that it was promised",
)
@click.option("--pillar", type=click.Choice(PILLARS), default=None)
@click.option("--cause", type=click.IntRange(1), default=None, help="Only what complains of the cause of this number")
@click.option("--author", default="", help="Only what this author wrote")
@click.option("--story", type=click.IntRange(1), default=None, help="Only the mention of this number and its copies")
@click.option("--thread", default="", help="Only what was said in this thread")
@click.option("--segment", default="", help="Only what has this in a column of an imported table: region:North")
@click.option("--since", type=Day(), help="First day")
@click.option("--until", type=Day(), help="Day after the last one")
@click.option("-n", "limit", type=click.IntRange(1, 10_000), default=20, help="At most so many [20]")
@click.option("--after", default="", help="Go on where an earlier search ended")
@click.option("--format", "format_", type=click.Choice(["text", "jsonl", "csv"]), default="text", help="[text]")
@click.pass_obj
def search_command(
    app: App,
    /,
    query: str | None,
    brand: str | None,
    limit: int,
    after: str,
    format_: str,
    **given: Any,
) -> None:
    """Find mentions by QUERY, in the brand query language, and by how they were read; the newest first."""
    from monitor.commands.export import write_csv, write_jsonl  # noqa: PLC0415

    source, promise, since, until = (given[name] for name in ("source", "promise", "since", "until"))
    needs_one = brand or any(given[name] for name in _OF_A_BRAND) or len(app.config.brand) == 1
    chosen = app.brand(brand).id if needs_one else ""
    told: dict[str, Any] = {name: str(value or "") for name, value in given.items()} | {"since": since, "until": until}
    filters = Filters(chosen, **told)
    try:
        compiled = compile_query(query) if query else None
    except QueryError as error:
        raise click.UsageError(str(error)) from error
    if since and until and since >= until:
        raise click.UsageError(f"--since {since} must lie before --until {until}")
    with app.open_store() as store:
        _refuse_unknown("--source", source, [one.id for one in store.sources.states()])
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
        "label": None if one.voice == "brand" else one.label,
        "corrected": one.said,
        "copies": one.copies,
        "text": one.body,
    }


def _row(one: Found) -> tuple[object, ...]:
    text = " ".join(one.body.split())
    if one.spans and len(one.spans[0]) == 2 and one.spans[0][0] > _LONGEST // 2:
        text = "… " + text[one.spans[0][0] - _LONGEST // 3 :].partition(" ")[2]
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return one.id, f"{one.published:%Y-%m-%d}", one.source, "own voice" if one.voice == "brand" else one.label or "-", shown
