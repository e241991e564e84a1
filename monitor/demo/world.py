"""The demo's made-up world: what customers, press and the brand say in twelve weeks, and the truth behind every text.

Pure: the same seed and last day give the same world. docs/demo.md describes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Literal

from monitor.demo.planted import (
    BRAND,
    BRAND_NAME,
    CAMPAIGN_FACTOR,
    CAMPAIGN_WEEK,
    LOUD_FACTOR,
    PROMISES,
    QUERY,
    RIVAL_OTHER_MATTERS,
    RIVAL_RATES,
    TIMEZONE,
    UNENTERED_WEEKS,
    UNHEARD_VOICES,
    PlantedPromise,
)
from monitor.demo.writer import Draft, Writer
from reports.evidence import Label, Stance
from sources.mention import Voice

WEEKS = 12
COPIES_OF_A_COMPLAINT = 4
COMPLAINT_WEEK = 10
STORY_WEEK = 9
TWO_PROMISES = 0.08
"""Share of the evidence that is told together with that of another promise, in one review."""
OTHER_MATTERS, QUESTIONS, FOREIGN, HOMONYMS = (48, 54), 10, 5, 15
PRESS_NEWS, NEWSROOM_NEWS, PLACEMENTS = (3, 4), 2, 3
"""Texts a week; placements a week and promise."""
_OPEN, _CLOSE = 6, 22
"""Hours (UTC) in which people write: the day in London is the same day as in UTC."""

Format = Literal["rss", "atom", "rdf"]


@dataclass(frozen=True, slots=True)
class Feed:
    """A place that the demo's server plays."""

    name: str
    title: str
    voice: Voice
    format: Format


FEEDS = (
    Feed("posts", "Chatter, everything about Larkspur", "customer", "rss"),
    Feed("reviews", "Home and Habit reviews", "customer", "atom"),
    Feed("forum", "The Furnishing Forum", "customer", "rdf"),
    Feed("press", "Press review", "press", "rss"),
    Feed("newsroom", "Larkspur newsroom", "brand", "atom"),
    Feed("adverts", "Larkspur shop window", "brand", "rss"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One text as a feed shows it, and what is true of it.

    `stances` says which promises it is evidence of, `sentiment` is a customer's feeling towards the brand (None: mixed, or
    another language), `advertises` the promises that it makes, `about_brand` is false for a homonym and for what is said of
    the competitor (`rival`), `copy_of` names the item that it repeats.
    """

    feed: str
    id: str
    title: str
    text: str
    author: str
    published: datetime
    stances: Mapping[str, Stance] = field(default_factory=dict)
    sentiment: Label | None = None
    advertises: tuple[str, ...] = ()
    about_brand: bool = True
    rival: bool = False
    copy_of: str = ""

    @property
    def url(self) -> str:
        """The item's page, as a path on the demo's server."""
        return f"/item/{self.id}"


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is said, oldest first; the days from `since` up to and without `until`."""

    since: date
    until: date
    items: tuple[Item, ...]
    planted: tuple[PlantedPromise, ...] = PROMISES
    feeds: tuple[Feed, ...] = FEEDS
    brand: str = BRAND
    brand_name: str = BRAND_NAME
    timezone: str = TIMEZONE
    query: str = QUERY

    @property
    def weeks(self) -> int:
        """How many weeks the world lasts."""
        return (self.until - self.since).days // 7

    def week_of(self, item: Item) -> int:
        """Return the week (1 to `weeks`) in which an item was published."""
        return (item.published.date() - self.since).days // 7 + 1


def generate(seed: int, end: date, weeks: int = WEEKS) -> World:
    """Make the world of the `weeks` whole weeks before `end`; where `end` is a Monday these are ISO weeks.

    Raises:
        ValueError: fewer than twelve weeks, in which the planted changes have no room.
    """
    if weeks < WEEKS:
        raise ValueError(f"the demo needs {WEEKS} weeks for what is planted in them, not {weeks}")
    rng = Random(seed)
    since = end - timedelta(weeks=weeks)
    writer = Writer(rng)
    plan = _stances(rng, weeks)
    drafts: list[Draft] = []
    for week in range(1, weeks + 1):
        said = [*_evidence(writer, rng, plan[week - 1]), *_everyday(writer, rng), *_advertising(writer, week)]
        drafts += [
            replace(draft, published=_moment(rng, since + timedelta(days=7 * (week - 1) + rng.randrange(7)))) for draft in said
        ]
    drafts += _copied_story(writer, rng, since + timedelta(weeks=STORY_WEEK - 1))
    drafts += _repeated_complaint(rng, drafts, since + timedelta(weeks=COMPLAINT_WEEK - 1))
    drafts += _loud_adverts(writer, rng, since, weeks)
    drafts += _rivals(writer, rng, since, weeks)
    return World(since, end, _numbered(drafts))


def _stances(rng: Random, weeks: int) -> list[list[tuple[str, Stance]]]:
    """Return who says what of which promise, week by week; rounding is carried over, so that the totals are exact."""
    plan: list[list[tuple[str, Stance]]] = [[] for _ in range(weeks)]
    for promise in PROMISES:
        counts = [rng.randint(*promise.voices) for _ in range(weeks)]
        if promise.fate == "unheard":
            for week in rng.sample(range(weeks), UNHEARD_VOICES):
                counts[week] = 1
        owed = 0.0
        for week, count in enumerate(counts):
            owed += promise.rate(week + 1, weeks) * count
            kept = min(count, max(0, round(owed)))
            owed -= kept
            plan[week] += [(promise.id, "kept") for _ in range(kept)]
            plan[week] += [(promise.id, "broken") for _ in range(count - kept)]
    return plan


def _evidence(writer: Writer, rng: Random, stances: list[tuple[str, Stance]]) -> list[Draft]:
    waiting = rng.sample(stances, len(stances))
    drafts = []
    while waiting:
        told = [waiting.pop()]
        other = next((one for one in waiting if one[0] != told[0][0]), None)
        if other and rng.random() < TWO_PROMISES:
            waiting.remove(other)
            told.append(other)
        drafts.append(writer.evidence(dict(told)))
    return drafts


def _everyday(writer: Writer, rng: Random) -> list[Draft]:
    """Return a week of what customers and press say beside the promises."""
    return [
        *(writer.other_matter() for _ in range(rng.randint(*OTHER_MATTERS))),
        *(writer.question() for _ in range(QUESTIONS)),
        *(writer.foreign() for _ in range(FOREIGN)),
        *(writer.homonym() for _ in range(HOMONYMS)),
        *(writer.press_news() for _ in range(rng.randint(*PRESS_NEWS))),
    ]


def _advertising(writer: Writer, week: int) -> list[Draft]:
    """Return a week of the brand's own texts; the promise that breaks is advertised most when it does."""
    drafts = [writer.newsroom_news() for _ in range(NEWSROOM_NEWS)]
    for promise in PROMISES:
        campaign = promise.fate == "breaks" and week >= CAMPAIGN_WEEK
        drafts += [writer.advert(promise) for _ in range(PLACEMENTS * (CAMPAIGN_FACTOR if campaign else 1))]
    return drafts


def _copied_story(writer: Writer, rng: Random, monday: date) -> list[Draft]:
    """Return one agency text as many outlets print it, within three days."""
    return [replace(draft, published=_moment(rng, monday + timedelta(days=rng.randint(1, 3)))) for draft in writer.copied_story()]


def _repeated_complaint(rng: Random, drafts: list[Draft], monday: date) -> list[Draft]:
    """Return the copies of one complaint that its author posts again, later the same week."""
    sunday = monday + timedelta(days=6)
    first = next(
        draft
        for draft in drafts
        if draft.feed != "reviews" and draft.stances.get("answer") == "broken" and monday <= draft.published.date() < sunday
    )
    return [replace(first, published=_moment(rng, sunday)) for _ in range(COPIES_OF_A_COMPLAINT)]


def _loud_adverts(writer: Writer, rng: Random, since: date, weeks: int) -> list[Draft]:
    """Return what the shop is loud about beside what customers hear of: the unheard promise, and a claim that it never entered."""
    loud = [promise for promise in PROMISES if promise.fate == "unheard"]
    drafts = [
        (week, writer.advert(promise)) for week in range(weeks) for promise in loud for _ in range(PLACEMENTS * (LOUD_FACTOR - 1))
    ]
    drafts += [(week - 1, writer.unentered_claim()) for week in UNENTERED_WEEKS]
    return [replace(draft, published=_moment(rng, since + timedelta(days=7 * week + rng.randrange(7)))) for week, draft in drafts]


def _rivals(writer: Writer, rng: Random, since: date, weeks: int) -> list[Draft]:
    """Return what customers say of the competitor: the same promises, lived otherwise; rounding is carried over as above."""
    drafts: list[tuple[int, Draft]] = []
    for promise, (voices, rate) in RIVAL_RATES.items():
        owed = 0.0
        for week in range(weeks):
            owed += rate * voices
            kept = round(owed)
            owed -= kept
            stances: list[Stance] = ["kept" if one < kept else "broken" for one in range(voices)]
            drafts += [(week, writer.evidence({promise: stance})) for stance in stances]
    drafts += [(week, writer.other_matter()) for week in range(weeks) for _ in range(RIVAL_OTHER_MATTERS)]
    return [
        replace(writer.of_rival(draft), published=_moment(rng, since + timedelta(days=7 * week + rng.randrange(7))))
        for week, draft in drafts
    ]


def _moment(rng: Random, day: date) -> datetime:
    hour = min(_CLOSE - 1, int(rng.triangular(_OPEN, _CLOSE, 19)))
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), UTC)


def _numbered(drafts: list[Draft]) -> tuple[Item, ...]:
    """Return the drafts as items, oldest first; the first of a copied text is the one that the others repeat."""
    items: list[Item] = []
    counts = dict.fromkeys((feed.name for feed in FEEDS), 0)
    firsts: dict[str, str] = {}
    for draft in sorted(drafts, key=lambda draft: draft.published):
        counts[draft.feed] += 1
        name = f"{draft.feed}-{counts[draft.feed]:04d}"
        first = firsts.setdefault(draft.text, name)
        items.append(
            Item(
                feed=draft.feed,
                id=name,
                title=draft.title,
                text=draft.text,
                author=draft.author,
                published=draft.published,
                stances=draft.stances,
                sentiment=draft.sentiment,
                advertises=draft.advertises,
                about_brand=draft.about_brand,
                rival=draft.rival,
                copy_of="" if first == name else first,
            )
        )
    return tuple(items)
