"""How often the intervals of the reports hold the truth, over brands whose truth was planted; writes docs/report-quality.md.

python -m benchmarks.truth [--worlds N] [--processes N]
"""

import argparse
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from pathlib import Path

import numpy as np

from benchmarks import worlds
from benchmarks.measures import Floats
from benchmarks.worlds import DAYS, REGIONS, World
from models.reading import PILLARS
from reports.answering import kaplan_meier_median
from reports.cause_rates import Daily, prove
from reports.consistency import spread_of_shares
from reports.decomposition import split
from reports.delivery import expectation, fitted_prior, posterior, stance_tables
from reports.documents import GapReport
from reports.emphasis import divergence
from reports.evidence import Evidence
from reports.gap import build_gap
from reports.misreading import elsewhere
from reports.net import estimate_net, window_correction
from reports.scorecard import build_scorecard
from reports.scorecard_records import RatedRow, ScorecardEvidence
from reports.sentiment_table import sentiment_table
from reports.statistics import MIN_EFFECTIVE, beta_interval

PAGE = Path(__file__).resolve().parents[1] / "docs" / "report-quality.md"
WORLDS = 1000
COVERS = 400
AUDITED = 100
LOOKS = 26


@dataclass(frozen=True)
class Told:
    """One number of one world: what it is, what it should be, what was reported with its interval."""

    what: str
    truth: float
    figure: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Line:
    """All numbers of a kind: how many, how often the interval holds the truth, mean error and width, in the number's own unit."""

    what: str
    numbers: int
    held: float
    bias: float
    error: float
    width: float


def lines(told: Iterable[Told]) -> list[Line]:
    """Sum up, in the order in which kinds first occur."""
    kinds: defaultdict[str, list[tuple[float, ...]]] = defaultdict(list)
    for one in told:
        low, high = one.interval
        error = one.figure - one.truth
        kinds[one.what].append((low <= one.truth <= high, error, abs(error), high - low))
    return [Line(what, len(rows), *(float(value) for value in np.mean(rows, axis=0))) for what, rows in kinds.items()]


def of_world(seed: int) -> list[Told]:
    """Everything that the gap report and the scorecard say of one brand, beside what is true of it."""
    rng = np.random.default_rng([20, seed])
    world = worlds.plant(rng)
    lived = worlds.live(world, rng)
    evidence = worlds.evidence(world, lived, rng, AUDITED)
    report = build_gap(replace(evidence, audits=(), draws=()), seed, worlds.breakdown(world, lived))
    return [
        *_sentiment(world, report),
        *_audited(world, evidence, rng),
        *_delivery(world, report),
        *_misread(world, rng),
        *_overall(world, evidence, report),
        *_emphasis(world, report),
        *_importance(world, report),
        *_movement(world, report),
        *_regions(world, report),
        *_scorecard(world, evidence),
        *_spread(rng),
        *_waiting(rng),
    ]


def _base(world: World) -> Floats:
    """Net sentiment of each half (−1…1)."""
    of_promises = (world.spoken * world.pull * (2 * world.kept - 1)).sum(axis=1)
    return np.asarray(world.north * world.base[0] + (1 - world.north) * world.base[1] + of_promises)


def _sentiment(world: World, report: GapReport) -> Iterator[Told]:
    halves, found = 100 * _base(world), report.sentiment
    if found.net is not None and found.interval and found.shares and found.negative_interval:
        yield Told("net sentiment, re-estimated (EM)", float(halves.mean()), found.net, found.interval)
        negative = 100 * (1 - worlds.NEUTRAL - halves.mean() / 100) / 2
        low, high = found.negative_interval
        yield Told("negative share", negative, 100 * found.shares[0], (100 * low, 100 * high))
    for point in found.trend:
        if point.net is not None and point.interval is not None:
            half = int((point.start - worlds.SINCE).days >= DAYS // 2)
            yield Told("net sentiment of a week", float(halves[half]), point.net, point.interval)


def _audited(world: World, evidence: Evidence, rng: np.random.Generator) -> Iterator[Told]:
    table = sentiment_table(evidence.sentiment)
    audited = window_correction(evidence, table, evidence.window)
    found = estimate_net(table, evidence.model, rng, audited=audited).sentiment
    if audited is not None and found.net is not None and found.interval is not None:
        truth = 100 * float(_base(world).mean())
        yield Told(f"net sentiment with {AUDITED} audited (PPI++)", truth, found.net, found.interval)


def _delivery(world: World, report: GapReport) -> Iterator[Told]:
    kept = 100 * world.kept
    for gap in report.promises:
        at = int(gap.promise.id[1:])
        truth = float(kept[:, at].mean())
        if gap.delivery is not None and gap.interval is not None:
            yield Told("delivery and gap of a promise", truth, gap.delivery, gap.interval)
        for point in gap.trend:
            if point.delivery is not None and point.interval is not None:
                half = int((point.start - worlds.SINCE).days >= DAYS // 2)
                yield Told("delivery of a week", float(kept[half, at]), point.delivery, point.interval)
    for change in report.findings.movement.promises if report.findings.movement else ():
        at = int(change.promise[1:])
        if change.delta is not None and change.interval is not None:
            yield Told("change of a promise between halves", float(kept[1, at] - kept[0, at]), change.delta, change.interval)


def _misread(world: World, rng: np.random.Generator) -> Iterator[Told]:
    steady = replace(world, kept=np.stack([world.kept[0], world.kept[0]]))
    known = elsewhere(worlds.known(rng))
    for audited in (0, 100, 300):
        stances, audits = worlds.misread(steady, rng, audited)
        tables = stance_tables(stances, world.promises, audits)
        prior = fitted_prior(tables.values())
        how = f"corrected by {audited} audited" if audited else "as it was read"
        for at, table in enumerate(tables[one.id] for one in world.promises):
            if table.n_eff >= MIN_EFFECTIVE:
                truth = 100 * float(steady.kept[0, at])
                shares = {how: posterior(table, prior)}
                if not audited and known is not None:
                    shares["where it may lie by other brands"] = known.posterior(*table.effective, prior)
                for name, share in shares.items():
                    low, high = beta_interval(share.mean, share.strength)
                    yield Told(f"delivery where promises are misread, {name}", truth, 100 * share.mean, (100 * low, 100 * high))


def _overall(world: World, evidence: Evidence, report: GapReport) -> Iterator[Told]:
    measured = [gap for gap in report.promises if gap.delivery is not None]
    at = [int(gap.promise.id[1:]) for gap in measured]
    gaps = 100 * world.kept.mean(axis=0)[at] - np.array([expectation(gap.promise) for gap in measured])
    placed = np.array([sum(row.n for row in evidence.placements if row.promise == gap.promise.id) for gap in measured])
    weights = {"unweighted": np.ones(len(at)), "placements": placed, "voices": world.spoken[at]}
    for one in report.weights.overall if report.weights else ():
        if one.weighting in weights and one.gap is not None and one.interval is not None:
            weight = weights[one.weighting]
            yield Told(f"overall gap, by {one.weighting}", float(gaps @ weight / weight.sum()), one.gap, one.interval)


def _emphasis(world: World, report: GapReport) -> Iterator[Told]:
    advertised, spoken = world.placed / world.placed.sum(), world.spoken / world.spoken.sum()
    found = report.weights.emphasis if report.weights else None
    for gap in found.gaps if found else ():
        at = int(gap.promise.id[1:])
        if gap.gap is not None and gap.interval is not None:
            yield Told("emphasis gap of a promise", 100 * float(advertised[at] - spoken[at]), gap.gap, gap.interval)
    if found and found.divergence is not None and found.interval is not None:
        yield Told("divergence of emphasis (bits)", float(divergence(advertised, spoken)), found.divergence, found.interval)


def _importance(world: World, report: GapReport) -> Iterator[Told]:
    """Sides are independent of each other: what each explains is its own covariance with mood, squared, over its variance."""
    means = world.spoken * (2 * world.kept - 1)
    variance = world.spoken - means.mean(axis=0) ** 2
    regions = world.north * world.base[0] + (1 - world.north) * world.base[1]
    with_region = (regions[1] - regions[0]) * (means[1] - means[0]) / 4
    explained = (world.pull * variance + with_region) ** 2 / variance
    for one in report.weights.importance.standings if report.weights else ():
        if one.importance is not None and one.interval is not None and all(gap.delivery is not None for gap in report.promises):
            truth = float(explained[int(one.promise.id[1:])] / explained.sum())
            yield Told(
                "importance of a promise (%)", 100 * truth, 100 * one.importance, (100 * one.interval[0], 100 * one.interval[1])
            )


def _movement(world: World, report: GapReport) -> Iterator[Told]:
    found = report.findings.movement
    if found is None or found.delta is None or found.interval is None:
        return
    halves = 100 * _base(world)
    yield Told("change of net sentiment", float(halves[1] - halves[0]), found.delta, found.interval)
    silent = np.cumprod([1.0, *(1 - world.spoken)])
    topics = np.append(silent[:-1] * world.spoken, silent[-1])
    shares = [np.outer([north, 1 - north], topics) for north in world.north]
    rates = []
    for kept in world.kept:
        side = world.pull * (2 * kept - 1)
        later = [side[at] + (side * world.spoken)[at + 1 :].sum() for at in range(side.size)]
        rates.append(100 * (world.base[:, None] + np.append(later, 0.0)[None, :]))
    terms = split(shares[0], rates[0], shares[1], rates[1])
    for term, truth in zip(found.terms, terms, strict=True):
        yield Told(f"what moved it: {term.name}", float(truth), term.points, term.interval)


def _regions(world: World, report: GapReport) -> Iterator[Told]:
    shares = np.stack([world.north, 1 - world.north])
    for segment in report.findings.segmentations[0].segments:
        of_half = shares[REGIONS.index(segment.value)] / shares[REGIONS.index(segment.value)].sum()
        said = (world.spoken * world.pull * (2 * world.kept - 1)).sum(axis=1)
        net = 100 * float(world.base[REGIONS.index(segment.value)] + of_half @ said)
        if segment.net.value is not None and segment.net.interval is not None:
            yield Told("net sentiment of a segment", net, segment.net.value, segment.net.interval)
        for one in segment.promises:
            if one.delivery.value is not None and one.delivery.interval is not None:
                truth = 100 * float(of_half @ world.kept[:, int(one.promise[1:])])
                yield Told("delivery of a promise in a segment", truth, one.delivery.value, one.delivery.interval)


def _scorecard(world: World, evidence: Evidence) -> Iterator[Told]:
    rows = tuple(
        RatedRow(row.day, PILLARS[int(row.promise[1:])], row.stance == "kept", row.n, row.story) for row in evidence.stances
    )
    found = build_scorecard(
        ScorecardEvidence(
            brand=evidence.brand,
            brand_name=evidence.brand_name,
            timezone=evidence.timezone,
            window=evidence.window,
            generated=evidence.generated,
            pillars=rows,
            stages=(),
            ratings=(),
            quotes={},
            coverage=evidence.coverage,
            model=evidence.model,
        )
    )
    truth = 1 + 4 * world.kept.mean(axis=0)
    measured = [(float(truth[PILLARS.index(one.name)]), one) for one in found.pillars if one.customers is not None]
    for rating, one in measured:
        if one.customers is not None and one.interval is not None:
            yield Told("score of a pillar (1–5)", rating, one.customers, one.interval)
    if found.total.customers is not None and found.total.interval is not None:
        yield Told("score of all pillars", sum(rating for rating, _ in measured), found.total.customers, found.total.interval)


def _spread(rng: np.random.Generator) -> Iterator[Told]:
    """Twelve weeks whose delivery lies apart by a known standard deviation."""
    spread, mean = float(rng.choice([0.0, 0.05, 0.1, 0.15, 0.2])), float(rng.uniform(0.4, 0.8))
    n = rng.integers(8, 80, size=12).astype(np.float64)
    strength = mean * (1 - mean) / spread**2 - 1 if spread else 0.0
    shares = rng.beta(mean * strength, (1 - mean) * strength, size=12) if spread else np.full(12, mean)
    found = spread_of_shares(rng.binomial(n.astype(np.int64), shares).astype(np.float64), n, rng)
    yield Told(
        "consistency: spread between weeks", 100 * spread, 100 * found.spread, (100 * found.interval[0], 100 * found.interval[1])
    )


def _waiting(rng: np.random.Generator) -> Iterator[Told]:
    """Cases that wait for a time that is log-normal around eight hours; a sixth has no answer yet."""
    waits, seen = rng.lognormal(np.log(8), 1.0, size=int(rng.integers(20, 200))), rng.lognormal(np.log(30), 1.0)
    cases = [
        (float(min(one, other)), bool(one <= other))
        for one, other in zip(waits, rng.lognormal(np.log(seen), 1, waits.size), strict=True)
    ]
    median, interval = kaplan_meier_median(cases)
    if median is not None and interval is not None:
        yield Told("median time to answer (hours)", 8.0, median, (interval[0], interval[1] if interval[1] is not None else np.inf))


@dataclass(frozen=True)
class Covered:
    """A cause whose complaints come at `ratio` times the old rate once it is covered: what is said of it in half a year.

    `first` is the first verdict, `ever` tells which verdicts were given in any week, `held` whether the last interval holds the ratio.
    """

    ratio: float
    first: str
    ever: frozenset[str]
    held: bool


def of_cause(seed: int) -> list[Covered]:
    """Complaints of a cause, covered after twelve weeks, and looked at in every week since."""
    rng = np.random.default_rng([18, seed])
    found = []
    for ratio in (0.0, 0.1, 0.3, 1.0):
        weekly, scatter = rng.uniform(1.5, 8), float(rng.choice([1.0, 1.0, 2.0]))
        covered = worlds.SINCE
        heard = {covered + timedelta(days=day): int(rng.poisson(120)) for day in range(-84, 7 * LOOKS)}
        complaints = {}
        for week in range(-12, LOOKS):
            mean = weekly * (ratio if week >= 0 else 1.0)
            rate = mean if scatter == 1 else rng.gamma(mean / (scatter - 1), scatter - 1) if mean else 0.0
            for day, n in enumerate(rng.multinomial(rng.poisson(rate), [1 / 7] * 7).tolist()):
                complaints[covered + timedelta(days=7 * week + day)] = n
        daily = Daily(complaints, heard)
        proofs = [
            prove(daily, covered - timedelta(days=200), covered, 0, covered + timedelta(weeks=week)) for week in range(1, LOOKS + 1)
        ]
        said = [one.proof for one in proofs]
        last = prove(daily, covered - timedelta(days=200), covered, 0, covered + timedelta(weeks=12)).change
        held = last is not None and last.interval[0] <= ratio <= last.interval[1]
        found.append(Covered(ratio, next((one for one in said if one != "too early"), "too early"), frozenset(said), held))
    return found


def page(told: Sequence[Line], covers: Sequence[Covered], count: int) -> str:
    """The document."""
    rows = [
        f"| {one.what} | {one.numbers:,} | 95 % | {100 * one.held:.1f} % | {one.bias:+.2f} | {one.error:.2f} | {one.width:.1f} |".replace(
            "| inf |", "| open |"
        )
        for one in told
    ]
    ratios = sorted({one.ratio for one in covers})
    causes = []
    for ratio in ratios:
        mine = [one for one in covers if one.ratio == ratio]
        shares = [
            np.mean([one.first == "holds" for one in mine]),
            np.mean([one.first == "recurs" for one in mine]),
            np.mean(["holds" in one.ever for one in mine]),
            np.mean(["recurs" in one.ever for one in mine]),
            np.mean([one.held for one in mine]),
        ]
        causes.append(f"| {ratio:g} | " + " | ".join(f"{100 * float(share):.0f} %" for share in shares) + " |")
    return "\n".join([*_HEAD.format(count=count, voices="400 to 4,000").splitlines(), *rows, *_CAUSES.splitlines(), *causes, ""])


_HEAD = """\
# Report quality

Written by `make bench-truth`: {count:,} made-up brands whose truth was planted, {voices} voices in twelve weeks each, read by a model
that is right in 76 % of balanced texts. One text in ten is copied by two to six voices. Every number that the reports give with an
interval is held against what was planted; the intervals are meant to hold it in 95 of a hundred. What the model itself can do stands in
[model quality](model-quality.md), how the numbers are computed in [metrics](metrics.md).

Bias and mean error are in the unit of the number: points of 100 unless it says otherwise. Where promises are misread, three in four of
those voices speak of the promise at all, and of these about one in six is taken for its opposite, each promise in its own way.

| number | numbers | nominal | holds the truth | bias | mean error | mean width |
|---|---|---|---|---|---|---|"""

_CAUSES = """
## Covered causes

Causes with 1.5 to 8 complaints a week, a third of them twice as scattered as chance, covered, and looked at in each of the 26 weeks
since. What is said first once anything is, what is said in any of these weeks, and how often the interval of the ratio after twelve
weeks holds the planted one.

| complaints since, of the old rate | first: it holds | first: it recurs | ever: it holds | ever: it recurs | interval holds the ratio |
|---|---|---|---|---|---|"""


def measure(count: int, processes: int) -> tuple[list[Line], list[Covered]]:
    """Live through `count` worlds."""
    with ProcessPoolExecutor(processes) as pool:
        told = lines(chain.from_iterable(pool.map(of_world, range(count), chunksize=10)))
        covers = list(chain.from_iterable(pool.map(of_cause, range(min(count, COVERS)), chunksize=10)))
    return told, covers


def main() -> None:
    parser = argparse.ArgumentParser(description="Hold intervals against planted truth.")
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    text = page(*measure(options.worlds, options.processes), options.worlds)
    print(text)
    if options.worlds == WORLDS:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
