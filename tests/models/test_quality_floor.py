"""A floor under the bundled model: weights or rules that read worse are refused here, before anybody believes their numbers.

Every third text of the industries that training never saw. The floors lie a little under what was measured (docs/model-quality.md).
"""

import pytest

from benchmarks.evaluations import Judged, facts_sentiment, promise_shares, read_facts, reversals
from benchmarks.measures import macro_f1
from models.reader import TransformerReader
from models.reading import Promise, Unread
from models.training.data import TEST_INDUSTRIES, corpus_promises, corpus_rows

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def reader() -> TransformerReader:
    return TransformerReader()


@pytest.fixture(scope="module")
def judged(reader: TransformerReader) -> list[Judged]:
    found = []
    for industry in TEST_INDUSTRIES:
        listed = corpus_promises(industry)
        brand = tuple(Promise(one["id"], one["text"], one["pillar"]) for one in listed)
        rows = list(corpus_rows([industry]))[::3]
        readings = reader.read([Unread(str(row["text"]), str(listed[0]["brand"]), brand) for row in rows])
        found += [Judged(row, brand, reading) for row, reading in zip(rows, readings, strict=True)]
    return found


def test_sentiment_towards_the_brand_on_plain_facts(judged: list[Judged]) -> None:
    assert macro_f1(facts_sentiment(judged)) >= 0.71


def test_promise_and_stance(judged: list[Judged]) -> None:
    shares = promise_shares(judged)
    assert shares["both"] >= 0.45
    assert shares["silence"] >= 0.80
    assert shares["precision"] >= 0.54


def test_plain_customers_are_read_as_they_speak(reader: TransformerReader) -> None:
    plain = read_facts(reader, file="plain.jsonl")
    assert macro_f1(facts_sentiment(plain)) >= 0.85
    assert promise_shares(plain)["both"] >= 0.72
    assert reversals(plain)["kept"][1] <= 2
