"""`promises discover`, `accept` and `dismiss`: from the brand's own voice into the configuration file."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.app import App
from monitor.cli import run
from monitor.config import load
from monitor.config_promises import insert_promise, promise_table
from monitor.pipeline import prepare, read
from monitor.store import Store
from sources.mention import Mention
from sources.source import Batch
from tests.monitor.fake_reader import FakeReader
from tests.monitor.store_builders import matched

CONFIG = """# Ours.
[store]
path = "acme.db"  # beside this file

[[brand]]
id = "acme"
name = "Acme Air"

# What we advertise
[[brand.promise]]
id = "on-time"
text = "We depart on time, every time."   # since spring

# --- the other one ---
[[brand]]
id = "beta"
name = "Beta Bank"
query = '''
[[brand]] is no header here'''

[[source]]
kind = "feed"
url = "https://acme.example/news.rss"
voice = "brand"
brands = ["acme"]
"""
NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
BAGS = "Your bags arrive with you, or we pay."


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "promisewatch.toml"
    path.write_text(CONFIG, encoding="utf-8")
    texts = [BAGS, BAGS, "We have a new route to Riga.", "The lowest fares in Europe."]
    with Store(tmp_path / "acme.db") as store:
        loaded = load(path)
        prepare(store, loaded)
        mentions = [
            Mention("news", str(number), text, NOW.replace(day=number + 1), voice="brand", url=f"https://acme.example/{number}")
            for number, text in enumerate(texts)
        ]
        store.mentions.keep("news", Batch(tuple(mentions)), matched("acme"), NOW)
        read(store, loaded, FakeReader())
    return path


@pytest.fixture
def said(config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    monkeypatch.setattr("monitor.cli.App", lambda path: App(path, lambda: NOW))

    def command(*words: str, fails: int = 0) -> str:
        assert run(["--config", str(config), "promises", *words]) == fails
        shown = capsys.readouterr()
        return shown.err if fails else shown.out

    return command


def discovered(said: Callable[..., str]) -> Sequence[dict[str, object]]:
    found: Sequence[dict[str, object]] = json.loads(said("discover", "--brand", "acme", "--format", "json"))
    return found


def test_it_proposes_claims_with_words_place_days_and_strength(said: Callable[..., str]) -> None:
    bags, fares = discovered(said)
    assert bags == {
        "number": 1,
        "text": BAGS,
        "strength": "guarantee",
        "first": "2026-06-01",
        "last": "2026-06-02",
        "sightings": 2,
        "source": "news",
        "url": "https://acme.example/1",
        "mention": 2,
    }
    assert (fares["number"], fares["strength"]) == (2, "comparative")


def test_accepting_writes_the_promise_beside_the_others_of_its_brand(said: Callable[..., str], config: Path) -> None:
    discovered(said)
    said("accept", "1", "--brand", "acme", "--pillar", "product and service")
    written = config.read_text(encoding="utf-8")
    table = """
[[brand.promise]]
id = "bags-arrive-pay"
text = "Your bags arrive with you, or we pay."
pillar = "product and service"
strength = "guarantee"
since = 2026-06-01
"""
    assert written == CONFIG.replace("# since spring\n", "# since spring\n" + table)
    assert [one.id for one in load(config).brand[0].promise] == ["on-time", "bags-arrive-pay"]


def test_what_was_accepted_is_proposed_no_more_and_not_entered_twice(said: Callable[..., str]) -> None:
    discovered(said)
    said("accept", "1", "--brand", "acme")
    assert [one["number"] for one in discovered(said)] == [2]
    assert "entered already" in said("accept", "1", "--brand", "acme", fails=1)


def test_a_dry_run_shows_and_writes_nothing(said: Callable[..., str], config: Path) -> None:
    discovered(said)
    assert 'id = "cheap"' in said("accept", "2", "--brand", "acme", "--id", "cheap", "--dry-run")
    assert config.read_text(encoding="utf-8") == CONFIG
    assert len(discovered(said)) == 2


def test_a_dismissed_claim_stays_away(said: Callable[..., str]) -> None:
    discovered(said)
    said("dismiss", "1", "--brand", "acme")
    assert [one["number"] for one in discovered(said)] == [2]


def test_an_unknown_number_is_an_error_that_says_what_to_type(said: Callable[..., str]) -> None:
    assert "promises discover" in said("accept", "9", "--brand", "acme", fails=1)


def test_an_id_that_is_taken_changes_nothing(said: Callable[..., str], config: Path) -> None:
    discovered(said)
    assert "more than once" in said("accept", "1", "--brand", "acme", "--id", "on-time", fails=2)
    assert config.read_text(encoding="utf-8") == CONFIG
    assert len(discovered(said)) == 2


def test_line_ends_and_rights_of_the_file_stay(said: Callable[..., str], config: Path) -> None:
    config.write_bytes(CONFIG.replace("\n", "\r\n").encode())
    config.chmod(0o640)
    discovered(said)
    said("accept", "1", "--brand", "acme")
    assert config.read_bytes().count(b"\n") == config.read_bytes().count(b"\r\n") == CONFIG.count("\n") + 6
    assert config.stat().st_mode & 0o777 == 0o640


class TestInserting:
    table = promise_table({"id": "x", "text": "We do."})

    def test_a_brand_at_the_end_of_the_file_gets_it_there(self) -> None:
        assert insert_promise('[[brand]]\nid = "a"\nname = "A"', 0, self.table).endswith('name = "A"\n\n' + self.table)

    def test_a_comment_above_the_next_table_stays_with_it(self) -> None:
        text = '[[brand]]\nid = "a"\n# of a\n\n# of b\n[[brand]]\nid = "b"\n'
        inserted = insert_promise(text, 0, self.table)
        assert inserted == '[[brand]]\nid = "a"\n# of a\n\n' + self.table + '\n# of b\n[[brand]]\nid = "b"\n'

    def test_the_second_brand_gets_its_own(self) -> None:
        assert insert_promise(CONFIG, 1, self.table).index('id = "x"') > CONFIG.index("Beta Bank")
