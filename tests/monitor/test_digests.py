"""Digests by themselves: each edition once, in the brand's own morning, late rather than lost, and as a mail that arrives whole."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.case_watch import open_due_cases
from monitor.cli import run
from monitor.config import Config, parse
from monitor.digests import DueDigest, digest_message, last_day, latest_digests, load_digest, queue_due_digests
from monitor.pipeline import prepare
from monitor.storage.forgetting import Chosen
from monitor.store import Store
from tests.monitor.mail_server import Mailbox, mail_server
from tests.monitor.store_builders import BAD, GOOD, keep, matched, mention, read, reading, said

BRAND = '[[brand]]\nid = "acme"\nname = "Acme Air"\ntimezone = "Europe/Riga"\n'
PROMISE = '[[brand.promise]]\nid = "on-time"\ntext = "We depart on time."\n'
RIGA = ZoneInfo("Europe/Riga")
TUESDAY = date(2026, 6, 2)
moments = st.integers(1_704_067_200, 1_830_297_600).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def config(more: str = "", digest: str = 'to = ["team", "board"]') -> Config:
    channels = "".join(f'[[channel]]\nname = "{name}"\naddress = "slack://A/B/{name}"\n' for name in ("team", "board"))
    return parse(f"{BRAND}{PROMISE}{more}{channels}[digest]\n{digest}\n")


def morning(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=RIGA).astimezone(UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.db") as opened:
        yield opened


def hear(store: Store, *texts: str, day: date = date(2026, 6, 1), mood: str = "bad", author: str = "") -> None:
    """Customers speak at noon of a day, and are read."""
    prepare(store, config())
    noon = morning(day, 12)
    mentions = [
        mention(f"{day}:{place}:{text}", text, published=noon, **({"author": author} if author else {}))
        for place, text in enumerate(texts)
    ]
    keep(store, *mentions, match=matched("acme", zone=RIGA), now=noon)
    read(store, reading(BAD, said("on-time", "broken")) if mood == "bad" else reading(GOOD, said("on-time", "kept")))


def keys(store: Store) -> list[tuple[str, str]]:
    return sorted((one.channel, one.message.key) for one in store.outbox.messages(("waiting", "sent", "dead")))


def test_it_tells_that_one_customer_wrote_most_of_the_day_and_not_of_other_days(store: Store) -> None:
    hear(store, *(f"Two hours late, the time number {place}." for place in range(6)), author="angry one")
    hear(store, *(f"Late by an hour, flight {place}." for place in range(6)), day=TUESDAY)
    on_monday, on_tuesday = (load_digest(store, "acme", "daily", day, morning(TUESDAY, 23)) for day in (date(2026, 6, 1), TUESDAY))
    assert on_monday.reliance[0] == "6 of the 6 negative mentions come from one customer: read this number with care."
    assert on_tuesday.reliance == ()


class TestWhen:
    def test_it_is_due_at_the_hour_of_the_brands_own_day(self, store: Store) -> None:
        hear(store, "Two hours late.")
        assert queue_due_digests(store, config(), morning(TUESDAY, 7, 59)) == 1
        assert queue_due_digests(store, config(), morning(TUESDAY)) == 1
        days = {key for _, key in keys(store)}
        assert days == {"digest:acme:daily:2026-05-31", "digest:acme:daily:2026-06-01"}

    def test_each_edition_is_queued_once_for_all_its_receivers(self, store: Store) -> None:
        hear(store, "Two hours late.")
        for minutes in (0, 1, 60, 23 * 60):
            queue_due_digests(store, config(), morning(TUESDAY) + timedelta(minutes=minutes))
        assert keys(store) == [("board", "digest:acme:daily:2026-06-01"), ("team", "digest:acme:daily:2026-06-01")]

    def test_a_receiver_that_is_added_later_begins_with_the_next_one(self, store: Store) -> None:
        hear(store, "Two hours late.")
        queue_due_digests(store, config(digest='to = ["team"]'), morning(TUESDAY))
        assert queue_due_digests(store, config(), morning(TUESDAY, 9)) == 0
        queue_due_digests(store, config(), morning(TUESDAY + timedelta(days=1)))
        assert [channel for channel, _ in keys(store)] == ["board", "team", "team"]

    def test_of_the_missed_ones_only_the_latest_is_caught_up(self, store: Store) -> None:
        hear(store, "Two hours late.")
        queue_due_digests(store, config(digest='to = ["team"]'), morning(TUESDAY))
        queue_due_digests(store, config(digest='to = ["team"]'), morning(TUESDAY + timedelta(days=9), 15))
        assert [key for _, key in keys(store)] == ["digest:acme:daily:2026-06-01", "digest:acme:daily:2026-06-10"]

    def test_a_brand_that_nobody_spoke_of_yet_has_none(self, store: Store) -> None:
        prepare(store, config())
        assert queue_due_digests(store, config(), morning(TUESDAY)) == 0

    def test_nobody_named_means_no_digest(self, store: Store) -> None:
        hear(store, "Two hours late.")
        assert queue_due_digests(store, parse(BRAND), morning(TUESDAY)) == 0
        assert queue_due_digests(store, config(digest="to = []"), morning(TUESDAY)) == 0

    @pytest.mark.parametrize(
        ("edition", "day"), [("daily", date(2026, 6, 30)), ("weekly", date(2026, 6, 28)), ("monthly", date(2026, 6, 30))]
    )
    def test_editions_end_with_a_day_a_week_or_a_month_that_is_over(self, edition: str, day: date) -> None:
        settings = config(digest=f'to = ["team"]\neditions = ["{edition}"]')
        (due,) = latest_digests(settings, morning(date(2026, 7, 1)))
        assert (due.edition, due.day) == (edition, day)

    @given(moments, st.sampled_from(["daily", "weekly", "monthly"]))
    def test_an_edition_that_was_told_is_over_and_none_is_skipped(self, now: datetime, edition: str) -> None:
        settings = config(digest=f'at = "02:30"\nto = ["team"]\neditions = ["{edition}"]')
        (due,) = latest_digests(settings, now)
        (tomorrow,) = latest_digests(settings, now + timedelta(days=1))
        assert due.day < now.astimezone(RIGA).date()
        assert tomorrow.day >= due.day
        assert tomorrow.day == due.day or last_day(due.edition, due.day + timedelta(days=1)) == due.day
        if edition == "daily":
            assert tomorrow.day - due.day == timedelta(days=1)

    def test_brands_have_their_own_mornings(self) -> None:
        settings = config('[[brand]]\nid = "far"\nname = "Far Air"\ntimezone = "Pacific/Auckland"\n')
        found = {due.brand.id: due.day for due in latest_digests(settings, datetime(2026, 6, 1, 21, tzinfo=UTC))}
        assert found == {"acme": date(2026, 5, 31), "far": date(2026, 6, 1)}

    def test_a_competitor_has_no_digest_and_its_customers_no_case(self, store: Store) -> None:
        settings = config().brand[0]
        rival = parse(
            '[[brand]]\nid = "ours"\nname = "Ours"\ncompetitors = ["acme"]\n[digest]\nto = ["slack://A/B/c"]\n' + BRAND + PROMISE
        )
        hear(store, "Where is my bag, Acme? Please help, nobody answers!")
        assert settings.id not in {due.brand.id for due in latest_digests(rival, morning(TUESDAY))}
        assert open_due_cases(store, rival, morning(date(2026, 6, 1), 13)) == ""


class TestWhat:
    def test_it_tells_who_waits_for_an_answer(self, store: Store) -> None:
        hear(store, "Where is my bag, Acme? Please help, nobody answers!")
        assert open_due_cases(store, config(), morning(date(2026, 6, 1), 13))
        digest = load_digest(store, "acme", "daily", date(2026, 6, 1), morning(TUESDAY))
        assert digest.extras.waiting_in_all == 1
        (one,) = digest.extras.waiting
        assert one.mention == 1
        assert any("waits for an answer" in thing for thing in digest.things)

    def test_a_longer_edition_quotes_all_of_its_days(self, store: Store) -> None:
        prepare(store, config())
        days = [morning(date(2026, 6, day), 12) for day in (2, 5)]
        keep(store, *(mention(str(at), published=at) for at in days), match=matched("acme", zone=RIGA))
        read(store, reading(BAD))
        weekly = load_digest(store, "acme", "weekly", date(2026, 6, 7), morning(date(2026, 6, 8)))
        assert sorted(quote.published for quote in weekly.complaints) == days

    def test_a_day_long_gone_does_not_tell_who_waits_now(self, store: Store) -> None:
        hear(store, "Where is my bag, Acme? Please help, nobody answers!")
        open_due_cases(store, config(), morning(date(2026, 6, 1), 13))
        digest = load_digest(store, "acme", "daily", date(2026, 6, 1), morning(TUESDAY + timedelta(days=30)))
        assert digest.extras.waiting_in_all == 0

    def test_the_message_is_the_same_in_words_in_a_page_and_in_json(self, store: Store) -> None:
        hear(store, "Two hours late.", "Late again, three hours.")
        settings = config()
        due = DueDigest(settings.brand[0], "daily", date(2026, 6, 1))
        message = digest_message(due, load_digest(store, "acme", "daily", due.day, morning(TUESDAY)))
        assert message.subject.startswith("Acme Air: 2 customers said that “We depart on time” was not kept")
        assert "Two hours late." in message.text
        assert "Two hours late." in re.sub("<[^>]+>", "", message.html)
        assert message.data["things"][0] == "2 customers said that “We depart on time” was not kept."
        assert message.mentions == (1, 2)

    def test_what_an_author_said_goes_from_a_digest_that_waits_when_it_is_deleted(self, store: Store) -> None:
        hear(store, "Two hours late, says Ann.", author="ann")
        queue_due_digests(store, config(), morning(TUESDAY))
        assert "says Ann" in "".join(store.door.connection.iterdump())
        store.mentions.delete(Chosen(source="feed"))
        for waiting in store.outbox.messages():
            assert "says Ann" not in f"{waiting.message}"
            assert waiting.message.subject
        assert "says Ann" not in "".join(store.door.connection.iterdump())


class TestCommand:
    @pytest.fixture
    def box(self) -> Iterator[Mailbox]:
        with mail_server() as running:
            yield running

    @pytest.fixture
    def path(self, tmp_path: Path, box: Mailbox) -> Path:
        to = json.dumps([box.address("ann@acme.example"), box.address("bob@acme.example")])
        path = tmp_path / "promisewatch.toml"
        path.write_text(f'{BRAND}{PROMISE}[store]\npath = "store.db"\n[digest]\nto = {to}\n')
        with Store(tmp_path / "store.db") as store:
            hear(store, "Two hours late.", "Late again, three hours.")
        return path

    def digest(self, path: Path, *words: str) -> int:
        return run(["--config", str(path), "digest", "--day", "2026-06-01", *words])

    def test_send_delivers_it_once_to_everybody(self, path: Path, box: Mailbox, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.digest(path, "--send") == 0
        assert "2 sent, 0 not yet" in capsys.readouterr().err
        assert self.digest(path, "--send") == 0
        assert "was sent or queued before" in capsys.readouterr().err
        assert sorted(receivers for receivers, _ in box.arrived) == [("ann@acme.example",), ("bob@acme.example",)]
        mail = box.mails[0]
        page, plain = mail.get_body(("html",)), mail.get_body(("plain",))
        assert page is not None
        assert plain is not None
        assert "Two hours late." in re.sub("<[^>]+>", "", page.get_content())
        assert "Two hours late." in plain.get_content()
        assert [part.get_content()[:4] for part in mail.walk() if part.get_content_type() == "image/png"] == [b"\x89PNG"]

    def test_what_is_not_taken_waits_in_the_outbox(self, path: Path, box: Mailbox, capsys: pytest.CaptureFixture[str]) -> None:
        box.answers = ["451 later", "250 OK"]
        assert self.digest(path, "--send") == 1
        said = capsys.readouterr().err
        assert "451: later" in said
        assert "1 sent, 1 not yet" in said

    def test_dry_run_sends_and_queues_nothing(self, path: Path, box: Mailbox, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.digest(path, "--send", "--dry-run") == 0
        assert "would send “Acme Air: 2 customers said" in capsys.readouterr().err
        assert self.digest(path, "--send") == 0
        assert len(box.mails) == 2

    def test_editions_end_with_the_day_that_is_named(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.digest(path, "--edition", "weekly", "--format", "json") == 0
        page = json.loads(capsys.readouterr().out)
        assert (page["edition"], page["period"]) == ("weekly", {"since": "2026-05-26", "until": "2026-06-02"})
        assert self.digest(path, "--format", "mail") == 0
        assert '<h1 style="' in capsys.readouterr().out

    def test_without_a_receiver_it_says_where_to_name_one(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "other.toml"
        path.write_text(f'{BRAND}[store]\npath = "other.db"\n')
        assert self.digest(path, "--send") == 1
        assert "[digest]: to =" in capsys.readouterr().err
