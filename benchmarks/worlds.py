"""Made-up brands whose truth is known: what customers live through, week by week, and what a model that errs makes of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast

import numpy as np

from benchmarks.measures import Floats, Ints
from models.known_errors import KnownErrors, PromiseErrors
from reports.breakdown import Breakdown, MoodRow, SideRow, TopicRow
from reports.change import halves
from reports.evidence import (
    AdvertisedPromise,
    AuditRow,
    Coverage,
    Evidence,
    Label,
    ModelFacts,
    PlacementRow,
    SentimentRow,
    Side,
    Stance,
    StanceAuditRow,
    StanceRow,
    Strength,
    VoiceRow,
    Window,
)

SINCE = date(2026, 6, 29)
DAYS = 84
WINDOW = Window(SINCE, SINCE + timedelta(days=DAYS))
LABELS: tuple[Label, ...] = ("negative", "neutral", "positive")
STRENGTHS: tuple[Strength, ...] = ("guarantee", "absolute", "comparative", "hedged", "absolute")
EVEN = (1 / 3, 1 / 3, 1 / 3)
NEUTRAL = 0.2
REGIONS = ("north", "south")
TAKEN: tuple[tuple[int, Stance], ...] = ((1, "kept"), (-1, "broken"))

SHOWS = np.array([[0.64, 0.16, 0.08, 0.06, 0.04, 0.02], [0.06, 0.14, 0.36, 0.3, 0.1, 0.04], [0.02, 0.04, 0.06, 0.08, 0.16, 0.64]])
"""How often a text of each mood shows each of six signs; a model that knows this is right in 76 % of balanced texts."""
MEANS = (SHOWS / SHOWS.sum(axis=0)).T
"""What it says of each sign: calibrated for moods that are equally frequent."""

READ, NEITHER = ([18, 4, 9], [3, 16, 9]), (4, 12)
"""Beta distributions, over promises: how often what is kept, broken or neither is read as kept, and the share that says neither."""


@dataclass(frozen=True)
class World:
    """A brand. `kept` (2×P) is the share of promises that are kept in the first and the second half of the window, `spoken` (P)

    how many voices speak of each, `pull` (P) what it adds to their mood, `base` (2) the mood of a region without any promise,
    `north` (2) the share of the first region in each half, `placed` (P) placements a week. `read` (P×3) is how often what is
    kept, broken or neither is read as kept; `neither` (P) the share of what is read that says neither.
    """

    kept: Floats
    spoken: Floats
    pull: Floats
    base: Floats
    north: Floats
    placed: Floats
    read: Floats
    neither: Floats
    voices: int

    @property
    def promises(self) -> tuple[AdvertisedPromise, ...]:
        return tuple(AdvertisedPromise(f"p{at}", f"Promise {at}", "", STRENGTHS[at]) for at in range(self.spoken.size))


def plant(rng: np.random.Generator) -> World:
    """Any brand: five promises, the last of which is kept less, or more, from the middle of the window on."""
    first = rng.beta(3.5, 2, size=5)
    second = first.copy()
    second[-1] = np.clip(second[-1] + rng.choice([-1, 1]) * rng.uniform(0.15, 0.4), 0.05, 0.95)
    pull = rng.dirichlet(np.ones(5)) * 0.5
    return World(
        kept=np.stack([first, second]),
        spoken=rng.uniform(0.05, 0.3, size=5),
        pull=pull,
        base=rng.uniform(-0.25, 0.25, size=2),
        north=rng.uniform(0.2, 0.8, size=2),
        placed=rng.uniform(1, 12, size=5),
        read=rng.beta(*READ, size=(5, 3)),
        neither=rng.beta(*NEITHER, size=5),
        voices=int(np.exp(rng.uniform(np.log(400), np.log(4000)))),
    )


@dataclass(frozen=True)
class Lived:
    """Voices as columns: day, region (0, 1), side (N×P: 1 kept, −1 broken, 0 not spoken of), mood (0–2), sign, story (0: its own)."""

    day: Ints
    region: Ints
    side: Ints
    mood: Ints
    sign: Ints
    story: Ints


def live(world: World, rng: np.random.Generator, voices: int | None = None, copied: float = 0.1) -> Lived:
    """What customers say. A share of the texts is `copied` by two to six voices."""
    wanted = voices or world.voices
    times = np.where(rng.random(wanted) < copied, rng.integers(2, 7, size=wanted), 1)
    texts = int(np.searchsorted(np.cumsum(times), wanted)) + 1
    times = times[:texts]
    day = rng.integers(0, DAYS, size=texts)
    half = (day >= DAYS // 2).astype(np.int64)
    region = (rng.random(texts) >= world.north[half]).astype(np.int64)
    side = np.where(rng.random((texts, world.spoken.size)) < world.kept[half], 1, -1)
    side *= rng.random(side.shape) < world.spoken
    mood = moods(world, region, side, rng)
    sign = (rng.random(texts)[:, None] > np.cumsum(SHOWS, axis=1)[mood]).sum(axis=1)
    story = np.where(times > 1, np.arange(1, texts + 1), 0)
    return Lived(*(np.repeat(column, times, axis=0) for column in (day, region, side, mood, sign, story)))


def moods(world: World, region: Ints, side: Ints, rng: np.random.Generator) -> Ints:
    """A mood whose mean is the region's own and what each promise adds."""
    mean = np.clip(world.base[region] + side @ world.pull, NEUTRAL - 1, 1 - NEUTRAL)
    chance = rng.random(region.size)
    return np.where(chance < NEUTRAL, 1, np.where(chance < NEUTRAL + (1 - NEUTRAL + mean) / 2, 2, 0)).astype(np.int64)


def evidence(world: World, lived: Lived, rng: np.random.Generator, audited: int = 0) -> Evidence:
    """What the reports get; stances as they are, moods as they are read. `audited` voices were drawn at random and labelled."""
    days = [SINCE + timedelta(days=day) for day in range(DAYS)]
    names = [one.id for one in world.promises]
    sentiment = Counter(zip(lived.day.tolist(), lived.sign.tolist(), lived.story.tolist(), strict=True))
    stances: Counter[tuple[int, str, Stance, int]] = Counter()
    for at, name in enumerate(names):
        for taken, stance in TAKEN:
            there = lived.side[:, at] == taken
            for day, story in zip(lived.day[there].tolist(), lived.story[there].tolist(), strict=True):
                stances[day, name, stance, story] += 1
    chosen = rng.choice(lived.day.size, size=min(audited, lived.day.size), replace=False)
    placed = rng.poisson(world.placed, size=(DAYS // 7, world.placed.size))
    return Evidence(
        brand="acme",
        brand_name="Acme",
        timezone="Europe/Riga",
        window=WINDOW,
        every="week",
        generated=datetime.combine(WINDOW.until, datetime.min.time(), UTC),
        promises=world.promises,
        sentiment=tuple(
            SentimentRow(days[day], _label(sign), _means(sign), n, story) for (day, sign, story), n in sentiment.items()
        ),
        stances=tuple(StanceRow(days[day], name, stance, n, story) for (day, name, stance, story), n in stances.items()),
        quotes=(),
        placements=tuple(
            PlacementRow(days[7 * week], name, int(placed[week, at]))
            for week in range(len(placed))
            for at, name in enumerate(names)
        ),
        coverage=Coverage(lived.day.size, lived.day.size, 0),
        model=ModelFacts("world", EVEN),
        audits=tuple(
            AuditRow(
                days[lived.day[at]],
                LABELS[lived.mood[at]],
                _label(int(lived.sign[at])),
                _means(int(lived.sign[at])),
                int(lived.story[at]),
            )
            for at in chosen
        ),
        draws=(WINDOW,) if audited else (),
        voices=tuple(_voices(lived, names)),
    )


def breakdown(world: World, lived: Lived) -> Breakdown:
    """Topics and regions; the topic of a voice is the first promise that it speaks of. Regions are the sources, too."""
    before, after = halves(WINDOW, "week")
    names = [one.id for one in world.promises]
    topic = first_spoken(lived.side)
    half = lived.day >= DAYS // 2
    columns = [column.tolist() for column in (half, lived.region, topic, lived.sign, lived.story)]
    topics: tuple[list[TopicRow], list[TopicRow]] = ([], [])
    for (later, region, said, sign, story), n in Counter(zip(*columns, strict=True)).items():
        row = TopicRow(REGIONS[region], names[said] if said >= 0 else "", _label(sign), _means(sign), n, story)
        topics[later].append(row)
    moods_of = Counter(zip(lived.region.tolist(), lived.sign.tolist(), lived.story.tolist(), strict=True))
    return Breakdown(
        before,
        after,
        tuple(topics[0]),
        tuple(topics[1]),
        ("region",),
        tuple(
            MoodRow("region", REGIONS[region], _label(sign), _means(sign), n, story)
            for (region, sign, story), n in moods_of.items()
        ),
        tuple(
            SideRow("region", REGIONS[region], name, stance, 1, int(story))
            for at, name in enumerate(names)
            for taken, stance in TAKEN
            for region, story in zip(lived.region[lived.side[:, at] == taken], lived.story[lived.side[:, at] == taken], strict=True)
        ),
    )


def misread(world: World, rng: np.random.Generator, audited: int) -> tuple[tuple[StanceRow, ...], tuple[StanceAuditRow, ...]]:
    """Stances as a model reads them that errs about each promise in its own way, and what people say of a sample of them."""
    rows: list[StanceRow] = []
    votes: list[StanceAuditRow] = []
    for at, promise in enumerate(world.promises):
        n = rng.poisson(world.voices * world.spoken[at])
        chances = [
            world.kept[0, at] * (1 - world.neither[at]),
            (1 - world.kept[0, at]) * (1 - world.neither[at]),
            world.neither[at],
        ]
        truth = rng.choice(3, size=n, p=chances)
        kept = rng.random(n) < world.read[at][truth]
        rows += [
            StanceRow(SINCE + timedelta(days=int(rng.integers(DAYS))), promise.id, "kept" if one else "broken", 1) for one in kept
        ]
        votes += [
            StanceAuditRow(promise.id, cast("Stance", ("kept", "broken", "none")[said]), "kept" if one else "broken")
            for said, one in zip(truth, kept, strict=True)
        ]
    chosen = rng.choice(len(votes), size=min(audited, len(votes)), replace=False)
    return tuple(rows), tuple(votes[at] for at in chosen)


def known(rng: np.random.Generator, industries: int = 6, promises: int = 7) -> KnownErrors:
    """How the same model errs about other brands: ten texts that were found on each of their promises, half of those sided kept."""
    found = []
    for at in range(industries * promises):
        neither = rng.binomial(10, rng.beta(*NEITHER))
        kept = rng.binomial(10 - neither, 0.5)
        said = np.array([kept, 10 - neither - kept, neither])
        read = rng.binomial(said, rng.beta(*READ))
        found.append(PromiseErrors(f"industry {at % industries}", tuple(np.stack([read, said - read], axis=1).ravel().tolist())))
    return KnownErrors(0.0, tuple(found))


def first_spoken(side: Ints) -> Ints:
    """The place of the first promise that each voice speaks of; −1 for none."""
    return np.where(side.any(axis=1), (side != 0).argmax(axis=1), -1)


def _voices(lived: Lived, names: Sequence[str]) -> Iterator[VoiceRow]:
    sides: dict[int, Side] = {1: "kept", -1: "broken"}
    counts = Counter(zip(lived.sign.tolist(), map(tuple, lived.side.tolist()), lived.story.tolist(), strict=True))
    for (sign, side, story), n in counts.items():
        said = tuple((name, sides[one]) for name, one in zip(names, side, strict=True) if one)
        yield VoiceRow(_label(sign), said, n, story)


def _label(sign: int) -> Label:
    return LABELS[int(MEANS[sign].argmax())]


def _means(sign: int) -> tuple[float, float, float]:
    return cast("tuple[float, float, float]", tuple(MEANS[sign].tolist()))
