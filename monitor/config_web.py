"""Where the dashboard is served, and who may look."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from sources.options import optional, shaped, span, text, texts, web_address, whole


@dataclass(frozen=True)
class WebConfig:
    """The dashboard. On any other address than this machine's own it starts with accounts only.

    `names` are the host names under which it may be asked for, `public_url` the address by which documents lead to it. A proxy at
    one of `trusted_proxies` may name the person in the header `sign_in_header`; nobody else's word is taken.
    """

    host: Annotated[str, shaped(r"[A-Za-z0-9.:-]+", 'give an address of this machine, such as "127.0.0.1"')] = "127.0.0.1"
    port: Annotated[int, whole(0, 65535)] = 8080
    names: Annotated[tuple[str, ...], texts] = ()
    public_url: Annotated[str, optional(web_address)] = ""
    sign_in_header: Annotated[str, text] = ""
    trusted_proxies: Annotated[tuple[str, ...], texts] = ()
    session: Annotated[timedelta, span(timedelta(minutes=5), timedelta(days=366), "5 minutes and a year")] = timedelta(hours=12)
