"""How values read in print: numbers, dates, intervals, excerpts. The same words in every format; None is never shown as 0."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from reports.documents import Direction, Interval
from reports.evidence import Every, Quote, Window

MINUS: Final = "\N{MINUS SIGN}"
DASH: Final = "\N{EN DASH}"
ELLIPSIS: Final = "…"
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
INSUFFICIENT: Final = "insufficient evidence"
EXCERPT_LENGTH: Final = 280
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TREND: Final[dict[Direction, str]] = {"up": "rising", "down": "falling", "flat": "steady"}
_EACH: Final[dict[Every, str]] = {"day": "daily", "week": "weekly", "month": "monthly"}
_UNSAFE_IN_URL: Final = re.compile(r"[\s<>\"`\\{}|^\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote cut to a readable length; `passage` is the part that was read, the rest its surroundings."""

    before: str
    passage: str
    after: str

    def __str__(self) -> str:
        return self.before + self.passage + self.after


def number(value: float, *, sign: bool = False) -> str:
    """A whole number with a true minus sign and thousands separated; `sign` also writes the plus."""
    whole = round(value)
    prefix = MINUS if whole < 0 else "+" if sign and whole > 0 else ""
    return f"{prefix}{abs(whole):,}"


def exact(value: float) -> str:
    """A figure that somebody set: its decimals are kept, `87.5`."""
    return f"{round(value, 1):g}"


def score(value: float | None, *, sign: bool = False) -> str:
    """A number of a report, or the words that stand for a missing one."""
    return INSUFFICIENT if value is None else number(value, sign=sign)


def interval(bounds: Interval | None, *, sign: bool = False) -> str:
    """Bounds as `54–68`; as `−36 to −22` where a sign would collide with the dash; empty when there are none."""
    if bounds is None:
        return ""
    low, high = (number(bound, sign=sign) for bound in bounds)
    return f"{low}{DASH}{high}" if low[0].isdigit() and high[0].isdigit() else f"{low} to {high}"


def percent_interval(bounds: Interval) -> str:
    """Fractions as `74–89 %`."""
    return f"{interval((100 * bounds[0], 100 * bounds[1]))}{NO_BREAK}%"


def p_value(p: float) -> str:
    """As statisticians print it: `p = 0.012`, `p < 0.001`."""
    said = "< 0.001" if p < 0.001 else f"= {p:.2f}" if p >= 0.1 else f"= {p:.3f}"
    return f"p {said}".replace(" ", NO_BREAK)


def short_day(day: date) -> str:
    """A day on an axis: `31 Aug`."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]}"


def long_day(day: date) -> str:
    """A day in a sentence: `31 August 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def weekday(day: date) -> str:
    """A day as a heading: `Tuesday, 17 November 2026`."""
    return f"{_WEEKDAYS[day.weekday()]}, {long_day(day)}"


def moment(when: datetime, timezone: str) -> str:
    """A time as the brand's own clock shows it: `17 November 2026, 08:00`."""
    local = when.astimezone(ZoneInfo(timezone))
    return f"{long_day(local.date())}, {local:%H:%M}"


def local_day(when: datetime, timezone: str) -> date:
    """The brand's own day of a time."""
    return when.astimezone(ZoneInfo(timezone)).date()


def span(window: Window) -> str:
    """A window by its first and last day, the year said once: `25 August – 16 November 2026`."""
    first, last = window.since, window.until - timedelta(days=1)
    if first == last:
        return long_day(first)
    start = long_day(first) if first.year != last.year else f"{first.day} {_MONTHS[first.month - 1]}"
    return f"{start} {DASH} {long_day(last)}"


def axis_label(start: date, every: Every) -> str:
    """What stands under a bucket on a time axis."""
    if every != "month":
        return short_day(start)
    name = _MONTHS[start.month - 1][:3]
    return f"{name} {start.year}" if start.month == 1 else name


def each(every: Every) -> str:
    """`weekly` for week."""
    return _EACH[every]


def trend_word(direction: Direction) -> str:
    """`falling` for down."""
    return _TREND[direction]


def certainty(confidence: float) -> str:
    """A probability of the classifier in plain words."""
    if confidence >= 0.9:
        return "very sure"
    return "fairly sure" if confidence >= 0.7 else "not sure"


def sample(n: int) -> str:
    """A sample size that does not break over lines: `n = 1,204`."""
    return f"n = {n:,}".replace(" ", NO_BREAK)


def percent(share: float) -> str:
    """A fraction as `30 %`."""
    return f"{number(100 * share)}{NO_BREAK}%"


def counted(n: int, one: str, many: str = "") -> str:
    """`1 copy`, `1,204 copies`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def clean(text: str) -> str:
    """One line without control or direction-changing characters: customer text may hold anything."""
    kept = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs"} or sign in _BIDI else sign for sign in text)
    return _SPACES.sub(" ", kept).strip()


_SPACES: Final = re.compile(rf"[^\S{NO_BREAK}]+")
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")


def excerpt(quote: Quote, length: int = EXCERPT_LENGTH) -> Excerpt:
    """The passage with what fits around it into `length` characters, cut at words, cuts shown by an ellipsis."""
    text, passage = clean(quote.text), clean(quote.passage)
    at = text.find(passage)
    if at < 0:
        text, at = passage, 0
    before, after = text[:at], text[at + len(passage) :]
    passage = _head(passage, length)
    room = length - len(passage)
    spare_after = max(0, room // 2 - len(after))
    before = _tail(before, room // 2 + spare_after)
    return Excerpt(before, passage, _head(after, room - len(before)))


def _head(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    cut = text[: max(0, length - 1)]
    return cut[: cut.rfind(" ")].rstrip() + " " + ELLIPSIS if " " in cut.strip() else cut + ELLIPSIS


def _tail(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    cut = text[len(text) - max(0, length - 1) :] if length > 1 else ""
    return ELLIPSIS + " " + cut[cut.find(" ") :].lstrip() if " " in cut.strip() else ELLIPSIS + cut


def shortened(text: str, length: int = EXCERPT_LENGTH) -> str:
    """The beginning of a text, cut at a word, the cut shown by an ellipsis."""
    return _head(text, length)


def capitalised(text: str) -> str:
    """The text with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def web_address(url: str) -> str:
    """The address if it may be linked: absolute http or https with nothing that could break out of a link; else empty."""
    if _UNSAFE_IN_URL.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""
