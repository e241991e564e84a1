"""PRAW's way to the network: through the gateway, with every answer that is none told apart."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import prawcore
import requests
from prawcore.const import ACCESS_TOKEN_PATH

from sources.http import Gateway, Response, retry_after, shown
from sources.source import DeniedError, GoneError, MalformedError, RateLimitedError, SourceError, TemporaryError

_REASONS = {
    "private": "is private",
    "banned": "was banned by Reddit",
    "quarantined": "is quarantined",
    "gated": "is gated",
    "gold_only": "is for paying members",
    "gold_restricted": "is for paying members",
    "suspended": "is suspended",
}
_LONGEST_RESET = timedelta(hours=1)


class CredentialsError(DeniedError):
    """Reddit does not take the credentials; another rung may still do."""


class TokenExpiredError(SourceError):
    """Reddit does not take the access token any more; a new one may do."""


class Allowance:
    """What Reddit says about how much may still be asked, in the headers of its answers.

    `left` when it says that more may be asked now, `until` when nothing may be asked before.
    """

    def __init__(self) -> None:
        self.until: datetime | None = None
        self.left = False

    def heard(self, headers: Mapping[str, str], now: datetime) -> None:
        """Take note of an answer's headers."""
        remaining = _number(headers.get("X-Ratelimit-Remaining", ""))
        reset = reset_after(headers)
        self.left = remaining is not None and remaining >= 1
        self.until = now + reset if remaining is not None and remaining < 1 and reset else None

    def check(self, now: datetime) -> None:
        """Raise RateLimitedError while nothing may be asked."""
        if self.until is not None and now < self.until:
            raise RateLimitedError("Reddit's allowance is used up for now", until=self.until)


class CheckedRequestor(prawcore.Requestor):
    """Makes PRAW's requests through the gateway, each a second time when the first broke.

    PRAW never sees a failure: what is raised here passes through it. Nor does it see the headers of the rate limit, for which
    it would sleep; the next request is refused instead.
    """

    def __init__(self, *, gateway: Gateway, now: datetime, **settings: Any) -> None:
        super().__init__(**settings)
        self._gateway = gateway
        self._now = now
        self._allowance = Allowance()

    def request(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> requests.Response:  # noqa: ARG002 - the gateway's own
        """Ask once more after a failure that may pass by itself."""
        method, url = args
        for key in ("allow_redirects", "timeout"):
            kwargs.pop(key, None)
        prepared = requests.Request(method.upper(), url, **kwargs).prepare()
        try:
            return self._once(prepared)
        except RateLimitedError:
            raise
        except TemporaryError:
            return self._once(prepared)

    def _once(self, prepared: requests.PreparedRequest) -> requests.Response:
        self._allowance.check(self._now)
        body = prepared.body or b""
        headers = {name: value for name, value in prepared.headers.items() if name.lower() not in _OWN_HEADERS}
        answer = self._gateway.exchange(
            str(prepared.method), str(prepared.url), headers, body.encode() if isinstance(body, str) else bytes(body)
        )
        self._allowance.heard(answer.headers, self._now)
        check(answer, self._now, renewable=ACCESS_TOKEN_PATH not in answer.url)
        check_json(answer)
        return _for_praw(answer)


_OWN_HEADERS = {"content-length", "connection", "user-agent"}


def check(answer: Response, now: datetime, *, renewable: bool = False) -> None:
    """Raise what an answer of Reddit means when it is no success. `renewable`: a 401 only means a new access token.

    Reddit also says 403 to readers that it finds too fast; then it gives no reason.
    """
    status, place = answer.status, shown(answer.url)
    if 200 <= status < 300:
        return
    if status == 401 and renewable:
        raise TokenExpiredError(f"{place} does not take the access token (401)")
    if status == 401:
        raise CredentialsError(f"Reddit does not take the credentials ({status})", remedy=CREDENTIALS_REMEDY)
    wait = retry_after(answer.headers.get("Retry-After", ""), now) or reset_after(answer.headers)
    until = None if wait is None else now + wait
    if status == 429 or (status == 503 and "Retry-After" in answer.headers):
        raise RateLimitedError(f"{place} asks us to wait ({status})", until=until)
    if status in (403, 404, 451) and (reason := _reason(answer)):
        raise DeniedError(f"{place} {reason} ({status})", remedy="take it out of the source, or use an account that may read it")
    if status == 403:
        raise RateLimitedError(f"{place} turned us away without a reason, as Reddit does with readers that are too fast (403)")
    if status == 410:
        raise GoneError(f"{place} is gone for good (410)", remedy="take it out of the source")
    if 300 <= status < 400 or status == 404:
        raise DeniedError(f"there is nothing at {place} ({status})", remedy="check the names of subreddits and accounts")
    if 400 <= status < 500 and status not in (408, 425):
        raise DeniedError(f"{place} does not accept the request ({status})", remedy="check the options of the source")
    raise TemporaryError(f"{place} answered {status}")


CREDENTIALS_REMEDY = (
    "set PROMISEWATCH_REDDIT_CLIENT_ID and PROMISEWATCH_REDDIT_CLIENT_SECRET to those of an app at reddit.com/prefs/apps"
)


def check_json(answer: Response) -> None:
    """Raise TemporaryError for a body that was cut off or is a page of HTML, MalformedError for anything else that is no JSON."""
    place = shown(answer.url)
    try:
        json.loads(answer.body)
    except ValueError as error:
        start = answer.body.lstrip()[:1]
        if start in (b"{", b"["):
            raise TemporaryError(f"the answer of {place} was cut off") from error
        if start == b"<":
            raise TemporaryError(f"{place} answered with a page for people") from error
        raise MalformedError(f"{place} answered with something that is no JSON", remedy="check reddit_url and oauth_url") from error


def reset_after(headers: Mapping[str, str]) -> timedelta | None:
    """The time until the allowance is renewed (X-Ratelimit-Reset, in seconds); None where it is not said."""
    seconds = _number(headers.get("X-Ratelimit-Reset", ""))
    return None if seconds is None else min(timedelta(seconds=max(1.0, seconds)), _LONGEST_RESET)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e6 else None


def _reason(answer: Response) -> str:
    try:
        said = json.loads(answer.body)
    except ValueError:
        return ""
    reason = said.get("reason") if isinstance(said, dict) else None
    return _REASONS.get(reason, f"is closed to us: {reason[:40]}") if isinstance(reason, str) and reason else ""


def _for_praw(answer: Response) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response.url = answer.url
    response.encoding = "utf-8"
    response.raw = BytesIO(answer.body)
    return response
