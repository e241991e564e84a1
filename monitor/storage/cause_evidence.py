"""What the causes report is made of: counted complaints by cause and day, and how much was heard at all."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from sqlite3 import Connection

from monitor.storage import brands, cause_queries, loading, rollups
from monitor.storage.complaints import fingerprint
from monitor.storage.connection import moment
from monitor.storage.door import Door
from monitor.storage.labelled import CORRECTED
from monitor.storage.reading import body
from reports.cause_rates import BASELINE
from reports.causes_records import CauseEvidence, CauseReach, CauseRow
from reports.evidence import Every, Quote, Window

QUOTES_OF_A_CAUSE = 12
_ZONES = timedelta(days=2)

# Complaints c that count: customers' units of that brand, unless a person said that the mention is not negative. The complaint's
# own day finds it; the match's day, which moves with the brand's time zone, says where it counts.
_COUNTED = f"""complaints c JOIN matches a ON a.mention = c.mention AND a.brand = c.brand LEFT JOIN causes k ON k.id = c.cause
    WHERE c.brand = :brand AND c.day >= :early AND c.day < :late AND a.day >= :since AND a.day < :until
    AND a.unit = 1 AND a.voice = 'customer' AND coalesce({CORRECTED}, 'negative') = 'negative'"""
_CAUSE = "coalesce(k.merged_into, k.id)"


class CauseEvidences:
    """Loads evidence on causes."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def load(
        self,
        brand: str,
        window: Window,
        every: Every,
        generated: datetime,
        *,
        cost: float | None = None,
        currency: str = "",
        settle_days: int = 7,
        quotes: bool = True,
    ) -> CauseEvidence:
        """Evidence of a window, and of the time before it as far as proofs of covers need it."""
        with self._door.explained() as connection:
            written = rollups.try_refresh(connection, brand)
        with self._door.reading() as connection, rollups.counted(connection, brand, beside=not written):
            name, timezone = brands.known_brand(connection, brand)
            known = tuple(cause_queries.known(connection, brand))
            covered = [one.covered - BASELINE for one in known if one.covered is not None]
            at = _at(brand, window)
            whole = Window(min([window.since - BASELINE, *covered]), window.until)
            long = _at(brand, whole)
            facts, _ = loading.model_facts(connection, brand, whole)
            complaining, explained = _complaining(connection, at)
            return CauseEvidence(
                brand=brand,
                brand_name=name,
                timezone=timezone,
                window=window,
                every=every,
                generated=generated,
                causes=known,
                rows=tuple(_rows(connection, long)),
                heard=_heard(connection, long),
                reach=_reach(connection, at),
                quotes=_quotes(connection, at) if quotes else {},
                complaining=complaining,
                explained=explained,
                promises=brands.promises(connection, brand),
                model=facts,
                cost=cost,
                currency=currency,
                settle_days=settle_days,
            )


At = dict[str, str]


def _at(brand: str, window: Window) -> At:
    return {
        "brand": brand,
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
        "early": (window.since - _ZONES).isoformat(),
        "late": (window.until + _ZONES).isoformat(),
    }


def _rows(connection: Connection, at: At) -> list[CauseRow]:
    rows = connection.execute(
        f"SELECT a.day, {_CAUSE} AS cause, count(DISTINCT c.mention) FROM {_COUNTED} AND k.id IS NOT NULL GROUP BY 1, 2",  # noqa: S608 - constants
        at,
    )
    return [CauseRow(date.fromisoformat(day), cause, n) for day, cause, n in rows]


def _heard(connection: Connection, at: At) -> dict[date, int]:
    rows = connection.execute(
        """SELECT day, sum(units) FROM mention_rollup WHERE brand = :brand AND day >= :since AND day < :until AND voice = 'customer'
        GROUP BY day""",
        at,
    )
    return {date.fromisoformat(day): n for day, n in rows}


def _complaining(connection: Connection, at: At) -> tuple[int, int]:
    """How many voices complain, and how many of them of a known cause."""
    query = f"SELECT count(DISTINCT c.mention), count(DISTINCT iif(k.id IS NULL, NULL, c.mention)) FROM {_COUNTED}"  # noqa: S608 - constants
    complaining, explained = connection.execute(query, at).fetchone()
    return complaining, explained


def _reach(connection: Connection, at: At) -> Mapping[int, CauseReach]:
    # Authors without a name are somebody else each time.
    who = connection.execute(
        f"""SELECT cause, count(DISTINCT iif(author = '', 'of ' || mention, 'by ' || author)), count(DISTINCT story) FROM (
            SELECT DISTINCT {_CAUSE} AS cause, c.mention FROM {_COUNTED} AND k.id IS NOT NULL) d
        JOIN mentions m ON m.id = d.mention GROUP BY cause""",  # noqa: S608 - constants
        at,
    ).fetchall()
    of: dict[str, dict[int, dict[str, int]]] = {"promise": {}, "pillar": {}}
    for column, found in of.items():
        rows = connection.execute(
            f"""SELECT {_CAUSE} AS cause, c.{column}, count(DISTINCT c.mention) FROM {_COUNTED} AND k.id IS NOT NULL
            AND c.{column} <> '' GROUP BY 1, 2 ORDER BY 3 DESC, 2""",  # noqa: S608 - constants
            at,
        )
        for cause, value, n in rows:
            found.setdefault(cause, {})[value] = n
    return {
        cause: CauseReach(authors, stories, of["promise"].get(cause, {}), of["pillar"].get(cause, {}))
        for cause, authors, stories in who
    }


def _quotes(connection: Connection, at: At) -> dict[int, tuple[Quote, ...]]:
    """The most typical complaints of each cause: near to its centre, and surely negative."""
    rows = connection.execute(
        f"""SELECT cause, q.mention, q.start, q.stop, q.said, q.weight, m.title, m.text, m.url, s.name, m.author, m.published,
            t.copies FROM (
            SELECT {_CAUSE} AS cause, c.mention, c.start, c.stop, c.said, c.negative * (1 + c.likeness) / 2 AS weight, row_number()
                OVER (PARTITION BY {_CAUSE} ORDER BY c.negative * (1 + c.likeness) DESC, c.id) AS place
            FROM {_COUNTED} AND k.id IS NOT NULL) q
        JOIN mentions m ON m.id = q.mention JOIN sources s ON s.id = m.source JOIN stories t ON t.id = m.story
        WHERE place <= {QUOTES_OF_A_CAUSE} ORDER BY cause, place""",  # noqa: S608 - constants
        at,
    )
    found: dict[int, list[Quote]] = {}
    for cause, mention, start, stop, said, weight, title, text, url, source, author, published, copies in rows:
        whole = body(title, text)
        if fingerprint(whole[start:stop]) == said:
            quote = Quote(mention, whole, whole[start:stop], url, source, author, moment(published), weight, copies=copies)
            found.setdefault(cause, []).append(quote)
    return {cause: tuple(some) for cause, some in found.items()}
