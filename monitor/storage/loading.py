"""What reports take: evidence of a brand and a window, from rollups alone; and mentions to export."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from sqlite3 import Connection
from typing import cast
from zoneinfo import ZoneInfo

from models.known_errors import from_store
from monitor.storage import auditing, brands, ledger, placements, rungs, versions, voices
from monitor.storage.connection import moment
from monitor.storage.labelled import labelled
from monitor.storage.reading import body
from monitor.storage.rollups import QUOTES_OF_A_LABEL, QUOTES_OF_A_STANCE
from monitor.storage.values import Concentration, StoredMention
from reports.evidence import (
    Coverage,
    Every,
    Evidence,
    Label,
    ModelFacts,
    Quote,
    SentimentRow,
    Stance,
    StanceRow,
    Window,
)

_EXPORTED_AT_ONCE = 1000
# A brand's own account speaks in its voice to that brand alone: the matches know, and where they differ, the mention's own is told.
_VOICE = """coalesce((SELECT min(a.voice) FROM matches a WHERE a.mention = m.id AND a.brand = coalesce(:brand, a.brand)
            HAVING min(a.voice) = max(a.voice)), m.voice)"""


def concentration(connection: Connection, brand: str, window: Window, label: Label, model: str | None, top: int) -> Concentration:
    """On how many authors the customers' units with `label` rest: the `top` ones and how many units there are in all."""
    _, row = model_facts(connection, brand, window, model)
    at: At = {"brand": brand, "since": window.since.isoformat(), "until": window.until.isoformat(), "model": row}
    authors = _counts(
        connection,
        f"""SELECT m.author, count(*) FROM ({labelled("a.brand = :brand AND a.day >= :since AND a.day < :until")}) l
        JOIN mentions m ON m.id = l.mention WHERE l.model = :model AND l.voice = 'customer' AND l.label = :label
        GROUP BY m.author ORDER BY 2 DESC, 1""",  # noqa: S608 - constants
        {**at, "label": label},
    )
    nameless = sum(units for author, units in authors if not author)
    named = [(author, units) for author, units in authors if author]
    singles = [("", 1)] * min(top, nameless)
    return Concentration(nameless + sum(units for _, units in named), tuple(sorted(named + singles, key=lambda one: -one[1])[:top]))


def load_evidence(
    connection: Connection,
    brand: str,
    window: Window,
    every: Every,
    model: str | None,
    generated: datetime,
    moods_since: date | None = None,
) -> Evidence:
    """Evidence of one model version over `window`; of the one that its reports take (storage/versions.py) where `model` is None.

    Quotes of moods are those of the last day, or of all days from `moods_since`.
    """
    name, timezone = brands.known_brand(connection, brand)
    facts, row = model_facts(connection, brand, window, model)
    at: At = {"brand": brand, "since": window.since.isoformat(), "until": window.until.isoformat(), "model": row}
    advertised = brands.promises(connection, brand)
    audits, draws = auditing.evidence(connection, at)
    placed, wordings = placements.load(connection, at, window, ZoneInfo(timezone), {one.id: one.text for one in advertised})
    return Evidence(
        brand=brand,
        brand_name=name,
        timezone=timezone,
        window=window,
        every=every,
        generated=generated,
        promises=advertised,
        sentiment=_sentiment(connection, at),
        stances=stances(connection, at),
        quotes=_quotes(connection, at, moods_since or window.until - timedelta(days=1)),
        placements=placed,
        coverage=replace(
            coverage(connection, at, window, ZoneInfo(timezone), generated),
            successor=versions.successor(connection, brand, window, row) if model is None else None,
        ),
        model=facts,
        audits=audits,
        draws=draws,
        put_right=auditing.put_right(connection, at) if audits else (),
        voices=voices.load(connection, at, frozenset(one.id for one in advertised)),
        wordings=wordings,
        stance_audits=auditing.stance_evidence(connection, at),
    )


At = dict[str, str | int]
_IN_WINDOW = "brand = :brand AND day >= :since AND day < :until"
ADVERTISED = "promise IN (SELECT id FROM promises WHERE promises.brand = :brand AND active = 1)"


def model_facts(connection: Connection, brand: str, window: Window, version: str | None = None) -> tuple[ModelFacts, int]:
    """The model of a report and its row: the version asked for, else the one that has read what the window needs."""
    if version is None and (taken := versions.reported(connection, brand, window)):
        version = versions.version_of(connection, taken)
    found = connection.execute(
        """SELECT id, version, negative, neutral, positive, errors FROM models WHERE version = coalesce(?, version)
        AND (? IS NOT NULL OR EXISTS (SELECT 1 FROM reading_rollup r WHERE r.brand = ? AND r.model = models.id))
        ORDER BY used DESC, id DESC LIMIT 1""",
        (version, version, brand),
    ).fetchone()
    if found is None:
        return ModelFacts(version or ""), 0
    audited, right = auditing.counts(connection, brand, found[1])
    facts = ModelFacts(found[1], audited=audited, right=right, errors=from_store(found[5]))
    return (facts if found[2] is None else replace(facts, priors=tuple(found[2:5]))), found[0]


def _sentiment(connection: Connection, at: At) -> tuple[SentimentRow, ...]:
    rows = connection.execute(
        f"""SELECT day, label, sum(negative), sum(neutral), sum(positive), sum(n), story FROM sentiment_rollup
        WHERE {_IN_WINDOW} AND model = :model AND voice = 'customer' GROUP BY day, cell, label, story""",  # noqa: S608 - constants
        at,
    )
    days = _Days()
    return tuple(
        SentimentRow(days[day], label, (negative / n / 1e6, neutral / n / 1e6, positive / n / 1e6), n, story)
        for day, label, negative, neutral, positive, n, story in rows
    )


def stances(connection: Connection, at: At) -> tuple[StanceRow, ...]:
    """Customers' voices on each promise, by day, side and story."""
    rows = connection.execute(
        f"""SELECT day, promise, stance, sum(n), story FROM evidence_rollup
        WHERE {_IN_WINDOW} AND model = :model AND voice = 'customer' AND {ADVERTISED} GROUP BY day, promise, stance, story""",  # noqa: S608 - constants
        at,
    )
    days = _Days()
    return tuple(StanceRow(days[day], promise, stance, n, story) for day, promise, stance, n, story in rows)


def _quotes(connection: Connection, at: At, moods_since: date) -> tuple[Quote, ...]:
    """The most confident of each promise and stance over the window, and of each mood from a day on."""
    chosen = f"""
        SELECT promise, side, mention, passage, confidence, -confidence AS place FROM (
            SELECT *, row_number() OVER (PARTITION BY promise, side ORDER BY confidence DESC, day DESC, mention) AS rank
            FROM quote_rollup WHERE {_IN_WINDOW} AND model = :model AND {ADVERTISED})
        WHERE rank <= {QUOTES_OF_A_STANCE}
        UNION ALL
        SELECT promise, side, mention, passage, confidence, -confidence FROM (
            SELECT *, row_number() OVER (PARTITION BY side ORDER BY confidence DESC, day DESC, mention) AS rank
            FROM quote_rollup
            WHERE brand = :brand AND day >= :moods_since AND day < :until AND model = :model AND promise = '')
        WHERE rank <= {QUOTES_OF_A_LABEL}"""  # noqa: S608 - constants
    return _quoted(connection, chosen, {**at, "moods_since": moods_since.isoformat()})


def newest_quotes(connection: Connection, at: At, most: int) -> tuple[Quote, ...]:
    """Of each promise and side, and of each mood, so many of the newest days of a window; of a day the most confident first."""
    chosen = f"""
        SELECT promise, side, mention, passage, confidence, place FROM (
            SELECT promise, side, mention, passage, confidence,
                row_number() OVER (PARTITION BY promise, side ORDER BY day DESC, place) AS place
            FROM quote_rollup WHERE {_IN_WINDOW} AND model = :model AND (promise = '' OR {ADVERTISED}))
        WHERE place <= :most"""  # noqa: S608 - constants
    return _quoted(connection, chosen, {**at, "most": most})


def chosen_quotes(
    connection: Connection, chosen: Sequence[tuple[str, str, int, int | None, float]]
) -> Mapping[tuple[str, str, int], Quote]:
    """The quotes of rows (promise, side, mention, passage, confidence), by the first three."""
    names = ("promise", "side", "mention", "passage", "confidence")
    columns = ", ".join(f"value ->> {place} AS {name}" for place, name in enumerate(names))
    found = _quoted(connection, f"SELECT {columns}, 0 AS place FROM json_each(:chosen)", {"chosen": json.dumps(chosen)})  # noqa: S608 - our own names
    return {(one.promise, one.stance or one.label or "", one.mention): one for one in found}


def _quoted(connection: Connection, chosen: str, at: At) -> tuple[Quote, ...]:
    """The quotes of `chosen` rows (promise, side, mention, passage, confidence, place), by place and then the newest first."""
    rows = connection.execute(
        f"""SELECT c.promise, c.side, c.mention, c.confidence, p.start, p.stop, p.label, m.title, m.text, m.url, s.name, m.author,
            m.published, t.copies, coalesce(e.quantity, '')
        FROM ({chosen}) c JOIN mentions m ON m.id = c.mention JOIN sources s ON s.id = m.source JOIN stories t ON t.id = m.story
        LEFT JOIN passages p ON p.id = c.passage LEFT JOIN evidence e ON e.passage = c.passage AND e.promise = c.promise
        ORDER BY c.promise, c.side, c.place, m.published DESC, c.mention""",  # noqa: S608 - constants
        at,
    )
    quotes = []
    for promise, side, mention, confidence, start, stop, label, title, text, url, source, author, published, *rest in rows:
        whole = body(title, text)
        quotes.append(
            Quote(
                mention=mention,
                text=whole,
                passage=whole if start is None else whole[start:stop],
                url=url,
                source=source,
                author=author,
                published=moment(published),
                confidence=confidence,
                promise=promise,
                stance=cast("Stance", side) if promise else None,
                label=label if promise else cast("Label", side),
                copies=rest[0],
                quantity=rest[1],
            )
        )
    return tuple(quotes)


def coverage(connection: Connection, at: At, window: Window, zone: ZoneInfo, now: datetime) -> Coverage:
    """What was heard of a window, and what became of it."""
    voices = dict(_counts(connection, f"SELECT voice, sum(n) FROM mention_rollup WHERE {_IN_WINDOW} GROUP BY voice", at))  # noqa: S608 - constants
    sources = dict(
        _counts(
            connection,
            f"""SELECT s.name, sum(n) FROM mention_rollup JOIN sources s ON s.id = source
            WHERE {_IN_WINDOW} GROUP BY s.name ORDER BY 2 DESC, 1""",  # noqa: S608 - constants
            at,
        )
    )
    reasons = dict(
        _counts(
            connection,
            f"SELECT reason, sum(n) FROM reading_rollup WHERE {_IN_WINDOW} AND model = :model GROUP BY reason ORDER BY 2 DESC, 1",  # noqa: S608 - constants
            at,
        )
    )
    (stories,) = connection.execute(
        f"""SELECT coalesce(sum(CASE story WHEN 0 THEN units ELSE 0 END), 0) + count(DISTINCT nullif(story, 0))
        FROM mention_rollup WHERE {_IN_WINDOW}""",  # noqa: S608 - constants
        at,
    ).fetchone()
    mentions = sum(voices.values())
    begin, end = _midnight(window.since, zone), _midnight(window.until, zone)
    # What was read for promises that have changed since has a reading and waits for another.
    (waiting,) = connection.execute(
        f"""SELECT count(*) FROM matches INDEXED BY matches_unread WHERE unread = 1 AND {_IN_WINDOW}
        AND :model = (SELECT id FROM models ORDER BY used DESC LIMIT 1)""",  # noqa: S608 - constants
        at,
    ).fetchone()
    return Coverage(
        mentions=mentions,
        stories=stories,
        copies=mentions - stories,
        voices=voices,
        sources=sources,
        unread=max(waiting, mentions - sum(reasons.values())),
        unscored={reason: n for reason, n in reasons.items() if reason},
        holes=ledger.holes(connection, str(at["brand"]), begin, end, now),
        rungs=rungs.stood_on(connection, str(at["brand"]), begin, end - timedelta(seconds=1)),
    )


def _counts(connection: Connection, query: str, at: At) -> list[tuple[str, int]]:
    return connection.execute(query, at).fetchall()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


class _Days(dict[str, date]):
    """Each day is parsed once."""

    def __missing__(self, day: str) -> date:
        self[day] = date.fromisoformat(day)
        return self[day]


def mentions(connection: Connection, brand: str | None = None, window: Window | None = None) -> Iterator[StoredMention]:
    """Stored mentions in the order they came in: of `brand`, or all; of the days in `window`, or all.

    Read in pages, so that nothing is held open or in memory while the caller takes its time.
    """
    where = "m.id > :after"
    if brand is not None or window is not None:
        where += """ AND EXISTS (SELECT 1 FROM matches a WHERE a.mention = m.id AND a.brand = coalesce(:brand, a.brand)
            AND a.day >= :since AND a.day < :until)"""
    query = f"""SELECT m.id, s.name, m.external_id, m.url, m.title, m.text, m.author, m.published, m.collected, {_VOICE},
            m.language, (SELECT json_group_array(brand) FROM matches a WHERE a.mention = m.id), m.story, m.rating, m.attributes
        FROM mentions m JOIN sources s ON s.id = m.source WHERE {where} ORDER BY m.id LIMIT {_EXPORTED_AT_ONCE}"""  # noqa: S608 - constants
    since, until = (window.since.isoformat(), window.until.isoformat()) if window else ("", "~")
    after = 0
    while rows := connection.execute(query, {"after": after, "brand": brand, "since": since, "until": until}).fetchall():
        for id_, source, external_id, url, title, text, author, published, collected, voice, language, named, story, *rest in rows:
            yield StoredMention(
                id=id_,
                source=source,
                external_id=external_id,
                url=url,
                title=title,
                text=text,
                author=author,
                published=moment(published),
                collected=moment(collected),
                voice=voice,
                language=language,
                brands=tuple(sorted(json.loads(named))),
                story=story,
                rating=rest[0],
                attributes=json.loads(rest[1]),
            )
        after = rows[-1][0]
