"""Kill -9 in every stage, against real servers: nothing is lost, nothing is told twice under two names, the store stays whole."""

from pathlib import Path

import pytest

from benchmarks.kills import play


@pytest.mark.timeout(1200)
def test_kills_in_every_stage_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    told = play(tmp_path, kills=20, seed=3)
    assert told.faults == []
    assert told.kills == 20
    assert len(told.killed) >= 5
    assert told.messages > 50
