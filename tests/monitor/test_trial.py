"""The trial in small: whatever fails, and however often the daemon dies, everything is stored once and every hole is told.

`benchmarks/run.py` does it with two hundred feeds for days of the clock.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.trial.run import Size, trial


@pytest.mark.timeout(900)
def test_killed_again_and_again_among_faults_the_daemon_keeps_what_was_served_once_and_tells_every_hole(tmp_path: Path) -> None:
    size = Size(
        feeds=12,
        every=timedelta(minutes=30),
        steps=14,
        kills=2,
        share=0.3,
        reddit_share=0.15,
        eager=0.2,
        thorough=False,
        flood=520,
        calm=timedelta(hours=6),
    )
    tried = trial(tmp_path, size)
    assert tried.verdict.problems == []
    assert tried.verdict.kept > 500
    assert tried.verdict.withheld > 20
    assert tried.faults > 20
