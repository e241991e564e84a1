"""Read texts: language, passages, sentiment (of the text, or towards a target that it names), pillar, experience and promises.

Everything that can be asked of all texts at once is asked at once, so that the encoder always has full batches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import language, passages, promises, sentiment
from models.calibration import BUNDLED, load_calibration
from models.encoder import Encoded, Encoder
from models.errors import ModelError
from models.heads import load_heads
from models.judge import Judge, Question
from models.known_errors import KnownErrors
from models.own_words import own_words, unmarked
from models.reading import RELEVANT, Passage, PromiseMatch, Reading, Unread
from models.targets import speaking_of
from models.text import normalise

LONGEST_TEXT = 50_000
SHORT_WORDS = 90

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch to be encoded: its text, normalised, and its offsets in the text it comes from."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """One text, cut up. `first` is the row of its first passage; `whole` the row of the whole text, where it is short."""

    pieces: tuple[_Piece, ...]
    first: int
    whole: int | None

    @property
    def rows(self) -> range:
        """The rows of the passages."""
        return range(self.first, self.first + len(self.pieces))

    def judged(self, text: Unread) -> Sequence[int]:
        """The rows of what is judged for promises."""
        return self.rows if self.whole is None or text.own else (self.whole,)


class TransformerReader:
    """Reads with a model of the hub or the bundled one. Pillars, promises and targets always need the bundled one."""

    def __init__(self, name: str = "bundled", *, device: str = "auto", quantize: bool = True) -> None:
        self._calibration = load_calibration(name)
        self._encoder = Encoder(name, device=device, quantize=quantize)
        self._columns = sentiment.columns(self._encoder.labels)
        folder = BUNDLED if name == "bundled" else self._encoder.folder
        # Heads without their calibration say nothing that could be believed.
        calibrated = self._calibration.priors is not None
        own, heads, calibration = self._encoder, load_heads(folder) if folder and calibrated else None, self._calibration
        self._judges_itself = heads is not None
        if heads is None:
            own, heads, calibration = (
                Encoder("bundled", device=device, quantize=quantize),
                load_heads(BUNDLED),
                load_calibration("bundled"),
            )
        if heads is None:
            raise ModelError("the bundled model has lost its heads.safetensors; reinstall promisewatch")
        self._own = own
        self._judge = Judge(own, heads, calibration)

    @property
    def version(self) -> str:
        """Identity of weights and rules."""
        return self._calibration.version

    @property
    def priors(self) -> tuple[float, float, float] | None:
        """The class shares that the probabilities are calibrated for; None where the model has no calibration."""
        return self._calibration.priors

    @property
    def errors(self) -> KnownErrors | None:
        """How the model is known to err on brands that it has not met; None where nobody measured it."""
        return self._calibration.errors

    def read(self, texts: Sequence[Unread]) -> list[Reading]:
        """Read `texts`; a text that cannot be scored gets a reading that says why."""
        cut = [one.text[:LONGEST_TEXT] for one in texts]
        own = [" ".join(unmarked(text[start:end]) for start, end in own_words(text)) for text in cut]
        said = [normalise(text) for text in own]
        spoken = language.detect([text[:1000] for text in said])
        refused = [self._refusal(text, code) for text, code in zip(said, spoken, strict=True)]
        plans, lines = _plan(cut, said, refused)
        encoded = self._encoder.encode(lines)
        chances = sentiment.probabilities(encoded.scores[:, self._columns], self._calibration.temperature)
        further = encoded if self._judges_itself else self._own.encode(lines)
        experiences = self._judge.experiences(further.states)
        # Whether somebody tells what happened to them is seen from the whole: "Friday now." alone says nothing.
        told = {row: experiences[row if plan.whole is None else plan.whole] for plan in plans if plan for row in plan.rows}
        matched = self._promises(texts, plans, lines, further)
        asked = [
            Question(lines[row], row, one.promises) for one, plan in zip(texts, plans, strict=True) if plan for row in plan.rows
        ]
        pillars = self._judge.pillars(asked, further, matched)
        aimed = self._towards(texts, own, plans)
        readings = []
        for i, (plan, reason) in enumerate(zip(plans, refused, strict=True)):
            if plan is None:
                readings.append(Reading(spoken[i], None, reason, (), self.version))
                continue
            rows = plan.rows
            found = tuple(
                Passage(piece.start, piece.end, sentiment.sentiment(chances[row]), pillars[row], told[row], matched.get(row, ()))
                for piece, row in zip(plan.pieces, rows, strict=True)
            )
            if plan.whole is not None:
                whole = chances[plan.whole]
            else:
                whole = _opinion(chances[rows.start : rows.stop], [piece.end - piece.start for piece in plan.pieces])
            if i in aimed:
                whole = (whole + aimed[i]) / 2  # two readers err differently: the text, and the text beside the name
            readings.append(Reading(spoken[i], sentiment.sentiment(whole), "", found, self.version))
        return readings

    def _refusal(self, text: str, code: str | None) -> str:
        """Return why a text, normalised, is not scored, or "" when it is."""
        if code is None and not any(symbol.isalnum() for symbol in text):
            return "no words" if text else "empty"
        if code is not None and self._calibration.languages is not None and code not in self._calibration.languages:
            return f"language {code} not trained for"
        return ""

    def _promises(
        self, texts: Sequence[Unread], plans: Sequence[_Plan | None], lines: Sequence[str], encoded: Encoded
    ) -> dict[int, tuple[PromiseMatch, ...]]:
        """Return the promises that the passage in each row speaks of.

        A short text is judged whole, since "Ordered Tuesday. Friday now." says it only as a whole, and what it says is credited to
        the passage that comes nearest; of a long one every passage is judged, and of the brand's own words as well.
        """
        questions = [
            Question(lines[row], row, one.promises, one.own)
            for one, plan in zip(texts, plans, strict=True)
            if plan
            for row in plan.judged(one)
        ]
        judged = dict(zip((one.row for one in questions), self._judge.matches(questions, encoded), strict=True))
        found: dict[int, list[PromiseMatch]] = {}
        for one, plan in zip(texts, plans, strict=True):
            for row in plan.judged(one) if plan else ():
                for match in judged[row]:
                    if plan and match.relevance >= RELEVANT:
                        among = encoded.embeddings[plan.rows.start : plan.rows.stop]
                        at = row if row in plan.rows else plan.first + self._judge.nearest(match.promise, one.promises, among)
                        found.setdefault(at, []).append(match)
        return {row: promises.strongest(matched) for row, matched in found.items()}

    def _towards(self, texts: Sequence[Unread], own: Sequence[str], plans: Sequence[_Plan | None]) -> dict[int, Floats]:
        """Return the sentiment towards the target, by text, of those texts that name it. `own` are their authors' words."""
        pairs: list[tuple[str, str]] = []
        rows: dict[int, range] = {}
        for i, (one, words, plan) in enumerate(zip(texts, own, plans, strict=True)):
            if plan is None or not one.target:
                continue
            pieces = [unmarked(one.text[piece.start : piece.end]) for piece in plan.pieces]
            named = speaking_of([words] if plan.whole is not None else pieces, (one.target, *one.aliases))
            if named:
                rows[i] = range(len(pairs), len(pairs) + len(named))
                pairs += named
        chances = self._judge.towards(pairs)
        return {i: chances[some.start : some.stop].mean(axis=0) for i, some in rows.items()}


def _plan(texts: Sequence[str], said: Sequence[str], refused: Sequence[str]) -> tuple[list[_Plan | None], list[str]]:
    """Cut `texts` up; returns a plan for each that is read, and every line to encode. `said` is what authors say, normalised."""
    lines: list[str] = []
    plans: list[_Plan | None] = []
    for text, whole, reason in zip(texts, said, refused, strict=True):
        if reason:
            plans.append(None)
            continue
        spans = passages.split(text) or own_words(text)
        pieces = tuple(_Piece(normalise(unmarked(text[start:end])), start, end) for start, end in spans)
        first = len(lines)
        lines += [piece.text for piece in pieces]
        if not _is_short(whole):
            plans.append(_Plan(pieces, first, None))
        elif len(pieces) == 1:
            plans.append(_Plan(pieces, first, first))
        else:
            plans.append(_Plan(pieces, first, len(lines)))
            lines.append(whole)
    return plans, lines


def _is_short(text: str) -> bool:
    """Tell whether a text is short enough to be read whole as well, which understands its turns better than pieces do."""
    return len(text.split(None, SHORT_WORDS)) <= SHORT_WORDS


def _opinion(chances: Floats, lengths: list[int]) -> Floats:
    """Return the sentiment of a long text from its passages: their mean, the opinionated and the longer counting more."""
    weights = np.sqrt(lengths) * (1.02 - chances[:, sentiment.NEUTRAL]) ** 2
    weighted: Floats = (chances * weights[:, None]).sum(axis=0) / weights.sum()
    return weighted
