"""Where the numbers of a gap report that stands alone lead: into the dockets at its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reports.causes_records import Cause
from reports.dockets import Dockets, Elsewhere
from reports.documents import GapReport

CAUSES: Final = 8
"""Causes that the gap report tells; the causes report has them all."""
BEHIND, ENOUGH = 4, 3
"""Causes that a promise's card names, and how many must complain of one while they call the promise broken."""


@dataclass(frozen=True, slots=True)
class Leads:
    """The address in the page of the docket behind a number: that of its promise, its cause, its brand, or its mood.

    Filters are those of the dashboard's page of mentions, so that its pages and the report share their templates. A week or a
    source of a promise opens the promise's docket, where every quote has its day and its source.
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
            return self._place(kind, [gap.promise.id for gap in self.report.promises], str(filters["promise"]))
        return "#evidence-mood" if self.report.sentiment.n else ""

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


GLOBALS: Final[Mapping[str, object]] = {"elsewhere": elsewhere, "told_causes": told_causes, "behind_promise": behind_promise}
