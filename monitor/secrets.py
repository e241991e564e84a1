"""Addresses that hold secrets: what may be stored and shown of one, and how `${NAME}` in one becomes the secret that it names."""

import hashlib
import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

from monitor.errors import MonitorError
from sources.kinds import secret
from sources.source import DeniedError

Keyring = Callable[[str], str | None]
"""A name to the secret that the system's keyring has for it."""

SERVICE = "promisewatch"
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ID = re.compile(r"[a-z0-9+.-]+://[^/?#@]*#[0-9a-f]{8}")
_TOLD_OF_MAIL = ("to", "cc", "bcc", "from", "reply", "smtp", "name")
"""What of a mail address's options is no secret; all else of them is left out."""


class MissingSecretError(MonitorError):
    """A secret that the configuration refers to is nowhere to be found."""


def channel_id(configured: str) -> str:
    """What the store and the logs call a channel: its name, or its address without anything secret.

    Two addresses stay two by a hash of what is left out; a mail address needs none, and keeps its queue when its password changes.
    What stands in the place of a secret as `${NAME}` may change, too. The id of an id is itself.
    """
    scheme, separator, rest = configured.strip().partition("://")
    if not separator or _ID.fullmatch(configured.strip()):
        return configured.strip()
    scheme = scheme.casefold()
    if scheme in ("mailto", "mailtos"):
        return f"{scheme}://{_mail(rest)}"
    host = re.match(r"(?:[^/?#]*@)?([^/?#@]*)", rest)
    place = host[1] if host and scheme.startswith("webhook+") else "…"
    return f"{scheme}://{place}#{hashlib.sha256(configured.strip().encode()).hexdigest()[:8]}"


def fill_in(text: str, environment: Mapping[str, str], keyring: Keyring | None = None) -> str:
    """Return `text` with every `${NAME}` replaced: from the variable NAME, the file that NAME_FILE names, or the keyring.

    Raises:
        MissingSecretError: there is no such secret, or its file cannot be read.
    """
    ask = keyring or from_keyring

    def found(reference: re.Match[str]) -> str:
        name = reference[1]
        try:
            value = secret(environment, name) or ask(name)
        except DeniedError as error:
            raise MissingSecretError(str(error), remedy=error.remedy) from error
        if not value:
            raise MissingSecretError(
                f"the secret {name} is nowhere to be found",
                remedy=f"set {name} in the environment, name a file with it in {name}_FILE, or, where the package keyring is"
                f" installed, type: keyring set {SERVICE} {name}",
            )
        return value

    return _REFERENCE.sub(found, text)


def without_secrets(said: str, *addresses: str) -> str:
    """Return a message of somebody else's with every part of `addresses` that may be secret blotted out."""
    parts = {part for address in addresses for part in re.split(r"[/:@?&=#]+", address.partition("://")[2]) if len(part) >= 6}
    for part in sorted(parts, key=len, reverse=True):
        said = said.replace(part, "…")
    return said


def from_keyring(name: str) -> str | None:
    """Ask the system's keyring, where the package `keyring` is installed and has one to ask.

    Raises:
        MissingSecretError: the keyring cannot be asked; it is locked, perhaps.
    """
    try:
        import keyring  # noqa: PLC0415 - most servers have none
        from keyring.errors import NoKeyringError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        found: str | None = keyring.get_password(SERVICE, name)
    except NoKeyringError:
        return None
    except Exception as error:
        raise MissingSecretError(
            f"the keyring cannot be asked for {name}: {type(error).__name__}: {error}",
            remedy=f"`keyring get {SERVICE} {name}` says more; or set {name} in the environment, or name a file in {name}_FILE",
        ) from error
    return found


def _mail(rest: str) -> str:
    """Who sends and who receives, without the password."""
    parts = urlsplit(f"//{rest}")
    user, _, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    told = "&".join(f"{key}={value}" for key, value in parse_qsl(parts.query) if key in _TOLD_OF_MAIL)
    return f"{name}@{host}{parts.path}" * bool(name) + f"{host}{parts.path}" * (not name) + (f"?{told}" if told else "")
