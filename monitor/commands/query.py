"""`promisewatch query`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import click

from monitor.app import App, harmless, tell
from monitor.errors import ConfigError
from monitor.output import JSON_OR_TEXT, show_json, show_table
from monitor.rematching import BrandChange, Example, Tally, rematch
from reports.typography import counted
from sources.query import Query, QueryError, Span, compile_query, document
from sources.query_lint import Finding, implies, lint


@click.group("query")
def query_command() -> None:
    """Check brand queries, and apply what changed in them."""


@query_command.command("check")
@click.argument("query", required=False)
@click.option("--brand", help="Check this brand's query, or QUERY in its place, with its allow and deny lists.")
@click.option("-n", "examples", default=5, show_default=True, help="How many examples to show.")
@JSON_OR_TEXT
@click.pass_obj
def check_query(app: App, query: str | None, brand: str | None, examples: int, format_: str) -> None:
    """Check QUERY, or the query of a brand, and try it on what is stored. Nothing is changed."""
    if brand is not None or query is None:
        _check_brand(app, query, brand, examples, format_)
        return
    compiled, findings = _compiled(query), lint(query)
    total, found = 0, Tally(examples)
    if app.config_path.exists():
        with app.open_store() as store:
            for one in (one for page in store.matching.matched() for one in page):
                total += 1
                spans = compiled.match(document(one.mention))
                if spans is not None:
                    found.add(one.id, one.mention, spans)
    if format_ == "json":
        counts = {"mentions": total, "matches": found.count, "examples": [_example(one) for one in found.examples]}
        show_json({"query": query, "findings": _findings(findings), **counts})
        return
    _show_examples("", found)
    _tell_findings(query, findings)
    tell(f"the query is sound; it matches {found.count:,} of {total:,} stored mentions")


def _check_brand(app: App, query: str | None, brand: str | None, examples: int, format_: str) -> None:
    chosen = app.brand(brand)
    tried = chosen if query is None else replace(chosen, query=_compiled(query).text)
    text = tried.effective_query
    findings = [*lint(text), *_denied_wholly(compile_query(text), [*tried.deny, *app.config.match.deny])]
    config = replace(app.config, brand=tuple(tried if one.id == chosen.id else one for one in app.config.brand))
    with app.open_store() as store:
        change = rematch(store, config, [chosen.id], app.clock(), dry_run=True, examples=examples)[chosen.id]
    if format_ == "json":
        show_json({"brand": chosen.id, "query": text, "findings": _findings(findings), **_document(change)})
        return
    _show_change(change)
    _tell_findings(text, findings)
    tell(
        f"{chosen.id}: {_summary(change)}" + ("; `promisewatch query apply` does it" if query is None and _changes(change) else "")
    )


@query_command.command("apply")
@click.option("--brand", "names", multiple=True, help="Only this brand; may be repeated [all]")
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@click.option("-n", "examples", default=3, show_default=True, help="How many examples to show.")
@JSON_OR_TEXT
@click.pass_obj
def apply_queries(app: App, names: tuple[str, ...], dry_run: bool, examples: int, format_: str) -> None:
    """Match what is stored against the queries and lists as they are configured now.

    Mentions are added to a brand and taken from it; none is deleted, and what other brands match stays as it is.
    """
    brands = [app.brand(name).id for name in names] or [one.id for one in app.config.brand]
    with app.open_store() as store:
        changes = rematch(store, app.config, brands, app.clock(), dry_run=dry_run, examples=examples)
    if format_ == "json":
        documents = [{"brand": brand, **_document(change)} for brand, change in changes.items()]
        show_json({"dry_run": dry_run, "brands": documents})
        return
    for brand, change in changes.items():
        _show_change(change)
        tell(f"{brand}: {_summary(change)}")
    if not dry_run and any(change.added.count for change in changes.values()):
        tell("what was added is unread; `promisewatch read` reads it")


@query_command.command("exclusions")
@click.option("--brand", help="Which brand, where there are several.")
@JSON_OR_TEXT
@click.pass_obj
def show_exclusions(app: App, brand: str | None, format_: str) -> None:
    """Show what the NOTs of a query and the deny lists kept out, by day and reason."""
    chosen = app.brand(brand)
    with app.open_store() as store:
        rows = store.matching.exclusions(chosen.id)
    if format_ == "json":
        show_json([{"day": one.day.isoformat(), "reason": one.reason, "mentions": one.mentions} for one in rows])
        return
    show_table(("day", "mentions", "reason"), [(one.day, one.mentions, one.reason) for one in rows])
    tell(f"{chosen.id}: {counted(sum(one.mentions for one in rows), 'mention')} excluded")


def _compiled(query: str) -> Query:
    try:
        return compile_query(query)
    except QueryError as error:
        raise ConfigError(str(error)) from error


def _denied_wholly(query: Query, entries: Sequence[str]) -> Iterator[Finding]:
    for entry in entries:
        if implies(query.root, compile_query(entry).root):
            yield Finding(f"all that the query finds is denied by {entry}")


def _findings(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [{"message": one.message, "position": one.position} for one in findings]


def _tell_findings(query: str, findings: Sequence[Finding]) -> None:
    for one in findings:
        tell(one.message)
        if one.position is not None:
            start = max(0, one.position - 60)
            tell(f"  {query[start : one.position + 40]}\n  {' ' * (one.position - start)}^")


def _changes(change: BrandChange) -> bool:
    return bool(change.added.count or change.removed.count)


def _summary(change: BrandChange) -> str:
    parts = [
        f"the query matches {counted(change.mentions.count, 'mention')}",
        f"{change.added.count:,} of them new",
        f"{change.removed.count:,} no longer match",
        f"{sum(change.excluded.values()):,} kept out by NOT or a list",
    ]
    return "; ".join(parts)


def _document(change: BrandChange) -> dict[str, Any]:
    return {
        "matches": change.mentions.count,
        "added": change.added.count,
        "removed": change.removed.count,
        "excluded": change.excluded,
        "examples": {
            "matches": [_example(one) for one in change.mentions.examples],
            "added": [_example(one) for one in change.added.examples],
            "removed": [_example(one) for one in change.removed.examples],
        },
    }


def _example(one: Example) -> dict[str, Any]:
    return {"mention": one.id or None, "text": one.mention.body, "spans": [list(span) for span in one.spans]}


def _show_change(change: BrandChange) -> None:
    _show_examples("+ ", change.added)
    _show_examples("- ", change.removed)
    if not _changes(change):
        _show_examples("= ", change.mentions)
    for reason, count in sorted(change.excluded.items(), key=lambda one: -one[1]):
        click.echo(harmless(f"{count:,} excluded: {reason}"))


def _show_examples(sign: str, tally: Tally) -> None:
    for one in tally.examples:
        click.echo(harmless(sign + _marked(one.mention.body, one.spans)))


def _marked(body: str, spans: Sequence[Span]) -> str:
    """Return one line of text with what matched in [brackets]; the title begins the body, other fields are told before it."""
    fields = " ".join(sorted({f"{span[2]}:" for span in spans if len(span) == 3 and span[2] != "title"}))
    inner = [(start, min(end, len(body))) for start, end, *_ in (one for one in spans if one[2:] in {(), ("title",)})]
    for start, end in sorted(set(inner), reverse=True):
        body = f"{body[:start]}[{body[start:end]}]{body[end:]}"
    first = max(0, body.find("["))
    text = " ".join(body[max(0, first - 60) : first + 100].split())
    return f"({fields}) {text}" if fields else text
