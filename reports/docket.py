"""The evidence docket of a promise: everything that customers said of it, kept and broken, each with its origin."""

from dataclasses import dataclass
from datetime import datetime

from reports.documents import PromiseGap
from reports.evidence import Evidence, Quote, Window


@dataclass(frozen=True, slots=True)
class Docket:
    """A promise with its figures and all of its quotes, the newest first; one quote a voice, as it is counted."""

    brand: str
    brand_name: str
    timezone: str
    window: Window
    generated: datetime
    model: str
    gap: PromiseGap
    quotes: tuple[Quote, ...]

    def side(self, stance: str) -> tuple[Quote, ...]:
        """The quotes that say kept, or broken."""
        return tuple(quote for quote in self.quotes if quote.stance == stance)


def build_docket(evidence: Evidence, gap: PromiseGap, quotes: tuple[Quote, ...]) -> Docket:
    """The docket of `gap` over the evidence's window."""
    return Docket(
        brand=evidence.brand,
        brand_name=evidence.brand_name,
        timezone=evidence.timezone,
        window=evidence.window,
        generated=evidence.generated,
        model=evidence.model.version,
        gap=gap,
        quotes=quotes,
    )
