"""How somebody in the company rates its ten pillars, as written in the configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from models.reading import PILLARS
from monitor import config_values as check
from reports.pillars import HIGHEST, LOWEST
from sources.options import refusal


def ratings(value: object) -> Mapping[str, float]:
    """A table of pillars and whole or half points from 1 to 5."""
    if not isinstance(value, dict) or not value:
        raise refusal("give a table, such as { people = 4, friction = 2 }", value)
    for pillar, rating in value.items():
        if pillar not in PILLARS:
            raise ValueError(f"there is no pillar {pillar!r}; the ten are: {', '.join(PILLARS)}")
        if isinstance(rating, bool) or not isinstance(rating, int | float) or not LOWEST <= rating <= HIGHEST:
            raise refusal(f"rate {pillar!r} from 1 (not at all) to 5 (fully)", rating)
    return {pillar: float(rating) for pillar, rating in value.items()}


@dataclass(frozen=True)
class AssessmentConfig:
    """One person's rating on one day."""

    by: Annotated[str, check.name]
    on: Annotated[date, check.day]
    ratings: Annotated[Mapping[str, float], ratings]
