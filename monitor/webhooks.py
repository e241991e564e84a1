"""Signed webhooks, as standardwebhooks.com describes them: JSON, and headers that say which message it is, when it came, from whom.

`webhook+https://:SECRET@host/path`; the secret is `whsec_` and 24 to 64 bytes in base64, or any other words.
"""

import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from monitor.channels import DeliveryError
from monitor.storage.connection import stamp
from monitor.storage.outbox import Queued
from sources.http import retry_after, shown
from sources.source import DeniedError, SourceError

if TYPE_CHECKING:
    from sources.http import Gateway

_PREFIX = "whsec_"
_AGAIN = (408, 425, 429)


class Webhook:
    """One receiver. Raises DeliveryError where the address lacks a host or a secret."""

    def __init__(self, address: str, gateway: "Gateway") -> None:
        parts = urlsplit(address.partition("+")[2])
        if not parts.hostname or not parts.password:
            raise DeliveryError(
                "a webhook needs a host, and a secret to sign with",
                permanent=True,
                remedy="write webhook+https://:${HOOK_SECRET}@host/path, and set HOOK_SECRET",
            )
        self._url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        self._secret = _key(unquote(parts.password))
        self._gateway = gateway

    def send(self, letter: Queued, now: datetime) -> None:
        """Post a message; any 2xx is its arrival. Redirects are not followed: a signature is for one address."""
        name, body = message_id(letter), payload(letter)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": f"v1,{signature(self._secret, name, int(now.timestamp()), body)}",
        }
        place = shown(self._url)
        try:
            answer = self._gateway.exchange("POST", self._url, headers, body)
        except SourceError as error:
            raise DeliveryError(str(error), permanent=isinstance(error, DeniedError), remedy=error.remedy) from error
        if 200 <= answer.status < 300:
            return
        wait = retry_after(answer.headers.get("Retry-After", ""), now)
        permanent = answer.status < 500 and answer.status not in _AGAIN
        raise DeliveryError(
            f"{place} answered {answer.status}",
            permanent=permanent,
            remedy=f"{_remedy(answer.status)}; then: promisewatch outbox retry" if permanent else "",
            until=None if wait is None or permanent else now + wait,
        )


def message_id(letter: Queued) -> str:
    """The name of a message, the same however often it is sent."""
    return f"msg_{letter.name}"


def payload(letter: Queued) -> bytes:
    """The body: what kind of message, when it was queued, and what it says."""
    message = letter.message
    document = {
        "type": message.kind,
        "timestamp": stamp(letter.queued),
        "key": message.key,
        "brand": message.brand,
        "subject": message.subject,
        "text": message.text,
        "data": message.data,
    }
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def signature(secret: bytes, name: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over id, time (Unix seconds) and body, in base64."""
    return b64encode(hmac.digest(secret, f"{name}.{timestamp}.".encode() + body, "sha256")).decode()


def _key(secret: str) -> bytes:
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return b64decode(secret.removeprefix(_PREFIX), validate=True)
    except NotBase64 as error:
        raise DeliveryError(
            "the secret of a webhook begins with whsec_ and is no base64 behind it",
            permanent=True,
            remedy="copy it again, whole",
        ) from error


def _remedy(status: int) -> str:
    if 300 <= status < 400:
        return "give the address that it redirects to"
    if status in (401, 403):
        return "check the secret on both sides"
    return "check the address, or what its receiver takes"
