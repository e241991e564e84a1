"""Which mention becomes a case, how urgent it is, and what turns it. Pure: what was heard, the rules and the time come in."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from models.reading import Label
from monitor.business_hours import BusinessHours
from monitor.case_words import ADDRESSED, ASKS, ASKS_OTHERS, HARM, Signal, fold, own_signal
from reports.typography import counted

Status = Literal["new", "answered", "recovered", "closed"]
STATUSES: tuple[Status, ...] = ("new", "answered", "recovered", "closed")
LIVE: tuple[Status, ...] = ("new", "answered")

_NEGATIVE, _BROKEN, _WORST_RATING = 30, 15, 10
_HAPPY = 40
_REACH, _COPIES, _WAITING = 15, 20, 30
_WORST = 0.25
_REACHES = (
    "reach",
    "views",
    "impressions",
    "followers",
    "score",
    "likes",
    "favourites",
    "upvotes",
    "shares",
    "reblogs",
    "retweets",
    "comments",
)
_PARENTS = ("parent", "in_reply_to", "in_reply_to_id", "in_response_to_tweet_id", "reply_to")
_THREAD = re.compile(r"/comments/([0-9a-z]+)(?:/|$)")
_HANDLE = re.compile(r"(?:^|(?<=[\s(]))(?:@|/?u/)([\w.-]+\w(?:@[\w.-]+\w)?)")


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes a case of a mention. `handles` are names by which a brand is turned to, folded and without @."""

    open_at: int = 50
    handles: frozenset[str] = frozenset()
    asks: Signal | None = None
    harm: Signal | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A customer's mention as it counts now.

    `label` and `negative` (0–1) are what a person said or else the model; `broken` is how sure it is that a promise was broken (0
    where none was), `rating` 0–1, `reach` how many people see it (0: not known), `copies` of how many people its words are.
    """

    text: str
    label: Label | None = None
    negative: float = 0.0
    broken: float = 0.0
    rating: float | None = None
    reach: int = 0
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a mention opens a case, its severity (0–100, without reach), whether it asks for an answer, and why, in words."""

    opens: bool
    severity: int
    asks: bool
    reasons: tuple[str, ...]


def rules(open_at: int, handles: Iterable[str], asks: Iterable[str] = (), harm: Iterable[str] = ()) -> Rules:
    """Return the rules of a brand; `asks` and `harm` are phrases of the house's own."""
    named = frozenset(one.casefold().lstrip("@").removeprefix("u/") for one in handles)
    return Rules(open_at, named, own_signal("asks, in words of yours", 50, asks), own_signal("in words of yours", 45, harm))


def judge(heard: Heard, by: Rules) -> Verdict:
    """Judge a customer's mention: points for what it asks, for harm, for mood and for reach; `by.open_at` points open a case."""
    text = fold(heard.text)
    unhappy = heard.label == "negative" or heard.broken > 0 or (heard.rating is not None and heard.rating <= _WORST)
    reasons: list[tuple[int, str]] = []
    asked = _best([one for one in (*ASKS, by.asks) if one], text) or _addressed(text, by)
    if asked:
        reasons.append(asked)
    elif others := _best([ASKS_OTHERS], text):
        reasons.append(others)
    harm = _best([one for one in (*HARM, by.harm) if one], text) if heard.label != "positive" else None
    if harm and (unhappy or harm[0] >= 45):
        reasons.append(harm)
    if heard.label == "negative":
        reasons.append((round(_NEGATIVE * heard.negative), "is negative"))
    elif heard.label == "positive":
        reasons.append((-_HAPPY, "is positive"))
    if heard.broken:
        reasons.append((round(_BROKEN * heard.broken), "says that a promise was broken"))
    if heard.rating is not None and heard.rating <= _WORST:
        reasons.append((_WORST_RATING, "gives the worst rating"))
    severity = max(0, min(100, sum(points for points, _ in reasons)))
    spread = reach_points(heard.reach, heard.copies)
    said = [f"{why} ({points:+d})" for points, why in sorted(reasons, key=lambda one: -one[0])]
    if spread:
        said.append(f"{_audience(heard.reach, heard.copies)} ({spread:+d})")
    return Verdict(severity + spread >= by.open_at, severity, asked is not None, tuple(said))


def _best(signals: Iterable[Signal], text: str) -> tuple[int, str] | None:
    """Return the points and the words of the gravest signal that a text holds."""
    found = [(one.points, f"{one.said}: “{phrase}”") for one in signals if (phrase := one.found(text))]
    return max(found, key=lambda one: one[0]) if found else None


def _addressed(text: str, by: Rules) -> tuple[int, str] | None:
    # What a thread is called was written by somebody else.
    said = text.partition("\n")[2] if text.startswith("re:") else text
    named = next((one for one in handles(said) if one in by.handles), None)
    return (ADDRESSED.points, f"{ADDRESSED.said}: “@{named} …?”") if named and ADDRESSED.found(said) else None


def reach_points(reach: int, copies: int) -> int:
    """Points for how many people see a text, and for how often it was copied; each tenfold, each doubling counts the same."""
    seen = 5 * math.log10(reach / 10) if reach > 10 else 0.0
    copied = 6 * math.log2(copies) if copies > 1 else 0.0
    return round(min(_REACH, seen) + min(_COPIES, copied))


def _audience(reach: int, copies: int) -> str:
    parts = [f"reaches {counted(reach, 'person', 'people')}"] if reach > 10 else []
    return " and ".join([*parts, f"is what {copies:,} people wrote"] if copies > 1 else parts)


def reach(attributes: Mapping[str, str]) -> int:
    """Return the largest audience that a place names for a mention; 0 where it names none."""
    named = (attributes.get(name, "").replace(",", "").strip() for name in _REACHES)
    return max((int(one) for one in named if one.isascii() and one.isdecimal() and len(one) < 12), default=0)


def urgency(status: Status, severity: int, spread: int, asked: datetime, due: datetime, now: datetime) -> int:
    """How urgent a case is, the most urgent having the highest number: severity, reach, and how much of its time is gone.

    Waiting counts as much again over the first day after the time to answer.
    """
    if status != "new":
        return (severity + spread) // 4
    gone = (now - asked) / max(due - asked, timedelta(minutes=1))
    late = (now - due) / timedelta(days=1)
    return severity + spread + round(_WAITING * (min(1.0, max(0.0, gone)) + min(1.0, max(0.0, late))))


# Who answers whom


def parent_of(attributes: Mapping[str, str]) -> str:
    """Return the identity that a mention answers at its place; "" where it is not known."""
    return next((attributes[name] for name in _PARENTS if attributes.get(name)), "")


def answers(attributes: Mapping[str, str], url: str, text: str) -> tuple[str, ...]:
    """Return keys of what a brand's mention answers: the mention above it, else what began its thread; people whom it names."""
    above = parent_of(attributes)
    if not above and (thread := _THREAD.search(_path(url))):
        above = f"t3_{thread[1]}"
    return (*((above,) if above else ()), *(f"@{name}" for name in handles(text.casefold())))


def answered_by(external_id: str, author: str) -> tuple[str, ...]:
    """Return the keys by which a brand's mention can be an answer to this one."""
    name = author.casefold().lstrip("@").removeprefix("u/")
    names = dict.fromkeys((name, name.partition("@")[0])) if name and " " not in name else ()
    return (external_id, *(f"@{one}" for one in names))


def handles(text: str) -> tuple[str, ...]:
    """Return the accounts that a text names, as @name or u/name."""
    return tuple(dict.fromkeys(_HANDLE.findall(text)))


def _path(url: str) -> str:
    """Return the path of an address, "" where it is none."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


# What becomes of it


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened in a case: its customer spoke (in the mood of `label`), it was answered, closed or reopened."""

    at: datetime
    kind: Literal["customer", "answered", "closed", "reopened"]
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """Where a case stands: since when it was `asked`, since when somebody waits now, when it first was answered, when it ended."""

    status: Status
    asked: datetime
    waiting: datetime
    answered: datetime | None = None
    ended: datetime | None = None


def course(steps: Iterable[Step]) -> Course | None:
    """Return where a case stands after these steps, in whatever order they became known; None where no customer spoke.

    An answer ends the waiting; a customer who is unhappy afterwards waits again, one who is happy has recovered.
    """
    ordered = sorted(steps, key=lambda one: (one.at, one.kind != "customer"))
    first = next((number for number, one in enumerate(ordered) if one.kind == "customer"), None)
    if first is None:
        return None
    at = Course("new", ordered[first].at, ordered[first].at)
    for step in ordered[first + 1 :]:
        at = _after(at, step)
    return at


def _after(at: Course, step: Step) -> Course:
    match step.kind:
        case "answered":
            return replace(at, status="answered" if at.status == "new" else at.status, answered=at.answered or step.at)
        case "closed":
            return replace(at, status="closed", ended=step.at)
        case "reopened":
            return replace(at, status="new", waiting=step.at, ended=None)
    if at.status in LIVE and step.label == "positive":
        return replace(at, status="recovered", ended=step.at)
    if at.status == "answered" and step.label == "negative":
        return replace(at, status="new", waiting=step.at)
    return at


@dataclass(frozen=True, slots=True)
class Service:
    """The service level: within which working time a case is to be answered (None: on the same working day), and when to warn."""

    hours: BusinessHours
    within: timedelta | None
    warn: timedelta

    def due(self, asked: datetime) -> datetime:
        """Until when a case is to be answered."""
        return self.hours.due(asked, self.within)

    def warning(self, asked: datetime) -> datetime:
        """From when on to warn that it soon is too late; never before it was asked."""
        return max(asked, self.hours.before(self.due(asked), self.warn))
