"""`promisewatch correct`: put readings right, one by one, by a query, or by a rule that also holds for what is yet to come."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import cast

import click

from models.reading import LABELS, Label
from monitor.app import App, harmless, tell
from monitor.commands.reports import BRAND, Day
from monitor.errors import ConfigError, MonitorError
from monitor.output import JSON_OR_TEXT, show_json, show_table
from monitor.store import Labelled, Store
from reports.evidence import Window
from reports.typography import counted
from sources.query import Query, QueryError, compile_query

_EXAMPLES = 5
_LONGEST = 100
LABEL = click.option("--label", required=True, type=click.Choice(LABELS), help="What it is.")
APPLY = click.option("--apply", "apply_", is_flag=True, help="Do it; without this, only show what would change.")


class _Group(click.Group):
    """`correct 17 --label negative` is short for `correct mentions 17 --label negative`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["mentions", *args]
        return super().parse_args(ctx, args)


@click.group("correct", cls=_Group)
def correct_command() -> None:
    """Put the sentiment of mentions right. Corrections outlive a new reading and can be undone."""


@correct_command.command("mentions")
@click.argument("mentions", nargs=-1, type=int, metavar="[MENTION]...")
@click.option("--query", help="Choose the mentions by a query instead.")
@click.option("--since", type=Day(), help="With --query: first day [the first of all]")
@click.option("--until", type=Day(), help="With --query: day after the last one [none]")
@LABEL
@BRAND
@APPLY
@JSON_OR_TEXT
@click.pass_obj
def correct_mentions(
    app: App,
    mentions: tuple[int, ...],
    query: str | None,
    since: date | None,
    until: date | None,
    label: str,
    brand: str | None,
    apply_: bool,
    format_: str,
) -> None:
    """Correct the mentions with these numbers, or those that a query matches (shown first; --apply does it)."""
    if bool(mentions) == bool(query):
        raise click.UsageError("give the numbers of mentions, or --query")
    chosen, said = app.brand(brand), cast("Label", label)
    with app.open_store() as store:
        if query:
            first, last = since or date.min, until or date.max
            if last <= first:
                raise click.UsageError(f"--since {first} must lie before --until {last}")
            found = _matching(store, chosen.id, _compiled(query), Window(first, last))
            changing = [one.mention for one in found if one.label != said]
        else:
            found = list(store.corrections.labels(chosen.id, mentions=mentions))
            unknown = sorted(set(mentions) - {one.mention for one in found})
            if unknown:
                raise MonitorError(
                    f"{chosen.name} has no mention {unknown[0]} that was read",
                    remedy="promisewatch export mentions has the numbers",
                )
            changing = [one.mention for one in found]
        applied = apply_ or not query
        number = store.corrections.correct(chosen.id, changing, said, app.clock(), query or "") if applied and changing else None
    _show(found, said, number, format_, applied=applied)
    if number is not None:
        tell(f"corrected as number {number}; undo it with: promisewatch correct undo {number}")


@correct_command.group("rule")
def rule_group() -> None:
    """Correct whatever holds a phrase, now and in future."""


@rule_group.command("add")
@click.argument("phrase")
@LABEL
@BRAND
@APPLY
@JSON_OR_TEXT
@click.pass_obj
def add_rule(app: App, phrase: str, label: str, brand: str | None, apply_: bool, format_: str) -> None:
    """Correct every mention that holds PHRASE, also those yet to come (shown first; --apply does it)."""
    chosen, said = app.brand(brand), cast("Label", label)
    plain = " ".join(phrase.replace('"', " ").split())
    query = _compiled(f'"{plain}"')
    with app.open_store() as store:
        found = _matching(store, chosen.id, query, None)
        mentions = [one.mention for one in found]
        number = store.corrections.add_rule(chosen.id, query.text, said, mentions, app.clock()) if apply_ else None
    _show(found, said, number, format_, applied=apply_)
    if number is not None:
        tell(f"rule {number} holds from now on; undo it with: promisewatch correct rule remove {number}")


@correct_command.command("list")
@click.option("--brand", help="Only this brand [all]")
@JSON_OR_TEXT
@click.pass_obj
def list_corrections(app: App, brand: str | None, format_: str) -> None:
    """List what was corrected, and how many mentions each correction touches."""
    chosen = app.brand(brand).id if brand else None
    with app.open_store() as store:
        found = store.corrections.made(chosen)
    if format_ == "json":
        names = ("id", "brand", "kind", "query", "label", "made", "mentions")
        show_json([{name: getattr(one, name) for name in names} | {"made": f"{one.made:%Y-%m-%dT%H:%M:%SZ}"} for one in found])
        return
    show_table(
        ("number", "brand", "what", "query", "label", "made", "mentions"),
        [(one.id, one.brand, one.kind, one.query, one.label, f"{one.made:%Y-%m-%d}", one.mentions) for one in found],
    )


@click.command("undo")
@click.argument("number", type=int)
@click.pass_obj
def undo(app: App, number: int) -> None:
    """Take a correction back; the model's own word counts again."""
    with app.open_store() as store:
        found = store.corrections.undo(number)
    if found is None:
        raise MonitorError(f"there is no correction {number}", remedy="promisewatch correct list shows those that stand")
    tell(f"correction {number} ({found.query or counted(found.mentions, 'mention')} → {found.label}) is undone")


correct_command.add_command(undo)
rule_group.add_command(undo, "remove")


def _compiled(query: str) -> Query:
    try:
        return compile_query(query)
    except QueryError as error:
        raise ConfigError(str(error)) from error


def _matching(store: Store, brand: str, query: Query, window: Window | None) -> list[Labelled]:
    return [one for one in store.corrections.labels(brand, window) if query.match(one.text) is not None]


def _show(found: Sequence[Labelled], label: Label, number: int | None, format_: str, *, applied: bool) -> None:
    """Show what changes, with examples, and the `number` that the correction has, if it was made."""
    changing = [one for one in found if one.label != label]
    examples = [(one, " ".join(one.text.split())) for one in changing[:_EXAMPLES]]
    before = Counter(one.label for one in changing).most_common()
    if format_ == "json":
        show_json(
            {
                "label": label,
                "matched": len(found),
                "changing": len(changing),
                "before": dict(before),
                "examples": [{"mention": one.mention, "label": one.label, "text": line} for one, line in examples],
                "correction": number,
            }
        )
        return
    for one, line in examples:
        click.echo(harmless(f"{one.mention}  {one.label} → {label}  {line[:_LONGEST]}{'…' if len(line) > _LONGEST else ''}"))
    told = ", ".join(f"{n:,} {name}" for name, n in before)
    verb = ("becomes" if len(changing) == 1 else "become") if applied else "would become"
    tell(f"{len(found):,} match; {counted(len(changing), 'mention')} {verb} {label}" + (f" ({told})" if told else ""))
    if changing and not applied:
        tell("add --apply to do it")
