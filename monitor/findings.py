"""What a check finds."""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, how it stands, and what to do when it does not stand well."""

    check: str
    grade: Grade
    message: str
    remedy: str = ""
