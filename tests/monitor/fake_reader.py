"""A reader without weights: it reads "good" and "bad", and finds a promise by its id."""

from collections.abc import Sequence

from models.reading import Passage, PromiseMatch, Reading, Sentiment, Unread

GOOD, BAD, PLAIN = Sentiment(0.05, 0.05, 0.9), Sentiment(0.9, 0.05, 0.05), Sentiment(0.1, 0.8, 0.1)


class FakeReader:
    """Stands in for the transformer behind `models.reading.Reader`."""

    priors = (1 / 3, 1 / 3, 1 / 3)
    errors = None

    def __init__(self, version: str = "fake-1") -> None:
        self.version = version
        self.texts: list[str] = []
        self.names: list[tuple[str, ...]] = []

    def read(self, texts: Sequence[Unread]) -> list[Reading]:
        self.texts += [one.text for one in texts]
        self.names += [(one.target, *one.aliases) for one in texts]
        return [self._read(one) for one in texts]

    def _read(self, one: Unread) -> Reading:
        words = one.text.casefold()
        if "hola" in words:
            return Reading("es", None, "language es not trained for", (), self.version)
        feeling = GOOD if "good" in words else BAD if "bad" in words else PLAIN
        stance = {GOOD: "kept", BAD: "broken"}.get(feeling)
        matches = tuple(
            PromiseMatch(promise.id, 0.9, stance, 0.9)  # type: ignore[arg-type]
            for promise in one.promises
            if promise.id in words
        )
        return Reading("en", feeling, "", (Passage(0, len(one.text), feeling, promises=matches),), self.version)
