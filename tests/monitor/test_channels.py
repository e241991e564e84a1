"""Channels: what is configured is found and opened, and what arrives is what was meant, at real servers on loopback."""

import hmac
import json
import smtplib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.channels import (
    SECONDS,
    DeliveryError,
    Surroundings,
    channels,
    check_channels,
    find_channel,
    open_channel,
    surroundings,
)
from monitor.config import Config, parse
from monitor.mail import TAKING_SECONDS
from monitor.secrets import channel_id
from monitor.storage.outbox import Message, Queued
from sources.http import Gateway, Limits
from tests import servers
from tests.monitor.config_texts import BRAND, complaint
from tests.monitor.mail_server import Mailbox, dripping_mail_server, mail_server

NOW = datetime(2026, 9, 1, 6, tzinfo=UTC)
DOT = b64encode(b"\x89PNG a picture").decode()
HTML = f'<p>Grüße</p><img alt="a chart" src="data:image/png;base64,{DOT}">'
MESSAGE = Message("digest:acme:daily:2026-08-31", "digest", "acme", "Acme Air: 5 → 3", "Grüße", HTML, {"quiet": False})
KEY = b"a key of twenty-four byte"
WHSEC = "whsec_" + b64encode(KEY).decode()


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as running:
        yield running


@pytest.fixture
def server() -> Iterator[servers.Loopback]:
    with servers.running() as running:
        yield running


def world(**environment: str) -> Surroundings:
    gateway = Gateway("test@example.org", allow_private_addresses=True, limits=Limits(total=2.0))
    return Surroundings(environment, gateway, lambda _name: None, allow_private=True)


def config(*addresses: str, more: str = "") -> Config:
    return parse(f"{BRAND}[digest]\nto = {json.dumps(addresses)}\n{more}")


def letter(message: Message = MESSAGE, left: tuple[str, ...] = ()) -> Queued:
    return Queued(7, "team", "waiting", NOW - timedelta(minutes=5), NOW, 1, None, "", "", message, left)


def send(address: str, message: Message = MESSAGE, left: tuple[str, ...] = (), **environment: str) -> None:
    settings = config(address)
    open_channel(find_channel(settings, address), world(**environment)).send(letter(message, left), NOW)


def failure(address: str, message: Message = MESSAGE, **environment: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send(address, message, **environment)
    return caught.value


class TestConfigured:
    def test_every_receiver_of_every_table_is_a_channel(self) -> None:
        settings = config(
            "team",
            "mailto://me@m.example/a@b.example",
            more='[[channel]]\nname = "team"\naddress = "slack://${TEAM}"\nper_hour = 5\n'
            '[[alert]]\nwatch = "volume"\nbrand = "acme"\nto = ["slack://A/B/C"]\n',
        )
        found = channels(settings)
        assert set(found) == {"team", "mailto://me@m.example/a@b.example", channel_id("slack://A/B/C")}
        assert (found["team"].per_hour, found[channel_id("slack://A/B/C")].per_hour) == (5, 30)
        assert find_channel(settings, "slack://A/B/C") == found[channel_id("slack://A/B/C")]

    def test_a_name_that_no_channel_has_is_a_fault_of_the_configuration(self) -> None:
        assert "digest.to: there is no such channel; add [[channel]] with a name; known: none" in complaint(
            f'{BRAND}[digest]\nto = ["taem"]\n'
        )

    def test_a_fault_in_an_address_does_not_show_it(self) -> None:
        said = complaint(f'{BRAND}[digest]\nto = ["slack:/TOKENA/TOKENB"]\n')
        assert "give an address such as" in said
        assert "TOKEN" not in said.replace('to = ["slack:/TOKENA/TOKENB"]', "")

    def test_one_that_is_no_longer_configured_is_a_failure_that_stays(self) -> None:
        with pytest.raises(DeliveryError, match="the channel gone is not configured") as caught:
            find_channel(config("mailto://me@m.example/a@b.example"), "gone")
        assert caught.value.permanent
        assert "mailto://me@m.example/a@b.example" in caught.value.remedy

    def test_a_secret_that_is_missing_is_named(self) -> None:
        error = failure("slack://${TEAM}")
        assert error.permanent
        assert "TEAM" in str(error)

    def test_the_doctor_tells_of_each_whether_it_is_understood(self) -> None:
        settings = config("nonsense://x", "mailto://me@m.example/a@b.example", "slack://${TEAM}")
        found = {one.check: one.grade for one in check_channels(settings, world())}
        assert found == {
            f"channel {channel_id('nonsense://x')}": "error",
            "channel mailto://me@m.example/a@b.example": "ok",
            f"channel {channel_id('slack://${TEAM}')}": "error",
        }


class TestMail:
    def test_it_arrives_as_a_page_with_its_pictures_and_the_same_in_plain_text(self, box: Mailbox) -> None:
        send(box.address("ann@acme.example", "bob@acme.example"))
        ((receivers, mail),) = box.arrived
        assert receivers == ("ann@acme.example", "bob@acme.example")
        assert mail["Subject"] == "Acme Air: 5 → 3"
        assert mail["From"] == "Acme watch <watch@acme.example>"
        assert mail["To"] == "ann@acme.example, bob@acme.example"
        assert mail["Auto-Submitted"] == "auto-generated"
        plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
        assert plain is not None
        assert page is not None
        assert plain.get_content().strip() == "Grüße"
        (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
        assert picture.get_content() == b64decode(DOT)
        assert picture.get_content_disposition() == "inline"
        assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in page.get_content()
        assert "data:" not in page.get_content()

    def test_the_page_stands_beside_the_plain_text_and_the_pictures_inside_the_page(self, box: Mailbox) -> None:
        send(box.address("ann@acme.example"))
        kinds = [part.get_content_type() for part in box.mails[0].walk()]
        assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]

    def test_a_message_without_a_page_is_plain_text(self, box: Mailbox) -> None:
        send(box.address("ann@acme.example"), Message("k", "test", "", "s", "t"))
        assert box.mails[0].get_content_type() == "text/plain"

    def test_the_same_message_has_the_same_id_however_often_it_is_sent(self, box: Mailbox) -> None:
        for message in (MESSAGE, MESSAGE, Message("other", "test", "", "s", "t")):
            send(box.address("ann@acme.example"), message)
        first, second, other = (mail["Message-ID"] for mail in box.mails)
        assert first == second != other

    def test_a_subject_adds_no_header(self, box: Mailbox) -> None:
        send(box.address("ann@acme.example"), Message("k", "alert", "acme", "Boo\r\nBcc: eve@evil.example\u2028x", "t"))
        ((receivers, mail),) = box.arrived
        assert (receivers, mail["Bcc"]) == (("ann@acme.example",), None)
        assert mail["Subject"] == "Boo Bcc: eve@evil.example x"

    def test_only_who_was_not_reached_is_written_to_again(self, box: Mailbox) -> None:
        box.refuse["bob@acme.example"] = "451 greylisted"
        error = failure(box.address("ann@acme.example", "bob@acme.example"))
        assert (error.permanent, error.left) == (False, ("bob@acme.example",))
        box.refuse.clear()
        send(box.address("ann@acme.example", "bob@acme.example"), left=error.left)
        assert [receivers for receivers, _ in box.arrived] == [("ann@acme.example",), ("bob@acme.example",)]

    def test_when_all_are_refused_it_has_reached_nobody(self, box: Mailbox) -> None:
        box.refuse["ann@acme.example"] = "550 no such user"
        error = failure(box.address("ann@acme.example"))
        assert (error.permanent, error.left) == (True, ())
        assert "ann@acme.example: 550 no such user" in str(error)

    @pytest.mark.parametrize(("answer", "permanent"), [("452 disk full", False), ("554 looks like spam", True)])
    def test_a_server_says_whether_it_is_worth_another_try(self, box: Mailbox, answer: str, permanent: bool) -> None:
        box.answers = [answer]
        error = failure(box.address("ann@acme.example"))
        assert error.permanent is permanent
        assert answer[:3] in str(error)

    @pytest.mark.parametrize("farewell", ["421 too busy to say good-bye", "554 never heard of that"])
    def test_what_was_taken_has_arrived_however_the_server_takes_its_leave(self, box: Mailbox, farewell: str) -> None:
        box.farewell = farewell
        send(box.address("ann@acme.example"))
        assert len(box.arrived) == 1

    def test_nobody_at_the_port_is_worth_another_try(self) -> None:
        with mail_server() as gone:
            address = gone.address("ann@acme.example")
        assert not failure(address).permanent

    @pytest.mark.parametrize("to", ["?to=ann@acme.example,bob@acme&", "/ann@acme.example/bob@acme?", "?to=bob@acme&"])
    def test_somebody_who_cannot_be_written_to_is_named_before_anything_is_sent(self, box: Mailbox, to: str) -> None:
        error = failure(f"mailto://127.0.0.1:{box.port}{to}from=watch@acme.example")
        assert error.permanent
        assert "bob@acme" in str(error)
        assert box.arrived == []

    def test_a_server_that_drips_is_cut_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("monitor.mail.ALL_SECONDS", 0.3)
        with dripping_mail_server() as address:
            assert not failure(address).permanent

    def test_it_waits_longer_for_the_word_that_a_mail_was_taken_than_for_any_other(
        self, box: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waits: list[float | None] = []
        steps = smtplib.SMTP.getreply

        def noting(server: smtplib.SMTP) -> tuple[int, bytes]:
            waits.append(server.sock.gettimeout() if server.sock else None)
            return steps(server)

        monkeypatch.setattr(smtplib.SMTP, "getreply", noting)
        send(box.address("ann@acme.example"))
        assert waits.index(TAKING_SECONDS) == 4  # after greeting, EHLO, MAIL and RCPT
        assert {SECONDS} == set(waits[:4])


class TestWebhook:
    def address(self, server: servers.Loopback, *answers: servers.Play) -> str:
        url = server.play("/hook", *answers or (servers.Answer(204),))
        return f"webhook+{url.replace('://', '://:${HOOK}@')}"

    def test_it_posts_what_happened_signed_so_that_the_receiver_knows_us(self, server: servers.Loopback) -> None:
        send(self.address(server), HOOK=WHSEC)
        (asked,) = server.asked
        assert json.loads(asked.body) == {
            "type": "digest",
            "timestamp": "2026-09-01T05:55:00Z",
            "key": MESSAGE.key,
            "brand": "acme",
            "subject": "Acme Air: 5 → 3",
            "text": "Grüße",
            "data": {"quiet": False},
        }
        headers = {name.lower(): value for name, value in asked.headers.items()}
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + asked.body
        assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
        assert headers["webhook-signature"] == f"v1,{b64encode(hmac.digest(KEY, signed, 'sha256')).decode()}"
        assert headers["webhook-id"] == f"msg_{letter().name}"
        assert "authorization" not in headers

    def test_a_secret_may_be_any_words(self, server: servers.Loopback) -> None:
        send(self.address(server), HOOK="just words")
        asked = server.asked[0]
        headers = {name.lower(): value for name, value in asked.headers.items()}
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + asked.body
        assert headers["webhook-signature"] == f"v1,{b64encode(hmac.digest(b'just words', signed, 'sha256')).decode()}"

    @pytest.mark.parametrize(
        ("status", "permanent"),
        [(302, True), (400, True), (401, True), (404, True), (410, True), (429, False), (500, False), (503, False)],
    )
    def test_a_status_says_whether_it_is_worth_another_try(self, server: servers.Loopback, status: int, permanent: bool) -> None:
        error = failure(self.address(server, servers.Answer(status, headers={"Location": "/elsewhere"})), HOOK=WHSEC)
        assert error.permanent is permanent
        assert len(server.asked) == 1

    def test_a_place_that_asks_for_time_gets_it(self, server: servers.Loopback) -> None:
        error = failure(self.address(server, servers.Answer(429, headers={"Retry-After": "600"})), HOOK=WHSEC)
        assert error.until == NOW + timedelta(minutes=10)

    @pytest.mark.parametrize("play", [servers.reset, servers.silence])
    def test_one_that_hangs_or_breaks_off_is_worth_another_try(self, server: servers.Loopback, play: servers.Play) -> None:
        assert not failure(self.address(server, play), HOOK=WHSEC).permanent

    def test_a_private_address_is_refused_unless_it_is_allowed(self, server: servers.Loopback) -> None:
        address = self.address(server)
        careful = Surroundings({"HOOK": WHSEC}, Gateway("test@example.org"))
        with pytest.raises(DeliveryError) as caught:
            open_channel(find_channel(config(address), address), careful).send(letter(), NOW)
        assert caught.value.permanent
        assert server.asked == []

    @pytest.mark.parametrize("address", ["webhook+https://hooks.example/x", "webhook+https://:whsec_%25%25@hooks.example/x"])
    def test_it_is_not_sent_without_a_secret_that_can_sign(self, address: str) -> None:
        assert failure(address).permanent


class TestApprise:
    def address(self, server: servers.Loopback, *answers: servers.Play) -> str:
        return server.play("/note", *answers or (servers.Answer(),)).replace("http://", "json://") + "?k=TOPSECRET"

    def test_it_arrives_as_title_and_text(self, server: servers.Loopback) -> None:
        send(self.address(server))
        body = json.loads(server.asked[0].body)
        assert (body["title"], body["message"]) == ("Acme Air: 5 → 3", "Grüße")

    @pytest.mark.parametrize(("status", "permanent"), [(403, True), (404, True), (429, False), (500, False)])
    def test_what_it_logs_says_whether_it_is_worth_another_try(
        self, server: servers.Loopback, status: int, permanent: bool, capfd: pytest.CaptureFixture[str]
    ) -> None:
        error = failure(self.address(server, servers.Answer(status)))
        assert error.permanent is permanent
        assert str(status) in str(error)
        assert "TOPSECRET" not in str(error)
        assert capfd.readouterr() == ("", "")

    def test_a_broken_connection_is_worth_another_try(self, server: servers.Loopback) -> None:
        assert not failure(self.address(server, servers.reset)).permanent

    def test_a_private_address_is_refused_unless_it_is_allowed(self, server: servers.Loopback) -> None:
        error = self.refused(self.address(server))
        assert error.permanent
        assert "127.0.0.1 is a private address" in str(error)
        assert "[delivery]" in error.remedy
        assert server.asked == []

    def test_so_is_one_that_a_public_place_leads_to(self, server: servers.Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("monitor.watched.is_public", lambda host: host == "127.0.0.1")
        error = self.refused(self.address(server, servers.Answer(302, headers={"Location": server.url("/inside", "[::1]")})))
        assert "::1 is a private address" in str(error)
        assert [one.path.partition("?")[0] for one in server.asked] == ["/note"]

    def refused(self, address: str) -> DeliveryError:
        careful = Surroundings({}, Gateway("test@example.org"))
        with pytest.raises(DeliveryError) as caught:
            open_channel(find_channel(config(address), address), careful).send(letter(), NOW)
        return caught.value

    @pytest.mark.parametrize("table", ["network", "delivery"])
    def test_the_configuration_allows_it_for_everything_or_for_messages_alone(self, table: str, server: servers.Loopback) -> None:
        address = self.address(server)
        allowing = config(address, more=f"[{table}]\nallow_private_addresses = true\n")
        open_channel(find_channel(allowing, address), surroundings(allowing, {})).send(letter(), NOW)
        assert len(server.asked) == 1

    @pytest.mark.parametrize("play", [servers.drip_headers, servers.drip_body])
    def test_one_that_took_it_and_goes_on_talking_is_cut_off(
        self, server: servers.Loopback, play: servers.Play, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("monitor.channels.ALL_SECONDS", 0.5)
        send(self.address(server, play))
        assert len(server.asked) == 1

    def test_one_that_says_nothing_is_cut_off_and_worth_another_try(
        self, server: servers.Loopback, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("monitor.channels.ALL_SECONDS", 0.5)
        assert not failure(self.address(server, servers.silence)).permanent

    def test_an_address_that_it_does_not_understand_is_said(self) -> None:
        error = failure("nonsense://x")
        assert error.permanent
        assert "is not understood" in str(error)
