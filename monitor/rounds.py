"""What every round does: collect what is due, read what is unread, look again at what was collected."""

from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from monitor.app import tell
from monitor.collecting import Collected, collect
from monitor.rechecking import recheck
from reports.typography import counted

if TYPE_CHECKING:
    from monitor.jobs import Work

READ_AT_MOST = 2048
READ_SECONDS = 60.0
"""Mentions a turn, and how long it may be, so that the other jobs have theirs while much is to be read."""


def collect_due(work: "Work") -> str:
    """Collect from the sources whose turn has come; `work.heard` is told of each, and people of those that cannot be heard."""
    for outcome in collect(work.store, work.config, work.app.gateway(), work.app.clock, stopped=work.stopped):
        work.heard(outcome)
    if not work.config.network.failing_to:
        return ""
    from monitor.source_news import tell_failing  # noqa: PLC0415

    return tell_failing(work.store, work.config, work.now)


def read_some(work: "Work") -> str:
    """Read what is unread; in the daemon some of it a turn."""
    # Asking by version makes a new model read history again; the version is known without loading the weights.
    if not work.store.readings.unread(work.app.model_version(), 1):
        work.models.rest()
        return ""
    from monitor.pipeline import read  # noqa: PLC0415

    reader = work.models.reader(work.app)
    work.store.readings.note_model(reader.version, reader.priors, reader.errors)
    until, at_most = (monotonic() + READ_SECONDS, READ_AT_MOST) if work.by_turns else (inf, None)
    result = read(work.store, work.config, reader, stopped=work.stopped, enough=lambda: monotonic() > until, at_most=at_most)
    return f"read {counted(result.read, 'mention')}" if result.read else ""


def look_again(work: "Work") -> str:
    """Delete what was deleted where it was published, as far as it is due to be looked at (see `monitor/rechecking.py`)."""
    said = []
    for outcome in recheck(work.store, work.config, work.app.gateway(), work.app.clock, stopped=work.stopped):
        if outcome.done.removed or outcome.done.anonymous:
            gone = f"{counted(outcome.done.removed, 'text')} and {counted(outcome.done.anonymous, 'author')}"
            said.append(f"{outcome.source}: removed {gone} that were deleted there")
        if outcome.reason:
            said.append(
                f"{outcome.source}: {counted(outcome.waiting, 'mention')} could not be looked at again: {outcome.reason}"
                + (f"; {outcome.remedy}" if outcome.remedy else "")
            )
    return "; ".join(said)


def tell_collected(outcome: Collected) -> None:
    """Say what is new, was missed or has changed. What fails now and then is in the ledger, and what is left out in the counts."""
    if outcome.heard == "partial" or outcome.state != outcome.was:
        explain(outcome)
    if outcome.state != outcome.was:
        tell(f"{outcome.source}: was {outcome.was}, is {outcome.state}")
    if outcome.kept.new or outcome.kept.copies or outcome.kept.edited:
        tell(f"{outcome.source}: {outcome.kept.new + outcome.kept.copies} new, {outcome.kept.edited} edited")


def explain(outcome: Collected) -> None:
    """Say what went wrong with a source."""
    if outcome.reason:
        tell(f"{outcome.source}: {outcome.heard}: {outcome.reason}" + (f"; {outcome.remedy}" if outcome.remedy else ""))
    for reason in outcome.skipped[:3]:
        tell(f"{outcome.source}: skipped an item: {reason}")
    if len(outcome.skipped) > 3:
        tell(f"{outcome.source}: skipped {len(outcome.skipped) - 3} more")
