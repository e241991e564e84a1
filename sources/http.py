"""The one network gateway: every byte that a source fetches comes through here, within limits and from checked addresses."""

import email.utils
import http.client
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urljoin, urlsplit

import urllib3

from sources.connection import Call, Dialer, Resolve, open_pools, resolve, time_limit
from sources.pace import Pace, Turns
from sources.source import DeniedError, GoneError, MalformedError, RateLimitedError, SourceError, TemporaryError

_CHUNK = 16 * 1024
_LONGEST_WAIT = timedelta(days=30)
_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_SECRET_HEADERS = {"authorization", "cookie"}


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds; `size` in bytes after decompression."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    size: int = 20 * 2**20
    redirects: int = 5


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Response:
    """A 2xx or 304 answer. `url` is where it came from after redirects; the names in `headers` ignore case.

    `permanent_url` is the new address when the place says that it moved for good (301, 308), else empty.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    permanent_url: str = ""


class Gateway:
    """Fetches over HTTP and HTTPS. Safe to share between threads; connections are kept for whoever asks the same host next.

    Proxies and credentials of the environment are left out on purpose: behind a proxy nobody could check the address.
    """

    def __init__(
        self,
        contact: str,
        allow_private_addresses: bool = False,
        limits: Limits = DEFAULT_LIMITS,
        resolve: Resolve = resolve,
        pace: Pace | None = None,
    ) -> None:
        self._headers = {"User-Agent": f"promisewatch/0.1 (+{contact})", "Accept-Encoding": "gzip, deflate"}
        self._limits = limits
        self._turns = Turns(pace) if pace else None
        self._pools = open_pools(Dialer(resolve, allow_private=allow_private_addresses))

    def get(self, url: str, headers: Mapping[str, str], now: datetime) -> Response:
        """Fetch `url`; `now` turns a Retry-After into a moment.

        Raises:
            SourceError: TemporaryError, RateLimitedError, DeniedError, GoneError or MalformedError (too large).
        """
        address, permanent, only_permanent, left = url, "", True, self._limits.total
        for _hop in range(self._limits.redirects + 1):
            answer, seconds = self._ask("GET", address, headers, b"", left, wanted=_is_success)
            left -= seconds
            target = _target(answer)
            if target is None:
                _check_status(answer, now)
                return replace(answer, permanent_url=permanent)
            only_permanent = only_permanent and answer.status in _PERMANENT
            if only_permanent:
                permanent = target
            if urlsplit(target)[:2] != urlsplit(address)[:2]:
                headers = {name: value for name, value in headers.items() if name.lower() not in _SECRET_HEADERS}
            address = target
        raise DeniedError(
            f"{shown(url)} redirects more than {self._limits.redirects} times",
            remedy="open the address in a browser and use the one it ends at",
        )

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Response:
        """Make one request for a library that judges answers itself: any status comes back, no redirect is followed.

        Raises:
            SourceError: as `get`, but for what a status says.
        """
        return self._ask(method, url, headers, body, self._limits.total, wanted=lambda _status: True)[0]

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float, *, wanted: Callable[[int], bool]
    ) -> tuple[Response, float]:
        """Make one request within `seconds`; return the answer, with its body where the status is `wanted`, and its seconds."""
        with self._turn(url):
            began = time.monotonic()
            with time_limit(seconds) as call:
                try:
                    response = self._exchange(call, method, url, {**self._headers, **_credentials(url), **headers}, body, wanted)
                except SourceError as error:
                    if call.expired:
                        raise self._too_slow(url) from error
                    raise
                except (OSError, ValueError, urllib3.exceptions.HTTPError, http.client.HTTPException) as error:
                    if call.expired:
                        raise self._too_slow(url) from error
                    raise _source_error(url, error) from error
                if call.expired:
                    raise self._too_slow(url)
            return response, time.monotonic() - began

    def _turn(self, url: str) -> AbstractContextManager[None]:
        try:
            parts = urlsplit(url)
            host = parts.hostname
        except ValueError as error:
            raise _source_error(url, error) from error
        if parts.scheme.lower() not in ("http", "https"):
            raise DeniedError(f"{shown(url)} is neither http nor https", remedy="give an address with https://")
        return self._turns.turn(host or "") if self._turns else nullcontext()

    def _exchange(
        self, call: Call, method: str, url: str, headers: Mapping[str, str], body: bytes, wanted: Callable[[int], bool]
    ) -> Response:
        times = urllib3.Timeout(self._limits.connect, self._limits.read)
        while True:
            try:
                answer = self._pools.urlopen(
                    method,
                    url,
                    body=body or None,
                    headers=headers,
                    timeout=times,
                    redirect=False,
                    retries=False,
                    preload_content=False,
                )
                break
            except (urllib3.exceptions.ProtocolError, ConnectionError):
                # The place may close a kept connection at the moment when it is used again: that says nothing about the place.
                if not call.reused or call.expired:
                    raise
        try:
            # A short body that nobody wants is read, so that the connection serves again.
            content = self._body(answer, url) if wanted(answer.status) else answer.read(_CHUNK, decode_content=False)[:0]
            return Response(answer.status, url, answer.headers, content)
        finally:
            answer.close()

    def _body(self, answer: urllib3.BaseHTTPResponse, url: str) -> bytes:
        size, chunks = 0, []
        for chunk in answer.stream(_CHUNK, decode_content=True):
            size += len(chunk)
            if size > self._limits.size:
                raise MalformedError(
                    f"{shown(url)} sent more than {self._limits.size:,} bytes",
                    remedy="use an address that brings fewer items at a time",
                )
            chunks.append(chunk)
        return b"".join(chunks)

    def _too_slow(self, url: str) -> TemporaryError:
        return TemporaryError(f"{shown(url)} took longer than {self._limits.total:g} s in all")


def shown(url: str) -> str:
    """`url` for messages: without user, password and query, which may be secrets."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "the address"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else url.partition("?")[0]


def retry_after(value: str, now: datetime) -> timedelta | None:
    """The wait that a Retry-After header asks for (seconds or an HTTP date), never negative; None when it says nothing."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return timedelta(seconds=min(int(value[:12]), int(_LONGEST_WAIT.total_seconds())))
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), _LONGEST_WAIT)


def _is_success(status: int) -> bool:
    return 200 <= status < 300 or status == 304


def _target(answer: Response) -> str | None:
    """Where a redirect leads; None for any other answer."""
    location = answer.headers.get("Location", "")
    if answer.status not in _REDIRECTS or not location:
        return None
    with suppress(UnicodeError):  # headers are read as Latin-1, but servers write UTF-8
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(answer.url, location)
    except ValueError as error:
        raise _source_error(location, error) from error


def _credentials(url: str) -> dict[str, str]:
    """The header for user and password of an address."""
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.username or parts.password:
            given = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
            return {"Authorization": f"Basic {b64encode(given.encode()).decode()}"}
    return {}


def _until_reset(value: str, now: datetime) -> timedelta | None:
    """The wait until the moment (ISO 8601) at which a place allows new requests, as Mastodon writes it."""
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return min(max(moment - now, timedelta(0)), _LONGEST_WAIT) if moment.tzinfo else None


def _check_status(answer: Response, now: datetime) -> None:
    status, place = answer.status, shown(answer.url)
    if _is_success(status):
        return
    wait = retry_after(answer.headers.get("Retry-After", ""), now)
    if wait is None and status == 429:
        wait = _until_reset(answer.headers.get("X-RateLimit-Reset", ""), now)
    if status == 429 or (status == 503 and wait is not None):
        raise RateLimitedError(f"{place} asks us to wait ({status})", until=None if wait is None else now + wait)
    if status == 410:
        raise GoneError(f"{place} is gone for good (410)", remedy="remove the source, or give its new address")
    if status == 404:
        raise DeniedError(f"there is nothing at {place} (404)", remedy="check the address")
    if status in (401, 403, 407, 451):
        raise DeniedError(
            f"{place} refuses us ({status})",
            remedy="check that the address is public and that the place allows programs to read it",
        )
    if 400 <= status < 500 and status not in (408, 425):
        raise DeniedError(f"{place} does not accept the request ({status})", remedy="check the address")
    raise TemporaryError(f"{place} answered {status}")


def _source_error(url: str, error: Exception) -> SourceError:
    place = shown(url)
    if isinstance(error, urllib3.exceptions.SSLError):
        return TemporaryError(
            f"no trusted connection to {place}: {error}",
            remedy="check the address and this machine's clock; an expired certificate is renewed by the place itself",
        )
    if isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError):
        return TemporaryError(f"{place} did not answer in time")
    if isinstance(error, urllib3.exceptions.DecodeError):
        return TemporaryError(f"{place} sent a body whose compression is broken")
    if isinstance(error, ValueError):
        return DeniedError(f"{place} is not an address that can be fetched: {error}", remedy="check the address")
    return TemporaryError(f"the connection to {place} broke: {error}")
