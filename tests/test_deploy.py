"""What is deployed fits the program: the commands in unit, image and compose file exist, and nothing runs as root."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from monitor.cli import cli
from monitor.signals import SECONDS_TO_STOP

ROOT = Path(__file__).resolve().parents[1]
UNIT = (ROOT / "deploy" / "promisewatch.service").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")


def understood(arguments: list[str]) -> None:
    """Parse a command line as the program would, without running it."""
    with cli.make_context("promisewatch", list(arguments)) as context:
        name, command, rest = cli.resolve_command(context, [*context._protected_args, *context.args])
        assert name is not None
        assert command is not None
        command.make_context(name, rest, parent=context, resilient_parsing=False).close()


def commands() -> list[list[str]]:
    (started,) = re.findall(r"^ExecStart=\S+/promisewatch (.*)$", UNIT, re.MULTILINE)
    (default,) = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    by_hand = re.findall(r"`promisewatch ([a-z][^`]*)`", RUNBOOK)
    return [
        shlex.split(started),
        json.loads(default),
        *(one["command"] for one in COMPOSE["services"].values()),
        *(shlex.split(line) for line in by_hand),
        *(shlex.split(line) for line in re.findall(r"^promisewatch (.*)$", RUNBOOK, re.MULTILINE)),
    ]


@pytest.mark.parametrize("arguments", commands(), ids=" ".join)
def test_every_command_is_one_of_ours_and_takes_its_options(arguments: list[str]) -> None:
    understood(arguments)


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    with pytest.raises(click.UsageError):
        understood(["run", "--no-such-option"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_unit_and_finds_it_little_exposed(tmp_path: Path) -> None:
    unit = tmp_path / "promisewatch.service"
    unit.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", UNIT, flags=re.MULTILINE), encoding="utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    asked = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(unit)]
    rated = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert rated.returncode == 0, rated.stdout


def test_who_stops_the_daemon_waits_longer_than_it_gives_itself() -> None:
    assert int(re.findall(r"TimeoutStopSec=(\d+)", UNIT)[0]) > SECONDS_TO_STOP
    assert all(int(one["stop_grace_period"].removesuffix("s")) > SECONDS_TO_STOP for one in COMPOSE["services"].values())


def test_the_image_is_built_from_what_there_is_and_runs_as_nobody() -> None:
    copied = [name for line in re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()]
    assert all((ROOT / name).exists() for name in copied)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert all(f"!{name}" in ignored for name in copied)
    shipped = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(shipped["packages"]) <= set(copied)
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    (user,) = re.findall(r"^USER (\d+):\d+$", last, re.MULTILINE)
    assert int(user) > 0
    assert f"--uid {user} " in last
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_no_service_may_more_than_it_must(service: str) -> None:
    wanted = COMPOSE["services"][service]
    assert wanted["read_only"] is True
    assert wanted["cap_drop"] == ["ALL"]
    assert wanted["security_opt"] == ["no-new-privileges:true"]
