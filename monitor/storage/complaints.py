"""The room of complaints: passages that complain, with a vector each, so that no text is embedded twice by one encoder.

Their causes are told by the passages that belong to them, and so outlive the model that found them.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection

from monitor.storage.cause_events import note
from monitor.storage.connection import stamp
from monitor.storage.door import Door
from monitor.storage.reading import RELEVANT, body

SURE, LIKELY, EVIDENT = 0.9, 0.7, 0.5
"""How negative a passage must be to complain: of itself, in a negative mention, and where it says that a promise was broken."""
READINGS_AT_ONCE = 2_000
VECTORS_AT_ONCE = 20_000

# The surest broken promise of a passage.
_BROKEN = f"""(SELECT e.promise FROM evidence e WHERE e.passage = p.id AND e.stance = 'broken' AND e.relevance >= {RELEVANT}
    ORDER BY e.relevance * e.confidence DESC, e.promise LIMIT 1)"""  # noqa: S608 - constants of ours


@dataclass(frozen=True, slots=True)
class Complaint:
    """A passage that complains. `said` stands for its words; `promise` is the one it says was broken; "" is none."""

    mention: int
    brand: str
    day: str
    start: int
    stop: int
    passage: str
    pillar: str
    promise: str
    negative: float


@dataclass(frozen=True, slots=True)
class StoredComplaint:
    """What is stored of a mention's complaint."""

    id: int
    mention: int
    brand: str
    start: int
    stop: int
    said: int
    cause: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """What some readings say: up to which `reading`, their complaints, and what was stored of the same mentions before."""

    reading: int
    complaints: tuple[Complaint, ...]
    stored: tuple[StoredComplaint, ...]


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """A complaint to store with its vector; `cause` is inherited from an earlier reading of the same words."""

    complaint: Complaint
    said: int
    vector: bytes
    cause: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A complaint of no cause yet: who says it, in which story, and its vector."""

    id: int
    author: str
    story: int
    vector: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """A stored complaint's own words; `passage` is "" where its mention was edited since."""

    id: int
    brand: str
    mention: int
    author: str
    passage: str


def fingerprint(passage: str) -> int:
    """What tells one passage's words from another's."""
    return zlib.crc32(passage.encode("utf-8", "surrogatepass"))


class Complaints:
    """Passages that complain, by brand."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def unseen(self) -> int:
        """How many readings have not been looked through for complaints."""
        with self._door.reading() as connection:
            return int(
                connection.execute("SELECT count(*) FROM readings WHERE id > (SELECT reading FROM cause_state)").fetchone()[0]
            )

    def count(self, brand: str) -> int:
        """How many complaints there are of a brand."""
        with self._door.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM complaints WHERE brand = ?", (brand,)).fetchone()[0])

    def count_waiting(self, brand: str) -> int:
        """How many complaints of a brand belong to no cause yet."""
        with self._door.reading() as connection:
            query = "SELECT count(*) FROM complaints WHERE brand = ? AND cause IS NULL"
            return int(connection.execute(query, (brand,)).fetchone()[0])

    def next_page(self) -> Page | None:
        """The next readings that were not looked through yet, a page of them; None where there is none."""
        with self._door.reading() as connection:
            (after,) = connection.execute("SELECT reading FROM cause_state").fetchone()
            (last,) = connection.execute(
                "SELECT max(id) FROM (SELECT id FROM readings WHERE id > ? ORDER BY id LIMIT ?)", (after, READINGS_AT_ONCE)
            ).fetchone()
            if last is None:
                return None
            at = {"after": after, "last": last}
            return Page(last, tuple(_complaints(connection, at)), tuple(_stored(connection, at)))

    def keep(
        self, page: Page, gone: Sequence[int], moved: Sequence[tuple[int, Complaint]], new: Sequence[NewComplaint], encoder: str
    ) -> None:
        """Store what became of a page: complaints that are no more, those that are as before but for their place, and new ones."""
        with self._door.writing() as connection:
            connection.executemany("DELETE FROM complaints WHERE id = ?", [(row,) for row in gone])
            connection.executemany(
                "UPDATE complaints SET day = ?, start = ?, stop = ?, pillar = ?, promise = ?, negative = ? WHERE id = ?",
                [(one.day, one.start, one.stop, one.pillar, one.promise, one.negative, row) for row, one in moved],
            )
            for item in new:
                one = item.complaint
                values = (one.brand, one.day, one.start, one.stop, item.said, item.cause, one.pillar, one.promise, one.negative)
                # The mention may have been deleted since the page was read.
                row = connection.execute(
                    """INSERT INTO complaints (brand, day, start, stop, said, cause, pillar, promise, negative, mention)
                    SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, id FROM mentions WHERE id = ? RETURNING id""",
                    (*values, one.mention),
                ).fetchone()
                if row is not None:
                    connection.execute(
                        "INSERT INTO complaint_vectors VALUES (?, ?, ?)", (row[0], fingerprint(encoder), item.vector)
                    )
            connection.execute("UPDATE cause_state SET reading = ?", (page.reading,))

    def outdated(self, encoder: str, limit: int) -> list[Said]:
        """At most `limit` complaints whose vector another encoder made."""
        with self._door.reading() as connection:
            rows = connection.execute(
                """SELECT complaint FROM complaint_vectors WHERE encoder < :encoder
                UNION ALL SELECT complaint FROM complaint_vectors WHERE encoder > :encoder LIMIT :limit""",
                {"encoder": fingerprint(encoder), "limit": limit},
            ).fetchall()
            return _said(connection, [row for (row,) in rows])

    def replace(self, vectors: Sequence[tuple[int, bytes]], encoder: str) -> None:
        """Store the vectors that `encoder` makes of complaints."""
        with self._door.writing() as connection:
            connection.executemany(
                "UPDATE complaint_vectors SET encoder = ?, vector = ? WHERE complaint = ?",
                [(fingerprint(encoder), vector, row) for row, vector in vectors],
            )

    def drop(self, complaints: Sequence[int]) -> None:
        """Delete complaints that tell of nothing."""
        with self._door.writing() as connection:
            connection.executemany("DELETE FROM complaints WHERE id = ?", [(row,) for row in complaints])

    def brands(self) -> list[str]:
        """The brands that somebody complains of."""
        with self._door.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM brands b WHERE EXISTS (SELECT 1 FROM complaints WHERE brand = b.id) ORDER BY id"
            )
            return [row for (row,) in rows]

    def vectors(self, brand: str) -> Iterator[tuple[list[int], bytes]]:
        """The vectors of a brand's complaints, some at a time: the cause of each (0 where it waits), and the vectors on end."""
        after = -1
        with self._door.explained() as connection:
            while True:
                rows = connection.execute(
                    """SELECT c.id, coalesce(k.merged_into, k.id, 0), v.vector FROM complaints c
                    JOIN complaint_vectors v ON v.complaint = c.id LEFT JOIN causes k ON k.id = c.cause
                    WHERE c.brand = ? AND c.id > ? ORDER BY c.id LIMIT ?""",
                    (brand, after, VECTORS_AT_ONCE),
                ).fetchall()
                if not rows:
                    return
                after = rows[-1][0]
                yield [cause for _, cause, _ in rows], b"".join(vector for _, _, vector in rows)

    def waiting(self, brand: str, limit: int, before: int | None = None) -> list[Waiting]:
        """The newest complaints of a brand (of those older than `before`) that belong to no cause yet, the oldest of them first."""
        with self._door.reading() as connection:
            rows = connection.execute(
                """SELECT c.id, m.author, m.story, v.vector FROM complaints c JOIN complaint_vectors v ON v.complaint = c.id
                JOIN mentions m ON m.id = c.mention WHERE c.brand = ? AND c.cause IS NULL AND c.id < coalesce(?, 9e18)
                ORDER BY c.id DESC LIMIT ?""",
                (brand, before, limit),
            ).fetchall()
        return [Waiting(*row) for row in reversed(rows)]

    def members(self, cause: int, limit: int) -> list[Waiting]:
        """The newest complaints of a cause, the newest first."""
        return self._members(cause, limit, "")

    def surer_members(self, cause: int, limit: int) -> list[Waiting]:
        """The newest of those that are more surely complaints than most of their cause: misread praise is seldom among them."""
        return self._members(cause, limit, "AND c.negative >= (SELECT 0.99 * avg(negative) FROM complaints WHERE cause = ?1)")

    def _members(self, cause: int, limit: int, among: str) -> list[Waiting]:
        with self._door.reading() as connection:
            rows = connection.execute(
                f"""SELECT c.id, m.author, m.story, v.vector FROM complaints c JOIN complaint_vectors v ON v.complaint = c.id
                JOIN mentions m ON m.id = c.mention WHERE c.cause = ?1 {among}
                ORDER BY c.day DESC, c.id DESC LIMIT ?2""",  # noqa: S608 - words of ours
                (cause, limit),
            ).fetchall()
        return [Waiting(*row) for row in rows]

    def words(self, complaints: Sequence[int]) -> list[Said]:
        """The words of complaints, in their order; those that are no more are left out."""
        with self._door.reading() as connection:
            return _said(connection, complaints)

    def newest(self, brand: str, limit: int) -> list[Said]:
        """The words of the newest complaints of a brand, whatever their cause."""
        with self._door.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM complaints WHERE brand = ? ORDER BY day DESC, id DESC LIMIT ?", (brand, limit)
            ).fetchall()
            return _said(connection, [row for (row,) in rows])

    def join(self, joined: Sequence[tuple[int, int, float]]) -> None:
        """Let complaints join causes: (complaint, cause, likeness)."""
        with self._door.writing() as connection:
            connection.executemany(
                "UPDATE complaints SET cause = ?, likeness = ? WHERE id = ?",
                [(cause, likeness, row) for row, cause, likeness in joined],
            )

    def form(self, brand: str, count: int, now: datetime, told: str = "formed") -> list[int]:
        """Make so many new causes, without complaints yet; returns their numbers."""
        made = []
        with self._door.writing() as connection:
            for _ in range(count):
                (cause,) = connection.execute(
                    "INSERT INTO causes (brand, formed) VALUES (?, ?) RETURNING id", (brand, stamp(now))
                ).fetchone()
                note(connection, cause, now, told)
                made.append(int(cause))
        return made

    def note_checked(self, checked: Sequence[tuple[int, int]]) -> None:
        """Note how many complaints causes had when they were looked at whether each is one: (cause, complaints)."""
        with self._door.writing() as connection:
            connection.executemany("UPDATE causes SET checked = ? WHERE id = ?", [(count, cause) for cause, count in checked])


def _complaints(connection: Connection, at: dict[str, int]) -> Iterator[Complaint]:
    rows = connection.execute(
        f"""SELECT r.mention, r.brand, a.day, p.start, p.stop, p.pillar, p.negative, m.title, m.text, {_BROKEN} AS broken
        FROM readings r JOIN passages p ON p.reading = r.id
        JOIN matches a ON a.mention = r.mention AND a.brand = r.brand JOIN mentions m ON m.id = r.mention
        WHERE r.id > :after AND r.id <= :last AND a.voice = 'customer' AND p.negative >= {EVIDENT}
            AND (p.experience IS NULL OR p.experience = 'first-hand')
            AND (p.negative >= {SURE} OR (p.negative >= {LIKELY} AND r.label = 'negative') OR broken IS NOT NULL)
            AND r.model = (SELECT id FROM models ORDER BY used DESC LIMIT 1)
        ORDER BY r.id, p.start""",  # noqa: S608 - constants of ours
        at,
    )
    for mention, brand, day, start, stop, pillar, negative, title, text, broken in rows:
        passage = body(title, text)[start:stop]
        yield Complaint(mention, brand, day, start, stop, passage, pillar or "", broken or "", negative)


def _stored(connection: Connection, at: dict[str, int]) -> Iterator[StoredComplaint]:
    rows = connection.execute(
        """SELECT DISTINCT c.id, c.mention, c.brand, c.start, c.stop, c.said, c.cause FROM readings r
        JOIN complaints c ON c.mention = r.mention AND c.brand = r.brand
        WHERE r.id > :after AND r.id <= :last AND r.model = (SELECT id FROM models ORDER BY used DESC LIMIT 1)""",
        at,
    )
    for row in rows:
        yield StoredComplaint(*row)


def _said(connection: Connection, complaints: Sequence[int]) -> list[Said]:
    found = []
    for row in complaints:
        one = connection.execute(
            """SELECT c.brand, c.mention, m.author, c.start, c.stop, c.said, m.title, m.text FROM complaints c
            JOIN mentions m ON m.id = c.mention WHERE c.id = ?""",
            (row,),
        ).fetchone()
        if one is not None:
            brand, mention, author, start, stop, said, title, text = one
            passage = body(title, text)[start:stop]
            found.append(Said(row, brand, mention, author, passage if fingerprint(passage) == said else ""))
    return found
