"""A brand beside its competitors: share of voice, net sentiment, and the promises that both make."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reports.delivery import StanceTable, fitted_prior, posterior, promise_rng, stance_tables
from reports.evidence import AdvertisedPromise, Evidence
from reports.findings import Competitor, RivalPromise
from reports.net import estimate_net, window_correction
from reports.sentiment_table import sentiment_table
from reports.statistics import (
    MIN_EFFECTIVE,
    BetaPrior,
    benjamini_hochberg,
    beta_interval,
    difference_of_shares,
    effective_size,
    wilson,
)


@dataclass(frozen=True, slots=True)
class _Side:
    evidence: Evidence
    tables: dict[str, StanceTable]
    prior: BetaPrior


def compared(own: Evidence, rivals: Sequence[Evidence], seed: int) -> tuple[Competitor, ...]:
    """The brand, then its competitors, the most talked-of first; nothing without competitors. Over all promises p is adjusted.

    Promises correspond where their ids or their words are the same. A voice that speaks of two brands counts for both.
    """
    if not rivals:
        return ()
    tables = [sentiment_table(one.sentiment).within(own.window) for one in (own, *rivals)]
    n = np.concatenate([table.n for table in tables])
    worth = effective_size(n, np.concatenate([table.story for table in tables]))
    total, mine = int(n.sum()), _side(own)
    found = []
    for evidence, table in zip((own, *rivals), tables, strict=True):
        rng = np.random.default_rng(seed)
        net = estimate_net(table, evidence.model, rng, audited=window_correction(evidence, table, own.window)).sentiment
        share = net.n / total if worth >= MIN_EFFECTIVE else None
        found.append(
            Competitor(
                id=evidence.brand,
                name=evidence.brand_name,
                own=evidence is own,
                n=net.n,
                share=share,
                share_interval=None if share is None else wilson(share * worth, worth),
                net=net.net,
                net_interval=net.interval,
                promises=() if evidence is own else _promises(mine, _side(evidence), seed),
            )
        )
    adjusted = iter(benjamini_hochberg([one.p for brand in found for one in brand.promises if one.p is not None]))
    told = [
        replace(brand, promises=tuple(one if one.p is None else replace(one, p=next(adjusted)) for one in brand.promises))
        for brand in found
    ]
    return (told[0], *sorted(told[1:], key=lambda brand: (-brand.n, brand.id)))


def _side(evidence: Evidence) -> _Side:
    whole = stance_tables(evidence.stances, evidence.promises, evidence.stance_audits)
    tables = {id_: table.within(evidence.window) for id_, table in whole.items()}
    return _Side(evidence, tables, fitted_prior(tables.values()))


def _promises(mine: _Side, theirs: _Side, seed: int) -> tuple[RivalPromise, ...]:
    pairs = [(one, other) for one in mine.evidence.promises if (other := _same(one, theirs.evidence.promises)) is not None]
    return tuple(_promise(one, mine, other, theirs, seed) for one, other in pairs)


def _same(promise: AdvertisedPromise, others: Sequence[AdvertisedPromise]) -> AdvertisedPromise | None:
    by_id = next((other for other in others if other.id == promise.id), None)
    return by_id or next((other for other in others if _words(other) == _words(promise)), None)


def _words(promise: AdvertisedPromise) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in promise.text.casefold()).split()


def _promise(promise: AdvertisedPromise, mine: _Side, other: AdvertisedPromise, theirs: _Side, seed: int) -> RivalPromise:
    table, own = theirs.tables[other.id], mine.tables[promise.id]
    result = RivalPromise(promise.id, promise.text, None, None, sum(table.counts), None, None, None)
    if table.n_eff < MIN_EFFECTIVE:
        return result
    share = posterior(table, theirs.prior)
    low, high = beta_interval(share.mean, share.strength)
    result = replace(result, delivery=100 * share.mean, interval=(100 * low, 100 * high))
    if own.n_eff < MIN_EFFECTIVE:
        return result
    difference = difference_of_shares(share, posterior(own, mine.prior), promise_rng(seed, promise))
    low, high = difference.interval
    return replace(result, delta=100 * difference.delta, delta_interval=(100 * low, 100 * high), p=difference.p)
