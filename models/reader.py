"""Read texts: language, passages, sentiment and promises in one pass over all of them."""

from collections.abc import Sequence

import numpy as np

from models import language, passages, promises, sentiment
from models.calibration import load_calibration
from models.encoder import Encoder
from models.errors import ModelError
from models.promises import EmbeddedPromises
from models.reading import Passage, Promise, Reading, Sentiment, Unread
from models.text import normalise

LONGEST_TEXT = 50_000
SHORT_WORDS = 90


class TransformerReader:
    """Reads with a model of the hub or the bundled one. Promises always need the bundled encoder's embedding."""

    def __init__(self, name: str = "bundled", *, device: str = "auto", quantize: bool = True) -> None:
        self._calibration = load_calibration(name)
        self._encoder = Encoder(name, device=device, quantize=quantize)
        self._columns = sentiment.columns(self._encoder.labels)
        if self._calibration.relevance is not None:
            self._embedder, self._relevance = self._encoder, self._calibration.relevance
        else:
            own = load_calibration("bundled").relevance
            if own is None:
                raise ModelError("the bundled model has no calibration; reinstall promisewatch")
            self._embedder, self._relevance = Encoder("bundled", device=device, quantize=quantize), own
        self._known: dict[tuple[Promise, ...], EmbeddedPromises] = {}

    @property
    def version(self) -> str:
        """Identity of weights and rules."""
        return self._calibration.version

    @property
    def priors(self) -> tuple[float, float, float] | None:
        """The class shares that the probabilities are calibrated for; None where the model has no calibration."""
        return self._calibration.priors

    def read(self, texts: Sequence[Unread]) -> list[Reading]:
        """Read `texts`; a text that cannot be scored gets a reading that says why."""
        cut = [one.text[:LONGEST_TEXT] for one in texts]
        spoken = language.detect([normalise(text[:1000]) for text in cut])
        refused = [self._refusal(text, code) for text, code in zip(cut, spoken, strict=True)]
        spans = [[] if refused[i] else passages.split(text) or [(0, len(text))] for i, text in enumerate(cut)]
        pieces = [normalise(cut[i][start:end]) for i, found in enumerate(spans) for start, end in found]
        wholes = {i: normalise(text) for i, text in enumerate(cut) if len(spans[i]) > 1 and _is_short(text)}
        encoded = self._encoder.encode([*pieces, *wholes.values()])
        chances = sentiment.probabilities(encoded.scores[:, self._columns], self._calibration.temperature)
        of_whole = dict(zip(wholes, chances[len(pieces) :], strict=True))
        vectors = encoded.embeddings if self._embedder is self._encoder else self._embedder.encode(pieces).embeddings
        readings, at = [], 0
        for i, one in enumerate(texts):
            here = slice(at, at + len(spans[i]))
            at = here.stop
            if refused[i]:
                readings.append(Reading(spoken[i], None, refused[i], (), self.version))
                continue
            feelings = [sentiment.sentiment(row) for row in chances[here]]
            found = self._passages(spans[i], pieces[here], feelings, vectors[here], one.promises)
            whole = of_whole[i] if i in of_whole else _opinion(chances[here], [end - start for start, end in spans[i]])
            readings.append(Reading(spoken[i], sentiment.sentiment(whole), "", found, self.version))
        return readings

    def _refusal(self, text: str, code: str | None) -> str:
        """Return why a text is not scored, or "" when it is."""
        if not text.strip():
            return "empty"
        if code is None and not any(symbol.isalnum() for symbol in normalise(text)):
            return "no words"
        if code is not None and self._calibration.languages is not None and code not in self._calibration.languages:
            return f"language {code} not trained for"
        return ""

    def _passages(
        self,
        spans: list[tuple[int, int]],
        texts: list[str],
        feelings: list[Sentiment],
        vectors: np.ndarray,
        wanted: tuple[Promise, ...],
    ) -> tuple[Passage, ...]:
        if not wanted:
            return tuple(Passage(start, end, feeling) for (start, end), feeling in zip(spans, feelings, strict=True))
        known = self._embedded(wanted)
        chances = promises.relevance(promises.likeness(vectors, known), self._relevance)
        found = []
        for (start, end), text, feeling, row in zip(spans, texts, feelings, chances, strict=True):
            matched = promises.matches(row, wanted, text, feeling)
            best = max(matched, key=lambda one: one.relevance, default=None)
            pillar = next((one.pillar for one in wanted if best and one.id == best.promise), "") or None
            found.append(Passage(start, end, feeling, pillar=pillar, promises=matched))
        return tuple(found)

    def _embedded(self, wanted: tuple[Promise, ...]) -> EmbeddedPromises:
        if wanted not in self._known:
            owners = [index for index, promise in enumerate(wanted) for _ in promises.phrases(promise)]
            texts = [normalise(text) for promise in wanted for text in promises.phrases(promise)]
            self._known[wanted] = EmbeddedPromises(wanted, self._embedder.encode(texts).embeddings, np.array(owners))
        return self._known[wanted]


def _is_short(text: str) -> bool:
    """Tell whether a text is short enough to be read whole as well, which understands its turns better than pieces do."""
    return len(text.split(None, SHORT_WORDS)) <= SHORT_WORDS


def _opinion(chances: np.ndarray, lengths: list[int]) -> np.ndarray:
    """Return the sentiment of a long text from its passages: their mean, the opinionated and the longer counting more."""
    weights = np.sqrt(lengths) * (1.02 - chances[:, sentiment.NEUTRAL]) ** 2
    weighted: np.ndarray = (chances * weights[:, None]).sum(axis=0) / weights.sum()
    return weighted
