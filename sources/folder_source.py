"""Takes the tables of a folder: each once by its content, none before it is written to its end, none lost by a crash.

A file is read in one collection and put away in the next, when the cursor proves that what it held was kept.
"""

import hashlib
import os
import shlex
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sources.folder import FolderOptions
from sources.mention import Mention, Voice
from sources.source import Batch, Cursor, LocalError, Skipped, SourceError
from sources.table import AHEAD, Rejected, Table, read_table

_ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson")
_ROWS_AT_ONCE = 20_000
_REMEMBERED = 1_000
_UNTOUCHED = timedelta(minutes=1)
_BETWEEN_LOOKS = timedelta(seconds=5)
_DONE, _REJECTS = "done", "rejects"


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it lies there; `mark` changes whenever it is written to or replaced."""

    path: Path
    mark: str
    modified: datetime


@dataclass
class _Round:
    """What one collection gathers. `taken` are files to put away next time: their mark, and where to."""

    room: int
    mentions: dict[str, Mention]
    skipped: list[Skipped]
    taken: dict[str, list[str]]
    known: list[str]
    reading: dict[str, Any]


class FolderSource:
    """One folder. What was taken moves to done/, rows and files that could not be taken go to rejects/ with the reason."""

    def __init__(self, id: str, options: FolderOptions, voice: Voice = "customer", rows_at_once: int = _ROWS_AT_ONCE) -> None:  # noqa: A002 -- the contract's word
        self._id = id
        self._options = options
        self._voice = voice
        self._folder = Path(options.path).expanduser()
        self._rows_at_once = rows_at_once

    @property
    def id(self) -> str:
        """Stable identity of the folder."""
        return self._id

    def collect(self, cursor: Cursor, now: datetime) -> Batch:
        """Bring the rows of files that have come to rest, some thousands at a time.

        Raises:
            LocalError: the folder cannot be read, or nothing can be written to its rejects.
        """
        round_ = _Round(self._rows_at_once, {}, [], {}, list(cursor.get("known", [])), dict(cursor.get("reading", {})))
        for name, (mark, place) in cursor.get("taken", {}).items():
            self._put_away(name, mark, place, round_)
        files = self._files()
        looked = {file.path.name: _since(file, cursor.get("looked", {}), now) for file in files}
        for file in files:
            waits = file.path.name in round_.taken and round_.taken[file.path.name][0] == file.mark
            if round_.room > 0 and not waits and _at_rest(file, looked[file.path.name], now):
                self._take(file, now, round_)
        return Batch(
            mentions=tuple(round_.mentions.values()),
            skipped=tuple(round_.skipped),
            cursor={
                "taken": round_.taken,
                "known": round_.known[-_REMEMBERED:],
                "reading": round_.reading,
                "looked": {file.path.name: [file.mark, looked[file.path.name].isoformat()] for file in files},
            },
        )

    def _files(self) -> list[_File]:
        try:
            with os.scandir(self._folder) as entries:
                # A link would let whoever fills the folder have any file of this machine read.
                names = sorted(one.name for one in entries if one.is_file(follow_symlinks=False) and _is_table(one.name))
        except FileNotFoundError as error:
            remedy = f"make it with `mkdir -p {shlex.quote(str(self._folder.absolute()))}`, or name another as `path`"
            raise LocalError(f"there is no folder {self._folder.absolute()}", remedy=remedy) from error
        except OSError as error:
            remedy = "give this user the right to read it, or name another as `path`"
            raise LocalError(f"{self._folder} cannot be read: {error.strerror}", remedy=remedy) from error
        return [file for name in names if (file := _file(self._folder / name)) is not None]

    def _take(self, file: _File, now: datetime, round_: _Round) -> None:
        """Read a file, or go on where the last collection stopped."""
        name, was = file.path.name, round_.reading
        try:
            digest = was["digest"] if was.get("mark") == file.mark and was.get("name") == name else _digest(file.path)
            if digest in round_.known:
                round_.skipped.append(Skipped("the same content was taken before", name))
                round_.taken[name] = [file.mark, _DONE]
                return
            begun = was["rows"] if was.get("digest") == digest else 0
            rows, at_end = self._read(file, begun, now, round_)
        except LocalError:
            raise
        except (SourceError, OSError) as error:
            remedy = error.remedy if isinstance(error, SourceError) else ""
            round_.skipped.append(Skipped(f"{error}" + (f"; {remedy}" if remedy else ""), name))
            round_.taken[name] = [file.mark, _REJECTS]
            return
        round_.reading = {} if at_end else {"name": name, "mark": file.mark, "digest": digest, "rows": rows}
        if at_end:
            round_.taken[name] = [file.mark, _DONE]
            round_.known.append(digest)

    def _read(self, file: _File, begun: int, now: datetime, round_: _Round) -> tuple[int, bool]:
        """Take the rows after the first `begun`; return how many are done, and whether these were all."""
        rejected: list[Rejected] = []
        done, at_end = 0, True
        with closing(self._table(file, now)) as table:
            for row in table:
                if round_.room <= 0:
                    at_end = False
                    break
                done += 1
                if isinstance(row, Rejected):
                    rejected.append(row)
                if done <= begun:
                    continue
                round_.room -= 1
                if isinstance(row, Rejected):
                    round_.skipped.append(Skipped(row.reason, f"{file.path.name}, row {row.number}"))
                else:
                    about = self._options.brand or row.brand
                    round_.mentions[row.mention.external_id] = replace(row.mention, about=about) if about else row.mention
        self._write_rejects(file.path.name, rejected)
        return done, at_end

    def _table(self, file: _File, now: datetime) -> Table:
        options = self._options
        return read_table(
            file.path,
            dict(options.map),
            self._id,
            voice=self._voice,
            date_format=options.date_format or None,
            brand_column=options.brand_column or None,
            timezone=ZoneInfo(options.timezone),
            fallback_published=min(file.modified, now),
            keep=options.keep,
            best_rating=options.best_rating or None,
            latest=now + AHEAD,
        )

    def _write_rejects(self, name: str, rejected: list[Rejected]) -> None:
        if not rejected:
            return
        try:
            target = self._folder / _REJECTS / f"{name}.rejects.jsonl"
            target.parent.mkdir(exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            part.write_text("".join(f"{row.as_json()}\n" for row in rejected), encoding="utf-8")
            part.replace(target)
        except OSError as error:
            remedy = "give this user the right to write to the folder"
            raise LocalError(f"{self._folder}: rejected rows cannot be written: {error.strerror}", remedy=remedy) from error

    def _put_away(self, name: str, mark: str, place: str, round_: _Round) -> None:
        """Move a file whose rows were kept, unless it was written to since: then it is another one, and is read again."""
        file = _file(self._folder / name)
        if file is None or file.mark != mark:
            return
        try:
            target = self._folder / place / name
            target.parent.mkdir(exist_ok=True)
            if target.exists():
                target = target.with_name(f"{_digest(file.path)[:8]}-{name}")
            file.path.replace(target)
        except OSError as error:
            round_.skipped.append(Skipped(f"it was taken, and cannot be moved to {place}/: {error.strerror}", name))
            round_.taken[name] = [mark, place]


def _is_table(name: str) -> bool:
    return not name.startswith(".") and name.lower().removesuffix(".gz").endswith(_ENDINGS)


def _file(path: Path) -> _File | None:
    try:
        found = path.stat(follow_symlinks=False)
        mark = f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}-{found.st_ctime_ns}"
        return _File(path, mark, datetime.fromtimestamp(found.st_mtime, UTC))
    except (OSError, ValueError, OverflowError):
        return None


def _since(file: _File, looked: Mapping[str, list[str]], now: datetime) -> datetime:
    """When the file was first seen as it lies there now."""
    mark, at = looked.get(file.path.name, ["", ""])
    return datetime.fromisoformat(at) if mark == file.mark else now


def _at_rest(file: _File, since: datetime, now: datetime) -> bool:
    """Nobody writes to it any more. A clock of another machine may date it ahead of ours: then two looks tell."""
    return now - file.modified >= _UNTOUCHED or now - since >= _BETWEEN_LOOKS


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
