"""Custody of data: backups and the way back, upgrades with a copy before, retention, erasure with its proof, pseudonyms."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import backups, migrations
from monitor.app import App
from monitor.cli import run
from monitor.config import parse
from monitor.errors import ConfigError, Interrupted, MonitorError
from monitor.inbound import Inbox, Wishes
from monitor.jobs import Work, jobs
from monitor.lock import HeldError, holding
from monitor.planner import Planner
from monitor.pseudonyms import KEY, MARK, disguise, pseudonym
from monitor.retention import erase_author, names_of, proves, purge_due
from monitor.storage import copies, file
from monitor.storage.values import Matched
from monitor.store import Store, StoreError
from tests.monitor.store_builders import ACME, BETA, GOOD, JUNE, NOON, content, keep, mention, read, reading, rollups, said

ROOT = Path(__file__).resolve().parents[2]
CONFIG = '[[brand]]\nid = "acme"\nname = "Acme Air"\nquery = "acme"\nown_accounts = ["feed:Acme Help"]\n'
SECRET = "a key of more than sixteen signs"


@pytest.fixture
def place(here: Path) -> Path:
    (here / "promisewatch.toml").write_text(CONFIG, encoding="utf-8")
    return here


@pytest.fixture
def path(place: Path) -> Path:
    return place / "promisewatch.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        opened.brands.sync([ACME, BETA])
        keep(opened, mention("1"), mention("2"), mention("3"))
        read(opened, reading(GOOD, said("bags", "kept")))
        yield opened


def told(path: Path) -> list[list[tuple[object, ...]]]:
    with Store(path) as opened:
        return content(opened)


class TestBackup:
    def test_what_was_backed_up_comes_back_whole(self, store: Store, path: Path, place: Path) -> None:
        before = content(store)
        backups.write(store, place / "b.db", NOON)
        keep(store, mention("4"))
        store.close()
        kept = backups.restore(place / "b.db", path, NOON)
        assert told(path) == before
        assert kept is not None
        assert len(told(kept)[0]) == 4

    def test_only_the_newest_copies_are_kept(self, store: Store, place: Path) -> None:
        (place / "b").mkdir()
        (place / "b" / "mine.db").write_text("not ours")
        for day in range(5):
            backups.write_dated(store, place / "b", 2, NOON + timedelta(days=day))
        names = sorted(one.name for one in (place / "b").iterdir())
        assert names == ["mine.db", "promisewatch-20260604T120000Z.db", "promisewatch-20260605T120000Z.db"]
        last = store.custody.last_backup()
        assert last is not None
        assert (last.at, Path(last.path).name) == (NOON + timedelta(days=4), names[-1])

    def test_the_daemon_makes_one_every_night(self, store: Store, place: Path) -> None:
        (place / "promisewatch.toml").write_text(CONFIG + '[backup]\nfolder = "nightly"\n', encoding="utf-8")
        app = App(place / "promisewatch.toml")
        (job,) = [one for one in jobs(app.config) if one.name == "backup"]
        assert "promisewatch-20260601T120000Z.db" in job.run(Work(app, store, NOON))
        assert told(next((place / "nightly").iterdir())) == content(store)

    def test_what_others_write_meanwhile_neither_gets_into_a_copy_nor_begins_it_anew(
        self, store: Store, path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(file, "_PAGES_AT_ONCE", 1)
        before = content(store)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            (pages,) = other.execute("PRAGMA page_count").fetchone()
            writes = iter(range(2 * pages))

            def somebody_writes() -> bool:
                other.execute("UPDATE mentions SET text = text || ?", (str(next(writes)),))
                return False

            backups.write(store, place / "b.db", NOON, somebody_writes)
        assert next(writes) > 1
        assert told(place / "b.db") == before != content(store)

    def test_one_that_is_stopped_leaves_nothing_and_is_made_anew(self, store: Store, place: Path) -> None:
        with pytest.raises(Interrupted):
            backups.write(store, place / "b.db", NOON, lambda: True)
        assert list(place.glob("b.db*")) == []
        assert store.custody.last_backup() is None
        backups.write(store, place / "b.db", NOON)

    def test_a_copy_is_written_and_restored_on_the_command_line(self, store: Store, path: Path, place: Path) -> None:
        store.close()
        assert run(["backup", "copies", "--keep", "3"]) == 0
        (copy,) = (place / "copies").iterdir()
        path.unlink()
        assert run(["restore", str(copy), "--yes"]) == 0
        assert len(told(path)[0]) == 3

    def test_a_folder_that_is_not_there_is_made(self, store: Store, place: Path) -> None:
        assert run(["backup", "new/folder/b.db"]) == 0
        assert told(place / "new" / "folder" / "b.db") == content(store)

    def test_a_folder_that_cannot_be_made_is_said(self, store: Store, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (place / "new").write_text("a file")
        assert run(["backup", "new/b.db"]) == 1
        assert "choose a folder" in capsys.readouterr().err

    def test_a_folder_without_a_number_to_keep_is_wrong_usage(self, store: Store, place: Path) -> None:
        (place / "copies").mkdir()
        assert run(["backup", "copies"]) == 2


class TestNeighbours:
    """Others who have an account on the same machine."""

    def test_nobody_else_may_read_the_store_its_log_or_its_copies(self, store: Store, path: Path, place: Path) -> None:
        backups.write(store, place / "b.db", NOON)
        store.close()
        kept = backups.restore(place / "b.db", path, NOON)
        assert kept is not None
        with Store(path) as opened:
            keep(opened, mention("4"))
            found = [path, Path(f"{path}-wal"), place / "b.db", kept]
            assert [oct(one.stat().st_mode & 0o777) for one in found] == ["0o600"] * 4

    def test_a_file_that_is_open_to_all_is_told_and_left_as_it_is(
        self, store: Store, path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path.chmod(0o644)
        store.close()
        run(["doctor", "--format", "json"])
        found = {one["check"]: one for one in json.loads(capsys.readouterr().out)}
        assert (found["rights"]["grade"], found["rights"]["remedy"]) == ("warning", f"type: chmod o-rwx {path}*")
        assert path.stat().st_mode & 0o777 == 0o644


class TestRestoring:
    def test_it_is_refused_while_a_daemon_is_at_work(self, store: Store, path: Path, place: Path) -> None:
        backups.write(store, place / "b.db", NOON)
        store.close()
        with holding(path, "run", NOON), pytest.raises(HeldError, match="promisewatch run"):
            backups.restore(place / "b.db", path, NOON)

    def test_it_is_refused_while_another_program_has_the_store_open(
        self, store: Store, path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(copies, "WAIT_SECONDS", 0.01)
        backups.write(store, place / "b.db", NOON)
        before = content(store)
        with pytest.raises(MonitorError, match=r"has .* open"):
            backups.restore(place / "b.db", path, NOON)
        assert content(store) == before

    @pytest.mark.parametrize("copy", ["missing.db", "promisewatch.db", "promisewatch.toml"])
    def test_a_file_that_cannot_be_meant_is_refused_before_anybody_is_asked(
        self, store: Store, copy: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        store.close()
        assert run(["restore", copy]) == 1
        assert "Put" not in capsys.readouterr().err

    @pytest.mark.parametrize("what", ["missing", "nonsense", "another", "newer", "damaged", "itself"])
    def test_what_is_no_sound_store_of_ours_changes_nothing(self, store: Store, path: Path, place: Path, what: str) -> None:
        copy = path if what == "itself" else place / "copy.db"
        if what == "nonsense":
            copy.write_bytes(b"nonsense" * 1000)
        elif what == "another":
            with sqlite3.connect(copy) as other:
                other.execute("CREATE TABLE theirs (x)")
            other.close()
        elif what in {"newer", "damaged"}:
            store.file.backup(copy)
            other = sqlite3.connect(copy, isolation_level=None)
            if what == "newer":
                other.execute("UPDATE _sqlite_migrations SET name = 'tomorrow' WHERE id = 3")
            else:
                other.execute("DELETE FROM stories")
            other.close()
        before = content(store)
        store.close()
        with pytest.raises(MonitorError) as raised:
            backups.restore(copy, path, NOON)
        assert raised.value.remedy
        assert told(path) == before
        assert not list(place.glob("*.restoring*"))
        assert not list(place.glob("*.replaced*"))

    def test_a_damaged_store_is_replaced_and_kept_with_its_log(self, store: Store, path: Path, place: Path) -> None:
        backups.write(store, place / "b.db", NOON)
        before = content(store)
        store.close()
        path.write_bytes(b"what a pity" * 500)
        Path(f"{path}-wal").write_bytes(b"log")
        kept = backups.restore(place / "b.db", path, NOON)
        assert kept is not None
        assert kept.read_bytes().startswith(b"what a pity")
        assert not Path(f"{path}-wal").exists()
        assert told(path) == before


class TestUpgrading:
    def old(self, path: Path, monkeypatch: pytest.MonkeyPatch, steps: int = 3) -> None:
        """A store as an earlier version left it."""
        with monkeypatch.context() as patch:
            patch.setattr(migrations, "STEPS", migrations.STEPS[:steps])
            connection = sqlite3.connect(path, isolation_level=None)
            connection.execute("BEGIN")
            migrations.migrate(connection)
            connection.execute("INSERT INTO brands VALUES ('acme', 'Acme', 'UTC', '')")
            connection.execute("COMMIT")
            connection.close()

    def test_a_copy_is_made_before(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.old(path, monkeypatch)
        Store(path).close()
        copy = sqlite3.connect(f"{path}.before-upgrade")
        assert copy.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (3,)
        assert copy.execute("SELECT id FROM brands").fetchall() == [("acme",)]
        copy.close()

    def test_a_new_store_needs_none(self, path: Path) -> None:
        Store(path).close()
        Store(path).close()
        assert not Path(f"{path}.before-upgrade").exists()

    def test_an_upgrade_that_fails_leaves_everything_as_it_was(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(db: sqlite3.Connection) -> None:
            db.execute("CREATE TABLE half_done (x)")
            raise RuntimeError("power cut")

        self.old(path, monkeypatch)
        monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS[:3], fails))
        with pytest.raises(RuntimeError):
            Store(path)
        connection = sqlite3.connect(path)
        assert connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (3,)
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'half_done'").fetchone() is None
        connection.close()

    def test_without_room_for_the_copy_nothing_is_upgraded(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.old(path, monkeypatch)
        Path(f"{path}.before-upgrade.part").mkdir()
        with pytest.raises((StoreError, OSError)):
            Store(path)
        connection = sqlite3.connect(path)
        assert connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (3,)
        connection.close()


class TestRetention:
    RULES = parse('[retention]\nmentions = "30 days"\nledger = "30 days"\n')

    def test_what_is_older_goes_and_the_rest_stays(self, store: Store) -> None:
        keep(store, mention("old", published=NOON - timedelta(days=40)))
        line = purge_due(store, self.RULES, NOON + timedelta(days=1))
        assert line.startswith("deleted 1 old mention and")
        assert [one.external_id for one in store.mentions.each()] == ["1", "2", "3"]
        assert purge_due(store, self.RULES, NOON + timedelta(days=1)) == ""

    def test_what_was_counted_of_it_goes_too(self, store: Store) -> None:
        expected = (content(store), rollups(store))
        store.evidence.refresh()
        expected = (content(store), rollups(store))
        keep(store, mention("old", published=NOON - timedelta(days=40)))
        read(store, reading(GOOD))
        store.evidence.refresh()
        purge_due(store, parse('[retention]\nmentions = "30 days"\n'), NOON)
        store.evidence.refresh()
        assert (content(store), rollups(store)) == expected

    def test_the_ledger_keeps_the_last_run_of_every_source(self, store: Store) -> None:
        for day in (1, 2):
            keep(store, now=NOON + timedelta(days=day))
        assert purge_due(store, self.RULES, NOON + timedelta(days=90)).endswith("of the ledger")
        (state,) = store.sources.states()
        assert state.last is not None
        with store.door.reading() as connection:
            assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)
            assert connection.execute("SELECT count(*) FROM coverage").fetchone() == (0,)

    def test_a_clock_that_has_leapt_ahead_deletes_nothing_before_somebody_may_have_seen_it(self, store: Store, place: Path) -> None:
        (place / "promisewatch.toml").write_text(f'{CONFIG}[retention]\nmentions = "30 days"\n', encoding="utf-8")
        now = [NOON]
        app = App(place / "promisewatch.toml", clock=lambda: now[0])
        (purge,) = [one for one in jobs(app.config) if one.name == "purge"]
        planner = Planner([purge], store, app.clock, lambda job, at: job.run(Work(app, store, at)))
        for now[0] in (NOON + timedelta(days=1), NOON + timedelta(days=401)):
            planner.run_pending()
            assert len(list(store.mentions.each())) == 3
        now[0] += timedelta(days=1)
        planner.run_pending()
        assert list(store.mentions.each()) == []

    def test_it_stops_when_it_is_asked_to(self, store: Store) -> None:
        assert purge_due(store, self.RULES, NOON + timedelta(days=900), stopped=lambda: True) == ""
        assert len(list(store.mentions.each())) == 3

    def test_by_hand_it_does_what_the_configuration_says(
        self, store: Store, place: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        store.close()
        assert run(["purge", "--yes"]) == 2
        assert "[retention]" in capsys.readouterr().err
        (place / "promisewatch.toml").write_text(CONFIG + '[retention]\nmentions = "36500 days"\n', encoding="utf-8")
        assert run(["purge", "--yes"]) == 0
        assert "to delete: 0" in capsys.readouterr().err


class TestErasure:
    def test_all_that_an_author_wrote_goes_and_does_not_come_back(self, store: Store) -> None:
        ann = mention("9", "Lost my bag again, thank you.", author="ann")
        expected = content(store)
        keep(store, ann)
        keep(store, replace(ann, text="Lost my bag, again!"))
        read(store, reading(GOOD, said("bags", "broken")))
        proof = erase_author(store, "ann", None, None, NOON)
        assert proof.mentions == 1
        assert content(store) == expected
        keep(store, ann)
        assert content(store) == expected

    def test_what_was_put_by_of_the_author_goes_too(self, store: Store) -> None:
        nothing = Matched([], [], timedelta(days=7))
        keep(store, mention("8", author="ann"), mention("7", author="bob"), match=lambda _: nothing)
        assert erase_author(store, "ann", None, None, NOON).mentions == 1
        ((kept,),) = store.matching.unmatched(NOON)
        assert kept.author == "bob"

    def test_neither_name_nor_words_are_left_in_the_file(self, store: Store, path: Path) -> None:
        keep(store, mention("9", "My quokka was lost by them. Please help!", author="zebedee"))
        read(store, reading(GOOD, said("bags", "broken")))
        store.searching.index_due()
        store.evidence.load("acme", JUNE, generated=NOON)
        erase_author(store, "zebedee", None, None, NOON)
        store.searching.index_due()
        store.close()
        Store(path).close()
        assert b"quokka" not in path.read_bytes()
        assert b"zebedee" not in path.read_bytes()

    def test_nor_in_the_unused_parts_of_the_file(self, store: Store, path: Path) -> None:
        keep(store, mention("9", author="zebedee"))
        store.door.connection.execute("PRAGMA secure_delete = OFF")
        store.door.connection.execute("DELETE FROM mentions WHERE author = 'zebedee'")
        store.close()
        assert b"zebedee" in path.read_bytes()
        assert run(["purge", "--author", "zebedee", "--yes"]) == 0
        assert b"zebedee" not in path.read_bytes()

    def test_the_copies_that_still_have_it_are_named(self, store: Store, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        store.close()
        kept = [path.with_name(f"{path.name}.{end}") for end in ("before-upgrade", "replaced-20260601T120000Z")]
        for one in kept:
            one.write_bytes(b"x")
        assert run(["backup", "b.db"]) == 0
        assert run(["purge", "--author", "author 1", "--yes"]) == 0
        said = capsys.readouterr().err
        assert all(one.name in said for one in (*kept, Path("b.db")))
        for one in (*kept, Path("b.db")):
            one.unlink()
        assert run(["purge", "--author", "author 2", "--yes"]) == 0
        assert "still have it" not in capsys.readouterr().err

    def test_whoever_keeps_the_file_open_is_told_of_and_the_rest_is_made_up_for(
        self, store: Store, path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM mentions").fetchone()
            assert run(["purge", "--author", "author 1", "--yes"]) == 1
        assert "once more" in capsys.readouterr().err
        assert run(["purge", "--author", "author 1", "--yes"]) == 0

    def test_another_author_and_another_source_stay(self, store: Store) -> None:
        keep(store, mention("8", author="ann"), mention("9", author="anna"))
        assert erase_author(store, "ann", None, "elsewhere", NOON).mentions == 0
        assert erase_author(store, "ann", None, "feed", NOON).mentions == 1
        assert {one.author for one in store.mentions.each()} >= {"anna"}

    def test_the_proof_says_what_was_asked_to_those_who_know_and_to_nobody_else(self, store: Store) -> None:
        keep(store, mention("8", author="ann"))
        erase_author(store, "ann", None, "feed", NOON)
        (proof,) = store.custody.proofs()
        assert proves(proof, "ann", "feed")
        assert not proves(proof, "anna", "feed")
        assert not proves(proof, "ann", None)
        assert "ann" not in {str(value) for value in asdict(proof).values()}

    def test_it_is_asked_for_and_proved_on_the_command_line(self, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
        keep(store, mention("8", author="ann"))
        store.close()
        assert run(["purge", "--author", "ann", "--dry-run"]) == 0
        assert "would erase: 1 mention by" in capsys.readouterr().err
        assert run(["purge", "--author", "ann", "--yes", "--format", "json"]) == 0
        (proof,) = json.loads(capsys.readouterr().out)
        assert proof["mentions"] == 1
        assert run(["purge", "--proofs", "--author", "ann", "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out) == [proof]
        assert run(["purge", "--proofs", "--author", "bob", "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out) == []


class TestPseudonyms:
    @pytest.fixture(autouse=True)
    def private(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        text = CONFIG.replace('"acme"\nown', "'acme OR author:carla'\nown")
        (place / "promisewatch.toml").write_text(f"{text}[privacy]\npseudonymise_authors = true\n", encoding="utf-8")
        monkeypatch.setenv(KEY, SECRET)

    def test_names_are_not_stored_and_authors_are_still_told_apart(self, place: Path) -> None:
        with App(place / "promisewatch.toml").open_store() as store:
            keep(store, mention("1", author="zebedee"), mention("2", author="zebedee"), mention("3", author="bob"))
            names = [one.author for one in store.mentions.each()]
        assert names[0] == names[1] != names[2]
        assert all(name.startswith(MARK) for name in names)
        assert b"zebedee" not in (place / "promisewatch.db").read_bytes()

    def test_own_accounts_and_those_whom_a_query_names_keep_their_names(self, place: Path) -> None:
        with App(place / "promisewatch.toml").open_store() as store:
            keep(store, mention("1", author="acme help"), mention("2", author="Carla"), mention("3", author=""))
            assert [one.author for one in store.mentions.each()] == ["acme help", "Carla", ""]

    def test_whoever_posts_to_us_is_disguised_too(self, place: Path) -> None:
        app = App(place / "promisewatch.toml")
        app.open_store().close()
        row = {"text": "acme lost it", "author": "ann"}
        Inbox(app.config, app.store_path, app.disguise).take(json.dumps(row).encode(), Wishes(), NOON)
        with app.open_store() as store:
            assert [one.author for one in store.mentions.each()] == [pseudonym(SECRET.encode(), "ann")]

    def test_a_disguised_author_can_be_erased_by_name(self, place: Path) -> None:
        app = App(place / "promisewatch.toml")
        with app.open_store() as store:
            keep(store, mention("1", author="ann"), mention("2", author="bob"))
            assert len(names_of("ann", app.disguise)) == 2
            assert erase_author(store, "ann", app.disguise, None, NOON).mentions == 1
            assert [one.external_id for one in store.mentions.each()] == ["2"]

    def test_stored_names_are_replaced_on_request(self, place: Path, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with Store(path) as store:
            store.brands.sync([ACME])
            keep(store, mention("1", author="ann"), mention("2", author="Acme Help"))
        assert run(["purge", "--names"]) == 0
        assert "replaced the author of 1 mention\n" in capsys.readouterr().err
        with Store(path) as store:
            assert [one.author for one in store.mentions.each()] == [pseudonym(SECRET.encode(), "ann"), "Acme Help"]

    @pytest.mark.parametrize("key", ["", "short"])
    def test_without_a_good_key_nothing_begins(self, key: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(KEY, key)
        with pytest.raises(ConfigError, match=KEY):
            App(place / "promisewatch.toml").open_store()

    def test_the_same_key_makes_the_same_pseudonym_and_another_another(self) -> None:
        assert pseudonym(b"key one", "ann") == pseudonym(b"key one", "ann") != pseudonym(b"key two", "ann")

    def test_what_is_disguised_once_stays_as_it_is(self) -> None:
        config = parse("[privacy]\npseudonymise_authors = true\n")
        how = disguise(config, {KEY: SECRET})
        assert how is not None
        assert how(how("ann")) == how("ann") != "ann"


class TestFullDisk:
    def test_a_round_on_a_full_disk_says_so_and_leaves_a_sound_store(self, store: Store, path: Path, place: Path) -> None:
        rows = "\n".join(json.dumps({"text": f"acme {n} " + "word " * 400, "id": str(n)}) for n in range(3000))
        (place / "rows.jsonl").write_text(rows, encoding="utf-8")
        store.close()
        before = told(path)
        script = (
            "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000));"
            "from monitor.cli import run; sys.exit(run(sys.argv[1:]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, "import", "rows.jsonl"],
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "the disk" in done.stderr
        assert "Traceback" not in done.stderr
        with Store(path) as opened:
            assert opened.file.integrity_check() == []
        assert told(path)[0] == before[0]


def test_a_doctor_tells_of_clock_jobs_backups_and_old_copies(
    store: Store, path: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.close()
    shutil.copy(path, f"{path}.before-upgrade")
    os.utime(f"{path}.before-upgrade", (0, 0))
    with Store(path) as opened:
        keep(opened, mention("5"), now=NOON + timedelta(days=9999))
    run(["doctor", "--format", "json"])
    found = {one["check"]: one for one in json.loads(capsys.readouterr().out)}
    assert found["clock"]["grade"] == "error"
    assert (found["backup"]["grade"], found["copies"]["grade"], found["daemon"]["grade"]) == ("warning", "warning", "ok")
    assert all(one["remedy"] for one in found.values() if one["grade"] != "ok")
