"""Checks of single values beyond those of `sources/options.py`, made the same way."""

from datetime import date, datetime, time

from reports.reader import fault_of
from sources.kinds import find_kind, known_kinds
from sources.options import refusal, text, texts
from sources.query import QueryError, compile_query


def day(value: object) -> date:
    """A day: TOML's own, the same in quotation marks, or its midnight."""
    if isinstance(value, datetime):
        found = value.date() if value.time() == time() else None
    elif isinstance(value, str):
        try:
            found = date.fromisoformat(value)
        except ValueError:
            found = None
    else:
        found = value if isinstance(value, date) else None
    if found is None:
        raise refusal("give a day, such as 2026-01-31", value)
    return found


def name(value: object) -> str:
    """A name in which there is something to say."""
    found = text(value)
    if not any(sign.isalnum() for sign in found):
        raise refusal("give a name with a letter or a digit in it", value)
    return found


def locale(value: object) -> str:
    """A locale that reports can be written in."""
    found = text(value)
    if fault := fault_of(found):
        raise refusal(fault, value)
    return found


def query(value: object) -> str:
    """A brand query that can be read."""
    found = text(value)
    try:
        compile_query(found)
    except QueryError as error:
        raise ValueError(str(error)) from error
    return found


def queries(value: object) -> tuple[str, ...]:
    """A list of queries that can be read."""
    return tuple(map(query, texts(value)))


def kind(value: object) -> str:
    """A kind of source that is installed."""
    try:
        return find_kind(text(value)).name
    except (ValueError, LookupError) as error:
        raise refusal(f"give one of these kinds of sources: {', '.join(known_kinds())}", value) from error
