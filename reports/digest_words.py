"""Sentences of the digest: templates filled with figures that were computed, in the words of its edition."""

from reports.digest_records import WORDS, EditionWords
from reports.documents import Interval, NetSentiment, Verdict
from reports.evidence import AdvertisedPromise, Hole
from reports.reader import gettext, ngettext
from reports.terms import term
from reports.typography import number
from reports.words import apart, figure, net_sentence, quoted, signed, signed_range


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
    then, usual = apart(now, before)
    facts = {
        "promise": quoted(promise),
        "now": then,
        "usual": usual,
        "on_it": gettext(words.on_it),
        "before": gettext(words.before),
        "n": number(n),
        "n_before": number(n_before),
    }
    if not certain:
        return gettext(
            "%(promise)s: kept in %(now)s of 100 cases %(on_it)s (n = %(n)s), against %(usual)s %(before)s (n = %(n_before)s), "
            "a difference that may be chance.",
            **facts,
        )
    return gettext(
        "%(promise)s: kept in %(now)s of 100 cases %(on_it)s (n = %(n)s), against %(usual)s %(before)s (n = %(n_before)s); "
        "a difference of %(difference)s (%(interval)s).",
        difference=signed(now - before),
        interval=signed_range(interval),
        **facts,
    )


def net_change_sentence(now: NetSentiment, usual: NetSentiment, change: Interval, words: EditionWords = WORDS["daily"]) -> str:
    """Net sentiment where it differs from the time before."""
    if now.net is None or usual.net is None:
        return net_sentence(now)
    facts = {
        "net": signed(now.net),
        "n": number(now.n),
        "usual": signed(usual.net),
        "before": gettext(words.before),
        "difference": signed(now.net - usual.net),
        "interval": signed_range(change),
    }
    if now.net > usual.net:
        return gettext(
            "The mood was better than usual: net sentiment %(net)s (n = %(n)s) against %(usual)s %(before)s, "
            "a difference of %(difference)s (%(interval)s).",
            **facts,
        )
    return gettext(
        "The mood was worse than usual: net sentiment %(net)s (n = %(n)s) against %(usual)s %(before)s, "
        "a difference of %(difference)s (%(interval)s).",
        **facts,
    )


def volume_sentence(brand: str, count: int, usual: float, words: EditionWords = WORDS["daily"]) -> str:
    """How many customers spoke, against a usual day, week or month."""
    facts = {"brand": brand, "a_usual_one": gettext(words.a_usual_one), "usual": figure(usual)}
    if not count:
        return gettext("No customer spoke of %(brand)s; %(a_usual_one)s it is %(usual)s.", **facts)
    return ngettext(
        "One customer spoke of %(brand)s; %(a_usual_one)s it is %(usual)s.",
        "%(n)s customers spoke of %(brand)s; %(a_usual_one)s it is %(usual)s.",
        count,
        **facts,
    )


def complaint_sentence(promise: AdvertisedPromise, broken: int) -> str:
    """How many customers said that a promise was not kept."""
    return ngettext(
        "One customer said that %(promise)s was not kept.",
        "%(n)s customers said that %(promise)s was not kept.",
        broken,
        promise=quoted(promise),
    )


def unread_sentence(unread: int) -> str:
    """That the page knows less than was heard."""
    return ngettext(
        "%(n)s of the mentions waits to be read, so every figure here may still change (promisewatch read).",
        "%(n)s of the mentions wait to be read, so every figure here may still change (promisewatch read).",
        unread,
    )


def verdict_change_sentence(promise: AdvertisedPromise, before: Verdict, now: Verdict) -> str:
    """That a promise has another verdict than it had."""
    return gettext("%(promise)s was %(before)s, and is %(now)s now.", promise=quoted(promise), before=term(before), now=term(now))


def waiting_sentence(waiting: int, late: int) -> str:
    """How many customers wait for an answer."""
    if not late:
        return ngettext("One customer waits for an answer.", "%(n)s customers wait for an answer.", waiting)
    if late == waiting:
        return ngettext(
            "One customer waits for an answer, too long.", "%(n)s customers wait for an answer, all of them too long.", waiting
        )
    return ngettext(
        "%(waiting)s customers wait for an answer, %(n)s of them too long.",
        "%(waiting)s customers wait for an answer, %(n)s of them too long.",
        late,
        waiting=number(waiting),
    )


def hole_sentence(hole: Hole, words: EditionWords = WORDS["daily"]) -> str:
    """What could not be heard, and why."""
    heard = gettext("could not be heard") if hole.heard == "blind" else gettext("was heard only in part")
    hours = (hole.until - hole.since).total_seconds() / 3600
    length = gettext("less than an hour") if hours < 0.75 else ngettext("an hour", "%(n)s hours", round(max(hours, 1.0)))
    return gettext(words.incomplete, source=hole.source, heard=heard, time=length, reason=hole.reason.rstrip("."))


def empty_sentence(brand: str, words: EditionWords = WORDS["daily"]) -> str:
    """Where nothing is stored of the whole time: silence would be a finding, and this is none."""
    return gettext(words.nothing_stored, brand=brand)


def quiet_sentences(brand: str, count: int, usual: float, words: EditionWords = WORDS["daily"]) -> tuple[str, str]:
    """The two lines of a quiet day, week or month."""
    return (gettext(words.quiet, before=gettext(words.from_before)), volume_sentence(brand, count, usual, words))
