"""What an alert says: what happened and what to do first, the receipt below, and nothing that a stranger's words could do to it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reports.alert import DrivingStory
from reports.alert_text import alert_html, alert_json, alert_subject, alert_text
from reports.evidence import Quote
from tests.receipts import receipt

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOSTILE = '<script>alert("x")</script>\u202e\x1b[31m on hold for an hour'
STORY = DrivingStory(12, Quote(7, HOSTILE, HOSTILE, "javascript:alert(1)", "posts", "ann", AT, 0.9, copies=12))
DROP = receipt(
    timezone="Europe/Riga",
    title="62 % of mentions negative, usually 30 %",
    test="one-sided CUSUM of the negative share",
    baseline="the 91 days before",
    observed=31,
    expected=15,
    total=50,
    rate=0.02,
    without_largest=False,
    blind=(),
    note="summer sale",
    about=(("customer service", 21), ("friction", 4)),
    broken=(("answer", 9),),
    places=(("posts", 19), ("reviews", 12)),
    stories=(STORY,),
)


def test_it_says_first_what_happened_and_what_to_do() -> None:
    lines = alert_text(DROP).splitlines()
    assert lines[0] == "Acme Air: 62 % of mentions negative, usually 30 %"
    assert lines[2].startswith("What to do: Read the stories below")


def test_it_carries_its_receipt_in_words() -> None:
    text = " ".join(alert_text(DROP).split())
    for said in (
        "31 of 50 customers' mentions were negative (62 %), where 15 were to be expected",
        "Since: 1 June 2026, 15:00 (Europe/Riga)",
        "What is complained of: customer service (21), friction (4)",
        "Promises said to be broken: answer (9)",
        "Where: posts (19), reviews (12)",
        "by chance about once in 4 years; alerts open at 1 a month",
        "50 voices, worth 38 independent ones",
        "this alert would not be here: one story carries it",
        "Known of these days: summer sale",
        "posts, 12 voices",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("rate", "often"),
    [
        (0.001, "less than once in eight years"),
        (0.05, "about once in 2 years"),
        (0.2, "about once in 5 months"),
        (0.9, "about once a month"),
        (2.6, "about 3 times a month"),
    ],
)
def test_chance_is_told_as_people_count_it(rate: float, often: str) -> None:
    assert f"by chance {often}; alerts open" in " ".join(alert_text(replace(DROP, rate=rate)).split())


def test_a_surge_says_in_which_tone_people_speak() -> None:
    surge = replace(DROP, watch="volume", negative=8, read=13)
    assert "Tone: 8 of 13 are negative" in alert_text(surge)
    assert "Tone:" not in alert_text(DROP)


def test_single_voices_say_that_no_story_carries_it() -> None:
    assert "Without the largest story: this alert would be here, too: no story" in alert_text(replace(DROP, without_largest=None))


def test_a_message_says_how_to_answer_it() -> None:
    for words in (alert_text(DROP, number=7), alert_html(DROP, number=7)):
        assert "promisewatch alerts ack 7" in words
    assert "alerts ack" not in alert_text(DROP) + alert_text(DROP, "recovered", 7) + alert_html(DROP, "recovered", 7)


@pytest.mark.parametrize("words", [alert_text(DROP), alert_html(DROP), alert_subject(DROP)])
def test_a_strangers_words_steer_nothing(words: str) -> None:
    assert "\x1b" not in words
    assert "\u202e" not in words
    assert "javascript:" not in words
    assert "<script>alert" not in alert_html(DROP)


@pytest.mark.parametrize(
    ("step", "lead"), [("opened", "62 %"), ("reminded", "Still: "), ("escalated", "Nobody has answered: "), ("recovered", "Over: ")]
)
def test_the_subject_says_which_step_it_is(step: str, lead: str) -> None:
    assert alert_subject(DROP, step).startswith(f"Acme Air: {lead}")


def test_what_is_over_tells_no_stories() -> None:
    for words in (alert_text(DROP, "recovered"), alert_html(DROP, "recovered")):
        assert "on hold" not in words
        assert "othing out of the usual since" in words


def test_programs_get_every_figure() -> None:
    document = alert_json(DROP)
    assert (document["observed"], document["rate"], document["stories"][0]["voices"]) == (31, 0.02, 12)
    assert document["since"] == "2026-06-01T12:00:00+00:00"


def test_a_blind_watch_says_what_to_run() -> None:
    blind = replace(
        DROP, watch="silence", subject="blind", title="blind: posts cannot be heard", blind=("posts since noon: 503",), stories=()
    )
    assert "Run promisewatch doctor" in alert_text(blind)
    assert "Not heard: posts since noon: 503" in alert_text(blind)
