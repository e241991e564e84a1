"""Sentences for somebody in marketing: templates filled with figures that were computed, never more than those say."""

from collections.abc import Sequence
from datetime import date

from reports.documents import Change, Interval, NetSentiment, PromiseGap
from reports.evidence import AdvertisedPromise, Every
from reports.reader import gettext, ngettext
from reports.statistics import MIN_EFFECTIVE
from reports.typography import between, day_and_month, decimal, marks, month_and_year, number

NOTABLE_CORRECTION = 5.0
_LONGEST = 90
_CLUSTERED = 0.8


def promise_sentence(gap: PromiseGap, every: Every) -> str:
    """What became of one promise, and when that changed."""
    sentences = [_verdict_sentence(gap)]
    if gap.change is not None:
        subject = gettext("But it") if _turned(gap) else gettext("It")
        sentences.append(change_sentence(gap.change, gap.expectation, every, subject))
    elif gap.direction != "flat" and gap.verdict != "at risk":
        sentences.append(
            gettext("Delivery has been rising over this time.")
            if gap.direction == "up"
            else gettext("Delivery has been falling over this time.")
        )
    return " ".join(sentences)


def _turned(gap: PromiseGap) -> bool:
    """Whether a promise changed against what its verdict says."""
    delta = gap.change.delta if gap.change else 0.0
    return (gap.verdict == "broken" and delta > 0) or (gap.verdict == "kept" and delta < 0)


def change_sentence(change: Change, expectation: float, every: Every, subject: str = "") -> str:
    """When delivery changed most clearly, with the figures of both sides."""
    before, after = apart(change.before, change.after)
    facts = {
        "subject": subject or gettext("It"),
        "when": bucket_words(change.start, every),
        "before": before,
        "after": after,
    }
    if change.delta < 0:
        if change.after < expectation <= change.before:
            return gettext("%(subject)s broke %(when)s: %(before)s before, %(after)s since.", **facts)
        return gettext("%(subject)s fell %(when)s: %(before)s before, %(after)s since.", **facts)
    if change.before < expectation <= change.after:
        return gettext("%(subject)s was put right %(when)s: %(before)s before, %(after)s since.", **facts)
    return gettext("%(subject)s improved %(when)s: %(before)s before, %(after)s since.", **facts)


def bucket_words(start: date, every: Every) -> str:
    """The bucket as one says it: "in the week of 31 August"."""
    if every == "month":
        return gettext("in %(month)s", month=month_and_year(start))
    if every == "day":
        return gettext("on %(day)s", day=day_and_month(start))
    return gettext("in the week of %(day)s", day=day_and_month(start))


def headlines(promises: Sequence[PromiseGap], sentiment: NetSentiment, every: Every) -> tuple[str, ...]:
    """Two or three sentences to read first: the worst gap, the change that matters most, net sentiment."""
    found = []
    measured = [gap for gap in promises if gap.gap is not None]
    if measured:
        worst = min(measured, key=lambda gap: gap.gap or 0.0)
        kept = all(gap.verdict == "kept" for gap in measured)
        changed = [gap for gap in measured if gap.change is not None]
        told = min(changed, key=lambda gap: _newsworthy(gap, worst), default=worst)
        if kept and len(measured) > 1:
            found.append(_all_kept(measured, promises))
        else:
            # What is broken no more is not to be looked for: it is said at once where the other line is of another promise.
            found.append(promise_sentence(worst, every) if told is not worst and _turned(worst) else _verdict_sentence(worst))
        if told.change is not None:
            found.append(change_sentence(told.change, told.expectation, every, quoted(told.promise)))
    elif promises:
        none = gettext(
            "None of the %(n)s promises has enough evidence yet: %(least)s independent voices are needed.",
            n=len(promises),
            least=number(MIN_EFFECTIVE),
        )
        found.append(none if len(promises) > 1 else _verdict_sentence(promises[0]))
    else:
        found.append(gettext("No promise is entered yet, so there is nothing to hold against what customers say."))
    return (*found, net_sentence(sentiment))


def _newsworthy(gap: PromiseGap, worst: PromiseGap) -> tuple[bool, bool, float]:
    """The order in which changes are told: another promise than the one already named, falls before rises, the larger first."""
    delta = gap.change.delta if gap.change else 0.0
    return gap is worst, delta > 0, -abs(delta)


def net_sentence(sentiment: NetSentiment) -> str:
    """Net sentiment with its interval, what it is made of, and the classifier's own count where that differs notably."""
    if sentiment.net is None or sentiment.interval is None or sentiment.shares is None:
        few = _too_few_heard(sentiment.n, sentiment.n_eff)
        return gettext("Net sentiment: insufficient evidence. %(why)s", why=few)
    negative, neutral, positive = _hundred(sentiment.shares)
    sentence = gettext(
        "Net sentiment is %(net)s (%(interval)s, %(size)s): "
        "of 100 customers %(positive)s are positive, %(neutral)s neutral and %(negative)s negative.",
        net=signed(sentiment.net),
        interval=signed_range(sentiment.interval),
        size=_size(sentiment.n, sentiment.n_eff),
        positive=positive,
        neutral=neutral,
        negative=negative,
    )
    if sentiment.method == "raw":
        return f"{sentence} {gettext('It is not corrected: this model is not calibrated.')}"
    if sentiment.raw is not None and abs(sentiment.raw - sentiment.net) > NOTABLE_CORRECTION:
        counted = gettext(
            "As the classifier counts it is %(raw)s; this figure is corrected for its errors.", raw=signed(sentiment.raw)
        )
        sentence = f"{sentence} {counted}"
    return sentence


def quoted(promise: AdvertisedPromise) -> str:
    """The promise's words in quotation marks, shortened at a word where they are long."""
    text = " ".join(promise.text.split()).rstrip(".")
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + " …"
    return marks(text)


def customers(count: int) -> str:
    """How many customers: "One customer", "1,204 customers"; "No customer" for none."""
    return ngettext("One customer", "%(n)s customers", count) if count else gettext("No customer")


def signed(value: float) -> str:
    """A whole number with its sign, a true minus: "+12", "−3", "0"."""
    return number(value, sign=True)


def _verdict_sentence(gap: PromiseGap) -> str:
    name = quoted(gap.promise)
    if gap.delivery is None or gap.interval is None:
        return gettext("%(promise)s: insufficient evidence. %(why)s", promise=name, why=_too_few(gap.n, gap.n_eff))
    facts = {
        "promise": name,
        "expected": figure(gap.expectation),
        "delivered": _edge(gap.delivery, gap.expectation),
        "interval": between(_edge(gap.interval[0], gap.expectation), _edge(gap.interval[1], gap.expectation)),
        "size": _size(gap.n, gap.n_eff),
    }
    if gap.verdict == "kept":
        return gettext(
            "%(promise)s is kept: customers report it kept in %(delivered)s of 100 cases (%(interval)s, %(size)s); "
            "it promises %(expected)s.",
            **facts,
        )
    if gap.verdict == "broken":
        return gettext(
            "%(promise)s is broken: customers report it kept in %(delivered)s of 100 cases (%(interval)s, %(size)s) "
            "against the %(expected)s it promises.",
            **facts,
        )
    if gap.verdict == "at risk":
        return gettext(
            "%(promise)s is at risk: customers report it kept in %(delivered)s of 100 cases (%(interval)s, %(size)s); "
            "the %(expected)s it promises lies within that range, but delivery is falling.",
            **facts,
        )
    return gettext(
        "Whether %(promise)s is kept is unclear: customers report it kept in %(delivered)s of 100 cases (%(interval)s, %(size)s), "
        "and the %(expected)s it promises lies within that range.",
        **facts,
    )


def _all_kept(measured: Sequence[PromiseGap], promises: Sequence[PromiseGap]) -> str:
    left = len(promises) - len(measured)
    kept = gettext("All %(n)s promises with enough evidence are kept.", n=len(measured))
    if left:
        kept = ngettext(
            "All %(measured)s promises with enough evidence are kept; %(n)s more has too little evidence.",
            "All %(measured)s promises with enough evidence are kept; %(n)s more have too little evidence.",
            left,
            measured=len(measured),
        )
    tightest = min(measured, key=lambda gap: gap.gap or 0.0)
    tight = gettext(
        "The tightest is %(promise)s: %(delivered)s of 100 against the %(expected)s it promises.",
        promise=quoted(tightest.promise),
        delivered=_edge(tightest.delivery or 0.0, tightest.expectation),
        expected=figure(tightest.expectation),
    )
    return f"{kept} {tight}"


def _too_few(n: int, n_eff: float) -> str:
    """Why voices on a promise do not suffice."""
    least = number(MIN_EFFECTIVE)
    if not n:
        return gettext("No customer spoke of it; at least %(least)s are needed.", least=least)
    if n < MIN_EFFECTIVE:
        return ngettext(
            "Only one customer spoke of it; at least %(least)s are needed.",
            "Only %(n)s customers spoke of it; at least %(least)s are needed.",
            n,
            least=least,
        )
    return ngettext(
        "%(heard)s customers spoke of it, but many share one text: together they weigh as much as %(n)s independent voice; "
        "at least %(least)s are needed.",
        "%(heard)s customers spoke of it, but many share one text: together they weigh as much as %(n)s independent voices; "
        "at least %(least)s are needed.",
        int(n_eff),
        heard=number(n),
        least=least,
    )


def _too_few_heard(n: int, n_eff: float) -> str:
    """Why voices on the brand do not suffice."""
    least = number(MIN_EFFECTIVE)
    if not n:
        return gettext("No customer was heard; at least %(least)s are needed.", least=least)
    if n < MIN_EFFECTIVE:
        return ngettext(
            "Only one customer was heard; at least %(least)s are needed.",
            "Only %(n)s customers were heard; at least %(least)s are needed.",
            n,
            least=least,
        )
    return ngettext(
        "%(heard)s customers were heard, but many share one text: together they weigh as much as %(n)s independent voice; "
        "at least %(least)s are needed.",
        "%(heard)s customers were heard, but many share one text: together they weigh as much as %(n)s independent voices; "
        "at least %(least)s are needed.",
        int(n_eff),
        heard=number(n),
        least=least,
    )


def _size(n: int, n_eff: float) -> str:
    if n_eff >= _CLUSTERED * n:
        return f"n = {number(n)}"
    return gettext("n = %(n)s, worth %(worth)s independent voices", n=number(n), worth=number(n_eff))


def signed_range(interval: Interval) -> str:
    """Both ends with their signs: "−12 to +3"."""
    return gettext("%(low)s to %(high)s", low=signed(interval[0]), high=signed(interval[1]))


def figure(value: float) -> str:
    """A whole number, or one decimal where it is small and not whole."""
    return number(value) if value >= 10 or value == round(value) else decimal(value)


def _edge(value: float, expected: float) -> str:
    """A whole number, or one decimal where rounding would move it onto the expectation."""
    return decimal(value, 1 if round(value) == round(expected) and abs(value - expected) >= 0.05 else 0)


def apart(first: float, second: float) -> tuple[str, str]:
    """Both as whole numbers, or with a decimal where they would read alike."""
    digits = 1 if round(first) == round(second) else 0
    return (decimal(first, digits), decimal(second, digits))


def _hundred(shares: Sequence[float]) -> tuple[int, ...]:
    """Shares as whole numbers that add up to 100 (largest remainder)."""
    whole = [int(100 * share) for share in shares]
    for index in sorted(range(len(whole)), key=lambda index: whole[index] - 100 * shares[index])[: 100 - sum(whole)]:
        whole[index] += 1
    return tuple(whole)
