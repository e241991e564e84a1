"""`promisewatch cases` on the command line: what is shown, who did what, what is refused, and what is handed on."""

import csv
import io
import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from monitor import cli
from monitor.app import App
from monitor.cli import run
from monitor.store import Store
from tests.monitor.config_texts import BRAND, complaint
from tests.monitor.fake_reader import FakeReader

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
CONFIG = f"""{BRAND}timezone = "Europe/Riga"
[[channel]]
name = "desk"
address = "webhook+https://tickets.example/in"
[cases]
hand_off_to = ["desk"]
"""
ROWS = """id,text,created,name
1,Where is my bag? Acme is bad,2026-11-17 09:00,ann
2,"=cmd() how do I cancel, Acme",2026-11-18 10:00,bob
3,Acme flies,2026-11-18 10:30,cid
"""


@pytest.fixture(autouse=True)
def place(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.setenv("USER", "eva")
    monkeypatch.setattr(App, "reader", lambda self, name=None: FakeReader())
    monkeypatch.setattr(cli, "App", partial(App, clock=lambda: NOW))
    (here / "promisewatch.toml").write_text(CONFIG, encoding="utf-8")
    (here / "posts.csv").write_text(ROWS, encoding="utf-8")
    assert run(["import", "posts.csv", "--map", "id=id,text=text,published=created,author=name", "--brand", "acme"]) == 0
    assert run(["read"]) == 0
    capsys.readouterr()
    return here


@pytest.fixture
def opened(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cases", "find"]) == 0
    assert "2 opened" in capsys.readouterr().err


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run(["cases", *arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def history(capsys: pytest.CaptureFixture[str], case: int = 1) -> list[tuple[str, str, str]]:
    return [(one["who"], one["what"], one["detail"]) for one in shown(capsys, "show", str(case))["history"]]


def test_what_was_found_is_told_to_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    quiet = {"went_on": 0, "answered": 0, "recovered": 0, "closed": 0, "replies": 0}
    assert shown(capsys, "find") == {"opened": 2, **quiet}
    assert shown(capsys, "find") == {"opened": 0, **quiet}


@pytest.mark.usefixtures("opened")
class TestLists:
    def test_the_most_urgent_comes_first_with_what_is_known_of_it(self, capsys: pytest.CaptureFixture[str]):
        first, second = shown(capsys, "list")
        assert (first["id"], first["author"], first["due"]) == (1, "ann", "2026-11-17T15:00:00Z")
        assert first["urgency"] > second["urgency"]
        assert [one["id"] for one in shown(capsys, "list", "--limit", "1")] == [1]

    def test_a_person_reads_how_late_it_is(self, capsys: pytest.CaptureFixture[str]):
        run(["cases", "list"])
        printed = capsys.readouterr()
        assert "21 h late" in printed.out
        assert "in 3 h" in printed.out
        assert "2 cases" in printed.err

    def test_a_table_runs_nothing_in_a_spreadsheet(self, capsys: pytest.CaptureFixture[str]):
        capsys.readouterr()
        run(["cases", "list", "--format", "csv"])
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert rows[1]["text"] == "'=cmd() how do I cancel, Acme"

    def test_one_s_own_and_one_status_can_be_asked_for(self, capsys: pytest.CaptureFixture[str]):
        run(["cases", "take", "1"])
        run(["cases", "close", "2"])
        assert [one["id"] for one in shown(capsys, "list", "--mine")] == [1]
        assert shown(capsys, "list", "--mine", "--by", "tom") == []
        assert [one["id"] for one in shown(capsys, "list", "--status", "closed")] == [2]
        assert len(shown(capsys, "list", "--status", "all", "--brand", "Acme Air")) == 2

    def test_a_case_is_shown_in_the_brands_own_time_with_its_reasons(self, capsys: pytest.CaptureFixture[str]):
        run(["cases", "show", "1"])
        printed = capsys.readouterr().out
        assert "17 November 2026, 11:00, ann (customer, negative)" in printed
        assert "waits for something: “where is my” (+50)" in printed

    def test_a_number_that_nobody_has_is_said(self, capsys: pytest.CaptureFixture[str]):
        assert run(["cases", "show", "99"]) == 1
        assert "there is no case 99" in capsys.readouterr().err


@pytest.mark.usefixtures("opened")
class TestActs:
    def test_each_is_in_the_history_with_who_did_it(self, capsys: pytest.CaptureFixture[str]):
        run(["cases", "take", "1"])
        run(["cases", "take", "1", "--for", "tom", "--by", "boss"])
        run(["cases", "note", "1", "rang her"])
        run(["cases", "answer", "1", "--link", "https://mail.example/7"])
        run(["cases", "close", "1", "--why", "done"])
        run(["cases", "reopen", "1"])
        assert history(capsys) == [
            ("promisewatch", "opened", ""),
            ("eva", "taken", "eva"),
            ("boss", "taken", "tom"),
            ("eva", "noted", "rang her"),
            ("eva", "answered", "https://mail.example/7"),
            ("eva", "closed", "done"),
            ("eva", "reopened", ""),
        ]

    @pytest.mark.parametrize(
        ("again", "said"), [("close", "was closed already"), ("reopen", "is open: somebody waits"), ("take", "eva has case 1")]
    )
    def test_doing_it_twice_is_said_and_changes_nothing(self, again: str, said: str, capsys: pytest.CaptureFixture[str]):
        before = [] if again == "reopen" else [run(["cases", again, "1"])]
        was, due = history(capsys), shown(capsys, "show", "1")["due"]
        assert [*before, run(["cases", again, "1"])] == [0] * (len(before) + 1)
        assert said in capsys.readouterr().err
        assert (history(capsys), shown(capsys, "show", "1")["due"]) == (was, due)

    def test_an_answer_may_have_been_given_earlier(self, capsys: pytest.CaptureFixture[str]):
        assert run(["cases", "answer", "1", "--at", "2026-11-17 14:00"]) == 0
        assert shown(capsys, "show", "1")["answered"] == "2026-11-17T14:00:00Z"

    @pytest.mark.parametrize(("when", "why"), [("2026-11-16 14:00", "after that"), ("2027-01-01", "future"), ("soon", "no time")])
    def test_but_neither_before_the_question_nor_in_the_future(self, when: str, why: str, capsys: pytest.CaptureFixture[str]):
        assert run(["cases", "answer", "1", "--at", when]) == 2
        assert why in capsys.readouterr().err

    def test_reopening_gives_a_new_time_to_answer(self, capsys: pytest.CaptureFixture[str]):
        run(["cases", "close", "1"])
        run(["cases", "reopen", "1"])
        assert shown(capsys, "show", "1")["due"] == "2026-11-18T15:00:00Z"

    def test_somebody_may_open_a_case_that_the_rules_do_not_see(self, capsys: pytest.CaptureFixture[str]):
        assert run(["cases", "open", "3"]) == 0
        assert shown(capsys, "show", "3")["reasons"] == ["eva says so"]
        assert run(["cases", "open", "3"]) == 1
        assert "is in case 3" in capsys.readouterr().err
        assert run(["cases", "open", "99"]) == 1

    def test_an_empty_note_is_none(self):
        assert run(["cases", "note", "1", " "]) == 2


@pytest.mark.usefixtures("opened")
class TestHandOff:
    def test_it_goes_out_once_with_the_case_its_words_and_a_key(self, place: Path, capsys: pytest.CaptureFixture[str]):
        run(["cases", "note", "1", "rang her"])
        assert run(["cases", "hand-off", "1"]) == 0
        run(["cases", "hand-off", "1"])
        assert "was handed off before" in capsys.readouterr().err
        with Store(place / "promisewatch.db") as store:
            (queued,) = store.outbox.messages()
        message = queued.message
        assert (message.kind, message.key, message.mentions) == ("case", "case:1:1", (1,))
        # What was sent keeps its subject, also when the customer asks to be forgotten.
        assert "ann" not in message.subject
        assert "ann" in message.text
        assert message.data["idempotency_key"] == "case:1:1"
        assert [one["text"] for one in message.data["thread"]] == ["Where is my bag? Acme is bad"]
        assert [one["text"] for one in message.data["notes"]] == ["rang her"]
        assert "To be answered until 17 November 2026, 17:00" in message.text

    def test_a_case_that_was_reopened_goes_once_more(self, place: Path):
        for command in (["hand-off", "1"], ["close", "1"], ["reopen", "1"], ["hand-off", "1"]):
            run(["cases", *command])
        with Store(place / "promisewatch.db") as store:
            assert [one.message.key for one in store.outbox.messages()] == ["case:1:2", "case:1:1"]

    def test_a_dry_run_shows_it_and_sends_nothing(self, place: Path, capsys: pytest.CaptureFixture[str]):
        run(["cases", "hand-off", "1", "--dry-run"])
        assert "Where is my bag? Acme is bad" in capsys.readouterr().out
        with Store(place / "promisewatch.db") as store:
            assert store.outbox.messages() == []

    def test_a_channel_that_nobody_configured_is_refused(self, capsys: pytest.CaptureFixture[str]):
        assert run(["cases", "hand-off", "1", "--to", "nobody"]) == 2
        assert "there is no channel 'nobody'; known: desk" in capsys.readouterr().err

    def test_without_a_place_it_says_what_to_set(self, place: Path, capsys: pytest.CaptureFixture[str]):
        (place / "promisewatch.toml").write_text(CONFIG.replace("hand_off_to", "to"), encoding="utf-8")
        assert run(["cases", "hand-off", "1"]) == 1
        assert "hand_off_to" in capsys.readouterr().err

    def test_the_gravest_go_by_themselves_and_once(self, place: Path):
        (place / "promisewatch.toml").write_text(f"{CONFIG}hand_off_from = 70\n", encoding="utf-8")
        run(["cases", "find"])
        run(["cases", "find"])
        with Store(place / "promisewatch.db") as store:
            assert [one.message.key for one in store.outbox.messages()] == ["case:1:1"]

    def test_a_page_of_it_shows_hostile_words_as_words(self, place: Path):
        run(["cases", "note", "1", "<script>x</script>"])
        run(["cases", "hand-off", "2"])
        with Store(place / "promisewatch.db") as store:
            (queued,) = store.outbox.messages()
        assert "=cmd()" in queued.message.html
        assert "<script>" not in queued.message.html


class TestBefore:
    def test_what_opens_by_itself_nowhere_is_opened_when_somebody_asks(self, place: Path, capsys: pytest.CaptureFixture[str]):
        (place / "promisewatch.toml").write_text(f"{CONFIG}automatic = false\n", encoding="utf-8")
        run(["cases", "find"])
        assert "2 opened" in capsys.readouterr().err

    def test_a_preview_says_why_and_opens_nothing(self, capsys: pytest.CaptureFixture[str]):
        found = shown(capsys, "preview", "--days", "30")
        assert [(one["author"], one["case"]) for one in found] == [("ann", None), ("bob", None)]
        assert found[1]["reasons"] == ["asks for help: “how do i cancel” (+50)"]
        assert shown(capsys, "list") == []

    def test_the_summary_says_that_it_is_too_little(self, capsys: pytest.CaptureFixture[str]):
        run(["cases", "find"])
        found = shown(capsys, "summary")
        assert (found["n"], found["waiting"], found["median"]) == (2, 2, None)
        run(["cases", "summary"])
        assert "insufficient evidence" in capsys.readouterr().out
        assert run(["cases", "summary", "--since", "2026-11-18", "--until", "2026-11-18"]) == 2


class TestConfiguration:
    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ('hours = "always"', 'give days and times, such as "Mon-Fri 09:00-17:00'),
            ('answer_within = "tomorrow"', 'give "same day", or working time'),
            ('holidays = ["Christmas"]', "give a day, such as"),
            ("holidays = 3", "give a list of days"),
            ('to = ["nobody"]', "there is no such channel"),
            ('hand_off_to = ["nobody"]', "there is no such channel"),
            ("open_at = 0", "give a whole number from 1 to 100"),
            ("opens_at = 50", "did you mean 'open_at'?"),
        ],
    )
    def test_what_is_wrong_is_said_with_what_to_give(self, line: str, said: str):
        assert said in complaint(f"{BRAND}[cases]\n{line}\n")
