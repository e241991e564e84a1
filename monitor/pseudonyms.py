"""Authors as pseudonyms: a keyed hash in place of the name, the same for the same name, so that authors can still be told apart.

HMAC-SHA-256 (RFC 2104), shortened to 64 bits. Whoever has the key can recognise a name, nobody can read one out of it.
"""

import hmac
import re
from collections.abc import Callable, Iterable, Mapping

from monitor.config import BrandConfig, Config
from monitor.errors import ConfigError
from sources.kinds import secret
from sources.source import DeniedError

KEY = "PROMISEWATCH_PSEUDONYM_KEY"
MARK = "~"
_SHORTEST_KEY = 16
_NAMED = re.compile(r"""author:\s*"?@?([^\s"()]+)""", re.IGNORECASE)

Disguise = Callable[[str], str]
"""An author's name to what is kept of it."""


def disguise(config: Config, environment: Mapping[str, str]) -> Disguise | None:
    """Return what is done to authors' names; None where they are kept.

    Brands' own accounts and whoever a query names keep their names: they are no strangers, and must be recognised again.

    Raises:
        ConfigError: pseudonyms are asked for, and there is no key for them.
    """
    if not config.privacy.pseudonymise_authors:
        return None
    key = _key(environment)
    named = frozenset(_named(config.brand, (*config.match.deny, *config.match.allow)))
    return lambda author: author if _is_told(author, named) else pseudonym(key, author)


def pseudonym(key: bytes, author: str) -> str:
    """Return what stands in the place of a name."""
    return MARK + hmac.digest(key, author.encode("utf-8", "replace"), "sha256").hex()[:16]


def _is_told(author: str, named: frozenset[str]) -> bool:
    return not author or author.startswith(MARK) or author.casefold().removeprefix("@") in named


def _named(brands: Iterable[BrandConfig], lists: Iterable[str]) -> Iterable[str]:
    for brand in brands:
        yield from (account.partition(":")[2].casefold().removeprefix("@") for account in brand.own_accounts)
        lists = (*lists, brand.query, *brand.deny, *brand.allow)
    for query in lists:
        yield from (name.casefold() for name in _NAMED.findall(query))


def _key(environment: Mapping[str, str]) -> bytes:
    try:
        key = secret(environment, KEY).strip()
    except DeniedError as error:
        raise ConfigError(str(error), remedy=error.remedy) from error
    if len(key) < _SHORTEST_KEY:
        wrong = "is too short" if key else "is not set"
        raise ConfigError(
            f"{KEY} {wrong}: [privacy] pseudonymise_authors needs a key",
            remedy=f"set {KEY} or {KEY}_FILE to at least {_SHORTEST_KEY} signs (`openssl rand -hex 32` makes some), and keep it: "
            "another key makes other pseudonyms",
        )
    return key.encode()
