"""Auditing one card at a time: the next drawn mention that has something left to say of it, and how far a brand is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection

from monitor.storage import auditing
from monitor.storage.auditing import READ_STANCE, AuditItem, AuditSummary, Draw, SaidStance
from monitor.storage.connection import stamp
from monitor.storage.door import Door
from monitor.storage.people import note_in
from monitor.storage.reading import RELEVANT, body
from monitor.storage.values import Audit
from reports.evidence import Label, Window

Place = tuple[int, int]
"""Where a mention lies in what was drawn: the number of the draw, and its place there."""
START: Place = (0, -1)
MOST_ROWS = 200

# In this order: what was drawn is little, a brand's matches are many.
_DRAWN = "draws w CROSS JOIN drawn d ON d.draw = w.id CROSS JOIN matches a ON a.mention = d.mention AND a.brand = w.brand"
_OPEN = f"""(NOT EXISTS (SELECT 1 FROM audits u WHERE u.brand = w.brand AND u.mention = d.mention)
    OR EXISTS (SELECT 1 FROM evidence e JOIN promises o ON o.brand = e.brand AND o.id = e.promise AND o.active = 1
        WHERE e.mention = d.mention AND e.brand = w.brand AND e.model = :model AND e.relevance >= {RELEVANT}
        AND NOT EXISTS (SELECT 1 FROM audit_stances t
            WHERE t.brand = e.brand AND t.mention = e.mention AND t.promise = e.promise)))"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class Card:
    """A drawn mention with something left to say of it, and where it lies."""

    place: Place
    item: AuditItem


@dataclass(frozen=True, slots=True)
class Progress:
    """How many mentions of a brand were drawn, and how many are done."""

    drawn: int
    done: int


@dataclass(frozen=True, slots=True)
class Audited:
    """A drawn mention with what a person and what the model says of it, a label or a promise's stance."""

    mention: int
    text: str
    said: str
    read: str


class AuditCards:
    """The room of cards."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def progress(self, brand: str) -> Progress:
        """How far a brand's samples are."""
        with self._door.reading() as connection:
            at = {"brand": brand, "model": auditing.model_row(connection)}
            drawn, left = connection.execute(
                f"SELECT count(*), coalesce(sum({_OPEN}), 0) FROM {_DRAWN} WHERE w.brand = :brand",  # noqa: S608 - constants
                at,
            ).fetchone()
        return Progress(drawn, drawn - left)

    def next(self, brand: str, after: Place = START) -> Card | None:
        """The first card behind a place, in the order they were drawn; None where none is left there."""
        with self._door.reading() as connection:
            return next(_cards(connection, f"(d.draw, d.place) > (:draw, :place) AND {_OPEN}", brand, *after), None)

    def card(self, brand: str, mention: int) -> Card | None:
        """A drawn mention, done or not; None where it was not drawn for the brand."""
        with self._door.reading() as connection:
            return next(_cards(connection, "d.mention = :draw", brand, mention, 0), None)

    def label(self, brand: str, mention: int, label: Label, who: str, now: datetime) -> None:
        """Save what a person says of the sentiment, and who did."""
        with self._door.writing() as connection:
            auditing.save(connection, [Audit(mention, brand, label)], stamp(now))
            note_in(connection, who, f"audited as {label}", f"mention {mention}", now)

    def stance(self, brand: str, mention: int, promise: str, stance: SaidStance, who: str, now: datetime) -> bool:
        """Save what a person says of a promise, and who did; False where nobody has said the sentiment yet."""
        with self._door.writing() as connection:
            row = connection.execute("SELECT label FROM audits WHERE brand = ? AND mention = ?", (brand, mention)).fetchone()
            if row is None:
                return False
            auditing.save(connection, [Audit(mention, brand, row[0], {promise: stance})], stamp(now))
            said = "not about it" if stance == "none" else stance
            note_in(connection, who, f"audited {promise}: {said}", f"mention {mention}", now)
        return True

    def forget(self, brand: str, mention: int, who: str, now: datetime) -> None:
        """Take back all that was said of a mention, and note who did."""
        with self._door.writing() as connection:
            auditing.forget(connection, brand, mention)
            note_in(connection, who, "took an audit back", f"mention {mention}", now)

    def draw(self, brand: str, window: Window, size: int, who: str, now: datetime) -> Draw:
        """Draw a sample (see `auditing.draw`), and note who did.

        Raises:
            StoreError: there is nothing to draw from.
        """
        with self._door.writing() as connection:
            drawn = auditing.draw(connection, brand, window, size, None, stamp(now))
            note_in(connection, who, f"drew {len(drawn.mentions)} to audit", f"brand {brand}", now)
        return drawn

    def summary(self, brand: str) -> AuditSummary:
        """What people said beside what the model says."""
        with self._door.reading() as connection:
            return auditing.summary(connection, brand)

    def compared(self, brand: str, said: str, read: str, promise: str = "", limit: int = MOST_ROWS) -> list[Audited]:
        """The mentions of one cell of the comparison: of labels, or of a promise's stances. The latest first."""
        with self._door.reading() as connection:
            at = {
                "brand": brand,
                "model": auditing.model_row(connection),
                "said": said,
                "read": read,
                "promise": promise,
                "limit": limit,
            }
            labels = """SELECT a.mention, a.label AS said, r.label AS read FROM audits a
                JOIN readings r ON r.mention = a.mention AND r.brand = a.brand AND r.model = :model
                WHERE a.brand = :brand AND a.random = 1 AND r.label IS NOT NULL"""
            # A stance counts where its mention was drawn and read, as it does in the summary.
            stances = f"""SELECT s.mention, s.stance AS said, {READ_STANCE} AS read FROM audit_stances s
                JOIN audits a ON a.mention = s.mention AND a.brand = s.brand AND a.random = 1
                JOIN readings r ON r.mention = a.mention AND r.brand = a.brand AND r.model = :model
                WHERE s.brand = :brand AND s.promise = :promise"""  # noqa: S608 - a constant
            rows = connection.execute(
                f"""SELECT x.mention, m.title, m.text, x.said, x.read FROM ({stances if promise else labels}) x
                JOIN mentions m ON m.id = x.mention WHERE x.said = :said AND x.read = :read ORDER BY x.mention DESC LIMIT :limit""",  # noqa: S608 - constants
                at,
            ).fetchall()
        return [Audited(mention, body(title, text), said_, read_) for mention, title, text, said_, read_ in rows]


def _cards(connection: Connection, where: str, brand: str, draw: int, place: int) -> Iterator[Card]:
    at = {"brand": brand, "model": auditing.model_row(connection), "draw": draw, "place": place}
    rows = connection.execute(
        f"SELECT d.draw, d.place, d.mention FROM {_DRAWN} WHERE w.brand = :brand AND {where} ORDER BY d.draw, d.place LIMIT 1",  # noqa: S608 - constants
        at,
    ).fetchall()
    for number, at_place, mention in rows:
        (item,) = auditing.items(connection, brand, number, mention)
        yield Card((number, at_place), item)
