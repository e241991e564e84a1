"""The scorecard as a page, as Markdown, as JSON and as CSV."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any, Final

from reports.documents import Interval
from reports.json_values import shares, thousandth
from reports.markdown import escape, table
from reports.reader import gettext, gettext_noop
from reports.scorecard_records import Score, Scorecard, Total
from reports.scorecard_words import points
from reports.terms import INSUFFICIENT, term
from reports.typography import (
    between,
    capitalised,
    decimal,
    marks,
    moment,
    number,
    percent,
    percent_interval,
    span,
)

_COUNTS: Final = ("n", "n_eff", "good", "bad", "importance", "importance_low", "importance_high")
METHOD: Final = gettext_noop(
    "A pillar's score is 1 + 4 × the share of good evidence among the customers' voices that speak of it: a promise of that pillar "
    "kept or broken, or else a passage about it that is positive or negative; one vote a story-voice. The share is shrunk towards "
    "all pillars (empirical Bayes), its interval is that of the beta posterior, 95 %%; under 12 effective voices there is no "
    "score. Your own rating is the mean of the latest rating of each person. Importance is a pillar's share of what the "
    "measured pillars explain of overall sentiment (Shapley, LMG shares of a regression of a voice's mood on the pillars that "
    "it speaks well or badly of; bootstrap over stories, 95 %%): it says what moods follow, not what causes them. What to "
    "work on first is what there is to win: importance (or, where that cannot be told, how many speak of a pillar) times what "
    "it lacks to 5."
)
_JOURNEY: Final = gettext_noop("Along the customer's journey")
_IN_WORDS: Final = gettext_noop("In customers' words")


def render_scorecard(card: Scorecard, format: str) -> str:  # noqa: A002 - the word of the command line
    """The scorecard as one document: html, md, json or csv."""
    looks: Mapping[str, Callable[[Scorecard], str]] = {"html": _html, "md": _markdown, "json": _json, "csv": _csv}
    return looks[format](card).encode("utf-8", "replace").decode("utf-8")


def _html(card: Scorecard) -> str:
    from reports.render_html import page  # noqa: PLC0415 - templates are slow to load, and three formats need none

    return page("scorecard.html", document=card, card=card, method=gettext(METHOD))


def _markdown(card: Scorecard) -> str:
    first, *rest = card.headlines
    made = gettext("generated %(moment)s", moment=moment(card.generated, card.timezone))
    head = "# " + gettext("%(brand)s: scorecard", brand=escape(card.brand_name)) + f"\n\n{span(card.window)} · {made}"
    parts = [head, f"**{escape(first)}**", *map(escape, rest)]
    parts += [f"## {gettext('Ten pillars, side by side')}", scores_table(gettext("pillar"), card.pillars)]
    if any(stage.n for stage in card.stages):
        parts += [f"## {gettext(_JOURNEY)}", scores_table(gettext("stage"), card.stages)]
    quotes = [
        f"**{capitalised(term(score.name))}**\n\n"
        + "\n".join(
            f"- {gettext('good') if quote.label == 'positive' else gettext('bad')}: {marks(escape(quote.passage))}"
            for quote in score.quotes
        )
        for score in card.pillars
        if score.quotes
    ]
    if quotes:
        parts += [f"## {gettext(_IN_WORDS)}", *quotes]
    return "\n\n".join([*parts, f"## {gettext('How this was computed')}", gettext(METHOD)]) + "\n"


def scores_table(name: str, scores: tuple[Score, ...]) -> str:
    """Every pillar, or stage, in a line."""
    weighed = any(score.importance is not None for score in scores)
    head = [name, gettext("you"), gettext("customers (95 %%)"), gettext("difference")]
    head += [*([gettext("importance (95 %%)")] if weighed else []), "n"]
    lines = []
    for score in scores:
        given = term(INSUFFICIENT)
        if score.customers is not None and score.interval is not None:
            given = f"{decimal(score.customers)} ({between(*map(decimal, score.interval))})"
        own = "–" if score.own is None else decimal(score.own)
        apart = "–" if score.difference is None else points(score.difference)
        weight = "–"
        if score.importance is not None and score.importance_interval is not None:
            weight = f"{percent(score.importance)} ({percent_interval(score.importance_interval)})"
        lines.append([term(score.name), own, given, apart, *([weight] if weighed else []), number(score.n)])
    return table(head, lines)


def _json(card: Scorecard) -> str:
    document = {
        "brand": card.brand,
        "brand_name": card.brand_name,
        "timezone": card.timezone,
        "generated": card.generated.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z",
        "window": {"since": card.window.since.isoformat(), "until": card.window.until.isoformat()},
        **card_json(card),
        "model": card.model.version,
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def card_json(card: Scorecard) -> dict[str, Any]:
    """All that it says, without of whom and when."""
    return {
        "headlines": list(card.headlines),
        "total": _total(card.total),
        "own_total": _rounded(card.own_total),
        "raters": list(card.raters),
        "first": list(card.first),
        "pillars": [_score(score) for score in card.pillars],
        "stages": [_score(score) for score in card.stages],
    }


def _total(total: Total) -> dict[str, Any]:
    return {
        "customers": _rounded(total.customers),
        "interval": _bounds(total.interval),
        "own": _rounded(total.own),
        "of": total.most,
        "pillars": total.pillars,
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "name": score.name,
        "customers": _rounded(score.customers),
        "interval": _bounds(score.interval),
        "own": _rounded(score.own),
        "own_range": _bounds(score.own_range),
        "raters": score.raters,
        "difference": _rounded(score.difference),
        "importance": thousandth(score.importance),
        "importance_interval": shares(score.importance_interval),
        "n": score.n,
        "n_eff": round(score.n_eff, 1),
        "good": score.good,
        "bad": score.bad,
        "sentence": score.sentence,
        "quotes": [
            {"mention": quote.mention, "quote": quote.passage, "url": quote.url, "label": quote.label, "copies": quote.copies}
            for quote in score.quotes
        ],
    }


def _csv(card: Scorecard) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("kind", "name", "own", "customers", "low", "high", "difference", *_COUNTS))
    for kind, scores in (("pillar", card.pillars), ("stage", card.stages)):
        for score in scores:
            low, high = _bounds(score.interval) or (None, None)
            row = (_rounded(score.own), _rounded(score.customers), low, high, _rounded(score.difference))
            weight = (thousandth(score.importance), *(shares(score.importance_interval) or (None, None)))
            counts = (score.n, round(score.n_eff, 1), score.good, score.bad, *("" if value is None else value for value in weight))
            writer.writerow([kind, score.name, *("" if value is None else value for value in row), *counts])
    return out.getvalue()


def _bounds(bounds: Interval | None) -> list[float] | None:
    return None if bounds is None else [round(bound, 2) for bound in bounds]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
