"""A receipt of an alert, as a drop of sentiment writes it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from reports.alert import Receipt

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def receipt(**rest: Any) -> Receipt:
    """The receipt, with what a test would have otherwise."""
    known = Receipt(
        brand="acme",
        brand_name="Acme Air",
        timezone="UTC",
        watch="sentiment",
        subject="",
        title="75 % of mentions negative, usually 31 %",
        since=AT,
        until=AT,
        test="beta-binomial posterior of six hours",
        baseline="the 60 days before",
        observed=30,
        expected=12,
        total=40,
        n_eff=38,
        rate=0.2,
        wanted=1,
        without_largest=True,
    )
    return replace(known, **rest)
