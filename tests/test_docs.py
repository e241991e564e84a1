"""The documentation is true: its commands run, its links lead somewhere, every command has its place."""

import io
import re
import shlex
import tomllib
from itertools import takewhile
from pathlib import Path

import click
import pytest

from monitor.app import App
from monitor.cli import COMMANDS, run
from monitor.config import Config, parse
from tests.monitor.fake_reader import FakeReader
from tests.monitor.mail_server import mail_server
from tests.servers import Answer, running

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


ACME = '[[brand]]\nid = "acme"\nname = "Acme Air"\n'
FEED = """<rss version="2.0"><channel><title>Reviews</title>
<item><guid>1</guid><title>Acme Air</title><description>acme air was late again and lost my bag</description></item>
</channel></rss>"""
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
CALL = re.compile(r"(?:\$ |nohup |printf .*\| |/\S*/|.*&& /\S*/|TOKEN=\$\()?promisewatch (?!\.)([^)]*)(.*)$")
STAYING = {"run", "serve", "inbound"}
"""Commands that stay until they are stopped; tests of their own start and stop them."""


def commands_of(page: str) -> list[list[str]]:
    """The commands in the fenced blocks of a page as words, without what the shell adds to them."""
    lines = [line for kind, body in FENCE.findall(page) if kind in {"", "sh", "console"} for line in body.splitlines()]
    calls = [found for line in lines if (found := CALL.match(line))]
    return [words_of(found[1] if found[0].startswith("TOKEN") else found[1] + found[2]) for found in calls]


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


def test_every_key_of_the_configuration_is_documented() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    template = (ROOT / "monitor" / "template.toml").read_text(encoding="utf-8")
    assert isinstance(parse(template), Config)
    for table, values in tomllib.loads(template).items():
        assert f"[{table}]" in page
        for entry in values if isinstance(values, list) else [values]:
            assert all(f"`{key}`" in page or f"{key}`" in page or f"brand.{key}" in page for key in entry), table


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_configuration_that_is_shown_is_right(page: Path) -> None:
    for kind, body in FENCE.findall(page.read_text(encoding="utf-8")):
        if kind == "toml" and not body.startswith("[project"):  # a package of one's own
            assert isinstance(parse(body if "[[brand]]" in body else ACME + body), Config)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), target


def test_the_readme_leads_to_every_page() -> None:
    for page in PAGES:
        assert page.name == "README.md" or f"({page.relative_to(ROOT)})" in README, page.name


def test_the_make_targets_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (page.name, target)
