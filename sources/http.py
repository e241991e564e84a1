"""The one network gateway: every byte that a source fetches comes through here, within limits and from checked addresses."""

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.structures import CaseInsensitiveDict

from sources.connection import CheckedAdapter, Dialer, Resolve, resolve
from sources.source import DeniedError, GoneError, MalformedError, RateLimitedError, SourceError, TemporaryError

_CHUNK = 16 * 1024
_LONGEST_WAIT = timedelta(days=30)
_PERMANENT = (301, 308)
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
    """Fetches over HTTP and HTTPS. Safe to share between threads: nothing is kept between two requests.

    Proxies and credentials of the environment are left out on purpose: behind a proxy nobody could check the address.
    """

    def __init__(
        self,
        contact: str,
        allow_private_addresses: bool = False,
        limits: Limits = DEFAULT_LIMITS,
        resolve: Resolve = resolve,
    ) -> None:
        self._agent = f"promisewatch/0.1 (+{contact})"
        self._allow_private = allow_private_addresses
        self._limits = limits
        self._resolve = resolve

    def get(self, url: str, headers: Mapping[str, str], now: datetime) -> Response:
        """Fetch `url`; `now` turns a Retry-After into a moment.

        Raises:
            SourceError: TemporaryError, RateLimitedError, DeniedError, GoneError or MalformedError (too large).
        """
        dialer = Dialer(self._resolve, allow_private=self._allow_private)
        sent = {"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate", **headers}
        with dialer.time_limit(self._limits.total), requests.Session() as session:
            session.trust_env = False
            session.mount("http://", CheckedAdapter(dialer))
            session.mount("https://", CheckedAdapter(dialer))
            try:
                response = self._follow(session, url, sent, now)
            except SourceError as error:
                if dialer.expired:
                    raise self._too_slow(url) from error
                raise
            except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
                if dialer.expired:
                    raise self._too_slow(url) from error
                raise _source_error(url, error) from error
            if dialer.expired:
                raise self._too_slow(url)
            return response

    def _follow(self, session: requests.Session, url: str, headers: Mapping[str, str], now: datetime) -> Response:
        address, permanent, only_permanent = url, "", True
        times = (self._limits.connect, self._limits.read)
        for _hop in range(self._limits.redirects + 1):
            if urlsplit(address).scheme.lower() not in ("http", "https"):
                raise DeniedError(f"{shown(address)} is neither http nor https", remedy="give an address with https://")
            with session.get(address, headers=headers, allow_redirects=False, stream=True, timeout=times) as answer:
                target = session.get_redirect_target(answer)
                if target is None:
                    _check_status(answer, now)
                    return Response(answer.status_code, address, _headers(answer), self._body(answer), permanent)
                target = urljoin(address, target)
                only_permanent = only_permanent and answer.status_code in _PERMANENT
                if only_permanent:
                    permanent = target
                if urlsplit(target)[:2] != urlsplit(address)[:2]:
                    headers = {name: value for name, value in headers.items() if name.lower() not in _SECRET_HEADERS}
                address = target
        raise DeniedError(
            f"{shown(url)} redirects more than {self._limits.redirects} times",
            remedy="open the address in a browser and use the one it ends at",
        )

    def _body(self, answer: requests.Response) -> bytes:
        size, chunks = 0, []
        for chunk in answer.iter_content(_CHUNK):
            size += len(chunk)
            if size > self._limits.size:
                raise MalformedError(
                    f"{shown(answer.url)} sent more than {self._limits.size:,} bytes",
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


def _headers(answer: requests.Response) -> Mapping[str, str]:
    return CaseInsensitiveDict(answer.headers)


def _check_status(answer: requests.Response, now: datetime) -> None:
    status, place = answer.status_code, shown(answer.url)
    if 200 <= status < 300 or status == 304:
        return
    wait = retry_after(answer.headers.get("Retry-After", ""), now)
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
    if isinstance(error, requests.exceptions.SSLError):
        return TemporaryError(
            f"no trusted connection to {place}: {error}",
            remedy="check the address and this machine's clock; an expired certificate is renewed by the place itself",
        )
    if isinstance(error, requests.exceptions.Timeout | TimeoutError):
        return TemporaryError(f"{place} did not answer in time")
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return TemporaryError(f"{place} sent a body whose compression is broken")
    if isinstance(error, ValueError | urllib3.exceptions.LocationValueError):
        return DeniedError(f"{place} is not an address that can be fetched: {error}", remedy="check the address")
    if isinstance(error, requests.exceptions.ConnectionError) and "timed out" in str(error).lower():
        return TemporaryError(f"{place} stopped answering in the middle")
    return TemporaryError(f"the connection to {place} broke: {error}")
