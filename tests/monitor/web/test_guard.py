"""Who gets in, who may change what, and what is refused before any page sees it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.app import App
from monitor.cli import run
from monitor.doors import dashboard
from monitor.errors import MonitorError
from monitor.storage.people import Person
from monitor.web.application import build
from monitor.web.guard import GUESSES_OF_AN_ADDRESS
from monitor.web.passwords import hash_password, is_password
from tests.monitor.web.client import Client
from tests.monitor.web.conftest import Clock

PASSWORD = "correct horse"


@pytest.fixture
def guarded(app: App, clock: Clock) -> Iterator[Client]:
    """A dashboard with three people."""
    with app.open_store() as store:
        for name in ("reader", "editor", "admin"):
            store.people.add(Person(name, name, hash_password(PASSWORD, b"0" * 16)), clock())
    with dashboard(app, "127.0.0.1", 0) as address:
        found = Client(address)
        yield found
        found.pool.clear()


def sign_in(client: Client, name: str, password: str = PASSWORD, **fields: str) -> int:
    client.get("/sign-in")
    return client.post("/sign-in", name=name, password=password, **fields).status


def test_on_this_machine_nobody_needs_an_account_until_there_is_one(client: Client) -> None:
    assert client.get("/settings").status == 200


def test_others_are_not_served_while_nobody_has_an_account(app: App) -> None:
    with pytest.raises(MonitorError, match="nobody has an account") as caught:
        build(app, "0.0.0.0")
    assert "users add" in caught.value.remedy


def test_who_is_not_signed_in_is_sent_there_and_back(guarded: Client) -> None:
    asked = guarded.get("/?brand=acme")
    assert asked.status == 303
    assert asked.headers["Location"] == "/sign-in?back=%2F%3Fbrand%3Dacme"
    assert sign_in(guarded, "reader", back="/?brand=acme") == 303
    assert guarded.get("/").status == 200


@pytest.mark.parametrize(("name", "password"), [("reader", "wrong"), ("nobody", PASSWORD), ("", ""), ("reader", PASSWORD + " ")])
def test_a_wrong_name_or_password_gets_the_same_answer(name: str, password: str, guarded: Client) -> None:
    guarded.get("/sign-in")
    answer = guarded.post("/sign-in", name=name, password=password)
    assert answer.status == 403
    assert "Name or password is wrong" in answer.words
    assert guarded.get("/").status == 303


def test_who_guesses_elsewhere_locks_nobody_out(guarded: Client) -> None:
    guarded.get("/sign-in")
    for guess in range(8):
        answer = guarded.post("/sign-in", name="admin", password=str(guess), headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status == 429
    assert guarded.post("/sign-in", name="admin", password=PASSWORD, headers={"X-Forwarded-For": "198.51.100.7"}).status == 303


def test_many_names_from_one_network_are_slowed_down_too(guarded: Client) -> None:
    guarded.get("/sign-in")
    answers = [
        guarded.post("/sign-in", name=f"n{at}", password="x", headers={"X-Forwarded-For": f"2001:db8::{at}"}).status
        for at in range(GUESSES_OF_AN_ADDRESS + 1)
    ]
    assert set(answers[:-1]) == {403}
    assert answers[-1] == 429


def test_guessing_is_slowed_down(guarded: Client, clock: Clock) -> None:
    guarded.get("/sign-in")
    answers = [guarded.post("/sign-in", name="admin", password=str(guess)).status for guess in range(8)]
    assert answers[-1] == 429
    clock.now += timedelta(minutes=5)
    assert sign_in(guarded, "admin") == 303


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(back: str, guarded: Client) -> None:
    guarded.get("/sign-in")
    assert guarded.post("/sign-in", name="reader", password=PASSWORD, back=back).headers["Location"] == "/"


def test_a_reader_sees_no_settings(guarded: Client) -> None:
    sign_in(guarded, "reader")
    assert guarded.get("/settings").status == 403
    sign_in(guarded, "admin")
    assert guarded.get("/settings").status == 200


def test_a_session_ends_when_it_is_closed_when_it_is_old_and_when_the_person_is_removed(
    guarded: Client, app: App, clock: Clock
) -> None:
    sign_in(guarded, "reader")
    guarded.get("/")
    shown = guarded.cookie
    assert guarded.post("/sign-out").status == 303
    guarded.cookie = shown
    assert guarded.get("/").status == 303
    sign_in(guarded, "reader")
    clock.now += timedelta(hours=13)
    assert guarded.get("/").status == 303
    sign_in(guarded, "reader")
    assert guarded.get("/").status == 200
    with app.open_store() as store:
        assert store.people.remove("reader")
    assert guarded.get("/").status == 303


def test_a_post_without_the_pages_own_token_or_from_elsewhere_is_refused(guarded: Client) -> None:
    sign_in(guarded, "admin")
    guarded.get("/")
    for forged in (
        {"csrf": ""},
        {"csrf": "0" * 64},
        {"headers": {"Origin": "https://evil.example"}},
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
    ):
        assert guarded.post("/sign-out", **forged).status == 403  # type: ignore[arg-type]
    assert guarded.get("/").status == 200


def test_a_brand_that_there_is_not_is_told(client: Client) -> None:
    for path in ("/?brand=nix", "/mentions?brand=nix", "/mentions.csv?brand=nix"):
        page = client.get(path)
        assert page.status == 404
        assert "There is no such brand" in page.words
        assert "Acme Air" in page.words
    assert client.get("/?brand=Acme%20Air").status == 200


def test_only_what_the_dashboard_itself_says_is_shown(client: Client) -> None:
    assert "Call us" not in client.get("/?said=Call+us+at+this+number").words
    assert "Call us" not in client.get(f"/?said=Call+us&seal={'0' * 16}").words
    client.get("/pillars")
    sent = client.post("/pillars", people="4", by="the <i>boss")
    assert "Saved: the <i>boss rated 1 pillar" in client.get(sent.headers["Location"]).words
    other = Client(client.address)
    assert "Saved" not in other.get(sent.headers["Location"]).words
    other.pool.clear()


def test_another_host_name_is_refused(client: Client) -> None:
    """A page of somebody else that makes its name lead to this machine must not read the dashboard."""
    assert client.get("/", Host="evil.example").status == 400


def test_pages_are_dressed_and_the_cookie_is_out_of_reach(guarded: Client) -> None:
    sign_in(guarded, "reader")
    answer = guarded.get("/")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"
    guarded.cookie = ""
    given = guarded.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in given
    assert "SameSite=strict" in given


def test_a_lost_page_a_wrong_body_and_too_much_are_answered_in_words(client: Client) -> None:
    assert client.get("/nowhere").status == 404
    client.get("/sign-in")
    assert client.post("/sign-in", headers={"Content-Type": "application/json"}).status == 415
    assert client.post("/sign-in", name="x" * (2**20 + 1)).status == 413


def test_a_proxy_may_name_the_person_and_nobody_else_may(app: App, clock: Clock) -> None:
    with app.open_store() as store:
        store.people.add(Person("anna", "reader", "never"), clock())
    for proxy, status in (("127.0.0.1", 200), ("10.0.0.1", 303)):
        text = f'[web]\nsign_in_header = "X-Forwarded-User"\ntrusted_proxies = ["{proxy}"]\n'
        path = app.config_path.with_name(f"{status}.toml")
        path.write_text(text + app.config_path.read_text(encoding="utf-8"), encoding="utf-8")
        with dashboard(replace(app, config_path=path), "127.0.0.1", 0) as address:
            client = Client(address)
            assert client.get("/", **{"X-Forwarded-User": "anna"}).status == status
            assert client.get("/", **{"X-Forwarded-User": "ben"}).status == 303
            # Proxies say for whom they ask; that makes them nobody else, and nobody else one of them.
            for asker in ("203.0.113.9", "10.0.0.1"):
                assert client.get("/", **{"X-Forwarded-User": "anna", "X-Forwarded-For": asker}).status == status
            client.pool.clear()


def test_whoever_comes_through_a_proxy_needs_an_account(client: Client) -> None:
    assert client.get("/settings").status == 200
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"):
        assert client.get("/settings", **{header: "203.0.113.9"}).status == 303


def test_a_name_for_others_is_not_served_while_nobody_has_an_account(app: App) -> None:
    text = app.config_path.read_text(encoding="utf-8")
    app.config_path.write_text('[web]\nnames = ["watch.example.org"]\n' + text, encoding="utf-8")
    with pytest.raises(MonitorError, match=r"watch\.example\.org can be reached by others"):
        build(app, "127.0.0.1")


def test_passwords_are_told_apart_and_a_damaged_hash_lets_nobody_in() -> None:
    stored = hash_password(PASSWORD, b"1" * 16)
    assert PASSWORD not in stored
    assert is_password(PASSWORD, stored)
    assert not is_password("correct horsf", stored)
    assert not is_password(PASSWORD, "scrypt$1$2")


def test_people_are_added_listed_and_removed(app: App, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import io
    import sys

    monkeypatch.chdir(app.config_path.parent)
    monkeypatch.delenv("PROMISEWATCH_CONFIG", raising=False)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a long password\nshort\n")))
    assert run(["users", "add", "anna", "--role", "editor", "--password-stdin"]) == 0
    assert run(["users", "add", "ben", "--password-stdin"]) == 1
    capsys.readouterr()
    assert run(["users", "list"]) == 0
    assert "anna  editor" in capsys.readouterr().out
    assert run(["users", "remove", "anna"]) == 0
    assert run(["users", "remove", "anna"]) == 1
