"""What is unread by the current model, and what the models said."""

from collections.abc import Iterable
from datetime import UTC, datetime
from operator import attrgetter
from sqlite3 import Connection

from models.known_errors import KnownErrors, stored
from models.reading import RELEVANT as SPOKEN_OF
from models.reading import Reading
from monitor.storage.connection import writing
from monitor.storage.door import Door
from monitor.storage.values import ToRead
from sources.mention import Mention

RELEVANT = SPOKEN_OF
"""From this probability on, a passage counts as speaking of a promise."""
PLACED = 0.7
"""Likewise for the brand's own words: they make the promise, or are of another matter; between the two lies most of the doubt."""

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
Priors = tuple[float, float, float]


def body(title: str, text: str) -> str:
    """The text that a stored mention is matched and read by."""
    return Mention("", "", text, _ANY_TIME, title=title).body


def wording(text: str, start: int, stop: int) -> str:
    """A passage as one line."""
    return " ".join(text[start:stop].split())


def note_model(connection: Connection, version: str, priors: Priors | None, errors: KnownErrors | None) -> None:
    """Remember the class shares that a model's probabilities were calibrated for, and how it is known to err; None: not known."""
    row = _model(connection, version)
    connection.execute(
        "UPDATE models SET negative = ?, neutral = ?, positive = ?, errors = ? WHERE id = ?",
        (*(priors or (None, None, None)), stored(errors), row),
    )


def _model(connection: Connection, version: str) -> int:
    connection.execute("INSERT INTO models (version) VALUES (?) ON CONFLICT DO NOTHING", (version,))
    return int(connection.execute("SELECT id FROM models WHERE version = ?", (version,)).fetchone()[0])


def current_model(connection: Connection) -> str | None:
    """The version that reads now: the one that unread matches were last asked for."""
    row = connection.execute("SELECT version FROM models WHERE used > 0 ORDER BY used DESC LIMIT 1").fetchone()
    return None if row is None else str(row[0])


def make_current(connection: Connection, version: str) -> int:
    """Let `version` be the one that reads: whatever it has not read is unread, whatever others said of it."""
    model = _model(connection, version)
    if current_model(connection) != version:
        connection.execute("UPDATE models SET used = (SELECT max(used) + 1 FROM models) WHERE id = ?", (model,))
        connection.execute(
            """UPDATE matches SET unread = 1 - unread WHERE unread = EXISTS (
                SELECT 1 FROM readings r WHERE r.mention = matches.mention AND r.brand = matches.brand AND r.model = ?)""",
            (model,),
        )
    return model


def unread(connection: Connection, limit: int) -> list[ToRead]:
    """At most `limit` matches that the current model has not read, the newest days first."""
    rows = connection.execute(
        """SELECT a.mention, a.brand, m.title, m.text, b.name, a.voice
        FROM matches a JOIN mentions m ON m.id = a.mention JOIN brands b ON b.id = a.brand
        WHERE a.unread = 1 ORDER BY a.day DESC, a.mention DESC, a.brand DESC LIMIT ?""",
        (limit,),
    )
    return [ToRead(mention, brand, body(title, text), target, voice) for mention, brand, title, text, target, voice in rows]


def count_unread(connection: Connection) -> int:
    """How many matches the current model has not read."""
    return int(connection.execute("SELECT count(*) FROM matches WHERE unread = 1").fetchone()[0])


def save_readings(connection: Connection, rows: Iterable[tuple[ToRead, Reading]]) -> int:
    """Save what was read; what was edited or unmatched since it was handed out stays unread. Returns how many were saved."""
    saved = 0
    for task, reading in rows:
        found = connection.execute(
            "SELECT m.title, m.text, a.day FROM mentions m JOIN matches a ON a.mention = m.id WHERE m.id = ? AND a.brand = ?",
            (task.mention, task.brand),
        ).fetchone()
        if found is None or body(found[0], found[1]) != task.text:
            continue
        current = current_model(connection)
        model = make_current(connection, reading.model) if current is None else _model(connection, reading.model)
        _save(connection, task, reading, model, found[2])
        if current in {None, reading.model}:
            connection.execute("UPDATE matches SET unread = 0 WHERE mention = ? AND brand = ?", (task.mention, task.brand))
        saved += 1
    return saved


def _save(connection: Connection, task: ToRead, reading: Reading, model: int, day: str) -> None:
    key = (task.mention, task.brand, model)
    connection.execute("DELETE FROM readings WHERE mention = ? AND brand = ? AND model = ?", key)
    connection.execute("DELETE FROM placements WHERE mention = ? AND brand = ? AND model = ?", key)
    connection.execute("INSERT OR IGNORE INTO rollup_stale VALUES (?, ?)", (task.brand, day))
    mood = reading.sentiment
    scores = (None, None, None, None) if mood is None else (mood.label, *map(float, (mood.negative, mood.neutral, mood.positive)))
    row = connection.execute(
        "INSERT INTO readings (mention, brand, model, language, label, negative, neutral, positive, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*key, reading.language, *scores, reading.reason),
    ).lastrowid
    for passage in reading.passages:
        felt = passage.sentiment
        place = connection.execute(
            "INSERT INTO passages (reading, start, stop, label, negative, neutral, positive, pillar, experience)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(row, passage.start, passage.end, felt.label),
                *map(float, (felt.negative, felt.neutral, felt.positive)),
                *(passage.pillar, passage.experience),
            ),
        ).lastrowid
        # Should a reader name a promise twice in one passage, the more relevant word counts.
        connection.executemany(
            "INSERT OR IGNORE INTO evidence (mention, brand, model, promise, passage, stance, relevance, confidence, quantity)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (*key, said.promise, place, said.stance, float(said.relevance), float(said.confidence), said.quantity)
                for said in sorted(passage.promises, key=attrgetter("relevance"), reverse=True)
            ],
        )
    if task.voice == "brand":
        _place(connection, task, reading, model, day)


def _place(connection: Connection, task: ToRead, reading: Reading, model: int, day: str) -> None:
    """Note which promises a text of the brand's own makes, each in the words that speak of it most clearly."""
    said = [(match, passage) for passage in reading.passages for match in passage.promises if match.relevance >= PLACED]
    connection.executemany(
        "INSERT OR IGNORE INTO placements (brand, day, model, promise, mention, words) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (task.brand, day, model, match.promise, task.mention, wording(task.text, passage.start, passage.end))
            for match, passage in sorted(said, key=lambda one: one[0].relevance, reverse=True)
        ],
    )


class Readings:
    """The room of what the models say of mentions."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def unread(self, model: str, limit: int) -> list[ToRead]:
        """At most `limit` matches that `model` has not read, newest first. Asking makes it the version that reads now."""
        with self._door.explained() as connection:
            if current_model(connection) != model:
                with writing(connection):
                    make_current(connection, model)
            return unread(connection, limit)

    def count_unread(self) -> int:
        """How many matches the model that reads now has not read."""
        with self._door.reading() as connection:
            return count_unread(connection)

    def note_model(self, version: str, priors: Priors | None, errors: KnownErrors | None = None) -> None:
        """Remember the class shares (negative, neutral, positive) that a model was calibrated for, and how it errs, if known."""
        with self._door.writing() as connection:
            note_model(connection, version, priors, errors)

    def save(self, rows: Iterable[tuple[ToRead, Reading]]) -> int:
        """Save readings in one transaction; returns how many, leaving out mentions that were edited meanwhile."""
        with self._door.writing() as connection:
            return save_readings(connection, rows)
