"""Matching anew what is stored, when queries or lists have changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.config import Config
from monitor.matching import Matcher, MatchMention
from monitor.storage.values import Matched, MatchedMention, Rematch, SourceState
from monitor.store import Store
from sources.mention import Mention
from sources.query import Span


@dataclass(frozen=True, slots=True)
class Example:
    """A mention, its number in the store (0: it is not kept for any brand yet), and the spans that its match was or is made by."""

    id: int
    mention: Mention
    spans: Sequence[Span]


@dataclass
class Tally:
    """How many mentions, and the first few of them."""

    few: int
    count: int = 0
    examples: list[Example] = field(default_factory=list)

    def add(self, id_: int, mention: Mention, spans: Sequence[Span] | None) -> None:
        """Count one more."""
        self.count += 1
        if len(self.examples) < self.few:
            self.examples.append(Example(id_, mention, spans or ()))


@dataclass
class BrandChange:
    """What matching anew does to a brand, and how many mentions its NOTs and deny lists exclude now, by reason."""

    mentions: Tally
    added: Tally
    removed: Tally
    excluded: dict[str, int] = field(default_factory=dict)


def rematch(
    store: Store, config: Config, brands: Sequence[str], now: datetime, *, dry_run: bool, examples: int = 5
) -> Mapping[str, BrandChange]:
    """Give stored mentions the matches of `brands` that the configuration says now; with `dry_run`, only count.

    What other brands match stays as it is, and so does a match that no query made: what a table's column or the brand's own
    source assigned. A mention that loses its last match stays stored, so that the change can be taken back.
    """
    judge = _Judge(Matcher(config.brand, config.match), store.sources.states(), frozenset(one.id for one in config.brand))
    changes = {brand: BrandChange(Tally(examples), Tally(examples), Tally(examples)) for brand in brands}
    for page in store.matching.matched():
        judged = [(one, _of(brands, judge(one.mention))) for one in page if not _is_assigned(one)]
        anew = []
        for one, result in judged:
            change = _compare(one, result, brands)
            anew += [change] if change else []
            _tell(changes, one, result, change)
        if not dry_run:
            store.matching.rematch(anew, brands, [(one.mention, result) for one, result in judged], now)
    for mentions in store.matching.unmatched(now):
        found = [(one, _of(brands, judge(one))) for one in mentions]
        for mention, result in found:
            _tell(changes, MatchedMention(0, 0, mention, {}), result, Rematch(0, 0, added=result))
        if not dry_run:
            store.matching.take_in(found, brands, now)
    return changes


class _Judge:
    """Matches mentions the way their sources are matched."""

    def __init__(self, matcher: Matcher, states: Sequence[SourceState], configured: frozenset[str]) -> None:
        self._matcher = matcher
        self._configured = configured
        self._known = {state.id: self._of(state) for state in states}
        self._other = matcher.for_source()

    def __call__(self, mention: Mention) -> Matched:
        match = self._known.get(mention.source, self._other)
        return Matched() if match is None else match(mention)

    def _of(self, state: SourceState) -> MatchMention | None:
        """Return how a source is matched; None where none of its brands is configured any more."""
        only = [brand for brand in state.brands if brand in self._configured]
        if state.brands and not only:
            return None
        return self._matcher.for_source(only, "" if state.kind == "import" else state.kind)


def _is_assigned(one: MatchedMention) -> bool:
    return any(spans is None for spans, _ in one.matches.values())


def _of(brands: Sequence[str], result: Matched) -> Matched:
    """Return what was found for some of the brands."""
    excluded = [one for one in result.excluded if one.brand in brands]
    return Matched([one for one in result if one.brand in brands], excluded, result.aside)


def _compare(one: MatchedMention, result: Matched, brands: Sequence[str]) -> Rematch | None:
    """Return what is to be done so that a mention has these matches; None where it has them."""
    wanted = {match.brand: match for match in result}
    same = {
        brand: match
        for brand, match in wanted.items()
        if brand in one.matches and one.matches[brand][1] == (match.voice or one.mention.voice)
    }
    removed = [brand for brand in one.matches if brand in brands and brand not in same]
    added = [match for brand, match in wanted.items() if brand not in same]
    moved = [match for brand, match in same.items() if match.spans is None or tuple(match.spans) != one.matches[brand][0]]
    return Rematch(one.id, one.story, removed, added, moved) if removed or added or moved else None


def _tell(changes: Mapping[str, BrandChange], one: MatchedMention, result: Matched, change: Rematch | None) -> None:
    for match in result:
        changes[match.brand].mentions.add(one.id, one.mention, match.spans)
    for excluded in result.excluded:
        reasons = changes[excluded.brand].excluded
        reasons[excluded.reason] = reasons.get(excluded.reason, 0) + 1
    if change is not None:
        for match in change.added:
            changes[match.brand].added.add(one.id, one.mention, match.spans)
        for brand in change.removed:
            changes[brand].removed.add(one.id, one.mention, one.matches[brand][0])
