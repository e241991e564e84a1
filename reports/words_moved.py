"""Sentences about what moved, on whom it rests and what was measured: templates filled with figures that were computed."""

from reports.findings import Movement, NumericPromise, Term, VoiceConcentration
from reports.reader import forms, gettext, gettext_noop, ngettext
from reports.terms import term
from reports.typography import between, capitalised, decimal, interval, listed, marks, number, percent, sample, span
from reports.words import signed

_CAUSES = {
    "source mix": gettext_noop("more or fewer voices from places with another mood"),
    "topic mix": gettext_noop("people speaking of other things"),
    "tone": gettext_noop("people judging the same things differently"),
}
_MANY_HOURS = ((8766.0, "year"), (730.5, "month"), (168.0, "week"), (24.0, "day"), (1.0, "hour"))
_CURRENCIES = {"GBP": "£", "EUR": "€", "USD": "$"}


def movement_sentence(movement: Movement) -> str:
    """Whether net sentiment moved, by how much, and what most of it comes from."""
    if movement.delta is None or movement.interval is None or movement.net_before is None or movement.net_after is None:
        few = [
            gettext("%(sample)s in %(window)s", sample=sample(n), window=span(window))
            for window, n, net in (
                (movement.before, movement.n_before, movement.net_before),
                (movement.after, movement.n_after, movement.net_after),
            )
            if net is None
        ]
        if not few:
            return gettext("Whether net sentiment moved cannot be said: insufficient evidence.")
        return gettext("Whether net sentiment moved cannot be said: insufficient evidence (%(few)s).", few=listed(few))
    facts = {
        "before": signed(movement.net_before),
        "window_before": span(movement.before),
        "after": signed(movement.net_after),
        "window_after": span(movement.after),
        "change": signed(movement.delta),
        "interval": interval(movement.interval, sign=True),
    }
    if not _beyond_chance(movement.interval):
        went = gettext(
            "Net sentiment went from %(before)s (%(window_before)s) to %(after)s (%(window_after)s). "
            "The change of %(change)s (%(interval)s) may be chance.",
            **facts,
        )
        return " ".join([went, *_topics(movement)])
    sign = 1 if movement.delta > 0 else -1
    moved = (
        gettext(
            "Net sentiment rose from %(before)s (%(window_before)s) to %(after)s (%(window_after)s): %(change)s (%(interval)s).",
            **facts,
        )
        if sign > 0
        else gettext(
            "Net sentiment fell from %(before)s (%(window_before)s) to %(after)s (%(window_after)s): %(change)s (%(interval)s).",
            **facts,
        )
    )
    largest = max(movement.terms, key=lambda term: sign * term.points)
    most = gettext(
        "Most of it (%(points)s) is %(why)s (%(term)s).",
        points=signed(largest.points),
        why=gettext(_CAUSES[largest.name]),
        term=term(largest.name),
    )
    return " ".join([moved, most, *_against(movement, largest), *_topics(movement)])


def _against(movement: Movement, largest: Term) -> list[str]:
    """The terms that pull the other way beyond chance."""
    sign = 1 if (movement.delta or 0.0) > 0 else -1
    contrary = [one for one in movement.terms if one is not largest and one.points * sign < 0 and _beyond_chance(one.interval)]
    if not contrary:
        return []
    told = listed([f"{term(one.name)} ({signed(one.points)})" for one in contrary])
    return [ngettext("%(terms)s pulled the other way.", "%(terms)s pulled the other way.", len(contrary), terms=capitalised(told))]


def _topics(movement: Movement) -> list[str]:
    """The promises that lifted and lowered net sentiment most, beyond chance."""
    certain = [one for one in movement.drivers if one.kind == "topic" and one.promise and _beyond_chance(one.interval)]
    lifted = max((one for one in certain if one.points > 0), key=lambda one: one.points, default=None)
    lowered = min((one for one in certain if one.points < 0), key=lambda one: one.points, default=None)
    up = {} if lifted is None else {"lifted": marks(_short(lifted.name)), "up": number(abs(lifted.points))}
    down = {} if lowered is None else {"lowered": marks(_short(lowered.name)), "down": number(abs(lowered.points))}
    if up and down:
        return [gettext("What people said of %(lifted)s lifted it by %(up)s and %(lowered)s lowered it by %(down)s.", **up, **down)]
    if up:
        return [gettext("What people said of %(lifted)s lifted it by %(up)s.", **up)]
    return [gettext("What people said of %(lowered)s lowered it by %(down)s.", **down)] if down else []


def _beyond_chance(bounds: tuple[float, float]) -> bool:
    return not bounds[0] <= 0 <= bounds[1]


def concentration_sentence(found: VoiceConcentration, one: float, three: float) -> str:
    """That a number rests on one author, one thread or three authors: those who make up at least these shares of it."""
    carried = _carried(found, one, three)
    if carried is None:
        return ""
    count, origin = carried
    facts = {"count": number(count), "n": number(found.n), "come_from": origin}
    if not found.promise:
        return gettext("%(count)s of the %(n)s negative mentions %(come_from)s: read this number with care.", **facts)
    return gettext(
        "%(count)s of the %(n)s complaints that “%(promise)s” was broken %(come_from)s: read this number with care.",
        promise=_short(found.text),
        **facts,
    )


def _carried(found: VoiceConcentration, one: float, three: float) -> tuple[int, str] | None:
    """How many few people wrote, and who those are."""
    if found.most > 1 and found.most >= one * found.n:
        return found.most, gettext("come from one customer")
    if found.threads is not None and found.threads[0] >= one:
        return round(found.threads[0] * found.n), gettext("stand in one thread")
    if found.authors is not None and found.authors[1] >= three:
        return round(found.authors[1] * found.n), gettext("come from three customers")
    return None


def number_sentence(found: NumericPromise) -> str:
    """`Promised two days; customers report a median of 4 days (3 to 5), n = 41.`"""
    if found.median is None or found.interval is None:
        return gettext(
            "Promised %(promised)s; insufficient evidence of what customers measure (%(sample)s).",
            promised=found.advertised_text,
            sample=sample(found.n),
        )
    sentence = gettext(
        "Promised %(promised)s; customers report a median of %(median)s (%(interval)s), %(sample)s.",
        promised=found.advertised_text,
        median=quantity(found.median, found.unit),
        interval=quantity_range(found.interval, found.unit),
        sample=sample(found.n),
    )
    if found.within is None:
        return sentence
    within = ngettext(
        "%(share)s of them stays within what is promised.",
        "%(share)s of them stay within what is promised.",
        round(100 * found.within),
        share=percent(found.within),
    )
    return f"{sentence} {within}"


def quantity(value: float, unit: str) -> str:
    """A figure as people say it: `6 days`, `90 minutes`, `£12.50`, `15 %`."""
    count, name = _in_words(value, unit)
    return _named(_plain(count), name, count) if name else _amount(value, unit)


def quantity_range(bounds: tuple[float, float], unit: str) -> str:
    """Both ends of an interval: `3–5 days`."""
    (low, first), (high, second) = (_in_words(bound, unit) for bound in bounds)
    if first and first == second:
        return _named(between(_plain(low), _plain(high)), second, high)
    return gettext("%(low)s to %(high)s", low=quantity(bounds[0], unit), high=quantity(bounds[1], unit))


def _in_words(value: float, unit: str) -> tuple[float, str]:
    """How many there are of the unit in which people say it, and which that is; "" for what is written as an amount."""
    if unit == "hours":
        return _duration(value)
    if unit == "metres":
        return (value / 1000, "km") if value >= 1000 else (value, "m") if value >= 1 else (100 * value, "cm")
    return value, ""


def _duration(hours: float) -> tuple[float, str]:
    """In the largest unit of which there are two, or exactly one."""
    for size, name in _MANY_HOURS:
        count = hours / size
        if count >= 2 or abs(count - 1) < 0.02:
            return count, name
    minutes = 60 * hours
    return (minutes, "minute") if minutes >= 1 else (60 * minutes, "second")


def _named(figure: str, unit: str, count: float) -> str:
    """A figure with its unit, in the singular where it reads as 1."""
    n = 1 if figure == "1" else max(2, round(count))
    said = {
        "year": lambda: ngettext("%(figure)s year", "%(figure)s years", n, figure=figure),
        "month": lambda: ngettext("%(figure)s month", "%(figure)s months", n, figure=figure),
        "week": lambda: ngettext("%(figure)s week", "%(figure)s weeks", n, figure=figure),
        "day": lambda: ngettext("%(figure)s day", "%(figure)s days", n, figure=figure),
        "hour": lambda: ngettext("%(figure)s hour", "%(figure)s hours", n, figure=figure),
        "minute": lambda: ngettext("%(figure)s minute", "%(figure)s minutes", n, figure=figure),
        "second": lambda: ngettext("%(figure)s second", "%(figure)s seconds", n, figure=figure),
    }
    return said[unit]() if unit in said else f"{figure} {unit}"


def _amount(value: float, unit: str) -> str:
    if unit == "%":
        return f"{_plain(value)}{forms().percent}"
    whole = round(value, 2) == round(value)
    return f"{_CURRENCIES.get(unit, unit + ' ')}{decimal(value, 0 if whole else 2)}"


def tenth(value: float) -> str:
    """Points with one decimal and their sign, so that parts are seen to sum to the whole: `+5.4`, `−0.1`, `0.0`."""
    return decimal(value, 1, sign=True)


def _plain(value: float) -> str:
    return number(value) if value >= 10 or abs(value - round(value)) < 0.05 else decimal(value)


def _short(text: str) -> str:
    words = " ".join(text.split()).rstrip(".")
    return words if len(words) <= 60 else words[:60].rsplit(" ", 1)[0] + " …"
