"""Customers who wait for an answer, as a digest tells of them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer who waits for an answer, as a digest tells of one; `why` is the gravest reason, `owner` who has the case.

    `mention` is the number of what the customer said first.
    """

    case: int
    author: str
    quote: str
    url: str
    source: str
    since: datetime
    due: datetime
    overdue: bool
    owner: str
    why: str
    mention: int = 0
