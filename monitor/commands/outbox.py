"""`promisewatch outbox`: what waits to be sent, what could not be, and whether a channel works."""

import os
import random
from collections import Counter
from dataclasses import asdict
from typing import Any

import click

from monitor.app import App, tell
from monitor.channels import Channel, DeliveryError, channels, find_channel, open_channel, surroundings
from monitor.delivering import Delivery, deliver_due, probe
from monitor.errors import MonitorError
from monitor.output import JSON_OR_TEXT, show_json, show_table
from monitor.storage.outbox import Queued, State

_DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be done; send and change nothing.")
_SHOWN = 100


@click.group("outbox")
def outbox_command() -> None:
    """Messages that wait to be sent, dead letters, and the channels that they go to."""


@outbox_command.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what was sent.")
@JSON_OR_TEXT
@click.pass_obj
def list_messages(app: App, everything: bool, format_: str) -> None:
    """List what waits and what could not be delivered, the newest first."""
    states: tuple[State, ...] = ("waiting", "dead", "sent") if everything else ("waiting", "dead")
    with app.open_store() as store:
        found = store.outbox.messages(states, _SHOWN)
    if format_ == "json":
        show_json([_document(one) for one in found])
        return
    show_table(
        ("id", "state", "channel", "kind", "subject", "when", "tries"),
        [
            (one.id, one.state, one.channel, one.message.kind, _short(one.message.subject), _when(one), one.attempts)
            for one in found
        ],
    )
    for one in found:
        if one.error and one.state != "sent":
            tell(f"{one.id}: {one.error}" + (f"; {one.remedy}" if one.remedy else ""))


@outbox_command.command("send")
@_DRY_RUN
@JSON_OR_TEXT
@click.pass_obj
def send_messages(app: App, dry_run: bool, format_: str) -> int:
    """Send now what is due."""
    with app.open_store() as store:
        if dry_run:
            due = [one for one in store.outbox.messages(("waiting",), _SHOWN) if one.due <= app.clock()]
            for one in reversed(due):
                tell(f"would send to {one.channel}: {one.message.subject}")
            tell(f"{len(due)} due; nothing was sent")
            if format_ == "json":
                show_json([_document(one) for one in reversed(due)])
            return 0
        world = surroundings(app.config, os.environ)
        done = list(deliver_due(store, app.config, app.clock, world, random.random))
    counts = Counter(_told(one) for one in done)
    if format_ == "json":
        show_json([_delivered(one) for one in done])
    tell(f"{counts['sent']} sent, {counts['postponed']} to be tried again, {counts['dead']} not deliverable")
    return 1 if counts["postponed"] or counts["dead"] else 0


@outbox_command.command("retry")
@click.argument("message", type=int, required=False)
@_DRY_RUN
@JSON_OR_TEXT
@click.pass_obj
def retry_messages(app: App, message: int | None, dry_run: bool, format_: str) -> None:
    """Try again what could not be delivered: MESSAGE, by its number, or all of it."""
    with app.open_store() as store:
        if dry_run:
            count = sum(bool(one.error) and message in (None, one.id) for one in store.outbox.messages())
            tell(f"would try {count} again; nothing was changed")
        else:
            count = store.outbox.retry(app.clock(), message)
    if not dry_run:
        if message is not None and not count:
            raise MonitorError(f"no message {message} has failed", remedy="`promisewatch outbox list` shows those that have")
        tell(f"{count} to be tried again; `promisewatch outbox send` does so now, the daemon within a minute")
    if format_ == "json":
        show_json({"messages": count, "dry_run": dry_run})


@outbox_command.command("test")
@click.argument("channel", required=False)
@_DRY_RUN
@JSON_OR_TEXT
@click.pass_obj
def test_channel(app: App, channel: str | None, dry_run: bool, format_: str) -> int:
    """Send a test message to CHANNEL, by its name or address, or to every channel."""
    wanted = [find_channel(app.config, channel)] if channel else list(channels(app.config).values())
    if not wanted:
        raise MonitorError("no channel is configured", remedy='add [[channel]], or name one in [digest]: to = ["mailto://…"]')
    tested = [_tested(app, one, dry_run=dry_run) for one in wanted]
    if format_ == "json":
        show_json(tested)
    return 1 if any(one["error"] for one in tested) else 0


def _tested(app: App, channel: Channel, *, dry_run: bool) -> dict[str, Any]:
    """Send a test message; return what came of it as JSON has it."""
    world = surroundings(app.config, os.environ)
    try:
        sender = open_channel(channel, world)
        if not dry_run:
            sender.send(probe(channel.id, app.clock()), app.clock())
    except DeliveryError as error:
        tell(f"{channel.id}: {error}" + (f"; {error.remedy}" if error.remedy else ""))
        return {"channel": channel.id, "error": str(error), "remedy": error.remedy}
    tell(f"{channel.id}: {'is understood; nothing was sent' if dry_run else 'the test message was taken'}")
    return {"channel": channel.id, "error": "", "remedy": ""}


def _told(delivery: Delivery) -> str:
    """Say what did not arrive; return what became of it."""
    if delivery.fate != "sent":
        said = "could not be delivered" if delivery.fate == "dead" else "is tried again later"
        tell(f"{delivery.letter.channel}: {delivery.letter.message.subject}: {said}: {delivery.error}")
        if delivery.remedy:
            tell(f"  {delivery.remedy}")
    return delivery.fate


def _when(one: Queued) -> str:
    shown = one.sent or (one.due if one.state == "waiting" else one.queued)
    return f"{shown:%Y-%m-%d %H:%M}"


def _short(subject: str) -> str:
    return subject if len(subject) <= 60 else f"{subject[:59]}…"


def _document(one: Queued) -> dict[str, Any]:
    message = asdict(one.message)
    return {
        "id": one.id,
        "state": one.state,
        "channel": one.channel,
        **{key: message[key] for key in ("key", "kind", "brand", "subject")},
        "queued": one.queued.isoformat(),
        "due": one.due.isoformat() if one.state == "waiting" else None,
        "sent": one.sent and one.sent.isoformat(),
        "attempts": one.attempts,
        "error": one.error,
        "remedy": one.remedy,
    }


def _delivered(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.letter.id,
        "channel": delivery.letter.channel,
        "subject": delivery.letter.message.subject,
        "fate": delivery.fate,
        "error": delivery.error,
        "remedy": delivery.remedy,
        "until": delivery.until and delivery.until.isoformat(),
    }
