"""`promisewatch query`."""

import click

from monitor.app import App, harmless, tell
from monitor.errors import ConfigError
from monitor.output import JSON_OR_TEXT, show_json
from sources.mention import Mention
from sources.query import QueryError, compile_query


@click.group("query")
def query_command() -> None:
    """Work with brand queries."""


@query_command.command("check")
@click.argument("query")
@click.option("-n", "examples", default=5, show_default=True, help="How many examples to show.")
@JSON_OR_TEXT
@click.pass_obj
def check_query(app: App, query: str, examples: int, format_: str) -> None:
    """Check QUERY and try it on what is stored."""
    try:
        compiled = compile_query(query)
    except QueryError as error:
        raise ConfigError(str(error)) from error
    total, found = 0, []
    if app.config_path.exists():
        with app.open_store() as store:
            for stored in store.mentions():
                total += 1
                body = Mention(stored.source, stored.external_id, stored.text, stored.published, stored.title).body
                spans = compiled.match(body)
                if spans is not None:
                    found.append((stored.id, body, spans))
    shown = [{"mention": one, "text": body, "spans": [list(span) for span in spans]} for one, body, spans in found[:examples]]
    if format_ == "json":
        show_json({"query": query, "mentions": total, "matches": len(found), "examples": shown})
        return
    for _, body, spans in found[:examples]:
        click.echo(harmless(_marked(body, spans)))
    tell(f"the query is sound; it matches {len(found):,} of {total:,} stored mentions")


def _marked(body: str, spans: tuple[tuple[int, int], ...]) -> str:
    """Return one line of text with what matched in [brackets]."""
    for start, end in sorted(spans, reverse=True):
        body = f"{body[:start]}[{body[start:end]}]{body[end:]}"
    first = body.find("[")
    return " ".join(body[max(0, first - 60) : first + 100].split())
