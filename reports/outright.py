"""The broken-promise rate (METRICS 7): how many of those who speak of a promise say that it was promised, and broken."""

from collections.abc import Sequence

import numpy as np

from reports.evidence import AdvertisedPromise
from reports.promise_records import Outright
from reports.statistics import MIN_EFFECTIVE, wilson
from reports.voices import VoiceTable


def outright_rates(promises: Sequence[AdvertisedPromise], voices: VoiceTable) -> tuple[Outright, ...]:
    """The rate of each promise among the voices that take a side on it, Wilson's interval on the effective ones."""
    sided, said = voices.counts @ np.abs(voices.side), voices.counts @ voices.outright
    return tuple(
        _rate(promise, int(said[at]), int(sided[at]), voices.n_eff(voices.side[:, at])) for at, promise in enumerate(promises)
    )


def _rate(promise: AdvertisedPromise, said: int, n: int, n_eff: float) -> Outright:
    if n_eff < MIN_EFFECTIVE:
        return Outright(promise, said, n, None, None)
    return Outright(promise, said, n, said / n, wilson(said * n_eff / n, n_eff))
