"""What is posted to us: rows of JSON become mentions, each with a verdict, all in one transaction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from monitor.config import Config
from monitor.errors import MonitorError
from monitor.matching import Matcher
from monitor.pseudonyms import Disguise
from monitor.storage.values import Kept
from monitor.store import Store
from sources.columns import KEYS
from sources.mention import VOICES, Voice
from sources.options import refusal, time_zone
from sources.records import json_records
from sources.source import MalformedError
from sources.table import AHEAD, Rejected, Row, table_of

MOST_ROWS = 5_000
_BRAND = "brand"

Word = Literal["accepted", "duplicate", "unmatched", "rejected"]


class UnreadableError(MonitorError):
    """Nothing of a request can be taken."""


class TooMuchError(MonitorError):
    """A request holds more than is taken at a time."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a sender wants its rows read: the options of `promisewatch import`."""

    source: str = "inbound"
    brand: str = ""
    voice: Voice = "customer"
    mapping: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    date_format: str = ""
    timezone: str = "UTC"
    best_rating: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one row, counted from 1. An `unmatched` one speaks of no brand."""

    row: int
    verdict: Word
    id: str = ""
    reason: str = ""
    remedy: str = ""


class Inbox:
    """Takes rows for the brands of a configuration. Every call opens the store for itself: it may come from any thread."""

    def __init__(self, config: Config, store: Path, disguise: Disguise | None = None) -> None:
        self._config = config
        self._store = store
        self._disguise = disguise
        self._matcher = Matcher(config.brand, config.match)

    def take(self, body: bytes, wishes: Wishes, now: datetime) -> list[Verdict]:
        """Keep the rows of a request and tell what became of each; where the store fails, none is kept.

        Raises:
            UnreadableError, TooMuchError: the request as a whole cannot be taken.
            StoreError: the rows could not be kept.
        """
        if any(one.source_id == wishes.source for one in self._config.source):
            raise UnreadableError(f"the source {wishes.source!r} is collected by this program", remedy="name another `source`")
        rows = [self._checked(row) for row in _rows(body, wishes, now)]
        match = self._matcher.for_source()
        with Store(self._store, disguise=self._disguise) as store:
            kept = store.mentions.keep_each([(row.mention, match(row.mention)) for row in rows if isinstance(row, Row)], now)
        words = iter(kept)
        return [_rejection(row) if isinstance(row, Rejected) else _verdict(row, next(words)) for row in rows]

    def _checked(self, row: Row | Rejected) -> Row | Rejected:
        if isinstance(row, Rejected) or not row.mention.about or self._config.find_brand(row.mention.about):
            return row
        known = ", ".join(one.id for one in self._config.brand) or "none"
        return Rejected(row.number, f"brand {row.mention.about!r} is not configured", "", remedy=f"configured: {known}")


def read_wishes(asked: Mapping[str, str]) -> Wishes:
    """Return the parameters of an address as wishes.

    Raises:
        UnreadableError: a parameter is not known, or its value cannot be understood.
    """
    checks = {
        "source": _text,
        "brand": _text,
        "voice": _voice,
        "map": _mapping,
        "keep": lambda value: tuple(one.strip() for one in value.split(",")),
        "date_format": _text,
        "timezone": time_zone,
        "best_rating": _best_rating,
    }
    found: dict[str, Any] = {}
    for name, value in asked.items():
        if name not in checks:
            raise UnreadableError(f"there is no parameter {name!r}", remedy=f"known: {', '.join(checks)}")
        try:
            found["mapping" if name == "map" else name] = checks[name](value)
        except ValueError as error:
            raise UnreadableError(f"{name}: {error}") from error
    return Wishes(**found)


def _text(value: str) -> str:
    if value.strip():
        return value.strip()
    raise ValueError("give a text, or leave the parameter out")


def _voice(value: str) -> str:
    if value in VOICES:
        return value
    raise refusal(f"give one of {', '.join(VOICES)}", value)


def _mapping(value: str) -> dict[str, str]:
    pairs = dict(part.partition(":")[::2] for part in value.split(","))
    if all(key in KEYS and name for key, name in pairs.items()):
        return pairs
    raise refusal(f"give KEY:FIELD,… with keys of {', '.join(KEYS)}", value)


def _best_rating(value: str) -> float:
    try:
        best = float(value)
    except ValueError:
        best = 0.0
    if 0 < best < float("inf"):
        return best
    raise refusal("give the best rating there is, such as 5", value)


def _rows(body: bytes, wishes: Wishes, now: datetime) -> list[Row | Rejected]:
    lines = _lines(body)
    if len(lines) > MOST_ROWS:
        raise TooMuchError(f"the request holds {len(lines):,} rows", remedy=f"send at most {MOST_ROWS:,} at a time")
    records = json_records(lines)
    brands = _BRAND if _BRAND in records.columns and _BRAND not in wishes.mapping.values() else None
    try:
        table = table_of(
            records,
            wishes.mapping,
            wishes.source,
            voice=wishes.voice,
            date_format=wishes.date_format or None,
            brand_column=brands,
            timezone=ZoneInfo(wishes.timezone),
            fallback_published=now,
            keep=wishes.keep,
            best_rating=wishes.best_rating or None,
            latest=now + AHEAD,
        )
    except MalformedError as error:
        remedy = f"name the fields {', '.join(KEYS)}, or say what they are called with map=KEY:FIELD,… in the address"
        raise UnreadableError(str(error), remedy=remedy) from error
    return [_about(row, wishes.brand) for row in table]


def _about(row: Row | Rejected, brand: str) -> Row | Rejected:
    if isinstance(row, Rejected) or not (row.brand or brand):
        return row
    return replace(row, mention=replace(row.mention, about=row.brand or brand))


def _lines(body: bytes) -> list[str]:
    """JSON objects one a line, whether they came so, as a list, or as a single one over several lines."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("the body is no UTF-8", remedy="send JSON in UTF-8") from error
    try:
        whole = json.loads(text)
        rows = [json.dumps(row) for row in (whole if isinstance(whole, list) else [whole])]
    except (ValueError, RecursionError):
        rows = [line for line in text.split("\n") if line.strip()]
    if not any(row.lstrip().startswith("{") for row in rows):
        raise UnreadableError("the body holds no JSON object", remedy="send one JSON object a line, or a list of them")
    return rows


def _rejection(row: Rejected) -> Verdict:
    return Verdict(row.number, "rejected", reason=row.reason, remedy=row.remedy)


def _verdict(row: Row, kept: Kept) -> Verdict:
    if kept.new or kept.copies or kept.edited:
        word: Word = "accepted"
    else:
        word = "unmatched" if kept.unmatched else "duplicate"
    return Verdict(row.number, word, row.mention.external_id)
