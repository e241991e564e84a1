"""Which brands a mention speaks of, and in whose voice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

from monitor.config import BrandConfig, MatchConfig
from monitor.storage.values import Excluded, Match, Matched
from sources.mention import Mention
from sources.query import Document, Query, Span, compile_query, document
from sources.query_scan import Scanner, scanner

MatchMention = Callable[[Mention], Matched]
_NO_RULES = MatchConfig()
_LONGEST_ASIDE = {"reddit": timedelta(days=2)}
"""Where what is deleted must soon be deleted here: what speaks of no brand is not asked for again, and simply goes in time."""


@dataclass(frozen=True, slots=True)
class _Lists:
    """Allow and deny lists, as the numbers of their queries."""

    allow: Sequence[int]
    deny: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Listener:
    brand: str
    query: Query
    zone: tzinfo
    own_accounts: frozenset[str]
    lists: _Lists

    def day(self, mention: Mention) -> date:
        published = mention.published if mention.published.tzinfo is self.zone else mention.published.astimezone(self.zone)
        return published.date()

    def match(self, mention: Mention, spans: Sequence[Span] | None, kind: str) -> Match:
        own = bool(self.own_accounts) and f"{kind or mention.source}:{mention.author}".casefold() in self.own_accounts
        return Match(self.brand, self.day(mention), spans, "brand" if own else None)


class Matcher:
    """Matches mentions against the queries and lists of all brands, in one pass over each text."""

    def __init__(self, brands: Sequence[BrandConfig], rules: MatchConfig = _NO_RULES) -> None:
        self._aside = rules.keep_unmatched
        queries = [compile_query(one.effective_query) for one in brands]
        self._queries = [*queries]
        self._global = self._lists(rules.allow, rules.deny)
        self._listeners = [
            _Listener(
                one.id,
                query,
                _zone(one.timezone),
                frozenset(account.casefold() for account in one.own_accounts),
                self._lists(one.allow, one.deny),
            )
            for one, query in zip(brands, queries, strict=True)
        ]
        self._numbers = {one.brand: number for number, one in enumerate(self._listeners)}
        self._called = {name.casefold(): one.id for one in brands for name in (one.name, one.id)}

    def _lists(self, allow: Sequence[str], deny: Sequence[str]) -> _Lists:
        first = len(self._queries)
        self._queries += [compile_query(one) for one in (*allow, *deny)]
        between = first + len(allow)
        return _Lists(range(first, between), range(between, between + len(deny)))

    @cached_property
    def _scanner(self) -> Scanner:
        return scanner(self._queries)

    def for_source(self, only: Sequence[str] = (), kind: str = "") -> MatchMention:
        """Return the function that matches one source's mentions: against the brands in `only`, or all.

        What a brand's own source says is about that brand, whether or not it writes its name. What its own account says, given
        as `kind:author`, is in that brand's voice, and in no other's; a source without a `kind` is named by its id.
        """
        chosen = frozenset(self._numbers[name] for name in only) if only else frozenset(self._numbers.values())

        aside = min(self._aside, _LONGEST_ASIDE.get(kind, self._aside))

        def match(mention: Mention) -> Matched:
            if mention.about:
                brand = self._called.get(mention.about.strip().casefold())
                return self.assigned(mention, brand, kind) if brand else Matched([], [], aside)
            if mention.voice == "brand" and len(only) == 1:
                return self.assigned(mention, only[0], kind)
            text = document(mention, _language)
            seen = self._scanner.candidates(text)
            found, excluded = [], []
            for number in sorted(seen & chosen):
                one = self._listeners[number]
                spans = one.query.match(text)
                reason = one.query.exclusion(text) if spans is None else self._denied(one, text, seen)
                if reason is not None:
                    excluded.append(Excluded(one.brand, one.day(mention), reason))
                elif spans is not None:
                    found.append(one.match(mention, spans, kind))
            return Matched(found, excluded, aside)

        return match

    def assigned(self, mention: Mention, brand: str, kind: str = "") -> Matched:
        """Return the match of a mention that somebody else assigned to `brand`: a column of a table says so."""
        return Matched([self._listeners[self._numbers[brand]].match(mention, None, kind)])

    def _denied(self, one: _Listener, text: Document, seen: frozenset[int]) -> str | None:
        """Return the entry of a deny list that keeps a mention from a brand: the brand's lists come first, allow before deny."""
        for lists in (one.lists, self._global):
            if self._first(lists.allow, text, seen) is not None:
                return None
            entry = self._first(lists.deny, text, seen)
            if entry is not None:
                return f"deny {entry.text}"
        return None

    def _first(self, numbers: Sequence[int], text: Document, seen: frozenset[int]) -> Query | None:
        matching = (self._queries[number] for number in numbers if number in seen and self._queries[number].match(text) is not None)
        return next(matching, None)


def _language(mention: Mention) -> str | None:
    """Return the language that the place names, or that the text seems to be in; slow at first, asked only for `lang:`."""
    if mention.language:
        return mention.language
    from models.language import detect  # noqa: PLC0415 - loads the detector
    from models.text import normalise  # noqa: PLC0415

    return detect([normalise(mention.body[:1000])])[0]


def _zone(name: str) -> tzinfo:
    """The time zone; UTC is the one that every mention is in already, which saves turning each."""
    return UTC if name == "UTC" else ZoneInfo(name)
