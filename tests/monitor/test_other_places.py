"""Hacker News, Mastodon, the App Store and folders from their configuration to the store."""

import json
import os
import re
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import run as run_process

import pytest

from monitor.cli import run
from monitor.collecting import collect
from monitor.config import load, parse
from monitor.errors import ConfigError
from monitor.pipeline import prepare
from monitor.store import Store
from sources.http import Gateway

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
BRAND = '[[brand]]\nid = "acme"\nname = "Acme Air"\n'
KINDS = ("hacker_news", "mastodon", "app_store", "folder")


@pytest.mark.parametrize("kind", KINDS)
def test_its_documented_configuration_is_valid_and_has_an_address_to_show(kind: str) -> None:
    (block,) = (one for one in re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL) if f'kind = "{kind}"' in one)
    (source,) = parse(BRAND + block).source
    assert source.kind == kind
    assert source.address
    assert "PROMISEWATCH" not in source.source_id


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('kind = "hacker_news"', "search"),
        ('kind = "hacker_news"\nsearch = []', "search"),
        ('kind = "mastodon"\ninstance = "mastodon.example"', "https://"),
        ('kind = "mastodon"\ninstance = "https://m.example"\ntoken = "the token itself"', "environment variable"),
        ('kind = "app_store"\napp = "acme"', "number"),
        ('kind = "app_store"\napp = "284882215"\ncountries = ["USA"]', "two small letters"),
        ('kind = "app_store"\napp = "284882215"\nbrand = "acne"', "'acne' is not configured"),
        ('kind = "folder"\npath = "/srv/x"\nmap = "text=Comment"', "give a table"),
        ('kind = "folder"\npath = "/srv/x"\ntimezone = "Mars"', "Europe/Riga"),
    ],
)
def test_a_wrong_option_says_what_to_give(lines: str, said: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        parse(f"{BRAND}[[source]]\n{lines}\n")


def test_reading_a_configuration_of_these_kinds_loads_no_network_and_no_parser() -> None:
    code = f"""
import sys
from monitor.config import load, parse
from sources.kinds import find_kind
for kind in {KINDS}:
    find_kind(kind)
print(json.dumps(sorted(sys.modules)))
"""
    done = run_process([sys.executable, "-c", f"import json{code}"], capture_output=True, text=True, check=True)
    assert not {"urllib3", "requests", "feedparser", "dateutil", "starlette", "uvicorn"} & set(json.loads(done.stdout))


def test_a_folder_is_collected_about_its_brand_and_put_away(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = here / "survey"
    folder.mkdir()
    (folder / "may.csv").write_text("id,text,date\n1,So friendly!,2026-05-01\n2,,2026-05-01\n", encoding="utf-8")
    os.utime(folder / "may.csv", (time.time() - 600,) * 2)
    text = f'{BRAND}[[source]]\nkind = "folder"\nid = "survey"\npath = "{folder}"\nbrand = "acme"\n'
    (here / "promisewatch.toml").write_text(text, encoding="utf-8")
    assert run(["collect", "--all"]) == 0
    assert "the text is empty" in capsys.readouterr().err
    assert run(["collect", "--all"]) == 0
    capsys.readouterr()
    assert run(["export", "mentions"]) == 0
    (mention,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (mention["source"], mention["id"] > 0, mention["external_id"], mention["brands"]) == ("survey", True, "1", ["acme"])
    assert {path.name for path in folder.rglob("*.*")} == {"may.csv", "may.csv.rejects.jsonl"}
    assert (folder / "done" / "may.csv").exists()


def test_a_folder_starts_where_the_configuration_lies_and_is_taken_up_soon_after_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "promisewatch.toml").write_text(f'{BRAND}[[source]]\nkind = "folder"\npath = "survey"\n', encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    now = datetime.now(UTC)
    config = load(Path("../promisewatch.toml"))
    with Store(tmp_path / "store.db") as store:
        prepare(store, config)

        def round_at(minutes: int) -> list[tuple[str, str]]:
            clock = now + timedelta(minutes=minutes)
            return [(one.source, one.heard) for one in collect(store, config, Gateway("t"), lambda: clock, chance=lambda: 0.0)]

        assert [round_at(minute) for minute in range(7)] == [[("folder survey", "blind")]] * 7
        (tmp_path / "survey").mkdir()
        assert round_at(7) == [("folder survey", "ok")]
