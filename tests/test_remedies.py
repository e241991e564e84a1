"""Whatever goes wrong at the command line, the message says what to do about it."""

import shlex
from pathlib import Path

import pytest

from monitor.cli import run

CONFIG = """
[network]
allow_private_addresses = true
[[brand]]
id = "acme"
name = "Acme"
[[brand.promise]]
id = "on-time"
text = "We depart on time."
"""
FILES = {
    "promisewatch.toml": CONFIG,
    "unknown.toml": '[[brand]]\nid = "a"\nnmae = "A"\n',
    "broken.toml": "[[brand\n",
    "brandless.toml": '[store]\npath = "x.db"\n',
    "damaged.toml": CONFIG + '[store]\npath = "other.db"\n',
    "other.db": "no database" * 100,
    "notes.csv": "a,b\n1,2\n",
    "empty.csv": "",
    "binary.csv": "\0" * 100,
}
WRONG = {
    "gpa": "Did you mean 'gap'",
    "gap --brand nobody": "known: acme",
    "gap --since 2026-13-01": "write it as 2026-03-31",
    "gap --since 2026-05-01 --until 2026-04-01": "must lie before",
    "gap --docket nothing": "known: on-time",
    "gap --segment region": 'write segments = ["region"]',
    "gap --against yesterday": "write previous, or two days",
    "gap -o /proc/nowhere/gap.html": "choose another place with -o",
    "gap --format pdf": "-o report.pdf",
    "--config nowhere.toml gap": "`promisewatch init` writes one",
    "--config unknown.toml gap": "did you mean 'name'",
    "--config broken.toml gap": "texts stand in quotation marks",
    "--config brandless.toml gap": "add [[brand]]",
    "--config damaged.toml gap": "check [store] path",
    "import nowhere.csv": "check the path",
    "import notes.csv": "--map text=COLUMN",
    "import empty.csv": "give a CSV or JSONL file",
    "import binary.csv": "give a CSV or JSONL file",
    "import notes.csv --map text=c": "the columns are a, b",
    "digest --send": "write under [digest]",
    "outbox retry 9": "`promisewatch outbox list`",
    "alerts show 9": "promisewatch alerts list",
    "cases show 9": "promisewatch cases list",
    "causes cover 9 --what mended": "promisewatch causes",
    "audit import notes.csv": "promisewatch audit draw",
    "audit draw": "promisewatch read",
    "correct --label negative": "give the numbers of mentions, or --query",
    "correct undo 9": "promisewatch correct list",
    "assess forget --by nobody": "promisewatch assess list",
    "assess rate --set peple=3": "the ten are",
    "promises accept 9": "promisewatch promises discover",
    "query check '(a OR'": "a parenthesis is not closed",
    "query check titel:acme": "did you mean title:",
    "sources pause nowhere": "promisewatch sources list",
    "sources test http://127.0.0.1:9/feed": "try again in some minutes",
    "sources add --kind fed": "known: app_store",
    "delete --source nowhere": "acme-reviews",
    "purge --older-than soon": 'such as "400 days"',
    "users token nobody": "promisewatch users add",
    "restore other.db --yes": "no promisewatch store",
    "serve --host 0.0.0.0": "promisewatch users add",
    "init": "--force",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wrong")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    table = folder / "reviews.csv"
    table.write_text("id,text,published\n1,Late.,2026-11-02\n", encoding="utf-8")
    config = str(folder / "promisewatch.toml")
    assert run(["--config", config, "import", str(table), "--source", "acme-reviews", "--brand", "acme"]) == 0
    return folder


@pytest.mark.parametrize(("command", "remedy"), WRONG.items())
def test_an_error_says_what_to_do(
    command: str, remedy: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    monkeypatch.delenv("PROMISEWATCH_CONFIG", raising=False)
    assert run(shlex.split(command)) in {1, 2}
    told = capsys.readouterr().err
    assert remedy in told
    assert "Traceback" not in told
