"""Numbers as JSON has them: rounded, null where the evidence does not suffice, never −0."""

from reports.statistics import Interval


def tenth(value: float | None) -> float | None:
    """A score or a count of points, to one decimal."""
    return None if value is None else round(float(value), 1) + 0.0


def thousandth(value: float | None) -> float | None:
    """A probability or a share, to three decimals."""
    return None if value is None else round(float(value), 3) + 0.0


def bounds(values: Interval | None) -> list[float | None] | None:
    """An interval of points."""
    return None if values is None else [tenth(value) for value in values]


def shares(values: Interval | None) -> list[float | None] | None:
    """An interval of shares."""
    return None if values is None else [thousandth(value) for value in values]


def p_value(p: float | None) -> float | None:
    """Three significant digits: 0.0004 must not read as 0."""
    return None if p is None else float(f"{p:.3g}")
