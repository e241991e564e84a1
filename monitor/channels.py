"""Channels: the places that messages go to, found by what the store calls them, and opened with their secrets filled in.

Mail goes by `monitor/mail.py`, signed webhooks by `monitor/webhooks.py`, all else by Apprise.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from monitor.config import Config
from monitor.errors import MonitorError
from monitor.findings import Finding
from monitor.secrets import Keyring, channel_id, fill_in, without_secrets
from monitor.storage.outbox import Queued

if TYPE_CHECKING:
    from sources.http import Gateway

SECONDS = 15.0
"""How long a place may take to answer."""
ALL_SECONDS = 60.0
"""How long a service of Apprise's may take in all, also where a message goes in several parts."""
_STATUS = re.compile(r"\berror[= ](\d{3})\b")
_RETRIED = (408, 425, 429)
_SHORT = 600
"""A place that takes fewer characters a message gets the beginning only, not a dozen messages."""


class DeliveryError(MonitorError):
    """A message did not arrive. Where it is not `permanent` it is tried again, not before `until` if the place said so.

    `left` are those of several receivers that it did not reach; empty when it reached nobody.
    """

    def __init__(
        self, message: str, *, permanent: bool, remedy: str = "", until: datetime | None = None, left: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.permanent = permanent
        self.until = until
        self.left = left


class Sender(Protocol):
    """An opened channel."""

    def send(self, letter: Queued, now: datetime) -> None:
        """Deliver a message.

        Raises:
            DeliveryError: it did not arrive, or not everywhere.
        """


@dataclass(frozen=True, slots=True)
class Channel:
    """A configured place. `id` is what the store calls it; in `address`, `${NAME}` stands for secrets."""

    id: str
    address: str
    per_hour: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What opening a channel needs of the world."""

    environment: Mapping[str, str]
    gateway: "Gateway"
    keyring: Keyring | None = None
    allow_private: bool = False


def surroundings(config: Config, environment: Mapping[str, str]) -> Surroundings:
    """Return the world as it is: these variables, and a network that waits less long than the one for collecting."""
    from sources.http import Gateway, Limits  # noqa: PLC0415 - needed only where something is sent

    allow_private = config.network.allow_private_addresses or config.delivery.allow_private_addresses
    gateway = Gateway(config.network.contact, allow_private, Limits(total=SECONDS))
    return Surroundings(environment, gateway, allow_private=allow_private)


def channels(config: Config) -> dict[str, Channel]:
    """Return all channels of a configuration by their ids: those that have a name, and every address in a `to`."""
    usual = config.delivery.per_hour
    found = {one.name: Channel(one.name, one.address, one.per_hour or usual) for one in config.channel}
    for address in _receivers(config):
        if "://" in address:
            found.setdefault(channel_id(address), Channel(channel_id(address), address, usual))
    return found


def find_channel(config: Config, asked: str) -> Channel:
    """Return the channel with that id, name or address.

    Raises:
        DeliveryError: it is not configured.
    """
    known = channels(config)
    found = known.get(asked) or known.get(channel_id(asked))
    if found is None:
        raise DeliveryError(
            f"the channel {channel_id(asked)} is not configured",
            permanent=True,
            remedy=f"name it again in the configuration; known: {', '.join(sorted(known)) or 'none'}",
        )
    return found


def open_channel(channel: Channel, world: Surroundings) -> Sender:
    """Fill in the secrets of a channel and return who sends to it; nothing is sent yet.

    Raises:
        DeliveryError: a secret is missing, or the address is not understood.
    """
    try:
        address = fill_in(channel.address, world.environment, world.keyring)
    except MonitorError as error:
        raise DeliveryError(str(error), permanent=True, remedy=error.remedy) from error
    scheme = address.partition("://")[0].casefold()
    if scheme in ("webhook+https", "webhook+http"):
        from monitor.webhooks import Webhook  # noqa: PLC0415

        return Webhook(address, world.gateway)
    plugin = _plugin(channel, address)
    if scheme in ("mailto", "mailtos"):
        from monitor.mail import Mail  # noqa: PLC0415

        return Mail(plugin, address)
    return _Apprise(plugin, address, world.allow_private)


@dataclass(frozen=True)
class _Apprise:
    """One of Apprise's services. The text goes there; what a page would say better is for mail."""

    plugin: Any
    address: str
    allow_private: bool

    def send(self, letter: Queued, now: datetime) -> None:  # noqa: ARG002 - the port's signature
        """Deliver by Apprise, which tells what went wrong in its log only."""
        from apprise import Apprise, NotifyFormat  # noqa: PLC0415

        from monitor.watched import watched  # noqa: PLC0415

        post = Apprise()
        post.add(self.plugin)
        with watched(ALL_SECONDS, allow_private=self.allow_private) as watch:
            result = post.notify(body=letter.message.text, title=letter.message.subject, body_format=NotifyFormat.TEXT)
        if result:
            return
        if watch.refused:
            raise DeliveryError(
                f"{self.plugin.service_name}: {watch.refused} is a private address",
                permanent=True,
                remedy="if it is meant, set allow_private_addresses = true under [delivery]; then: promisewatch outbox retry",
            )
        said = without_secrets("; ".join(entry.message for entry in result.logs()), self.address)
        status = int(found[1]) if (found := _STATUS.search(said)) else 0
        raise DeliveryError(
            f"{self.plugin.service_name}: {said or 'it did not take the message'}",
            permanent=400 <= status < 500 and status not in _RETRIED,
            remedy="check the address and its keys; then: promisewatch outbox retry" if status else "",
        )


def _plugin(channel: Channel, address: str) -> Any:
    """Return Apprise's own reading of an address.

    Raises:
        DeliveryError: it has none.
    """
    from apprise import Apprise, OverflowMode  # noqa: PLC0415 - a third of a second, and only who sends needs it

    # Its log names addresses; what matters of it is taken from each result.
    logger = logging.getLogger("apprise")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    plugin = Apprise.instantiate(address)
    if plugin is None:
        raise DeliveryError(
            f"the address of {channel.id} is not understood",
            permanent=True,
            remedy="write it as github.com/caronc/apprise shows for its service, with sender and receiver where it is mail",
        )
    if "overflow=" not in address:
        plugin.overflow_mode = OverflowMode.TRUNCATE if plugin.body_maxlen < _SHORT else OverflowMode.SPLIT
    return plugin


def _receivers(record: Any) -> Iterator[str]:
    """Yield what stands in every `to` (and `…_to`) of a configuration, whichever table it is in."""
    if isinstance(record, tuple):
        for one in record:
            yield from _receivers(one)
    elif is_dataclass(record):
        for field in fields(record):
            value = getattr(record, field.name)
            if field.name == "to" or field.name.endswith("_to"):
                yield from (value,) if isinstance(value, str) else value
            else:
                yield from _receivers(value)


def check_channels(config: Config, world: Surroundings) -> Iterator[Finding]:
    """Yield of every channel whether its secrets are there and its address is understood; nothing is sent."""
    for channel in channels(config).values():
        try:
            open_channel(channel, world)
        except DeliveryError as error:
            yield Finding(f"channel {channel.id}", "error", str(error), error.remedy)
        else:
            yield Finding(f"channel {channel.id}", "ok", "is understood; `promisewatch outbox test` sends a test message")
