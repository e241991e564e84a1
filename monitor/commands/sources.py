"""`promisewatch sources`."""

from typing import Any

import click

from monitor.app import App, tell
from monitor.collecting import open_source
from monitor.commands.adding import add_source, feed_of, unheard
from monitor.commands.opml import export_feeds, import_feeds
from monitor.config import parse
from monitor.config_adding import source_table
from monitor.config_sources import SourceConfig
from monitor.errors import MonitorError
from monitor.matching import Matcher
from monitor.output import JSON_OR_TEXT, show_json, show_table
from monitor.store import SourceState
from reports.typography import counted
from sources.source import SourceError


@click.group("sources")
def sources_command() -> None:
    """List, add, test, pause and resume sources; import and export lists of feeds."""


for command in (add_source, import_feeds, export_feeds):
    sources_command.add_command(command)


@sources_command.command("list")
@JSON_OR_TEXT
@click.pass_obj
def list_sources(app: App, format_: str) -> None:
    """List every source and how it fares."""
    configured = {one.source_id for one in app.config.source}
    with app.open_store() as store:
        states = [one for one in store.sources.states() if one.id in configured]
    if format_ == "json":
        show_json([source_values(one) for one in states])
        return
    show_table(
        ("source", "kind", "state", "collected", "failures", "brands"),
        [(one.id, one.kind, one.state, _when(one), one.failures, " ".join(one.brands) or "all") for one in states],
    )
    for one in states:
        if one.error:
            tell(f"{one.id}: {one.error}" + (f"; {one.remedy}" if one.remedy else ""))


@sources_command.command("test")
@click.argument("source")
@JSON_OR_TEXT
@click.pass_obj
def test_source(app: App, source: str, format_: str) -> None:
    """Collect from SOURCE once and show what came, without keeping anything; the address of a feed does before it is added."""
    entry = _find_or_try(app, source)
    try:
        batch = open_source(entry, None, app.gateway()).collect({}, app.clock())
    except SourceError as error:
        raise unheard(source, error) from error
    match = Matcher(app.config.brand, app.config.match).for_source(entry.brands, entry.kind)
    found = [(mention, [one.brand for one in match(mention)]) for mention in batch.mentions]
    if format_ == "json":
        show_json(
            [
                {"title": one.title, "url": one.url, "published": one.published.isoformat(), "brands": brands}
                for one, brands in found
            ]
        )
        return
    show_table(
        ("published", "brands", "text"),
        [(one.published.date(), " ".join(brands) or "-", " ".join(one.body.split())[:80]) for one, brands in found[:20]],
    )
    speaking = sum(bool(brands) for _, brands in found)
    tell(f"{counted(len(found), 'item')}, {speaking} of them about a brand, {len(batch.skipped)} skipped; nothing was kept")


@sources_command.command("pause")
@click.argument("source")
@click.pass_obj
def pause_source(app: App, source: str) -> None:
    """Leave SOURCE alone until it is resumed."""
    _set_paused(app, source, paused=True)


@sources_command.command("resume")
@click.argument("source")
@click.pass_obj
def resume_source(app: App, source: str) -> None:
    """Take a paused, denied or retired SOURCE up again."""
    _set_paused(app, source, paused=False)


def _set_paused(app: App, source: str, *, paused: bool) -> None:
    entry = _find(app, source)
    with app.open_store() as store:
        store.sources.pause(entry.source_id, app.clock(), paused=paused)
    tell(f"{entry.source_id} is {'paused' if paused else 'active'}")


def _find(app: App, source: str) -> SourceConfig:
    for one in app.config.source:
        if source in {one.source_id, one.address} or source == getattr(one.options, "url", None):
            return one
    raise MonitorError(
        f"no source {source!r} is configured",
        remedy="`promisewatch sources list` shows them, `promisewatch sources add ADDRESS` adds one",
    )


def _find_or_try(app: App, source: str) -> SourceConfig:
    try:
        return _find(app, source)
    except MonitorError:
        if not source.startswith(("http://", "https://")):
            raise
    feed = source_table({"kind": "feed", "url": feed_of(app, source)})
    return parse(feed, str(app.config_path)).source[0]


def _when(state: SourceState) -> str:
    return "never" if state.collected is None else f"{state.collected:%Y-%m-%d %H:%M}"


def source_values(state: SourceState) -> dict[str, Any]:
    """Return a source as JSON has it."""
    return {
        "id": state.id,
        "kind": state.kind,
        "url": state.moved_to or state.address,
        "state": state.state,
        "collected": state.collected and state.collected.isoformat(),
        "news": state.news and state.news.isoformat(),
        "not_before": state.not_before and state.not_before.isoformat(),
        "failures": state.failures,
        "error": state.error,
        "remedy": state.remedy,
        "brands": list(state.brands),
    }
