"""Numeric promises: "delivered in two days" beside the days that customers report, with the median and its interval."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from zlib import crc32

import numpy as np

from models.elapsed import elapsed
from models.quantities import Quantity, quantities
from reports.breakdown import QuantityRow
from reports.evidence import AdvertisedPromise
from reports.findings import NumericPromise
from reports.resampling import resampled
from reports.statistics import MIN_EFFECTIVE, TAILS, Floats, Ints, effective_size, wilson
from reports.words_moved import number_sentence

REPLICATES = 1000


def numeric_promises(promises: Sequence[AdvertisedPromise], rows: Sequence[QuantityRow], seed: int) -> tuple[NumericPromise, ...]:
    """Each figure that a promise names, in the order of promises and of their words."""
    found: list[NumericPromise] = []
    for promise in promises:
        mine = [
            (row, measured)
            for row in rows
            if row.promise == promise.id
            for measured in (quantities(row.quantity) or elapsed(row.quantity))[:1]
        ]
        named: dict[tuple[str, str], Quantity] = {}
        for one in quantities(promise.text):
            named.setdefault((one.dimension, one.unit), one)
        for kind, advertised in named.items():
            measured = [(row, one.value) for row, one in mine if (one.dimension, one.unit) == kind]
            rng = np.random.default_rng([seed, crc32(promise.id.encode()), len(found)])
            found.append(_measure(promise, advertised, measured, rng))
    return tuple(found)


def _measure(
    promise: AdvertisedPromise, advertised: Quantity, rows: Sequence[tuple[QuantityRow, float]], rng: np.random.Generator
) -> NumericPromise:
    """A voice that calls the promise broken and names the advertised figure repeats what was promised: it measures nothing."""
    voices: dict[tuple[float, int], int] = defaultdict(int)
    for row, value in rows:
        if value > 0 and not (row.stance == "broken" and value == advertised.value):
            voices[value, row.story] += row.n
    story = np.array([story for _, story in voices], dtype=np.int64)
    n = np.array(list(voices.values()), dtype=np.int64)
    kinds, place = np.unique(np.array([value for value, _ in voices], dtype=np.float64), return_inverse=True)
    counts = np.bincount(place, weights=n, minlength=kinds.size).astype(np.float64)
    n_eff = effective_size(n, story)
    result = NumericPromise(
        promise=promise.id,
        text=promise.text,
        advertised_text=advertised.text,
        advertised=advertised.value,
        unit=advertised.unit,
        n=int(n.sum()),
        n_eff=n_eff,
        median=None,
        interval=None,
        within=None,
        within_interval=None,
        values=tuple((float(kind), int(count)) for kind, count in zip(kinds, counts, strict=True)),
        sentence="",
    )
    if n_eff >= MIN_EFFECTIVE:
        median = float(_medians(kinds, counts[None, :])[0])
        draws = _medians(kinds, resampled(place, n, story, kinds.size, rng=rng, replicates=REPLICATES))
        low, high = (float(bound) for bound in np.quantile(draws, TAILS, method="nearest"))
        result = replace(result, median=median, interval=(min(low, median), max(high, median)))
        if advertised.dimension != "share":
            within = float(counts[kinds <= advertised.value].sum() / counts.sum())
            result = replace(result, within=within, within_interval=wilson(within * n_eff, n_eff))
    return replace(result, sentence=number_sentence(result))


def _medians(values: Floats, counts: Floats) -> Floats:
    """The median of each row of counts (B × values) of sorted values; between two values their mean. Empty samples are left out."""
    heard = counts[counts.sum(axis=1) > 0]
    summed = np.cumsum(heard, axis=1)
    half = summed[:, -1:] / 2
    lower, upper = _first(summed >= half), _first(summed > half)
    return np.asarray((values[lower] + values[upper]) / 2)


def _first(reached: np.ndarray) -> Ints:
    return np.asarray(np.argmax(reached, axis=1), dtype=np.int64)
