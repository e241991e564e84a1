"""The outbox: what is to be sent, to whom, and what became of it. A message is queued once, sent at least once, never lost.

Channels are stored by `channel_id`: no secret of an address gets here. What was sent keeps its subject, not its words.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from sqlite3 import Connection
from typing import Any, Literal

from monitor.secrets import channel_id
from monitor.storage.connection import moment, stamp
from monitor.storage.door import Door

Kind = Literal["digest", "alert", "case", "test"]
State = Literal["waiting", "sent", "dead"]

_COLUMNS = "id, channel, key, kind, brand, subject, state, queued, due, attempts, sent, error, remedy, unreached"


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be told: the same in a line, in plain text, as a self-contained page and as JSON for programs.

    `key` makes it one message however often it is queued, and tells receivers that it came twice. `mentions` are those that it
    quotes: where one is deleted before it is sent, it goes without the quotes.
    """

    key: str
    kind: Kind
    brand: str
    subject: str
    text: str
    html: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    mentions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Queued:
    """A message in the outbox and how it fares. Once it was sent, its text, page and data are empty.

    `left` are those of several receivers whom it has not reached, where it has reached others.
    """

    id: int
    channel: str
    state: State
    queued: datetime
    due: datetime
    attempts: int
    sent: datetime | None
    error: str
    remedy: str
    message: Message
    left: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What receivers know it by, the same however often it is sent."""
        return hashlib.sha256(f"{self.channel}\n{self.message.key}".encode()).hexdigest()[:32]


def queue_in(connection: Connection, channel: str, message: Message, now: datetime) -> bool:
    """Queue a message for a channel, within the caller's transaction; `channel` is what stands in the configuration's `to`.

    False, and nothing is queued, when a message with that key was queued to that channel before.
    """
    row = connection.execute(
        """INSERT INTO outbox (channel, key, kind, brand, subject, text, html, data, queued, due)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel, key) DO NOTHING RETURNING id""",
        (
            channel_id(channel),
            message.key,
            message.kind,
            message.brand,
            *(_storable(text) for text in (message.subject, message.text, message.html)),
            json.dumps(message.data, default=str),
            stamp(now),
            stamp(now),
        ),
    ).fetchone()
    if row is None:
        return False
    connection.executemany(
        "INSERT OR IGNORE INTO outbox_mentions SELECT ?, id FROM mentions WHERE id = ?",
        [(row[0], mention) for mention in message.mentions],
    )
    return True


class Outbox:
    """The room of what is to be sent."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def queue(self, channel: str, message: Message, now: datetime) -> bool:
        """Queue a message for a channel, as `queue_in`, in a transaction of its own."""
        with self._door.writing() as connection:
            return queue_in(connection, channel, message, now)

    def known(self, key: str) -> bool:
        """Whether a message with that key was ever queued, to whatever channel."""
        with self._door.reading() as connection:
            return _is_known(connection, key)

    def queue_for_all(self, channels: Sequence[str], message: Message, now: datetime) -> int:
        """Queue a message for all of these channels, or, when it was queued before for any, for none; returns for how many."""
        with self._door.writing() as connection:
            if _is_known(connection, message.key):
                return 0
            return sum(queue_in(connection, channel, message, now) for channel in channels)

    def channels_due(self, now: datetime) -> list[str]:
        """The channels for which something is to be sent now."""
        with self._door.reading() as connection:
            rows = connection.execute(
                "SELECT channel FROM outbox WHERE state = 'waiting' AND due <= ? GROUP BY channel ORDER BY min(id)", (stamp(now),)
            )
            return [channel for (channel,) in rows]

    def claim(self, channel: str, now: datetime, lease: timedelta) -> Queued | None:
        """Take the next message of a channel; nobody else gets it for as long as the `lease` lasts. None when there is none."""
        with self._door.writing() as connection:
            row = connection.execute(
                "SELECT id FROM outbox WHERE state = 'waiting' AND channel = ? AND due <= ? ORDER BY id LIMIT 1",
                (channel, stamp(now)),
            ).fetchone()
            if row is None:
                return None
            connection.execute("UPDATE outbox SET due = ?, attempts = attempts + 1 WHERE id = ?", (stamp(now + lease), row[0]))
            return _found(connection, row[0])

    def renew(self, messages: Sequence[int], until: datetime) -> None:
        """Let messages that are still being sent be nobody else's before then."""
        with self._door.writing() as connection:
            connection.executemany(
                "UPDATE outbox SET due = ? WHERE id = ? AND state = 'waiting'", [(stamp(until), one) for one in messages]
            )

    def sent(self, message: int, now: datetime) -> None:
        """It arrived: note when, and forget its words."""
        with self._door.writing() as connection:
            connection.execute(
                """UPDATE outbox SET state = 'sent', sent = ?, error = '', remedy = '', text = '', html = '', data = '{}'
                WHERE id = ?""",
                (stamp(now), message),
            )
            connection.execute("DELETE FROM outbox_mentions WHERE message = ?", (message,))

    def postpone(self, message: int, until: datetime, error: str, remedy: str = "", left: Sequence[str] = ()) -> None:
        """It did not arrive this time: try again, and everything else for that channel not before then either."""
        with self._door.writing() as connection:
            _note(connection, message, error, remedy, left)
            connection.execute("UPDATE outbox SET due = ? WHERE id = ?", (stamp(until), message))
            connection.execute(
                """UPDATE outbox SET due = ? WHERE state = 'waiting' AND due < ?
                AND channel = (SELECT channel FROM outbox WHERE id = ?)""",
                (stamp(until), stamp(until), message),
            )

    def hasten(self, now: datetime) -> None:
        """Let everything that waits be due: the clock by which it was put off was wrong."""
        with self._door.writing() as connection:
            connection.execute("UPDATE outbox SET due = ? WHERE state = 'waiting' AND due > ?", (stamp(now), stamp(now)))

    def hold(self, channel: str, until: datetime) -> None:
        """Send nothing to a channel before `until`: it has had enough for now."""
        with self._door.writing() as connection:
            connection.execute(
                "UPDATE outbox SET due = ? WHERE state = 'waiting' AND channel = ? AND due < ?",
                (stamp(until), channel, stamp(until)),
            )

    def bury(self, message: int, error: str, remedy: str, left: Sequence[str] = ()) -> None:
        """It cannot arrive as things are: put it among the dead letters, until somebody asks to retry it."""
        with self._door.writing() as connection:
            _note(connection, message, error, remedy, left)
            connection.execute("UPDATE outbox SET state = 'dead' WHERE id = ?", (message,))

    def retry(self, now: datetime, message: int | None = None) -> int:
        """Make dead letters and what has failed before, one or all, due now; returns how many."""
        one = "" if message is None else "AND id = ?"
        with self._door.writing() as connection:
            return connection.execute(
                f"""UPDATE outbox SET queued = CASE state WHEN 'dead' THEN ? ELSE queued END, state = 'waiting', due = ?,
                attempts = 0 WHERE (state = 'dead' OR state = 'waiting' AND error <> '') {one}""",  # noqa: S608 - a constant
                (stamp(now), stamp(now), *([] if message is None else [message])),
            ).rowcount

    def sent_since(self, channel: str, since: datetime) -> list[datetime]:
        """When messages went to a channel since then, the oldest first."""
        with self._door.reading() as connection:
            rows = connection.execute(
                "SELECT sent FROM outbox WHERE channel = ? AND sent > ? ORDER BY sent", (channel, stamp(since))
            )
            return [moment(sent) for (sent,) in rows]

    def messages(self, states: Sequence[State] = ("waiting", "dead"), limit: int = 100) -> list[Queued]:
        """The newest messages in these states."""
        with self._door.reading() as connection:
            rows = connection.execute(
                f"""SELECT id FROM outbox WHERE state IN ({", ".join("?" * len(states))})
                ORDER BY id DESC LIMIT ?""",  # noqa: S608 - question marks
                (*states, limit),
            ).fetchall()
            return [_found(connection, row[0]) for row in rows]

    def count(self) -> dict[State, int]:
        """How many messages are waiting, and how many are dead."""
        with self._door.reading() as connection:
            found: dict[State, int] = {"waiting": 0, "dead": 0}
            found.update(
                connection.execute(
                    "SELECT state, count(*) FROM outbox WHERE state IN ('waiting', 'dead') GROUP BY state"
                ).fetchall()
            )
            return found

    def forget(self, before: datetime) -> int:
        """Delete what was sent, and the dead letters, from before then; returns how many.

        Keys that may still be queued again must not be forgotten: give a time longer ago than anything is caught up.
        """
        with self._door.writing() as connection:
            return connection.execute("DELETE FROM outbox WHERE state <> 'waiting' AND queued < ?", (stamp(before),)).rowcount


def _is_known(connection: Connection, key: str) -> bool:
    return connection.execute("SELECT 1 FROM outbox WHERE key = ?", (key,)).fetchone() is not None


def _storable(text: str) -> str:
    """Half a surrogate pair in a customer's text would otherwise keep a message from being stored."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _note(connection: Connection, message: int, error: str, remedy: str, left: Sequence[str]) -> None:
    """Note why it did not arrive; who was reached by an earlier try stays reached."""
    connection.execute("UPDATE outbox SET error = ?, remedy = ? WHERE id = ?", (error, remedy, message))
    if left:
        connection.execute("UPDATE outbox SET unreached = ? WHERE id = ?", (json.dumps(list(left)), message))


def _found(connection: Connection, message: int) -> Queued:
    row = connection.execute(f"SELECT {_COLUMNS}, text, html, data FROM outbox WHERE id = ?", (message,)).fetchone()  # noqa: S608 - a constant
    number, channel, key, kind, brand, subject, state, queued, due, attempts, sent, error, remedy, left, text, html, data = row
    mentions = connection.execute("SELECT mention FROM outbox_mentions WHERE message = ?", (message,)).fetchall()
    return Queued(
        id=number,
        channel=channel,
        state=state,
        queued=moment(queued),
        due=moment(due),
        attempts=attempts,
        sent=moment(sent) if sent else None,
        error=error,
        remedy=remedy,
        message=Message(key, kind, brand, subject, text, html, json.loads(data), tuple(one for (one,) in mentions)),
        left=tuple(json.loads(left)),
    )
