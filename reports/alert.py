"""An alert's receipt: everything that an alert has to say for itself, computed before anyone writes it down (METRICS, alerts)."""

from dataclasses import dataclass
from datetime import datetime

from reports.evidence import Quote


@dataclass(frozen=True, slots=True)
class DrivingStory:
    """One of the stories that drove an alert: `mentions` of how many voices, and the one to read."""

    mentions: int
    quote: Quote


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an alert says.

    `observed` of `total` against `expected` since `since`: mentions (volume), negative ones of all (sentiment), or voices that say
    kept of those that speak of a promise. `rate` is how often a month as much comes by chance, beside `wanted`. `without_largest`
    says whether it would have fired without its largest story; None where no story has more than one voice. `about`, `broken` and
    `places` are pillars, promises and sources with their voices, of which `negative` of `read` were negative.
    """

    brand: str
    brand_name: str
    timezone: str
    watch: str
    subject: str
    title: str
    since: datetime
    until: datetime
    test: str
    baseline: str
    observed: float
    expected: float
    total: float
    n_eff: float
    rate: float
    wanted: float
    interval: tuple[float, float] | None = None
    without_largest: bool | None = None
    promise: str = ""
    blind: tuple[str, ...] = ()
    note: str = ""
    about: tuple[tuple[str, int], ...] = ()
    broken: tuple[tuple[str, int], ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    negative: int = 0
    read: int = 0
    stories: tuple[DrivingStory, ...] = ()
