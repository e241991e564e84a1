"""Checks and records of the table [causes]: what complaints are grouped by their root."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from sources.options import number, shaped, span, text, whole


@dataclass(frozen=True)
class CausesConfig:
    """How many people must complain alike to make a cause, what a dissatisfied customer costs, and how covers are judged.

    Complaints of the time `settle` after a cause was covered may still tell of before: they count for neither side. Causes are
    looked for at `at`, in each brand's own time zone.
    """

    minimum: Annotated[int, whole(3, 1_000)] = 5
    cost_per_dissatisfied_customer: Annotated[float | None, number(lambda value: value > 0, "give an amount above 0")] = None
    currency: Annotated[str, text] = ""
    settle: Annotated[timedelta, span(timedelta(0), timedelta(days=90), "0 days and 90 days")] = timedelta(days=7)
    at: Annotated[str, shaped(r"([01][0-9]|2[0-3]):[0-5][0-9]", 'give a time of day from 00:00 to 23:59, such as "05:30"')] = (
        "05:30"
    )


DEFAULT_CAUSES = CausesConfig()
