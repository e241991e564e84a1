"""Before and after: campaigns, new wordings, and the claims that are at risk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from reports.evidence import AdvertisedPromise, PlacementRow, StanceRow, VoiceRow, WordingRow
from reports.gap import build_gap
from reports.promise_records import PromiseWeights
from reports.turns import campaign_start
from reports.wordings import alike, distinct
from tests.reports.builders import ON_TIME, SINCE, TWELVE_WEEKS, evidence, weekly

CALM = [(18, 2)] * 12


def placed(weeks: Sequence[int], promise: AdvertisedPromise = ON_TIME) -> list[PlacementRow]:
    return [PlacementRow(SINCE + timedelta(weeks=week, days=2), promise.id, n) for week, n in enumerate(weeks) if n]


def worded(words: str, week: int, n: int, promise: AdvertisedPromise = ON_TIME) -> WordingRow:
    first = SINCE + timedelta(weeks=week)
    return WordingRow(promise.id, words, first, first + timedelta(days=20), n, "ads", f"https://acme.example/{week}")


def weights(
    stances: Sequence[StanceRow],
    placements: Sequence[PlacementRow] = (),
    wordings: Sequence[WordingRow] = (),
    promise: AdvertisedPromise = ON_TIME,
    voices: Sequence[VoiceRow] = (),
) -> PromiseWeights:
    base = evidence(promises=[promise], stances=stances)
    report = build_gap(replace(base, placements=tuple(placements), wordings=tuple(wordings), voices=tuple(voices)))
    assert report.weights is not None
    return report.weights


class TestCampaigns:
    def start(self, weeks: Sequence[int]) -> date | None:
        return campaign_start(placed(weeks), TWELVE_WEEKS, np.random.default_rng(1))

    def test_it_begins_in_the_week_in_which_the_promise_is_made_more_often(self) -> None:
        assert self.start([3, 3, 2, 4, 3, 3, 3, 9, 10, 8, 9, 9]) == SINCE + timedelta(weeks=7)

    def test_a_promise_may_also_fall_silent(self) -> None:
        found = weights(weekly(ON_TIME, CALM), placed([8, 9, 8, 7, 9, 8, 1, 0, 1, 0, 1, 1]))
        assert [turn.occasion for turn in found.turns] == ["quieter"]
        assert found.turns[0].start == SINCE + timedelta(weeks=6)

    @pytest.mark.parametrize(
        "weeks", [[3] * 12, [3, 4, 3, 2, 4, 3, 4, 3, 4, 3, 4, 4], [0] * 11 + [9], [0, 0, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0], []]
    )
    def test_neither_chance_nor_a_single_burst_is_a_campaign(self, weeks: list[int]) -> None:
        assert self.start(weeks) is None

    def test_delivery_before_and_after_stand_beside_it(self) -> None:
        stances = weekly(ON_TIME, [(19, 1)] * 8 + [(2, 18)] * 4)
        (turn,) = weights(stances, placed([3] * 8 + [9] * 4)).turns
        assert (turn.occasion, turn.start) == ("louder", SINCE + timedelta(weeks=8))
        assert (turn.loud_before, turn.loud_after) == (3, 9)
        assert turn.before == pytest.approx(95, abs=2)
        assert turn.after == pytest.approx(10, abs=3)
        assert turn.interval is not None
        assert turn.interval[1] < -70
        assert turn.sentence.startswith("Advertised 3 times a week before 24 August, 9 times since. Customers report it kept in 9")

    def test_too_few_voices_on_a_side_are_said_to_be_too_few(self) -> None:
        (turn,) = weights(weekly(ON_TIME, [(1, 0)] * 5 + [(0, 0)] * 3 + [(9, 9)] * 4), placed([3] * 8 + [9] * 4)).turns
        assert (turn.before, turn.delta, turn.interval) == (None, None, None)
        assert "Too few customers" in turn.sentence


class TestWordings:
    def test_a_new_wording_is_a_turn_of_its_own(self) -> None:
        words = [worded("We depart on time, every time.", 0, 30), worded("Punctual, or your next flight is free.", 6, 9)]
        (turn,) = weights(weekly(ON_TIME, CALM), wordings=words).turns
        assert (turn.occasion, turn.start, turn.words) == ("new wording", SINCE + timedelta(weeks=6), words[1].words)
        assert "also reads “Punctual, or your next flight is free”" in turn.sentence

    @pytest.mark.parametrize(
        "later",
        [
            worded("We depart on time, every time, from Riga.", 6, 9),
            worded("Punctual, or your next flight is free.", 6, 2),
            worded("Punctual, or your next flight is free.", 0, 9),
        ],
        ids=["nearly the same", "seen twice", "from the start"],
    )
    def test_what_is_hardly_another_wording_is_none(self, later: WordingRow) -> None:
        assert weights(weekly(ON_TIME, CALM), wordings=[worded("We depart on time, every time.", 0, 30), later]).turns == ()

    def test_sentences_are_alike_when_most_words_are_shared(self) -> None:
        assert alike("Two days, anywhere.", "Delivered in two days, anywhere in the country.")
        assert not alike("Two days, anywhere.", "A crew that smiles.")

    def test_nearly_the_same_are_one_in_its_most_frequent_words_where_it_stood_last(self) -> None:
        often, seldom = worded("We depart on time, every time.", 0, 30), worded("We depart on time, every time. Acme.", 5, 4)
        other = worded("Punctual, or your next flight is free.", 2, 9)
        merged, alone = distinct([seldom, other, often])
        assert (merged.words, merged.n, merged.first) == (often.words, 34, often.first)
        assert (merged.last, merged.url) == (seldom.last, seldom.url)
        assert alone == other


class TestClaimsAtRisk:
    def test_a_broken_promise_is_softened_to_what_would_be_kept(self) -> None:
        words = [worded("We depart on time, every time.", 0, 30), worded("On time or free.", 8, 4)]
        (claim,) = weights(weekly(ON_TIME, [(16, 4)] * 12), wordings=words).at_risk
        assert (claim.advice, claim.softer, claim.verdict) == ("soften", "hedged", "broken")
        assert [one.words for one in claim.wordings] == ["We depart on time, every time.", "On time or free."]
        assert claim.sentence.startswith("Soften “We depart on time, every time” to a hedged claim, or deliver more.")

    def test_it_is_withdrawn_where_no_softer_claim_would_hold(self) -> None:
        (claim,) = weights(weekly(ON_TIME, [(5, 15)] * 12)).at_risk
        assert (claim.advice, claim.softer) == ("withdraw", "")
        assert (claim.n, claim.broken) == (240, 180)

    def test_only_what_customers_live_since_the_change_counts(self) -> None:
        (claim,) = weights(weekly(ON_TIME, [(20, 0)] * 8 + [(1, 19)] * 4)).at_risk
        assert claim.advice == "withdraw"
        assert claim.n == 80
        assert "since the week of 24 August" in claim.sentence

    def test_a_promise_that_was_put_right_is_no_claim_at_risk(self) -> None:
        assert weights(weekly(ON_TIME, [(2, 18)] * 5 + [(20, 0)] * 7)).at_risk == ()

    def test_a_promise_that_falls_towards_what_it_promises_is_told_before_it_breaks(self) -> None:
        falling = [(round(20 - 0.35 * week), round(0.35 * week)) for week in range(12)]
        (claim,) = weights(weekly(ON_TIME, falling)).at_risk
        assert claim.verdict == "at risk"
        assert "will not hold long" in claim.sentence

    @pytest.mark.parametrize("weeks", [[(20, 0)] * 12, [(1, 1)] * 5], ids=["kept", "too few voices"])
    def test_nothing_is_said_of_what_is_kept_or_not_known(self, weeks: list[tuple[int, int]]) -> None:
        assert weights(weekly(ON_TIME, weeks)).at_risk == ()

    def test_it_tells_how_many_say_outright_that_it_was_promised(self) -> None:
        voices = [VoiceRow("negative", ((ON_TIME.id, "outright"),), 7), VoiceRow("positive", ((ON_TIME.id, "kept"),), 60)]
        (claim,) = weights(weekly(ON_TIME, [(5, 15)] * 12), voices=voices).at_risk
        assert claim.outright == 7
        assert claim.sentence.endswith("7 customers said outright that it was promised.")
