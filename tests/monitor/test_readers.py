"""Reports wait for no writer, and a store that nobody may write can be read and reported."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.store import Listening, Store
from tests.monitor.store_builders import ACME, BETA, GOOD, NOON, evidence, keep, mention, read, reading, said

SOURCES = [Listening("feed", "feed", "https://x.org", ("acme",))]


@pytest.fixture
def path() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    with Store(folder / "promisewatch.db") as store:
        store.brands.sync([ACME, BETA])
        store.sources.sync(SOURCES)
        keep(store, mention("1"), mention("2", published=NOON + timedelta(days=1)))
        read(store, reading(GOOD, said("bags", "kept")))
        evidence(store)
        keep(store, mention("3"))
    yield folder / "promisewatch.db"
    shutil.rmtree(folder)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def read_only(path: Path, *, folder: bool) -> Iterator[None]:
    """Take the right to write from this user; root has it always, so be nobody meanwhile."""
    path.chmod(0o444)
    path.parent.chmod(0o555 if folder else 0o777)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        path.parent.chmod(0o700)


def report(path: Path) -> tuple[int, int, int]:
    with Store(path, busy_seconds=0) as store:
        store.brands.sync([ACME, BETA])
        store.sources.sync(SOURCES)
        found = evidence(store)
        assert [one.id for one in store.brands.promises("acme")] == ["on-time", "bags"]
        assert len(list(store.mentions.each())) == 3
        return found.coverage.mentions, found.coverage.unread, sum(row.n for row in found.stances)


def test_a_report_waits_for_no_writer_and_counts_what_has_come_since(path: Path) -> None:
    with writing(path):
        assert report(path) == (3, 1, 2)
    assert report(path) == (3, 1, 2)


@pytest.mark.parametrize("folder", [True, False])
def test_a_store_that_may_not_be_written_is_reported(path: Path, folder: bool) -> None:
    with read_only(path, folder=folder):
        assert report(path) == (3, 1, 2)


def test_a_change_of_the_configuration_is_written(path: Path) -> None:
    with Store(path) as store:
        store.brands.sync([replace(ACME, promises=ACME.promises[:1]), BETA])
        assert store.brands.promises("acme") == ACME.promises[:1]
