"""Small mentions, matches and readings for the tests of the store, and what a store holds, told without its row numbers."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from models.reading import Passage, PromiseMatch, Reading, Sentiment
from monitor.store import Brand, Kept, Match, Store, ToRead
from reports.evidence import AdvertisedPromise, Evidence, Window
from sources.mention import Mention
from sources.source import Batch

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
JUNE = Window(date(2026, 6, 1), date(2026, 7, 1))
PRESS_TEXT = "Acme Air opens a new route from Riga to London next spring."
GOOD, BAD = Sentiment(0.1, 0.2, 0.7), Sentiment(0.8, 0.1, 0.1)

ACME = Brand(
    "acme",
    "Acme Air",
    "UTC",
    (AdvertisedPromise("on-time", "We depart on time."), AdvertisedPromise("bags", "Your bags arrive with you.")),
)
BETA = Brand("beta", "Beta Bank", "UTC", (AdvertisedPromise("fees", "No hidden fees."),))


def fresh() -> Store:
    """A store in memory that knows both brands."""
    store = Store(":memory:")
    store.brands.sync([ACME, BETA])
    return store


def mention(external_id: str = "1", text: str = "", **rest: Any) -> Mention:
    fields = {"source": "feed", "author": f"author {external_id}", "published": NOON, "raw_published": "Mon"} | rest
    return Mention(external_id=external_id, text=text or f"My bag number {external_id} came with me on the belt.", **fields)


def matched(*brands: str, zone: Any = UTC) -> Callable[[Mention], Sequence[Match]]:
    return lambda one: [Match(brand, one.published.astimezone(zone).date(), ((0, 4),)) for brand in brands or ("acme",)]


def keep(store: Store, *mentions: Mention, match: Callable[[Mention], Sequence[Match]] | None = None, now: datetime = NOON) -> Kept:
    return store.mentions.keep("feed", Batch(mentions), match or matched(), now)


def reading(
    mood: Sentiment | None = GOOD, *promises: PromiseMatch, model: str = "m1", reason: str = "", experience: str | None = None
) -> Reading:
    passages = (Passage(0, 6, mood, None, experience, promises),) if mood else ()
    return Reading("en", mood, reason, passages, model)


def said(promise: str, stance: Any, confidence: float = 0.9, relevance: float = 0.9) -> PromiseMatch:
    return PromiseMatch(promise, relevance, stance, confidence)


def read(store: Store, how: Reading | Callable[[ToRead], Reading], limit: int = 1000) -> int:
    """Read what is unread by the model of `how`."""
    model = how.model if isinstance(how, Reading) else "m1"
    tasks = store.readings.unread(model, limit)
    return store.readings.save([(task, how if isinstance(how, Reading) else how(task)) for task in tasks])


def evidence(store: Store, brand: str = "acme", window: Window = JUNE, **rest: Any) -> Evidence:
    return store.evidence.load(brand, window, generated=NOON + timedelta(days=60), **rest)


_BASE = (
    """SELECT s.name, m.external_id, m.title, m.text, m.author, m.voice, m.published, t.key, t.copies, t.first_published
    FROM mentions m JOIN sources s ON s.id = m.source JOIN stories t ON t.id = m.story""",
    """SELECT s.name, m.external_id, a.brand, a.day, a.unit, a.unread, a.spans, a.voice,
        (SELECT key FROM stories WHERE id = a.cluster)
    FROM matches a JOIN mentions m ON m.id = a.mention JOIN sources s ON s.id = a.source""",
    """SELECT s.name, m.external_id, r.brand, v.version, r.label, r.negative, r.neutral, r.positive, r.reason
    FROM readings r JOIN mentions m ON m.id = r.mention JOIN sources s ON s.id = m.source JOIN models v ON v.id = r.model""",
    """SELECT s.name, m.external_id, e.brand, v.version, e.promise, e.stance, e.relevance, e.confidence, p.start, p.stop, p.label
    FROM evidence e JOIN mentions m ON m.id = e.mention JOIN sources s ON s.id = m.source JOIN models v ON v.id = e.model
    JOIN passages p ON p.id = e.passage""",
    """SELECT s.name, m.external_id, r.title, r.text
    FROM revisions r JOIN mentions m ON m.id = r.mention JOIN sources s ON s.id = m.source""",
    "SELECT p.brand, p.day, p.promise, m.external_id FROM placements p JOIN mentions m ON m.id = p.mention",
    "SELECT count(*) FROM passages",
)
_SOURCE = "(SELECT name FROM sources WHERE id = source)"
_STORY = "(SELECT key FROM stories WHERE id = story)"
_ROLLUPS = (
    f"SELECT brand, day, voice, {_SOURCE}, {_STORY}, units, n FROM mention_rollup",
    "SELECT brand, day, model, reason, n FROM reading_rollup",
    f"SELECT brand, day, model, voice, {_SOURCE}, cell, label, {_STORY}, n, negative, neutral, positive FROM sentiment_rollup",
    f"SELECT brand, day, model, promise, voice, {_SOURCE}, stance, {_STORY}, n FROM evidence_rollup",
    "SELECT brand, day, model, promise, side, place, confidence FROM quote_rollup",
    f"""SELECT brand, day, model, dimension, value, {_SOURCE}, cell, label, {_STORY}, n, negative, neutral, positive
    FROM segment_rollup""",
    f"SELECT brand, day, model, dimension, value, promise, stance, {_STORY}, n FROM segment_side_rollup",
    "SELECT brand, day, model, promise, kind, names FROM leader_rollup",
    f"SELECT brand, day, model, promise, quantity, stance, {_STORY}, n FROM quantity_rollup",
    f"SELECT brand, day, model, label, said, {_STORY}, n FROM voice_rollup",
)


def content(store: Store) -> list[list[tuple[Any, ...]]]:
    """Everything that was kept and read, in an order of its own and without row numbers."""
    return [sorted(store.door.connection.execute(query).fetchall(), key=repr) for query in _BASE]


def rollups(store: Store) -> list[list[tuple[Any, ...]]]:
    """Everything that was counted, likewise."""
    return [sorted(store.door.connection.execute(query).fetchall(), key=repr) for query in _ROLLUPS]
