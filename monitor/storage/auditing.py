"""Random samples of mentions, what people said of them, and how that compares with what the model said."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from sqlite3 import Connection
from typing import Literal, cast

from monitor.storage.connection import StoreError
from monitor.storage.labelled import CORRECTED, SINGLY, labelled
from monitor.storage.reading import RELEVANT, body, current_model
from monitor.storage.values import Audit
from monitor.storage.versions import reported
from reports.evidence import AuditRow, Label, PutRight, StanceAuditRow, Window

SaidStance = Literal["kept", "broken", "none"]

_OF_WINDOW = "+a.brand = :brand AND a.day >= :since AND a.day < :until AND r.model = :model"

READ_STANCE = f"""coalesce((SELECT e.stance FROM evidence e WHERE e.mention = s.mention AND e.brand = s.brand AND e.model = :model
    AND e.promise = s.promise AND e.stance IS NOT NULL AND e.relevance >= {RELEVANT}
    ORDER BY e.relevance * e.confidence DESC, e.passage LIMIT 1), 'none')"""  # noqa: S608 - a constant of ours


@dataclass(frozen=True, slots=True)
class Draw:
    """A random sample of the `units` of a window that no earlier draw had taken: `mentions` in the order they were drawn."""

    id: int
    window: Window
    units: int
    mentions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AuditItem:
    """A drawn mention: its text, where it names the brand, its passages, the promises found there, and what people said.

    `found` maps each promise to the offsets of the passage that speaks of it most surely.
    """

    mention: int
    text: str
    spans: tuple[tuple[int, int], ...]
    passages: tuple[tuple[int, int], ...]
    found: Mapping[str, tuple[int, int]]
    label: Label | None = None
    stances: Mapping[str, SaidStance] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Whether nothing is left to ask."""
        return self.label is not None and self.stances.keys() >= self.found.keys()


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """Counts of (person, model) over the random samples: of labels, and of stances by promise. `drawn` is how many were drawn."""

    model: str
    drawn: int
    labels: Mapping[tuple[str, str], int]
    stances: Mapping[str, Mapping[tuple[str, str], int]]


def draw(connection: Connection, brand: str, window: Window, size: int, seed: int | None, now: str) -> Draw:
    """Draw at most `size` customers' story-voices that were scored by the model that reports take, all with the same chance.

    Without `seed` the number of the draw is one.

    Raises:
        StoreError: there is nothing to draw from.
    """
    model = reported(connection, brand, window) or model_row(connection)
    at = {"brand": brand, "model": model, "since": window.since.isoformat(), "until": window.until.isoformat()}
    rows = connection.execute(
        """SELECT a.mention FROM matches a JOIN readings r ON r.mention = a.mention AND r.brand = a.brand AND r.model = :model
        WHERE a.brand = :brand AND a.day >= :since AND a.day < :until AND a.unit = 1 AND a.voice = 'customer'
            AND r.label IS NOT NULL AND a.mention NOT IN
                (SELECT d.mention FROM drawn d JOIN draws w ON w.id = d.draw WHERE w.brand = :brand)
        ORDER BY a.mention""",
        at,
    )
    units = [mention for (mention,) in rows]
    if not units:
        raise StoreError(
            f"there is nothing to draw from {window.since} until {window.until}: no customer's mention was read that was not drawn",
            remedy="choose another window with --since and --until, or run: promisewatch read",
        )
    number = int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM draws").fetchone()[0])
    chosen = random.Random(number if seed is None else seed).sample(units, min(size, len(units)))  # noqa: S311 - to be repeated, not to be secret
    connection.execute(
        "INSERT INTO draws (id, brand, since, until, seed, units, drawn) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, brand, at["since"], at["until"], number if seed is None else seed, len(units), now),
    )
    connection.executemany("INSERT INTO drawn VALUES (?, ?, ?)", [(number, one, place) for place, one in enumerate(chosen)])
    return Draw(number, window, len(units), tuple(chosen))


def items(connection: Connection, brand: str, number: int | None = None, only: int | None = None) -> list[AuditItem]:
    """The drawn mentions of a brand, of one draw or of all, in the order they were drawn; or `only` one of them."""
    rows = connection.execute(
        """SELECT d.mention, m.title, m.text, a.spans, u.label FROM draws w CROSS JOIN drawn d ON d.draw = w.id
        CROSS JOIN mentions m ON m.id = d.mention CROSS JOIN matches a ON a.mention = d.mention AND a.brand = w.brand
        LEFT JOIN audits u ON u.mention = d.mention AND u.brand = w.brand
        WHERE w.brand = ? AND d.draw = coalesce(?, d.draw) AND d.mention = coalesce(?, d.mention) ORDER BY d.draw, d.place""",
        (brand, number, only),
    ).fetchall()
    model = model_row(connection)
    return [
        AuditItem(
            mention=mention,
            text=body(title, text),
            spans=tuple((start, stop) for start, stop in json.loads(spans) or ()),
            passages=_passages(connection, brand, mention, model),
            found=_found(connection, brand, mention, model),
            label=label,
            stances=dict(
                connection.execute("SELECT promise, stance FROM audit_stances WHERE brand = ? AND mention = ?", (brand, mention))
            ),
        )
        for mention, title, text, spans, label in rows
    ]


def _passages(connection: Connection, brand: str, mention: int, model: int) -> tuple[tuple[int, int], ...]:
    return tuple(
        connection.execute(
            """SELECT p.start, p.stop FROM passages p JOIN readings r ON r.id = p.reading
            WHERE r.mention = ? AND r.brand = ? AND r.model = ? ORDER BY p.start, p.stop""",
            (mention, brand, model),
        )
    )


def _found(connection: Connection, brand: str, mention: int, model: int) -> dict[str, tuple[int, int]]:
    rows = connection.execute(
        """SELECT e.promise, p.start, p.stop FROM evidence e JOIN passages p ON p.id = e.passage
        JOIN promises o ON o.brand = e.brand AND o.id = e.promise AND o.active = 1
        WHERE e.mention = ? AND e.brand = ? AND e.model = ? AND e.relevance >= ?
        ORDER BY o.position, e.relevance, e.passage DESC""",
        (mention, brand, model, RELEVANT),
    )
    return {promise: (start, stop) for promise, start, stop in rows}


def save(connection: Connection, audits: Iterable[Audit], labelled_at: str) -> None:
    """Save what people said; a later word replaces the earlier one. What was drawn says how good the model is, nothing else."""
    for audit in audits:
        connection.execute(
            """INSERT INTO audits (mention, brand, label, random, labelled) VALUES (?1, ?2, ?3, EXISTS
                (SELECT 1 FROM drawn d JOIN draws w ON w.id = d.draw WHERE d.mention = ?1 AND w.brand = ?2), ?4)
            ON CONFLICT (brand, mention) DO UPDATE
            SET label = excluded.label, random = excluded.random, labelled = excluded.labelled""",
            (audit.mention, audit.brand, audit.label, labelled_at),
        )
        connection.executemany(
            """INSERT INTO audit_stances (brand, mention, promise, stance) VALUES (?, ?, ?, ?)
            ON CONFLICT (brand, mention, promise) DO UPDATE SET stance = excluded.stance""",
            [(audit.brand, audit.mention, promise, stance) for promise, stance in audit.stances.items()],
        )


def relabel(connection: Connection, brand: str, mentions: Sequence[int], label: Label, labelled_at: str) -> None:
    """Change the label of those that are audited and said another."""
    connection.executemany(
        "UPDATE audits SET label = ?1, labelled = ?2 WHERE brand = ?3 AND mention = ?4 AND label <> ?1",
        [(label, labelled_at, brand, mention) for mention in mentions],
    )


def forget(connection: Connection, brand: str, mention: int) -> None:
    """Take back what was said of a mention."""
    for table in ("audits", "audit_stances"):
        connection.execute(f"DELETE FROM {table} WHERE brand = ? AND mention = ?", (brand, mention))  # noqa: S608 - our own names


def drawn_for(connection: Connection, mentions: Sequence[int]) -> dict[int, set[str]]:
    """For each stored one of `mentions`, the brands that it was drawn for."""
    marks = json.dumps(list(mentions))
    found: dict[int, set[str]] = {
        mention: set()
        for (mention,) in connection.execute("SELECT id FROM mentions WHERE id IN (SELECT value FROM json_each(?))", (marks,))
    }
    for mention, brand in connection.execute(
        "SELECT d.mention, w.brand FROM drawn d JOIN draws w ON w.id = d.draw WHERE d.mention IN (SELECT value FROM json_each(?))",
        (marks,),
    ):
        found[mention].add(brand)
    return found


def counts(connection: Connection, brand: str, version: str) -> tuple[int, int]:
    """How many of a brand's randomly drawn, audited mentions a model has labelled, and how many of them as the person did."""
    total, right = connection.execute(
        """SELECT count(*), coalesce(sum(r.label = a.label), 0) FROM audits a
        JOIN readings r ON r.mention = a.mention AND r.brand = a.brand JOIN models v ON v.id = r.model
        WHERE a.brand = ? AND a.random = 1 AND v.version = ? AND r.label IS NOT NULL""",
        (brand, version),
    ).fetchone()
    return int(total), int(right)


def summary(connection: Connection, brand: str) -> AuditSummary:
    """What people said of the random samples beside what the current model says, its own word and no correction of it."""
    at = {"brand": brand, "model": model_row(connection)}
    labels = connection.execute(
        """SELECT a.label, r.label, count(*) FROM audits a JOIN readings r ON r.mention = a.mention AND r.brand = a.brand
        WHERE a.brand = :brand AND a.random = 1 AND r.model = :model AND r.label IS NOT NULL GROUP BY a.label, r.label""",
        at,
    ).fetchall()
    stances: dict[str, dict[tuple[str, str], int]] = {}
    for promise, said, read, n in connection.execute(
        f"""SELECT promise, said, found, count(*) FROM (
            SELECT s.promise, s.stance AS said, {READ_STANCE} AS found FROM audit_stances s
            JOIN audits a ON a.mention = s.mention AND a.brand = s.brand AND a.random = 1
            JOIN readings r ON r.mention = s.mention AND r.brand = s.brand AND r.model = :model
            WHERE s.brand = :brand) GROUP BY promise, said, found ORDER BY promise""",  # noqa: S608 - constants
        at,
    ):
        stances.setdefault(promise, {})[said, read] = n
    (drawn,) = connection.execute(
        "SELECT count(*) FROM drawn d JOIN draws w ON w.id = d.draw WHERE w.brand = :brand", at
    ).fetchone()
    return AuditSummary(current_model(connection) or "", drawn, {(said, read): n for said, read, n in labels}, stances)


def evidence(connection: Connection, at: Mapping[str, str | int]) -> tuple[tuple[AuditRow, ...], tuple[Window, ...]]:
    """The audited units of a window as they were read, and the windows that a brand's samples were drawn from."""
    audited = "a.mention IN (SELECT mention FROM audits WHERE brand = :brand AND random = 1)"
    rows = connection.execute(
        f"""SELECT l.day, u.label, l.label, l.negative, l.neutral, l.positive, l.cluster
        FROM ({labelled(f"{audited} AND {_OF_WINDOW}", singly=False)}) l
        JOIN audits u ON u.mention = l.mention AND u.brand = l.brand WHERE l.voice = 'customer' ORDER BY l.mention""",  # noqa: S608 - constants
        at,
    )
    audits = tuple(
        AuditRow(date.fromisoformat(day), cast("Label", said), cast("Label", read), (negative, neutral, positive), story)
        for day, said, read, negative, neutral, positive, story in rows
    )
    windows = connection.execute("SELECT since, until FROM draws WHERE brand = :brand ORDER BY id", at)
    return audits, tuple(Window(date.fromisoformat(since), date.fromisoformat(until)) for since, until in windows)


def put_right(connection: Connection, at: Mapping[str, str | int]) -> tuple[PutRight, ...]:
    """The units of a window that were corrected one by one, as they count and as they were read."""
    corrected = f"a.mention IN (SELECT mention FROM corrected WHERE brand = :brand AND correction IN ({SINGLY}))"  # noqa: S608 - a constant
    rows = connection.execute(
        f"""SELECT a.day, {CORRECTED}, a.label, a.negative, a.neutral, a.positive, a.cluster
        FROM ({labelled(f"{corrected} AND {_OF_WINDOW}", singly=False)}) a WHERE a.voice = 'customer' ORDER BY a.mention""",  # noqa: S608 - constants
        at,
    )
    return tuple(
        PutRight(date.fromisoformat(day), label, read, (negative, neutral, positive), story)
        for day, label, read, negative, neutral, positive, story in rows
    )


def stance_evidence(connection: Connection, at: Mapping[str, str | int]) -> tuple[StanceAuditRow, ...]:
    """The votes of a window's random samples that count as evidence, with what a person said of each."""
    rows = connection.execute(
        f"""SELECT promise, said, stance, cluster FROM (
            SELECT s.promise, s.stance AS said, e.stance, a.cluster, e.mention, row_number() OVER (
                PARTITION BY s.promise, s.mention ORDER BY e.relevance * e.confidence DESC, e.passage) AS choice
            FROM audits u CROSS JOIN audit_stances s ON s.brand = u.brand AND s.mention = u.mention
            CROSS JOIN matches a ON a.brand = u.brand AND a.mention = u.mention
            JOIN evidence e ON e.mention = u.mention AND e.brand = u.brand AND e.promise = s.promise
            JOIN passages p ON p.id = e.passage
            WHERE u.brand = :brand AND u.random = 1 AND a.day >= :since AND a.day < :until AND a.unit = 1 AND a.voice = 'customer'
                AND e.model = :model AND e.stance IS NOT NULL AND e.relevance >= {RELEVANT}
                AND (p.experience IS NULL OR p.experience = 'first-hand'))
        WHERE choice = 1 ORDER BY promise, mention""",  # noqa: S608 - a constant
        at,
    )
    return tuple(StanceAuditRow(*row) for row in rows)


def model_row(connection: Connection) -> int:
    """The row of the model that reads now; 0 where none has read."""
    row = connection.execute("SELECT id FROM models WHERE used > 0 ORDER BY used DESC LIMIT 1").fetchone()
    return 0 if row is None else int(row[0])
