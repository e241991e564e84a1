"""Random samples, what people say of them, and what people put right: in the store, at the terminal, as a table."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import App
from monitor.audit_session import Answer, ask, marked
from monitor.cli import run
from monitor.storage.auditing import AuditItem
from monitor.store import Audit, Store, StoreError
from tests.monitor.fake_reader import FakeReader
from tests.monitor.store_builders import ACME, BAD, BETA, GOOD, JUNE, NOON, evidence, keep, mention, read, reading, said

TIME = "We depart on time, every time."


@pytest.fixture
def store() -> Iterator[Store]:
    with Store(":memory:") as opened:
        opened.brands.sync([ACME, BETA])
        yield opened


def filled(store: Store, size: int = 40, **rest: object) -> None:
    keep(store, *(mention(str(one), **rest) for one in range(size)))
    read(store, reading(GOOD, said("bags", "kept")))


class TestDraw:
    def test_it_is_the_same_for_the_same_seed_and_another_for_another(self) -> None:
        drawn = []
        for seed in (1, 1, 2):
            with Store(":memory:") as one:
                one.brands.sync([ACME])
                filled(one)
                drawn.append(one.audits.draw("acme", JUNE, 10, seed, NOON).mentions)
        assert drawn[0] == drawn[1] != drawn[2]
        assert len(set(drawn[0])) == 10

    def test_nothing_is_drawn_twice_and_a_draw_takes_what_there_is(self, store: Store) -> None:
        filled(store)
        first, second = (store.audits.draw("acme", JUNE, 25, None, NOON) for _ in range(2))
        assert (first.units, second.units, len(second.mentions)) == (40, 15, 15)
        assert not set(first.mentions) & set(second.mentions)
        with pytest.raises(StoreError, match="nothing to draw"):
            store.audits.draw("acme", JUNE, 1, None, NOON)

    def test_only_units_of_customers_that_were_scored_are_drawn(self, store: Store) -> None:
        keep(store, mention("1", "The same words from the same author.", author="ann"))
        keep(store, mention("2", "The same words from the same author.", author="ann", published=NOON + timedelta(hours=1)))
        keep(store, mention("3", voice="press"))
        read(store, reading(GOOD))
        keep(store, mention("4"))
        read(store, reading(None, reason="language es not trained for"))
        keep(store, mention("5"))
        assert store.audits.draw("acme", JUNE, 9, None, NOON).units == 1

    def test_every_unit_has_the_same_chance(self) -> None:
        times = [0] * 8
        with Store(":memory:") as one:
            one.brands.sync([ACME])
            filled(one, 8)
            first = min(stored.id for stored in one.mentions.each())
            for seed in range(400):
                for number in one.audits.draw("acme", JUNE, 2, seed, NOON).mentions:
                    times[number - first] += 1
                one.door.connection.execute("DELETE FROM drawn")
        assert min(times) > 65
        assert max(times) < 135


class TestWhatPeopleSay:
    def test_reports_get_the_audited_units_with_the_windows_they_were_drawn_from(self, store: Store) -> None:
        filled(store)
        drawn = store.audits.draw("acme", JUNE, 10, None, NOON).mentions
        store.audits.save([Audit(one, "acme", "negative") for one in drawn[:6]], NOON)
        found = evidence(store)
        assert found.draws == (JUNE,)
        assert len(found.audits) == 6
        assert (found.audits[0].label, found.audits[0].read) == ("negative", "positive")
        assert found.audits[0].probabilities == pytest.approx((0.1, 0.2, 0.7))

    def test_reports_get_what_people_say_of_the_votes_that_count(self, store: Store) -> None:
        filled(store)
        one, two, three, other = store.audits.draw("acme", JUNE, 4, None, NOON).mentions
        store.audits.save(
            [
                Audit(one, "acme", "positive", {"bags": "kept"}),
                Audit(two, "acme", "negative", {"bags": "broken", "on-time": "none"}),
                Audit(three, "acme", "negative", {"bags": "none"}),
                Audit(other, "acme", "negative"),
            ],
            NOON,
        )
        found = [(row.promise, row.said, row.read) for row in evidence(store).stance_audits]
        assert sorted(found) == [("bags", "broken", "kept"), ("bags", "kept", "kept"), ("bags", "none", "kept")]

    def test_what_was_not_drawn_at_random_is_kept_and_does_not_count(self, store: Store) -> None:
        filled(store)
        store.audits.save([Audit(store.audits.draw("acme", JUNE, 1, None, NOON).mentions[0], "acme", "positive")], NOON)
        (other, *_) = (one.id for one in store.mentions.each() if not store.audits.drawn_for([one.id])[one.id])
        store.audits.save([Audit(other, "acme", "negative")], NOON)
        assert len(evidence(store).audits) == 1
        assert store.audits.counts("acme", "m1") == (1, 1)

    def test_the_summary_counts_labels_and_stances_against_the_model(self, store: Store) -> None:
        filled(store)
        one, two, three = store.audits.draw("acme", JUNE, 3, None, NOON).mentions
        store.audits.save(
            [
                Audit(one, "acme", "positive", {"bags": "kept"}),
                Audit(two, "acme", "negative", {"bags": "broken"}),
                Audit(three, "acme", "negative", {"bags": "none", "on-time": "none"}),
            ],
            NOON,
        )
        found = store.audits.summary("acme")
        assert found.drawn == 3
        assert found.labels == {("positive", "positive"): 1, ("negative", "positive"): 2}
        assert found.stances == {
            "bags": {("kept", "kept"): 1, ("broken", "kept"): 1, ("none", "kept"): 1},
            "on-time": {("none", "none"): 1},
        }

    def test_a_text_that_is_edited_is_to_be_labelled_again(self, store: Store) -> None:
        filled(store, 1)
        (drawn,) = store.audits.draw("acme", JUNE, 1, None, NOON).mentions
        store.audits.save([Audit(drawn, "acme", "positive")], NOON)
        keep(store, mention("0", "Another text altogether, and it is a sad one."), now=NOON + timedelta(days=1))
        read(store, reading(BAD))
        (item,) = store.audits.items("acme")
        assert (item.label, item.done) == (None, False)
        assert item.text == "Another text altogether, and it is a sad one."


class TestCorrections:
    def label_counts(self, store: Store) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in evidence(store).sentiment:
            found[row.label] = found.get(row.label, 0) + row.n
        return found

    def test_a_correction_counts_outlives_a_new_reading_and_can_be_undone(self, store: Store) -> None:
        filled(store, 3)
        (first, *_) = (one.id for one in store.mentions.each())
        number = store.corrections.correct("acme", [first], "negative", NOON)
        assert self.label_counts(store) == {"negative": 1, "positive": 2}
        read(store, reading(GOOD, model="m2"))
        assert self.label_counts(store) == {"negative": 1, "positive": 2}
        assert store.corrections.undo(number) is not None
        assert self.label_counts(store) == {"positive": 3}
        assert store.corrections.undo(number) is None

    def test_it_changes_what_an_audit_said_but_labels_no_card_for_who_corrects_picks_what_is_wrong(self, store: Store) -> None:
        filled(store, 3)
        (drawn,) = store.audits.draw("acme", JUNE, 1, None, NOON).mentions
        (other, _) = (one.id for one in store.mentions.each() if one.id != drawn)
        store.corrections.correct("acme", [other, drawn], "negative", NOON)
        assert store.audits.counts("acme", "m1") == (0, 0)
        store.audits.save([Audit(drawn, "acme", "positive")], NOON)
        assert store.audits.counts("acme", "m1") == (1, 1)
        store.corrections.correct("acme", [drawn], "neutral", NOON)
        assert [one.label for one in store.audits.items("acme")] == ["neutral"]

    def test_what_was_corrected_by_itself_is_shown_to_audits_as_it_was_read(self, store: Store) -> None:
        filled(store, 5)
        drawn = store.audits.draw("acme", JUNE, 2, None, NOON).mentions
        store.audits.save([Audit(one, "acme", "negative") for one in drawn], NOON)
        store.corrections.correct("acme", [drawn[0]], "negative", NOON)
        rest = [one.id for one in store.mentions.each() if one.id not in drawn]
        store.corrections.correct("acme", rest, "neutral", NOON, "chosen by a query")
        found = evidence(store)
        assert [(row.label, row.read) for row in found.audits] == [("negative", "positive")] * 2
        assert [(row.label, row.read) for row in found.put_right] == [("negative", "positive")]
        assert found.put_right[0].probabilities == found.audits[0].probabilities

    def test_a_card_that_was_changed_by_what_is_taken_back_is_asked_again(self, store: Store) -> None:
        filled(store, 2)
        drawn, other = store.audits.draw("acme", JUNE, 2, None, NOON).mentions
        store.audits.save([Audit(drawn, "acme", "positive"), Audit(other, "acme", "negative")], NOON)
        number = store.corrections.correct("acme", [drawn], "negative", NOON + timedelta(hours=1))
        store.corrections.undo(number)
        assert {one.mention: one.label for one in store.audits.items("acme")} == {drawn: None, other: "negative"}

    def test_a_card_that_said_the_same_already_keeps_its_word_when_the_correction_is_taken_back(self, store: Store) -> None:
        filled(store, 1)
        (drawn,) = store.audits.draw("acme", JUNE, 1, None, NOON).mentions
        store.audits.save([Audit(drawn, "acme", "negative")], NOON)
        number = store.corrections.correct("acme", [drawn], "negative", NOON + timedelta(hours=1))
        store.corrections.undo(number)
        assert [one.label for one in store.audits.items("acme")] == ["negative"]

    def test_what_counts_for_a_mention_is_known_by_its_number(self, store: Store) -> None:
        filled(store, 2)
        first, second = sorted(one.id for one in store.mentions.each())
        assert store.corrections.of("acme", first) is None
        both = store.corrections.correct("acme", [first, second], "negative", NOON)
        one = store.corrections.correct("acme", [first], "neutral", NOON)
        counts = store.corrections.of("acme", first)
        assert counts is not None
        assert (counts.id, counts.label, counts.mentions) == (one, "neutral", 1)
        store.corrections.undo(one)
        counts = store.corrections.of("acme", first)
        assert counts is not None
        assert (counts.id, counts.label, counts.mentions) == (both, "negative", 2)
        assert store.corrections.of("beta", first) is None

    def test_a_rule_holds_for_what_comes_later_and_gives_way_to_a_single_correction(self, store: Store) -> None:
        keep(store, mention("1", "The bag was sick, in the best sense of it."))
        read(store, reading(BAD))
        (known,) = (one.id for one in store.mentions.each())
        number = store.corrections.add_rule("acme", '"was sick"', "positive", [known], NOON)
        keep(store, mention("2", "My seat was sick too, I love it here."), mention("3"))
        read(store, reading(BAD))
        assert self.label_counts(store) == {"positive": 2, "negative": 1}
        assert [(one.id, one.kind, one.mentions) for one in store.corrections.made("acme")] == [(number, "rule", 2)]
        store.corrections.correct("acme", [known], "neutral", NOON)
        assert self.label_counts(store) == {"neutral": 1, "positive": 1, "negative": 1}
        store.corrections.undo(number)
        assert self.label_counts(store) == {"neutral": 1, "negative": 2}

    def test_a_mention_that_could_not_be_scored_counts_once_a_person_has(self, store: Store) -> None:
        keep(store, mention("1"))
        read(store, reading(None, reason="language es not trained for"))
        (known,) = (one.id for one in store.mentions.each())
        assert self.label_counts(store) == {}
        store.corrections.correct("acme", [known], "negative", NOON)
        assert self.label_counts(store) == {"negative": 1}
        assert evidence(store).coverage.unscored == {}


class TestNewModels:
    def test_a_version_that_is_not_calibrated_has_no_shares_to_start_from(self, store: Store) -> None:
        store.readings.note_model("m1", (1 / 3, 1 / 3, 1 / 3))
        store.readings.note_model("m1", None)
        filled(store, 1)
        assert evidence(store).model.priors is None


def item(number: int, text: str = "My bag never came. The crew was kind.", **found: tuple[int, int]) -> AuditItem:
    return AuditItem(number, text, ((3, 6),), ((0, 18), (19, len(text))), found)


class TestSession:
    def pressed(self, keys: str, items: list[AuditItem]) -> tuple[int, list[Answer], list[int]]:
        kept: list[Answer] = []
        forgotten: list[int] = []
        shown: list[str] = []
        keyboard = iter(keys)
        done = ask(
            items,
            "Acme Air",
            {"bags": "Your bags arrive with you."},
            key=lambda: next(keyboard, ""),
            show=shown.append,
            keep=kept.append,
            forget=forgotten.append,
        )
        assert any("Acme Air" in line for line in shown)
        return done, kept, forgotten

    def test_one_key_labels_and_a_promise_that_was_found_is_asked_about(self) -> None:
        done, kept, _ = self.pressed("nbp", [item(1, bags=(0, 18)), item(2)])
        assert done == 2
        assert kept == [Answer(1, "negative", {"bags": "broken"}), Answer(2, "positive", {})]

    def test_the_last_answer_can_be_taken_back(self) -> None:
        done, kept, forgotten = self.pressed("nuoq", [item(1), item(2)])
        assert (done, forgotten) == (1, [1])
        assert [one.label for one in kept] == ["negative", "neutral"]

    def test_undo_at_a_promise_asks_about_the_same_mention_again(self) -> None:
        assert self.pressed("nupk", [item(1, bags=(0, 18))])[1] == [Answer(1, "positive", {"bags": "kept"})]

    def test_other_keys_do_nothing_and_the_end_of_input_quits(self) -> None:
        assert self.pressed("zz9", [item(1)])[0] == 0
        assert self.pressed("s", [item(1)])[:2] == (0, [])

    def test_the_brand_and_the_passages_are_marked(self) -> None:
        assert marked(item(1)) == "My [bag] never came. ¦ The crew was kind."


CONFIG = f"""\
[[brand]]
id = "acme"
name = "Acme Air"
query = "acme"

[[brand.promise]]
id = "time"
text = "{TIME}"
"""


class TestCommands:
    @pytest.fixture(autouse=True)
    def place(self, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
        monkeypatch.setattr(App, "reader", lambda self, name=None: FakeReader())
        (here / "promisewatch.toml").write_text(CONFIG, encoding="utf-8")
        words = ("good", "bad", "good time", "=sum bad time")
        rows = [[one, f"{words[one % 4]} acme of the author {one}", f"2026-03-{one + 1:02} 10:00:00"] for one in range(12)]
        with (here / "posts.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["id", "text", "published"], *rows])
        assert run(["import", "posts.csv", "--brand", "acme"]) == 0
        assert run(["read"]) == 0
        capsys.readouterr()
        return here

    def sheet(self, place: Path) -> list[dict[str, str]]:
        assert run(["audit", "draw", "--brand", "acme", "-n", "8", "-o", "audit.csv"]) == 0
        return list(csv.DictReader(io.StringIO((place / "audit.csv").read_text(encoding="utf-8"))))

    def fill(self, place: Path, rows: list[dict[str, str]]) -> None:
        with (place / "audit.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)

    def test_a_sheet_goes_out_empty_comes_back_filled_in_and_is_told(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        rows = self.sheet(place)
        assert list(rows[0]) == ["mention", "text", "label", "promise:time"]
        assert len(rows) == 8
        assert {row["label"] for row in rows} == {""}
        assert {row["promise:time"] for row in rows if "time" in row["text"]} == {"?"}
        assert not any(row["text"].startswith("=") for row in rows)
        for row in rows:
            row["label"] = "Negative" if "bad" in row["text"] else "positive"
            row["promise:time"] = row["promise:time"] and "not about it"
        rows[0]["label"] = "neutral"
        self.fill(place, rows)
        assert run(["audit", "import", "audit.csv"]) == 0
        capsys.readouterr()
        assert run(["audit", "show", "--format", "json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["drawn"], found["audited"], found["right"]) == (8, 8, 7)
        assert found["interval"] == [0.529, 0.978]
        assert sum(found["confusion"]["neutral"].values()) == 1
        (promise,) = found["promises"]
        assert (promise["promise"], promise["right"]) == ("time", 0)
        assert run(["audit", "show"]) == 0
        assert "read right: 7 of 8 audited, 53–98" in capsys.readouterr().out

    def test_rows_that_cannot_be_taken_are_told_and_the_others_are_taken(
        self, place: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = self.sheet(place)
        for row, label in zip(rows, ("positive", "great", "", "negative", "neutral"), strict=False):
            row["label"] = label
        rows[3]["mention"], rows[4]["promise:time"] = "999", "perhaps"
        self.fill(place, rows)
        capsys.readouterr()
        assert run(["audit", "import", "audit.csv", "--brand", "acme"]) == 1
        told = capsys.readouterr().err
        assert "row 3: label 'great' is none of negative, neutral, positive" in told
        assert "row 5: there is no mention 999" in told
        assert "row 6: 'perhaps'" in told
        assert "took 1 label; 4 rows have none yet, 3 were refused" in told

    def test_a_sheet_can_be_tried_before_it_is_taken(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        rows = self.sheet(place)
        rows[0]["label"], rows[1]["label"] = "positive", "great"
        self.fill(place, rows)
        capsys.readouterr()
        assert run(["audit", "import", "audit.csv", "--dry-run", "--format", "json"]) == 1
        told = json.loads(capsys.readouterr().out)
        assert (told["labels"], told["random"], told["empty"], told["dry_run"]) == (1, 1, 6, True)
        assert [one["row"] for one in told["refused"]] == [3]
        assert run(["audit", "show"]) == 0
        assert "8 mentions drawn, none labelled" in capsys.readouterr().err

    def test_labelling_at_the_terminal_goes_on_where_it_was(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["audit", "draw", "-n", "3"]) == 0
        keys = iter("nxq" + "nx" * 9)
        monkeypatch.setattr("click.getchar", lambda: next(keys))
        assert run(["audit", "label"]) == 0
        assert run(["audit", "label"]) == 0
        capsys.readouterr()
        assert run(["audit", "label"]) == 0
        assert "nothing to label" in capsys.readouterr().err

    def test_without_a_terminal_it_says_how_else_to_label(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def no_terminal() -> str:
            raise OSError(6, "No such device or address", "/dev/tty")

        assert run(["audit", "draw", "-n", "1"]) == 0
        monkeypatch.setattr("click.getchar", no_terminal)
        assert run(["audit", "label"]) == 1
        assert "promisewatch audit draw -o FILE.csv" in capsys.readouterr().err

    def test_a_rule_is_shown_applied_and_removed(self, capsys: pytest.CaptureFixture[str]) -> None:
        add = ["correct", "rule", "add", "--brand", "acme", "bad time", "--label", "neutral"]
        assert run(add) == 0
        shown = capsys.readouterr()
        assert "3 match; 3 mentions would become neutral (3 negative)" in shown.err
        assert "negative → neutral" in shown.out
        assert run(["correct", "list", "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out) == []
        assert run([*add, "--apply"]) == 0
        capsys.readouterr()
        assert run(["correct", "list", "--format", "json"]) == 0
        (rule,) = json.loads(capsys.readouterr().out)
        assert (rule["kind"], rule["mentions"]) == ("rule", 3)
        assert run(["correct", "rule", "remove", str(rule["id"])]) == 0
        assert run(["correct", "rule", "remove", str(rule["id"])]) == 1

    def test_mentions_are_corrected_by_number_or_by_query(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["correct", "1", "--label", "negative"]) == 0
        assert "positive → negative" in capsys.readouterr().out
        assert run(["correct", "--query", "good", "--label", "negative", "--apply"]) == 0
        assert "6 match; 5 mentions become negative" in capsys.readouterr().err
        assert run(["correct", "--query", "good", "--label", "positive", "--format", "json"]) == 0
        tried = json.loads(capsys.readouterr().out)
        assert (tried["matched"], tried["changing"], tried["before"]) == (6, 6, {"negative": 6})
        assert (tried["correction"], len(tried["examples"])) == (None, 5)
        assert run(["correct", "99", "--label", "negative"]) == 1
        assert run(["correct", "--label", "negative"]) == 2
        assert run(["correct", "--query", "(good", "--label", "negative"]) == 2
