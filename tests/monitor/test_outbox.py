"""The outbox: queued once, claimed by one, never lost, and nothing secret in it."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.secrets import MissingSecretError, channel_id, fill_in, from_keyring, without_secrets
from monitor.storage.outbox import Message, queue_in
from monitor.store import Store
from tests.monitor.store_builders import ACME, NOON, keep, mention

LEASE = timedelta(minutes=3)


def message(key: str = "digest:acme:daily:2026-06-01", **more: object) -> Message:
    fields = {
        "kind": "digest",
        "brand": "acme",
        "subject": "Acme Air, Monday",
        "text": "A quiet day.",
        "html": "<p>A quiet day.</p>",
    }
    return Message(key=key, **{**fields, "data": {"quiet": True}, **more})  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.db") as opened:
        yield opened


def after(**span: float) -> datetime:
    return NOON + timedelta(**span)


class TestQueueing:
    def test_a_key_is_queued_once_ever_for_each_channel(self, store: Store) -> None:
        assert store.outbox.queue("team", message(), NOON)
        assert not store.outbox.queue("team", message(subject="other words"), NOON)
        assert store.outbox.queue("board", message(), NOON)
        store.outbox.sent(1, NOON)
        assert not store.outbox.queue("team", message(), after(days=300))

    def test_what_is_queued_comes_back_as_it_was(self, store: Store) -> None:
        store.outbox.queue("team", message(), NOON)
        (found,) = store.outbox.messages()
        assert (found.message, found.channel, found.state, found.queued, found.due) == (message(), "team", "waiting", NOON, NOON)

    def test_it_is_queued_with_the_callers_own_state_or_not_at_all(self, store: Store) -> None:
        def fail_after_queueing() -> None:
            with store.door.writing() as connection:
                queue_in(connection, "team", message(), NOON)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail_after_queueing()
        assert store.outbox.messages() == []

    def test_half_a_surrogate_pair_does_not_keep_it_from_being_queued(self, store: Store) -> None:
        store.outbox.queue("team", message(subject="late \ud83d", text="\ud83d", html="\ud83d", data={"quote": "\ud83d"}), NOON)
        (found,) = store.outbox.messages()
        assert (found.message.subject, found.message.html) == ("late ?", "?")

    def test_a_key_is_known_whatever_became_of_it(self, store: Store) -> None:
        store.outbox.queue("team", message(), NOON)
        store.outbox.bury(1, "no", "do something")
        assert store.outbox.known(message().key)
        assert not store.outbox.known("another")


class TestClaiming:
    def test_nobody_else_gets_a_message_until_its_claim_runs_out(self, store: Store) -> None:
        store.outbox.queue("team", message(), NOON)
        first = store.outbox.claim("team", NOON, LEASE)
        assert first is not None
        assert store.outbox.claim("team", after(minutes=2), LEASE) is None
        again = store.outbox.claim("team", after(minutes=3), LEASE)
        assert again is not None
        assert (again.name, again.attempts) == (first.name, 2)

    def test_messages_of_a_channel_go_in_their_order(self, store: Store) -> None:
        for key in "abc":
            store.outbox.queue("team", message(key), NOON)
        claimed = [store.outbox.claim("team", NOON, LEASE) for _ in range(4)]
        assert [one and one.message.key for one in claimed] == ["a", "b", "c", None]

    def test_a_failure_holds_back_what_is_behind_it_and_no_other_channel(self, store: Store) -> None:
        for key in "ab":
            store.outbox.queue("team", message(key), NOON)
        store.outbox.queue("board", message(), NOON)
        store.outbox.claim("team", NOON, LEASE)
        store.outbox.postpone(1, after(minutes=5), "the server is away")
        assert store.outbox.channels_due(after(minutes=4)) == ["board"]
        assert store.outbox.channels_due(after(minutes=5)) == ["team", "board"]


class TestEnds:
    def test_what_waits_is_due_when_the_clock_by_which_it_was_put_off_was_wrong(self, store: Store) -> None:
        store.outbox.queue("team", message(), NOON)
        store.outbox.postpone(1, after(days=400), "later")
        store.outbox.hasten(NOON)
        assert store.outbox.channels_due(NOON) == ["team"]

    def test_what_was_sent_keeps_its_subject_and_not_its_words(self, store: Store) -> None:
        store.outbox.queue("team", message(), NOON)
        store.outbox.sent(1, after(minutes=1))
        (found,) = store.outbox.messages(("sent",))
        assert found.message == message(text="", html="", data={})
        assert found.sent == after(minutes=1)

    def test_a_dead_letter_waits_for_somebody_to_retry_it(self, store: Store) -> None:
        store.outbox.queue("team", message(), NOON)
        store.outbox.bury(1, "550 no such user", "check the address")
        assert store.outbox.channels_due(after(days=9)) == []
        assert store.outbox.count() == {"waiting": 0, "dead": 1}
        assert store.outbox.retry(after(days=9)) == 1
        (found,) = store.outbox.messages()
        assert (found.state, found.due, found.queued, found.attempts) == ("waiting", after(days=9), after(days=9), 0)

    def test_retry_leaves_alone_what_was_sent_and_what_has_not_failed(self, store: Store) -> None:
        for key in "ab":
            store.outbox.queue("team", message(key), NOON)
        store.outbox.sent(1, NOON)
        assert store.outbox.retry(NOON) == 0

    def test_who_was_reached_stays_reached(self, store: Store) -> None:
        store.outbox.queue("team", message(), NOON)
        store.outbox.postpone(1, NOON, "greylisted", left=["b@acme.example"])
        store.outbox.postpone(1, NOON, "the server is away")
        claimed = store.outbox.claim("team", NOON, LEASE)
        assert claimed is not None
        assert claimed.left == ("b@acme.example",)

    def test_what_is_old_is_forgotten_unless_it_waits(self, store: Store) -> None:
        for key in "abc":
            store.outbox.queue("team", message(key), NOON)
        store.outbox.sent(1, NOON)
        store.outbox.bury(2, "no", "")
        assert store.outbox.forget(after(days=1)) == 2
        assert [one.message.key for one in store.outbox.messages(("waiting", "sent", "dead"))] == ["c"]


class TestDeletedMentions:
    def test_a_letter_that_waits_loses_the_words_of_a_mention_that_is_deleted(self, store: Store) -> None:
        store.brands.sync([ACME])
        keep(store, mention("1"), mention("2"))
        store.outbox.queue("team", message(mentions=(1, 99)), NOON)
        store.outbox.queue("board", message(mentions=(2,)), NOON)
        with store.door.writing() as connection:
            connection.execute("DELETE FROM mentions WHERE id = 1")
        board, team = store.outbox.messages()
        assert (team.message.html, team.message.data) == ("", {})
        assert team.message.text.startswith("What was quoted here has been deleted")
        assert (team.message.subject, team.state) == ("Acme Air, Monday", "waiting")
        assert board.message.html


class TestSecrets:
    def test_a_channel_is_stored_without_anything_secret(self, store: Store) -> None:
        for address in (
            "slack://TOKENA/TOKENB/TOKENC",
            "mailtos://me:hunter22@mail.example?to=team@acme.example&password=hunter22",
            "webhook+https://:whsec_c2VjcmV0@hooks.example/SECRETPATH?key=hunter22",
            "tgram://123:BOTTOKEN/chat",
            "json://me:hunter22@host.example/SECRETPATH",
        ):
            store.outbox.queue(address, message(), NOON)
        stored = "\n".join(store.door.connection.iterdump())
        for secret in ("TOKEN", "hunter22", "whsec_", "SECRETPATH"):
            assert secret not in stored

    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("team", "team"),
            ("mailto://me:pw@mail.example?to=a@b.example", "mailto://me@mail.example?to=a@b.example"),
            ("mailto://mail.example/a@b.example", "mailto://mail.example/a@b.example"),
        ],
    )
    def test_people_know_a_channel_by_its_id(self, address: str, shown: str) -> None:
        assert channel_id(address) == shown

    def test_a_mail_address_keeps_its_queue_when_its_password_changes(self) -> None:
        assert channel_id("mailto://me:old@m.example?to=a@b.example") == channel_id("mailto://me:new@m.example?to=a@b.example")

    def test_two_addresses_stay_two(self) -> None:
        assert channel_id("slack://A/B/C") != channel_id("slack://A/B/D")

    @given(st.from_regex(r"[a-z]{2,8}(\+https)?://[ -~]{0,40}", fullmatch=True))
    def test_the_id_of_an_id_is_itself(self, address: str) -> None:
        assert channel_id(channel_id(address)) == channel_id(address)

    def test_a_reference_becomes_the_secret_of_the_environment_the_file_or_the_keyring(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("from a file\n")
        environment = {"A": "from a variable", "B_FILE": str(tmp_path / "secret")}
        found = fill_in("x://${A}/${B}/${C}", environment, {"C": "from the keyring"}.get)
        assert found == "x://from a variable/from a file/from the keyring"

    def test_a_secret_that_is_nowhere_is_named_with_where_it_may_be_put(self) -> None:
        with pytest.raises(MissingSecretError, match="the secret HOOK is nowhere") as caught:
            fill_in("x://${HOOK}", {}, lambda _name: None)
        assert "HOOK_FILE" in caught.value.remedy

    def test_the_package_keyring_is_asked_where_it_is_installed_and_has_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        install_keyring(monkeypatch, None)
        assert (from_keyring("HOOK"), from_keyring("OTHER")) == ("from the ring", None)
        install_keyring(monkeypatch, NoKeyringError("none"))
        assert from_keyring("HOOK") is None

    def test_a_keyring_that_cannot_be_asked_is_no_defect_and_says_why(self, monkeypatch: pytest.MonkeyPatch) -> None:
        install_keyring(monkeypatch, ModuleNotFoundError("no backend of that name"))
        with pytest.raises(MissingSecretError, match="no backend of that name") as caught:
            fill_in("x://${HOOK}", {})
        assert "keyring get promisewatch HOOK" in caught.value.remedy

    def test_what_a_service_says_of_an_address_is_blotted_out(self) -> None:
        said = without_secrets("no route to /services/TOKENA/TOKENB", "slack://TOKENA/TOKENB/TOKENC")
        assert said == "no route to /services/…/…"


class NoKeyringError(RuntimeError):
    """As the package's own."""


def install_keyring(monkeypatch: pytest.MonkeyPatch, raises: Exception | None) -> None:
    """A package of the same name and shape, for it is in no environment of ours."""

    def get_password(service: str, name: str) -> str | None:
        if raises is not None:
            raise raises
        return "from the ring" if (service, name) == ("promisewatch", "HOOK") else None

    ring, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    ring.get_password, errors.NoKeyringError = get_password, NoKeyringError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", ring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
