"""Whether a broken promise rests on one story: its verdict, once more without the largest story that says so."""

from collections import Counter

from reports.delivery import expectation, fitted_prior, posterior, stance_tables
from reports.evidence import Evidence, Window
from reports.statistics import MIN_EFFECTIVE, beta_interval


def broken_without_largest(evidence: Evidence, window: Window, promise: str) -> bool | None:
    """Whether a promise would be broken without the largest of the stories that say so; None where none has two voices.

    Too few voices that are left say nothing, so that it would not.
    """
    voices = Counter[int]()
    for row in evidence.stances:
        if row.promise == promise and row.stance == "broken" and row.story and row.day in window:
            voices[row.story] += row.n
    if not voices or max(voices.values()) < 2:
        return None
    largest = max(voices, key=lambda story: (voices[story], -story))
    rest = [row for row in evidence.stances if row.promise != promise or row.story != largest]
    stored = stance_tables(rest, evidence.promises, evidence.stance_audits)
    tables = {id_: table.within(window) for id_, table in stored.items()}
    left = tables[promise]
    if left.n_eff < MIN_EFFECTIVE:
        return False
    share = posterior(left, fitted_prior(tables.values()))
    advertised = next(one for one in evidence.promises if one.id == promise)
    return 100 * beta_interval(share.mean, share.strength)[1] < expectation(advertised)
