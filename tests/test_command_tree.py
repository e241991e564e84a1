"""What the commands have in common: who shows something shows it to programs too, and who changes much can be tried first."""

from collections.abc import Iterator

import click
import pytest

from monitor.cli import cli

STAYS_OR_PLAYS = {"run", "once", "serve", "inbound", "demo"}
"""They stay, or tell what they do line by line as a log does; `--log-format json` is theirs."""
OWN_FORM = {
    "classify": "JSON lines alone",
    "sources export": "OPML",
    "audit draw": "a table to fill in",
    **dict.fromkeys(("sources add", "sources import", "promises accept"), "what is written into the configuration, as TOML"),
    "cases hand-off": "the message as it would be sent",
}
ONE_THING = {
    *("init", "backup", "restore"),
    *("alerts ack", "alerts resolve", "alerts snooze"),
    *("assess forget", "assess rate", "audit label", "correct rule remove", "correct undo"),
    *("cases answer", "cases close", "cases note", "cases open", "cases reopen", "cases take"),
    *("causes cover", "causes merge", "causes rename", "causes reopen", "causes unmerge"),
    *("promises dismiss", "sources pause", "sources resume", "users add", "users remove", "users token"),
}
"""They do one thing that was named, and say so in a line."""
TRIED_BY_ANOTHER = {"cases find": "cases preview"}
MUCH = {
    *("import", "delete", "purge", "digest", "query apply", "audit import", "correct mentions", "correct rule add", "causes find"),
    *("outbox send", "outbox retry", "outbox test", "alerts check", "cases hand-off", "promises accept", "sources add"),
    "sources import",
}
TRIAL = {"--dry-run", "--apply"}


def leaves(command: click.Command, name: str = "") -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    if command.invoke_without_command:
        yield name, command
    context = click.Context(command)
    for part in command.list_commands(context):
        found = command.get_command(context, part)
        assert found is not None
        yield from leaves(found, f"{name} {part}".strip())


def options(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}


def formats(command: click.Command) -> set[str]:
    kinds = [parameter.type for parameter in command.params if "--format" in parameter.opts]
    return {str(choice) for kind in kinds if isinstance(kind, click.Choice) for choice in kind.choices}


COMMANDS = dict(leaves(cli))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_shows_json_or_has_a_form_of_its_own_or_does_one_thing(name: str) -> None:
    shown = formats(COMMANDS[name])
    silent = name in STAYS_OR_PLAYS or name in OWN_FORM or name in ONE_THING
    assert bool(shown & {"json", "jsonl"}) or silent, f"{name} shows what no program can read"
    assert not (silent and shown), f"{name} shows something: it is not silent any more"


@pytest.mark.parametrize("name", sorted(MUCH))
def test_what_changes_or_sends_much_can_be_tried_first(name: str) -> None:
    assert options(COMMANDS[name]) & TRIAL, name


def test_what_is_tried_by_another_command_has_that_command() -> None:
    assert {*TRIED_BY_ANOTHER.values(), *TRIED_BY_ANOTHER, *STAYS_OR_PLAYS, *OWN_FORM, *ONE_THING, *MUCH} <= COMMANDS.keys()
