"""The dead man's ping: an address is asked while all is well, and whoever watches it raises the alarm when that stops."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from monitor.config import Config
from monitor.errors import MonitorError
from sources.http import Gateway, Limits, shown
from sources.source import SourceError

_LIMITS = Limits(connect=5.0, read=5.0, total=10.0, size=64 * 1024)


def ping(config: Config, problems: Sequence[str], now: datetime) -> str:
    """Ask the address of `[health] ping`, unless there are problems, which are returned: silence is what tells of them.

    The address is a secret: whoever knows it can say that all is well.

    Raises:
        MonitorError: it was not answered well.
    """
    if config.health is None or not config.health.ping:
        return ""
    if problems:
        return f"no ping: {problems[0]}"
    address = config.health.ping
    try:
        Gateway(config.network.contact, config.network.allow_private_addresses, _LIMITS).get(address, {}, now)
    except SourceError as error:
        host = urlsplit(address).hostname or "the address"
        said = str(error).replace(address, host).replace(shown(address), host)
        raise MonitorError(f"the ping was not answered well: {said}", remedy="check [health] ping") from error
    return ""
