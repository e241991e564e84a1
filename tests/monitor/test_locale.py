"""A brand's locale decides how what is told of it reads; `--locale` decides for one document."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.cli import run
from monitor.config import Config, parse
from monitor.digests import queue_due_digests
from monitor.pipeline import prepare
from monitor.store import Store
from tests.monitor.config_texts import complaint
from tests.monitor.store_builders import BAD, keep, matched, mention, read, reading, said

BRAND = '[[brand]]\nid = "acme"\nname = "Acme Air"\n'
PROMISE = '[[brand.promise]]\nid = "on-time"\ntext = "We depart on time."\n'
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.db") as opened:
        yield opened


def german() -> Config:
    channel = '[[channel]]\nname = "team"\naddress = "slack://A/B/C"\n'
    return parse(f'{BRAND}locale = "de-DE"\n{PROMISE}{channel}[digest]\nto = ["team"]\n')


def test_a_digest_is_sent_in_its_brands_language(store: Store) -> None:
    prepare(store, german())
    keep(store, mention("1", "Two hours late.", published=NOON), match=matched("acme"), now=NOON)
    read(store, reading(BAD, said("on-time", "broken")))
    assert queue_due_digests(store, german(), datetime(2026, 6, 2, 8, tzinfo=UTC)) == 1
    (sent,) = [one.message for one in store.outbox.messages(("waiting",))]
    assert sent.subject.startswith("Acme Air: Ein Kunde sagte, dass „We depart on time“ nicht eingehalten wurde")
    assert "Montag, 1. Juni 2026" in sent.text
    assert '<html lang="de-DE">' in sent.html
    assert sent.data["verdicts"][0]["verdict"] == "insufficient evidence"


def test_one_document_can_be_written_for_another_reader(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "promisewatch.toml").write_text(BRAND + PROMISE, encoding="utf-8")
    days = ["--since", "2026-03-02", "--until", "2026-03-30"]
    for command in ("gap", "scorecard", "causes"):
        assert run([command, *days, "--locale", "de-DE"]) == 0
        assert "2. – 29. März 2026" in capsys.readouterr().out.replace("2. März – 29", "2. – 29")
    assert run(["digest", "--day", "2026-03-02", "--locale", "de-DE"]) == 0
    assert "Montag, 2. März 2026" in capsys.readouterr().out
    assert run(["gap", *days, "--format", "json", "--locale", "de-DE"]) == 0
    assert json.loads(capsys.readouterr().out)["promises"][0]["verdict"] == "insufficient evidence"
    assert run(["gap", *days]) == 0
    assert "2 March – 29 March 2026" in capsys.readouterr().out


def test_what_a_command_says_beside_the_document_stays_english(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "promisewatch.toml").write_text(BRAND + 'locale = "de-DE"\n', encoding="utf-8")
    assert run(["gap", "--until", "2026-03-30"]) == 0
    told = capsys.readouterr()
    assert "Netto-Stimmung" in told.out
    assert "nothing of Acme Air is stored yet" in told.err


def test_a_locale_that_is_none_is_a_wrong_usage(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "promisewatch.toml").write_text(BRAND, encoding="utf-8")
    assert run(["gap", "--locale", "fr-FR"]) == 2
    assert "docs/translating.md" in capsys.readouterr().err


def test_the_configuration_names_the_line_of_a_locale_that_is_none() -> None:
    assert parse(BRAND).brand[0].locale == "en-GB"
    said_of = complaint(BRAND + 'locale = "deutsch"\n')
    assert "promisewatch.toml:4" in said_of
    assert '"de-DE"' in said_of


def test_who_chose_no_locale_does_not_wait_for_babel(here: Path) -> None:
    (here / "promisewatch.toml").write_text(BRAND + PROMISE, encoding="utf-8")
    asked = "import sys; from monitor.cli import run; run(['gap', '-o', 'gap.html']); sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, check=False).returncode == 0
