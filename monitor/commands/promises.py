"""`promisewatch promises`."""

from datetime import date
from typing import Any, get_args

import click

from models.reading import PILLARS
from monitor.app import App, tell
from monitor.commands.reports import BRAND, SINCE, UNTIL, Day, choose_window
from monitor.config import BrandConfig
from monitor.output import JSON_OR_TEXT, show_json, show_table
from monitor.storage.placements import Proposal
from reports.delivery import expectation
from reports.evidence import Strength
from reports.typography import counted

_SHOWN = 90


@click.group("promises")
def promises_command() -> None:
    """Work with the promises that a brand makes."""


@promises_command.command("list")
@BRAND
@JSON_OR_TEXT
@click.pass_obj
def list_promises(app: App, brand: str | None, format_: str) -> None:
    """List a brand's promises and what each lets people expect."""
    chosen = app.brand(brand)
    with app.open_store() as store:
        promises = store.brands.promises(chosen.id)
    if format_ == "json":
        show_json(
            [
                {
                    "id": one.id,
                    "text": one.text,
                    "pillar": one.pillar,
                    "strength": one.strength,
                    "expectation": expectation(one),
                    "since": one.since and one.since.isoformat(),
                    "weight": one.weight,
                }
                for one in promises
            ]
        )
        return
    show_table(
        ("promise", "expectation", "strength", "pillar", "words"),
        [(one.id, expectation(one), one.strength, one.pillar, one.text) for one in promises],
    )


@promises_command.command("discover")
@BRAND
@SINCE
@UNTIL
@JSON_OR_TEXT
@click.pass_obj
def discover_promises(app: App, brand: str | None, since: date | None, until: date | None, format_: str) -> None:
    """Propose claims that the brand makes in its own voice and that are no promise of the configuration yet."""
    from reports.claims import find_claims  # noqa: PLC0415 - patterns that no other command needs

    chosen = app.brand(brand)
    with app.open_store() as store:
        window = choose_window(store, chosen, since, until, app.clock())
        sentences = store.placements.sentences(chosen.id, window)
        store.placements.propose(chosen.id, find_claims(sentences))
        proposals, unread = store.placements.proposals(chosen.id), store.readings.count_unread()
    if format_ == "json":
        show_json([_document(one) for one in proposals])
    elif proposals:
        show_table(
            ("number", "strength", "seen", "first", "last", "where", "words"),
            [
                (one.number, claim.strength, claim.sightings, claim.first, claim.last, claim.source, _short(claim.words))
                for one in proposals
                for claim in [one.claim]
            ],
        )
    if unread:
        tell(f"{counted(unread, 'mention')} to be read may make more claims; run: promisewatch read")
    if proposals:
        tell("promisewatch promises accept NUMBER enters one as a promise, promises dismiss NUMBER puts it aside")
    elif not sentences:
        tell(f'nothing in the voice of {chosen.name} is read from {window.since} on; give its newsroom or pages voice = "brand"')
    else:
        tell(f"none of {len(sentences):,} sentences that {chosen.name} says beside its promises is a claim")


@promises_command.command("accept")
@click.argument("number", type=int)
@BRAND
@click.option("--id", "id_", help="What the promise is called [made of its words]")
@click.option("--text", help="Its words [those of the claim]")
@click.option("--strength", type=click.Choice(get_args(Strength)), help="What it lets people expect [by its wording]")
@click.option("--pillar", type=click.Choice(PILLARS), help="Where in customers' experience it belongs")
@click.option("--since", type=Day(), help="First day of the claim [when it was first seen]")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.pass_obj
def accept_promise(
    app: App,
    number: int,
    brand: str | None,
    id_: str | None,
    text: str | None,
    strength: str | None,
    pillar: str | None,
    since: date | None,
    dry_run: bool,
) -> None:
    """Enter claim NUMBER of `promises discover` into the configuration file, which stays as it is otherwise."""
    from monitor.accepting import Wording, accept_claim  # noqa: PLC0415 - listing writes nothing

    chosen = app.brand(brand)
    with app.open_store() as store:
        how = Wording(id_ or "", text or "", strength or "", pillar or "", since)
        table = accept_claim(app, store, chosen, number, how, dry_run=dry_run)
    click.echo(table.rstrip("\n"))
    tell(_accepted(app, chosen, dry_run=dry_run))


@promises_command.command("dismiss")
@click.argument("number", type=int)
@BRAND
@click.pass_obj
def dismiss_claim(app: App, number: int, brand: str | None) -> None:
    """Put claim NUMBER aside: it is not proposed again."""
    from monitor.accepting import proposed  # noqa: PLC0415 - as above

    chosen = app.brand(brand)
    with app.open_store() as store:
        claim = proposed(store, chosen, number).claim
        store.placements.settle(chosen.id, number, "dismissed")
    tell(f"“{_short(claim.words)}” is not proposed again")


def _accepted(app: App, brand: BrandConfig, *, dry_run: bool) -> str:
    if dry_run:
        return f"would be added to {app.config_path}; nothing was written"
    return f"was added to {app.config_path}; `promisewatch read` now finds what is said of it and how often {brand.name} says it"


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else words[:_SHOWN].rsplit(" ", 1)[0] + " …"


def _document(one: Proposal) -> dict[str, Any]:
    claim = one.claim
    return {
        "number": one.number,
        "text": claim.words,
        "strength": claim.strength,
        "first": claim.first.isoformat(),
        "last": claim.last.isoformat(),
        "sightings": claim.sightings,
        "source": claim.source,
        "url": claim.url,
        "mention": claim.mention,
    }
