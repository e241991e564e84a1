"""Competitors in sentences: where customers live through the same promise better or worse than the brand's own."""

from collections.abc import Iterator

from reports.documents import GapReport
from reports.reader import gettext
from reports.typography import interval, number
from reports.words import quoted, signed

CERTAIN = 0.05


def rival_lines(report: GapReport) -> Iterator[str]:
    """Yield a sentence for each promise in which a competitor differs by more than chance."""
    own = {gap.promise.id: gap for gap in report.promises}
    for rival in report.findings.competitors:
        for one in rival.promises:
            mine = own.get(one.promise)
            measured = mine is not None and mine.delivery is not None and one.delivery is not None and one.delta is not None
            if mine is None or not measured or one.p is None or one.p >= CERTAIN:
                continue
            facts = {
                "promise": quoted(mine.promise),
                "brand": report.brand_name,
                "rival": rival.name,
                "ours": number(mine.delivery or 0.0),
                "theirs": number(one.delivery or 0.0),
                "difference": signed(one.delta or 0.0),
                "interval": interval(one.delta_interval, sign=True),
                "n": number(mine.n),
                "n_rival": number(one.n),
            }
            sentence = (
                gettext(
                    "%(brand)s keeps %(promise)s better than %(rival)s: in %(ours)s of 100 cases against %(theirs)s "
                    "(%(difference)s, %(interval)s; n = %(n)s and %(n_rival)s).",
                    **facts,
                )
                if (one.delta or 0.0) > 0
                else gettext(
                    "%(rival)s keeps %(promise)s better than %(brand)s: in %(theirs)s of 100 cases against %(ours)s "
                    "(%(difference)s, %(interval)s; n = %(n_rival)s and %(n)s).",
                    **facts,
                )
            )
            yield sentence
