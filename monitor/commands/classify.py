"""`promisewatch classify`: texts in, readings out, in order, without a store."""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import click

from models.reading import Passage, Promise, Reading, Sentiment, Unread
from monitor.app import App

AT_ONCE = 1024


@click.command()
@click.option("--brand", help="Also find this brand's promises, from the configuration.")
@click.option("--model", help="A model of the hub or a folder, instead of the configured or bundled one.")
@click.pass_obj
def classify_command(app: App, brand: str | None, model: str | None) -> None:
    """Read lines of text, or of JSON {"text", "target"?}, from standard input; write one JSON line for each, in order."""
    promises: tuple[Promise, ...] = ()
    if brand is not None:
        from monitor.pipeline import reading_promises  # noqa: PLC0415 - the pipeline is not needed without a brand

        promises = reading_promises(app.brand(brand))
    lines = _lines(sys.stdin.buffer)
    reader = app.reader(model)
    while chunk := list(islice(lines, 1 if sys.stdin.isatty() else AT_ONCE)):
        asked = [_unread(line, promises) for line in chunk]
        found = zip(asked, reader.read(asked), strict=True)
        sys.stdout.write("".join(json.dumps(document(one.text, reading), ensure_ascii=False) + "\n" for one, reading in found))
        sys.stdout.flush()


def _lines(stream: Any) -> Iterator[str]:
    """Yield lines without their ends. Bytes that are no UTF-8 are replaced: one bad line must not stop the rest."""
    for raw in stream:
        yield raw.decode("utf-8", errors="replace").removeprefix("\ufeff").rstrip("\r\n")


def _unread(line: str, promises: tuple[Promise, ...]) -> Unread:
    if line.lstrip().startswith("{"):
        try:
            values = json.loads(line)
        except ValueError:
            return Unread(line, promises=promises)
        # An object without a text is no opinion: it is read as an empty text, which says so.
        text, target = values.get("text"), values.get("target")
        return Unread(
            _encodable(text) if isinstance(text, str) else "", _encodable(target) if isinstance(target, str) else "", promises
        )
    return Unread(line, promises=promises)


def _encodable(text: object) -> str:
    """Replace lone surrogates, which JSON can spell and UTF-8 cannot; what is no string becomes an empty one."""
    if not isinstance(text, str):
        return ""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def document(text: str, reading: Reading) -> dict[str, Any]:
    """Return a reading as `classify` prints it."""
    found: dict[str, Any] = {"text": text, "language": reading.language, "label": None, "sentiment": None}
    if reading.sentiment is None:
        found["reason"] = reading.reason
    else:
        found |= {"label": reading.sentiment.label, "sentiment": _probabilities(reading.sentiment)}
    found["passages"] = [_passage(one) for one in reading.passages]
    return found


def _probabilities(sentiment: Sentiment) -> dict[str, float]:
    return {"negative": sentiment.negative, "neutral": sentiment.neutral, "positive": sentiment.positive}


def _passage(one: Passage) -> dict[str, Any]:
    return {
        "start": one.start,
        "end": one.end,
        "label": one.sentiment.label,
        "sentiment": _probabilities(one.sentiment),
        "pillar": one.pillar,
        "experience": one.experience,
        "promises": [
            {
                "id": match.promise,
                "relevance": match.relevance,
                "stance": match.stance,
                "confidence": match.confidence,
                "quantity": match.quantity or None,
            }
            for match in one.promises
        ],
    }
