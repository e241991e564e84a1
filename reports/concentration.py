"""On how many people a number rests (METRICS 15): the share of the complaints that the most active authors and threads make up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from reports.breakdown import LeaderRow
from reports.findings import VoiceConcentration
from reports.statistics import MIN_EFFECTIVE
from reports.words_moved import concentration_sentence

TOPS = (1, 3, 10)
RESTS_ON_ONE, RESTS_ON_THREE = 0.25, 0.5
"""From these shares on, a number is said to rest on one author or thread, or on three authors."""


def concentrations(
    leaders: Sequence[LeaderRow], totals: Mapping[str, int], names: Mapping[str, str]
) -> tuple[VoiceConcentration, ...]:
    """The negative voices (`totals[""]`) and those who call a promise broken (by its id), in the order of `names`.

    Shares are None under twelve voices, those of threads also where nobody answers anybody.
    """
    found = []
    for promise, text in names.items():
        n = totals.get(promise, 0)
        one = VoiceConcentration(
            promise=promise,
            text=text,
            n=n,
            authors=_shares(leaders, promise, "author", n),
            threads=_shares(leaders, promise, "thread", n),
            sentence="",
            most=max((row.n for row in leaders if row.promise == promise and row.kind == "author"), default=0),
        )
        found.append(replace(one, sentence=concentration_sentence(one, RESTS_ON_ONE, RESTS_ON_THREE)))
    return tuple(found)


def _shares(
    leaders: Sequence[LeaderRow], promise: str, kind: Literal["author", "thread"], n: int
) -> tuple[float, float, float] | None:
    """The share of the top 1, 3 and 10. People without a name are one voice each, and count where fewer are named."""
    voices = sorted((row.n for row in leaders if row.promise == promise and row.kind == kind), reverse=True)
    if n < MIN_EFFECTIVE or (kind == "thread" and not voices):
        return None
    spare = n - sum(voices)
    if kind == "author":
        voices += [1] * min(max(TOPS), max(spare, 0))
    first, third, tenth = (min(sum(voices[:top]) / n, 1.0) for top in TOPS)
    return (first, third, tenth)
