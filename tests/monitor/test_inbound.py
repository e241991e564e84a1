"""Mentions that are posted over HTTP: a real server on loopback, a real store behind it."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from monitor.cli import run
from monitor.config import Config, parse
from monitor.doors import open_door
from monitor.errors import ConfigError, MonitorError
from monitor.inbound import Inbox
from monitor.inbound_server import PATH, TOKEN, Allowance, Bounds, build, read_token
from monitor.pipeline import prepare
from monitor.serving import serving
from monitor.storage.connection import StoreError
from monitor.storage.mentions import Mentions
from monitor.store import Store, StoredMention

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
SECRET = "a-token-of-some-length"
CONFIG = """
[[brand]]
id = "acme"
name = "Acme Air"
own_accounts = ["inbound:acme help"]
[[brand]]
id = "other"
name = "Other Rail"
[[source]]
kind = "feed"
id = "reviews"
url = "https://reviews.example/feed"
"""
Post = Callable[..., requests.Response]


@pytest.fixture
def config() -> Config:
    return parse(CONFIG)


@pytest.fixture
def store_path(tmp_path: Path, config: Config) -> Path:
    with Store(tmp_path / "store.db") as store:
        prepare(store, config)
    return tmp_path / "store.db"


@pytest.fixture
def clock() -> list[datetime]:
    return [NOW]


@pytest.fixture
def address(config: Config, store_path: Path, clock: list[datetime]) -> Iterator[str]:
    application = build(Inbox(config, store_path), SECRET, lambda: clock[0], Bounds(size=20_000, seconds=0.5, a_minute=20))
    with serving(application, "127.0.0.1", 0, "inbound") as found:
        yield f"{found}{PATH}"


@pytest.fixture
def post(address: str) -> Iterator[Post]:
    with requests.Session() as session:

        def send(
            body: str | bytes | list[Any] | dict[str, Any], headers: dict[str, str] | None = None, **asked: str
        ) -> requests.Response:
            data = body if isinstance(body, str | bytes) else json.dumps(body)
            sent = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json", **(headers or {})}
            return session.post(address, data=data, headers=sent, params=asked, timeout=20)

        yield send


@pytest.fixture
def stored(store_path: Path) -> Callable[[], list[StoredMention]]:
    def load() -> list[StoredMention]:
        with Store(store_path) as store:
            return list(store.mentions.each())

    return load


def row(id_: object = "1", text: str = "Acme Air was late again.", **more: Any) -> dict[str, Any]:
    return {"id": id_, "text": text, "published": "2026-08-31T10:00:00Z", "author": "ann", **more}


def words(answer: requests.Response) -> list[str]:
    return [one["verdict"] for one in answer.json()["rows"]]


class TestRows:
    def test_a_row_becomes_a_mention(self, post: Post, stored) -> None:
        answer = post([row(title="Trip", url="https://desk.example/1", language="en", rating="4/5", region="west")], keep="region")
        assert (answer.status_code, answer.json()["accepted"]) == (200, 1)
        (mention,) = stored()
        assert (mention.source, mention.external_id, mention.title, mention.text) == (
            "inbound",
            "1",
            "Trip",
            "Acme Air was late again.",
        )
        assert (mention.author, mention.url, mention.language, mention.rating) == ("ann", "https://desk.example/1", "en", 0.8)
        assert (mention.published, mention.collected) == (datetime(2026, 8, 31, 10, tzinfo=UTC), NOW)
        assert (mention.brands, mention.attributes) == (("acme",), {"region": "west"})

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (json.dumps([row("1"), row("2")]), "application/json"),
            (json.dumps([row("1"), row("2")], indent=2), "application/json; charset=utf-8"),
            (f"{json.dumps(row('1'))}\n\n{json.dumps(row('2'))}\n", "application/x-ndjson"),
            (f"{json.dumps(row('1'))}\r\n{json.dumps(row('2'))}", "application/jsonl"),
            ("\ufeff" + json.dumps([row("1"), row("2")]), "application/json"),
        ],
    )
    def test_lists_and_lines_are_taken(self, body: str, kind: str, post: Post) -> None:
        answer = post(body.encode(), {"Content-Type": kind})
        assert [(one["row"], one["id"], one["verdict"]) for one in answer.json()["rows"]] == [
            (1, "1", "accepted"),
            (2, "2", "accepted"),
        ]

    def test_a_single_object_over_several_lines_is_one_row(self, post: Post) -> None:
        assert words(post(json.dumps(row(), indent=2))) == ["accepted"]

    def test_each_row_has_its_verdict_and_the_good_ones_are_kept(self, post: Post, stored) -> None:
        answer = post([row("1"), row("2", ""), row("3", "Nothing to do with it"), row("4", published="someday"), 7, row("1")])
        assert words(answer) == ["accepted", "rejected", "unmatched", "rejected", "rejected", "duplicate"]
        assert answer.json() | {"rows": None} == {"accepted": 1, "duplicate": 1, "unmatched": 1, "rejected": 3, "rows": None}
        assert "the text is empty" in answer.json()["rows"][1]["reason"]
        assert [one.external_id for one in stored()] == ["1"]

    def test_the_same_again_is_a_duplicate_and_an_edit_is_accepted(self, post: Post, stored) -> None:
        post([row()])
        assert words(post([row()])) == ["duplicate"]
        assert words(post([row(text="Acme Air apologised.")])) == ["accepted"]
        assert [one.text for one in stored()] == ["Acme Air apologised."]

    def test_without_an_id_the_same_row_is_still_the_same(self, post: Post) -> None:
        bare = {key: value for key, value in row().items() if key != "id"}
        assert words(post([bare])) == ["accepted"]
        assert words(post([bare])) == ["duplicate"]

    def test_a_row_without_a_date_is_of_now(self, post: Post, stored) -> None:
        post([{"id": "1", "text": "Acme Air was late."}])
        assert stored()[0].published == NOW

    def test_a_request_of_bad_rows_alone_is_refused(self, post: Post, stored) -> None:
        answer = post([row(text="")])
        assert (answer.status_code, words(answer), stored()) == (422, ["rejected"], [])

    def test_nul_bytes_and_lone_surrogates_harm_nothing(self, post: Post, stored) -> None:
        answer = post('[{"id":"1","text":"Acme Air \\u0000 late"},{"id":"2","text":"Acme Air \\ud83d late"}]')
        assert words(answer) == ["rejected", "accepted"]
        assert len(stored()) == 1


class TestBrands:
    def test_the_address_may_name_the_brand_of_all(self, post: Post, stored) -> None:
        assert words(post([row(text="Great service.")], brand="acme")) == ["accepted"]
        assert stored()[0].brands == ("acme",)

    def test_a_field_may_name_the_brand_of_each_by_id_or_name(self, post: Post, stored) -> None:
        answer = post(
            [row("1", "Great.", brand="OTHER rail"), row("2", "Bad.", brand="acme"), row("3", "Acme Air: fine.", brand="")]
        )
        assert words(answer) == ["accepted"] * 3
        assert [one.brands for one in stored()] == [("other",), ("acme",), ("acme",)]

    def test_an_unknown_brand_is_rejected_with_those_there_are(self, post: Post) -> None:
        (verdict,) = post([row(brand="acne")]).json()["rows"]
        assert (verdict["verdict"], verdict["remedy"]) == ("rejected", "configured: acme, other")

    def test_what_the_brands_own_account_writes_is_its_voice(self, post: Post, stored, store_path: Path) -> None:
        post([row(author="Acme Help", text="Acme Air flies on time.")])
        with Store(store_path) as store:
            assert [one.voice for one in store.readings.unread("model", 9)] == ["brand"]


class TestParameters:
    def test_fields_of_other_names_are_mapped(self, post: Post, stored) -> None:
        body = [{"ticket": "T-7", "said": "Acme Air lost my bag", "at": "31/08/2026 10:00", "stars": 2}]
        asked = {"map": "id:ticket,text:said,published:at,rating:stars", "date_format": "%d/%m/%Y %H:%M", "timezone": "Europe/Riga"}
        assert words(post(body, **asked, best_rating="5", source="tickets", voice="press")) == ["accepted"]
        (mention,) = stored()
        assert (mention.source, mention.external_id, mention.voice, mention.rating) == ("tickets", "T-7", "press", 0.4)
        assert mention.published == datetime(2026, 8, 31, 7, tzinfo=UTC)

    def test_two_sources_may_use_the_same_id(self, post: Post, stored) -> None:
        post([row()], source="tickets")
        assert words(post([row(text="Acme Air: another text")], source="survey")) == ["accepted"]
        assert len(stored()) == 2

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"colour": "red"}, "no parameter 'colour'"),
            ({"voice": "loud"}, "customer, press, brand"),
            ({"timezone": "Mars"}, "Europe/Riga"),
            ({"map": "words:said"}, "KEY:FIELD"),
            ({"map": "text"}, "KEY:FIELD"),
            ({"best_rating": "nan"}, "best rating"),
            ({"source": " "}, "give a text"),
            ({"source": "reviews"}, "collected by this program"),
            ({"map": "text:nowhere"}, "nowhere"),
        ],
    )
    def test_a_wrong_one_refuses_the_request_and_says_what_to_give(
        self, asked: dict[str, str], said: str, post: Post, stored
    ) -> None:
        answer = post([row()], **asked)
        assert (answer.status_code, stored()) == (422, [])
        assert said in f"{answer.json()}"

    @pytest.mark.parametrize("body", [b"", b"[]", b"7", b"hello", b"[1, 2]", b"\xff\xfe", b"[" * 5000, b'[{"colour": "red"}]'])
    def test_a_body_without_rows_is_refused_with_a_remedy(self, body: bytes, post: Post) -> None:
        answer = post(body)
        assert answer.status_code == 422
        assert answer.json()["remedy"]


class TestTheDoor:
    @pytest.mark.parametrize(
        "given", ["", "Bearer", "Bearer wrong", f"Basic {SECRET}", f"Bearer {SECRET}x", f"Bearer {SECRET[:-1]}", "Bearer ü"]
    )
    def test_nobody_comes_in_without_the_token(self, given: str, post: Post, stored) -> None:
        answer = post([row()], {"Authorization": given.encode("latin-1")})
        assert (answer.status_code, answer.headers["WWW-Authenticate"], stored()) == (401, "Bearer", [])
        assert SECRET not in answer.text

    @pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "text/csv"])
    def test_other_types_are_refused(self, kind: str, post: Post) -> None:
        answer = post([row()], {"Content-Type": kind})
        assert (answer.status_code, "application/json" in answer.json()["remedy"]) == (415, True)

    def test_compressed_bodies_are_refused(self, post: Post) -> None:
        assert post([row()], {"Content-Encoding": "gzip"}).status_code == 415

    def test_too_large_a_body_is_refused_before_it_is_sent(self, post: Post) -> None:
        answer = post("x" * 20_001)
        assert (answer.status_code, "20,000 bytes" in answer.json()["remedy"]) == (413, True)

    def test_too_large_a_body_is_refused_where_its_length_was_not_said(self, address: str) -> None:
        head = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
        answer = requests.post(address, data=iter([b"x" * 9_000] * 3), headers=head, timeout=20)
        assert answer.status_code == 413

    def test_a_sender_of_far_too_much_still_hears_why(self, config: Config, store_path: Path) -> None:
        application = build(Inbox(config, store_path), SECRET, lambda: NOW, Bounds(size=20_000))
        head = f"Content-Length: {2**24}\r\nAuthorization: Bearer {SECRET}\r\nContent-Type: application/json"
        with serving(application, "127.0.0.1", 0, "inbound") as base:
            assert b" 413 " in _raw(base, head, b"x" * 2**24)

    def test_too_many_rows_are_refused(self, config: Config, store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("monitor.inbound.MOST_ROWS", 2)
        application = build(Inbox(config, store_path), SECRET, lambda: NOW)
        with serving(application, "127.0.0.1", 0, "inbound") as base:
            head = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
            answer = requests.post(f"{base}{PATH}", json=[row(id_) for id_ in range(3)], headers=head, timeout=20)
        assert (answer.status_code, answer.json()["remedy"]) == (413, "send at most 2 at a time")

    def test_a_body_that_drips_is_given_up(self, address: str) -> None:
        assert b" 408 " in _raw(
            address, f"Content-Length: 100\r\nAuthorization: Bearer {SECRET}\r\nContent-Type: application/json", b"["
        )

    def test_a_client_that_asks_too_often_waits_and_then_goes_on(self, post: Post, clock: list[datetime]) -> None:
        answers = [post([row()]) for _ in range(22)]
        assert [one.status_code for one in answers] == [200] * 20 + [429] * 2
        clock[0] += timedelta(seconds=int(answers[-1].headers["Retry-After"]))
        assert post([row()]).status_code == 200

    def test_guessing_tokens_is_limited_as_well(self, post: Post) -> None:
        answers = [post([row()], {"Authorization": "Bearer guess"}).status_code for _ in range(21)]
        assert answers[-1] == 429

    def test_other_methods_and_places_say_where_to_go(self, address: str) -> None:
        assert requests.get(address, timeout=20).status_code == 405
        answer = requests.post(address.replace(PATH, "/"), timeout=20)
        assert (answer.status_code, answer.json()["remedy"]) == (404, f"POST to {PATH}")

    def test_a_store_that_cannot_be_written_keeps_nothing_and_says_so(
        self, post: Post, stored, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise StoreError("store.db: the disk is full", remedy="free some space")

        with monkeypatch.context() as patch:
            patch.setattr(Mentions, "keep_each", full)
            answer = post([row()])
        assert (answer.status_code, answer.json()["remedy"]) == (503, "free some space")
        assert answer.headers["Retry-After"]
        assert words(post([row()])) == ["accepted"]

    def test_a_defect_says_nothing_of_the_inside(self, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object) -> None:
            raise ZeroDivisionError("secret detail")

        monkeypatch.setattr(Mentions, "keep_each", broken)
        answer = post([row()])
        assert (answer.status_code, "secret detail" in answer.text) == (500, False)

    def test_many_at_once_are_each_kept_once(self, address: str, stored) -> None:
        answers = []

        def send(worker: int) -> None:
            head = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
            answers.append(requests.post(address, json=[row("same"), row(f"{worker}")], headers=head, timeout=30).status_code)

        threads = [threading.Thread(target=send, args=(worker,)) for worker in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [200] * 8
        assert len(stored()) == 9


def _raw(address: str, head: str, body: bytes) -> bytes:
    host, port = address.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode() + body)
        return connection.recv(4096)


class TestAllowance:
    def test_it_fills_again_with_time_and_no_further_than_full(self) -> None:
        allowance = Allowance(2)
        assert [allowance.wait("a", NOW) > 0 for _ in range(3)] == [False, False, True]
        assert allowance.wait("b", NOW) == 0
        assert [allowance.wait("a", NOW + timedelta(hours=1)) > 0 for _ in range(3)] == [False, False, True]

    def test_a_clock_that_is_set_back_gives_nothing_and_breaks_nothing(self) -> None:
        allowance = Allowance(1)
        allowance.wait("a", NOW)
        assert allowance.wait("a", NOW - timedelta(days=1)) == 60

    def test_it_remembers_a_bounded_number_of_clients(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("monitor.inbound_server._MOST_CLIENTS", 3)
        allowance = Allowance(1)
        for client in range(10):
            allowance.wait(f"{client}", NOW)
        assert len(allowance._left) == 3


class TestToken:
    def test_it_comes_from_a_variable_or_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "token").write_text(f"{SECRET}\n", encoding="utf-8")
        assert read_token({TOKEN: SECRET}) == read_token({f"{TOKEN}_FILE": str(tmp_path / "token")}) == SECRET

    @pytest.mark.parametrize("environment", [{}, {TOKEN: "short"}, {f"{TOKEN}_FILE": "/nowhere/token"}])
    def test_without_a_good_one_nobody_is_served(self, environment: dict[str, str]) -> None:
        with pytest.raises(ConfigError) as raised:
            read_token(environment)
        assert raised.value.remedy


class TestRunning:
    def test_a_place_that_is_taken_is_said_with_a_remedy(self, config: Config, store_path: Path) -> None:
        application = build(Inbox(config, store_path), SECRET, lambda: NOW)
        with serving(application, "127.0.0.1", 0, "inbound") as address:
            port = int(address.split(":")[2].split("/")[0])
            with pytest.raises(MonitorError, match="cannot listen") as raised, serving(application, "127.0.0.1", port, "inbound"):
                pass
        assert "port" in raised.value.remedy

    def test_a_daemon_without_inbound_opens_no_door(self) -> None:
        with open_door(None, None):  # type: ignore[arg-type]
            assert "inbound" not in {thread.name for thread in threading.enumerate()}

    def test_the_command_refuses_to_start_without_a_token(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "promisewatch.toml").write_text(CONFIG, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv(TOKEN, raising=False)
        assert run(["inbound", "--port", "0"]) == 2
        assert f"set {TOKEN}" in capsys.readouterr().err

    @pytest.mark.parametrize("command", [["inbound"], ["run", "--log-format", "text"]])
    def test_command_and_daemon_take_posts_and_end_well_when_terminated(self, command: list[str], tmp_path: Path) -> None:
        text = CONFIG.split("[[source]]", maxsplit=1)[0] + "[inbound]\nport = 0\n"
        (tmp_path / "promisewatch.toml").write_text(text, encoding="utf-8")
        environment = {**os.environ, TOKEN: SECRET}
        started = [sys.executable, "-c", "from monitor.__main__ import main; main()", *command]
        with subprocess.Popen(started, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            address = next(line for line in process.stderr if "taking mentions at" in line).split()[-1]
            head = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
            assert words(requests.post(address, json=[row()], headers=head, timeout=60)) == ["accepted"]
            process.send_signal(signal.SIGTERM)
            assert "stopped" in process.stderr.read()
            assert process.wait(60) == 0
        with Store(tmp_path / "promisewatch.db") as store:
            assert len(list(store.mentions.each())) == 1
