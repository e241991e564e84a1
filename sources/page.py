"""A brand's own pages: product pages, landing pages, its newsroom. Each new wording of a page is a mention in the brand's voice."""

from dataclasses import dataclass
from typing import Annotated

from sources.kinds import Kind, Opening
from sources.options import each, public_address, web_address
from sources.source import Source


@dataclass(frozen=True)
class PageOptions:
    """What a configuration says of pages."""

    urls: Annotated[
        tuple[str, ...],
        each(web_address, 'give a list of addresses, such as ["https://example.org/", "https://example.org/offers"]'),
    ]


def address(options: PageOptions) -> str:
    """The first page's address without what may be secret in it, and how many more there are."""
    others = len(options.urls) - 1
    return public_address(options.urls[0]) + (f" +{others}" if others else "")


def open_source(opening: Opening) -> Source:
    """Return the pages."""
    from sources.page_source import PageSource  # noqa: PLC0415 - most commands collect nothing

    return PageSource(opening.id, opening.options.urls, opening.gateway)


KIND = Kind("page", PageOptions, address, open_source)
