"""CSV and JSONL tables of texts, streamed row by row; a bad row is handed back with its reason and never stops the rest."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sources.columns import check_mapping, guess_mapping
from sources.dates import DateError, DateReader, settle_order
from sources.mention import Mention, Voice
from sources.records import Record, Records, open_records
from sources.source import MalformedError
from sources.table_cells import language, rating, scale_of
from sources.table_ids import is_rounded

_SETTLED_BY = 10_000
AHEAD = timedelta(days=1)
"""How far ahead of the clock a date may lie: one that names no time zone may be of any."""
_FUTURE_REMEDY = "look whether day and month stand as you think; --date-format says how dates are written"
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """A row that became a mention; `brand` is the value of the brand column. `number` as in `records.Record`."""

    number: int
    mention: Mention
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not become a mention: why, what would help, and the row as it stood."""

    number: int
    reason: str
    raw: Mapping[str, Any] | Sequence[str] | str
    remedy: str = ""

    def as_json(self) -> str:
        """One line of a rejects file (JSONL)."""
        line = {"row": self.number, "reason": self.reason, "remedy": self.remedy, "raw": self.raw}
        return json.dumps(line, ensure_ascii=False).encode("utf-8", "replace").decode()


@dataclass
class Table:
    """The rows of a file, once. `notices` may grow while reading; `close` lets go of a file that is not read to its end."""

    columns: Sequence[str]
    mapping: Mapping[str, str]
    guessed: bool
    notices: list[str]
    rows: Iterator[Row | Rejected] = field(repr=False)
    close: Callable[[], None] = field(repr=False)

    def __iter__(self) -> Iterator[Row | Rejected]:
        return self.rows


def read_table(
    path: Path,
    mapping: Mapping[str, str],
    source: str,
    *,
    voice: Voice = "customer",
    date_format: str | None = None,
    brand_column: str | None = None,
    timezone: tzinfo = UTC,
    fallback_published: datetime | None = None,
    keep: Sequence[str] = (),
    best_rating: float | None = None,
    latest: datetime | None = None,
) -> Table:
    """Open a table; `mapping` leads from `columns.KEYS` to column names, or to "" for none; the rest is guessed from the names.

    `timezone` belongs to dates that name none. `fallback_published` (aware) dates the rows of a table without a date column.
    Rows dated after `latest` are refused: nobody has written them yet. Columns in `keep` become attributes. `best_rating` is the
    best that the place gives; without it the highest one seen tells.
    A row without an id gets a hash of author, date and text: the same row is the same mention (nameless rows that are alike are
    told apart by their order).

    Raises:
        DeniedError: the file cannot be opened.
        MalformedError: it is no table, or a column that is asked for is not there.
    """
    wanted = [column for column in (*mapping.values(), brand_column, *keep) if column]
    return table_of(
        open_records(path, wanted),
        mapping,
        source,
        voice=voice,
        date_format=date_format,
        brand_column=brand_column,
        timezone=timezone,
        fallback_published=fallback_published,
        keep=keep,
        best_rating=best_rating,
        latest=latest,
    )


def table_of(
    records: Records,
    mapping: Mapping[str, str],
    source: str,
    *,
    voice: Voice = "customer",
    date_format: str | None = None,
    brand_column: str | None = None,
    timezone: tzinfo = UTC,
    fallback_published: datetime | None = None,
    keep: Sequence[str] = (),
    best_rating: float | None = None,
    latest: datetime | None = None,
) -> Table:
    """Read records as a table; everything else is as in `read_table`.

    Raises:
        MalformedError: a column that is asked for is not there.
    """
    extra = [column for column in (brand_column, *keep) if column]
    taken = {*mapping.values(), brand_column}
    guessed = guess_mapping(column for column in records.columns if column not in taken)
    chosen = {key: column for key, column in {**guessed, **mapping}.items() if column}
    try:
        check_mapping(chosen, extra, records.columns)
    except MalformedError:
        records.close()
        raise
    place = {name: records.columns.index(name) for name in {*chosen.values(), *extra}}
    at = {key: place[column] for key, column in chosen.items()}
    head = list(islice(records.rows, _SETTLED_BY)) if {"published", "rating"} & at.keys() else []
    dates = DateReader(date_format, timezone, settle_order(_column(head, at.get("published"))))
    maker = _MentionMaker(
        source=source,
        voice=voice,
        at=at,
        dates=dates,
        fallback_published=fallback_published,
        latest=latest,
        scale=best_rating or scale_of(_column(head, at.get("rating"))),
        keep={name: place[name] for name in keep},
    )
    brand = place[brand_column] if brand_column else None
    rows = _rows(chain(head, records.rows), maker.make, brand, records)
    return Table(records.columns, chosen, len(chosen) > len(mapping), records.notices, rows, records.close)


def _rows(
    rows: Iterable[Record], make: Callable[[list[str]], Mention], brand: int | None, records: Records
) -> Iterator[Row | Rejected]:
    columns = records.columns
    try:
        for number, cells, raw, problem in rows:
            if problem:
                yield Rejected(number, problem, _named(raw, columns))
                continue
            try:
                mention = make(cells)
            except (_BadRowError, DateError) as error:
                yield Rejected(number, str(error), _named(raw, columns), error.remedy)
            else:
                yield Row(number, mention, "" if brand is None else cells[brand].strip())
    finally:
        records.close()


def _named(raw: Any, columns: Sequence[str]) -> Any:
    return dict(zip(columns, raw, strict=True)) if isinstance(raw, list) and len(raw) == len(columns) == len(set(columns)) else raw


def _column(records: Iterable[Record], at: int | None) -> Iterator[str]:
    return (record.cells[at] for record in records if not record.problem) if at is not None else iter(())


class _BadRowError(Exception):
    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class _MentionMaker:
    """Turns the cells of a row into a mention."""

    def __init__(
        self,
        *,
        source: str,
        voice: Voice,
        at: Mapping[str, int],
        dates: DateReader,
        fallback_published: datetime | None,
        latest: datetime | None,
        scale: float,
        keep: Mapping[str, int],
    ) -> None:
        self._source = source
        self._voice = voice
        self._dates = dates
        self._fallback = fallback_published
        self._latest = latest
        self._scale = scale
        self._keep = keep
        self._turns: Counter[bytes] = Counter()
        self._text = at["text"]
        self._published, self._author, self._url, self._id, self._title, self._rating, self._language = (
            at.get(key) for key in ("published", "author", "url", "id", "title", "rating", "language")
        )

    def _identity(self, author: str, whole: str) -> str:
        """Identity of a row without one. Nameless rows that are alike are many people: each has its turn in the file."""
        digest = hashlib.blake2b(whole.encode("utf-8", "replace"), digest_size=16)
        if not author:
            seen = self._turns[digest.digest()]
            self._turns[digest.digest()] += 1
            if seen:
                digest.update(f"\x1f{seen}".encode())
        return digest.hexdigest()

    def make(self, cells: list[str]) -> Mention:
        text = cells[self._text].strip()
        title = "" if self._title is None else cells[self._title].strip()
        if not text and not title:
            raise _BadRowError("the text is empty")
        raw_published = "" if self._published is None else cells[self._published].strip()
        author = "" if self._author is None else cells[self._author].strip()
        external_id = "" if self._id is None else cells[self._id].strip()
        if not external_id or is_rounded(external_id):
            external_id = self._identity(author, "\x1f".join((author, raw_published, title, text)))
        return Mention(
            source=self._source,
            external_id=external_id,
            text=text,
            published=self._moment(raw_published),
            title=title,
            url="" if self._url is None else cells[self._url].strip(),
            author=author,
            voice=self._voice,
            raw_published=raw_published,
            language=None if self._language is None else language(cells[self._language]),
            rating=None if self._rating is None else rating(cells[self._rating], self._scale),
            attributes={name: cells[at].strip() for name, at in self._keep.items()} if self._keep else _NOTHING,
        )

    def _moment(self, raw: str) -> datetime:
        if self._published is not None:
            moment = self._dates.read(raw)
            if self._latest is not None and moment > self._latest:
                raise _BadRowError("the date lies in the future", remedy=_FUTURE_REMEDY)
            return moment
        if self._fallback is None:
            raise _BadRowError("no column says when this was published", remedy="say which it is with --map published=COLUMN")
        return self._fallback
