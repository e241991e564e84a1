"""The documentation is true: its commands run, its links lead somewhere, every command has its place."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from monitor.app import App
from monitor.cli import COMMANDS, run
from monitor.config import Config, parse
from tests.monitor.fake_reader import FakeReader

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def documented_commands() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", OPERATIONS, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ promisewatch")]


def test_every_documented_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PROMISEWATCH_CONFIG", raising=False)
    monkeypatch.setattr(App, "reader", lambda self, name=None: FakeReader())
    (table,) = re.findall(r"```csv\n(.*?)```", OPERATIONS, re.DOTALL)
    (tmp_path / "reviews.csv").write_text(table, encoding="utf-8")
    commands = documented_commands()
    assert len(commands) > 15
    for command in commands:
        # The page's table has two bad rows on purpose.
        assert run(shlex.split(command)[1:]) == (1 if command.startswith("promisewatch import ") else 0), command
    assert (tmp_path / "gap.html").exists()
    assert (tmp_path / "backup.db").exists()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert re.search(rf"\*\*{name}\b", OPERATIONS) or f"promisewatch {name}" in OPERATIONS


def test_every_key_of_the_configuration_is_documented() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    template = (ROOT / "monitor" / "template.toml").read_text(encoding="utf-8")
    assert isinstance(parse(template), Config)
    for table, values in tomllib.loads(template).items():
        assert f"[{table}]" in page
        for entry in values if isinstance(values, list) else [values]:
            assert all(f"`{key}`" in page or f"{key}`" in page or f"brand.{key}" in page for key in entry), table


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), target


def test_the_make_targets_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (page.name, target)
