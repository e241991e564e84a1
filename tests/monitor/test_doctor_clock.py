"""The doctor holds the clock against the places that are listened to."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from monitor.app import App
from monitor.doctor_clock import check_clock
from monitor.findings import Finding
from tests.monitor.config_texts import BRAND
from tests.monitor.store_builders import NOON
from tests.servers import Handler, Loopback, Play, reset, running


@pytest.fixture
def server() -> Iterator[Loopback]:
    with running() as found:
        yield found


def telling(date: str, age: str = "0") -> Play:
    """Answer with this date alone: the server would add its own."""

    def play(handler: Handler) -> None:
        handler.send_response_only(404)
        for name, value in {"Date": date, "Age": age, "Connection": "close"}.items():
            handler.send_header(name, value)
        handler.end_headers()

    return play


def written(at: datetime) -> str:
    return format_datetime(at, usegmt=True)


def found(folder: Path, server: Loopback, now: datetime = NOON) -> Finding:
    path = folder / "promisewatch.toml"
    allowed = "[network]\nallow_private_addresses = true\n"
    feed = f'[[source]]\nkind = "feed"\nid = "f"\nurl = "{server.url("/feed")}"\nbrands = ["acme"]\n'
    path.write_text(f"{BRAND}{feed}{allowed}", encoding="utf-8")
    app = App(path, clock=lambda: now)
    with app.open_store() as store:
        return check_clock(app, store, now)


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(minutes=6), timedelta(days=400)])
def test_a_clock_that_is_off_is_an_error_with_both_times(server: Loopback, tmp_path: Path, off: timedelta) -> None:
    server.play("/", telling(written(NOON + off)))
    finding = found(tmp_path, server)
    assert finding.grade == "error"
    assert f"it is {NOON:%Y-%m-%d %H:%M} UTC here, and {NOON + off:%Y-%m-%d %H:%M} at 127.0.0.1" in finding.message
    assert "timedatectl" in finding.remedy


def test_one_that_is_right_says_by_how_much(server: Loopback, tmp_path: Path) -> None:
    server.play("/", telling(written(NOON - timedelta(seconds=7))))
    finding = found(tmp_path, server)
    assert (finding.grade, finding.message) == ("ok", f"{NOON:%Y-%m-%d %H:%M} UTC, 7 s from that of {server.url('')[7:]}")


def test_an_answer_out_of_a_cache_is_as_old_as_it_says(server: Loopback, tmp_path: Path) -> None:
    server.play("/", telling(written(NOON - timedelta(hours=2)), age="7200"))
    assert found(tmp_path, server).grade == "ok"


@pytest.mark.parametrize("play", [telling("yesterday, perhaps"), telling(written(NOON), age="old"), reset])
def test_a_place_that_does_not_tell_is_no_fault_of_the_clock(server: Loopback, tmp_path: Path, play: Play) -> None:
    server.play("/", play)
    assert found(tmp_path, server).message == f"{NOON:%Y-%m-%d %H:%M} UTC, later than all that was noted"
