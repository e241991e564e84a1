"""JSON over the network gateway, and careful ways into documents that strangers wrote: any part of one may be anything."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sources.source import MalformedError

if TYPE_CHECKING:
    from sources.http import Gateway

_NO_HEADERS: Mapping[str, str] = {}
_EARLIEST, _LATEST = 0, 4_102_444_800
"""Unix seconds of 1970 and 2100, between which people write."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed answer; the names in `headers` ignore case."""

    value: Any
    headers: Mapping[str, str]


def get_json(gateway: "Gateway", url: str, now: datetime, headers: Mapping[str, str] = _NO_HEADERS) -> Document:
    """Fetch and parse `url`.

    Raises:
        SourceError: as `Gateway.get`; MalformedError also where the answer is no JSON.
    """
    from sources.http import shown  # noqa: PLC0415 - requests is slow to load, and reading a configuration fetches nothing

    response = gateway.get(url, {"Accept": "application/json", **headers}, now)
    try:
        return Document(json.loads(response.body), response.headers)
    except (ValueError, RecursionError) as error:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip() or "something without a content type"
        raise MalformedError(
            f"{shown(response.url)} sent {kind} that is no JSON",
            remedy="open the address in a browser: it may be another service's, or ask for a login",
        ) from error


def parsed(body: bytes) -> Any:
    """Return a document, or None where `body` is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def inner(value: Any, *path: str) -> Any:
    """Return what lies at `path` in nested objects; None where there is nothing."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def text_in(value: Any, *path: str) -> str:
    """Return the text, or the number as text, at `path`, stripped; "" where there is none."""
    found = inner(value, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found.strip() if isinstance(found, str) else ""


def moment_in(value: Any, *path: str) -> datetime | None:
    """Return the ISO 8601 date (UTC where it names no zone) or the Unix seconds at `path`; None where there is neither."""
    found = inner(value, *path)
    try:
        if isinstance(found, str):
            moment = datetime.fromisoformat(found.strip())
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
            found = moment.timestamp()
        elif isinstance(found, int | float) and not isinstance(found, bool):
            moment = datetime.fromtimestamp(found, UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return moment if _EARLIEST <= found <= _LATEST else None
