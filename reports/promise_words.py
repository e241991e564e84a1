"""Sentences about what promises weigh: templates filled with figures that were computed, never more than those say."""

from collections.abc import Mapping, Sequence

from reports.documents import Change
from reports.promise_records import ClaimAtRisk, EmphasisGap, Importance, Turn
from reports.reader import gettext, ngettext
from reports.statistics import MIN_EFFECTIVE
from reports.terms import term
from reports.typography import day_and_month, decimal, exact, interval, number, percent, percent_interval, sample
from reports.words import quoted, signed


def emphasis_sentence(brand: str, gaps: Sequence[EmphasisGap]) -> str:
    """Where the brand is loudest beside its customers, and where it is silent on what they speak of; only where it is no chance."""
    told = [one for one in gaps if one.gap is not None and one.interval is not None]
    loud = max((one for one in told if one.interval and one.interval[0] > 0), key=lambda one: one.gap or 0.0, default=None)
    quiet = min((one for one in told if one.interval and one.interval[1] < 0), key=lambda one: one.gap or 0.0, default=None)
    if loud is None and quiet is None:
        return gettext("%(brand)s advertises its promises about as much as customers speak of them.", brand=brand)
    sentences = []
    if loud is not None:
        sentences.append(
            gettext(
                "%(brand)s is louder about %(promise)s than its customers are: it is %(advertised)s of what is advertised "
                "and %(spoken)s of what customers say of promises "
                "(%(points)s points; %(placements)s placements, %(voices)s voices).",
                brand=brand,
                **_shares(loud),
            )
        )
    if quiet is not None:
        sentences.append(
            gettext(
                "Customers are louder about %(promise)s than %(brand)s is: it is %(advertised)s of what is advertised "
                "and %(spoken)s of what customers say of promises "
                "(%(points)s points; %(placements)s placements, %(voices)s voices).",
                brand=brand,
                **_shares(quiet),
            )
        )
    return " ".join(sentences)


def importance_sentence(found: Importance, recovered: Mapping[str, Change]) -> str:
    """What to fix first and what to keep up; why there is nothing to say where that is so.

    `recovered` promises are delivered well since they changed: the window's average does not know.
    """
    if found.explained is None or found.mean_delivery is None:
        return gettext(
            "Too few promises have the %(least)s independent voices that importance needs; at least two are compared.",
            least=number(MIN_EFFECTIVE),
        )
    first = [one for one in found.standings if one.quadrant == "fix first"]
    urgent = [one for one in first if one.promise.id not in recovered]
    kept = [one for one in found.standings if one.quadrant == "keep up"]
    sentences = []
    if urgent:
        top = urgent[0]
        facts = {"promise": quoted(top.promise), "share": percent(top.importance or 0.0)}
        sentences.append(
            gettext("Fix %(promise)s first: %(share)s of what promises explain, delivered below average.", **facts)
            if top.clear
            else gettext(
                "Fix %(promise)s first: %(share)s of what promises explain, delivered below average, though not clear-cut.", **facts
            )
        )
    elif kept and not first:
        name = quoted(kept[0].promise)
        sentences.append(gettext("Keep up %(promise)s: it matters most and is delivered above average.", promise=name))
    elif not first:
        sentences.append(gettext("No promise that matters more than average is delivered below average."))
    doubtful = [one for one in found.standings if one.quadrant == "low priority" and not one.clear]
    told = next((one for one in doubtful if one.promise.id not in recovered), None)
    if told is not None and not urgent:
        sentences.append(
            gettext(
                "Look at %(promise)s: it is delivered below average, and may matter more than average "
                "(%(share)s of what promises explain, %(interval)s).",
                promise=quoted(told.promise),
                share=percent(told.importance or 0.0),
                interval=percent_interval(told.interval or (0.0, 1.0)),
            )
        )
    for one in first:
        if one.promise.id in recovered:
            change = recovered[one.promise.id]
            sentences.append(
                gettext(
                    "%(promise)s was put right on %(day)s: %(before)s before, %(after)s since.",
                    promise=quoted(one.promise),
                    day=day_and_month(change.start),
                    before=number(change.before),
                    after=number(change.after),
                )
            )
    sentences.append(
        gettext(
            "Promises explain %(share)s of how customers feel overall (%(sample)s).",
            share=percent(found.explained),
            sample=sample(found.n),
        )
    )
    return " ".join(sentences)


def turn_sentence(turn: Turn) -> str:
    """What changed in how a promise is made, and delivery before and after; that one led to the other is not said."""
    day = day_and_month(turn.start)
    if turn.occasion == "new wording":
        changed = gettext("Since %(day)s it also reads “%(words)s”.", day=day, words=turn.words.rstrip("."))
    else:
        changed = gettext(
            "Advertised %(before)s times a week before %(day)s, %(after)s times since.",
            before=_rate(turn.loud_before),
            day=day,
            after=_rate(turn.loud_after),
        )
    if turn.before is None or turn.after is None or turn.interval is None or turn.delta is None:
        few = gettext("Too few customers spoke before or after to compare what they lived.")
        return f"{changed} {few}"
    lived = gettext(
        "Customers report it kept in %(before)s of 100 cases before and %(after)s since, "
        "a difference of %(difference)s (%(low)s to %(high)s; n = %(n_before)s and %(n_after)s).",
        before=number(turn.before),
        after=number(turn.after),
        difference=signed(turn.delta),
        low=signed(turn.interval[0]),
        high=signed(turn.interval[1]),
        n_before=number(turn.n_before),
        n_after=number(turn.n_after),
    )
    return f"{changed} {lived}"


def at_risk_sentence(claim: ClaimAtRisk, recent: bool, change: Change | None) -> str:
    """What to do with a claim, and why."""
    facts = {
        "promise": quoted(claim.promise),
        "promised": exact(claim.expectation),
        "delivered": number(claim.delivery),
        "interval": interval(claim.interval),
        "sample": sample(claim.n),
        "softer": term(claim.softer),
    }
    if claim.verdict == "at risk":
        advice = (
            gettext("%(promise)s will not hold long: soften it to a %(softer)s claim, or stop the fall.", **facts)
            if claim.softer
            else gettext("%(promise)s will not hold long: be ready to withdraw it, or stop the fall.", **facts)
        )
    elif claim.softer:
        advice = gettext("Soften %(promise)s to a %(softer)s claim, or deliver more.", **facts)
    else:
        advice = gettext("Withdraw %(promise)s, or deliver it: no softer claim would hold either.", **facts)
    said = ngettext(
        "One customer said outright that it was promised.", "%(n)s customers said outright that it was promised.", claim.outright
    )
    lived = (
        _lived_within(facts, change if recent else None)
        if claim.verdict == "at risk"
        else _lived(facts, change if recent else None)
    )
    return " ".join([advice, lived, *([said] if claim.outright else [])])


def _lived(facts: Mapping[str, str], change: Change | None) -> str:
    """Delivery of a claim against what it promises."""
    if change is None:
        return gettext(
            "Customers report it kept in %(delivered)s of 100 cases (%(interval)s, %(sample)s) "
            "against the %(promised)s it promises.",
            **facts,
        )
    return gettext(
        "Customers report it kept in %(delivered)s of 100 cases since the week of %(day)s (%(interval)s, %(sample)s) "
        "against the %(promised)s it promises.",
        day=day_and_month(change.start),
        **facts,
    )


def _lived_within(facts: Mapping[str, str], change: Change | None) -> str:
    """Delivery of a claim whose promise its interval holds."""
    if change is None:
        return gettext(
            "Customers report it kept in %(delivered)s of 100 cases (%(interval)s, %(sample)s); "
            "the %(promised)s it promises lies within that.",
            **facts,
        )
    return gettext(
        "Customers report it kept in %(delivered)s of 100 cases since the week of %(day)s (%(interval)s, %(sample)s); "
        "the %(promised)s it promises lies within that.",
        day=day_and_month(change.start),
        **facts,
    )


def _shares(one: EmphasisGap) -> dict[str, str]:
    return {
        "promise": quoted(one.promise),
        "advertised": percent(one.advertised or 0.0),
        "spoken": percent(one.spoken or 0.0),
        "points": signed(one.gap or 0.0),
        "placements": number(one.placements),
        "voices": number(one.voices),
    }


def _rate(value: float) -> str:
    return number(value) if value >= 10 or abs(value - round(value)) < 0.05 else decimal(value)
