"""Kinds of sources are files: found by their names, ours and those of others."""

import importlib
import pkgutil
import tomllib
from dataclasses import fields, is_dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import get_args

import pytest

import sources
from sources import kinds
from sources.feed import FeedOptions
from sources.kinds import Kind, find_kind, secret
from sources.source import DeniedError

ROOT = Path(__file__).resolve().parents[2]
MODULES = [importlib.import_module(f"sources.{one.name}") for one in pkgutil.iter_modules(sources.__path__)]
OURS = {module.KIND.name: module for module in MODULES if isinstance(getattr(module, "KIND", None), Kind)}


def test_a_kind_is_found_by_its_name() -> None:
    kind = find_kind("feed")
    assert kind.options is FeedOptions
    assert kind.address(FeedOptions("https://me:pass@a.example/f")).startswith("https://a.example/f#")


def test_every_kind_of_ours_bears_the_name_of_its_file_and_is_listed_for_others() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"][kinds.GROUP]
    assert listed == {name: f"sources.{name}:KIND" for name in OURS}
    assert all(module.__name__ == f"sources.{name}" for name, module in OURS.items())


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_option_names_its_check(name: str) -> None:
    options = OURS[name].KIND.options
    assert is_dataclass(options)
    assert all(callable(get_args(field.type)[1]) for field in fields(options))


@pytest.mark.parametrize("name", ["carrier pigeon", "http", "nowhere", "../feed", "", "feed.KIND"])
def test_what_is_no_kind_is_said_with_those_there_are(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_entry_points", lambda: [EntryPoint("feed", "sources.feed:KIND", kinds.GROUP)])
    with pytest.raises(LookupError, match="known: feed"):
        find_kind(name)


def test_somebody_elses_kind_is_found_among_the_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_entry_points", lambda: [EntryPoint("pigeon", "sources.feed:KIND", kinds.GROUP)])
    assert find_kind("pigeon").options is FeedOptions


def test_a_secret_stands_in_a_variable_or_in_a_file_that_a_variable_names(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from a file\n", encoding="utf-8")
    assert secret({}, "TOKEN") == ""
    assert secret({"TOKEN_FILE": str(file)}, "TOKEN") == "from a file"
    assert secret({"TOKEN": "itself", "TOKEN_FILE": str(file)}, "TOKEN") == "itself"
    with pytest.raises(DeniedError, match="TOKEN_FILE") as caught:
        secret({"TOKEN_FILE": str(tmp_path / "nowhere")}, "TOKEN")
    assert caught.value.remedy
