"""Evidence for tests: a brand whose customers' voices are planted day by day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from reports.evidence import (
    AdvertisedPromise,
    AuditRow,
    Coverage,
    Evidence,
    Label,
    ModelFacts,
    Quote,
    SentimentRow,
    Stance,
    StanceRow,
    Window,
)

SINCE = date(2026, 6, 29)
TWELVE_WEEKS = Window(SINCE, SINCE + timedelta(weeks=12))
ON_TIME = AdvertisedPromise("on-time", "We depart on time, every time.", "product and service", "absolute")
REFUND = AdvertisedPromise("refund", "Your money back within 7 days.", "friction", "guarantee")
FRIENDLY = AdvertisedPromise("friendly", "A crew that smiles.", "people", "hedged")

_CERTAIN: dict[Label, tuple[float, float, float]] = {
    "negative": (0.9, 0.08, 0.02),
    "neutral": (0.1, 0.8, 0.1),
    "positive": (0.02, 0.08, 0.9),
}

BLUNT = np.array([[0.5, 0.2, 0.1, 0.1, 0.05, 0.05], [0.1, 0.15, 0.3, 0.3, 0.1, 0.05], [0.05, 0.05, 0.1, 0.1, 0.2, 0.5]])
SHARP = np.array([[0.64, 0.16, 0.08, 0.06, 0.04, 0.02], [0.06, 0.14, 0.36, 0.3, 0.1, 0.04], [0.02, 0.04, 0.06, 0.08, 0.16, 0.64]])
"""How often each class shows each of six signs: to a model that is right in 60 % of balanced texts, and in 76 %."""


def evidence(
    *,
    window: Window = TWELVE_WEEKS,
    promises: Sequence[AdvertisedPromise] = (ON_TIME,),
    sentiment: Sequence[SentimentRow] = (),
    stances: Sequence[StanceRow] = (),
    quotes: Sequence[Quote] = (),
    coverage: Coverage | None = None,
    audits: Sequence[AuditRow] = (),
    draws: Sequence[Window] = (),
    priors: tuple[float, float, float] | None = (1 / 3, 1 / 3, 1 / 3),
) -> Evidence:
    """Evidence of a brand in Riga over twelve weeks from Monday, 29 June 2026."""
    return Evidence(
        brand="acme",
        brand_name="Acme Air",
        timezone="Europe/Riga",
        window=window,
        every="week",
        generated=datetime(2026, 9, 21, 5, tzinfo=UTC),
        promises=tuple(promises),
        sentiment=tuple(sentiment),
        stances=tuple(stances),
        quotes=tuple(quotes),
        placements=(),
        coverage=coverage or Coverage(0, 0, 0),
        model=ModelFacts("test-1", priors),
        audits=tuple(audits),
        draws=tuple(draws),
    )


def weekly(promise: AdvertisedPromise, weeks: Sequence[tuple[int, int]], since: date = SINCE) -> list[StanceRow]:
    """(kept, broken) independent voices of each week, spread over its first five days."""
    rows = []
    for week, counts in enumerate(weeks):
        stances: tuple[Stance, Stance] = ("kept", "broken")
        for stance, count in zip(stances, counts, strict=True):
            for weekday in range(5):
                n = count // 5 + (weekday < count % 5)
                rows.append(StanceRow(since + timedelta(weeks=week, days=weekday), promise.id, stance, n))
    return [row for row in rows if row.n]


def moods(day: date, negative: int, neutral: int, positive: int, story: int = 0) -> list[SentimentRow]:
    """Voices of one day that the model is certain of."""
    labels: tuple[tuple[Label, int], ...] = (("negative", negative), ("neutral", neutral), ("positive", positive))
    return [SentimentRow(day, label, _CERTAIN[label], n, story) for label, n in labels if n]


def quote(mention: int, *, published: datetime | None = None, **changes: object) -> Quote:
    """A quote of its own author and text."""
    text = f"Mention {mention}: two hours late."
    base = Quote(
        mention=mention,
        text=text,
        passage="two hours late",
        url=f"https://example.org/{mention}",
        source="reviews",
        author=f"author {mention}",
        published=published or datetime(2026, 9, 1, 12, tzinfo=UTC),
        confidence=0.9,
        promise=ON_TIME.id,
        stance="broken",
        label="negative",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def calibrated(rng: np.random.Generator, mix: Sequence[float], size: int) -> np.ndarray:
    """Posteriors (size×3) of a classifier that is calibrated for equal classes, on texts whose classes are mixed by `mix`.

    Each text shows one of six signs; how often each class shows which is known, so the posteriors are exact.
    """
    posteriors = (BLUNT / BLUNT.sum(axis=0)).T
    return np.asarray(posteriors[signs(rng, truths(rng, mix, size), BLUNT)])


def truths(rng: np.random.Generator, mix: Sequence[float], size: int) -> np.ndarray:
    """The classes (0–2) of texts that are mixed by `mix`."""
    return rng.choice(3, size=size, p=list(mix))


def signs(rng: np.random.Generator, truth: np.ndarray, shows: np.ndarray) -> np.ndarray:
    """The sign that each text shows; a row of `shows` says how often its class shows which."""
    return (rng.random(truth.size)[:, None] > np.cumsum(shows, axis=1)[truth]).sum(axis=1)
