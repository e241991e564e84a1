"""A change of an average over groups, split exactly into what two crossing factors and the groups' own rates add.

Kitagawa (1955) for one factor, and Das Gupta (1993) for two that cross: each order in which the factors are taken counts half,
and so does each side as the base. The three terms sum to the change, and change their sign with the sides.
"""

from typing import NamedTuple

import numpy as np

from reports.statistics import Floats


class Split(NamedTuple):
    """What each adds, in the unit of the rates; one number, or an array of the leading axes (bootstrap draws)."""

    first: Floats
    second: Floats
    rate: Floats


def split(share_before: Floats, rate_before: Floats, share_after: Floats, rate_after: Floats) -> Split:
    """Split Σ share·rate after − before, each … × first factor × second factor. The rate of an empty group is of no account."""
    before = np.where(share_before > 0, rate_before, np.where(share_after > 0, rate_after, 0.0))
    after = np.where(share_after > 0, rate_after, before)
    usual, moved = (before + after) / 2, (share_before + share_after) / 2 * (after - before)
    leading = _in_order(share_before, share_after, usual, axis=-1)
    trailing = _in_order(share_before, share_after, usual, axis=-2)
    return Split((leading[0] + trailing[1]) / 2, (leading[1] + trailing[0]) / 2, moved.sum(axis=(-2, -1)))


def spread_of_products(both: Floats, first: Floats, second: Floats) -> Floats:
    """Deviations of a sum of products from its value, `both` factors drawn anew; `first` and `second` where one of them was.

    The factors that are drawn around are estimates, too, so that what both add together is counted three times. It is counted once
    here, as in the unbiased variance of a product (Goodman 1960); at least a quarter of the variance is left.
    """
    variance, together = float(both.var()), float((both - first - second).var())
    return both * float(np.sqrt(max(variance - 2 * together, variance / 4) / variance)) if variance > 0 else both


def _in_order(before: Floats, after: Floats, rate: Floats, axis: int) -> tuple[Floats, Floats]:
    """What the mix of one factor adds (that which is left when summed over `axis`), then the mix of the other within it."""
    whole_before, whole_after = before.sum(axis=axis, keepdims=True), after.sum(axis=axis, keepdims=True)
    within_before, within_after = _within(before, whole_before), _within(after, whole_after)
    # What was not there had no mix within: the other side's stands for it, so that its coming or going is the first factor's.
    mixed_before = np.where(whole_before > 0, within_before, within_after)
    mixed_after = np.where(whole_after > 0, within_after, within_before)
    first = (whole_after - whole_before) * (mixed_before + mixed_after) / 2 * rate
    second = (whole_before + whole_after) / 2 * (mixed_after - mixed_before) * rate
    return np.asarray(first.sum(axis=(-2, -1))), np.asarray(second.sum(axis=(-2, -1)))


def _within(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
