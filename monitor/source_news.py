"""Telling people, once, that a source cannot be heard any more; that it is heard again needs nobody."""

from datetime import datetime

from monitor.config import Config
from monitor.storage.outbox import Message
from monitor.storage.values import SourceState
from monitor.store import Store
from reports.typography import counted


def needs_somebody(state: SourceState) -> bool:
    """Whether a source will not be heard again by waiting, as far as can be told: one refusal may be a whim."""
    return state.state in {"failing", "gone"} or (state.state == "denied" and state.failures > 1)


def tell_failing(store: Store, config: Config, now: datetime) -> str:
    """Queue a message for [network] failing_to about every source that needs somebody; returns a line about it.

    It is one message until the source is heard again, whatever states it goes through: the moment at which it was last heard
    makes its key.
    """
    if not config.network.failing_to:
        return ""
    configured = {one.source_id for one in config.source}
    told = [
        one.id
        for one in store.sources.states()
        if one.id in configured and needs_somebody(one)
        if store.outbox.queue_for_all(config.network.failing_to, message(one), now)
    ]
    return f"told that {counted(len(told), 'source')} cannot be heard" if told else ""


def message(state: SourceState) -> Message:
    """Return what is said of a source that cannot be heard."""
    since = f"{state.collected:%Y-%m-%d %H:%M} UTC" if state.collected else "never so far"
    lines = (
        f"{state.id} ({state.address}) cannot be heard: {state.error}",
        f"What helps: {state.remedy}." if state.remedy else "It is tried again by itself.",
        f"Last heard: {since}. It failed {counted(state.failures, 'time')} in a row.",
        "Reports and alerts know which hours are missing.",
        "There is no further message about it until it was heard again.",
    )
    return Message(
        key=f"source:{state.id}:{state.collected.isoformat() if state.collected else 'never'}",
        kind="alert",
        brand="",
        subject=f"{state.id} cannot be heard",
        text="\n\n".join(lines),
        data={
            "source": state.id,
            "address": state.address,
            "state": state.state,
            "error": state.error,
            "remedy": state.remedy,
            "failures": state.failures,
            "heard": state.collected,
        },
    )
