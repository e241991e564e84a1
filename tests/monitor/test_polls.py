"""Polling for ever costs no more than polling once. `benchmarks/polls.py` does it a thousand times."""

from benchmarks.polls import measure


def test_memory_and_open_files_stay_what_they_are_however_often_sources_fail_and_bring_news() -> None:
    samples = measure(polls=60, feeds=4, trace=True)
    early, late = samples[:10], samples[10:]
    assert max(one.files for one in late) <= max(one.files for one in early) + 8
    assert max(one.traced for one in late) - max(one.traced for one in early) < 500_000
    assert {one.threads for one in late} <= {one.threads for one in early}
