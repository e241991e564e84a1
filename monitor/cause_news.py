"""New and growing causes, as the digest tells them."""

from datetime import UTC, date, datetime, time, timedelta

from monitor.store import Store
from reports.causes_records import CauseNews
from reports.evidence import Window

DAYS = 28


def new_and_growing(store: Store, brand: str, day: date) -> tuple[CauseNews, ...]:
    """At most three causes of a brand that are new, open again or growing on a day, sized over the four weeks that end with it."""
    from reports.causes import news  # noqa: PLC0415 - arithmetic is only loaded where there is something to tell

    if not store.causes.known(brand):
        return ()
    window = Window(day - timedelta(days=DAYS - 1), day + timedelta(days=1))
    return news(store.causes.evidence.load(brand, window, "week", datetime.combine(day, time(), UTC)))
