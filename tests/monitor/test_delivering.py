"""Delivery from end to end: a store, real servers on loopback, and every way in which a place or the program can fail."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.channels import Surroundings
from monitor.cli import run
from monitor.config import Config, parse
from monitor.delivering import FIRST_WAIT, LEASE, LONGEST_WAIT, Delivery, check_outbox, deliver, deliver_due, tidy, wait_before
from monitor.storage.outbox import Message
from monitor.store import Store
from sources.http import Gateway, Limits
from tests import servers
from tests.monitor.config_texts import BRAND
from tests.monitor.mail_server import Mailbox, mail_server

NOW = datetime(2026, 9, 1, 6, tzinfo=UTC)


class Bench:
    """A store, a configuration, a clock that stands, and servers."""

    def __init__(self, path: Path, box: Mailbox, server: servers.Loopback) -> None:
        self.path, self.box, self.server = path, box, server
        self.now = NOW
        self.store = Store(path / "store.db")
        self.names: dict[str, str] = {"mail": box.address("ann@acme.example"), "hook": self.hook("/hook")}
        self.more = ""

    def hook(self, path: str, *answers: servers.Play) -> str:
        return f"webhook+{self.server.play(path, *answers or (servers.Answer(),)).replace('://', '://:secret@')}"

    @property
    def text(self) -> str:
        channels = "".join(f'[[channel]]\nname = "{name}"\naddress = "{address}"\n' for name, address in self.names.items())
        return f'{BRAND}{channels}[store]\npath = "store.db"\n[network]\nallow_private_addresses = true\n{self.more}'

    @property
    def config(self) -> Config:
        return parse(self.text)

    def queue(self, channel: str, *keys: str) -> None:
        for key in keys:
            self.store.outbox.queue(channel, Message(key, "alert", "acme", f"subject {key}", f"text {key}"), self.now)

    def deliver(self, seconds: float = 5.0, **rest: Callable[[], bool]) -> list[Delivery]:
        gateway = Gateway("test@example.org", allow_private_addresses=True, limits=Limits(total=seconds))
        world = Surroundings({}, gateway, lambda _name: None)
        return list(deliver_due(self.store, self.config, lambda: self.now, world, lambda: 1.0, **rest))

    def states(self) -> Counter[str]:
        return Counter(one.state for one in self.store.outbox.messages(("waiting", "sent", "dead")))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with mail_server() as box, servers.running() as server:
        made = Bench(tmp_path, box, server)
        with made.store:
            yield made


class TestSending:
    def test_everything_that_is_due_goes_out_in_the_order_of_its_channel(self, bench: Bench) -> None:
        bench.queue("mail", "a", "b", "c")
        bench.queue("hook", "d")
        assert [one.fate for one in bench.deliver()] == ["sent"] * 4
        assert [mail["Subject"] for mail in bench.box.mails] == ["subject a", "subject b", "subject c"]
        assert len(bench.server.asked) == 1
        assert bench.deliver() == []

    def test_nothing_new_begins_once_it_is_to_stop(self, bench: Bench) -> None:
        bench.queue("mail", "a", "b", "c")
        assert len(bench.deliver(stopped=lambda: bool(bench.box.mails))) == 1
        assert bench.states() == {"sent": 1, "waiting": 2}

    def test_a_channel_that_hangs_keeps_no_other_waiting(self, bench: Bench) -> None:
        def hang_until_both_mails_are_there(handler: servers.Handler) -> None:
            while len(bench.box.mails) < 2 and not handler.server.over.wait(0.02):
                pass
            servers.reset(handler)

        bench.names["deaf"] = bench.hook("/deaf", hang_until_both_mails_are_there)
        bench.queue("deaf", "a")
        bench.queue("mail", "b", "c")
        found = bench.deliver(seconds=60.0)
        assert sorted((one.letter.channel, one.fate) for one in found) == [
            ("deaf", "postponed"),
            ("mail", "sent"),
            ("mail", "sent"),
        ]

    def test_killed_between_sending_and_noting_it_goes_again_by_the_same_name(self, bench: Bench) -> None:
        bench.queue("mail", "a")
        claimed = bench.store.outbox.claim("mail", NOW, timedelta(minutes=3))
        assert claimed is not None
        assert bench.deliver() == []
        bench.now += timedelta(minutes=3)
        assert [one.letter.name for one in bench.deliver()] == [claimed.name]
        assert len(bench.box.mails) == 1

    def test_what_is_being_sent_stays_ours_however_long_it_takes(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("monitor.delivering.RENEWED_SECONDS", 0.01)
        taken_by_others: list[object] = []

        def answer_much_later(handler: servers.Handler) -> None:
            bench.now += 2 * LEASE
            with Store(bench.path / "store.db") as other:
                while other.outbox.messages()[0].due <= bench.now and not handler.server.over.wait(0.02):
                    pass
                taken_by_others.append(other.outbox.claim("hook", bench.now, LEASE))
            servers.Answer()(handler)

        bench.names["hook"] = bench.hook("/hook", answer_much_later)
        bench.queue("hook", "a")
        assert [one.fate for one in bench.deliver(seconds=60.0)] == ["sent"]
        assert taken_by_others == [None]


class TestFailing:
    def test_it_is_tried_again_later_and_later(self, bench: Bench) -> None:
        bench.box.answers = ["451 later", "451 later", "250 OK"]
        bench.queue("mail", "a")
        for minutes in (1, 2):
            (failed,) = bench.deliver()
            assert (failed.fate, failed.until) == ("postponed", bench.now + timedelta(minutes=minutes))
            bench.now += timedelta(minutes=minutes, seconds=-1)
            assert bench.deliver() == []
            bench.now += timedelta(seconds=1)
        assert [one.fate for one in bench.deliver()] == ["sent"]

    def test_what_is_behind_a_failure_waits_with_it_and_is_not_tried(self, bench: Bench) -> None:
        bench.box.answers = ["451 later"]
        bench.queue("mail", "a", "b")
        assert len(bench.deliver()) == 1
        assert {one.attempts for one in bench.store.outbox.messages()} == {0, 1}

    def test_a_refusal_is_a_dead_letter_at_once_and_lets_the_next_pass(self, bench: Bench) -> None:
        bench.box.answers = ["554 spam", "250 OK"]
        bench.queue("mail", "a", "b")
        assert [(one.letter.message.key, one.fate) for one in bench.deliver()] == [("a", "dead"), ("b", "sent")]
        (dead,) = bench.store.outbox.messages(("dead",))
        assert dead.error == "127.0.0.1 answered 554: spam"
        assert "outbox retry" in dead.remedy

    def test_after_some_days_it_is_given_up_and_kept_for_a_retry(self, bench: Bench) -> None:
        bench.box.answers = ["451 later"]
        bench.queue("mail", "a")
        assert [one.fate for one in bench.deliver()] == ["postponed"]
        bench.now += timedelta(days=3)
        assert [one.fate for one in bench.deliver()] == ["dead"]
        bench.box.answers = ["250 OK"]
        bench.store.outbox.retry(bench.now)
        assert [one.fate for one in bench.deliver()] == ["sent"]

    def test_a_channel_that_is_no_longer_configured_is_a_dead_letter_with_its_remedy(self, bench: Bench) -> None:
        bench.queue("gone", "a")
        (delivery,) = bench.deliver()
        assert (delivery.fate, delivery.error) == ("dead", "the channel gone is not configured")
        assert "known: hook, mail" in delivery.remedy

    def test_a_place_that_names_a_time_is_left_alone_until_then(self, bench: Bench) -> None:
        bench.hook("/hook", servers.Answer(429, headers={"Retry-After": "900"}))
        bench.queue("hook", "a")
        (delivery,) = bench.deliver()
        assert delivery.until == NOW + timedelta(minutes=15)

    def test_a_defect_of_one_channel_is_no_end_of_the_others_and_shows_no_secret(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("secret")

        monkeypatch.setattr("monitor.webhooks.Webhook.send", broken)
        bench.queue("hook", "a")
        bench.queue("mail", "b")
        found = {one.letter.channel: (one.fate, one.error) for one in bench.deliver()}
        assert found == {"hook": ("postponed", "a defect: RuntimeError"), "mail": ("sent", "")}

    @pytest.mark.parametrize("attempts", [1, 2, 5, 60, 10_000])
    def test_waits_double_up_to_a_longest_one_and_are_spread(self, attempts: int) -> None:
        least, most = wait_before(attempts, 0.0), wait_before(attempts, 1.0)
        assert most == min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts - 1, 30))
        assert least == most / 2


class TestDoctor:
    def test_it_warns_of_dead_letters_and_says_what_to_do(self, bench: Bench) -> None:
        (healthy,) = check_outbox(bench.store)
        bench.queue("mail", "a", "b")
        bench.store.outbox.bury(1, "554 spam", "")
        (found,) = check_outbox(bench.store)
        assert (healthy.grade, found.grade) == ("ok", "warning")
        assert found.message == "1 message waiting, 1 dead letter"
        assert "outbox retry" in found.remedy


class TestJob:
    def test_it_says_in_a_line_what_went_out_and_what_did_not(self, bench: Bench) -> None:
        assert deliver(bench.store, bench.config, lambda: bench.now) == ""
        bench.box.answers = ["250 OK", "554 spam", "451 later"]
        bench.queue("mail", "a", "b", "c")
        said = deliver(bench.store, bench.config, lambda: bench.now)
        assert said.startswith("sent 1 message; mail: “subject b” could not be delivered: 127.0.0.1 answered 554: spam (")
        assert "mail: “subject c” is tried again at 06:" in said


class TestTurns:
    def test_in_the_daemon_it_stops_beginning_after_a_while_and_goes_on_in_its_next_turn(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("monitor.delivering.TURN_SECONDS", -1.0)
        bench.queue("mail", "a")
        assert deliver(bench.store, bench.config, lambda: bench.now, by_turns=True) == ""
        assert bench.states() == {"waiting": 1}
        assert deliver(bench.store, bench.config, lambda: bench.now) == "sent 1 message"


class TestStorm:
    def test_a_channel_gets_so_many_an_hour_and_the_rest_later(self, bench: Bench) -> None:
        bench.more = "[delivery]\nper_hour = 2\n"
        bench.queue("mail", *"abcde")
        bench.queue("hook", "f")
        assert Counter(one.letter.channel for one in bench.deliver()) == {"mail": 2, "hook": 1}
        bench.now += timedelta(minutes=59)
        assert bench.deliver() == []
        bench.now += timedelta(minutes=1)
        assert len(bench.deliver()) == 2

    def test_what_was_sent_long_ago_is_forgotten(self, bench: Bench) -> None:
        bench.queue("mail", "a")
        bench.deliver()
        assert tidy(bench.store, NOW + timedelta(days=399)) == 0
        assert tidy(bench.store, NOW + timedelta(days=401)) == 1


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from monitor.channels import surroundings
from monitor.config import parse
from monitor.delivering import deliver_due
from monitor.store import Store
steps = int(sys.argv[2])
count = 0
def clock():
    global count
    count += 1
    if count > steps:
        os.kill(os.getpid(), signal.SIGKILL)
    return datetime.fromisoformat(sys.argv[3])
config = parse(Path(sys.argv[1]).read_text())
with Store(Path(sys.argv[1]).with_name("store.db")) as store:
    list(deliver_due(store, config, clock, surroundings(config, {}), lambda: 1.0))
"""


class TestKilled:
    def test_kill_9_at_any_moment_loses_nothing_and_what_comes_twice_has_the_same_name(self, bench: Bench) -> None:
        bench.queue("hook", *"abc")
        (bench.path / "promisewatch.toml").write_text(bench.text)
        for steps in (2, 3, 5):
            arguments = [str(bench.path / "promisewatch.toml"), str(steps), bench.now.isoformat()]
            ended = subprocess.run([sys.executable, "-c", _KILLED, *arguments], check=False, cwd=Path(__file__).parents[2])
            assert ended.returncode == -signal.SIGKILL
            bench.now += LEASE + timedelta(minutes=1)
        bench.deliver()
        names = Counter(
            {name.lower(): value for name, value in asked.headers.items()}["webhook-id"] for asked in bench.server.asked
        )
        assert len(names) == 3
        assert names.total() > 3
        assert bench.states() == {"sent": 3}


class TestCommands:
    def command(self, bench: Bench, *words: str) -> int:
        (bench.path / "promisewatch.toml").write_text(bench.text)
        return run(["--config", str(bench.path / "promisewatch.toml"), "outbox", *words])

    def test_send_sends_what_is_due(self, bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
        bench.queue("mail", "a")
        assert self.command(bench, "send", "--dry-run") == 0
        assert "would send to mail: subject a" in capsys.readouterr().err
        assert bench.box.mails == []
        assert self.command(bench, "send") == 0
        assert "1 sent, 0 to be tried again, 0 not deliverable" in capsys.readouterr().err
        assert len(bench.box.mails) == 1

    def test_send_says_what_did_not_arrive_and_what_to_do(self, bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
        bench.box.answers = ["554 spam"]
        bench.queue("mail", "a")
        assert self.command(bench, "send") == 1
        said = capsys.readouterr().err
        assert "mail: subject a: could not be delivered: 127.0.0.1 answered 554: spam" in said
        assert "outbox retry" in said

    def test_list_shows_what_waits_and_what_is_dead(self, bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
        bench.queue("mail", "a", "b", "c")
        bench.store.outbox.bury(2, "554 spam", "check the address")
        bench.store.outbox.sent(3, NOW)
        assert self.command(bench, "list", "--format", "json") == 0
        found = json.loads(capsys.readouterr().out)
        assert [(one["key"], one["state"], one["error"]) for one in found] == [("b", "dead", "554 spam"), ("a", "waiting", "")]
        assert self.command(bench, "list", "--all") == 0
        shown = capsys.readouterr()
        assert "subject c" in shown.out
        assert "2: 554 spam; check the address" in shown.err

    def test_a_program_is_told_what_became_of_each_message(self, bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
        def told(*words: str) -> Any:
            capsys.readouterr()
            assert self.command(bench, *words, "--format", "json") == 0
            return json.loads(capsys.readouterr().out)

        bench.queue("mail", "a")
        assert [(one["id"], one["state"]) for one in told("send", "--dry-run")] == [(1, "waiting")]
        assert [(one["id"], one["channel"], one["fate"]) for one in told("send")] == [(1, "mail", "sent")]
        bench.queue("mail", "b")
        bench.store.outbox.bury(2, "554 spam", "")
        assert told("retry", "--dry-run") == {"messages": 1, "dry_run": True}
        assert told("retry") == {"messages": 1, "dry_run": False}
        assert told("test", "mail") == [{"channel": "mail", "error": "", "remedy": ""}]

    def test_retry_takes_one_or_all(self, bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
        bench.queue("mail", "a", "b")
        bench.store.outbox.bury(1, "554 spam", "")
        bench.store.outbox.bury(2, "554 spam", "")
        assert self.command(bench, "retry", "--dry-run") == 0
        assert bench.states() == {"dead": 2}
        assert self.command(bench, "retry", "2") == 0
        assert bench.states() == {"dead": 1, "waiting": 1}
        assert self.command(bench, "retry", "99") == 1
        assert "no message 99 has failed" in capsys.readouterr().err

    def test_test_sends_to_one_channel_or_to_all(self, bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.command(bench, "test", "mail", "--dry-run") == 0
        assert bench.box.mails == []
        assert self.command(bench, "test", "mail") == 0
        assert [mail["Subject"] for mail in bench.box.mails] == ["A test of promisewatch"]
        bench.names["other"] = "nonsense://x"
        assert self.command(bench, "test") == 1
        assert "other: the address of other is not understood" in capsys.readouterr().err
        assert len(bench.box.mails) == 2
        assert bench.states() == {}
