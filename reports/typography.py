"""How values read in print: numbers, dates, intervals, excerpts. The same words in every format; None is never shown as 0."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from reports.documents import Direction, Interval
from reports.evidence import Every, Quote, Window
from reports.forms import NO_BREAK
from reports.reader import forms, gettext, gettext_noop, ngettext
from reports.terms import INSUFFICIENT

MINUS: Final = "\N{MINUS SIGN}"
DASH: Final = "\N{EN DASH}"
ELLIPSIS: Final = "…"
EXCERPT_LENGTH: Final = 280
_TREND: Final[dict[Direction, str]] = {
    "up": gettext_noop("rising"),
    "down": gettext_noop("falling"),
    "flat": gettext_noop("steady"),
}
_EACH: Final[dict[Every, str]] = {
    "day": gettext_noop("daily"),
    "week": gettext_noop("weekly"),
    "month": gettext_noop("monthly"),
}
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
    return f"{prefix}{forms().decimal(abs(whole), 0)}"


def decimal(value: float, digits: int = 1, *, sign: bool = False) -> str:
    """A number with so many digits behind the point; what rounds to 0 has no sign."""
    rounded = round(value, digits)
    prefix = MINUS if rounded < 0 else "+" if sign and rounded > 0 else ""
    return f"{prefix}{forms().decimal(abs(value), digits)}"


def exact(value: float) -> str:
    """A figure that somebody set: its decimals are kept, `87.5`."""
    return number(value) if round(value, 1) == round(value) else decimal(value)


def score(value: float | None, *, sign: bool = False) -> str:
    """A number of a report, or the words that stand for a missing one."""
    return gettext(INSUFFICIENT) if value is None else number(value, sign=sign)


def interval(bounds: Interval | None, *, sign: bool = False) -> str:
    """Bounds as `54–68`; as `−36 to −22` where a sign would collide with the dash; empty when there are none."""
    if bounds is None:
        return ""
    return between(*(number(bound, sign=sign) for bound in bounds))


def between(low: str, high: str) -> str:
    """Two written numbers as the ends of a range."""
    return f"{low}{DASH}{high}" if low[0].isdigit() and high[0].isdigit() else gettext("%(low)s to %(high)s", low=low, high=high)


def percent_interval(bounds: Interval) -> str:
    """Fractions as `74–89 %`."""
    return f"{interval((100 * bounds[0], 100 * bounds[1]))}{forms().percent}"


def p_value(p: float) -> str:
    """As statisticians print it: `p = 0.012`, `p < 0.001`."""
    said = f"< {decimal(0.001, 3)}" if p < 0.001 else f"= {decimal(p, 2 if p >= 0.1 else 3)}"
    return f"p {said}".replace(" ", NO_BREAK)


def short_day(day: date) -> str:
    """A day on an axis: `31 Aug`."""
    return forms().short_day(day)


def day_and_month(day: date) -> str:
    """A day of a year that is known: `31 August`."""
    return forms().day_and_month(day)


def month_and_year(day: date) -> str:
    """A month in a sentence: `August 2026`."""
    return forms().month_and_year(day)


def long_day(day: date) -> str:
    """A day in a sentence: `31 August 2026`."""
    return forms().long_day(day)


def weekday(day: date) -> str:
    """A day as a heading: `Tuesday, 17 November 2026`."""
    return forms().weekday(day)


def moment(when: datetime, timezone: str) -> str:
    """A time as the brand's own clock shows it: `17 November 2026, 08:00`."""
    local = when.astimezone(ZoneInfo(timezone))
    return f"{long_day(local.date())}, {forms().clock(local.time())}"


def local_day(when: datetime, timezone: str) -> date:
    """The brand's own day of a time."""
    return when.astimezone(ZoneInfo(timezone)).date()


def span(window: Window) -> str:
    """A window by its first and last day, the year said once: `25 August – 16 November 2026`."""
    first, last = window.since, window.until - timedelta(days=1)
    if first == last:
        return long_day(first)
    start = long_day(first) if first.year != last.year else day_and_month(first)
    return f"{start} {DASH} {long_day(last)}"


def axis_label(start: date, every: Every) -> str:
    """What stands under a bucket on a time axis."""
    if every != "month":
        return short_day(start)
    name = forms().short_month(start)
    return f"{name} {start.year}" if start.month == 1 else name


def each(every: Every) -> str:
    """`weekly` for week."""
    return gettext(_EACH[every])


def trend_word(direction: Direction) -> str:
    """`falling` for down."""
    return gettext(_TREND[direction])


def certainty(confidence: float) -> str:
    """A probability of the classifier in plain words."""
    if confidence >= 0.9:
        return gettext("very sure")
    return gettext("fairly sure") if confidence >= 0.7 else gettext("not sure")


def sample(n: int) -> str:
    """A sample size that does not break over lines: `n = 1,204`."""
    return f"n = {number(n)}".replace(" ", NO_BREAK)


def percent(share: float) -> str:
    """A fraction as `30 %`."""
    return f"{number(100 * share)}{forms().percent}"


def counted(n: int, one: str, many: str = "") -> str:
    """`1 copy`, `1,204 copies`."""
    return f"{number(n)} {ngettext(one, many or one + 's', n)}"


def marks(text: str) -> str:
    """Somebody's words in the quotation marks of the reader's language."""
    return gettext("“%(text)s”", text=text)


def listed(names: Sequence[str]) -> str:
    """`advertising, content and people`."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])


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
