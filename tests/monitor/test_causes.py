"""Causes from end to end: complaints are found, grouped, named, kept over weeks and models, covered, proven and reopened."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from models.clusters import Floats
from models.complaints import words
from models.reading import Passage, Reading, Sentiment
from monitor.cause_reports import causes_in_the_news
from monitor.causes import Embedder, Found, find_due_causes
from monitor.cli import run
from monitor.config import Config, parse
from monitor.digests import DueDigest, digest_message, load_digest
from monitor.store import Store, StoreError, ToRead
from reports.causes import build_causes
from reports.causes_records import CausesReport
from reports.evidence import Window
from reports.typography import long_day
from sources.mention import Mention
from tests.monitor.store_builders import ACME, NOON, keep, mention, read, said

CONFIG = '[[brand]]\nid = "acme"\nname = "Acme Air"\n[causes]\nminimum = 4\ncost_per_dissatisfied_customer = 20\n'
RAIN = "The courier left it in the rain, order {}"
PHONE = "Nobody answers the phone, call {}"
REFUND = "My refund never came back, ticket {}"
START = datetime(2026, 6, 1, 12, tzinfo=UTC)
WIDTH = 384
AROUND = Window(date(2026, 5, 1), date(2026, 7, 1))


def vector(word: str, salt: int) -> Floats:
    return np.random.default_rng([salt, *word.encode()]).normal(size=WIDTH).astype(np.float32)


def embedder(version: str = "e1", salt: int = 1, asked: list[str] | None = None) -> Embedder:
    """Texts by their words; numbers say little, as in a real encoder."""

    def embed(texts: Sequence[str]) -> Floats:
        if asked is not None:
            asked.extend(texts)
        rows = [sum(vector(word, salt) * (0.2 if word.isdigit() else 1) for word in words(text)) for text in texts]
        vectors = np.array(rows, np.float32).reshape(len(texts), WIDTH)
        unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return unit

    return Embedder(version, embed)


@pytest.fixture
def store() -> Iterator[Store]:
    with Store(":memory:") as opened:
        opened.brands.sync([ACME])
        yield opened


@pytest.fixture
def config() -> Config:
    return parse(CONFIG)


def negative(task: ToRead) -> Reading:
    return reading_of(task, "m1")


def reading_of(task: ToRead, model: str) -> Reading:
    mood = Sentiment(0.95, 0.03, 0.02) if "great" not in task.text else Sentiment(0.02, 0.03, 0.95)
    promises = (said("bags", "broken"),) if "refund" in task.text else ()
    passage = Passage(0, len(task.text), mood, "friction" if promises else None, None, promises)
    return Reading("en", mood, "", (passage,), model)


class Teller:
    """Tells mentions, each by somebody else and with a number of its own."""

    def __init__(self, store: Store) -> None:
        self.store, self.count = store, 0

    def tell(self, text: str, times: int = 1, at: datetime = START, author: str = "") -> None:
        told = []
        for _ in range(times):
            self.count += 1
            by = author or f"author {self.count}"
            told.append(mention(str(self.count), text.format(self.count), author=by, published=at))
        keep(self.store, *told)
        read(self.store, negative)


@pytest.fixture
def teller(store: Store) -> Teller:
    return Teller(store)


def find(store: Store, config: Config, now: datetime = START, how: Embedder | None = None) -> Found:
    return find_due_causes(store, config, how or embedder(), now)


def report(store: Store, window: Window = AROUND, **rest: object) -> CausesReport:
    return build_causes(store.causes.evidence.load("acme", window, "week", START, **rest))  # type: ignore[arg-type]


def three_causes(teller: Teller) -> None:
    for text, times in ((RAIN, 8), (PHONE, 6), (REFUND, 5)):
        teller.tell(text, times)


def test_complaints_that_are_alike_make_causes_named_in_customers_words(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    teller.tell("What a great day number {}", 5)
    found = find(store, config)
    assert (found.complaints, found.waiting, len(found.formed)) == (19, 0, 3)
    told = report(store)
    assert [cause.voices for cause in told.causes] == [8, 6, 5]
    rain, phone, refund = (cause.name.casefold() for cause in told.causes)
    assert "rain" in rain
    assert "phone" in phone
    assert "refund" in refund
    assert (told.heard, told.complaining, told.unexplained) == (24, 19, 0)
    assert told.causes[2].pillars == (("friction", 5),)
    assert [(promise.id, n) for promise, n in told.causes[2].promises] == [("bags", 5)]


def test_too_few_people_make_no_cause_and_one_angry_person_neither(store: Store, teller: Teller, config: Config) -> None:
    teller.tell(RAIN, 3)
    teller.tell(PHONE, 9, author="the same")
    assert find(store, config).formed == ()
    assert report(store).causes == ()
    assert report(store).unexplained == 12


def test_what_is_counted_of_causes_is_what_a_recount_of_everything_finds(store: Store, teller: Teller, config: Config) -> None:
    def told() -> CausesReport:
        return report(store, quotes=True)

    def steps() -> Iterator[object]:
        three_causes(teller)
        yield "read"
        yield find(store, config)
        rain, phone, refund = (one.id for one in store.causes.known("acme"))
        yield store.causes.merge(rain, phone, START)
        teller.tell(RAIN, 2, author="the same")
        yield find(store, config, START)
        yield store.causes.unmerge(phone, START)
        first, *_ = store.mentions.each()
        yield store.corrections.correct("acme", [first.id], "positive", START)
        yield keep(store, mention("2", "The courier rang and waited, a great day"))
        yield store.causes.cover(refund, START.date(), "Paid", START)

    for _ in steps():
        counted = told()
        store.evidence.refresh(everything=True)
        assert told() == counted
    assert sorted(one.voices for one in told().causes) == [5, 6, 8]


def test_causes_keep_their_identity_from_week_to_week(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    first = find(store, config).formed
    before = {cause.id: cause.name for cause in store.causes.known("acme")}
    for week in range(1, 4):
        teller.tell(RAIN, 3, START + timedelta(weeks=week))
        found = find(store, config, START + timedelta(weeks=week))
        assert (found.formed, found.joined) == ((), 3)
    assert {cause.id: cause.name for cause in store.causes.known("acme")} == before
    assert store.causes.sizes("acme")[first[0]] == 17


def test_finding_again_finds_nothing_and_embeds_nothing(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    find(store, config)
    asked: list[str] = []
    assert find(store, config, how=embedder(asked=asked)).summary() == ""
    assert asked == []


def test_a_new_encoder_embeds_everything_again_and_causes_stay(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    find(store, config)
    before = store.causes.sizes("acme")
    asked: list[str] = []
    other = embedder("e2", salt=2, asked=asked)
    assert find(store, config, how=other).formed == ()
    assert len(set(asked)) >= 19
    teller.tell(PHONE, 2)
    assert find(store, config, how=other).joined == 2
    assert {cause: n - before[cause] for cause, n in store.causes.sizes("acme").items() if n != before[cause]} == {2: 2}


def test_a_new_reading_of_the_same_words_changes_no_cause(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    find(store, config)
    before = store.causes.sizes("acme")
    store.readings.save([(task, reading_of(task, "m2")) for task in store.readings.unread("m2", 100)])
    asked: list[str] = []
    found = find(store, config, how=embedder(asked=asked))
    assert (found.complaints, asked) == (0, [])
    assert store.causes.sizes("acme") == before


def test_a_passage_cut_elsewhere_by_another_model_stays_in_its_cause(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    find(store, config)
    before = store.causes.sizes("acme")

    def shorter(task: ToRead) -> Reading:
        whole = reading_of(task, "m2")
        (passage,) = whole.passages
        return Reading("en", whole.sentiment, "", (Passage(4, passage.end, passage.sentiment),), "m2")

    store.readings.save([(task, shorter(task)) for task in store.readings.unread("m2", 100)])
    assert find(store, config).formed == ()
    assert store.causes.sizes("acme") == before


def test_deleting_a_mention_takes_its_complaint_and_the_name_that_it_gave(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    find(store, config)
    (namer,) = store.door.connection.execute("SELECT mention FROM cause_words WHERE cause = 1").fetchone()
    with store.door.writing() as connection:
        connection.execute("DELETE FROM matches WHERE mention = ?", (namer,))
        connection.execute("DELETE FROM mentions WHERE id = ?", (namer,))
    assert store.causes.find(1).name == "Cause 1"
    assert store.causes.sizes("acme")[1] == 7
    find(store, config)
    assert "rain" in store.causes.find(1).name
    assert store.file.integrity_check() == []


def test_an_edit_takes_the_old_words_out_at_once(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    find(store, config)
    keep(store, mention("1", "It is all fine now, what a great crew", author="author 1", published=START))
    assert store.causes.sizes("acme")[1] == 7
    read(store, negative)
    find(store, config)
    assert store.causes.sizes("acme")[1] == 7


def test_what_a_person_calls_not_negative_does_not_count(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    find(store, config)
    store.corrections.correct("acme", [1, 2], "positive", NOON)
    assert report(store).causes[0].voices == 6


def test_a_copy_counts_once_and_so_does_an_author_in_a_story(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    keep(store, *[Mention("feed", f"copy {n}", RAIN.format(1), START, author="author 1", raw_published="x") for n in range(3)])
    read(store, negative)
    find(store, config)
    assert max(cause.voices for cause in report(store).causes) == 8


def covered(store: Store, teller: Teller, config: Config, after: Sequence[int]) -> Found:
    """Ten weeks of five complaints, the cover, and so many a week since; thirty others speak every week."""
    for week in range(-10, len(after)):
        at = START + timedelta(weeks=week, hours=1)
        teller.tell("What a great day number {}", 30, at)
        teller.tell(RAIN, 5 if week < 0 else after[week], at)
    find(store, config, START)
    store.causes.cover(1, START.date(), "Couriers ring the bell now", START, "ann")
    return find(store, config, START + timedelta(weeks=len(after)))


def test_a_cover_that_holds_is_confirmed(store: Store, teller: Teller, config: Config) -> None:
    assert covered(store, teller, config, [2, 0, 0, 0, 0, 0]).confirmed == (1,)
    cause = store.causes.known("acme")[0]
    assert cause.status == "confirmed"
    assert [event.what for event in cause.events] == ["formed", "covered", "confirmed"]
    shown = report(store, Window(date(2026, 4, 1), date(2026, 7, 13))).causes[0]
    assert shown.proof is not None
    assert shown.proof.proof == "holds"


def test_a_cover_that_does_not_hold_is_reopened_and_told_to_the_digest(store: Store, teller: Teller, config: Config) -> None:
    assert covered(store, teller, config, [5, 5, 5, 5, 5, 5]).reopened == (1,)
    assert store.causes.find(1).status == "reopened"
    (news,) = causes_in_the_news(store, "acme", (START + timedelta(weeks=6, days=1)).date(), START)
    assert (news.id, news.status) == (1, "reopened")
    assert "open again" in news.sentence
    assert find(store, config, START + timedelta(weeks=7)).reopened == ()


def test_no_cover_is_judged_while_a_new_version_reads_history_again(store: Store, teller: Teller, config: Config) -> None:
    covered(store, teller, config, [0] * 6)
    store.causes.cover(1, (START - timedelta(weeks=5)).date(), "Once more", START, "ann")
    for limit, confirmed in ((9, ()), (1000, (1,))):
        store.readings.save([(task, reading_of(task, "m2")) for task in store.readings.unread("m2", limit)])
        assert find(store, config, START + timedelta(weeks=6)).confirmed == confirmed


def test_what_a_person_reopened_stays_open(store: Store, teller: Teller, config: Config) -> None:
    covered(store, teller, config, [0] * 6)
    store.causes.reopen(1, START, "ann")
    assert find(store, config, START + timedelta(weeks=7)).confirmed == ()
    assert store.causes.find(1).status == "reopened"


def test_a_new_cause_is_news_and_an_old_one_is_not(store: Store, teller: Teller, config: Config) -> None:
    for week in range(10):
        teller.tell("What a great day number {}", 30, START + timedelta(weeks=week))
        teller.tell(RAIN, 4, START + timedelta(weeks=week))
    teller.tell(PHONE, 9, START + timedelta(weeks=9))
    find(store, config)
    day = (START + timedelta(weeks=9)).date()
    assert [(one.stage, one.voices) for one in causes_in_the_news(store, "acme", day + timedelta(days=1), START)] == [("new", 9)]
    assert causes_in_the_news(store, "acme", day - timedelta(days=13), START) == ()


def test_a_digest_tells_it_with_its_days_and_knows_whose_words_its_name_is(store: Store, teller: Teller, config: Config) -> None:
    for week in range(10):
        teller.tell("What a great day number {}", 30, START + timedelta(weeks=week))
    teller.tell(PHONE, 9, START + timedelta(weeks=9))
    find(store, config)
    due = DueDigest(config.brand[0], "weekly", (START + timedelta(weeks=9)).date())
    digest = load_digest(store, "acme", due.edition, due.day, START + timedelta(weeks=9, days=1))
    (line,) = digest.extras.causes
    assert f"9 customers in the 28 days to {long_day(due.day)}" in line.sentence
    message = digest_message(due, digest)
    assert line.name in message.text
    assert line.words_of in message.mentions
    assert line.name not in message.subject
    store.causes.rename(line.id, "The phone", START)
    assert store.causes.find(line.id).words_of is None


def test_a_merge_is_one_cause_and_can_be_taken_back(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    find(store, config)
    store.causes.merge(1, 2, START, "ann")
    assert [cause.voices for cause in report(store).causes] == [14, 5]
    with pytest.raises(StoreError, match="part of cause 1"):
        store.causes.cover(2, START.date(), "x", START)
    teller.tell(PHONE, 2)
    assert find(store, config).joined == 2
    assert store.causes.unmerge(2, START) == 1
    assert store.causes.sizes("acme")[2] == 6
    with pytest.raises(StoreError, match="not merged"):
        store.causes.unmerge(2, START)
    # A name is a customer's words, and is gone with the mention that it was taken from.
    assert [event.detail for event in store.causes.history(1) if event.what == "merged"] == ["with cause 2"]


def test_a_merge_that_is_taken_back_leaves_earlier_merges_as_they_were(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    find(store, config)
    store.causes.merge(2, 3, START)
    store.causes.merge(1, 2, START)
    assert store.causes.sizes("acme") == {1: 19}
    store.causes.unmerge(2, START)
    assert store.causes.sizes("acme") == {1: 8, 2: 11}
    assert [other for other, _ in store.causes.merged(2)] == [3]


def test_what_was_taken_out_of_a_merge_does_not_come_back_with_its_former_whole(
    store: Store, teller: Teller, config: Config
) -> None:
    three_causes(teller)
    find(store, config)
    store.causes.merge(2, 3, START)
    store.causes.merge(1, 2, START)
    assert store.causes.unmerge(3, START) == 1
    store.causes.unmerge(2, START)
    assert store.causes.sizes("acme") == {1: 8, 2: 6, 3: 5}


@pytest.mark.parametrize(
    "change",
    [
        lambda causes: causes.cover(99, START.date(), "x", START),
        lambda causes: causes.reopen(99, START),
        lambda causes: causes.rename(99, "x", START),
        lambda causes: causes.merge(1, 99, START),
        lambda causes: causes.merge(1, 1, START),
    ],
)
def test_what_is_not_there_is_said_with_a_remedy(
    store: Store, teller: Teller, config: Config, change: Callable[[object], None]
) -> None:
    three_causes(teller)
    find(store, config)
    with pytest.raises(StoreError) as raised:
        change(store.causes)
    assert raised.value.remedy


def test_a_cause_that_turns_out_to_be_two_is_split_and_said(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    teller.tell(RAIN, 20)
    find(store, config)
    with store.door.writing() as connection:
        connection.execute("UPDATE complaints SET cause = 1")
        connection.execute("UPDATE causes SET checked = 0")
    found = find(store, config)
    assert {old for old, _ in found.split} == {1}
    assert "split" in store.causes.known("acme")[-1].events[0].what


def test_when_a_cause_is_split_each_part_is_called_by_its_own_words(store: Store, teller: Teller, config: Config) -> None:
    teller.tell(RAIN, 6)
    find(store, config)
    (name,) = [one.name for one in store.causes.known("acme")]
    teller.tell(PHONE, 30)
    find(store, config)
    with store.door.writing() as connection:
        connection.execute("UPDATE complaints SET cause = 1")
        connection.execute("UPDATE causes SET checked = 0")

    (split,) = find(store, config).split

    kept, new = (store.causes.find(cause).name for cause in split)
    assert "rain" in name
    assert "phone" in kept
    assert "rain" in new


def test_a_name_of_ones_own_stands_until_it_is_taken_away(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    find(store, config)
    words_ = store.causes.find(1).name
    store.causes.rename(1, "Parcels get wet", START, "ann")
    assert store.causes.find(1).name == "Parcels get wet"
    assert 1 not in store.causes.untouched("acme")
    store.causes.rename(1, "", START)
    assert store.causes.find(1).name == words_


def test_it_stops_when_it_is_told_to_and_goes_on_the_next_time(store: Store, teller: Teller, config: Config) -> None:
    three_causes(teller)
    assert find_due_causes(store, config, embedder(), START, stopped=lambda: True) == Found()
    assert len(find(store, config).formed) == 3


def test_the_commands_work_with_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "promisewatch.toml"
    file.write_text(CONFIG, encoding="utf-8")
    with Store(tmp_path / "promisewatch.db") as store:
        store.brands.sync([ACME])
        three_causes(Teller(store))

    def command(*words_: str) -> str:
        assert run(["--config", str(file), "causes", *words_]) == 0
        streams = capsys.readouterr()
        return streams.out or streams.err

    assert "19 readings" in command("find", "--dry-run")
    assert json.loads(command("find", "--dry-run", "--format", "json")) == {"readings": 19, "waiting": {}}
    with Store(tmp_path / "promisewatch.db") as store:
        find(store, parse(CONFIG))
    since = ("--since", "2026-05-01", "--until", "2026-07-01")
    document = json.loads(command(*since, "--format", "json"))
    assert [cause["voices"] for cause in document["causes"]] == [8, 6, 5]
    assert [cause["cost"] for cause in document["causes"]] == [160.0, 120.0, 100.0]
    assert "open again" in command("reopen", "1") + command("cover", "1", "--on", "2026-06-20", "--what", "A box at the door")
    assert "Wet parcels" in command("rename", "1", "Wet parcels")
    assert "unmerge 3" in command("merge", "2", "3")
    assert "no longer part" in command("unmerge", "3")
    assert "Wet parcels" in command(*since)
    command(*since, "-o", str(tmp_path / "causes.html"))
    page = (tmp_path / "causes.html").read_text(encoding="utf-8")
    assert "A box at the door" in page
    assert run(["--config", str(file), "causes", "cover", "99", "--what", "x"]) == 1
    assert "there is no cause 99" in capsys.readouterr().err


def test_a_cover_that_is_still_to_come_and_a_name_that_is_no_headline_are_refused(store: Store) -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    with pytest.raises(StoreError, match="still to come"):
        store.causes.cover(1, date(2026, 6, 3), "new vans", now)
    with pytest.raises(StoreError, match="5,000 signs"):
        store.causes.rename(1, "x" * 5000, now)
