"""The advertised side: where the brand made its promises, in which words; and claims that nobody has entered as promises yet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from sqlite3 import Connection
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from monitor.placements import sightings
from monitor.storage.connection import moment
from monitor.storage.door import Door
from monitor.storage.reading import PLACED, body, wording
from reports.claim_records import Claim, Sentence
from reports.evidence import PlacementRow, Window, WordingRow

State = Literal["proposed", "accepted", "dismissed"]
At = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A claim that somebody may enter as a promise, the number it is called by, and what was decided of it."""

    number: int
    claim: Claim
    state: State = "proposed"


class Placements:
    """The room of what the brand says."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def sentences(self, brand: str, window: Window) -> list[Sentence]:
        """What the brand said in the window beside its promises, sentence by sentence, as the model that reads now divides it."""
        with self._door.reading() as connection:
            rows = connection.execute(
                f"""SELECT a.mention, m.title, m.text, p.start, p.stop, a.day, s.name, m.url
                FROM matches a JOIN readings r ON r.mention = a.mention AND r.brand = a.brand JOIN passages p ON p.reading = r.id
                JOIN mentions m ON m.id = a.mention JOIN sources s ON s.id = m.source
                WHERE a.brand = :brand AND a.voice = 'brand' AND a.day >= :since AND a.day < :until
                    AND r.model = (SELECT id FROM models WHERE used > 0 ORDER BY used DESC LIMIT 1)
                    AND NOT EXISTS (SELECT 1 FROM evidence e JOIN promises t ON t.brand = e.brand AND t.id = e.promise
                        WHERE e.passage = p.id AND t.active = 1 AND e.relevance >= {PLACED})
                ORDER BY a.day, a.mention, p.start""",  # noqa: S608 - a constant of ours
                {"brand": brand, "since": window.since.isoformat(), "until": window.until.isoformat()},
            ).fetchall()
        return [
            Sentence(mention, wording(body(title, text), start, stop), date.fromisoformat(day), source, url)
            for mention, title, text, start, stop, day, source, url in rows
        ]

    def propose(self, brand: str, claims: Iterable[Claim]) -> None:
        """Make the proposals of a brand those given; a claim keeps its number, and what people decided of it."""
        with self._door.writing() as connection:
            wanted = list(claims)
            known = {key for (key,) in connection.execute("SELECT key FROM claims WHERE brand = ?", (brand,))}
            gone = known - {one.key for one in wanted}
            connection.executemany(
                "DELETE FROM claims WHERE brand = ? AND key = ? AND state = 'proposed'", [(brand, key) for key in gone]
            )
            connection.executemany(
                """INSERT INTO claims (brand, key, words, strength, first, last, sightings, mention)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (brand, key) DO UPDATE SET words = excluded.words,
                strength = excluded.strength, first = excluded.first, last = excluded.last, sightings = excluded.sightings,
                mention = excluded.mention""",
                [
                    (
                        *(brand, one.key, one.words, one.strength, one.first.isoformat(), one.last.isoformat()),
                        *(one.sightings, one.mention),
                    )
                    for one in wanted
                ],
            )

    def proposals(self, brand: str) -> list[Proposal]:
        """The claims of a brand that nobody has decided on, the most often seen first."""
        with self._door.reading() as connection:
            return [one for one in _proposals(connection, brand) if one.state == "proposed"]

    def proposal(self, brand: str, number: int) -> Proposal | None:
        """The claim of that number, decided or not; None where there is none."""
        with self._door.reading() as connection:
            return next((one for one in _proposals(connection, brand) if one.number == number), None)

    def settle(self, brand: str, number: int, state: State) -> None:
        """Decide on a claim."""
        with self._door.writing() as connection:
            connection.execute("UPDATE claims SET state = ? WHERE brand = ? AND id = ?", (state, brand, number))


def _proposals(connection: Connection, brand: str) -> Iterator[Proposal]:
    rows = connection.execute(
        """SELECT c.id, c.state, c.key, c.words, c.strength, c.first, c.last, c.sightings, c.mention, s.name, m.url
        FROM claims c JOIN mentions m ON m.id = c.mention JOIN sources s ON s.id = m.source
        WHERE c.brand = ? ORDER BY c.sightings DESC, c.id""",
        (brand,),
    ).fetchall()
    for number, state, key, words, strength, first, last, *rest in rows:
        days = date.fromisoformat(first), date.fromisoformat(last)
        yield Proposal(number, Claim(key, words, strength, *days, *rest), state)


class _Seen(NamedTuple):
    """Some sightings of one wording of a promise on one day."""

    day: date
    promise: str
    words: str
    n: int
    source: str
    url: str


def load(
    connection: Connection, at: At, window: Window, zone: ZoneInfo, advertised: Mapping[str, str]
) -> tuple[tuple[PlacementRow, ...], tuple[WordingRow, ...]]:
    """The placements of the `advertised` promises (id to text) by day, and by their words; pages count while they stand.

    What was read before its words were kept is taken to be in the promise's own.
    """
    seen = [one for one in (*_published(connection, at), *_standing(connection, at, window, zone)) if one.promise in advertised]
    days: dict[tuple[date, str], int] = {}
    worded: dict[tuple[str, str], list[_Seen]] = {}
    for one in seen:
        days[one.day, one.promise] = days.get((one.day, one.promise), 0) + one.n
        worded.setdefault((one.promise, one.words or " ".join(advertised[one.promise].split())), []).append(one)
    return (
        tuple(PlacementRow(day, promise, n) for (day, promise), n in sorted(days.items())),
        tuple(_wording_row(*key, some) for key, some in sorted(worded.items())),
    )


def _wording_row(promise: str, words: str, seen: Sequence[_Seen]) -> WordingRow:
    last = max(seen, key=lambda one: (one.day, one.url))
    first = min(one.day for one in seen)
    return WordingRow(promise, words, first, last.day, sum(one.n for one in seen), last.source, last.url)


def _published(connection: Connection, at: At) -> Iterator[_Seen]:
    """What was published once: news, adverts, posts."""
    rows = connection.execute(
        """SELECT p.day, p.promise, p.words, count(*), s.name, m.url, max(p.mention)
        FROM placements p JOIN mentions m ON m.id = p.mention JOIN sources s ON s.id = m.source
        WHERE p.brand = :brand AND p.day >= :since AND p.day < :until AND p.model = :model AND s.kind <> 'page'
        GROUP BY p.day, p.promise, p.words""",
        at,
    )
    # SQLite gives the other columns of the row that has the maximum: source and address are the last mention's.
    return (_Seen(date.fromisoformat(day), promise, words, n, source, url) for day, promise, words, n, source, url, _ in rows)


def _standing(connection: Connection, at: At, window: Window, zone: ZoneInfo) -> Iterator[_Seen]:
    """What pages say: each version stands from its capture to the next one, the last as long as the page is heard."""
    rows = connection.execute(
        """WITH captures AS (
            SELECT m.id, m.url, a.day, s.name, s.collected,
                lead(a.day) OVER (PARTITION BY m.source, m.url ORDER BY m.published, m.id) AS following
            FROM sources s CROSS JOIN mentions m ON m.source = s.id CROSS JOIN matches a ON a.mention = m.id AND a.brand = :brand
            WHERE s.kind = 'page')
        SELECT c.day, c.following, c.collected, p.promise, p.words, c.name, c.url
        FROM captures c JOIN placements p ON p.brand = :brand AND p.day = c.day AND p.model = :model AND p.mention = c.id
        WHERE c.day < :until AND coalesce(c.following, '~') > :since""",
        at,
    ).fetchall()
    for day, following, collected, promise, words, source, url in rows:
        captured = date.fromisoformat(day)
        until = date.fromisoformat(following) if following else _day_after(collected, zone, captured)
        for sighted in sightings(captured, until, window):
            yield _Seen(sighted, promise, words, 1, source, url)


def _day_after(collected: str | None, zone: ZoneInfo, captured: date) -> date:
    heard = moment(collected).astimezone(zone).date() if collected else captured
    return max(heard, captured) + timedelta(days=1)
