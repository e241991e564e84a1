"""One promise by itself: what moved it, and what to do with how it is made. Only what the report's figures say."""

from reports.delivery import EXPECTATIONS
from reports.documents import GapReport, PromiseGap
from reports.findings import Findings, PromiseChange
from reports.phrases import with_interval
from reports.phrases_moved import reliance_lines
from reports.promise_records import EmphasisGap
from reports.typography import counted, exact, interval, p_value, percent, score, span


def promise_moved(report: GapReport, gap: PromiseGap) -> tuple[str, ...]:
    """What came with its changes, how two windows differ, on whom it rests and how even it is."""
    id_, found = gap.promise.id, report.findings
    told = [turn.sentence for turn in report.weights.turns if turn.promise.id == id_] if report.weights else []
    if found.movement is not None:
        windows = span(found.movement.before), span(found.movement.after)
        told += [_change(one, *windows) for one in found.movement.promises if one.promise == id_ and one.delta is not None]
    own = Findings(
        concentration=tuple(one for one in found.concentration if one.promise == id_),
        consistency=tuple(one for one in found.consistency if one.promise == id_),
    )
    return (*told, *reliance_lines(own))


def promise_advice(report: GapReport, gap: PromiseGap) -> tuple[str, ...]:
    """Say it softer where it is not lived, louder where it is kept and hardly known. The most urgent first.

    None where evidence is insufficient or there is nothing to change.
    """
    if report.weights is None or gap.delivery is None:
        return ()
    told = [claim.sentence for claim in report.weights.at_risk if claim.promise.id == gap.promise.id]
    loud = next((one for one in report.weights.emphasis.gaps if one.promise.id == gap.promise.id), None)
    if loud is not None:
        told += _loudness(gap, loud)
    return (*told, *_stronger(gap))


def _change(one: PromiseChange, before: str, after: str) -> str:
    difference = with_interval(one.delta, one.interval, sign=True).removesuffix(")")
    chance = "" if one.p is None else f"; {p_value(one.p)}, adjusted over all promises"
    return (
        f"Kept in {score(one.before)} of 100 cases in {before} and in {score(one.after)} in {after}: "
        f"{difference}{chance}; n = {one.n_before:,} and {one.n_after:,})."
    )


def _loudness(gap: PromiseGap, loud: EmphasisGap) -> list[str]:
    if gap.verdict == "kept" and not loud.placements:
        return ["It is kept, and was not seen in your own voice in this time: make it known."]
    if loud.advertised is None or loud.spoken is None or loud.interval is None:
        return []
    shares = f"{percent(loud.advertised)} of what you advertise, {percent(loud.spoken)} of what customers say of promises"
    if gap.verdict == "kept" and loud.interval[1] < 0:
        return [f"It is kept, and you say little of it ({shares}): make it better known."]
    if gap.verdict in ("broken", "at risk") and loud.interval[0] > 0:
        times = counted(loud.placements, "placement")
        return [f"It is made louder than customers speak of it ({shares}; {times}): every further one is held against you."]
    return []


def _stronger(gap: PromiseGap) -> list[str]:
    """The strongest wording that the whole interval would keep, where it is stronger than what is promised."""
    if gap.verdict != "kept" or gap.interval is None:
        return []
    kept = [name for name, wanted in EXPECTATIONS.items() if gap.expectation < wanted <= gap.interval[0]]
    if not kept:
        return []
    name = max(kept, key=lambda one: EXPECTATIONS[one])
    article = "an" if name.startswith("a") else "a"
    claim = name if name == "guarantee" else f"{name} claim"
    wanted = exact(EXPECTATIONS[name])
    return [f"You could say it more strongly: {article} {claim} promises {wanted}, and you deliver {interval(gap.interval)}."]
