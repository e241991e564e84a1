"""`promisewatch sources add`."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, get_args, get_origin

import click

from monitor.app import App, tell
from monitor.config_adding import Value, add_sources, source_table
from monitor.errors import MonitorError
from sources.kinds import Kind, find_kind
from sources.mention import VOICES
from sources.source import SourceError


@click.command("add", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[ADDRESS] [--OPTION VALUE]...")
@click.option("--kind", "kind_name", default="feed", show_default=True, help="What kind of place it is.")
@click.option("--id", "id_", default="", help="What the source is called [its address].")
@click.option("--brand", "brands", multiple=True, help="Whom it is about; may be given more than once [all].")
@click.option("--voice", type=click.Choice(VOICES), default="customer", show_default=True, help="Who speaks there.")
@click.option("--every", default="30 minutes", show_default=True, help="How often it is asked.")
@click.option("--dry-run", is_flag=True, help="Show what would be added, and write nothing.")
@click.pass_obj
def add_source(
    app: App, words: Sequence[str], kind_name: str, id_: str, brands: Sequence[str], voice: str, every: str, dry_run: bool
) -> None:
    """Add a source to the end of the configuration file. The page of a site does as ADDRESS: its feed is looked for.

    A kind's own options are given by their names, lists with commas: --kind reddit --subreddits travel,flights
    """
    try:
        kind = find_kind(kind_name)
    except LookupError as error:
        raise click.UsageError(str(error)) from error
    options = _options(kind, words)
    if kind_name == "feed" and isinstance(address := options.get("url"), str):
        options["url"] = feed_of(app, address)
    common: dict[str, Value] = {"id": id_, "voice": voice, "brands": tuple(app.brand(name).id for name in brands), "every": every}
    added = add_sources(app.config_path, [source_table({"kind": kind_name, **options, **common})], dry_run=dry_run)
    click.echo(added.strip("\n"))
    tell(f"{'would be' if dry_run else 'was'} added to {app.config_path}; `promisewatch sources test` shows what a source brings")


def _options(kind: Kind, words: Sequence[str]) -> dict[str, Value]:
    """Return what the words of the command line say of a kind's options; an address stands without a name."""
    forms = {field.name: get_args(field.type)[0] for field in fields(kind.options)}
    found: dict[str, Value] = {}
    for name, word in _pairs(words):
        key = name.replace("-", "_") if name else next((one for one in ("url", "urls") if one in forms), "")
        if key not in forms:
            known = ", ".join(f"--{one.replace('_', '-')}" for one in forms)
            what = f"there is no option --{name}" if name else f"a source of kind {kind.name} takes no address"
            raise click.UsageError(f"{what}; {kind.name} knows {known}")
        found[key] = _value(forms[key], word, name or "the address")
    return found


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield option and value; "" and the word for one that is no option."""
    remaining = iter(words)
    for word in remaining:
        if word.startswith("--"):
            name, given, value = word[2:].partition("=")
            yield name, value if given else next(remaining, "")
        else:
            yield "", word


def _value(form: Any, word: str, name: str) -> Value:
    if get_origin(form) is tuple:
        return tuple(part.strip() for part in word.split(",") if part.strip())
    if form is bool:
        if word not in ("true", "false"):
            raise click.UsageError(f"--{name} is true or false, not {word!r}")
        return word == "true"
    if form is int:
        if not word.isdecimal():
            raise click.UsageError(f"--{name} is a whole number, not {word!r}")
        return int(word)
    return word


def unheard(address: str, error: SourceError) -> MonitorError:
    """What a person is told who waits for an answer of a place that gives none."""
    return MonitorError(
        f"{address}: {error}", remedy=error.remedy or "check the address; where it is right, try again in some minutes"
    )


def feed_of(app: App, address: str) -> str:
    """Return the address itself where it is a feed, else the feed that the page offers."""
    from sources.discovery import discover  # noqa: PLC0415 - parsers, which listing sources does not need

    try:
        found = discover(address, app.gateway(), app.clock())
    except SourceError as error:
        raise unheard(address, error) from error
    if len(found) == 1:
        return found[0]
    if found:
        raise MonitorError(f"{address} offers several feeds: {', '.join(found)}", remedy="add the one that is meant")
    raise MonitorError(f"no feed was found at {address}", remedy="give the address of a feed, or another --kind")
