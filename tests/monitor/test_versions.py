"""A new model version reads history again, and no report mixes two versions."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app import App
from monitor.cli import run
from monitor.doctor import Finding, examine
from monitor.store import Store
from reports.evidence import Evidence, Successor, Window
from reports.gap import build_gap
from reports.render import render_gap
from tests.monitor.fake_reader import FakeReader
from tests.monitor.store_builders import ACME, BAD, GOOD, JUNE, NOON, evidence, keep, mention, read, reading

DAYS = 6
LAST_TWO = Window(date(2026, 6, DAYS - 1), date(2026, 6, DAYS + 1))


@pytest.fixture
def store() -> Iterator[Store]:
    """Six days of one mention each, read by m1."""
    with Store(":memory:") as opened:
        opened.brands.sync([ACME])
        keep(opened, *(mention(str(day), published=NOON + timedelta(days=day)) for day in range(DAYS)))
        read(opened, reading(GOOD))
        yield opened


def labels(found: Evidence) -> set[str]:
    return {row.label for row in found.sentiment}


def test_history_is_read_again_newest_first(store: Store) -> None:
    assert [one.text.split()[3] for one in store.readings.unread("m2", 2)] == ["5", "4"]


def test_a_report_stays_with_the_former_version_until_the_new_one_has_read_its_window(store: Store) -> None:
    read(store, reading(BAD, model="m2"), limit=2)
    whole, short = evidence(store), evidence(store, window=LAST_TWO)
    assert (whole.model.version, labels(whole), whole.coverage.unread) == ("m1", {"positive"}, 0)
    assert whole.coverage.successor == Successor("m2", 2)
    assert (short.model.version, labels(short), short.coverage.successor) == ("m2", {"negative"}, None)
    read(store, reading(BAD, model="m2"))
    whole = evidence(store)
    assert (whole.model.version, labels(whole), whole.coverage.successor) == ("m2", {"negative"}, None)


def test_what_only_the_new_version_has_read_holds_nothing_back_and_makes_up_for_nothing(store: Store) -> None:
    keep(store, *(mention(f"new {number}", published=NOON + timedelta(days=DAYS)) for number in range(9)))
    read(store, reading(BAD, model="m2"), limit=11)
    found = evidence(store)
    assert (found.model.version, found.coverage.unread) == ("m1", 9)
    read(store, reading(BAD, model="m2"))
    assert evidence(store).model.version == "m2"


def test_an_alert_watches_what_the_newest_version_has_read_and_nothing_else(store: Store) -> None:
    """Nobody waits for history where it burns: the hours that are not read again have voices and no mood."""
    read(store, reading(BAD, model="m2"), limit=2)
    hours = [(hour.read, hour.negative) for hour in store.alerts.hours("acme", JUNE.since)]
    assert hours == [(0, 0)] * (DAYS - 2) + [(1, 1)] * 2


def test_a_version_that_is_asked_for_is_reported(store: Store) -> None:
    read(store, reading(BAD, model="m2"))
    found = evidence(store, model="m1")
    assert (labels(found), found.coverage.successor) == ({"positive"}, None)


def test_of_versions_that_were_given_up_the_one_that_has_read_most_is_reported(store: Store) -> None:
    read(store, reading(BAD, model="m2"), limit=2)
    read(store, reading(BAD, model="m3"), limit=1)
    assert evidence(store).model.version == "m1"


def test_windows_that_are_compared_can_be_given_one_version(store: Store) -> None:
    read(store, reading(BAD, model="m2"), limit=2)
    assert store.versions.reported("acme", JUNE) == "m1"
    assert store.versions.reported("acme", LAST_TWO) == "m2"
    assert store.versions.reported("beta", JUNE) == ""


def test_it_is_known_how_much_is_left_to_be_read_again(store: Store) -> None:
    assert store.versions.rereading() is None
    read(store, reading(BAD, model="m2"), limit=2)
    again = store.versions.rereading()
    assert again is not None
    assert (again.version, again.left) == ("m2", DAYS - 2)
    read(store, reading(BAD, model="m2"))
    keep(store, mention("fresh"))
    assert store.versions.rereading() is None


def test_a_sample_is_drawn_from_what_the_report_is_made_of(store: Store) -> None:
    read(store, reading(BAD, model="m2"), limit=2)
    evidence(store)
    assert store.audits.draw("acme", JUNE, 99, None, NOON).units == DAYS


@given(st.lists(st.integers(1, 4), max_size=5))
def test_a_report_is_of_one_version_and_once_changed_over_never_goes_back(steps: list[int]) -> None:
    with Store(":memory:") as store:
        store.brands.sync([ACME])
        keep(store, *(mention(str(day), published=NOON + timedelta(days=day // 2)) for day in range(8)))
        read(store, reading(GOOD))
        seen = []
        for at, step in enumerate(steps):
            read(store, reading(BAD, model="m2"), limit=step)
            keep(store, mention(f"new {at}", published=NOON + timedelta(days=at)))
            found = evidence(store)
            assert labels(found) == {"positive" if found.model.version == "m1" else "negative"}
            seen.append(found.model.version)
        assert seen == sorted(seen)


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_a_report_says_that_it_is_being_read_again(store: Store, form: str) -> None:
    read(store, reading(BAD, model="m2"), limit=2)
    document = render_gap(build_gap(evidence(store)), form)
    assert ('"successor": {' in document) if form == "json" else ("has done 33" in document)


class TestCommands:
    @pytest.fixture
    def app(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
        monkeypatch.setattr(App, "reader", lambda self, name=None: FakeReader("m2"))
        path = tmp_path / "promisewatch.toml"
        path.write_text('[[brand]]\nid = "acme"\nname = "Acme Air"\n', encoding="utf-8")
        app = App(path)
        with app.open_store() as store:
            keep(store, mention("1"), mention("2"))
            read(store, reading(GOOD))
        return app

    def test_reading_says_that_history_is_read_again(self, app: App, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["--config", str(app.config_path), "read"]) == 0
        said = capsys.readouterr().err
        assert "m2 reads history again" in said
        assert "read 2 mentions" in said
        run(["--config", str(app.config_path), "read"])
        assert "again" not in capsys.readouterr().err

    def test_the_doctor_says_how_much_is_left(self, app: App) -> None:
        def findings() -> list[Finding]:
            return [one for one in examine(app) if one.check == "readings"]

        assert findings() == []
        with app.open_store() as store:
            store.readings.unread("m2", 1)
        (found,) = findings()
        assert "2 mentions left" in found.message
