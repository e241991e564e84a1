"""Finished documents to render: twelve weeks of a made-up airline with a promise of every verdict, holes and hostile quotes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from reports.answering_records import Answering, Share
from reports.documents import (
    Change,
    DeliveryPoint,
    Digest,
    Direction,
    GapReport,
    Interval,
    Mover,
    NetPoint,
    NetSentiment,
    PromiseGap,
    Verdict,
)
from reports.evidence import AdvertisedPromise, Coverage, Hole, ModelFacts, Quote, Stance, Window
from reports.findings import Findings
from tests.reports import samples_findings, samples_promises

SINCE = date(2026, 8, 24)
WINDOW = Window(SINCE, SINCE + timedelta(weeks=12))
NOW = datetime(2026, 11, 16, 6, 5, tzinfo=UTC)
HOSTILE = """<script>alert("x")</script> [click](javascript:alert(1)) | `code` <img src=x onerror=y> *bold* &lt; \u202e\x1b[31m"""

PROMISES = {
    "on-time": AdvertisedPromise("on-time", "We depart on time, every time.", "product and service", "absolute"),
    "bags": AdvertisedPromise("bags", "Your bag arrives with you, or we pay.", "product and service", "guarantee"),
    "answers": AdvertisedPromise("answers", "A person answers within one minute.", "customer service", "comparative"),
    "check-in": AdvertisedPromise("check-in", "Check in on your phone in seconds.", "digital experience", "hedged"),
    "carbon": AdvertisedPromise("carbon", "We plant a tree for each seat sold.", "reputation", expectation=87.5),
}


def model() -> ModelFacts:
    return ModelFacts("bundled-1.0+9f31c2", (0.25, 0.45, 0.3), audited=100, right=83)


def coverage() -> Coverage:
    return Coverage(
        mentions=7412,
        stories=6120,
        copies=1292,
        voices={"customer": 6804, "press": 521, "brand": 87},
        sources={"reviews.example/flights.rss": 4230, "reddit: r/travel": 2108, "reddit: r/flights": 640, "press.example": 434},
        unread=12,
        unscored={"no language that the model reads": 214, "too short to read": 61},
        holes=(
            Hole(
                "reddit: r/travel",
                datetime(2026, 9, 28, 22, 0, tzinfo=UTC),
                datetime(2026, 9, 30, 4, 30, tzinfo=UTC),
                "blind",
                "the source refused every request (HTTP 403)",
            ),
            Hole(
                "reviews.example/flights.rss",
                datetime(2026, 10, 12, 9, 0, tzinfo=UTC),
                datetime(2026, 10, 12, 18, 0, tzinfo=UTC),
                "partial",
                "the feed held 50 entries and all were new",
            ),
        ),
    )


def quote(mention: int, text: str, passage: str, stance: Stance | None, promise: str = "on-time", **changes: object) -> Quote:
    made = Quote(
        mention=mention,
        text=text,
        passage=passage,
        url=f"https://reviews.example/flights/{mention}",
        source="reviews.example",
        author=f"traveller{mention}",
        published=datetime(2026, 9, 1, 7, 30, tzinfo=UTC) + timedelta(hours=31 * mention),
        confidence=0.97 - 0.06 * (mention % 5),
        promise=promise,
        stance=stance,
        label="positive" if stance == "kept" else "negative",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def quotes(promise: str) -> tuple[Quote, ...]:
    ramble = "We had planned this for months, and to be fair the booking itself was easy and the crew at the desk were kind. " * 3
    return (
        quote(1, "Doors closed at 9:02, wheels up at 9:05. Third time in a row now, I am impressed.",
              "Doors closed at 9:02, wheels up at 9:05.", "kept", promise),
        quote(2, "On time there and back.", "On time there and back.", "kept", promise, copies=3),
        quote(3, ramble + "Then we sat at the gate for four hours with no word from anybody. " + ramble,
              "Then we sat at the gate for four hours with no word from anybody.", "broken", promise),
        quote(4, "“Every time”? Delayed again, two hours this morning, and the app still said on time.",
              "Delayed again, two hours this morning, and the app still said on time.", "broken", promise),
        quote(5, "Missed my connection because of them. " + HOSTILE, HOSTILE, "broken", promise, url="javascript:alert(1)"),
        quote(6, "ה" * 12 + " late " + "W" * 90, "late " + "W" * 90, "broken", promise),
    )  # fmt: skip


def trend(rates: list[float | None], n: int, advertised: int = 0) -> tuple[DeliveryPoint, ...]:
    points = []
    for week, rate in enumerate(rates):
        half = 130 / n**0.5
        voices = n + (week * 7) % 11 - 5 if rate is not None else week % 4
        bounds = None if rate is None else (max(0.0, rate - half), min(100.0, rate + half * 0.8))
        points.append(DeliveryPoint(SINCE + timedelta(weeks=week), rate, bounds, voices, (week % 3 + 1) * advertised))
    return tuple(points)


def promise_gap(
    promise: AdvertisedPromise,
    expectation: float,
    delivery: float | None,
    bounds: Interval | None,
    counts: tuple[int, int],
    verdict: Verdict,
    direction: Direction,
    points: tuple[DeliveryPoint, ...],
    sentence: str,
    change: Change | None = None,
) -> PromiseGap:
    kept, broken = counts
    return PromiseGap(
        promise=promise,
        expectation=expectation,
        delivery=delivery,
        raw=None if delivery is None else 100 * kept / (kept + broken),
        gap=None if delivery is None else delivery - expectation,
        interval=bounds,
        n=kept + broken,
        n_eff=(kept + broken) * 0.94,
        kept=kept,
        broken=broken,
        verdict=verdict,
        direction=direction,
        change=change,
        trend=points,
        quotes=quotes(promise.id) if delivery is not None else quotes(promise.id)[:1],
        sentence=sentence,
    )


def promises() -> tuple[PromiseGap, ...]:
    return (
        promise_gap(
            PROMISES["on-time"], 90, 74.2, (69.1, 78.9), (229, 78), "broken", "down",
            trend([93, 91, 95, 90, 92, 94, 91, 92, 41, 36, 33, 38], 25, advertised=2),
            "“We depart on time, every time.” is broken: customers report it kept in 74 of 100 cases (69–79, n = 307) against "
            "the 90 it promises. It broke in the week of 19 October: 92 before, 37 since.",
            Change(SINCE + timedelta(weeks=8), 92.3, 36.9, -55.4, (-65.0, -45.1), 0.0004),
        ),
        promise_gap(
            PROMISES["answers"], 75, 71.0, (64.2, 77.1), (130, 53), "at risk", "down",
            trend([84, 82, 83, 79, None, 75, 74, 70, 66, 64, 63, 60], 15),
            "“A person answers within one minute.” is at risk: it is kept in 71 of 100 cases (64–77, n = 183) "
            "against 75, and falling.",
        ),
        promise_gap(
            PROMISES["check-in"], 60, 62.4, (54.0, 70.2), (81, 49), "unclear", "up",
            trend([38, 41, 36, 44, 40, 42, 78, None, None, 81, 76, 83], 11, advertised=1),
            "“Check in on your phone in seconds.” is unclear: kept in 62 of 100 cases (54–70, n = 130) against 60.",
            Change(SINCE + timedelta(weeks=6), 40.2, 79.1, 38.9, (22.0, 54.2), 0.012),
        ),
        promise_gap(
            PROMISES["bags"], 95, 97.1, (95.2, 98.4), (402, 10), "kept", "flat",
            trend([97, 98, 96, 99, 97, 95, 98, 98, 97, 96, 99, 98], 34, advertised=1),
            "“Your bag arrives with you, or we pay.” is kept: in 97 of 100 cases (95–98, n = 412) against the 95 it promises.",
        ),
        promise_gap(
            PROMISES["carbon"], 87.5, None, None, (5, 2), "insufficient evidence", "flat",
            trend([None] * 12, 9, advertised=3),
            "“We plant a tree for each seat sold.”: insufficient evidence. Only 7 customers spoke of it; "
            "at least 12 are needed.",
        ),
    )  # fmt: skip


def sentiment() -> NetSentiment:
    nets = [14, 16, 12, 15, 17, 11, 13, 15, -4, -9, -12, -8]
    points = tuple(
        NetPoint(SINCE + timedelta(weeks=week), net, (net - 6.0, net + 6.5), 520 + week * 7) for week, net in enumerate(nets)
    )
    return NetSentiment(
        net=7.1, raw=1.8, interval=(4.9, 9.2), n=6120, n_eff=5890.4, shares=(0.301, 0.327, 0.372),
        negative_interval=(0.29, 0.313), trend=points,
    )  # fmt: skip


def gap_report() -> GapReport:
    return GapReport(
        brand="acme",
        brand_name="Acme Air",
        timezone="Europe/Riga",
        window=WINDOW,
        every="week",
        generated=NOW,
        headlines=(
            "“We depart on time, every time.” is broken: customers live through it in 74 of 100 cases, 16 less than promised.",
            "It broke in the week of 19 October: 92 before, 37 since.",
            "Net sentiment is +7 (+5 to +9, n = 6,120); as counted, before correction, it is +2.",
        ),
        promises=promises(),
        sentiment=sentiment(),
        coverage=coverage(),
        model=model(),
        weights=samples_promises.weights(PROMISES, HOSTILE),
        findings=samples_findings.findings(PROMISES, HOSTILE),
        answering=Answering(
            231, 218, 13, 5.2, (4.4, 6.1), Share(149, 229, 0.65, (0.59, 0.71)), Share(188, 226, 0.83, (0.78, 0.88))
        ),
    )


def small_report() -> GapReport:
    """Two promises and three weeks: what golden files hold."""
    first, *_, last = (replace(gap, trend=gap.trend[6:9]) for gap in promises())
    return replace(gap_report(), promises=(first, last), sentiment=replace(sentiment(), trend=sentiment().trend[6:9]))


def small_digest() -> Digest:
    """The digest with two promises and three weeks."""
    return replace(digest(), verdicts=tuple(replace(gap, quotes=()) for gap in small_report().promises))


def empty_report() -> GapReport:
    """A brand of which nothing was heard."""
    nothing = NetSentiment(
        None, None, None, 0, 0.0, None, None, tuple(NetPoint(point.start, None, None, 0) for point in sentiment().trend)
    )
    return replace(
        gap_report(),
        headlines=(),
        promises=(),
        weights=None,
        findings=Findings(),
        sentiment=nothing,
        coverage=Coverage(0, 0, 0),
        model=ModelFacts("bundled-1.0+9f31c2"),
    )


def digest() -> Digest:
    day = date(2026, 11, 15)
    usual = sentiment()
    today = replace(usual, net=-14.2, raw=-19.0, interval=(-24.8, -3.9), n=214, n_eff=201.5, shares=(0.44, 0.26, 0.3),
                    negative_interval=(0.375, 0.507), trend=())  # fmt: skip
    return Digest(
        brand="acme",
        brand_name="Acme Air",
        timezone="Europe/Riga",
        day=day,
        baseline=Window(day - timedelta(days=28), day),
        generated=NOW,
        quiet=False,
        things=(
            "“We depart on time, every time.” fell to 31 of 100 yesterday, from 68 in the four weeks before (n = 42).",
            "Net sentiment is −14 (−25 to −4, n = 214), 21 points under the usual +7.",
            "21 people wrote about long waits on the phone.",
        ),
        mentions=241,
        usual_mentions=187.3,
        sentiment=today,
        usual=replace(usual, trend=()),
        net_change=(-31.4, -10.2),
        movers=(
            Mover(
                PROMISES["on-time"],
                31.0,
                68.2,
                -37.2,
                (-52.0, -22.1),
                0.0002,
                42,
                307,
                "“We depart on time, every time.” fell.",
            ),
            Mover(
                PROMISES["check-in"],
                80.1,
                74.0,
                6.1,
                (-9.0, 19.5),
                0.41,
                15,
                88,
                "“Check in on your phone in seconds.” is as usual.",
            ),
        ),
        verdicts=tuple(replace(gap, quotes=()) for gap in promises()),
        praise=quotes("on-time")[:2],
        complaints=quotes("on-time")[2:5],
        coverage=coverage(),
        model=model(),
        reliance=("52 of the 94 negative mentions come from three customers: read this number with care.",),
    )


def quiet_digest() -> Digest:
    calm = replace(digest().sentiment, net=8.0, raw=6.1, interval=(-1.0, 16.8), shares=(0.3, 0.32, 0.38))
    return replace(
        digest(),
        quiet=True,
        things=(),
        mentions=190,
        sentiment=calm,
        net_change=(-8.0, 9.9),
        movers=(),
        praise=(),
        complaints=(),
        reliance=(),
        coverage=replace(coverage(), holes=()),
    )
