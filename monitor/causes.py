"""Finding causes: complaints are embedded once, join the cause that they are near to, or wait until enough of them are alike.

A complaint stays in its cause, so that causes keep their identity from week to week and from model to model. Killed at any point,
the next run goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models import clusters
from models.clusters import Floats
from models.complaints import brand_words, says_what_is_amiss, substance
from monitor.cause_covers import judge_covers
from monitor.cause_grouping import group
from monitor.cause_naming import name_causes
from monitor.config import BrandConfig, Config
from monitor.storage.complaints import Complaint, NewComplaint, Page, StoredComplaint, fingerprint
from monitor.store import Store
from reports.typography import counted

EMBEDDED_AT_ONCE = 1_000
PAST_DOUBT = 0.95
"""How negative a passage must be that names nothing that is amiss, and speaks of no promise."""


@dataclass(frozen=True, slots=True)
class Embedder:
    """What makes vectors of texts: unit rows, in order. Vectors of different versions are never compared."""

    version: str
    embed: Callable[[Sequence[str]], Floats]


@dataclass(frozen=True, slots=True)
class Found:
    """What finding causes came to: complaints that were new, that joined causes and that wait, and what became of causes."""

    complaints: int = 0
    joined: int = 0
    waiting: int = 0
    formed: tuple[int, ...] = ()
    merged: tuple[tuple[int, int], ...] = ()
    split: tuple[tuple[int, int], ...] = ()
    confirmed: tuple[int, ...] = ()
    reopened: tuple[int, ...] = ()

    def __add__(self, other: "Found") -> "Found":
        return Found(
            self.complaints + other.complaints,
            self.joined + other.joined,
            self.waiting + other.waiting,
            self.formed + other.formed,
            self.merged + other.merged,
            self.split + other.split,
            self.confirmed + other.confirmed,
            self.reopened + other.reopened,
        )

    def summary(self) -> str:
        """What was done, in one line; "" where there was nothing to do."""
        if self == Found(waiting=self.waiting):
            return ""
        told = [
            (counted(self.complaints, "new complaint"), self.complaints),
            (f"{self.joined:,} found a cause", self.joined),
            (f"{self.waiting:,} wait for more of their kind", self.waiting),
            (f"{counted(len(self.formed), 'new cause')}", len(self.formed)),
            (f"{counted(len(self.merged), 'merge')}", len(self.merged)),
            (f"{counted(len(self.split), 'split')}", len(self.split)),
            (f"{len(self.confirmed)} confirmed as covered", len(self.confirmed)),
            (f"{len(self.reopened)} open again", len(self.reopened)),
        ]
        return ", ".join(words for words, number in told if number)


def bundled_embedder(device: str = "auto") -> Embedder:
    """The bundled encoder; it is loaded when the first text is embedded."""
    from models.calibration import load_calibration  # noqa: PLC0415

    loaded: list[Callable[[Sequence[str]], Floats]] = []

    def embed(texts: Sequence[str]) -> Floats:
        if not loaded:
            from models.encoder import Encoder  # noqa: PLC0415 - the way to torch

            encoder = Encoder(device=device)
            loaded.append(lambda some: encoder.encode(some).embeddings)
        return loaded[0](texts)

    return Embedder(load_calibration("bundled").version, embed)


def find_due_causes(
    store: Store, config: Config, embedder: Embedder, now: datetime, stopped: Callable[[], bool] = lambda: False
) -> Found:
    """Look through what was read since the last time, group complaints, name new causes and judge covered ones.

    `stopped` is asked between steps; what is left waits for the next time.
    """
    spoken = {brand.id: _names(brand) for brand in config.brand}
    found = Found(complaints=_take_in(store, spoken, embedder, stopped))
    _renew(store, spoken, embedder, stopped)
    for brand in store.causes.complaints.brands():
        if brand in spoken and not stopped():
            new = group(store, brand, config.causes.minimum, now)
            found += Found(0, new.joined, new.waiting, new.formed, new.merged, new.split)
            name_causes(store, brand, spoken[brand], embedder.embed)
            judged = judge_covers(store, brand, config.causes.settle, now)
            found += Found(confirmed=judged.confirmed, reopened=judged.reopened)
    return found


def _names(brand: BrandConfig) -> frozenset[str]:
    return brand_words(brand.name, *(account.rpartition(":")[2] for account in brand.own_accounts))


# Taking in


def _take_in(store: Store, spoken: dict[str, frozenset[str]], embedder: Embedder, stopped: Callable[[], bool]) -> int:
    taken = 0
    while not stopped() and (page := store.causes.complaints.next_page()) is not None:
        gone, moved, fresh = _compare(page, spoken)
        texts = list(dict.fromkeys(text for _, text, _ in fresh))
        vectors = _embedded(texts, embedder)
        new = [NewComplaint(one, fingerprint(one.passage), vectors[text], cause) for one, text, cause in fresh]
        store.causes.complaints.keep(page, gone, moved, new, embedder.version)
        taken += len(new)
    return taken


Fresh = tuple[Complaint, str, int | None]


def _compare(page: Page, spoken: dict[str, frozenset[str]]) -> tuple[list[int], list[tuple[int, Complaint]], list[Fresh]]:
    """What is no more, what is the same words as before, and what is new, with its text and the cause that it inherits.

    New words inherit the cause of the complaint in whose place they stand: the same mention read by another model.
    """
    before: dict[tuple[int, str], list[StoredComplaint]] = {}
    for stored in page.stored:
        before.setdefault((stored.mention, stored.brand), []).append(stored)
    moved, fresh = [], []
    for one in page.complaints:
        earlier = before.get((one.mention, one.brand), [])
        same = next((stored for stored in earlier if stored.said == fingerprint(one.passage)), None)
        if same is not None:
            earlier.remove(same)
            moved.append((same.id, one))
            continue
        text = substance(one.passage, spoken.get(one.brand, frozenset()))
        if text and _is_told(one):
            over = max(earlier, key=lambda stored: _overlap(stored, one), default=None)
            fresh.append((one, text, over.cause if over is not None and _overlap(over, one) >= 0.5 else None))
    gone = [stored.id for rest in before.values() for stored in rest]
    return gone, moved, fresh


def _is_told(one: Complaint) -> bool:
    """Whether more than the model's impression says that something is amiss: it takes plain statements for negative at times."""
    return bool(one.promise) or one.negative >= PAST_DOUBT or says_what_is_amiss(one.passage)


def _overlap(stored: StoredComplaint, one: Complaint) -> float:
    """The share of the shorter stretch that both have."""
    common = min(stored.stop, one.stop) - max(stored.start, one.start)
    return max(0, common) / max(1, min(stored.stop - stored.start, one.stop - one.start))


def _renew(store: Store, spoken: dict[str, frozenset[str]], embedder: Embedder, stopped: Callable[[], bool]) -> None:
    """Embed anew what an earlier encoder embedded."""
    room = store.causes.complaints
    while not stopped() and (some := room.outdated(embedder.version, EMBEDDED_AT_ONCE)):
        texts = {one.id: substance(one.passage, spoken.get(one.brand, frozenset())) for one in some}
        vectors = _embedded(list(dict.fromkeys(text for text in texts.values() if text)), embedder)
        room.replace([(row, vectors[text]) for row, text in texts.items() if text], embedder.version)
        room.drop([row for row, text in texts.items() if not text])


def _embedded(texts: Sequence[str], embedder: Embedder) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    for start in range(0, len(texts), EMBEDDED_AT_ONCE):
        some = texts[start : start + EMBEDDED_AT_ONCE]
        made |= {text: row.tobytes() for text, row in zip(some, clusters.packed(embedder.embed(some)), strict=True)}
    return made
