"""The documentation is true: its commands run, its links lead somewhere, every command has its place."""

import fnmatch
import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import click
import pytest

from monitor.app import App
from monitor.cli import COMMANDS, run
from monitor.config import Config, parse
from monitor.storage.rooms import Rooms
from sources.kinds import find_kind, known_kinds
from tests.monitor.fake_reader import FakeReader
from tests.monitor.mail_server import mail_server
from tests.servers import Answer, running

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


ACME = '[[brand]]\nid = "acme"\nname = "Acme Air"\n'
FEED = """<rss version="2.0"><channel><title>Reviews</title>
<item><guid>1</guid><title>Acme Air</title><description>acme air was late again and lost my bag</description></item>
</channel></rss>"""
EVERY_TABLE = f"""
[store]\n[network]\n[model]\n[match]\n[inbound]\n[web]\n[health]\n[retention]\n[privacy]\n[digest]\n[cases]\n[causes]\n[delivery]
[backup]
folder = "backups"
{ACME}
[[brand.promise]]
id = "on-time"
text = "We depart on time."
[[brand.assessment]]
by = "Anna"
on = 2026-01-31
ratings = {{ people = 4 }}
[[source]]
kind = "feed"
url = "https://example.org/reviews.rss"
[[channel]]
name = "team"
address = "slack://team"
[[alert]]
watch = "volume"
brand = "acme"
[[event]]
brand = "acme"
since = 2026-11-27
until = 2026-11-30
note = "the winter sale"
"""
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
CALL = re.compile(r"(?:\$ |nohup |printf .*\| |/\S*/|.*&& /\S*/|TOKEN=\$\()?promisewatch (?!\.)([^)]*)(.*)$")
STAYING = {"run", "serve", "inbound"}
"""Commands that stay until they are stopped; tests of their own start and stop them."""
WELL = {"daemon", "readings"}
"""Findings that only say how things are."""


def commands_of(page: str) -> list[list[str]]:
    """The commands in the fenced blocks of a page as words, without what the shell adds to them."""
    lines = [line for kind, body in FENCE.findall(page) if kind in {"", "sh", "console"} for line in body.splitlines()]
    calls = [found for line in lines if (found := CALL.match(line))]
    return [words_of(found[1] if found[0].startswith("TOKEN") else found[1] + found[2]) for found in calls]


def anchors(page: str) -> set[str]:
    """What links may name of a page: its headings as GitHub writes them into an address."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.casefold()).replace(" ", "-") for one in headings}


def words_of(command: str) -> list[str]:
    """The words after the program's name, up to a pipe, a redirection or a comment."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="<>|&")
    lexer.whitespace_split = True
    return list(takewhile(lambda word: word[0] not in "<>|&", lexer))


def documented_commands() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", OPERATIONS, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ promisewatch")]


@pytest.fixture
def place(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that holds the table of the operations page."""
    monkeypatch.setattr(App, "reader", lambda self, name=None: FakeReader())
    (table,) = re.findall(r"```csv\n(.*?)```", OPERATIONS, re.DOTALL)
    (here / "reviews.csv").write_text(table, encoding="utf-8")
    return here


def test_every_documented_command_runs(place: Path) -> None:
    commands = documented_commands()
    assert len(commands) > 15
    for command in commands:
        # The page's table has two bad rows on purpose.
        assert run(shlex.split(command)[1:]) == (1 if command.startswith("promisewatch import ") else 0), command
    assert (place / "gap.html").exists()
    assert (place / "backup.db").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_every_page_is_understood(page: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click.Command, "invoke", lambda self, context: 0)  # read whole, and not done
    for name in ("audit.csv", "feeds.opml", "backup.db"):
        (place / name).touch()
    for command in commands_of(page.read_text(encoding="utf-8")):
        assert run(command) == 0, command


def test_the_walk_of_the_readme_leads_to_a_report_and_a_digest(place: Path) -> None:
    with running() as server:
        feed = server.play("/reviews.rss", Answer(body=FEED.encode(), headers={"Content-Type": "application/rss+xml"}))
        for command in commands_of(README):
            words = [feed if word == "URL" else word for word in command]
            assert run(words) == (1 if words[0] == "import" else 0), command
            if words == ["init"]:
                config = place / "promisewatch.toml"
                mine = config.read_text(encoding="utf-8").replace("https://example.org/reviews.rss", feed)
                config.write_text(mine.replace("addresses = false", "addresses = true"), encoding="utf-8")
    assert "Acme Air" in (place / "gap.html").read_text(encoding="utf-8")
    assert "Acme Air" in (place / "digest.html").read_text(encoding="utf-8")


def test_every_command_that_needs_the_world_runs_in_one(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = [words_of(one.removeprefix("promisewatch ")) for one in documented_commands()]
    commands = [one for one in commands_of(OPERATIONS) if one not in alone and "demo" not in " ".join(one)]
    monkeypatch.setattr(click, "prompt", lambda *args, **options: "a long password")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Left on the minute")))
    with running() as server, mail_server() as box:
        answer = Answer(body=FEED.encode(), headers={"Content-Type": "application/rss+xml"})
        here = {path: server.play(path, answer) for path in ("/reviews.rss", "/blog")}
        assert run(["init"]) == 0
        config = place / "promisewatch.toml"
        mine = config.read_text(encoding="utf-8").replace("addresses = false", "addresses = true")
        mine += f'[digest]\nto = ["team"]\n[[channel]]\nname = "team"\naddress = "{box.address("ann@acme.example")}"\n'
        config.write_text(mine.replace("https://example.org/reviews.rss", here["/reviews.rss"]), encoding="utf-8")
        for command in commands:
            words = [here.get(word.removeprefix("https://example.org"), word) for word in command]
            if words[0] not in STAYING:
                # Nothing has number 3 or 17 in this small world; that is said with 1.
                assert run(words) == (1 if {"3", "4", "17"} & set(words) else 0), command
    assert box.mails


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert re.search(rf"\*\*{name}\b", OPERATIONS) or f"promisewatch {name}" in OPERATIONS


def records(record: Any = Config, within: str = "") -> Iterator[tuple[str, Any]]:
    """Every table of the configuration, as it is headed, with the record that it is read into."""
    for name, kind in get_type_hints(record).items():
        inner = next(
            (
                one
                for one in (kind, *get_args(kind))
                if isinstance(one, type) and is_dataclass(one) and one.__name__.endswith("Config")
            ),
            None,
        )
        if inner:
            path = within + name
            yield (f"[[{path}]]" if get_origin(kind) is tuple else f"[{path}]"), inner
            yield from records(inner, f"{path}.")


def configured_keys() -> dict[tuple[str, str], object]:
    """Every key that a configuration may have, with its default; of the kinds of sources that of feeds."""
    tables = dict(records())
    found = {(table, one.name): one.default for table, record in tables.items() for one in fields(record)}
    found = {(table, key): default for (table, key), default in found.items() if f"{table[:-2]}.{key}]]" not in tables}
    del found["[[source]]", "options"]
    return found | {("[[source]]", one.name): one.default for one in fields(find_kind("feed").options)}


def documented_keys() -> dict[tuple[str, str], str]:
    """Every key of the configuration page, with what stands there as its default: TOML in backticks, or words."""
    found: dict[tuple[str, str], str] = {}
    table = ""
    for line in CONFIGURATION.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) > 3 and cells[1].startswith("`"):
            table = cells[0].strip("`") or table
            keys, default = re.findall(r"`(\w+)`", cells[1]), cells[2]
            each = default.split(", ") if default.count("`") == 2 * len(keys) else [default] * len(keys)
            found |= {(table, key): one for key, one in zip(keys, each, strict=True)}
    return found


def test_every_key_of_the_configuration_is_documented_and_no_other() -> None:
    assert documented_keys().keys() == configured_keys().keys()


@pytest.mark.parametrize(("table", "key"), sorted(documented_keys()))
def test_a_default_that_is_documented_is_the_default(table: str, key: str) -> None:
    shown, default = documented_keys()[table, key], configured_keys()[table, key]
    assert (shown == "required") == (default is MISSING)
    if shown.startswith("`"):
        assert parse(EVERY_TABLE.replace(f"{table}\n", f"{table}\n{key} = {shown.strip('`')}\n", 1)) == parse(EVERY_TABLE)
    else:
        assert default is MISSING or not default, "it has a default that the page does not tell"


def test_the_architecture_names_every_room_of_the_store() -> None:
    table = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("| rooms |")[2].partition("\n\n")[0]
    named = [name for row in table.splitlines() if row.count("|") > 1 for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(named) == sorted(name for name, room in vars(Rooms).items() if isinstance(room, cached_property))


def test_every_variable_of_the_environment_is_documented() -> None:
    modules = [one for name in ("sources", "monitor") for one in (ROOT / name).rglob("*.py")]
    named = {name for one in modules for name in re.findall(r'"(PROMISEWATCH_\w+)"', one.read_text(encoding="utf-8"))}
    assert len(named) > 3
    assert {name for name in named if f"`{name}`" not in CONFIGURATION} == set()


def test_the_template_is_a_configuration() -> None:
    assert isinstance(parse((ROOT / "monitor" / "template.toml").read_text(encoding="utf-8")), Config)


@pytest.mark.parametrize("name", known_kinds())
def test_every_option_of_every_kind_of_source_is_documented(name: str) -> None:
    page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    (section,) = (one for one in re.split(r"^## ", page, flags=re.MULTILINE) if f'\nkind = "{name}"' in one)
    for option in fields(find_kind(name).options):
        assert re.search(rf"(^|`){option.name}\b", section, re.MULTILINE), option.name


def test_whatever_the_doctor_finds_has_its_remedy_in_the_table() -> None:
    sources = [*(ROOT / "monitor").glob("doctor*.py"), *(ROOT / "monitor" / name for name in ("channels.py", "delivering.py"))]
    found = {name for one in sources for name in re.findall(r'Finding\(\s*f?"(\w+)', one.read_text(encoding="utf-8"))}
    table = OPERATIONS.partition("## What the doctor finds")[2].partition("\n## ")[0]
    assert {"clock", "channel"} < found - WELL
    assert {name for name in found - WELL if f"\n| {name}" not in table} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_modules_that_are_named_exist(page: Path) -> None:
    modules = [
        one.as_posix() for name in ("sources", "models", "reports", "monitor", "tests") for one in (ROOT / name).rglob("*.py")
    ]
    for named in re.findall(r"(?<=`)[\w*./]+\.py(?=`)", page.read_text(encoding="utf-8")):
        assert (ROOT / named).exists() or fnmatch.filter(modules, f"*/{named}"), named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_configuration_that_is_shown_is_right(page: Path) -> None:
    for kind, body in FENCE.findall(page.read_text(encoding="utf-8")):
        if kind == "toml" and not body.startswith("[project"):  # a package of one's own
            assert isinstance(parse(body if "[[brand]]" in body else ACME + body), Config)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#?([^)\s]*)\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")):
            other = page.parent / target if target else page
            assert other.exists(), target
            assert not anchor or anchor in anchors(other.read_text(encoding="utf-8")), f"{target}#{anchor}"


def test_the_readme_leads_to_every_page() -> None:
    for page in PAGES:
        assert page.name == "README.md" or f"({page.relative_to(ROOT)})" in README, page.name


def test_the_make_targets_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (page.name, target)
