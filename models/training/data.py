"""Load the training sets, clean them and split them so that no text is both learnt from and judged by.

The sets are not part of the project (their terms and origin are in the model card); the project's own corpus is, in `corpus/`.
"""

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.text import normalise

LABELS = ("negative", "neutral", "positive")
CORPUS = Path(__file__).parent / "corpus"
# Whole industries that no part of the training sees: the score on facts is a score on industries never met.
TEST_INDUSTRIES = (
    *("broadband", "coffee-chain", "laptop-maker", "mattress-maker", "online-university", "optician", "payment-app"),
    *("pizza-chain", "theme-park", "ticketing", "travel-insurance"),
)
TUNE_INDUSTRIES = ("furniture-store", "gym", "job-board", "meal-kits", "pharmacy", "telemedicine")
# The second stage learnt from these.
FIRST_INDUSTRIES = (
    *("airline", "bank", "car-rental", "energy-supplier", "food-delivery-app", "hotel", "kitchen-appliances", "mobile-network"),
    *("online-fashion", "online-groceries", "parcel-delivery", "pet-food-subscription", "project-software", "railway"),
)
# The third to fifth stage learnt from these; the sixth from all that are neither test nor tune.
EARLIER_INDUSTRIES = (
    *FIRST_INDUSTRIES,
    *("accounting-software", "baby-products", "bicycle-maker", "bike-share", "brewery", "burger-chain", "car-maker"),
    *("car-workshop", "care-home", "chocolate-maker", "cinema-chain", "city-council", "coach-travel", "contact-lenses"),
    *("coworking", "credit-card", "cruise-line", "dating-app", "dentist-chain", "discount-supermarket", "diy-store"),
    *("driving-school", "estate-agent", "ev-charging", "ferry", "game-publisher", "garden-centre", "hair-salon", "hearing-aids"),
    *("investing-app", "jewellery", "language-app", "letting-agency", "luggage-maker", "money-transfer", "mortgage-broker"),
    *("music-streaming", "nursery", "online-marketplace", "online-newspaper", "outdoor-gear", "paint-maker", "parking-app"),
    *("pension-provider", "photo-printing", "private-clinic", "razor-subscription", "recruitment-agency", "removal-company"),
    *("restaurant-group", "ride-hailing", "self-storage", "shoe-maker", "ski-resort", "skincare", "soft-drinks"),
    *("student-housing", "supplements", "tax-software", "toy-maker", "tutoring", "used-cars", "veterinary-clinic"),
    *("video-streaming", "waste-collection", "water-utility"),
)

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_BRAND_EMOTION = {
    "Negative emotion": "negative",
    "Positive emotion": "positive",
    "No emotion toward brand or product": "neutral",
}


@dataclass(frozen=True)
class Example:
    """One labelled text. `text` is normalised; `source` names its set."""

    text: str
    label: str
    source: str


def split_of(text: str) -> str:
    """Return `dev` (10 %), `tune` (5 %) or `train` for a text, the same in every set that contains it."""
    bucket = int(hashlib.sha1(text.lower().encode()).hexdigest(), 16) % 20
    return "dev" if bucket < 2 else "tune" if bucket == 2 else "train"


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a gzipped tab-separated file with a header."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, dialect="excel-tab")


def public_sets(folder: Path) -> dict[str, list[Example]]:
    """Return the public polarity sets by name, without duplicates and without texts whose annotators disagreed."""
    return {
        "tweets_sentiment": _examples("tweets_sentiment", rows(folder / "tweets_sentiment.tsv.gz"), "label"),
        "reddit_emotions": _examples("reddit_emotions", rows(folder / "reddit_emotions.tsv.gz"), "label"),
        "brands_computers": _examples("brands_computers", rows(folder / "brands_computers.tsv.gz"), "label"),
        "brands_gadgets": _examples(
            "brands_gadgets",
            (
                {"text": row["text"], "label": _BRAND_EMOTION.get(row["emotion"], "")}
                for row in rows(folder / "brands_gadgets.tsv.gz")
            ),
            "label",
        ),
    }


def _examples(source: str, found: Iterable[dict[str, str]], column: str) -> list[Example]:
    unique: dict[str, Example] = {}
    for row in found:
        text = normalise(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), row["text"] or ""))
        if text and row[column] in LABELS:
            unique.setdefault(text.lower(), Example(text, row[column], source))
    return list(unique.values())


def industries(folder: Path = CORPUS) -> list[str]:
    """Return the industries of the project's own corpus."""
    return sorted(path.parent.name for path in folder.glob("*/texts.jsonl"))


def corpus_rows(
    industries: Iterable[str] | None = None, folder: Path = CORPUS, file: str = "texts.jsonl"
) -> Iterator[dict[str, object]]:
    """Yield the project's own texts with their industry; all industries unless some are named. `plain.jsonl` is for testing."""
    wanted = None if industries is None else set(industries)
    for path in sorted(folder.glob(f"*/{file}")):
        if wanted is None or path.parent.name in wanted:
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.strip():
                    yield {**json.loads(line), "industry": path.parent.name}


def corpus_promises(industry: str, folder: Path = CORPUS) -> list[dict[str, Any]]:
    """Return the promises of one industry's made-up brand."""
    lines = (folder / industry / "promises.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def corpus_examples(split: str, folder: Path = CORPUS) -> list[Example]:
    """Return the corpus as polarity examples of one split (`train`, `tune`, `dev`), split by whole industries."""
    found = []
    for row in corpus_rows(folder=folder):
        industry = str(row["industry"])
        place = "dev" if industry in TEST_INDUSTRIES else "tune" if industry in TUNE_INDUSTRIES else "train"
        if place == split:
            found.append(Example(normalise(str(row["text"])), str(row["sentiment"]), f"corpus/{industry}"))
    return found


def second_labels(industry: str, folder: Path = CORPUS) -> dict[str, dict[str, Any]]:
    """Return what a second annotator, blind to the first, said of texts of one industry, by the text's id."""
    path = folder / industry / "second.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {one["id"]: one for one in map(json.loads, filter(str.strip, lines))}
