"""Tokens that programs show at our doors: read from the environment or a file, and compared in constant time."""

import hmac
from collections.abc import Mapping

from monitor.errors import ConfigError
from sources.kinds import secret
from sources.source import DeniedError

SHORTEST = 16


def read_token(environment: Mapping[str, str], name: str, why: str) -> str:
    """Return the token in the variable `name`, or in the file that `name`_FILE names; `why` says what it is for.

    Raises:
        ConfigError: there is none, or it is too short to keep anybody out.
    """
    try:
        token = secret(environment, name).strip()
    except DeniedError as error:
        raise ConfigError(str(error), remedy=error.remedy) from error
    if len(token) < SHORTEST:
        wrong = "is too short" if token else "is not set"
        remedy = f"set {name} or {name}_FILE to at least {SHORTEST} signs; `openssl rand -hex 32` makes some"
        raise ConfigError(f"{name} {wrong}: {why}", remedy=remedy)
    return token


def shows(header: str, token: str) -> bool:
    """Whether the Authorization header of a request shows the token."""
    scheme, _, given = header.partition(" ")
    return scheme.casefold() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
