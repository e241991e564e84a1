"""Where the numbers of a gap report that stands alone lead: into the dockets at its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from reports.causes_records import Cause
from reports.dockets import OVER_TIME, Dockets, Elsewhere
from reports.documents import GapReport
from reports.html_parts import NARROWING, filters_of_group, parts_of

CAUSES: Final = 8
"""Causes that the gap report tells; the causes report has them all."""
BEHIND, ENOUGH = 4, 3
"""Causes that a promise's card names, and how many must complain of one while they call the promise broken."""


@dataclass(frozen=True)
class Leads:
    """The address in the page of the docket behind a number: that of its promise, its cause, its brand, or its mood.

    Filters are those of the dashboard's page of mentions, so that its pages and the report share their templates. A number of one
    week, one source or one segment opens that part of its docket.
    """

    report: GapReport

    def __call__(self, **filters: object) -> str:
        """The address for these filters; empty where nothing in the page shows what is behind the number."""
        if self.report.dockets is None:
            return ""
        brand = str(filters.get("brand") or self.report.brand)
        if brand != self.report.brand:
            return self._place("evidence-brand-", [one.id for one in self.report.findings.competitors if not one.own], brand)
        if filters.get("cause"):
            return f"#evidence-cause-{filters['cause']}"
        if filters.get("pillar"):
            return self._pillar(str(filters["pillar"]))
        if filters.get("promise"):
            kind = "adverts-" if filters.get("voice") == "brand" else "evidence-"
            whole = self._place(kind, [gap.promise.id for gap in self.report.promises], str(filters["promise"]))
        else:
            whole = "#evidence-mood" if self.report.sentiment.n else ""
        return self._part(filters) or whole

    def _part(self, filters: Mapping[str, object]) -> str:
        """Of a stretch that is no week of its own, all weeks are shown."""
        narrowed = frozenset((name, str(filters[name])) for name in NARROWING if filters.get(name))
        known, promise = self._parts, str(filters.get("promise") or "")
        if {name for name, _ in narrowed} == {"since", "until"}:
            return known.get((promise, narrowed)) or known.get((promise, frozenset()), "")
        return known.get((promise, narrowed), "") if narrowed else ""

    @cached_property
    def _parts(self) -> Mapping[tuple[str, frozenset[tuple[str, str]]], str]:
        """Where each part stands, by promise and filters; without a filter, where the parts of time begin."""
        found: dict[tuple[str, frozenset[tuple[str, str]]], str] = {}
        for promise in ("", *(gap.promise.id for gap in self.report.promises)):
            for group in parts_of(self.report, promise):
                found |= {(promise, frozenset(one.filters.items())): f"#{one.anchor}" for one in group.parts}
                if group.dimension == OVER_TIME:
                    found[promise, frozenset()] = f"#{group.anchor}"
        return found

    def _place(self, kind: str, known: list[str], wanted: str) -> str:
        return f"#{kind}{known.index(wanted) + 1}" if wanted in known else ""

    def _pillar(self, name: str) -> str:
        pillars = self.report.scorecard.pillars if self.report.scorecard else ()
        return f"#{name.replace(' ', '-')}" if any(one.name == name and one.quotes for one in pillars) else ""


def elsewhere(report: GapReport, brand: str = "") -> Elsewhere:
    """Where all rows of the report's window are, of its brand or of another."""
    return Elsewhere((report.dockets or Dockets()).dashboard, brand or report.brand, report.window)


def told_causes(report: GapReport) -> tuple[Cause, ...]:
    """The causes that the report tells: the largest, those that were put right, and what to improve in each pillar."""
    if report.causes is None:
        return ()
    to_improve = {one.cause.id for one in report.causes.improvements}
    return tuple(
        one for place, one in enumerate(report.causes.causes) if place < CAUSES or one.covered is not None or one.id in to_improve
    )


def behind_promise(report: GapReport, promise: str) -> list[tuple[Cause, int]]:
    """What those complain of who say that a promise was broken, with how many they are, the most first."""
    found = [(cause, n) for cause in told_causes(report) for one, n in cause.promises if one.id == promise and n >= ENOUGH]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].id))[:BEHIND]


GLOBALS: Final[Mapping[str, object]] = {
    "elsewhere": elsewhere,
    "told_causes": told_causes,
    "behind_promise": behind_promise,
    "parts_of": parts_of,
    "filters_of_group": filters_of_group,
}
