"""How the model is known to err on what it has not met: measured on brands kept for tuning, stored beside the weights.

A report on a brand that nobody has audited says by these figures how far off its own may be; they move none of them.
"""

import json
from dataclasses import dataclass
from typing import Any

CELLS = tuple((said, read) for said in ("kept", "broken", "none") for read in ("kept", "broken"))
"""What people say a voice says of a promise, and as what it is read: the order of `PromiseErrors.counts`."""


@dataclass(frozen=True, slots=True)
class PromiseErrors:
    """Voices on one promise of a made-up brand of `industry`: how many in each of `CELLS`."""

    industry: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KnownErrors:
    """`net` is the standard deviation, in points, by which re-estimated net sentiment misses a brand's own beyond chance."""

    net: float
    promises: tuple[PromiseErrors, ...]

    def as_json(self) -> dict[str, Any]:
        """In JSON's own kinds; a promise is a line, such as "gym 5 0 1 4 2 0"."""
        return {"net": self.net, "promises": [" ".join([one.industry, *map(str, one.counts)]) for one in self.promises]}


def known_errors(values: Any) -> KnownErrors:
    """Read what `as_json` wrote.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it was not written by it.
    """
    return KnownErrors(float(values["net"]), tuple(_promise_errors(row) for row in values["promises"]))


def stored(errors: KnownErrors | None) -> str | None:
    """One line for a store; None where nothing is known."""
    return None if errors is None else json.dumps(errors.as_json(), separators=(",", ":"))


def from_store(line: str | None) -> KnownErrors | None:
    """Read what `stored` wrote."""
    return None if line is None else known_errors(json.loads(line))


def _promise_errors(line: str) -> PromiseErrors:
    industry, *counts = line.split()
    if len(counts) != len(CELLS) or not all(count.isdecimal() for count in counts):
        raise ValueError(f"the errors about a promise are {len(CELLS)} counts, not {line!r}")
    return PromiseErrors(industry, tuple(int(count) for count in counts))
