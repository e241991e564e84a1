"""What a scorecard says in words. Every figure has its interval or its size; None is never a number."""

from collections.abc import Sequence

from reports.scorecard_records import Score, Total
from reports.typography import MINUS, sample
from reports.words import customers

NOTABLE = 0.5
"""Difference between own and customers' rating, in points, under which they are called alike."""


def headlines(scores: Sequence[Score], total: Total, first: Sequence[str]) -> tuple[str, ...]:
    """Two or three sentences to read first: the totals, the widest difference, what to work on."""
    found = [total_sentence(total)]
    apart = [score for score in scores if score.difference is not None and abs(score.difference) >= NOTABLE]
    if apart:
        widest = max(apart, key=lambda score: abs(score.difference or 0.0))
        found.append(f"The widest difference: {widest.sentence}")
    if first:
        found.append(f"Work first on {_listed(first)}.")
    return tuple(found)


def total_sentence(total: Total) -> str:
    """Both totals over the same pillars; a part of the ten is named as one."""
    if total.customers is None or total.interval is None:
        return "No pillar has enough evidence yet, so customers' words give no score."
    low, high = total.interval
    over = "all ten pillars" if total.pillars == 10 else f"the {total.pillars} of ten pillars that they speak of enough"
    if total.pillars == 1:
        over = "the one pillar of ten that they speak of enough"
    given = f"{sum_of(total.customers, total)} of {total.most:.0f} ({sum_of(low, total)}–{sum_of(high, total)})"
    if total.own is None:
        return f"Customers' words give {given} over {over}; the company has not rated itself there yet (promisewatch assess)."
    return f"You rate yourselves {sum_of(total.own, total)} of {total.most:.0f}; customers' words give {given}, over {over}."


def pillar_sentence(score: Score) -> str:
    """One pillar: both ratings, or what is missing."""
    name = score.name.capitalize()
    own = "" if score.own is None else f"you say {score.own:.1f}, "
    if score.customers is None or score.interval is None:
        heard = "nobody spoke of it" if not score.n else f"only {customers(score.n).lower()} spoke of it"
        if score.n >= 12:
            heard = f"{customers(score.n).lower()} spoke of it, but many share one text"
        return f"{name}: {own}customers: insufficient evidence ({heard})."
    low, high = score.interval
    given = f"{score.customers:.1f} ({low:.1f}–{high:.1f}, {sample(score.n)})"
    return f"{name}: {own}customers {'' if score.own is None else 'say '}{given}."


def sum_of(value: float, total: Total) -> str:
    """A sum over the total's pillars; over a few of them its decimal is not lost."""
    return f"{value:.0f}" if total.pillars >= 6 else f"{value:.1f}"


def points(value: float) -> str:
    """A difference with one decimal and a true minus: `+1.4`, `−0.3`, `0.0`."""
    shown = f"{abs(value):.1f}"
    return shown if shown == "0.0" else f"{'+' if value > 0 else MINUS}{shown}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
