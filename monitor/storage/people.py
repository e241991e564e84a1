"""People who may use the dashboard, their sessions, and the trail of what they changed. Passwords are hashes, tokens too."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Connection
from typing import Literal, cast

from monitor.storage.connection import moment, stamp
from monitor.storage.door import Door

Role = Literal["reader", "editor", "admin"]
TRAIL_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Who may sign in. `password` is a salted hash as `monitor/web/passwords.py` writes it."""

    name: str
    role: Role
    password: str


@dataclass(frozen=True, slots=True)
class Step:
    """One change that somebody made: what was done to what."""

    at: datetime
    who: str
    what: str
    about: str


class People:
    """The room of people, sessions and the trail."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def add(self, person: Person, now: datetime) -> None:
        """Let somebody in, or change their role and password; sessions and token of an earlier password end."""
        with self._door.writing() as connection:
            connection.execute(
                """INSERT INTO people VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE
                SET role = excluded.role, password = excluded.password""",
                (person.name, person.role, person.password, stamp(now)),
            )
            connection.execute("DELETE FROM sessions WHERE person = ?", (person.name,))
            connection.execute("DELETE FROM tokens WHERE person = ?", (person.name,))

    def remove(self, name: str) -> bool:
        """Let somebody in no longer; their sessions end. False where nobody has that name."""
        with self._door.writing() as connection:
            return connection.execute("DELETE FROM people WHERE name = ?", (name,)).rowcount > 0

    def all(self) -> tuple[Person, ...]:
        """Everybody, by name."""
        with self._door.reading() as connection:
            rows = connection.execute("SELECT name, role, password FROM people ORDER BY name").fetchall()
        return tuple(Person(name, cast("Role", role), password) for name, role, password in rows)

    def find(self, name: str) -> Person | None:
        """The person of that name, upper and lower case told apart."""
        return next((one for one in self.all() if one.name == name), None)

    def open_session(self, token_hash: str, name: str, now: datetime, lasts: timedelta) -> None:
        """Remember that somebody signed in; sessions that ended are forgotten."""
        with self._door.writing() as connection:
            connection.execute("DELETE FROM sessions WHERE until < ?", (stamp(now),))
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?)", (token_hash, name, stamp(now + lasts)))

    def session(self, token_hash: str, now: datetime) -> Person | None:
        """Whose session it is, while it lasts."""
        with self._door.reading() as connection:
            row = connection.execute(
                """SELECT p.name, p.role, p.password FROM sessions s JOIN people p ON p.name = s.person
                WHERE s.token = ? AND s.until >= ?""",
                (token_hash, stamp(now)),
            ).fetchone()
        return None if row is None else Person(row[0], cast("Role", row[1]), row[2])

    def set_token(self, name: str, token_hash: str, now: datetime) -> bool:
        """Let a program in as somebody, in place of the token that they had; False where nobody has that name."""
        with self._door.writing() as connection:
            if connection.execute("SELECT 1 FROM people WHERE name = ?", (name,)).fetchone() is None:
                return False
            connection.execute("INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)", (name, token_hash, stamp(now)))
        return True

    def drop_token(self, name: str) -> bool:
        """Let no program in as somebody any more; False where they had no token."""
        with self._door.writing() as connection:
            return connection.execute("DELETE FROM tokens WHERE person = ?", (name,)).rowcount > 0

    def bearer(self, token_hash: str) -> Person | None:
        """Whose token it is."""
        with self._door.reading() as connection:
            row = connection.execute(
                "SELECT p.name, p.role, p.password FROM tokens t JOIN people p ON p.name = t.person WHERE t.token = ?",
                (token_hash,),
            ).fetchone()
        return None if row is None else Person(row[0], cast("Role", row[1]), row[2])

    def with_tokens(self) -> frozenset[str]:
        """Who has a token."""
        with self._door.reading() as connection:
            return frozenset(name for (name,) in connection.execute("SELECT person FROM tokens"))

    def close_session(self, token_hash: str) -> None:
        """End a session."""
        with self._door.writing() as connection:
            connection.execute("DELETE FROM sessions WHERE token = ?", (token_hash,))

    def note(self, who: str, what: str, about: str, now: datetime) -> None:
        """Add a step to the trail."""
        with self._door.writing() as connection:
            note_in(connection, who, what, about, now)

    def trail(self, limit: int = TRAIL_AT_ONCE) -> tuple[Step, ...]:
        """The latest steps, newest first."""
        with self._door.reading() as connection:
            rows = connection.execute("SELECT at, who, what, about FROM trail ORDER BY id DESC LIMIT ?", (limit,)).fetchall()
        return tuple(Step(moment(at), who, what, about) for at, who, what, about in rows)


def note_in(connection: Connection, who: str, what: str, about: str, now: datetime) -> None:
    """Add a step to the trail within the caller's transaction, so that it stands if and only if the change does."""
    connection.execute("INSERT INTO trail (at, who, what, about) VALUES (?, ?, ?, ?)", (stamp(now), who, what, about))
