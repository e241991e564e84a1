"""Sentences for somebody in marketing: templates filled with figures that were computed, never more than those say."""

from collections.abc import Sequence
from datetime import date

from reports.digest_records import WORDS, EditionWords
from reports.documents import Change, Interval, NetSentiment, PromiseGap, Verdict
from reports.evidence import AdvertisedPromise, Every, Hole
from reports.statistics import MIN_EFFECTIVE

NOTABLE_CORRECTION = 5.0
_LONGEST = 90
_CLUSTERED = 0.8


def promise_sentence(gap: PromiseGap, every: Every) -> str:
    """What became of one promise, and when that changed."""
    sentences = [_verdict_sentence(gap)]
    if gap.change is not None:
        turned = (gap.verdict == "broken" and gap.change.delta > 0) or (gap.verdict == "kept" and gap.change.delta < 0)
        sentences.append(change_sentence(gap.change, gap.expectation, every, "But it" if turned else "It"))
    elif gap.direction != "flat" and gap.verdict != "at risk":
        sentences.append(f"Delivery has been {'rising' if gap.direction == 'up' else 'falling'} over this time.")
    return " ".join(sentences)


def change_sentence(change: Change, expectation: float, every: Every, subject: str = "It") -> str:
    """When delivery changed most clearly, with the figures of both sides."""
    if change.delta < 0:
        verb = "broke" if change.after < expectation <= change.before else "fell"
    else:
        verb = "was put right" if change.before < expectation <= change.after else "improved"
    before, after = _apart(change.before, change.after)
    return f"{subject} {verb} {bucket_words(change.start, every)}: {before} before, {after} since."


def bucket_words(start: date, every: Every) -> str:
    """The bucket as one says it: "in the week of 31 August"."""
    if every == "month":
        return f"in {start:%B %Y}"
    return f"on {day_words(start)}" if every == "day" else f"in the week of {day_words(start)}"


def day_words(day: date) -> str:
    """The day as one says it: "31 August"."""
    return f"{day.day} {day:%B}"


def headlines(promises: Sequence[PromiseGap], sentiment: NetSentiment, every: Every) -> tuple[str, ...]:
    """Two or three sentences to read first: the worst gap, the change that matters most, net sentiment."""
    found = []
    measured = [gap for gap in promises if gap.gap is not None]
    if measured:
        worst = min(measured, key=lambda gap: gap.gap or 0.0)
        kept = all(gap.verdict == "kept" for gap in measured)
        found.append(_all_kept(measured, promises) if kept and len(measured) > 1 else _verdict_sentence(worst))
        changed = [gap for gap in measured if gap.change is not None]
        if changed:
            told = min(changed, key=lambda gap: _newsworthy(gap, worst))
            if told.change is not None:
                found.append(change_sentence(told.change, told.expectation, every, quoted(told.promise)))
    elif promises:
        found.append(
            f"None of the {len(promises)} promises has enough evidence yet: {MIN_EFFECTIVE:.0f} independent voices are needed."
            if len(promises) > 1
            else _verdict_sentence(promises[0])
        )
    else:
        found.append("No promise is entered yet, so there is nothing to hold against what customers say.")
    return (*found, net_sentence(sentiment))


def _newsworthy(gap: PromiseGap, worst: PromiseGap) -> tuple[bool, bool, float]:
    """The order in which changes are told: another promise than the one already named, falls before rises, the larger first."""
    delta = gap.change.delta if gap.change else 0.0
    return gap is worst, delta > 0, -abs(delta)


def net_sentence(sentiment: NetSentiment) -> str:
    """Net sentiment with its interval, what it is made of, and the classifier's own count where that differs notably."""
    if sentiment.net is None or sentiment.interval is None or sentiment.shares is None:
        return f"Net sentiment: insufficient evidence. {_too_few(sentiment.n, sentiment.n_eff, 'were heard')}"
    negative, neutral, positive = _hundred(sentiment.shares)
    within = f"{_signed_range(sentiment.interval)}, {_size(sentiment.n, sentiment.n_eff)}"
    made_of = f"of 100 customers {positive} are positive, {neutral} neutral and {negative} negative"
    sentence = f"Net sentiment is {signed(sentiment.net)} ({within}): {made_of}."
    if sentiment.method == "raw":
        return sentence + " It is not corrected: this model is not calibrated."
    if sentiment.raw is not None and abs(sentiment.raw - sentiment.net) > NOTABLE_CORRECTION:
        sentence += f" As the classifier counts it is {signed(sentiment.raw)}; this figure is corrected for its errors."
    return sentence


def mover_sentence(
    promise: AdvertisedPromise,
    now: float,
    before: float,
    interval: Interval,
    n: int,
    n_before: int,
    certain: bool,
    words: EditionWords = WORDS["daily"],
) -> str:
    """A promise in an edition's time against the time before it; `interval` is that of the difference."""
    then, usual = _apart(now, before)
    sentence = (
        f"{quoted(promise)}: kept in {then} of 100 cases {words.on_it} (n = {n:,}), "
        f"against {usual} {words.before} (n = {n_before:,})"
    )
    if certain:
        return f"{sentence}; a difference of {signed(now - before)} ({_signed_range(interval)})."
    return f"{sentence}, a difference that may be chance."


def net_change_sentence(now: NetSentiment, usual: NetSentiment, change: Interval, words: EditionWords = WORDS["daily"]) -> str:
    """Net sentiment where it differs from the time before."""
    if now.net is None or usual.net is None:
        return net_sentence(now)
    way = "better" if now.net > usual.net else "worse"
    return (
        f"The mood was {way} than usual: net sentiment {signed(now.net)} (n = {now.n:,}) against {signed(usual.net)} "
        f"{words.before}, a difference of {signed(now.net - usual.net)} ({_signed_range(change)})."
    )


def volume_sentence(brand: str, count: int, usual: float, words: EditionWords = WORDS["daily"]) -> str:
    """How many customers spoke, against a usual day, week or month."""
    return f"{customers(count)} spoke of {brand}; {words.a_usual_one} it is {_number(usual)}."


def complaint_sentence(promise: AdvertisedPromise, broken: int) -> str:
    """How many customers said that a promise was not kept."""
    return f"{customers(broken)} said that {quoted(promise)} was not kept."


def unread_sentence(unread: int) -> str:
    """That the page knows less than was heard."""
    verb = "waits" if unread == 1 else "wait"
    return f"{unread:,} of the mentions {verb} to be read, so every figure here may still change (promisewatch read)."


def verdict_change_sentence(promise: AdvertisedPromise, before: Verdict, now: Verdict) -> str:
    """That a promise has another verdict than it had."""
    return f"{quoted(promise)} was {before}, and is {now} now."


def waiting_sentence(waiting: int, late: int) -> str:
    """How many customers wait for an answer."""
    verb = "waits" if waiting == 1 else "wait"
    overdue = (
        ", all of them too long" if late == waiting > 1 else ", too long" if late == waiting else f", {late:,} of them too long"
    )
    return f"{customers(waiting)} {verb} for an answer{overdue if late else ''}."


def hole_sentence(hole: Hole, words: EditionWords = WORDS["daily"]) -> str:
    """What could not be heard, and why."""
    heard = "could not be heard" if hole.heard == "blind" else "was heard only in part"
    hours = (hole.until - hole.since).total_seconds() / 3600
    length = f"{hours:.0f} hours" if hours >= 1.5 else "an hour" if hours >= 0.75 else "less than an hour"
    return f"{hole.source} {heard} for {length} ({hole.reason.rstrip('.')}), so this {words.unit} may be incomplete."


def empty_sentence(brand: str, words: EditionWords = WORDS["daily"]) -> str:
    """Where nothing is stored of the whole time: silence would be a finding, and this is none."""
    return f"Nothing is stored of {brand} for {words.with_before}, so whether it was quiet cannot be told."


def quiet_sentences(brand: str, count: int, usual: float, words: EditionWords = WORDS["daily"]) -> tuple[str, str]:
    """The two lines of a quiet day, week or month."""
    differed = f"nothing differed from {words.before.removeprefix('in ')} by more than chance"
    return (
        f"A quiet {words.unit}: {differed}, and nobody complained about a promise.",
        volume_sentence(brand, count, usual, words),
    )


def quoted(promise: AdvertisedPromise) -> str:
    """The promise's words in quotation marks, shortened at a word where they are long."""
    text = " ".join(promise.text.split()).rstrip(".")
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + " …"
    return f"“{text}”"


def customers(count: int) -> str:
    """How many customers: "one customer", "1,204 customers"; "No customer" for none."""
    return "No customer" if count == 0 else "One customer" if count == 1 else f"{count:,} customers"


def signed(value: float) -> str:
    """A whole number with its sign, a true minus: "+12", "−3", "0"."""
    whole = round(value)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole < 0 else "0"


def _verdict_sentence(gap: PromiseGap) -> str:
    name = quoted(gap.promise)
    if gap.delivery is None or gap.interval is None:
        return f"{name}: insufficient evidence. {_too_few(gap.n, gap.n_eff, 'spoke of it')}"
    expected = _number(gap.expectation)
    low, high = _edge(gap.interval[0], gap.expectation), _edge(gap.interval[1], gap.expectation)
    figures = f"customers report it kept in {_edge(gap.delivery, gap.expectation)} of 100 cases"
    figures += f" ({low}–{high}, {_size(gap.n, gap.n_eff)})"
    if gap.verdict == "kept":
        return f"{name} is kept: {figures}; it promises {expected}."
    if gap.verdict == "broken":
        return f"{name} is broken: {figures} against the {expected} it promises."
    if gap.verdict == "at risk":
        return f"{name} is at risk: {figures}; the {expected} it promises lies within that range, but delivery is falling."
    return f"Whether {name} is kept is unclear: {figures}, and the {expected} it promises lies within that range."


def _all_kept(measured: Sequence[PromiseGap], promises: Sequence[PromiseGap]) -> str:
    left = len(promises) - len(measured)
    rest = f"; {left} more {'has' if left == 1 else 'have'} too little evidence" if left else ""
    tightest = min(measured, key=lambda gap: gap.gap or 0.0)
    delivered = _edge(tightest.delivery or 0.0, tightest.expectation)
    return (
        f"All {len(measured)} promises with enough evidence are kept{rest}. The tightest is {quoted(tightest.promise)}: "
        f"{delivered} of 100 against the {_number(tightest.expectation)} it promises."
    )


def _too_few(n: int, n_eff: float, did: str) -> str:
    if n < MIN_EFFECTIVE:
        heard = f"Only {customers(n).lower()}" if n else "No customer"
        return f"{heard} {did if n > 1 else did.replace('were', 'was')}; at least {MIN_EFFECTIVE:.0f} are needed."
    return (
        f"{customers(n)} {did}, but many share one text: together they weigh as much as {int(n_eff)} independent "
        f"{'voice' if int(n_eff) == 1 else 'voices'}; at least {MIN_EFFECTIVE:.0f} are needed."
    )


def _size(n: int, n_eff: float) -> str:
    return f"n = {n:,}" if n_eff >= _CLUSTERED * n else f"n = {n:,}, worth {round(n_eff):,} independent voices"


def _signed_range(interval: Interval) -> str:
    return f"{signed(interval[0])} to {signed(interval[1])}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"


def _edge(value: float, expected: float) -> str:
    """A whole number, or one decimal where rounding would move it onto the expectation."""
    return f"{value:.1f}" if round(value) == round(expected) and abs(value - expected) >= 0.05 else f"{value:.0f}"


def _apart(first: float, second: float) -> tuple[str, str]:
    """Both as whole numbers, or with a decimal where they would read alike."""
    digits = 1 if round(first) == round(second) else 0
    return (f"{first:.{digits}f}", f"{second:.{digits}f}")


def _hundred(shares: Sequence[float]) -> tuple[int, ...]:
    """Shares as whole numbers that add up to 100 (largest remainder)."""
    whole = [int(100 * share) for share in shares]
    for index in sorted(range(len(whole)), key=lambda index: whole[index] - 100 * shares[index])[: 100 - sum(whole)]:
        whole[index] += 1
    return tuple(whole)
