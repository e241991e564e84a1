"""Lines for people on a terminal, JSON lines for machines otherwise; both without secrets."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from monitor.clock import Clock, utc_now

Form = Literal["auto", "text", "json"]
Level = Literal["info", "warning", "error"]

_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_USER = re.compile(r"(?<=://)[^/\s@]+@")
_KEY = re.compile(r"(?i)([?&;](?:[\w-]*(?:token|key|secret|password|passwd|pass|pwd|sig|signature|auth|code))=)[^&\s;\"']+")
_BEARER = re.compile(r"(?i)\b(bearer|basic) [\w.~+/=-]{8,}")

_job: ContextVar[str] = ContextVar("job", default="")


def harmless(text: str) -> str:
    """Return `text` without what would steer a terminal: feeds and pages are written by strangers."""
    return _STEERING.sub("�", text)


def discreet(text: str) -> str:
    """Return `text` without the users, passwords and keys that stand in addresses and headers."""
    return _BEARER.sub(r"\1 …", _KEY.sub(r"\1…", _USER.sub("…@", text)))


class _Log:
    """How the lines of this process are written."""

    def __init__(self) -> None:
        self.json = False
        self.clock: Clock = utc_now

    def write(self, message: str, level: Level) -> None:
        said = discreet(harmless(message))
        if self.json:
            entry = {"time": self.clock().isoformat(timespec="milliseconds"), "level": level, "message": said}
            said = json.dumps(entry | ({"job": job} if (job := _job.get()) else {}), ensure_ascii=False)
        print(said, file=sys.stderr, flush=True)  # noqa: T201 - the one place that speaks to people


_log = _Log()


def tell(message: str, level: Level = "info") -> None:
    """Write a line for people; data goes to standard output."""
    _log.write(message, level)


@contextmanager
def logging_as(form: Form, clock: Clock = utc_now) -> Iterator[None]:
    """Write lines in this form while the block runs, also those of libraries from a warning on; `auto` is text on a terminal."""
    before = _log.json, _log.clock
    _log.json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    _log.clock = clock
    handler = _Libraries(logging.WARNING)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        _log.json, _log.clock = before


@contextmanager
def doing(job: str) -> Iterator[None]:
    """JSON lines name the job that writes them while the block runs."""
    token = _job.set(job)
    try:
        yield
    finally:
        _job.reset(token)


class _Libraries(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        tell(f"{record.name}: {record.getMessage()}", "error" if record.levelno >= logging.ERROR else "warning")
