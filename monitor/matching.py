"""Which brands a mention speaks of, and in whose voice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from monitor.config import BrandConfig
from monitor.storage.values import Match
from sources.mention import Mention
from sources.query import Query, Span, compile_query

MatchMention = Callable[[Mention], Sequence[Match]]


@dataclass(frozen=True, slots=True)
class _Listener:
    brand: str
    query: Query
    zone: tzinfo

    def match(self, mention: Mention, spans: Sequence[Span] = ()) -> Match:
        published = mention.published if mention.published.tzinfo is self.zone else mention.published.astimezone(self.zone)
        return Match(self.brand, published.date(), tuple(spans))


class Matcher:
    """Matches mentions against the queries of all brands."""

    def __init__(self, brands: Sequence[BrandConfig]) -> None:
        self._listeners = {one.id: _Listener(one.id, compile_query(one.effective_query), _zone(one.timezone)) for one in brands}
        self._own = {account.casefold() for one in brands for account in one.own_accounts}

    def for_source(self, only: Sequence[str] = ()) -> MatchMention:
        """Return the function that matches one source's mentions: against the brands in `only`, or all.

        What a brand's own source says is about that brand, whether or not it writes its name.
        """
        listeners = [self._listeners[name] for name in only] if only else list(self._listeners.values())

        def match(mention: Mention) -> list[Match]:
            found = []
            for one in listeners:
                spans = () if mention.voice == "brand" and len(only) == 1 else one.query.match(mention.body)
                if spans is not None:
                    found.append(one.match(mention, spans))
            return found

        return match

    def assigned(self, mention: Mention, brand: str) -> list[Match]:
        """Return the match of a mention that somebody else assigned to `brand`: a column of a table says so."""
        return [self._listeners[brand].match(mention)]

    def in_voice(self, mention: Mention, kind: str) -> Mention:
        """Return the mention in the brand's voice when one of the brands' own accounts (`kind:author`) wrote it."""
        if self._own and f"{kind}:{mention.author}".casefold() in self._own:
            return replace(mention, voice="brand")
        return mention


def _zone(name: str) -> tzinfo:
    """The time zone; UTC is the one that every mention is in already, which saves turning each."""
    return UTC if name == "UTC" else ZoneInfo(name)
