"""The demo from end to end, over HTTP and with the bundled model: the report finds exactly what was planted."""

import json
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models.reader import TransformerReader
from monitor.demo.planted import PROMISES
from monitor.demo.run import Demo, clear, last_monday, run_demo
from monitor.errors import MonitorError
from reports.documents import PromiseGap
from reports.html_dockets import behind_promise
from reports.rival_words import rival_lines

pytestmark = [pytest.mark.model, pytest.mark.timeout(600)]
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    return run_demo(folder, TODAY, TransformerReader, lambda _: None, lambda _: None)


def found(demo: Demo, fate: str) -> PromiseGap:
    (planted,) = [one for one in PROMISES if one.fate == fate]
    (gap,) = [one for one in demo.report.promises if one.promise.id == planted.id]
    return gap


def week(demo: Demo, number: int) -> date:
    return demo.world.since + timedelta(weeks=number - 1)


def test_every_mention_of_the_brand_is_kept_and_every_homonym_left_out(demo: Demo) -> None:
    about, rival = sum(item.about_brand for item in demo.world.items), sum(item.rival for item in demo.world.items)
    assert demo.kept.new + demo.kept.copies == about + rival
    assert demo.read.read == about + rival
    assert demo.report.coverage.mentions == about
    assert demo.report.coverage.unread == 0
    assert demo.report.coverage.holes == ()


def test_the_promise_that_is_kept_is_kept(demo: Demo) -> None:
    gap = found(demo, "kept")
    assert gap.verdict == "kept"
    assert gap.change is None


def test_the_promise_that_erodes_is_at_risk_and_going_down(demo: Demo) -> None:
    gap = found(demo, "erodes")
    assert gap.verdict == "at risk"
    assert gap.direction == "down"


def test_the_watch_tells_of_the_broken_promise_in_the_week_in_which_it_breaks(demo: Demo) -> None:
    assert demo.alert is not None
    assert demo.alert.promise == found(demo, "breaks").promise.text
    assert week(demo, 9) <= demo.alert.since.astimezone(ZoneInfo(demo.alert.timezone)).date() < week(demo, 10)
    assert len(demo.alert.stories) == 3
    assert "What to do: Stop advertising this promise" in demo.files["alert, text"].read_text(encoding="utf-8")


def test_the_promise_that_breaks_is_broken_since_week_nine(demo: Demo) -> None:
    gap = found(demo, "breaks")
    assert gap.verdict == "broken"
    assert gap.change is not None
    assert gap.change.start == week(demo, 9)
    assert gap.change.delta < -50


def test_it_is_advertised_three_times_as_often_from_week_eight_on(demo: Demo) -> None:
    placements = [point.placements for point in found(demo, "breaks").trend]
    assert sum(placements[7:]) / 5 == pytest.approx(3 * sum(placements[:7]) / 7, rel=0.2)


def test_the_promise_that_is_fixed_is_better_since_week_seven(demo: Demo) -> None:
    gap = found(demo, "fixed")
    assert gap.verdict == "broken"
    assert gap.change is not None
    assert gap.change.start == week(demo, 7)
    assert gap.change.delta > 50


def test_too_little_evidence_is_said_to_be_too_little(demo: Demo) -> None:
    gap = found(demo, "unheard")
    assert gap.verdict == "insufficient evidence"
    assert gap.delivery is None
    assert 0 < gap.n < 12
    assert "12" in gap.sentence


def test_the_promise_that_hardly_anybody_speaks_of_is_the_loudest(demo: Demo) -> None:
    weights = demo.report.weights
    assert weights is not None
    loudest = weights.emphasis.gaps[0]
    assert loudest.promise.id == found(demo, "unheard").promise.id
    assert loudest.interval is not None
    assert loudest.interval[0] > 25
    assert "louder about “We only buy timber" in weights.emphasis.sentence


def test_the_campaign_is_told_with_delivery_before_and_since(demo: Demo) -> None:
    weights = demo.report.weights
    assert weights is not None
    (campaign,) = [turn for turn in weights.turns if turn.promise.id == found(demo, "breaks").promise.id]
    assert (campaign.occasion, campaign.start) == ("louder", week(demo, 8))
    assert campaign.interval is not None
    assert campaign.interval[1] < -30


def test_the_promise_that_broke_is_a_claim_to_withdraw(demo: Demo) -> None:
    weights = demo.report.weights
    assert weights is not None
    advice = {claim.promise.id: claim for claim in weights.at_risk}
    assert advice["answer"].advice == "withdraw"
    assert advice["answer"].wordings[0].n > 50
    assert "assembly" not in advice


def test_the_press_text_in_many_papers_is_one_story(demo: Demo) -> None:
    planted = sum(bool(item.copy_of) for item in demo.world.items)
    assert planted > 10
    assert demo.report.coverage.copies >= planted


def test_every_quote_leads_to_its_origin_and_stands_in_it(demo: Demo) -> None:
    quotes = [quote for gap in demo.report.promises for quote in gap.quotes]
    assert len(quotes) > 20
    for quote in quotes:
        assert quote.passage in quote.text
        assert quote.url.startswith("http://127.0.0.1:")


def test_the_documents_are_written_whole(demo: Demo) -> None:
    assert json.loads(demo.files["gap report, JSON"].read_text(encoding="utf-8"))["brand"] == "larkspur"
    for path in demo.files.values():
        assert path.stat().st_size > 500


def test_the_digest_is_of_the_last_day(demo: Demo) -> None:
    assert demo.digests["daily"].day == last_monday(TODAY) - timedelta(days=1)
    assert all(digest.things for digest in demo.digests.values())


def test_the_competitor_delivers_better_and_is_assembled_worse(demo: Demo) -> None:
    rival = next(one for one in demo.report.findings.competitors if not one.own)
    apart = {one.promise: one for one in rival.promises}
    assert rival.share is not None
    assert 0.02 < rival.share < 0.15
    for id_, better in (("delivery", False), ("assembly", True)):
        found_ = apart[id_]
        assert found_.delta is not None
        assert (found_.delta > 0) == better
        assert found_.p is not None
        assert found_.p < 0.05


def test_the_shop_rates_itself_higher_than_its_customers_do(demo: Demo) -> None:
    assert demo.card.raters == ("Ilse (operations)", "Owen (service)", "Priya (marketing)")
    service = next(one for one in demo.card.pillars if one.name == "customer service")
    assert service.difference is not None
    assert service.difference > 0.5
    assert 2 <= len(demo.card.first) <= 4
    assert {one.name for one in demo.card.stages if one.customers is not None} >= {"receive", "use", "get help"}


def test_the_causes_of_what_broke_and_of_what_was_fixed_are_found_and_the_cover_holds(demo: Demo) -> None:
    of = {
        promise: [one for one in demo.causes.causes if one.promises and one.promises[0][0].id == promise]
        for promise in ("answer", "returns")
    }
    assert any(one.stage in {"growing", "new"} for one in of["answer"])
    covered = [one for one in of["returns"] if one.covered is not None]
    assert sum(one.voices for one in covered) > 20
    assert {one.covered for one in covered} == {week(demo, 7)}
    assert "confirmed" in {one.status for one in covered}
    assert all(one.cost is not None for one in demo.causes.causes)


def test_the_report_says_what_is_behind_each_broken_promise(demo: Demo) -> None:
    growing = [cause for cause, _ in behind_promise(demo.report, "answer") if cause.stage in {"growing", "new"}]
    put_right = [cause for cause, _ in behind_promise(demo.report, "returns") if cause.covered == week(demo, 7)]
    assert growing
    assert put_right
    page = demo.files["gap report"].read_text(encoding="utf-8")
    assert all(f'id="evidence-cause-{cause.id}"' in page for cause in (*growing, *put_right))


def test_the_report_tells_of_the_claim_that_nobody_entered(demo: Demo) -> None:
    assert [claim.words for claim in demo.report.claims if "machine washable" in claim.words]


def test_the_competitor_is_told_in_two_sentences(demo: Demo) -> None:
    better, worse = sorted(rival_lines(demo.report))
    assert better.startswith("Brackwater keeps “Faster to your door")
    assert worse.startswith("Larkspur keeps “Easier to put together")


def test_the_story_of_the_press_is_told_once_with_its_places(demo: Demo) -> None:
    assert demo.report.dockets is not None
    story = demo.report.dockets.stories[0]
    assert (story.voice, story.n) == ("press", sum(bool(item.copy_of) for item in demo.world.items if item.feed == "press") + 1)


def test_customers_wait_longer_since_the_promise_of_an_answer_broke(demo: Demo) -> None:
    assert demo.report.answered is not None
    before, after = demo.report.answered
    assert before.median is not None
    assert after.median is not None
    assert after.median > 2 * before.median


def test_customers_are_answered_and_some_still_wait(demo: Demo) -> None:
    assert demo.report.answering is not None
    assert demo.report.answering.n > 30
    assert demo.report.answering.median is not None
    assert 0 < demo.digests["daily"].extras.waiting_in_all < 60


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(MonitorError, match="holds something"):
        clear(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_its_sentiment_is_corrected_because_the_bundled_model_is_calibrated(demo: Demo) -> None:
    assert demo.report.sentiment.method == "em"
