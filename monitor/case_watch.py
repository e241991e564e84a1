"""The jobs of cases: opening what is due, warning before it is too late, handing on; and the queue that people work from.

store.cases.unseen ──► cases.judge ──► store.cases.follow          (one transaction a stretch; a crash loses nothing)
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from monitor.business_hours import BusinessHours
from monitor.case_messages import hand_off, warning
from monitor.cases import Heard as AsHeard
from monitor.cases import Rules, Service, judge, reach, reach_points, rules, urgency
from monitor.config import BrandConfig, Config
from monitor.errors import MonitorError
from monitor.matching import Matcher
from monitor.storage.case_following import PROGRAM, Followed, record
from monitor.storage.cases import Case, CaseFile, Opening, Spoken, Standing, warned
from monitor.storage.outbox import queue_in
from monitor.storage.values import Matched
from monitor.store import Store
from reports.forms import HOUSE
from reports.reader import read_in
from reports.typography import counted
from reports.waiting import Waiting
from sources.mention import Mention

Queued = TypeVar("Queued", Case, Standing)
SHOWN = 5
"""Customers who wait that a digest names."""


@dataclass(frozen=True)
class Desk:
    """What the configuration says of cases, by brand."""

    rules: Mapping[str, Rules]
    service: Mapping[str, Service]

    @classmethod
    def of(cls, config: Config) -> "Desk":
        """Return the rules and the service level of each brand."""
        return cls(
            {one.id: _rules(config, one) for one in config.own_brands},
            {one.id: service(config, one.timezone) for one in config.brand},
        )

    def due(self, brand: str, asked: datetime) -> tuple[datetime, datetime]:
        """Until when a brand is to answer, and when to warn; what is no longer configured keeps no hours."""
        level = self.service.get(brand)
        return (level.due(asked), level.warning(asked)) if level else (asked, asked)

    def judge(self, one: Spoken) -> Opening:
        """Judge a customer's mention."""
        by = self.rules.get(one.brand)
        if by is None or one.voice != "customer":
            return Opening(False, 0, False, 0, ())
        seen = reach(one.attributes)
        said = judge(AsHeard(one.text, one.label, one.negative, one.broken, one.rating, seen, one.copies), by)
        return Opening(said.opens, said.severity, said.asks, seen, said.reasons)


def service(config: Config, timezone: str) -> Service:
    """Return the service level in a time zone."""
    level = config.cases
    hours = BusinessHours(level.hours, ZoneInfo(timezone), frozenset(level.holidays))
    return Service(hours, level.answer_within, level.warn_before)


def _rules(config: Config, brand: BrandConfig) -> Rules:
    accounts = [account.partition(":")[2] for account in brand.own_accounts]
    named = re.findall(r"@([\w.-]*\w)", brand.effective_query)
    return rules(config.cases.open_at, [*accounts, *named, brand.id], config.cases.asks, config.cases.harm)


# Jobs


@dataclass(frozen=True, slots=True)
class FoundCases:
    """How many cases were opened, went on, and so forth; `closed` are those of which nothing was heard since."""

    opened: int
    went_on: int
    answered: int
    recovered: int
    closed: int
    replies: int

    def __str__(self) -> str:
        parts = [
            (self.opened, "opened"),
            (self.went_on, "went on"),
            (self.answered, "answered"),
            (self.recovered, "recovered"),
            (self.closed, "closed, for nothing was heard since"),
        ]
        said = [f"{n:,} {what}" for n, what in parts if n]
        lines = [f"cases: {', '.join(said)}"] if said else []
        return "; ".join(
            [*lines, f"took in {counted(self.replies, 'reply', 'replies')} in their threads"] if self.replies else lines
        )


def open_due_cases(store: Store, config: Config, now: datetime, stopped: Callable[[], bool] = lambda: False) -> str:
    """Find cases, unless the configuration wants none opened by themselves; returns a line about it."""
    return str(find_cases(store, config, now, stopped)) if config.cases.automatic else ""


def find_cases(store: Store, config: Config, now: datetime, stopped: Callable[[], bool] = lambda: False) -> FoundCases:
    """Open the cases that are due, let answers and further words find theirs, hand on the gravest.

    Once `stopped`, the rest is left for the next time.
    """
    desk, done = Desk.of(config), Followed()
    if store.cases.is_put_right():
        store.evidence.refresh(stopped=stopped)  # by which rules take what they match
    taken_in = 0 if stopped() else _take_in_replies(store, config, now)
    while not stopped() and (unseen := store.cases.unseen((now - config.cases.within).date())):
        done += store.cases.follow(unseen, {one.reading: desk.judge(one) for one in unseen.heard}, desk.due, now)
    quiet = 0 if stopped() else store.cases.close_quiet(now - config.cases.recovery, desk.due, now)
    for case in _to_hand_off(store, config):
        if stopped():
            break
        hand_over(store, config, case.id, config.cases.hand_off_to, PROGRAM, now)
    return FoundCases(
        opened=len(done.opened),
        went_on=len(done.joined - done.opened),
        answered=len(done.answered),
        recovered=len(done.recovered),
        closed=quiet,
        replies=taken_in,
    )


def _take_in_replies(store: Store, config: Config, now: datetime) -> int:
    """Store what brand and customer say to each other in a case's thread without naming the brand; it is read like all else."""
    known = {one.id for one in config.brand}
    replies = [one for one in store.cases.replies() if one.brand in known]
    if not replies:
        return 0
    matcher, judged = Matcher(config.brand, config.match), dict[tuple[str, str], tuple[Mention, Matched]]()
    for brand, kind, customer, mention in replies:
        found = matcher.assigned(mention, brand, kind)
        if "brand" in (found[0].voice, mention.voice) or (customer and mention.author == customer):
            _, earlier = judged.get((mention.source, mention.external_id), (mention, Matched()))
            judged[mention.source, mention.external_id] = (mention, Matched([*earlier, *found]))
    if judged:
        store.matching.take_in(list(judged.values()), (), now)
    return len(judged)


def _to_hand_off(store: Store, config: Config) -> list[Case]:
    if config.cases.hand_off_from is None or not config.cases.hand_off_to:
        return []
    known = {one.id for one in config.brand}
    return [one for one in store.cases.to_hand_off(config.cases.hand_off_from) if one.brand in known]


def warn_of_breaches(store: Store, config: Config, now: datetime) -> str:
    """Queue a warning for the cases whose time is nearly over, and one for those whose time is; returns a line about it."""
    if not config.cases.to:
        return ""
    soon, late = store.cases.to_warn(now)
    told = 0
    for brand in config.brand:
        for kind, level, cases in (("soon", 1, soon), ("late", 2, late)):
            of_brand = [one for one in cases if one.brand == brand.id]
            if of_brand:
                with read_in(brand.locale):
                    message = warning(brand.id, brand.name, brand.timezone, of_brand, kind)  # type: ignore[arg-type]
                with store.door.writing() as connection:
                    for channel in config.cases.to:
                        queue_in(connection, channel, message, now)
                    warned(connection, of_brand, level)  # type: ignore[arg-type]
                told += len(of_brand)
    return f"warned of {counted(told, 'case')} that {'waits' if told == 1 else 'wait'}" if told else ""


def hand_over(store: Store, config: Config, case: int, channels: Sequence[str], who: str, now: datetime) -> bool:
    """Hand a case to a ticket system, through the outbox; False where it was handed there since it was last opened.

    Raises:
        MonitorError: there is no such case, or no place to hand it to.
    """
    if not channels:
        raise MonitorError("there is no place to hand cases to", remedy='set [cases] hand_off_to = ["…"], or name one with --to')
    file = found(store, case)
    brand = config.find_brand(file.case.brand)
    with read_in(brand.locale if brand else HOUSE):
        message = hand_off(file, brand.name if brand else file.case.brand, brand.timezone if brand else "UTC", openings(file))
    with store.door.writing() as connection:
        queued = [queue_in(connection, channel, message, now) for channel in channels]
        if any(queued):
            record(connection, case, who, "handed off", message.key, now)
    return any(queued)


def open_case(store: Store, config: Config, brand: BrandConfig, mention: int, who: str, now: datetime) -> int:
    """Open a case on a mention, whatever the rules say of it; returns its number.

    Raises:
        MonitorError: it is no customer's, was not read, or is in a case already.
    """
    desk, one = Desk.of(config), store.cases.said(brand.id, mention)
    if one is None or one.voice != "customer":
        raise MonitorError(
            f"{brand.name} has no mention {mention} of a customer that was read",
            remedy="promisewatch export mentions has the numbers; promisewatch read reads them",
        )
    if one.case is not None:
        raise MonitorError(f"mention {mention} is in case {one.case}", remedy=f"promisewatch cases show {one.case}")
    opening = desk.judge(one)
    return store.cases.open(one, opening._replace(reasons=(f"{who} says so", *opening.reasons)), who, desk.due, now)


def openings(file: CaseFile) -> int:
    """Return how often a case was opened: once, and once more each time that it was reopened."""
    return sum(one.what in {"opened", "reopened", "waits again"} for one in file.events)


def found(store: Store, case: int) -> CaseFile:
    """Return a case with its history.

    Raises:
        MonitorError: there is none of that number.
    """
    file = store.cases.find(case)
    if file is None:
        raise MonitorError(
            f"there is no case {case}", remedy="promisewatch cases list shows those there are; a case goes with its mention"
        )
    return file


# The queue


def by_urgency(cases: Sequence[Queued], now: datetime) -> list[tuple[int, Queued]]:
    """Return cases with their urgency, the most urgent first."""
    rated = [
        (urgency(one.status, one.severity, reach_points(one.reach, one.copies), one.waiting, one.due, now), one) for one in cases
    ]
    return sorted(rated, key=lambda pair: (pair[1].status != "new", -pair[0], pair[1].waiting, pair[1].id))


def waiting(store: Store, brand: str, now: datetime, most: int = SHOWN) -> tuple[Waiting, ...]:
    """Return the customers of a brand who wait for an answer, the most urgent first."""
    return first_waiting(store, store.cases.standing(("new",), brand), now, most)


def first_waiting(store: Store, queue: Sequence[Standing], now: datetime, most: int = SHOWN) -> tuple[Waiting, ...]:
    """Return who is first in a queue."""
    return tuple(
        Waiting(
            case=one.id,
            author=one.author,
            quote=one.text,
            url=one.url,
            source=one.source,
            since=one.waiting,
            due=one.due,
            overdue=one.due <= now,
            owner=one.owner,
            why=one.reasons[0] if one.reasons else "",
            mention=one.mention,
        )
        for one in store.cases.named([one.id for _, one in by_urgency(queue, now)[:most]])
    )


def preview(store: Store, config: Config, brand: str, since: datetime) -> list[tuple[Spoken, Opening]]:
    """Return the customers' mentions since then that would open a case, one a customer, the gravest first. Nothing is changed."""
    desk, customers = Desk.of(config), dict[tuple[str, str], tuple[Spoken, Opening]]()
    for one in sorted(store.cases.heard(brand, since.date()), key=lambda spoken: spoken.published):
        said = desk.judge(one)
        if said.opens and not one.is_copy:
            customers.setdefault((one.place, one.author or str(one.mention)), (one, said))
    return sorted(customers.values(), key=lambda pair: (-pair[1].severity, pair[0].published))
