"""What the bundled model says beyond sentiment: pillar and experience, promises and their stance, sentiment towards a target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import pillars, promises
from models.calibration import Calibration
from models.encoder import Encoded, Encoder
from models.figures import within
from models.heads import Heads
from models.promises import EmbeddedPromises
from models.reading import EXPERIENCES, Promise, PromiseMatch
from models.sentiment import columns
from models.text import normalise

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Question:
    """A text to judge, normalised, by its row in the encoded states, and the promises that it may speak of, or make if `own`."""

    text: str
    row: int
    promises: tuple[Promise, ...]
    own: bool = False


class Judge:
    """Puts further questions to the encoder that carries the heads."""

    def __init__(self, encoder: Encoder, heads: Heads, calibration: Calibration) -> None:
        self._encoder = encoder
        self._heads = heads
        self._calibration = calibration
        self._known: dict[tuple[Promise, ...], EmbeddedPromises] = {}

    def pillars(
        self, questions: Sequence[Question], encoded: Encoded, matched: Mapping[int, Sequence[PromiseMatch]]
    ) -> dict[int, str | None]:
        """Return, by row, the pillar that each text is about, or None; `matched` are the promises that each row speaks of."""
        brands: dict[tuple[Promise, ...], list[int]] = {}
        for one in questions:
            brands.setdefault(one.promises if any(promise.pillar for promise in one.promises) else (), []).append(one.row)
        found: dict[int, str | None] = {}
        for brand, rows in brands.items():
            scores = self._heads.scores("pillar", encoded.states[rows])
            if brand:
                spoken = [{match.promise: match.relevance for match in matched.get(row, ())} for row in rows]
                about = np.array([[one.get(promise.id, 0.0) for promise in brand] for one in spoken])
                near = self._nearness(encoded.embeddings[rows], brand)
                weights = self._calibration.pillars
                scores = pillars.joined(scores, pillars.of_pillars(brand, about), pillars.of_pillars(brand, near), weights)
            found |= zip(rows, pillars.named(scores), strict=True)
        return found

    def experiences(self, states: NDArray[np.float32]) -> list[str]:
        """Return what kind of telling each text is: first-hand, news, promotion, question or other."""
        return [EXPERIENCES[index] for index in self._heads.scores("experience", states).argmax(axis=1)]

    def towards(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return probabilities of negative, neutral, positive for every (target, text)."""
        states = self._encoder.encode(pairs).states
        return self._heads.chances("target", states, self._calibration.target_temperature)

    def matches(self, questions: Sequence[Question], encoded: Encoded) -> list[list[PromiseMatch]]:
        """Return, for every question, the promises that come into question, however weakly the text speaks of them."""
        embeddings, (negative, _, positive) = encoded.embeddings, columns(self._encoder.labels)
        asked: list[tuple[int, Promise, float]] = []
        found: list[list[PromiseMatch]] = [[] for _ in questions]
        for index, one in enumerate(questions):
            if not one.promises:
                continue
            near = self._nearness(embeddings[one.row : one.row + 1], one.promises)
            if one.own:
                likely = [(promise, float(chance)) for promise, chance in zip(one.promises, near[0], strict=True)]
                found[index] = [promises.made(promise, chance) for promise, chance in likely if chance >= promises.MADE]
            else:
                asked += [(index, one.promises[column], float(near[0, column])) for _, column in promises.candidates(near)]
        if not asked:
            return found
        pairs = [(normalise(promise.text), questions[index].text) for index, promise, _ in asked]
        rows = [questions[index].row for index, _, _ in asked]
        heard = promises.Witnesses(
            scores=self._heads.scores("stance", self._encoder.encode(pairs).states),
            mood=(encoded.scores[rows, positive] - encoded.scores[rows, negative]).astype(np.float64),
            figure=np.array([within(promise.text, questions[index].text) for index, promise, _ in asked], np.float64),
        )
        judgement = self._calibration.judgement
        about = promises.spoken_of(heard.scores, np.array([near for _, _, near in asked]), judgement)
        kept = promises.kept_share(heard, judgement)
        for (index, promise, _), chance, share in zip(asked, about, kept, strict=True):
            found[index].append(promises.match(promise, questions[index].text, float(chance), float(share)))
        return found

    def nearest(self, promise: str, wanted: tuple[Promise, ...], vectors: NDArray[np.float32]) -> int:
        """Return which of the embedded passages is nearest to one of the `wanted` promises."""
        column = next(index for index, one in enumerate(wanted) if one.id == promise)
        return int(promises.likeness(vectors, self._embedded(wanted))[:, column].argmax())

    def _nearness(self, vectors: NDArray[np.float32], wanted: tuple[Promise, ...]) -> Floats:
        known = self._embedded(wanted)
        exampled = any(one.kept or one.broken for one in wanted)
        calibration = self._calibration.with_examples if exampled else self._calibration.relevance
        return promises.nearness(promises.likeness(vectors, known), calibration)

    def _embedded(self, wanted: tuple[Promise, ...]) -> EmbeddedPromises:
        if wanted not in self._known:
            owners = [index for index, promise in enumerate(wanted) for _ in promises.phrases(promise)]
            texts = [normalise(text) for promise in wanted for text in promises.phrases(promise)]
            self._known[wanted] = EmbeddedPromises(wanted, self._encoder.encode(texts).embeddings, np.array(owners))
        return self._known[wanted]
