"""What the causes report is made of: counted complaints by cause and day, and how much was heard at all."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from sqlite3 import Connection

from monitor.storage import brands, cause_queries, loading, rollups
from monitor.storage.cause_rollups import COMPLAINING, QUOTES_OF_A_CAUSE, distinct
from monitor.storage.complaints import fingerprint
from monitor.storage.connection import moment
from monitor.storage.door import Door
from monitor.storage.reading import body
from reports.cause_rates import BASELINE
from reports.causes_records import CauseEvidence, CauseReach, CauseRow
from reports.evidence import Every, Quote, Window

_IN_WINDOW = "brand = :brand AND day >= :since AND day < :until"


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
        with rollups.up_to_date(self._door, brand) as connection:
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
    return {"brand": brand, "since": window.since.isoformat(), "until": window.until.isoformat()}


def _rows(connection: Connection, at: At) -> list[CauseRow]:
    rows = connection.execute(
        f"SELECT day, cause, n FROM cause_rollup WHERE {_IN_WINDOW} AND kind = 'all' AND cause <> {COMPLAINING}",  # noqa: S608 - constants
        at,
    )
    return [CauseRow(date.fromisoformat(day), cause, n) for day, cause, n in rows]


def _heard(connection: Connection, at: At) -> dict[date, int]:
    rows = connection.execute(
        f"SELECT day, sum(units) FROM mention_rollup WHERE {_IN_WINDOW} AND voice = 'customer' GROUP BY day",  # noqa: S608 - a constant
        at,
    )
    return {date.fromisoformat(day): n for day, n in rows}


def _complaining(connection: Connection, at: At) -> tuple[int, int]:
    """How many voices complain, and how many of them of a known cause."""
    complaining, explained = connection.execute(
        f"""SELECT coalesce(sum(n * (kind = 'all')), 0), coalesce(sum(n * (kind = 'explained')), 0) FROM cause_rollup
        WHERE {_IN_WINDOW} AND cause = {COMPLAINING}""",  # noqa: S608 - constants
        at,
    ).fetchone()
    return complaining, explained


def _reach(connection: Connection, at: At) -> Mapping[int, CauseReach]:
    authors: defaultdict[int, list[bytes]] = defaultdict(list)
    stories: defaultdict[int, list[bytes]] = defaultdict(list)
    rows = connection.execute(f"SELECT cause, authors, stories FROM cause_reach_rollup WHERE {_IN_WINDOW}", at)  # noqa: S608 - a constant
    for cause, of_authors, of_stories in rows:
        authors[cause].append(of_authors)
        stories[cause].append(of_stories)
    of: dict[str, dict[int, dict[str, int]]] = {"promise": {}, "pillar": {}}
    rows = connection.execute(
        f"""SELECT kind, cause, value, sum(n) FROM cause_rollup WHERE {_IN_WINDOW} AND kind IN ('promise', 'pillar')
        GROUP BY kind, cause, value ORDER BY 4 DESC, 3""",  # noqa: S608 - a constant
        at,
    )
    for kind, cause, value, n in rows:
        of[kind].setdefault(cause, {})[value] = n
    return {
        cause: CauseReach(distinct(some), distinct(stories[cause]), of["promise"].get(cause, {}), of["pillar"].get(cause, {}))
        for cause, some in authors.items()
    }


def _quotes(connection: Connection, at: At) -> dict[int, tuple[Quote, ...]]:
    """The most typical complaints of each cause: near to its centre, and surely negative."""
    rows = connection.execute(
        f"""SELECT q.cause, c.mention, c.start, c.stop, c.said, q.weight / 2, m.title, m.text, m.url, s.name, m.author, m.published,
            t.copies FROM (
            SELECT cause, complaint, weight, row_number() OVER (PARTITION BY cause ORDER BY weight DESC, complaint) AS place
            FROM cause_quote_rollup WHERE {_IN_WINDOW}) q
        JOIN complaints c ON c.id = q.complaint JOIN mentions m ON m.id = c.mention JOIN sources s ON s.id = m.source
        JOIN stories t ON t.id = m.story WHERE q.place <= {QUOTES_OF_A_CAUSE} ORDER BY q.cause, q.place""",  # noqa: S608 - constants
        at,
    )
    found: dict[int, list[Quote]] = {}
    for cause, mention, start, stop, said, weight, title, text, url, source, author, published, copies in rows:
        whole = body(title, text)
        if fingerprint(whole[start:stop]) == said:
            quote = Quote(mention, whole, whole[start:stop], url, source, author, moment(published), weight, copies=copies)
            found.setdefault(cause, []).append(quote)
    return {cause: tuple(some) for cause, some in found.items()}
