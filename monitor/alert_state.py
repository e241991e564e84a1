"""What becomes of an alert: pending → open → acknowledged → resolved. Pure: what is seen, the rules and the time come in.

```
        on          on for `persistence`, no quiet hours, no suppressing event
  none ───► pending ─────────────────────────────────────────────────────────► open ─► acknowledged
              │ off                                                              │ off for `recovery` │
              ▼                                                                  ▼                    ▼
            none                                                              resolved ◄──────────────┘
```

A resolved one that is seen again within `cooldown` is the same alert: it opens again without a word. What a person resolved stays
so until it has been off for as long.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from monitor.config_alerts import AlertConfig, EventConfig, Watch

State = Literal["pending", "open", "acknowledged", "resolved"]
LIVE: Final[tuple[State, ...]] = ("pending", "open", "acknowledged")
Step = Literal["opened", "reminded", "escalated", "recovered", "reopened", "dropped"]
"""What happened. `reopened` and `dropped` are told to nobody."""

RECOVERY: Final = timedelta(hours=6)
"""Time without anything out of the usual after which an alert is over."""
PROMISE_RECOVERY: Final = timedelta(days=7)
"""The same for a promise, whose verdict is of four weeks."""
STORM_CAP: Final = 4
STORM: Final = timedelta(hours=24)
"""So many alerts of a brand are sent in so much time; further ones are listed only."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a watcher sees now. Where it is `blind`, nothing is known; `story` is the one that most of it comes from (0: none)."""

    watch: Watch
    subject: str = ""
    on: bool = False
    since: datetime | None = None
    story: int = 0
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as it stands. `seen` is when it was last on, `group` the alert that told of the same story before."""

    brand: str
    watch: Watch
    subject: str
    state: State
    since: datetime
    first_seen: datetime
    seen: datetime
    id: int = 0
    opened: datetime | None = None
    acknowledged: datetime | None = None
    resolved: datetime | None = None
    by_hand: bool = False
    snoozed: datetime | None = None
    escalated: bool = False
    story: int = 0
    group: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for an alert now. `quiet` and `suppressed` keep it from being opened, `note` says what is known of today."""

    persistence: timedelta = timedelta(0)
    recovery: timedelta = RECOVERY
    cooldown: timedelta = timedelta(hours=12)
    escalate_after: timedelta | None = None
    quiet: bool = False
    suppressed: bool = False
    note: str = ""


def rules_at(config: AlertConfig, events: Iterable[EventConfig], timezone: str, now: datetime) -> Rules:
    """The rules of an alert at a time: the brand's own clock says whether it is quiet, its calendar what is known of the day."""
    local = now.astimezone(ZoneInfo(timezone))
    today = [one for one in events if one.brand == config.brand and one.since <= local.date() <= one.until]
    return Rules(
        persistence=config.persistence,
        recovery=PROMISE_RECOVERY if config.watch == "promise" else RECOVERY,
        cooldown=config.cooldown,
        escalate_after=config.escalate_after,
        quiet=config.quiet_hours is not None and local.time() in config.quiet_hours,
        suppressed=any(one.suppress for one in today),
        note="; ".join(one.note for one in today),
    )


def advance(alert: Alert | None, brand: str, seen: Seen, rules: Rules, now: datetime) -> tuple[Alert | None, tuple[Step, ...]]:
    """What becomes of an alert (None: there is none) by what is seen now, and what is to be told of it."""
    if seen.blind:
        return alert, ()
    if seen.on:
        return _on(alert, brand, seen, rules, now)
    return (None, ()) if alert is None else _off(alert, rules, now)


def _on(alert: Alert | None, brand: str, seen: Seen, rules: Rules, now: datetime) -> tuple[Alert | None, tuple[Step, ...]]:
    if alert is None or (alert.state == "resolved" and now - alert.seen >= rules.cooldown):
        fresh = Alert(brand, seen.watch, seen.subject, "pending", seen.since or now, now, now, story=seen.story, note=rules.note)
        return _pending(fresh, rules, now)
    alert = replace(alert, seen=now, story=seen.story or alert.story)
    if alert.state == "pending":
        return _pending(replace(alert, note=rules.note), rules, now)
    if alert.state == "resolved" and alert.by_hand:
        return alert, ()
    if alert.state == "resolved":
        return replace(alert, state="acknowledged" if alert.acknowledged else "open", resolved=None), ("reopened",)
    return _lasting(alert, rules, now)


def _lasting(alert: Alert, rules: Rules, now: datetime) -> tuple[Alert, tuple[Step, ...]]:
    if alert.snoozed is not None:
        if now < alert.snoozed or rules.quiet:
            return alert, ()
        return replace(alert, snoozed=None, state="open", acknowledged=None), ("reminded",)
    late = rules.escalate_after is not None and alert.opened is not None and now - alert.opened >= rules.escalate_after
    if alert.state == "open" and late and not alert.escalated and not alert.group:
        return replace(alert, escalated=True), ("escalated",)
    return alert, ()


def _pending(alert: Alert, rules: Rules, now: datetime) -> tuple[Alert, tuple[Step, ...]]:
    if rules.suppressed or rules.quiet or now - alert.first_seen < rules.persistence:
        return alert, ()
    return replace(alert, state="open", opened=now), ("opened",)


def _off(alert: Alert, rules: Rules, now: datetime) -> tuple[Alert | None, tuple[Step, ...]]:
    if alert.state == "resolved":
        return alert, ()
    if alert.state == "pending":
        return None, ("dropped",)
    if now - alert.seen < rules.recovery:
        return alert, ()
    return replace(alert, state="resolved", resolved=now, snoozed=None), (() if alert.group else ("recovered",))


def group(alert: Alert, others: Iterable[Alert]) -> Alert:
    """Join an alert that opens now to the one of its brand that tells of the same story already; it then sends nothing itself."""
    for other in others:
        if other.id != alert.id and alert.story and other.story == alert.story and other.state in ("open", "acknowledged"):
            return replace(alert, group=other.group or other.id)
    return alert


def is_storm(opened: Iterable[datetime], now: datetime) -> bool:
    """Whether so many alerts of a brand were sent lately that a further one is only listed."""
    return sum(now - STORM < one <= now for one in opened) >= STORM_CAP


def acknowledge(alert: Alert, now: datetime) -> Alert:
    """Somebody looks after it."""
    return replace(alert, state="acknowledged", acknowledged=now, snoozed=None)


def resolve(alert: Alert, now: datetime) -> Alert:
    """Somebody says that it is over, or nothing to care about."""
    return replace(alert, state="resolved", resolved=now, by_hand=True, seen=now, snoozed=None)


def snooze(alert: Alert, until: datetime) -> Alert:
    """Tell of it again only then, if it is still on."""
    return replace(alert, snoozed=until)
