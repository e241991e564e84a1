"""What the store holds after a trial, against what the servers know: every item once, and a hole for whatever is missing."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from monitor.storage.ledger import NOT_LISTENING, Heard
from monitor.store import Store
from tests.trial.feeds import Feed, FeedPlace, Written, link
from tests.trial.reddit import BusyReddit

HOUR = timedelta(hours=1)
REDDIT = "reddit"
TRUE_ANYWAY = ("every entry is new", "took longer than", "did not answer in time")
"""What needs no fault: entries rolled by, or this machine was slow."""


class Kept(NamedTuple):
    """A mention as it is stored, and its earlier texts."""

    external_id: str
    url: str
    author: str
    text: str
    earlier: frozenset[str]


@dataclass
class Verdict:
    """What was compared, and every difference in words."""

    served: int = 0
    kept: int = 0
    withheld: int = 0
    hours: int = 0
    problems: list[str] = field(default_factory=list)


def kept_of(store: Path) -> dict[str, list[Kept]]:
    """Everything that is stored, by source."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
        earlier = defaultdict[int, set[str]](set)
        for mention, text in connection.execute("SELECT mention, text FROM revisions"):
            earlier[mention].add(text)
        found = defaultdict[str, list[Kept]](list)
        for row, source, *rest in connection.execute(
            "SELECT m.id, s.name, m.external_id, m.url, m.author, m.text FROM mentions m JOIN sources s ON s.id = m.source"
        ):
            found[source].append(Kept(*rest, frozenset(earlier[row])))
    connection.close()
    return found


class Judge:
    """Compares. `downs` are the stretches in which no daemon ran; a feed was due `every` after it was heard, or a little later."""

    def __init__(
        self, store: Path, now: datetime, begin: datetime, downs: Sequence[tuple[datetime, datetime]], every: timedelta
    ) -> None:
        self._kept = kept_of(store)
        self._store, self._now, self._begin, self._downs = store, now, begin, downs
        self._due = max(timedelta(hours=5), every + 2 * HOUR)
        self.verdict = Verdict()

    def judge(self, place: FeedPlace, reddit: BusyReddit) -> Verdict:
        with Store(self._store) as store:
            heard = store.hearing.ledger([*(feed.name for feed in place.feeds), REDDIT], self._begin, self._now)
        for feed in place.feeds:
            self._judge_feed(feed, heard[feed.name], place.url(""))
        self._judge_reddit(reddit, heard[REDDIT])
        return self.verdict

    def _say(self, problem: str) -> None:
        self.verdict.problems.append(problem)

    def _judge_feed(self, feed: Feed, heard: Sequence[Heard], base: str) -> None:
        holes = [one for one in heard if one.ear != "ok"]
        rows = defaultdict[str, list[Kept]](list)
        for one in self._kept[feed.name]:
            rows[one.url].append(one)
        for item in feed.items:
            stored = rows.pop(link(feed, item.number, base), [])
            self.verdict.served += bool(item.shown)
            self.verdict.kept += len(stored)
            if len(stored) > 1:
                self._say(f"{feed.name}: item {item.number} is stored {len(stored)} times")
            elif stored:
                self._judge_text(feed, item, stored[0])
            else:
                self._judge_missing(feed, item, holes)
        for url in rows:
            self._say(f"{feed.name}: {url} was never published")
        self._judge_ledger(feed, heard, holes)

    def _judge_text(self, feed: Feed, item: Written, stored: Kept) -> None:
        said = {*item.versions, *([_article(stored.text)] if feed.whole else [])}
        if stored.text not in said or not stored.earlier <= said:
            self._say(f"{feed.name}: item {item.number} is stored with words that it never had: {stored.text!r}, {stored.earlier}")
        elif item in feed.visible and not feed.whole and stored.text != item.versions[-1]:
            self._say(f"{feed.name}: item {item.number} is stored in an earlier version")

    def _judge_missing(self, feed: Feed, item: Written, holes: Sequence[Heard]) -> None:
        """What nobody has must never have been taken, and fall into a hole that is told; or be older than the first look."""
        if item.taken or item in feed.visible:
            self._say(f"{feed.name}: item {item.number} was served and is lost")
        if feed.begun is None or item.at < feed.begun:
            return
        self.verdict.withheld += 1
        died = {since for since, _ in self._downs}  # what was served at that moment may have died unkept
        looked = next((at for at, fault in feed.log if not fault and at > item.at and at not in died), self._now)
        if not _covers(holes, item.at, looked + HOUR):
            self._say(f"{feed.name}: item {item.number} of {item.at:%d %H:%M} was missed, and no hole tells of it")

    def _judge_ledger(self, feed: Feed, heard: Sequence[Heard], holes: Sequence[Heard]) -> None:
        """Hours in which every request failed are told, and no others."""
        self._judge_hours(feed.name, feed.log, holes)
        for hole in holes:
            since, until = hole.since - HOUR, hole.until
            faults = any(fault and since <= at <= until for at, fault in feed.log)
            down = any(begin <= until and end >= since for begin, end in self._downs)
            if hole.reason == NOT_LISTENING and not down:
                self._say(f"{feed.name}: {hole} though the daemon ran")
            elif not (faults or down or any(word in hole.reason for word in TRUE_ANYWAY)):
                self._say(f"{feed.name}: {hole}, though nothing failed")
        for begin, end in self._downs:
            whole = [begin + HOUR * n for n in range(self._due // HOUR, (end - begin) // HOUR)]
            silent = [hour for hour in whole if not _covers(holes, hour, hour + HOUR)]
            if silent:
                self._say(f"{feed.name}: nobody listened for {len(silent)} hours, and no hole tells of them")

    def _judge_hours(self, name: str, log: Sequence[tuple[datetime, str]], holes: Sequence[Heard]) -> None:
        for hour in _deaf(log, self._begin, self._now, self._downs):
            self.verdict.hours += 1
            if not _covers(holes, hour, hour + HOUR):
                self._say(f"{name}: deaf at {hour:%d %H}:00, and no hole tells of it")

    def _judge_reddit(self, reddit: BusyReddit, heard: Sequence[Heard]) -> None:
        holes = [one for one in heard if one.ear != "ok"]
        self._judge_hours(REDDIT, [(at, fault) for at, _, fault in reddit.log], holes)
        stored = {one.external_id: one for one in self._kept[REDDIT]}
        if len(stored) < len(self._kept[REDDIT]):
            self._say("reddit: things are stored twice")
        newest = [one.id for one in reddit.newest(reddit.entries.values())][:30]
        for entry in reddit.entries.values():
            one = stored.pop(entry.id, None)
            gone = bool(entry.withdrawn)
            self.verdict.served += not gone
            self.verdict.kept += one is not None
            if gone and one is not None:
                self._say(f"reddit: {entry.id} was deleted there, and is stored")
            elif one is not None and (one.text not in reddit.versions[entry.id] or (entry.author is None and one.author)):
                self._say(f"reddit: {entry.id} is stored as {one}")
            elif one is not None and entry.id in newest and entry.subreddit == "travel" and one.text != entry.text:
                self._say(f"reddit: {entry.id} is stored in an earlier version")
            elif one is None and not gone and reddit.is_listed(entry):
                self._judge_missing_thing(entry.id, datetime.fromtimestamp(entry.created, self._now.tzinfo), holes)
            elif one is None and not gone:
                self.verdict.served -= 1
        for identity in stored:
            self._say(f"reddit: {identity} was never published")

    def _judge_missing_thing(self, identity: str, at: datetime, holes: Sequence[Heard]) -> None:
        self.verdict.withheld += 1
        self.verdict.served -= 1
        told = [one for one in holes if "more came since the last look" in one.reason]
        if not _covers(told, at - HOUR, at + 12 * HOUR):
            self._say(f"reddit: {identity} of {at:%d %H:%M} was missed, and no hole tells of it")


def _article(text: str) -> str:
    """`text`, where it is the whole of an article as the place tells it."""
    first = text.splitlines()[0].removesuffix(" And this is line 0 of it.")
    return "\n".join(f"{first} And this is line {n} of it." for n in range(8))


def _covers(holes: Iterable[Heard], since: datetime, until: datetime) -> bool:
    return any(one.since < until and one.until > since for one in holes)


def _deaf(
    log: Sequence[tuple[datetime, str]],
    begin: datetime,
    end: datetime,
    downs: Sequence[tuple[datetime, datetime]],
) -> Iterator[datetime]:
    """Whole hours since a request failed and before one went well; but for those near a kill, which may have come in between."""
    failed: datetime | None = None
    hours: list[tuple[datetime, datetime]] = []
    for at, fault in [*sorted(log), (end, "")]:
        if fault:
            failed = failed or at
        elif failed:
            hours.append((failed, at))
            failed = None
    for since, until in hours:
        hour = since.replace(minute=0, second=0, microsecond=0) + HOUR
        while hour + HOUR <= until:
            if hour >= begin and not any(down - HOUR <= hour and hour <= up + HOUR for down, up in downs):
                yield hour
            hour += HOUR
