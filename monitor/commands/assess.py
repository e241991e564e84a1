"""`promisewatch assess`: people in the company rate its ten pillars, one page, five minutes."""

import getpass
from zoneinfo import ZoneInfo

import click

from models.reading import PILLARS
from monitor.app import App, tell
from monitor.commands.reports import BRAND
from monitor.errors import MonitorError
from monitor.output import JSON_OR_TEXT, show_json, show_table
from reports.pillars import HIGHEST, LOWEST, QUESTIONS
from reports.scorecard_records import SelfRating

BY = click.option("--by", help="Who rates [the user's name]")


@click.group("assess")
def assess_command() -> None:
    """How the company rates its own ten pillars: the other column of the scorecard."""


@assess_command.command("rate")
@BRAND
@BY
@click.option("--set", "given", multiple=True, metavar="PILLAR=1..5", help="Rate without being asked; may be repeated.")
@click.pass_obj
def rate_command(app: App, brand: str | None, by: str | None, given: tuple[str, ...]) -> None:
    """Rate every pillar from 1 (not at all) to 5 (fully); an empty answer leaves one out."""
    chosen = app.brand(brand)
    who = by or getpass.getuser()
    ratings = dict(map(_parsed, given)) if given else _asked(chosen.name)
    if not ratings:
        raise MonitorError("nothing was rated", remedy="answer at least one of the ten, or give --set people=4")
    today = app.clock().astimezone(ZoneInfo(chosen.timezone)).date()
    with app.open_store() as store:
        store.scorecards.rate(chosen.id, SelfRating(who, today, ratings))
    tell(f"{who} rated {len(ratings)} of {len(PILLARS)} pillars of {chosen.name}")
    tell("see them beside customers' words: promisewatch scorecard")


@assess_command.command("list")
@BRAND
@JSON_OR_TEXT
@click.pass_obj
def list_command(app: App, brand: str | None, format_: str) -> None:
    """List who rated what, the configuration's ratings too."""
    chosen = app.brand(brand)
    with app.open_store() as store:
        from monitor.scorecards import configured_ratings  # noqa: PLC0415 - arithmetic is only loaded to be used

        found = (*configured_ratings(chosen), *store.scorecards.ratings(chosen.id))
    if format_ == "json":
        show_json([{"by": one.by, "on": one.on.isoformat(), "ratings": dict(one.ratings)} for one in found])
        return
    show_table(
        ("pillar", *(f"{one.by}, {one.on}" for one in found)),
        [(pillar, *(f"{one.ratings[pillar]:g}" if pillar in one.ratings else "-" for one in found)) for pillar in PILLARS],
    )


@assess_command.command("forget")
@BRAND
@click.option("--by", required=True, help="Whose ratings to take back")
@click.pass_obj
def forget_command(app: App, brand: str | None, by: str) -> None:
    """Take back what one person entered."""
    chosen = app.brand(brand)
    with app.open_store() as store:
        days = store.scorecards.forget_ratings(chosen.id, by)
    if not days:
        raise MonitorError(f"{by} has entered no rating of {chosen.name}", remedy="see who has: promisewatch assess list")
    tell(f"took back what {by} said on {days} day{'s' if days > 1 else ''}")


def _asked(name: str) -> dict[str, float]:
    tell(f"{name}: how far do you agree, from 1 (not at all) to 5 (fully)? Enter leaves one out; Ctrl-C keeps nothing.")
    ratings = {}
    for place, pillar in enumerate(PILLARS, 1):
        answer = click.prompt(
            f"{place:2d}/{len(PILLARS)}  {pillar}: {QUESTIONS[pillar]}",
            default="",
            show_default=False,
            err=True,
            value_proc=_rating,
        )
        if answer is not None:
            ratings[pillar] = answer
    return ratings


def _rating(answer: str) -> float | None:
    if not answer.strip():
        return None
    try:
        value = float(answer)
    except ValueError:
        value = 0.0
    if not LOWEST <= value <= HIGHEST:
        raise click.UsageError("give a number from 1 to 5, or nothing")
    return value


def _parsed(given: str) -> tuple[str, float]:
    pillar, _, answer = given.partition("=")
    pillar = pillar.strip().lower()
    if pillar not in PILLARS:
        raise click.UsageError(f"there is no pillar {pillar!r}; the ten are: {', '.join(PILLARS)}")
    value = _rating(answer)
    if value is None:
        raise click.UsageError(f"{pillar}: give a number from 1 to 5")
    return pillar, value
