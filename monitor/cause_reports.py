"""A report on causes: the evidence of a window, with what a complaint costs and how covers are judged by the configuration."""

from datetime import date, datetime, timedelta

from monitor.config_causes import CausesConfig
from monitor.store import Store
from reports.causes import build_causes, news
from reports.causes_records import CauseNews, CausesReport
from reports.evidence import Every, Window

FOUR_WEEKS = timedelta(weeks=4)


def causes_report(store: Store, causes: CausesConfig, brand: str, window: Window, every: Every, now: datetime) -> CausesReport:
    """What customers complained of in a window, by its root."""
    return build_causes(
        store.causes.evidence.load(
            brand,
            window,
            every,
            now,
            cost=causes.cost_per_dissatisfied_customer,
            currency=causes.currency,
            settle_days=causes.settle.days,
        )
    )


def causes_in_the_news(store: Store, brand: str, until: date, now: datetime) -> tuple[CauseNews, ...]:
    """At most three causes that are new, growing or open again, sized over the four weeks before `until`."""
    if not store.causes.known(brand):
        return ()
    window = Window(until - FOUR_WEEKS, until)
    return news(store.causes.evidence.load(brand, window, "week", now, quotes=False))
