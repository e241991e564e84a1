import email.utils
import gzip
import socket
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.connection import is_public
from sources.http import Gateway, Limits, retry_after, shown
from sources.pace import Pace, Turns
from sources.source import DeniedError, GoneError, MalformedError, RateLimitedError, TemporaryError
from tests.servers import Answer, Handler, Loopback, Play, drip_body, drip_headers, reset, silence

CONTACT = "ops@example.org"


def moved(status: int, to: str) -> Answer:
    return Answer(status, headers={"Location": to})


def limited(**limits: float) -> Gateway:
    return Gateway(CONTACT, allow_private_addresses=True, limits=Limits(**limits))  # type: ignore[arg-type]


class TestWhatItBrings:
    def test_it_brings_status_headers_and_body(self, server: Loopback, gateway: Gateway, now: datetime):
        url = server.play("/a", Answer(200, b"hello", {"ETag": '"1"'}))
        response = gateway.get(url, {}, now)
        assert (response.status, response.url, response.body, response.permanent_url) == (200, url, b"hello", "")
        assert response.headers["etag"] == response.headers["ETag"] == '"1"'

    def test_it_says_who_asks(self, server: Loopback, gateway: Gateway, now: datetime):
        gateway.get(server.play("/a", Answer()), {"If-None-Match": '"1"'}, now)
        assert server.asked[0].headers["User-Agent"] == "promisewatch/0.1 (+ops@example.org)"
        assert server.asked[0].headers["If-None-Match"] == '"1"'

    def test_it_hands_on_not_modified(self, server: Loopback, gateway: Gateway, now: datetime):
        assert gateway.get(server.play("/a", Answer(304)), {}, now).status == 304

    @pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
    def test_it_unpacks_compressed_bodies(
        self, coding: str, pack: Callable[[bytes], bytes], server: Loopback, gateway: Gateway, now: datetime
    ):
        url = server.play("/a", Answer(200, pack(b"hello " * 1000), {"Content-Encoding": coding}))
        assert gateway.get(url, {}, now).body == b"hello " * 1000

    def test_it_can_be_used_by_many_threads_at_once(self, server: Loopback, gateway: Gateway, now: datetime):
        urls = [server.play(f"/{number}", Answer(200, str(number).encode())) for number in range(8)]
        bodies: dict[str, bytes] = {}
        threads = [threading.Thread(target=lambda url=url: bodies.update({url: gateway.get(url, {}, now).body})) for url in urls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert bodies == {url: url.rpartition("/")[2].encode() for url in urls}

    def test_it_ignores_proxies_and_credentials_of_the_environment(
        self, server: Loopback, gateway: Gateway, now: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path
    ):
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        assert gateway.get(server.play("/a", Answer(200, b"direct")), {}, now).body == b"direct"
        assert "Authorization" not in server.asked[0].headers


class TestRedirects:
    def test_it_names_the_new_address_after_permanent_redirects(self, server: Loopback, gateway: Gateway, now: datetime):
        end = server.play("/c", Answer(200, b"here"))
        server.play("/b", moved(308, "/c"))
        response = gateway.get(server.play("/a", moved(301, "/b")), {}, now)
        assert (response.body, response.url, response.permanent_url) == (b"here", end, end)

    @pytest.mark.parametrize("status", [302, 303, 307])
    def test_it_follows_a_temporary_redirect_without_a_new_address(
        self, status: int, server: Loopback, gateway: Gateway, now: datetime
    ):
        server.play("/b", Answer(200, b"here"))
        response = gateway.get(server.play("/a", moved(status, "/b")), {}, now)
        assert (response.body, response.permanent_url) == (b"here", "")

    def test_the_new_address_ends_where_the_first_temporary_redirect_begins(
        self, server: Loopback, gateway: Gateway, now: datetime
    ):
        server.play("/c", moved(301, "/d"))
        server.play("/d", Answer(200))
        server.play("/b", moved(302, "/c"))
        assert gateway.get(server.play("/a", moved(301, "/b")), {}, now).permanent_url == server.url("/b")

    def test_it_gives_up_on_a_loop(self, server: Loopback, gateway: Gateway, now: datetime):
        server.play("/b", moved(302, "/a"))
        with pytest.raises(DeniedError, match="redirects more than 5 times"):
            gateway.get(server.play("/a", moved(302, "/b")), {}, now)
        assert len(server.asked) == 6

    @pytest.mark.parametrize("target", ["ftp://example.org/a", "file:///etc/passwd", "javascript:alert(1)"])
    def test_it_does_not_follow_to_other_schemes(self, target: str, server: Loopback, gateway: Gateway, now: datetime):
        with pytest.raises(DeniedError, match="neither http nor https"):
            gateway.get(server.play("/a", moved(302, target)), {}, now)

    def test_it_takes_no_secret_to_another_place(self, server: Loopback, gateway: Gateway, now: datetime):
        server.play("/a", moved(302, server.url("/b", host="localhost")))
        server.play("/b", Answer(200))
        gateway.get(server.url("/a"), {"Authorization": "Bearer secret", "Accept": "text/xml"}, now)
        assert server.asked[0].headers["Authorization"] == "Bearer secret"
        assert "Authorization" not in server.asked[1].headers
        assert server.asked[1].headers["Accept"] == "text/xml"


class TestPrivateAddresses:
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433"])
    def test_it_does_not_connect_to_them(self, host: str, server: Loopback, now: datetime):
        server.play("/a", Answer(200))
        with pytest.raises(DeniedError) as raised:
            Gateway(CONTACT).get(server.url("/a", host=host), {}, now)
        assert "allow_private_addresses" in raised.value.remedy
        assert server.asked == []

    def test_a_public_looking_name_does_not_help(self, server: Loopback, now: datetime):
        gateway = Gateway(CONTACT, resolve=lambda host, port: ["10.0.0.7", "169.254.169.254", "127.0.0.1"])
        with pytest.raises(DeniedError, match="private address"):
            gateway.get(server.url("/a", host="feeds.example.org"), {}, now)

    def test_every_hop_of_a_redirect_is_checked(self, server: Loopback, now: datetime, monkeypatch: pytest.MonkeyPatch):
        checked: list[str] = []

        def only_the_first_is_public(address: str) -> bool:
            checked.append(address)
            return len(checked) == 1

        monkeypatch.setattr("sources.connection.is_public", only_the_first_is_public)
        server.play("/a", moved(302, server.url("/b", host="localhost")))
        with pytest.raises(DeniedError, match="private address"):
            Gateway(CONTACT).get(server.url("/a"), {}, now)
        assert [asked.path for asked in server.asked] == ["/a"]

    def test_it_connects_to_the_address_that_was_checked_and_looks_no_second_time(self, server: Loopback, now: datetime):
        answers = [["127.0.0.1"], ["203.0.113.9"]]
        gateway = Gateway(CONTACT, allow_private_addresses=True, resolve=lambda host, port: answers.pop(0))
        server.play("/a", Answer(200, b"first"))
        assert gateway.get(server.url("/a", host="feeds.example.org"), {}, now).body == b"first"
        assert answers == [["203.0.113.9"]]
        assert server.asked[0].headers["Host"].startswith("feeds.example.org")

    def test_it_tries_the_next_address_when_one_does_not_answer(self, server: Loopback, now: datetime):
        gateway = Gateway(CONTACT, allow_private_addresses=True, resolve=lambda host, port: ["::1", "127.0.0.1"])
        server.play("/a", Answer(200, b"second"))
        assert gateway.get(server.url("/a", host="feeds.example.org"), {}, now).body == b"second"

    @pytest.mark.parametrize(
        ("address", "public"),
        [
            ("93.184.216.34", True),
            ("2606:2800:220:1:248:1893:25c8:1946", True),
            ("10.1.2.3", False),
            ("172.16.0.1", False),
            ("192.168.1.1", False),
            ("169.254.169.254", False),
            ("100.64.0.1", False),
            ("224.0.0.1", False),
            ("255.255.255.255", False),
            ("fe80::1", False),
            ("fc00::1", False),
            ("::", False),
            ("::ffff:10.0.0.1", False),
            ("2002:7f00:1::", False),
            ("64:ff9b::7f00:1", False),
            ("64:ff9b::5db8:d822", True),
        ],
    )
    def test_it_knows_a_private_address(self, address: str, public: bool):
        assert is_public(address) is public


class TestFailures:
    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (500, TemporaryError),
            (503, TemporaryError),
            (408, TemporaryError),
            (429, RateLimitedError),
            (401, DeniedError),
            (403, DeniedError),
            (404, DeniedError),
            (400, DeniedError),
            (451, DeniedError),
            (410, GoneError),
        ],
    )
    def test_it_sorts_them_by_what_can_be_done(
        self, status: int, error: type[Exception], server: Loopback, gateway: Gateway, now: datetime
    ):
        with pytest.raises(error) as raised:
            gateway.get(server.play("/a", Answer(status)), {}, now)
        assert type(raised.value) is error

    def test_a_missing_page_asks_to_check_the_address(self, server: Loopback, gateway: Gateway, now: datetime):
        with pytest.raises(DeniedError) as raised:
            gateway.get(server.url("/nowhere"), {}, now)
        assert raised.value.remedy == "check the address"

    @pytest.mark.parametrize("status", [429, 503])
    def test_it_waits_as_long_as_it_is_asked_to(self, status: int, server: Loopback, gateway: Gateway, now: datetime):
        with pytest.raises(RateLimitedError) as raised:
            gateway.get(server.play("/a", Answer(status, headers={"Retry-After": "90"})), {}, now)
        assert raised.value.until == now + timedelta(seconds=90)

    def test_it_says_so_when_no_time_was_given(self, server: Loopback, gateway: Gateway, now: datetime):
        with pytest.raises(RateLimitedError) as raised:
            gateway.get(server.play("/a", Answer(429)), {}, now)
        assert raised.value.until is None

    @pytest.mark.parametrize(
        "answer",
        [
            reset,
            Answer(200, b"half", {"Content-Length": "100"}),
            Answer(200, b"5\r\nhello\r\n", {"Transfer-Encoding": "chunked", "Content-Length": "0"}),
            Answer(200, b"no gzip at all", {"Content-Encoding": "gzip"}),
            lambda handler: handler.wfile.write(b"nonsense\r\n\r\n"),
        ],
        ids=["reset", "truncated", "truncated chunks", "broken gzip", "no HTTP"],
    )
    def test_a_broken_answer_is_temporary(self, answer: Play, server: Loopback, gateway: Gateway, now: datetime):
        with pytest.raises(TemporaryError):
            gateway.get(server.play("/a", answer), {}, now)

    def test_a_closed_port_is_temporary(self, gateway: Gateway, now: datetime):
        with socket.socket() as unheard:
            unheard.bind(("127.0.0.1", 0))
            with pytest.raises(TemporaryError, match="no connection"):
                gateway.get(f"http://127.0.0.1:{unheard.getsockname()[1]}/", {}, now)

    def test_an_unknown_name_is_temporary_with_a_remedy(self, now: datetime):
        def unknown(host: str, port: int) -> list[str]:
            raise socket.gaierror(-2, "Name or service not known")

        with pytest.raises(TemporaryError, match=r"nowhere\.example") as raised:
            Gateway(CONTACT, resolve=unknown).get("https://nowhere.example/", {}, now)
        assert "check the address" in raised.value.remedy

    def test_a_server_without_tls_is_temporary(self, server: Loopback, gateway: Gateway, now: datetime):
        with pytest.raises(TemporaryError):
            gateway.get(server.url("/a").replace("http://", "https://"), {}, now)

    @pytest.mark.parametrize(
        "url", ["", "nonsense", "file:///etc/passwd", "ftp://example.org", "http://", "http://[::1", "http://a b/"]
    )
    def test_what_is_no_web_address_is_denied(self, url: str, gateway: Gateway, now: datetime):
        with pytest.raises(DeniedError) as raised:
            gateway.get(url, {}, now)
        assert raised.value.remedy

    @pytest.mark.parametrize("url", ["http://" + "a" * 70 + ".example/", "http://.example/", "http://127.0.0.1:99999/"])
    def test_what_cannot_be_looked_up_is_a_source_error(self, url: str, gateway: Gateway, now: datetime):
        with pytest.raises((DeniedError, TemporaryError)):
            gateway.get(url, {}, now)


class TestConnections:
    def test_one_serves_many_requests(self, server: Loopback, gateway: Gateway, now: datetime):
        url = server.play("/a", Answer(200, b"a", stays=True))
        for answer in (Answer(200, b"a", stays=True), Answer(304, stays=True), moved(302, "/b"), Answer(404, b"no", stays=True)):
            server.play("/a", replace(answer, stays=True))
            server.play("/b", Answer(200, b"b", stays=True))
            with suppress(DeniedError):
                gateway.get(url, {}, now)
        assert (len(server.asked), server.connections) == (5, 1)

    def test_one_that_the_place_closed_meanwhile_is_replaced_without_a_word(
        self, server: Loopback, gateway: Gateway, now: datetime
    ):
        def hang_up_when_used_again(handler: Handler) -> None:
            if server.connections == 1 and len(server.asked) > 1:
                reset(handler)
            else:
                Answer(200, b"fine", stays=True)(handler)

        url = server.play("/a", hang_up_when_used_again)
        assert [gateway.get(url, {}, now).body for _ in range(2)] == [b"fine", b"fine"]
        assert server.connections == 2

    def test_one_that_breaks_at_its_first_request_is_a_failure(self, server: Loopback, gateway: Gateway, now: datetime):
        with pytest.raises(TemporaryError):
            gateway.get(server.play("/a", reset), {}, now)
        assert server.connections == 1

    def test_one_that_was_used_before_is_cut_in_time_like_any(self, server: Loopback, now: datetime):
        gateway = limited(read=5, total=0.3)
        url = server.play("/a", Answer(200, b"fine", stays=True), drip_body)
        gateway.get(url, {}, now)
        with pytest.raises(TemporaryError, match=r"longer than 0\.3 s"):
            gateway.get(url, {}, now)
        assert server.connections == 1

    def test_every_new_one_is_checked_also_after_the_name_has_moved(
        self, server: Loopback, now: datetime, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("sources.connection.is_public", lambda address: address == "127.0.0.1")
        found = iter([["127.0.0.1"], ["10.0.0.7"]])
        gateway = Gateway(CONTACT, resolve=lambda host, port: next(found))
        url = server.url("/a", host="feeds.example.org")
        server.play("/a", Answer(200, b"first"))
        gateway.get(url, {}, now)
        with pytest.raises(DeniedError, match="private address"):
            gateway.get(url, {}, now)

    def test_user_and_password_of_an_address_are_sent(self, server: Loopback, gateway: Gateway, now: datetime):
        server.play("/a", Answer(200))
        gateway.get(server.url("/a", host="me:p%40ss@127.0.0.1"), {}, now)
        assert server.asked[0].headers["Authorization"] == "Basic bWU6cEBzcw=="


class TestPace:
    def test_requests_of_a_host_begin_apart_and_other_hosts_do_not_wait(self):
        time, slept = [100.0], []

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            time[0] += seconds

        turns = Turns(Pace(at_once=1, spacing=2.0), clock=lambda: time[0], sleep=sleep)
        for host in ("a", "a", "b", "a"):
            with turns.turn(host):
                time[0] += 0.5
        assert slept == [1.5, 1.0]

    def test_no_more_than_allowed_are_under_way(self, server: Loopback, now: datetime):
        under_way, most, lock = [0], [0], threading.Lock()
        arrived = threading.Semaphore(0)

        def count(handler: Handler) -> None:
            with lock:
                under_way[0] += 1
                most[0] = max(most[0], under_way[0])
            arrived.release()
            arrived.acquire(timeout=0.05)
            with lock:
                under_way[0] -= 1
            Answer(200)(handler)

        gateway = Gateway(CONTACT, allow_private_addresses=True, pace=Pace(at_once=2, spacing=0.0))
        url = server.play("/a", count)
        threads = [threading.Thread(target=gateway.get, args=(url, {}, now)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.asked) == 8
        assert most[0] <= 2


class TestLimits:
    def test_it_does_not_wait_for_a_silent_server(self, server: Loopback, now: datetime):
        with pytest.raises(TemporaryError, match="did not answer in time"):
            limited(read=0.1).get(server.play("/a", silence), {}, now)

    @pytest.mark.parametrize("drip", [drip_headers, drip_body])
    def test_it_cuts_a_server_that_drips(self, drip: Play, server: Loopback, now: datetime):
        with pytest.raises(TemporaryError, match=r"longer than 0\.2 s"):
            limited(read=5, total=0.2).get(server.play("/a", drip), {}, now)

    def test_it_stops_at_the_size_limit(self, server: Loopback, now: datetime):
        with pytest.raises(MalformedError, match="more than 1,000 bytes"):
            limited(size=1000).get(server.play("/a", Answer(200, b"x" * 1001)), {}, now)
        assert len(limited(size=1000).get(server.play("/b", Answer(200, b"x" * 1000)), {}, now).body) == 1000

    def test_a_gzip_bomb_goes_off_in_small(self, server: Loopback, now: datetime):
        bomb = gzip.compress(b"0" * 50_000_000)
        assert len(bomb) < 100_000
        with pytest.raises(MalformedError, match="more than 100,000 bytes"):
            limited(size=100_000).get(server.play("/a", Answer(200, bomb, {"Content-Encoding": "gzip"})), {}, now)


class TestRetryAfter:
    @given(st.integers(0, 10**30))
    def test_seconds_are_bounded(self, seconds: int):
        wait = retry_after(str(seconds), datetime.fromisoformat("2026-09-01T12:00:00+00:00"))
        assert wait == timedelta(seconds=min(seconds, 30 * 86400))

    def test_it_may_be_a_date(self, now: datetime):
        assert retry_after(email.utils.format_datetime(now + timedelta(minutes=5), usegmt=True), now) == timedelta(minutes=5)

    def test_a_date_gone_by_is_no_wait(self, now: datetime):
        assert retry_after(email.utils.format_datetime(now - timedelta(days=1), usegmt=True), now) == timedelta(0)

    @given(st.text())
    def test_nonsense_is_none_or_a_wait(self, value: str):
        wait = retry_after(value, datetime.fromisoformat("2026-09-01T12:00:00+00:00"))
        assert wait is None or timedelta(0) <= wait <= timedelta(days=30)


def test_messages_hide_what_may_be_secret():
    assert shown("https://user:pass@example.org:8080/feed?token=secret#x") == "https://example.org:8080/feed"
