"""`gap` from a table with columns of its own: segments, another window, competitors, and the docket of a promise."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.app import App
from monitor.cli import run
from tests.monitor.config_texts import BRAND, complaint
from tests.monitor.fake_reader import FakeReader

CONFIG = """\
[[brand]]
id = "acme"
name = "Acme Air"
segments = ["region"]
competitors = ["borealis"]

[[brand.promise]]
id = "time"
text = "We depart on time, every time."

[[brand]]
id = "borealis"
name = "Borealis"

[[brand.promise]]
id = "punctual"
text = "We depart on time, every time"
"""
FIRST = date(2026, 3, 2)
WINDOW = ["--brand", "acme", "--since", "2026-03-02", "--until", "2026-03-30"]


@pytest.fixture(autouse=True)
def place(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(App, "reader", lambda self, name=None: FakeReader())
    (here / "promisewatch.toml").write_text(CONFIG, encoding="utf-8")
    with (here / "posts.csv").open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file)
        write.writerow(["id", "airline", "text", "created", "name", "region"])
        for number in range(112):
            day, north = FIRST + timedelta(days=number // 4), number % 2
            # Until the 15th all depart in time; since then only those in the north.
            mood = "good" if number < 56 or north else "bad"
            row = [
                number,
                "acme",
                f"acme {mood} time number {number}",
                f"{day} 10:00:00",
                f"a{number}",
                "north" if north else "south",
            ]
            write.writerow(row)
            write.writerow(
                [f"b{number}", "borealis", f"borealis good punctual number {number}", f"{day} 11:00:00", f"b{number}", ""]
            )
    assert (
        run(
            [
                "import",
                "posts.csv",
                "--map",
                "text=text,published=created,author=name,id=id",
                "--brand-column",
                "airline",
                "--keep",
                "region",
            ]
        )
        == 0
    )
    assert run(["read"]) == 0
    return here


@pytest.fixture
def gap(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    def asked(*arguments: str) -> dict[str, Any]:
        capsys.readouterr()
        assert run(["gap", *WINDOW, "--format", "json", *arguments]) == 0
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return document

    return asked


def test_it_says_what_moved_from_the_earlier_half_to_the_later(gap: Callable[..., dict[str, Any]]) -> None:
    moved = gap()["findings"]["moved"]
    assert (moved["before"]["until"], moved["after"]["since"]) == ("2026-03-16", "2026-03-16")
    assert moved["delta"] < -50
    assert sum(term["points"] for term in moved["terms"]) == pytest.approx(moved["delta"], abs=0.01)
    (change,) = moved["promises"]
    assert (change["id"], change["before"] > 90, change["delta"] < -40) == ("time", True, True)
    assert "fell" in moved["sentence"]


def test_it_compares_with_the_window_that_is_named(gap: Callable[..., dict[str, Any]]) -> None:
    named = gap("--since", "2026-03-16", "--against", "2026-03-02..2026-03-09")["findings"]["moved"]
    assert (named["before"]["since"], named["before"]["until"], named["before"]["n"]) == ("2026-03-02", "2026-03-09", 28)
    assert named["after"]["since"] == "2026-03-16"
    previous = gap("--since", "2026-03-16", "--against", "previous")["findings"]["moved"]
    assert (previous["before"]["since"], previous["before"]["until"]) == ("2026-03-02", "2026-03-16")
    assert previous["delta"] < -30


def test_it_tells_by_the_columns_that_the_brand_is_configured_with(gap: Callable[..., dict[str, Any]]) -> None:
    by_source, by_region = gap()["findings"]["segments"]
    assert (by_source["by"], by_region["by"]) == ("source", "region")
    figures = {one["value"]: one for one in by_region["segments"]}
    assert figures["north"]["net"]["value"] > 90
    assert figures["south"]["net"]["value"] < figures["north"]["net"]["value"]
    assert (figures["south"]["net"]["differs"], figures["south"]["delivery"]["differs"]) == (True, True)
    assert [one["by"] for one in gap("--segment", "language")["findings"]["segments"]] == ["language"]


def test_it_sets_the_brand_beside_its_competitors(gap: Callable[..., dict[str, Any]]) -> None:
    own, rival = gap()["findings"]["competitors"]
    assert (own["brand"], own["share"], rival["brand"]) == ("acme", 0.5, "borealis")
    (promise,) = rival["promises"]
    assert promise["id"] == "time"
    assert promise["delta"] < 0


def test_the_docket_holds_every_voice_of_a_promise(gap: Callable[..., dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    docket = gap("--docket", "time")
    assert (docket["promise"]["id"], docket["promise"]["n"], len(docket["evidence"])) == ("time", 112, 112)
    assert {one["stance"] for one in docket["evidence"]} == {"kept", "broken"}
    assert docket["evidence"][0]["published"] > docket["evidence"][-1]["published"]
    assert run(["gap", *WINDOW, "--docket", "time", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert sum(row["stance"] == "broken" for row in rows) == 28
    assert run(["gap", *WINDOW, "--docket", "time", "-o", "docket.html"]) == 0
    page = Path("docket.html").read_text(encoding="utf-8")
    assert page.count("<blockquote") == 112


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--segment", "shop"], 'segments = ["shop"]'),
        (["--against", "yesterday"], "write previous, or two days as"),
        (["--against", "2026-03-02..2026-03-01"], "must lie before"),
        (["--against", "2026-03-02..soon"], "'soon' is no day"),
        (["--docket", "food"], "known: time"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_remedy(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gap", "--brand", "acme", *arguments]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_competitors_are_other_brands_that_are_configured() -> None:
    assert "no competitor of itself" in complaint(BRAND + 'competitors = ["acme"]\n')
    assert "brand 'zephyr' is not configured" in complaint(BRAND + 'competitors = ["zephyr"]\n')
