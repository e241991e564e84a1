"""A report is written for its reader: numbers and dates as the locale writes them, sentences from a catalogue."""

import html
import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from reports import typography
from reports.alert_text import alert_html, alert_text
from reports.causes import build_causes
from reports.digest import build_digest
from reports.docket import build_docket
from reports.evidence import Window
from reports.forms import forms_of
from reports.gap import build_gap
from reports.reader import fault_of, gettext, languages, ngettext, read_in
from reports.render import render_digest, render_gap
from reports.render_causes import render_causes
from reports.render_docket import render_docket
from reports.render_scorecard import render_scorecard
from reports.scorecard import build_scorecard
from reports.words_moved import quantity, quantity_range
from tests.receipts import receipt
from tests.reports import samples, samples_telling, test_render_causes, test_scorecard
from tests.reports.builders import FRIENDLY, ON_TIME, REFUND, evidence, moods, quote, weekly

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 8, 31)
NO_BREAK = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
Made = tuple[list[str], object]
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|not|with|what|from|customers?|promises?|voices?|kept|broken|delivered|by|how|for|than|before|since|over|"
    r"evidence|week|weekly|daily|sources?|language|steady|rising|falling|copies|sure|causes?|half|between|stories|mentions?|heard|"
    r"hours|minutes|days|gone|new|growing|chance|unclear|risk|model|usual|done|nobody|nothing|everything)\b",
    re.IGNORECASE,
)
# Loanwords, names of methods, and the names that samples give to sources.
MEANT = re.compile(
    r"SERVQUAL|Promise Index|promisewatch(?: [a-z]+| [0-9]| --[a-z]+ \S+ \w+)+|"
    r"Over|Modell|n_eff|Average Linkage|<code>.*?</code>|`[^`]*`",
    re.DOTALL,
)


def strings(value: object) -> Iterator[str]:
    """What somebody else wrote, wherever it stands in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (*strings(key), *strings(one))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from strings(asdict(value))


def left_in_english(document: str, written: object) -> list[str]:
    """Pieces of a document with English words in them that are not what somebody wrote."""
    shown = re.sub(r"<style>.*?</style>|<head>.*?</head>|<!--.*?-->", "", document, flags=re.DOTALL)
    shown = re.sub(r' (?!title=|aria-label=|alt=|data-label=)[\w:-]+="[^"]*"', "", shown)
    shown = MEANT.sub("", html.unescape(shown).replace("\N{WORD JOINER}", "")).replace("\\", "")
    given = [" ".join(typography.clean(one).split()) for one in strings(written)]
    theirs = "\n".join(given)
    parts = sorted({part.strip(" .") for part in given if " " in part}, key=len, reverse=True)
    left = []
    for piece in re.split(r"<[^<>]*>|\n|\*\*|[„“]", " ".join(shown.split(" "))):
        bare = " ".join(piece.split()).strip(" .…„“|:-")
        if bare in theirs:
            continue
        for part in parts:
            bare = bare.replace(part, "")
        if ENGLISH.search(bare):
            left.append(bare)
    return left


def heard() -> Any:
    """Twelve weeks with a promise that broke, one that is kept, one with few voices, complaints and praise."""
    rows = [*weekly(ON_TIME, [(9, 1)] * 7 + [(2, 8)] * 5), *weekly(REFUND, [(9, 0)] * 12), *weekly(FRIENDLY, [(1, 0)] * 3)]
    feelings = [row for day in range(84) for row in moods(date(2026, 6, 29) + timedelta(days=day), 3, 2, 5)]
    return evidence(
        promises=[ON_TIME, REFUND, FRIENDLY],
        stances=rows,
        sentiment=feelings,
        quotes=[quote(1), quote(2, stance="kept", label="positive", copies=3)],
        coverage=samples.coverage(),
    )


WRITTEN = ((ON_TIME, REFUND, FRIENDLY), heard().quotes, heard().coverage.sources, heard().coverage.holes)


def made_gap() -> Made:
    found = build_gap(heard())
    return [render_gap(found, "html"), render_gap(found, "md")], WRITTEN


def made_digest() -> Made:
    found = build_digest(heard(), DAY)
    return [render_digest(found, form) for form in ("html", "mail", "md", "text")], WRITTEN


def made_scorecard() -> Made:
    card = build_scorecard(test_scorecard.full())
    return [render_scorecard(card, "html"), render_scorecard(card, "md")], (
        test_scorecard.full().quotes,
        test_scorecard.full().ratings,
    )


def made_causes() -> Made:
    known = test_render_causes.evidence(covered=date(2026, 7, 20))
    found = build_causes(known)
    return [render_causes(found, "html"), render_causes(found, "md")], (known.causes, known.quotes, known.promises)


def made_alert() -> Made:
    return [alert_html(receipt(), number=3), alert_text(receipt(), number=3)], receipt()


def made_docket() -> Made:
    found = build_docket(heard(), build_gap(heard()).promises[0], heard().quotes)
    return [render_docket(found, "html"), render_docket(found, "md")], WRITTEN


def full_gap() -> Made:
    """Every section that there is; its sentences are the sample's own."""
    return [render_gap(samples.gap_report(), "html"), render_gap(samples.gap_report(), "md")], samples.gap_report()


def told_gap() -> Made:
    """The same with what it tells beside its promises, and the quotes that its numbers open into."""
    told = samples_telling.told_report()
    return [render_gap(told, "html")], told


def full_digest() -> Made:
    return [render_digest(samples.digest(), form) for form in ("html", "mail", "md", "text")], samples.digest()


@pytest.mark.parametrize(
    "make", [made_gap, made_digest, made_scorecard, made_causes, made_alert, made_docket, full_gap, told_gap, full_digest]
)
def test_no_english_sentence_is_left_in_a_german_document(make: Callable[[], Made]) -> None:
    with read_in("de-DE"):
        documents, written = make()
    for document in documents:
        assert left_in_english(document, written) == []
        assert "<html" not in document or '<html lang="de-DE">' in document


def test_who_tells_a_story_is_said_in_the_readers_language() -> None:
    with read_in("de-DE"):
        assert "<td>Presse</td>" in told_gap()[0][0]


def test_what_is_left_in_english_is_found() -> None:
    assert left_in_english("<p>Worüber Kunden reden</p><p>What customers say</p>", ()) == ["What customers say"]


def test_a_report_is_english_again_after_a_german_one() -> None:
    before = render_digest(samples.quiet_digest(), "html")
    with read_in("de-DE"):
        assert "ein ruhiger Tag" in render_digest(samples.quiet_digest(), "html")
    assert render_digest(samples.quiet_digest(), "html") == before
    assert '<html lang="en">' in before


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-GB", ("12,345", "−7", "3.5", f"30{NO_BREAK}%", "31 August 2026", "31 Aug", "Monday, 31 August 2026", "08:05")),
        ("en-US", ("12,345", "−7", "3.5", "30%", "August 31, 2026", "Aug 31", "Monday, August 31, 2026", f"8:05{NARROW}AM")),
        ("de-DE", ("12.345", "−7", "3,5", f"30{NO_BREAK}%", "31. August 2026", "31. Aug.", "Montag, 31. August 2026", "08:05")),
        ("de-CH", ("12’345", "−7", "3.5", "30%", "31. August 2026", "31. Aug.", "Montag, 31. August 2026", "08:05")),
    ],
)  # fmt: skip
def test_numbers_and_dates_are_written_as_the_locale_writes_them(locale: str, said: tuple[str, ...]) -> None:
    with read_in(locale):
        shown = (
            typography.number(12345),
            typography.number(-7.2),
            typography.exact(3.5),
            typography.percent(0.3),
            typography.long_day(DAY),
            typography.short_day(DAY),
            typography.weekday(DAY),
            typography.moment(datetime(2026, 8, 31, 8, 5, tzinfo=UTC), "UTC").removeprefix(typography.long_day(DAY) + ", "),
        )
    assert shown == said


def test_ranges_and_quantities_follow_the_language() -> None:
    with read_in("de-DE"):
        assert typography.interval((-36, -22)) == "−36 bis −22"
        assert typography.p_value(0.012) == f"p{NO_BREAK}={NO_BREAK}0,012"
        assert typography.span(Window(date(2026, 8, 25), date(2026, 11, 17))) == "25. August – 16. November 2026"
        assert (quantity(24, "hours"), quantity(60, "hours")) == ("1 Tag", "2,5 Tage")
        assert quantity_range((72, 120), "hours") == "3–5 Tage"


@pytest.mark.parametrize(
    ("pattern", "sign"),
    [("#,##0%", "%"), (f"#,##0{NO_BREAK}%", f"{NO_BREAK}%"), (f"#,##0{NARROW}%", f"{NARROW}%"), ("%#,##0", "%")],
)
def test_what_stands_before_the_percent_sign_is_as_the_cldr_has_it(
    monkeypatch: pytest.MonkeyPatch, pattern: str, sign: str
) -> None:
    monkeypatch.setattr(Locale, "percent_formats", {None: SimpleNamespace(pattern=pattern)})
    assert forms_of.__wrapped__("fr-FR").percent == sign


def test_a_percent_sign_within_a_sentence_is_set_as_those_of_numbers_are() -> None:
    with read_in("en-US"):
        assert gettext("Change, 95 %% interval") == "Change, 95% interval"
    assert gettext("Change, 95 %% interval") == "Change, 95 % interval"


def test_the_number_decides_the_form() -> None:
    with read_in("de-DE"):
        told = [ngettext("One customer waits for an answer.", "%(n)s customers wait for an answer.", n) for n in (1, 1204)]
    assert told == ["Ein Kunde wartet auf eine Antwort.", "1.204 Kunden warten auf eine Antwort."]


@given(st.floats(-1e9, 1e9), st.sampled_from(["en-GB", "en-US", "de-DE", "de-CH"]))
def test_every_locale_writes_every_number_without_losing_any_of_it(value: float, locale: str) -> None:
    with read_in(locale):
        written = typography.decimal(value, 1)
    digits = re.sub(r"\D", "", written)
    assert abs(int(digits) / 10 - abs(value)) <= 0.0500001 + 1e-6 * abs(value)
    assert written.startswith(typography.MINUS) == (round(value, 1) < 0)


@pytest.mark.parametrize("locale", ["klingon", "de_DE", "en-XX", "", "../de"])
def test_a_locale_that_is_none_is_refused(locale: str) -> None:
    assert "such as" in fault_of(locale)
    with pytest.raises(ValueError, match="such as"), read_in(locale):
        raise AssertionError


def test_a_language_without_a_translation_is_refused_since_a_mixture_would_be_misread() -> None:
    assert "docs/translating.md" in fault_of("fr-FR")


def test_an_installed_package_brings_a_further_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "promisewatch_fr" / "fr" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (tmp_path / "promisewatch_fr" / "__init__.py").touch()
    catalogue = Catalog(locale="fr")
    catalogue.add("Complaints", "Réclamations")
    with (place / "reports.mo").open("wb") as file:
        write_mo(file, catalogue)
    facts = tmp_path / "promisewatch_fr-1.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: promisewatch-fr\nVersion: 1\n")
    (facts / "entry_points.txt").write_text("[promisewatch.translations]\nfr = promisewatch_fr\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    languages.cache_clear()
    try:
        with read_in("fr-FR"):
            assert gettext("Complaints") == "Réclamations"
    finally:
        languages.cache_clear()


def test_every_catalogue_is_whole_and_compiled_from_what_the_reports_say_today() -> None:
    done = subprocess.run([sys.executable, ROOT / ".ci" / "messages.py", "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "\n")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "not translated"),
        ("%(anzahl)s Kunden", "placeholders differ"),
        ("Kunden", "placeholders differ"),
        ("%(n)s Kunden, 5 % davon", "percent sign twice"),
        ("%(n)s Kunden, 5 %% davon", None),
    ],
)
def test_a_missing_or_broken_message_is_named(text: str, fault: str | None) -> None:
    spec = importlib.util.spec_from_file_location("messages", ROOT / ".ci" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    messages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(messages)
    catalogue = Catalog(locale="de")
    catalogue.add("%(n)s customers", text)
    found = list(messages.faults("de", catalogue))
    assert [fault in one for one in found] == [True] if fault else found == []
