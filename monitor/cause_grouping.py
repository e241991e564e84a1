"""Grouping a brand's complaints: those that wait join the causes that they are near to, or make new ones where enough are alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from models import clusters
from models.clusters import AT_ONCE, Floats, Likeness, Middles
from monitor.storage.complaints import Waiting
from monitor.store import Store

WAITING_AT_ONCE = 20_000
"""Waiting complaints that are placed at a time, the newest first: what bounds memory."""
LIKENESS = Likeness()
_ROUNDS = 40
_SAMPLE = 2_000
_SPLIT_AT = 25
_GROWN = 1.5


@dataclass(frozen=True, slots=True)
class Grouping:
    """How many complaints joined causes and how many wait; new causes, merges (kept, other) and splits (from, new)."""

    joined: int = 0
    waiting: int = 0
    formed: tuple[int, ...] = ()
    merged: tuple[tuple[int, int], ...] = ()
    split: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Where a brand's complaints lie: their common mean, and its causes with their middles, seen from it."""

    mean: Floats
    causes: tuple[int, ...]
    middles: Middles


def known(store: Store, brand: str) -> Known | None:
    """Read all vectors of a brand twice, some at a time; None where there is none."""
    room = store.causes.complaints
    count = room.count(brand)
    sample = [
        _unpacked(packed, len(owners))[clusters.spread(len(owners), max(1, _SAMPLE * len(owners) // count))]
        for owners, packed in room.vectors(brand)
    ]
    if not sample:
        return None
    mean = clusters.common(np.vstack(sample))
    sums: dict[int, Floats] = {}
    sizes: dict[int, int] = {}
    for owners, packed in room.vectors(brand):
        vectors, of = clusters.special(_unpacked(packed, len(owners)), mean), np.array(owners)
        for cause in (int(one) for one in np.unique(of) if one):
            chosen = vectors[of == cause]
            sums[cause] = sums.get(cause, np.zeros_like(mean)) + chosen.sum(axis=0)
            sizes[cause] = sizes.get(cause, 0) + len(chosen)
    causes = tuple(sorted(sums))
    stacked = np.array([sums[one] for one in causes], np.float32).reshape(len(causes), mean.size)
    return Known(mean, causes, Middles(stacked, np.array([sizes[one] for one in causes], np.int64)))


def group(store: Store, brand: str, minimum: int, now: datetime, likeness: Likeness = LIKENESS) -> Grouping:
    """Let waiting complaints join the causes that they are near to, and make causes of those that are alike."""
    here = known(store, brand)
    if here is None:
        return Grouping()
    merged = _merge(store, here, store.causes.untouched(brand), likeness, now)
    split = _split(store, brand, here, {other for _, other in merged}, minimum, likeness, now)
    if merged or split:
        here = known(store, brand) or here
    joined, left = 0, 0
    formed: list[int] = []
    before: int | None = None
    while page := store.causes.complaints.waiting(brand, WAITING_AT_ONCE, before):
        before = page[0].id
        here, made, count = _place(store, brand, here, page, minimum, now, likeness)
        formed += made
        joined, left = joined + count, left + len(page) - count
    return Grouping(joined, left, tuple(formed), merged, split)


def _place(
    store: Store, brand: str, here: Known, waiting: Sequence[Waiting], minimum: int, now: datetime, likeness: Likeness
) -> tuple[Known, list[int], int]:
    """Place some that wait; returns what is known then, the new causes, and how many were placed."""
    room = store.causes.complaints
    vectors = clusters.special(_unpacked(b"".join(one.vector for one in waiting), len(waiting)), here.mean)
    causes, middles, open_ = list(here.causes), here.middles, np.arange(len(waiting))
    formed: list[int] = []
    for _ in range(_ROUNDS):
        near, cosines, takes = clusters.joining(vectors[open_], middles, likeness)
        told = zip(open_[takes], near[takes], cosines[takes], strict=True)
        room.join([(waiting[at].id, causes[k], float(cosine)) for at, k, cosine in told])
        open_ = open_[~takes]
        sample = open_[clusters.spread(len(open_), AT_ONCE)]
        groups = [
            sample[rows]
            for rows in clusters.groups(vectors[sample], likeness, minimum)
            if _heard([waiting[at] for at in sample[rows]]) >= minimum
        ]
        if not groups:
            break
        new = clusters.middles(vectors, groups)
        same = new.sameness(middles)
        fresh = [place for place in range(len(groups)) if not len(causes) or same[place].max() < likeness.same]
        owners = room.form(brand, len(fresh), now)
        number = dict(zip(fresh, owners, strict=True))
        whose = [number[place] if place in number else causes[int(same[place].argmax())] for place in range(len(groups))]
        room.join(
            [
                (waiting[at].id, cause, float(vectors[at] @ centre))
                for cause, rows, centre in zip(whose, groups, new.centres, strict=True)
                for at in rows
            ]
        )
        formed += owners
        causes += owners
        middles = middles.plus(Middles(new.sums[fresh], new.sizes[fresh]))
        open_ = np.setdiff1d(open_, np.concatenate(groups))
    return Known(here.mean, tuple(causes), middles), formed, len(waiting) - len(open_)


def _heard(some: Sequence[Waiting]) -> int:
    return clusters.voices([one.story for one in some], [one.author for one in some])


def _merge(store: Store, here: Known, free: set[int], likeness: Likeness, now: datetime) -> tuple[tuple[int, int], ...]:
    """Causes that have grown into one are made one, the older number stays; never what a person has touched."""
    pairs = [sorted((here.causes[first], here.causes[second])) for first, second in clusters.alike(here.middles, likeness)]
    merged = [(kept, other) for kept, other in pairs if {kept, other} <= free]
    for kept, other in merged:
        store.causes.merge(kept, other, now, by_hand=False)
    return tuple(merged)


def _split(
    store: Store, brand: str, here: Known, merged: set[int], minimum: int, likeness: Likeness, now: datetime
) -> tuple[tuple[int, int], ...]:
    """A cause that has grown is looked at again: where it is two by now, the larger part keeps its number and its name."""
    room = store.causes.complaints
    checked = store.causes.checked_sizes(here.causes)
    due = [
        (cause, int(size))
        for cause, size in zip(here.causes, here.middles.sizes, strict=True)
        if cause not in merged and size >= max(_SPLIT_AT, _GROWN * checked.get(cause, 0))
    ]
    made: list[tuple[int, int]] = []
    for cause, size in due:
        members = room.members(cause, AT_ONCE)
        vectors = clusters.special(_unpacked(b"".join(one.vector for one in members), len(members)), here.mean)
        least = max(2 * minimum - 2, len(members) // 20)
        parts = [rows for rows in clusters.groups(vectors, replace(likeness, form=likeness.form / 2), least) if len(rows) >= least]
        for rows, centre in zip(parts[1:], clusters.middles(vectors, parts).centres[1:], strict=True):
            if _heard([members[row] for row in rows]) >= minimum:
                (number,) = room.form(brand, 1, now, f"split from {cause}")
                room.join([(members[row].id, number, float(vectors[row] @ centre)) for row in rows])
                made.append((cause, number))
        room.note_checked([(cause, size)])
    return tuple(made)


def _unpacked(packed: bytes, count: int) -> Floats:
    return clusters.unpacked(np.frombuffer(packed, np.int8).reshape(count, -1)) if count else np.zeros((0, 1), np.float32)
