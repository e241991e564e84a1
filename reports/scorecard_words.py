"""What a scorecard says in words. Every figure has its interval or its size; None is never a number."""

from collections.abc import Sequence

from reports.reader import gettext, ngettext
from reports.scorecard_records import Score, Total
from reports.terms import term
from reports.typography import between, capitalised, decimal, listed, number, sample

NOTABLE = 0.5
"""Difference between own and customers' rating, in points, under which they are called alike."""


def headlines(scores: Sequence[Score], total: Total, first: Sequence[str]) -> tuple[str, ...]:
    """Two or three sentences to read first: the totals, the widest difference, what to work on."""
    found = [total_sentence(total)]
    apart = [score for score in scores if score.difference is not None and abs(score.difference) >= NOTABLE]
    if apart:
        widest = max(apart, key=lambda score: abs(score.difference or 0.0))
        found.append(gettext("The widest difference: %(sentence)s", sentence=widest.sentence))
    if first:
        found.append(gettext("Work first on %(pillars)s.", pillars=listed([term(one) for one in first])))
    return tuple(found)


def total_sentence(total: Total) -> str:
    """Both totals over the same pillars; a part of the ten is named as one."""
    if total.customers is None or total.interval is None:
        return gettext("No pillar has enough evidence yet, so customers' words give no score.")
    low, high = total.interval
    facts = {
        "customers": sum_of(total.customers, total),
        "most": number(total.most),
        "interval": between(sum_of(low, total), sum_of(high, total)),
        "pillars": gettext("all ten pillars")
        if total.pillars == 10
        else ngettext(
            "the one pillar of ten that they speak of enough",
            "the %(n)s of ten pillars that they speak of enough",
            total.pillars,
        ),
    }
    if total.own is None:
        return gettext(
            "Customers' words give %(customers)s of %(most)s (%(interval)s) over %(pillars)s; "
            "the company has not rated itself there yet (promisewatch assess).",
            **facts,
        )
    return gettext(
        "You rate yourselves %(own)s of %(most)s; customers' words give %(customers)s of %(most)s (%(interval)s), "
        "over %(pillars)s.",
        own=sum_of(total.own, total),
        **facts,
    )


def pillar_sentence(score: Score) -> str:
    """One pillar: both ratings, or what is missing."""
    facts = {"pillar": capitalised(term(score.name)), "own": "" if score.own is None else decimal(score.own)}
    if score.customers is None or score.interval is None:
        heard = gettext("nobody spoke of it")
        if score.n:
            heard = ngettext("only one customer spoke of it", "only %(n)s customers spoke of it", score.n)
        if score.n >= 12:
            heard = gettext("%(n)s customers spoke of it, but many share one text", n=number(score.n))
        if score.own is None:
            return gettext("%(pillar)s: customers: insufficient evidence (%(why)s).", why=heard, **facts)
        return gettext("%(pillar)s: you say %(own)s, customers: insufficient evidence (%(why)s).", why=heard, **facts)
    facts["customers"] = decimal(score.customers)
    facts["interval"] = between(*map(decimal, score.interval))
    facts["sample"] = sample(score.n)
    if score.own is None:
        return gettext("%(pillar)s: customers %(customers)s (%(interval)s, %(sample)s).", **facts)
    return gettext("%(pillar)s: you say %(own)s, customers say %(customers)s (%(interval)s, %(sample)s).", **facts)


def sum_of(value: float, total: Total) -> str:
    """A sum over the total's pillars; over a few of them its decimal is not lost."""
    return decimal(value, 0 if total.pillars >= 6 else 1)


def points(value: float) -> str:
    """A difference with one decimal and a true minus: `+1.4`, `−0.3`, `0.0`."""
    return decimal(value, 1, sign=True)
