"""[[channel]] and [delivery]: where messages go, how many at most, and how long it is tried."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from sources.options import refusal, shaped, span, texts, whole, yes_or_no

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S.*")
_WANTED = "give an address such as mailto://… or slack://…, in which ${NAME} stands for a secret"


def address(value: object) -> str:
    """Where something is sent to. A wrong one is not shown: passwords and keys stand in addresses."""
    if isinstance(value, str) and _ADDRESS.fullmatch(value.strip()):
        return value.strip()
    raise refusal(_WANTED, value) if value is None else ValueError(_WANTED)


def receivers(value: object) -> tuple[str, ...]:
    """A list of addresses, or of names that [[channel]] gives to some."""
    found = texts(value)
    if not all(re.fullmatch(NAME, one) or _ADDRESS.fullmatch(one) for one in found):
        raise ValueError(f"{_WANTED}; or the name of a [[channel]]")
    return found


@dataclass(frozen=True)
class ChannelConfig:
    """An address that has a name, and may have a measure of its own."""

    name: Annotated[str, shaped(NAME, 'give a word of letters, digits, ".", "_" and "-"')]
    address: Annotated[str, address]
    per_hour: Annotated[int | None, whole(1, 3600)] = None


@dataclass(frozen=True)
class DeliveryConfig:
    """At most so many messages go to a channel `per_hour`; what cannot be delivered is a dead letter after `give_up_after`.

    Services and webhooks at private addresses are refused unless they are allowed here, or for everything under [network].
    """

    per_hour: Annotated[int, whole(1, 3600)] = 30
    give_up_after: Annotated[timedelta, span(timedelta(hours=1), timedelta(days=30), "an hour and 30 days")] = timedelta(days=3)
    allow_private_addresses: Annotated[bool, yes_or_no] = False


DEFAULT_DELIVERY = DeliveryConfig()
