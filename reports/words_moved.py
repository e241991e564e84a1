"""Sentences about what moved, on whom it rests and what was measured: templates filled with figures that were computed."""

from reports.findings import Movement, NumericPromise, Term, VoiceConcentration
from reports.typography import DASH, MINUS, interval, number, percent, sample, span
from reports.words import signed

_CAUSES = {
    "source mix": "more or fewer voices from places with another mood",
    "topic mix": "people speaking of other things",
    "tone": "people judging the same things differently",
}
_MANY_HOURS = ((8766.0, "year"), (730.5, "month"), (168.0, "week"), (24.0, "day"), (1.0, "hour"))
_CURRENCIES = {"GBP": "£", "EUR": "€", "USD": "$"}


def movement_sentence(movement: Movement) -> str:
    """Whether net sentiment moved, by how much, and what most of it comes from."""
    if movement.delta is None or movement.interval is None or movement.net_before is None or movement.net_after is None:
        few = " and ".join(
            f"{sample(n)} in {span(window)}"
            for window, n, net in (
                (movement.before, movement.n_before, movement.net_before),
                (movement.after, movement.n_after, movement.net_after),
            )
            if net is None
        )
        return (
            f"Whether net sentiment moved cannot be said: insufficient evidence ({few})."
            if few
            else ("Whether net sentiment moved cannot be said: insufficient evidence.")
        )
    figures = (
        f"from {signed(movement.net_before)} ({span(movement.before)}) to {signed(movement.net_after)} ({span(movement.after)})"
    )
    size = f"{signed(movement.delta)} ({interval(movement.interval, sign=True)})"
    if not _beyond_chance(movement.interval):
        return f"Net sentiment went {figures}. The change of {size} may be chance.{_topics(movement)}"
    verb, sign = ("rose", 1) if movement.delta > 0 else ("fell", -1)
    largest = max(movement.terms, key=lambda term: sign * term.points)
    most = f"Most of it ({signed(largest.points)}) is {_CAUSES[largest.name]} ({largest.name})."
    return f"Net sentiment {verb} {figures}: {size}. {most}{_against(movement, largest)}{_topics(movement)}"


def _against(movement: Movement, largest: Term) -> str:
    """The terms that pull the other way beyond chance."""
    sign = 1 if (movement.delta or 0.0) > 0 else -1
    contrary = [term for term in movement.terms if term is not largest and term.points * sign < 0 and _beyond_chance(term.interval)]
    if not contrary:
        return ""
    told = " and ".join(f"{term.name} ({signed(term.points)})" for term in contrary)
    return f" {told[0].upper()}{told[1:]} pulled the other way."


def _topics(movement: Movement) -> str:
    """The promises that lifted and lowered net sentiment most, beyond chance."""
    certain = [one for one in movement.drivers if one.kind == "topic" and one.promise and _beyond_chance(one.interval)]
    lifted = max((one for one in certain if one.points > 0), key=lambda one: one.points, default=None)
    lowered = min((one for one in certain if one.points < 0), key=lambda one: one.points, default=None)
    told = [
        f"“{_short(one.name)}” {verb} it by {number(abs(one.points))}"
        for one, verb in ((lifted, "lifted"), (lowered, "lowered"))
        if one is not None
    ]
    return f" What people said of {' and '.join(told)}." if told else ""


def _beyond_chance(bounds: tuple[float, float]) -> bool:
    return not bounds[0] <= 0 <= bounds[1]


def concentration_sentence(found: VoiceConcentration, limit: float) -> str:
    """That a number rests on one author or one thread, where it does."""
    whose = f"those who say that “{_short(found.text)}” was broken" if found.promise else "the negative voices"
    for shares, name in ((found.authors, "one author"), (found.threads, "one thread")):
        if shares is not None and shares[0] >= limit:
            return f"{percent(shares[0])} of {whose} ({sample(found.n)}) are {name}: read this number with care."
    return ""


def number_sentence(found: NumericPromise) -> str:
    """`Promised two days; customers report a median of 4 days (3 to 5), n = 41.`"""
    if found.median is None or found.interval is None:
        return f"Promised {found.advertised_text}; insufficient evidence of what customers measure ({sample(found.n)})."
    bounds = quantity_range(found.interval, found.unit)
    sentence = (
        f"Promised {found.advertised_text}; customers report a median of {quantity(found.median, found.unit)} "
        f"({bounds}), {sample(found.n)}."
    )
    if found.within is not None:
        verb = "stays" if round(100 * found.within) == 1 else "stay"
        sentence += f" {percent(found.within)} of them {verb} within what is promised."
    return sentence


def quantity(value: float, unit: str) -> str:
    """A figure as people say it: `6 days`, `90 minutes`, `£12.50`, `15 %`."""
    if unit == "hours":
        return _duration(value)
    if unit == "metres":
        return (
            f"{_plain(value / 1000)} km" if value >= 1000 else f"{_plain(value)} m" if value >= 1 else f"{_plain(100 * value)} cm"
        )
    if unit == "%":
        return f"{_plain(value)}\N{NO-BREAK SPACE}%"
    return f"{_CURRENCIES.get(unit, unit + ' ')}{value:,.2f}".removesuffix(".00")


def quantity_range(bounds: tuple[float, float], unit: str) -> str:
    """Both ends of an interval: `3–5 days`."""
    low, high = (quantity(bound, unit) for bound in bounds)
    first, _, named = low.partition(" ")
    second, _, other = high.partition(" ")
    return f"{first}{DASH}{second} {other}" if other and named.rstrip("s") == other.rstrip("s") else f"{low} to {high}"


def _duration(hours: float) -> str:
    """In the largest unit of which there are two, or exactly one."""
    for size, name in _MANY_HOURS:
        count = hours / size
        if count >= 2 or abs(count - 1) < 0.02:
            return f"{_plain(count)} {name}{'' if _plain(count) == '1' else 's'}"
    minutes = 60 * hours
    return f"{_plain(minutes)} minute{'' if _plain(minutes) == '1' else 's'}" if minutes >= 1 else f"{_plain(60 * minutes)} seconds"


def tenth(value: float) -> str:
    """Points with one decimal and their sign, so that parts are seen to sum to the whole: `+5.4`, `−0.1`, `0.0`."""
    rounded = round(value, 1)
    return f"{'+' if rounded > 0 else MINUS if rounded < 0 else ''}{abs(rounded):.1f}"


def _plain(value: float) -> str:
    return number(value) if value >= 10 or abs(value - round(value)) < 0.05 else f"{value:.1f}".replace("-", MINUS)


def _short(text: str) -> str:
    words = " ".join(text.split()).rstrip(".")
    return words if len(words) <= 60 else words[:60].rsplit(" ", 1)[0] + " …"
