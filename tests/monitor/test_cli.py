"""The command line: data on standard output, everything else on standard error, exit status 0, 1 or 2."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from monitor.app import App
from monitor.cli import COMMANDS, run
from monitor.storage.mentions import Mentions
from tests.monitor.fake_reader import FakeReader

CONFIG = """\
[[brand]]
id = "acme"
name = "Acme Air"
query = "acme"

[[brand.promise]]
id = "time"
text = "We depart on time, every time."

[[brand]]
id = "borealis"
name = "Borealis"
"""
ROWS = [
    ["1", "Acme Air", "acme good time", "2026-03-01 10:00:00", "ann"],
    ["2", "acme", "acme bad time", "2026-03-02 10:00:00", "bob"],
    ["3", "Borealis", "all good with borealis", "2026-03-02 11:00:00", "cid"],
    ["4", "Cirrus", "cirrus who", "2026-03-02 12:00:00", "dee"],
    ["5", "acme", "", "2026-03-02 12:00:00", "eve"],
    ["6", "acme", "acme plain", "yesterday-ish", "fay"],
]


@pytest.fixture(autouse=True)
def place(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(App, "reader", lambda self, name=None: FakeReader())
    (here / "promisewatch.toml").write_text(CONFIG, encoding="utf-8")
    with (here / "posts.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "airline", "text", "created", "name"], *ROWS])
    return here


IMPORT = ["import", "posts.csv", "--map", "text=text,published=created,author=name,id=id", "--brand-column", "airline"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert "Usage:" in capsys.readouterr().out


def test_init_writes_a_configuration_once(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "promisewatch.toml").unlink()
    assert run(["init"]) == 0
    assert run(["sources", "list"]) == 0
    assert run(["init"]) == 1
    assert "--force" in capsys.readouterr().err


def test_a_table_is_imported_by_its_brand_column_and_bad_rows_are_explained(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*IMPORT, "--format", "json"]) == 1
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert (document["new"], document["rejected"]) == (3, 3)
    rejected = [json.loads(line) for line in (place / "posts.csv.rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["row"] for one in rejected] == [5, 6, 7]
    assert "Cirrus" in rejected[0]["reason"]
    assert "[[brand]]" in printed.err


def test_importing_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    run(IMPORT)
    capsys.readouterr()
    assert run([*IMPORT, "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["new"], document["unchanged"]) == (0, 3)


def test_a_dry_run_changes_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*IMPORT, "--dry-run"]) == 1
    assert "would import 3" in capsys.readouterr().err
    assert not list(place.glob("*.rejects*"))
    assert not (place / "promisewatch.db").exists()


def test_an_import_that_is_stopped_leaves_no_half_of_its_rejects(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_: Mentions, rows: Iterable[object], *__: object, **___: object) -> None:
        assert list(rows)
        raise KeyboardInterrupt

    monkeypatch.setattr(Mentions, "import_rows", stopped)
    assert run(IMPORT) == 1
    assert not list(place.glob("*.rejects*"))


def test_a_clean_import_removes_the_rejects_it_had_named_and_nothing_else(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "keep.txt").write_text("mine", encoding="utf-8")
    run(IMPORT)
    assert (place / "posts.csv.rejects.jsonl").exists()
    (place / "posts.csv").write_text("text,published\nacme was good,2026-03-01\n", encoding="utf-8")
    assert run(["import", "posts.csv", "--rejects", "keep.txt"]) == 0
    assert (place / "keep.txt").read_text(encoding="utf-8") == "mine"
    assert run(["import", "posts.csv"]) == 0
    assert not (place / "posts.csv.rejects.jsonl").exists()
    assert run(["import", "posts.csv", "--rejects", "posts.csv"]) == 2
    assert (place / "posts.csv").exists()


def test_without_a_brand_the_queries_decide(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "posts.csv", "--map", "text=text,published=created,id=id", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["unmatched"] == 1


def test_what_matches_no_brand_is_counted_with_a_way_out(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "others.csv").write_text("text,published\nsomething else,2026-03-01\nand more,2026-03-01\n", encoding="utf-8")
    assert run(["import", "others.csv"]) == 0
    said = capsys.readouterr().err
    assert "imported 0 mentions" in said
    assert "2 left out" in said
    assert "--brand ID" in said


def test_a_folder_is_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "."]) == 2
    assert "is a directory" in capsys.readouterr().err


def test_a_row_from_the_future_is_rejected(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "soon.csv").write_text("text,published\nacme now,2026-03-01\nacme then,2099-03-01\n", encoding="utf-8")
    assert run(["import", "soon.csv", "--brand", "acme", "--format", "json"]) == 1
    printed = capsys.readouterr()
    assert (json.loads(printed.out)["new"], json.loads(printed.out)["rejected"]) == (1, 1)
    assert "1 rejected: the date lies in the future" in printed.err


def test_an_empty_time_is_said_with_options_that_the_command_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gap", "--brand", "acme", "--format", "json"]) == 0
    assert "nothing of Acme Air is stored yet" in capsys.readouterr().err
    run(IMPORT)
    capsys.readouterr()
    assert run(["gap", "--brand", "acme", "--since", "2020-01-01", "--until", "2020-02-01"]) == 0
    assert "the newest is of 2026-03-02; choose another time with --since and --until" in capsys.readouterr().err
    assert run(["digest", "--brand", "acme", "--day", "1900-01-05"]) == 0
    printed = capsys.readouterr()
    assert "quiet day" not in printed.out
    assert "choose another time with --day" in printed.err


def test_a_search_for_what_there_is_not_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    run(IMPORT)
    capsys.readouterr()
    assert run(["mentions", "search", "--brand", "acme", "--promise", "tiem"]) == 2
    assert "known: time" in capsys.readouterr().err
    assert run(["mentions", "search", "--source", "post"]) == 2
    assert "known: posts" in capsys.readouterr().err
    assert run(["mentions", "search", "--brand", "acme", "--source", "posts", "--format", "jsonl"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_from_a_table_to_the_gap_report(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(IMPORT)
    assert run(["read"]) == 0
    capsys.readouterr()
    assert run(["gap", "--brand", "Acme Air", "--since", "2026-03-01", "--until", "2026-03-03", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["brand"] == "acme"
    assert document["window"] == {"since": "2026-03-01", "until": "2026-03-03"}
    (promise,) = document["promises"]
    assert (promise["id"], promise["n"], promise["kept"], promise["broken"]) == ("time", 2, 1, 1)
    assert promise["verdict"] == "insufficient evidence"
    assert promise["delivery"] is None
    assert run(["gap", "--brand", "acme", "--since", "2026-03-01", "--until", "2026-03-03", "-o", "out/gap.html"]) == 0
    assert (place / "out" / "gap.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_old_imports_are_reported_where_they_lie(capsys: pytest.CaptureFixture[str]) -> None:
    run(IMPORT)
    run(["read"])
    capsys.readouterr()
    assert run(["gap", "--brand", "borealis", "--format", "json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["coverage"]["mentions"] == 1


def test_the_digest_tells_of_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    run(IMPORT)
    run(["read"])
    capsys.readouterr()
    assert run(["digest", "--brand", "acme", "--day", "2026-03-02", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["day"] == "2026-03-02"


@pytest.mark.parametrize("target", ["promisewatch.db", "promisewatch.toml", "promisewatch.db-wal"])
def test_nothing_is_written_over_the_store_or_the_configuration(target: str, place: Path) -> None:
    run(IMPORT)
    before = (place / "promisewatch.db").read_bytes()[:100]
    assert run(["gap", "--brand", "acme", "--format", "html", "-o", target]) == 1
    assert run(["backup", target]) == 1
    assert (place / "promisewatch.db").read_bytes()[:100] == before
    assert (place / "promisewatch.toml").read_text(encoding="utf-8") == CONFIG


def test_a_date_at_the_end_of_time_costs_its_row_and_nothing_else(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "odd.csv").write_text(
        "text,published\nacme a,0001-01-01T00:30:00Z\nacme b,2026-03-01\nacme c,9999-12-31\n", encoding="utf-8"
    )
    assert run(["import", "odd.csv", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["new"], document["rejected"]) == (1, 2)


def test_a_full_disk_behind_standard_output_is_said(place: Path) -> None:
    script = "import sys; from monitor.cli import run; sys.exit(run(['promises', 'list', '--brand', 'acme']))"
    command = [sys.executable, "-c", script]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, cwd=place, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode != 0


def test_export_gives_back_what_came_in(capsys: pytest.CaptureFixture[str]) -> None:
    run(IMPORT)
    capsys.readouterr()
    assert run(["export", "mentions", "--brand", "borealis"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    document = json.loads(line)
    assert {"id", "source", "external_id", "url", "title", "text", "author", "published", "collected", "voice"} < document.keys()
    assert (document["text"], document["published"], document["brands"]) == (
        "all good with borealis",
        "2026-03-02T11:00:00Z",
        ["borealis"],
    )


def test_a_spreadsheet_runs_no_formula_of_a_customer(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "evil.csv").write_text('text,published\n"=cmd|acme",2026-03-01\n', encoding="utf-8")
    run(["import", "evil.csv", "--brand", "acme"])
    capsys.readouterr()
    run(["export", "mentions", "--format", "csv"])
    assert ",'=cmd|acme," in capsys.readouterr().out


def test_queries_are_tried_on_what_is_stored(capsys: pytest.CaptureFixture[str]) -> None:
    run(IMPORT)
    capsys.readouterr()
    assert run(["query", "check", "acme AND good"]) == 0
    printed = capsys.readouterr()
    assert "[acme] [good] time" in printed.out
    assert "1 of 3" in printed.err
    assert run(["query", "check", "(acme"]) == 2
    assert run(["query", "check", "acme and good", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["matches"], document["findings"][0]["position"]) == (0, 5)


def test_a_query_that_changed_is_tried_and_then_applied(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["import", "posts.csv", "--map", "text=text,published=created,author=name,id=id"])
    assert run(["query", "check", "--brand", "acme", "acme NOT bad"]) == 0
    assert "- [acme] bad time" in capsys.readouterr().out
    (place / "promisewatch.toml").write_text(
        CONFIG.replace('"acme"\n\n', "'acme NOT bad OR good'\ndeny = ['plain']\n\n"), encoding="utf-8"
    )
    assert run(["query", "apply", "--dry-run", "--format", "json"]) == 0
    tried = json.loads(capsys.readouterr().out)["brands"][0]
    assert run(["query", "apply", "--format", "json"]) == 0
    done = json.loads(capsys.readouterr().out)["brands"][0]
    assert tried == done
    assert (done["brand"], done["matches"], done["added"], done["removed"]) == ("acme", 2, 1, 1)
    assert run(["query", "exclusions", "--brand", "acme"]) == 0
    assert 'NOT "bad"' in capsys.readouterr().out


def test_promises_are_listed_with_what_they_let_people_expect(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["promises", "list", "--brand", "acme", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["expectation"] == 90


def test_a_backup_is_a_store_of_its_own(place: Path) -> None:
    run(IMPORT)
    assert run(["backup", "copy.db"]) == 0
    assert (place / "copy.db").stat().st_size > 0


def test_the_doctor_names_what_is_wrong_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--format", "json"]) == 0
    findings = json.loads(capsys.readouterr().out)
    warnings = {one["check"]: one["remedy"] for one in findings if one["grade"] != "ok"}
    assert warnings.keys() == {"brand borealis", "backup"}
    assert "[[brand.promise]]" in warnings["brand borealis"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["gap", "--brand", "nobody"], 2, "known: acme, borealis"),
        (["gap"], 2, "--brand"),
        (["gap", "--brand", "acme", "--since", "2026-03-02", "--until", "2026-03-01"], 2, "before"),
        (["gap", "--brand", "acme", "--since", "soon"], 2, "2026-03-31"),
        (["import", "nowhere.csv"], 1, "nowhere.csv"),
        (["import", "posts.csv", "--map", "words=text"], 2, "text|"),
        (["import", "posts.csv", "--map", "text=nothing"], 1, "nothing"),
        (["frobnicate"], 2, "frobnicate"),
        (["--config", "none.toml", "gap"], 2, "promisewatch init"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_remedy(
    arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == status
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err


def test_classify_reads_lines_and_json_in_order(place: Path) -> None:
    given = 'acme was good\n{"text": "so bad", "target": "Acme"}\nhola acme\n{"broken json\n\n'
    script = (
        "import sys; from monitor.app import App; from tests.monitor.fake_reader import FakeReader; from monitor.cli import run; "
        "App.reader = lambda self, name=None: FakeReader(); sys.exit(run(['classify', '--brand', 'acme']))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(root)!r}); {script}"],
        input=given,
        capture_output=True,
        text=True,
        cwd=place,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["text"] for one in found] == ["acme was good", "so bad", "hola acme", '{"broken json', ""]
    assert [one["label"] for one in found] == ["positive", "negative", None, "neutral", "neutral"]
    assert found[2]["reason"] == "language es not trained for"
    assert set(found[0]["passages"][0]) >= {"start", "end", "label", "pillar", "experience", "promises"}


def test_commands_without_a_model_never_load_torch(place: Path) -> None:
    run(IMPORT)
    run(["read"])
    script = (
        "import sys; from monitor.cli import run; run(sys.argv[1:]); "
        "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    for arguments in (
        ["gap", "--brand", "acme"],
        ["digest", "--brand", "acme"],
        ["collect"],
        ["sources", "list"],
        ["--help"],
        ["import", "posts.csv", "--dry-run"],
    ):
        done = subprocess.run([sys.executable, "-c", script, *arguments], cwd=place, capture_output=True, check=False)
        assert done.returncode == 0, (arguments, done.stderr.decode())
