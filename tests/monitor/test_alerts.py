"""The watch over a brand, from what is in the store to what is in the outbox, and the commands that work with it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from models.reading import Reading, Sentiment
from monitor.alert_state import LIVE
from monitor.alerts import watch_due
from monitor.app import App
from monitor.backtest import replay
from monitor.cli import run
from monitor.config import Config, parse
from monitor.pipeline import prepare
from monitor.storage.outbox import Message
from monitor.store import Match, Store, ToRead
from sources.mention import Mention
from sources.source import Batch, TemporaryError
from tests.monitor.store_builders import BAD, GOOD, fresh, matched, mention, read, reading, said
from tests.monitor.store_builders import keep as store_keep

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = 35
NOW = BEGIN + timedelta(days=DAYS)
HOUR = timedelta(hours=1)
SURE = Sentiment(0.98, 0.01, 0.01)
TEXT = """[store]
path = "w.db"
[[brand]]
id = "acme"
name = "Acme Air"
[[brand.promise]]
id = "on-time"
text = "We depart on time."
[[source]]
kind = "feed"
id = "feed"
url = "http://127.0.0.1:9/feed"
"""


def config(*alerts: str, more: str = "") -> Config:
    return parse(TEXT + "".join(f'[[alert]]\nbrand = "acme"\nto = ["json://ops.example"]\n{one}\n' for one in alerts) + more)


def keep(store: Store, mentions: list[Mention]) -> None:
    store.mentions.import_rows(((one, [Match("acme", one.published.date())]) for one in mentions), NOW)


def spoken(at: datetime, number: int, text: str = "") -> Mention:
    words = text or f"Flight {number} of {at:%d %B} at {at:%H} left the gate."
    return Mention("feed", f"{at:%m%d%H}-{number}-{len(text)}", words, at + timedelta(minutes=number % 60), f"author {at} {number}")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Five weeks in which two or so speak every hour."""
    with Store(tmp_path / "w.db") as opened:
        prepare(opened, config())
        counts = np.random.default_rng(2).poisson(2.0, DAYS * 24)
        keep(opened, [spoken(BEGIN + at * HOUR, n) for at, count in enumerate(counts) for n in range(count)])
        yield opened


def published(store: Store, task: ToRead) -> datetime:
    (found,) = store.door.connection.execute("SELECT published FROM mentions WHERE id = ?", (task.mention,)).fetchone()
    return datetime.fromisoformat(found)


def surge(store: Store, text: str = "", count: int = 40) -> None:
    keep(store, [spoken(NOW - HOUR, 100 + n, text) for n in range(count)])


def messages(store: Store) -> list[Message]:
    return [one.message for one in reversed(store.outbox.messages())]


def test_a_surge_is_told_once_with_its_receipt(store: Store) -> None:
    surge(store)
    settings = config('watch = "volume"')
    assert "times as many mentions as usual" in watch_due(store, settings, NOW)
    assert watch_due(store, settings, NOW + timedelta(minutes=10)) == ""
    (message,) = messages(store)
    assert message.key == "alert:1:opened"
    assert "What to do: Read the stories below" in message.text
    assert "negative-binomial tail" in message.text
    assert len(message.mentions) == 3
    assert message.data["observed"] >= 40
    assert message.data["rate"] < 1
    assert store.alerts.told_since("acme", NOW - HOUR) == [NOW]


def test_nothing_is_told_of_an_ordinary_day(store: Store) -> None:
    settings = config('watch = "volume"', 'watch = "sentiment"', 'watch = "silence"', 'watch = "promise"')
    assert watch_due(store, settings, NOW) == ""
    assert messages(store) == []


def test_a_dry_look_says_what_would_be_told_and_keeps_nothing(store: Store) -> None:
    surge(store)
    settings = config('watch = "volume"', 'watch = "promise"')
    assert "in an hour (would go to 1 address)" in watch_due(store, settings, NOW, dry=True)
    assert (messages(store), store.alerts.live("acme"), store.alerts.memory("acme", "promise")) == ([], [], {})
    assert "opened" in watch_due(store, settings, NOW)


def test_the_stories_are_about_what_the_heading_says(store: Store) -> None:
    keep(store, [spoken(NOW - timedelta(hours=at % 30), 200 + at, f"Flight {at} left passengers at {at}.") for at in range(60)])

    def complains(task: ToRead) -> Reading:
        if "left passengers" not in task.text:
            return reading(GOOD)
        odd = flight(task.text) % 3 == 0
        found = reading(SURE if odd else BAD)
        pillar = "friction" if odd else "people"
        return replace(found, passages=tuple(replace(one, pillar=pillar) for one in found.passages))

    while read(store, complains, 512):
        pass
    watch_due(store, config('watch = "sentiment"'), NOW)
    (message,) = messages(store)
    main = message.subject.rpartition(" about ")[2]
    single = [one for one in message.data["stories"] if one["voices"] == 1]
    assert main == "people"
    assert single
    assert all(flight(one["quote"]) % 3 for one in single)


def flight(text: str) -> int:
    return int(text.partition("Flight ")[2].split()[0])


def test_it_says_what_is_complained_of_and_quotes_the_surest_first(store: Store) -> None:
    keep(store, [spoken(NOW - timedelta(hours=at % 30), 200 + at) for at in range(60)])

    def complains(task: ToRead) -> Reading:
        if published(store, task) <= NOW - timedelta(hours=30):
            return reading(GOOD)
        found = reading(SURE if flight(task.text) % 3 == 0 else BAD, said("on-time", "broken"))
        return replace(found, passages=tuple(replace(one, pillar="customer service") for one in found.passages))

    while read(store, complains, 512):
        pass
    watch_due(store, config('watch = "sentiment"'), NOW)
    (message,) = messages(store)
    assert message.subject.endswith("mostly about customer service")
    assert "Promises said to be broken: on-time (" in message.text
    assert "Where: feed (" in message.text
    told = [(-one["voices"], flight(one["quote"]) % 3 > 0) for one in message.data["stories"]]
    assert told == sorted(told)
    assert told[0][1] is False


def test_a_mention_of_two_brands_is_quoted_as_it_is_read_for_the_brand_of_the_alert() -> None:
    with fresh() as store:
        store_keep(store, mention("1", "Acme lost it. Beta found it."), match=matched("acme", "beta"))
        at = {"acme": (0, 13), "beta": (14, 28)}

        def blamed(task: ToRead) -> Reading:
            found = reading(SURE if task.brand == "beta" else BAD)
            return replace(
                found, passages=tuple(replace(one, start=at[task.brand][0], end=at[task.brand][1]) for one in found.passages)
            )

        assert read(store, blamed) == 2
        assert store.alerts.quotes("acme", [1])[1].passage == "Acme lost it."
        assert store.alerts.quotes("beta", [1])[1].passage == "Beta found it."


def test_one_story_says_that_without_it_there_would_be_no_alert(store: Store) -> None:
    surge(store, "Acme Air closes its contact centre, the agency says, and nobody will answer the telephone any more.")
    watch_due(store, config('watch = "volume"'), NOW)
    (message,) = messages(store)
    assert message.data["without_largest"] is False
    assert message.data["stories"][0]["voices"] == 40
    assert "this alert would not be here: one story carries it" in message.text


def test_it_is_told_when_it_is_over(store: Store) -> None:
    surge(store)
    settings = config('watch = "volume"')
    watch_due(store, settings, NOW)
    for hour in range(1, 19):
        watch_due(store, settings, NOW + hour * HOUR)
    assert [one.key for one in messages(store)] == ["alert:1:opened", "alert:1:recovered"]
    assert messages(store)[-1].subject.startswith("Acme Air: Over: ")


def test_more_negative_mentions_than_usual_are_a_drop(store: Store) -> None:
    keep(store, [spoken(NOW - timedelta(hours=at % 30), 200 + at) for at in range(60)])
    while read(store, lambda task: reading(BAD if published(store, task) > NOW - timedelta(hours=30) else GOOD), 512):
        pass
    assert "negative" in watch_due(store, config('watch = "sentiment"'), NOW)


def test_a_promise_that_breaks_is_told_and_one_that_was_broken_all_along_is_not(store: Store) -> None:
    broken_since = NOW - timedelta(days=6)

    def stance(task: ToRead) -> Reading:
        return reading(GOOD, said("on-time", "broken" if published(store, task) >= broken_since else "kept"))

    while read(store, stance, 512):
        pass
    settings = config('watch = "promise"')
    assert watch_due(store, settings, broken_since - timedelta(days=1)) == ""
    assert "the promise “on-time” is broken" in watch_due(store, settings, NOW)
    assert messages(store)[0].data["promise"] == "We depart on time."
    assert "Without the largest story: this alert would be here, too" in messages(store)[0].text
    (found,) = replay(store, settings.brand[0], settings.alert[0], (), BEGIN.date() + timedelta(days=14), NOW.date())
    assert broken_since <= found.alert.first_seen <= broken_since + timedelta(days=4)


def read_by(store: Store, model: str, how: Callable[[datetime], Reading], limit: int = 5_000) -> None:
    """Let a model version read what is left for it, the newest first; `how` is told when it was written."""
    tasks = store.readings.unread(model, limit)
    store.readings.save([(task, replace(how(published(store, task)), model=model)) for task in tasks])


def test_a_drop_is_not_over_because_a_new_model_has_yet_to_read_what_was_before_it(store: Store) -> None:
    keep(store, [spoken(NOW - timedelta(hours=at % 30), 200 + at) for at in range(60)])
    settings = config('watch = "sentiment"')
    mood = lambda when: reading(BAD if when > NOW - timedelta(hours=30) else GOOD)  # noqa: E731 - said once for both models
    read_by(store, "m1", mood)
    assert "opened" in watch_due(store, settings, NOW)
    read_by(store, "m2", mood, 60)
    told = [watch_due(store, settings, NOW + hour * HOUR) for hour in range(1, 9)]
    assert ("".join(told), [one.state for one in store.alerts.live("acme")]) == ("", ["open"])
    read_by(store, "m2", mood)
    told = [watch_due(store, settings, NOW + hour * HOUR) for hour in range(9, 24)]
    assert "recovered" in "".join(told)


def promised(store: Store, model: str, broken_since: datetime) -> None:
    """Let a model version read everything, for which the promise is broken from then on."""
    read_by(store, model, lambda when: reading(GOOD, said("on-time", "broken" if when >= broken_since else "kept")))


def test_a_promise_that_only_a_new_model_takes_for_broken_is_no_news_until_it_was_kept(store: Store) -> None:
    settings = config('watch = "promise"')
    promised(store, "m1", NOW)
    assert watch_due(store, settings, NOW) == ""
    promised(store, "m2", NOW - timedelta(days=20))
    assert [watch_due(store, settings, NOW + hour * HOUR) for hour in (1, 2)] == ["", ""]
    promised(store, "m1", NOW)
    assert watch_due(store, settings, NOW + 3 * HOUR) == ""
    with store.door.writing() as connection:  # the same model, other customers
        connection.execute("UPDATE evidence SET stance = 'broken' WHERE model = (SELECT id FROM models WHERE version = 'm1')")
        connection.execute("INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM matches")
    assert "the promise “on-time” is broken" in watch_due(store, settings, NOW + 4 * HOUR)


def test_a_promise_of_which_a_new_model_first_knew_too_little_is_no_news_when_it_takes_it_for_broken(store: Store) -> None:
    settings = config('watch = "promise"')
    promised(store, "m1", NOW)
    assert watch_due(store, settings, NOW) == ""
    read_by(store, "m2", lambda _: reading(GOOD))
    assert watch_due(store, settings, NOW + HOUR) == ""
    with store.door.writing() as connection:
        connection.execute("DELETE FROM readings WHERE model = (SELECT id FROM models WHERE version = 'm2')")
        connection.execute("UPDATE matches SET unread = 1")
        connection.execute("INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM matches")
    promised(store, "m2", NOW - timedelta(days=20))
    assert watch_due(store, settings, NOW + 2 * HOUR) == ""


def test_a_promise_that_broke_stays_told_when_a_new_model_takes_it_for_broken_too(store: Store) -> None:
    settings = config('watch = "promise"')
    promised(store, "m1", NOW - timedelta(days=6))
    watch_due(store, settings, NOW - timedelta(days=7))
    assert "opened" in watch_due(store, settings, NOW)
    promised(store, "m2", NOW - timedelta(days=7))
    assert "".join(watch_due(store, settings, NOW + timedelta(days=day)) for day in range(1, 10)) == ""
    assert [one.state for one in store.alerts.live("acme")] == ["open"]


def test_a_promise_that_was_broken_when_it_was_first_looked_at_is_no_news(store: Store) -> None:
    while read(store, lambda _: reading(BAD, said("on-time", "broken")), 512):
        pass
    settings = config('watch = "promise"')
    assert watch_due(store, settings, NOW - timedelta(days=2)) == ""
    assert watch_due(store, settings, NOW) == ""


def test_a_source_that_cannot_be_heard_makes_the_watch_blind_and_pauses_the_rest(store: Store) -> None:
    heard = NOW - timedelta(hours=9)
    store.mentions.keep("feed", Batch([]), lambda _: [], heard, HOUR)
    for hour in range(1, 10):
        store.sources.failed("feed", TemporaryError("503", remedy="wait"), heard + hour * HOUR)
    surge(store)
    told = watch_due(store, config('watch = "volume"', 'watch = "silence"'), NOW)
    assert told == "Acme Air: opened: blind: feed cannot be heard"
    assert "503" in messages(store)[0].text


def test_when_nobody_speaks_any_more_it_is_silent(store: Store) -> None:
    later = NOW + timedelta(hours=30)
    assert "0 mentions in 24 hours, where" in watch_due(store, config('watch = "silence"'), later)
    assert "voices, worth" in messages(store)[0].text


def test_a_known_event_is_told_with_the_alert_or_keeps_it_back(store: Store) -> None:
    surge(store)
    event = '[[event]]\nbrand = "acme"\nsince = 2026-04-01\nuntil = 2026-04-30\nnote = "spring sale"\n'
    assert watch_due(store, config('watch = "volume"', more=event + "suppress = true\n"), NOW) == ""
    assert "opened" in watch_due(store, config('watch = "volume"', more=event), NOW)
    assert "Known of these days: spring sale" in messages(store)[0].text


def test_an_alert_that_nobody_answers_goes_to_somebody_else(store: Store) -> None:
    surge(store)
    settings = config('watch = "volume"\nescalate_after = "2 hours"\nescalate_to = ["json://boss.example"]')
    for hour in range(4):
        watch_due(store, settings, NOW + hour * HOUR)
    queued = {one.message.key: one.channel for one in store.outbox.messages()}
    assert queued["alert:1:escalated"] != queued["alert:1:opened"]


def test_a_mention_that_is_deleted_takes_its_words_out_of_the_alert(store: Store) -> None:
    surge(store)
    watch_due(store, config('watch = "volume"'), NOW)
    (alert,) = store.alerts.all()
    gone = alert.stories[0][1].mention
    with store.door.writing() as connection:
        connection.execute("DELETE FROM mentions WHERE id = ?", (gone,))
    (left,) = store.alerts.all()
    assert [quote.mention for _, quote in left.stories] == [quote.mention for _, quote in alert.stories[1:]]


def test_the_backtest_finds_what_the_watch_would_have_found(store: Store) -> None:
    surge(store)
    settings = config('watch = "volume"')
    found = replay(store, settings.brand[0], settings.alert[0], (), BEGIN.date(), NOW.date() + timedelta(days=1))
    assert [one.alert.first_seen for one in found][-1] == NOW
    assert found[-1].receipt.observed >= 40
    assert store.alerts.all() == []


def test_the_backtest_tells_of_silence_and_of_blindness(store: Store) -> None:
    settings = config('watch = "silence"')
    for hour in range(30):
        store.mentions.keep("feed", Batch([]), lambda _: [], NOW + hour * HOUR, HOUR)
    again = NOW + timedelta(days=3)
    keep(store, [spoken(again, n) for n in range(2)])
    found = replay(store, settings.brand[0], settings.alert[0], (), NOW.date(), again.date() + timedelta(days=1))
    assert [one.alert.subject for one in found] == ["", "blind"]
    silent, blind = found
    assert "mentions in" in silent.receipt.title
    assert 3 * silent.receipt.observed < silent.receipt.expected
    assert silent.alert.first_seen < NOW + timedelta(hours=30)
    assert blind.receipt.title == "blind: feed cannot be heard"
    assert NOW + timedelta(hours=33) <= blind.alert.first_seen <= NOW + timedelta(hours=36)


@pytest.fixture
def folder(store: Store, here: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    surge(store)
    settings = TEXT + '[[alert]]\nbrand = "acme"\nwatch = "volume"\n'
    (here / "promisewatch.toml").write_text(settings, encoding="utf-8")
    monkeypatch.setattr("monitor.cli.App", lambda path: App(path, lambda: NOW))
    return store


def test_alerts_are_checked_listed_shown_and_worked_with(folder: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alerts", "check"]) == 0
    assert "times as many mentions as usual" in capsys.readouterr().err
    run(["alerts", "list", "--format", "json"])
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["id"], listed["state"], listed["watch"]) == (1, "open", "volume")
    assert len(listed["receipt"]["stories"]) == 3
    assert run(["alerts", "show", "1"]) == 0
    assert "The stories that drove it:" in capsys.readouterr().out
    assert run(["alerts", "snooze", "1", "--for", "2 hours"]) == 0
    assert run(["alerts", "ack", "1"]) == 0
    assert run(["alerts", "resolve", "1"]) == 0
    assert run(["alerts", "ack", "1"]) == 1
    assert "resolved already" in capsys.readouterr().err
    run(["alerts", "list", "--all", "--format", "json"])
    assert json.loads(capsys.readouterr().out)[0]["state"] not in LIVE


def test_a_check_tells_a_program_what_it_found(folder: Store, capsys: pytest.CaptureFixture[str]) -> None:
    def told(*options: str) -> list[dict[str, object]]:
        assert run(["alerts", "check", "--format", "json", *options]) == 0
        return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return] # of json

    (first,) = told("--dry-run")
    assert (first["brand"], first["watch"], first["step"], first["addresses"]) == ("acme", "volume", "opened", 0)
    assert told() == [first]
    assert told() == []


def test_a_backtest_tells_of_history_in_json(folder: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alerts", "backtest", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["false_alarms_per_month"] == {"volume": 1}
    assert told["alerts"][-1]["receipt"]["observed"] >= 40


@pytest.mark.parametrize("arguments", [["show", "9"], ["resolve", "9"]])
def test_an_alert_that_there_is_not_says_where_to_look(
    arguments: list[str], folder: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["alerts", *arguments]) == 1
    assert "alerts list --all" in capsys.readouterr().err
