"""Sentences about what promises weigh: templates filled with figures that were computed, never more than those say."""

from collections.abc import Mapping, Sequence

from reports.documents import Change
from reports.promise_records import ClaimAtRisk, EmphasisGap, Importance, Turn
from reports.statistics import MIN_EFFECTIVE
from reports.typography import exact, interval, number, percent, sample
from reports.words import bucket_words, customers, day_words, quoted, signed


def emphasis_sentence(brand: str, gaps: Sequence[EmphasisGap]) -> str:
    """Where the brand is loudest beside its customers, and where it is silent on what they speak of; only where it is no chance."""
    told = [one for one in gaps if one.gap is not None and one.interval is not None]
    loud = max((one for one in told if one.interval and one.interval[0] > 0), key=lambda one: one.gap or 0.0, default=None)
    quiet = min((one for one in told if one.interval and one.interval[1] < 0), key=lambda one: one.gap or 0.0, default=None)
    if loud is None and quiet is None:
        return f"{brand} advertises its promises about as much as customers speak of them."
    sentences = []
    if loud is not None:
        sentences.append(f"{brand} is louder about {quoted(loud.promise)} than its customers are: it is {_shares(loud)}.")
    if quiet is not None:
        sentences.append(f"Customers are louder about {quoted(quiet.promise)} than {brand} is: it is {_shares(quiet)}.")
    return " ".join(sentences)


def importance_sentence(found: Importance, recovered: Mapping[str, Change]) -> str:
    """What to fix first and what to keep up; why there is nothing to say where that is so.

    `recovered` promises are delivered well since they changed: the window's average does not know.
    """
    if found.explained is None or found.mean_delivery is None:
        return f"Too few promises have the {MIN_EFFECTIVE:.0f} independent voices that importance needs; at least two are compared."
    first = [one for one in found.standings if one.quadrant == "fix first"]
    urgent = [one for one in first if one.promise.id not in recovered]
    kept = [one for one in found.standings if one.quadrant == "keep up"]
    sentences = []
    if urgent:
        top = urgent[0]
        doubt = "" if top.clear else ", though not clear-cut"
        share = percent(top.importance or 0.0)
        sentences.append(f"Fix {quoted(top.promise)} first: {share} of what promises explain, delivered below average{doubt}.")
    elif kept and not first:
        sentences.append(f"Keep up {quoted(kept[0].promise)}: it matters most and is delivered above average.")
    elif not first:
        sentences.append("No promise that matters more than average is delivered below average.")
    for one in first:
        if one.promise.id in recovered:
            change = recovered[one.promise.id]
            figures = f"{number(change.before)} before, {number(change.after)} since"
            sentences.append(f"{quoted(one.promise)} was put right on {day_words(change.start)}: {figures}.")
    sentences.append(f"Promises explain {percent(found.explained)} of how customers feel overall ({sample(found.n)}).")
    return " ".join(sentences)


def turn_sentence(turn: Turn) -> str:
    """What changed in how a promise is made, and delivery before and after; that one led to the other is not said."""
    day = day_words(turn.start)
    if turn.occasion == "new wording":
        changed = f"Since {day} it also reads “{turn.words.rstrip('.')}”."
    else:
        changed = f"Advertised {_rate(turn.loud_before)} times a week before {day}, {_rate(turn.loud_after)} times since."
    if turn.before is None or turn.after is None or turn.interval is None or turn.delta is None:
        return f"{changed} Too few customers spoke before or after to compare what they lived."
    within = f"{signed(turn.interval[0])} to {signed(turn.interval[1])}"
    size = f"n = {turn.n_before:,} and {turn.n_after:,}"
    return (
        f"{changed} Customers report it kept in {number(turn.before)} of 100 cases before and {number(turn.after)} since, "
        f"a difference of {signed(turn.delta)} ({within}; {size})."
    )


def at_risk_sentence(claim: ClaimAtRisk, recent: bool, change: Change | None) -> str:
    """What to do with a claim, and why."""
    when = f" since the {bucket_words(change.start, 'week').removeprefix('in the ')}" if recent and change else ""
    lived = (
        f"Customers report it kept in {number(claim.delivery)} of 100 cases{when} ({interval(claim.interval)}, {sample(claim.n)})"
    )
    said = f" {customers(claim.outright)} said outright that it was promised." if claim.outright else ""
    name, promised = quoted(claim.promise), exact(claim.expectation)
    if claim.verdict == "at risk":
        way = f"soften it to a {claim.softer} claim" if claim.softer else "be ready to withdraw it"
        return f"{name} will not hold long: {way}, or stop the fall. {lived}; the {promised} it promises lies within that.{said}"
    if claim.softer:
        return f"Soften {name} to a {claim.softer} claim, or deliver more. {lived} against the {promised} it promises.{said}"
    return f"Withdraw {name}, or deliver it: no softer claim would hold either. {lived} against the {promised} it promises.{said}"


def _shares(one: EmphasisGap) -> str:
    shares = (
        f"{percent(one.advertised or 0.0)} of what is advertised and {percent(one.spoken or 0.0)} of what customers say of promises"
    )
    return f"{shares} ({signed(one.gap or 0.0)} points; {one.placements:,} placements, {one.voices:,} voices)"


def _rate(value: float) -> str:
    return f"{value:.0f}" if value >= 10 or abs(value - round(value)) < 0.05 else f"{value:.1f}"
