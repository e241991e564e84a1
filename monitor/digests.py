"""Digests by themselves: which editions are due, what they are made of, and their way into the outbox.

An edition is queued once, for all its receivers in one transaction. Missed ones are caught up: the latest of each brand, no more.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from monitor.config import BrandConfig, Config
from monitor.storage.outbox import Message
from monitor.store import Store
from monitor.timetable import daily, turn
from reports.digest_records import CauseLine, DigestExtras, Edition, evidence_window, period
from reports.documents import Digest
from reports.reader import read_in

RECENT = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class DueDigest:
    """An edition of a brand; `day` is the last day that it tells of."""

    brand: BrandConfig
    edition: Edition
    day: date

    @property
    def key(self) -> str:
        """What makes it one, however often it is asked for."""
        return f"digest:{self.brand.id}:{self.edition}:{self.day.isoformat()}"


def latest_digests(config: Config, now: datetime) -> Iterator[DueDigest]:
    """Yield the latest edition of each kind and brand whose time has come, whether or not it was sent."""
    if config.digest is None or not config.digest.to:
        return
    for brand in config.own_brands:
        when = daily(config.digest.at, brand.timezone)
        morning = turn(when, now).astimezone(when.zone).date()
        for edition in config.digest.editions:
            yield DueDigest(brand, edition, last_day(edition, morning))


def queue_due_digests(store: Store, config: Config, now: datetime, stopped: Callable[[], bool] = lambda: False) -> int:
    """Write and queue the editions that are due and not queued yet; returns how many. A brand that nobody spoke of has none.

    Once `stopped`, the rest is left for the next time.
    """
    queued = 0
    for due in latest_digests(config, now):
        if not store.outbox.known(due.key) and store.brands.newest_day(due.brand.id) is not None:
            store.evidence.refresh(stopped=stopped)
            if stopped():
                break
            queued += queue_digest(store, config, due, now) > 0
    return queued


def queue_digest(store: Store, config: Config, due: DueDigest, now: datetime) -> int:
    """Write an edition and queue it for its receivers; returns for how many, 0 where it was queued before."""
    if config.digest is None or store.outbox.known(due.key):
        return 0
    with read_in(due.brand.locale):
        message = digest_message(due, load_digest(store, due.brand.id, due.edition, due.day, now))
    return store.outbox.queue_for_all(config.digest.to, message, now)


def load_digest(store: Store, brand: str, edition: Edition, day: date, now: datetime) -> Digest:
    """Return the digest of the day, or of the week or month that ends with it."""
    from reports.digest import build_digest  # noqa: PLC0415 - arithmetic is loaded when there is something to compute

    since = period(edition, day).since
    evidence = store.evidence.load(brand, evidence_window(edition, day), "day", generated=now, moods_since=since)
    return build_digest(evidence, day, edition=edition, extras=_extras(store, brand, edition, day, now))


def digest_message(due: DueDigest, digest: Digest) -> Message:
    """Return an edition as what is sent."""
    from reports.render import render_digest  # noqa: PLC0415
    from reports.render_mail import digest_page  # noqa: PLC0415

    page = digest_page(digest)
    quotes = [*digest.praise, *digest.complaints, *(quote for gap in digest.verdicts for quote in gap.quotes)]
    return Message(
        key=due.key,
        kind="digest",
        brand=due.brand.id,
        subject=page.subject,
        text=page.text,
        html=page.html,
        data=json.loads(render_digest(digest, "json")),
        mentions=tuple(
            {quote.mention for quote in quotes}
            | {one.mention for one in digest.extras.waiting}
            | {one.words_of for one in digest.extras.causes if one.words_of is not None}
        ),
    )


def last_day(edition: Edition, morning: date) -> date:
    """Return the last day of the latest edition on a morning: yesterday, the last Sunday, the end of the last month."""
    if edition == "weekly":
        return morning - timedelta(days=morning.weekday() + 1)
    return (morning.replace(day=1) if edition == "monthly" else morning) - timedelta(days=1)


def _extras(store: Store, brand: str, edition: Edition, day: date, now: datetime) -> DigestExtras:
    from monitor.case_watch import waiting  # noqa: PLC0415

    # Who waits now is no matter of a day that is long gone.
    unanswered = store.cases.select(("new",), brand) if now.date() - day <= RECENT else []
    return DigestExtras(
        causes=_causes(store, brand, edition, day, now),
        waiting=waiting(store, brand, now) if unanswered else (),
        waiting_in_all=len(unanswered),
        late=sum(one.due <= now for one in unanswered),
        leaders=store.segments.leaders(brand, period(edition, day)),
    )


def _causes(store: Store, brand: str, edition: Edition, day: date, now: datetime) -> tuple[CauseLine, ...]:
    """The causes that are news; fresh are those that were none when the edition before was written."""
    from monitor.cause_reports import causes_in_the_news  # noqa: PLC0415

    def as_of(until: date) -> dict[tuple[int, str], CauseLine]:
        return {
            (one.id, one.stage): CauseLine(
                one.id,
                one.name,
                "open again" if one.status == "reopened" else one.stage,
                one.voices,
                one.sentence,
                fresh=False,
                words_of=one.words_of,
            )
            for one in causes_in_the_news(store, brand, until, now)
        }

    told = period(edition, day)
    now_told, before = as_of(told.until), as_of(told.since)
    return tuple(replace(line, fresh=key not in before) for key, line in now_told.items())
