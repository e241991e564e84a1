"""The tables about running for long: health, backups, how long what is kept, and whose names."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from sources.options import optional, shaped, span, text, web_address, whole, yes_or_no

_TIME = shaped(r"([01][0-9]|2[0-3]):[0-5][0-9]", 'give a time of day from 00:00 to 23:59, such as "03:30"')
_AGE = span(timedelta(days=1), timedelta(days=36525), "1 day and 36525 days")


@dataclass(frozen=True)
class HealthConfig:
    """Where the daemon says how it fares (port 0 takes any that is free), and the address that it asks while all is well."""

    host: Annotated[str, shaped(r"[A-Za-z0-9.:-]+", 'give an address of this machine, such as "127.0.0.1"')] = "127.0.0.1"
    port: Annotated[int, whole(0, 65535)] = 8091
    ping: Annotated[str, optional(web_address)] = ""


@dataclass(frozen=True)
class BackupConfig:
    """Where the daemon writes a copy of the store every night, by the clock of the first brand, and how many it keeps."""

    folder: Annotated[str, text]
    at: Annotated[str, _TIME] = "03:30"
    keep: Annotated[int, whole(1, 1000)] = 7


@dataclass(frozen=True)
class RetentionConfig:
    """How long mentions are kept, with all that was read of them, and how long the ledger of what was heard; None is for ever."""

    mentions: Annotated[timedelta | None, _AGE] = None
    ledger: Annotated[timedelta | None, _AGE] = None


@dataclass(frozen=True)
class PrivacyConfig:
    """Whether authors are kept as pseudonyms."""

    pseudonymise_authors: Annotated[bool, yes_or_no] = False


FOR_EVER = RetentionConfig()
NAMES = PrivacyConfig()
