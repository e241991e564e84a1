"""Reading with the bundled weights, end to end."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from models.calibration import BUNDLED, load_calibration, weights_version
from models.encoder import Encoder
from models.errors import ModelError
from models.reader import TransformerReader
from models.reading import Promise, Reading, Unread

pytestmark = pytest.mark.model

BAGS = Promise("bags", "Your bags arrive with you.", "product and service")
ON_TIME = Promise("on-time", "We depart on time, every time.", "product and service")


@pytest.fixture(scope="module")
def reader() -> TransformerReader:
    return TransformerReader()


def read(reader: TransformerReader, text: str, *promises: Promise) -> Reading:
    return reader.read([Unread(text, "Acme Air", promises)])[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Absolutely love this airline, the crew were wonderful", "positive"),
        ("Worst service ever, rude staff and a broken seat", "negative"),
        ("three days and still no suitcase", "negative"),
        ("Which terminal does the 14:20 leave from?", "neutral"),
    ],
)
def test_it_reads_sentiment(reader: TransformerReader, text: str, label: str) -> None:
    found = read(reader, text)
    assert found.sentiment is not None
    assert found.sentiment.label == label
    assert found.language == "en"


def test_a_customer_never_repeats_the_words_of_the_promise(reader: TransformerReader) -> None:
    (passage,) = read(reader, "Three days and still no suitcase, my luggage never turned up", ON_TIME, BAGS).passages
    assert [(match.promise, match.stance) for match in passage.promises] == [("bags", "broken")]
    assert passage.pillar == "product and service"


def test_a_text_about_something_else_speaks_of_no_promise(reader: TransformerReader) -> None:
    (passage,) = read(reader, "The larkspur in my garden is blooming again", ON_TIME, BAGS).passages
    assert passage.promises == ()


def test_of_the_brands_own_words_it_is_told_which_promises_they_make(reader: TransformerReader) -> None:
    advert = "New this spring: coffee from the oldest roaster in town. And as ever, your bags arrive when you arrive."
    found = reader.read([Unread(advert, "Acme Air", (ON_TIME, BAGS), own=True)])[0]
    assert [(match.promise, match.stance) for passage in found.passages for match in passage.promises] == [("bags", None)]
    assert [bool(passage.promises) for passage in found.passages] == [False, True]


def test_every_passage_of_a_short_text_shares_in_what_kind_of_telling_it_is(reader: TransformerReader) -> None:
    found = read(reader, "Checked in two cases on Tuesday in Riga. One came out on the belt. The other came on Friday, by courier.")
    assert len(found.passages) == 3
    assert {passage.experience for passage in found.passages} == {"first-hand"}


def test_sentiment_towards_a_target_depends_on_the_target(reader: TransformerReader) -> None:
    text = "The food was wonderful but the waiter was rude to us all evening"
    food, waiter = (one.sentiment for one in reader.read([Unread(text, "food"), Unread(text, "waiter")]))
    assert food is not None
    assert waiter is not None
    assert food.positive > waiter.positive
    assert waiter.label == "negative"


def test_figures_bear_on_the_side_that_is_taken(reader: TransformerReader) -> None:
    promise = Promise("fast", "Ordered today, at your door within 48 hours.")
    texts = ("The parcel took nine days to get here.", "The parcel was here the next morning.")
    late, quick = (one.passages[0].promises[0] for one in reader.read([Unread(text, "", (promise,)) for text in texts]))
    assert (late.quantity, late.stance) == ("nine days", "broken")
    assert (quick.quantity, quick.stance) == ("the next morning", "kept")


@pytest.mark.parametrize(
    "text",
    [
        "> They are wonderful, the best crew ever\nRude staff and a broken seat.",
        "[quote]They are wonderful, the best crew ever[/quote]\nRude staff and a broken seat.",
        "Rude staff and a broken seat.\n\nSent from my Lovely Phone",
        "**Rude staff** and a [broken seat](https://example.org/wonderful).",
    ],
)
def test_quotations_signatures_and_markup_change_nothing(reader: TransformerReader, text: str) -> None:
    plain, found = (one.sentiment for one in reader.read([Unread("Rude staff and a broken seat."), Unread(text)]))
    assert plain is not None
    assert found is not None
    assert found.negative == pytest.approx(plain.negative, abs=0.15)


def test_an_alias_is_the_target_too(reader: TransformerReader) -> None:
    text = "AcmeAir was wonderful and kind to us, Borealis was rude and lost my bag"
    named, alias, other = (
        one.sentiment
        for one in reader.read(
            [Unread(text, "Borealis"), Unread(text, "Northern Lights Ltd", aliases=("Borealis",)), Unread(text, "Acme Air")]
        )
    )
    assert named == alias
    assert other != alias


def test_each_opinion_is_read_on_its_own(reader: TransformerReader) -> None:
    found = read(reader, "The crew were lovely and made us laugh. My suitcase was lost for a week and nobody called.")
    assert [one.sentiment.label for one in found.passages] == ["positive", "negative"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("   \n ", "empty"),
        ("!!! …", "no words"),
        ("Das Paket ist nach drei Wochen immer noch nicht da", "language de not trained for"),
    ],
)
def test_what_cannot_be_scored_says_why(reader: TransformerReader, text: str, reason: str) -> None:
    found = read(reader, text)
    assert found.sentiment is None
    assert found.reason == reason


@pytest.mark.parametrize(
    "text", ["🙂🙂🙂", "a" * 100_000, "no space " * 10_000, "\x00\x01 bad bytes \ud7ff", "مرحبا", "line\n" * 10_000]
)
def test_no_text_stops_it(reader: TransformerReader, text: str) -> None:
    found = read(reader, text)
    assert (found.sentiment is None) == bool(found.reason)


def test_order_and_number_are_kept_and_company_changes_little(reader: TransformerReader) -> None:
    texts = ["good", "awful, never again", "", "The parcel came on Tuesday. It was late.", "good"]
    together = reader.read([Unread(text) for text in texts])
    alone = [reader.read([Unread(text)])[0] for text in texts]
    assert len(together) == len(texts)
    for one, other in zip(together, alone, strict=True):
        assert (one.sentiment is None) == (other.sentiment is None)
        if one.sentiment and other.sentiment:
            assert one.sentiment.negative == pytest.approx(other.sentiment.negative, abs=0.15)


def test_probabilities_sum_to_one(reader: TransformerReader) -> None:
    found = read(reader, "fine I guess").sentiment
    assert found is not None
    assert found.negative + found.neutral + found.positive == pytest.approx(1, abs=1e-6)


def test_the_version_names_weights_and_rules(reader: TransformerReader) -> None:
    assert reader.version.startswith(weights_version(BUNDLED))


def test_a_folder_can_take_the_place_of_the_bundled_model(tmp_path: Path) -> None:
    copied = tmp_path / "copy"
    shutil.copytree(BUNDLED, copied)
    (copied / "calibration.json").unlink()
    reader = TransformerReader(str(copied))
    (passage,) = read(reader, "Three days and still no suitcase, my luggage never turned up", ON_TIME, BAGS).passages
    assert reader.version.startswith(str(copied))
    assert [match.promise for match in passage.promises] == ["bags"]


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match='takes "bundled", a folder'):
        Encoder(str(tmp_path / "nowhere"))


def test_damaged_weights_say_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(BUNDLED, broken)
    (broken / "model.safetensors").write_bytes(b"\x00" * 100)
    with pytest.raises(ModelError, match="cannot be loaded"):
        Encoder(str(broken))


def test_a_damaged_calibration_says_which_file(tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_text(json.dumps({"version": "x"}))
    with pytest.raises(ModelError, match=r"calibration\.json is damaged"):
        load_calibration(str(tmp_path))


def test_one_pass_gives_embeddings_of_unit_length() -> None:
    encoded = Encoder().encode(["three days and no suitcase", "my luggage is lost", "nice pasta recipe"])
    assert np.linalg.norm(encoded.embeddings, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert encoded.embeddings[0] @ encoded.embeddings[1] > encoded.embeddings[0] @ encoded.embeddings[2]


def test_the_bundled_model_stays_small() -> None:
    assert sum(path.stat().st_size for path in BUNDLED.iterdir()) <= 50_000_000
