"""The JSON API: what it answers, how it goes on, whom it lets in; held against its own OpenAPI."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import requests
from hypothesis import HealthCheck, given, settings

from monitor.app import App
from monitor.cli import run
from monitor.doors import dashboard
from monitor.pipeline import prepare
from monitor.storage.people import Person
from monitor.web.api import RESOURCES, ROOT, openapi
from monitor.web.passwords import hash_password
from sources.source import Batch
from tests.monitor.store_builders import BAD, GOOD, keep, mention, read, reading, said
from tests.monitor.web.client import Client
from tests.monitor.web.conftest import CONFIG, NOW, Clock

FEED = """
[[source]]
kind = "feed"
id = "feed"
url = "https://example.org/reviews.rss"
"""
HOSTILE = '</script><script>alert("1")</script> \u202e & refund'


@pytest.fixture
def filled(app: App) -> Iterator[Client]:
    """A dashboard over some mentions that were read, and a source that was heard."""
    app.config_path.write_text(app.config_path.read_text(encoding="utf-8") + FEED, encoding="utf-8")
    found = replace(app)
    with found.open_store() as store:
        prepare(store, found.config)
        keep(store, *(mention(str(at)) for at in range(5)), mention("9", HOSTILE, published=NOW - timedelta(days=1)))
        read(store, lambda task: reading(BAD, said("on-time", "broken")) if "refund" in task.text else reading(GOOD))
        store.mentions.keep("feed", Batch(()), lambda _mention: [], NOW - timedelta(hours=5), timedelta(hours=1))
        (angry,) = (one.id for one in store.mentions.each() if "refund" in one.text)
    with dashboard(found, "127.0.0.1", 0) as address:
        client = Client(address)
        client.csrf = str(angry)
        yield client
        client.pool.clear()


def ask(client: Client, path: str, status: int = 200, token: str = "") -> Any:
    answer = client.get(ROOT + path, **({"Authorization": f"Bearer {token}"} if token else {}))
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    return json.loads(answer.text)


def paged(client: Client, path: str) -> list[Any]:
    """All items of a list, two at a time."""
    items: list[Any] = []
    after: str | None = ""
    while after is not None:
        page = ask(client, f"{path}?limit=2" + (f"&after={after}" if after else ""))
        assert len(page["items"]) <= 2
        items += page["items"]
        after = page["after"]
    return items


def test_every_answer_has_the_shape_that_is_promised(filled: Client) -> None:
    document = ask(filled, "/openapi.json")
    assert document == json.loads(json.dumps(openapi()))
    for resource in RESOURCES:
        (number, *_) = [one["id"] for one in ask(filled, "/mentions")["items"]]
        shape = {**resource.shape, "components": document["components"]}
        jsonschema_rs.validator_for(shape, validate_formats=True).validate(
            ask(filled, resource.path.replace("{number}", str(number)))
        )


def test_the_page_about_it_has_every_address_and_each_example_is_answered(filled: Client) -> None:
    page = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
    rows = re.findall(r'^\| `([\w./]+)` \|.*\| `"\$API(/[^"]*)"` \|$', page, re.MULTILINE)
    known = [one.path.replace("{number}", "NUMBER") for one in RESOURCES]
    assert [f"/{address}" for address, _ in rows] == [*known, "/openapi.json"]
    (number, *_) = [one["id"] for one in ask(filled, "/mentions")["items"]]
    for address, example in rows:
        assert example.startswith(f"/{address.removesuffix('NUMBER')}")
        ask(filled, example.replace("/42", f"/{number}"))


def test_it_keeps_to_its_own_description_whatever_is_asked(filled: Client) -> None:
    import schemathesis
    from schemathesis.checks import CHECKS

    session = requests.Session()
    session.trust_env = False
    schema = schemathesis.openapi.from_dict(openapi())
    schema.config.update(base_url=filled.address)
    # Days that cannot be a window together are refused, which no schema can say.
    excluded = CHECKS.get_by_names(["positive_data_acceptance", "ignored_auth"])
    for resource in RESOURCES:

        @given(case=schema[ROOT + resource.path]["GET"].as_strategy())
        @settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def check(case: Any) -> None:
            case.call_and_validate(session=session, excluded_checks=excluded)

        check()
    session.close()


def test_lists_go_on_where_they_ended_and_miss_nothing(filled: Client) -> None:
    whole = ask(filled, "/mentions")["items"]
    assert len(whole) == 6
    assert paged(filled, "/mentions") == whole
    assert [one["source"] for one in paged(filled, "/coverage")] == ["feed"]


def test_mentions_are_filtered_as_the_page_filters_them(filled: Client) -> None:
    (one,) = ask(filled, "/mentions?q=refund&label=negative&promise=on-time&stance=broken")["items"]
    assert one["text"] == HOSTILE
    assert ask(filled, "/mentions?q=refund&label=positive")["items"] == []
    assert ask(filled, "/mentions?cause=7")["items"] == []
    (passage,) = ask(filled, f"/mentions/{one['id']}")["passages"]
    assert [(each["id"], each["stance"]) for each in passage["promises"]] == [("on-time", "broken")]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/mentions?q=%28refund", 400, "q is no query"),
        ("/mentions?labell=negative", 400, "'labell'"),
        ("/mentions?label=sad", 400, "label=sad"),
        ("/mentions?limit=0", 400, "limit=0"),
        ("/mentions?limit=501", 400, "limit"),
        ("/mentions?since=2026-02-30", 400, "since"),
        ("/mentions?since=2026-02-02&until=2026-02-02", 400, "window"),
        ("/mentions?cause=rain", 400, "cause"),
        ("/mentions?after=x", 400, "after"),
        ("/mentions?after=5", 400, "after"),
        ("/mentions/999", 404, "no mention 999"),
        ("/mentions/99999999999999999999", 404, "no"),
        ("/gap?since=2026-03-01&until=2026-02-01", 400, "window"),
        ("/gap?brand=nobody", 404, "no brand"),
        ("/coverage?since=2020-01-01", 400, "window"),
        ("/nothing", 404, "no such page"),
    ],
)
def test_what_cannot_be_is_told_with_a_remedy(path: str, status: int, words: str, filled: Client) -> None:
    told = ask(filled, path, status)
    assert words in told["error"]
    assert told["remedy"]


def test_nothing_can_be_posted_here(filled: Client) -> None:
    answer = filled.post(f"{ROOT}/mentions")
    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]
    assert json.loads(answer.text)["error"]


def test_where_there_are_two_brands_one_must_be_named(app: App) -> None:
    app.config_path.write_text(CONFIG + '[[brand]]\nid = "beta"\nname = "Beta Bank"\n', encoding="utf-8")
    with dashboard(replace(app), "127.0.0.1", 0) as address:
        client = Client(address)
        assert "acme, beta" in ask(client, "/gap", 400)["remedy"]
        assert ask(client, "/gap?brand=Beta+Bank")["brand"] == "beta"
        assert ask(client, "/cases")["items"] == ask(client, "/alerts")["items"] == []
        client.pool.clear()


def test_coverage_tells_hours_and_reports_are_those_of_the_commands(filled: Client) -> None:
    (ledger,) = ask(filled, "/coverage")["items"]
    assert ledger["hours"] == {"ok": 5, "partial": 0, "blind": 0, "paused": 0}
    assert [(one["since"], one["heard"]) for one in ledger["stretches"]] == [("2026-06-20T04:00:00Z", "ok")]
    assert ask(filled, "/gap?every=day")["every"] == "day"
    assert ask(filled, "/digest?edition=weekly&day=2026-06-21")["edition"] == "weekly"


class TestTokens:
    @pytest.fixture
    def token(self, app: App, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
        """A token of somebody who may edit."""
        monkeypatch.chdir(app.config_path.parent)
        monkeypatch.delenv("PROMISEWATCH_CONFIG", raising=False)
        with app.open_store() as store:
            store.people.add(Person("warehouse", "editor", hash_password("a long password", b"0" * 16)), clock())
        assert run(["users", "token", "warehouse"]) == 0
        return capsys.readouterr().out.strip()

    def test_a_program_gets_in_with_its_token_and_nobody_without(self, token: str, filled: Client) -> None:
        assert ask(filled, "/brands", token=token)["items"]
        assert "sign in" in ask(filled, "/brands", 401)["error"]
        wrong = filled.get(f"{ROOT}/brands", Authorization=f"Bearer {token}x")
        assert (wrong.status, wrong.headers["WWW-Authenticate"]) == (401, "Bearer")

    def test_it_may_do_what_its_person_may_and_needs_no_forms_token(self, token: str, filled: Client) -> None:
        show = {"Authorization": f"bearer {token}"}  # in small letters, as some programs write it
        assert filled.post(f"/mentions/{filled.csrf}", csrf="", headers=show, label="neutral").status == 303
        assert ask(filled, f"/mentions/{filled.csrf}", token=token)["label"] == "neutral"
        assert filled.get("/settings", **show).status == 403
        assert filled.cookie == ""

    def test_a_new_token_ends_the_earlier_one_and_revoking_ends_all(
        self, token: str, filled: Client, app: App, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["users", "list"]) == 0
        assert "warehouse  editor  yes" in capsys.readouterr().out
        assert run(["users", "token", "warehouse"]) == 0
        newer = capsys.readouterr().out.strip()
        assert filled.get(f"{ROOT}/brands", Authorization=f"Bearer {token}").status == 401
        assert filled.get(f"{ROOT}/brands", Authorization=f"Bearer {newer}").status == 200
        assert run(["users", "token", "warehouse", "--revoke"]) == 0
        assert filled.get(f"{ROOT}/brands", Authorization=f"Bearer {newer}").status == 401
        assert run(["users", "token", "warehouse", "--revoke"]) == 1
        assert run(["users", "token", "nobody"]) == 1

    def test_a_new_password_ends_it(self, token: str, filled: Client, app: App, clock: Clock) -> None:
        with app.open_store() as store:
            store.people.add(Person("warehouse", "editor", hash_password("another password", b"1" * 16)), clock())
        assert filled.get(f"{ROOT}/brands", Authorization=f"Bearer {token}").status == 401

    def test_only_its_hash_is_stored(self, token: str, app: App) -> None:
        assert token.encode() not in app.store_path.read_bytes()
