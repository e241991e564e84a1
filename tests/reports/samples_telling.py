"""What a gap report tells beside promises and moods: complaints by their causes, pillars, claims, and the dockets behind it all."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from reports.answering_records import Answering, Share
from reports.causes import build_causes
from reports.causes_records import CauseEvidence, CauseReach, CauseRow, CausesReport, KnownCause
from reports.claim_records import Claim
from reports.dockets import OVER_TIME, AskedCase, CopiedStory, Dockets
from reports.documents import GapReport
from reports.evidence import Quote, WordingRow
from reports.scorecard import build_scorecard
from reports.scorecard_records import RatedRow, Scorecard, ScorecardEvidence, SelfRating
from tests.reports import samples

PLACED = "We depart on time, every time."
LATE = samples.SINCE + timedelta(weeks=8)
"""The week in which promise on-time broke."""


def told_report(dashboard: str = "") -> GapReport:
    """The airline's report with everything that there is to tell."""
    report = samples.gap_report()
    few = Share(12, 30, 0.4, (0.25, 0.57))
    return replace(
        report,
        causes=causes(),
        scorecard=scorecard(),
        claims=(
            Claim("k", f"Every seat reclines, always {samples.HOSTILE}", "absolute", *days(3, 60), 8, 7, "ads", "javascript:x"),
        ),
        answered=(
            Answering(30, 28, 2, 4.1, (3.0, 5.2), few, few),
            Answering(40, 25, 15, 31.0, (22.0, None), few, few),
        ),
        dockets=dockets(dashboard),
    )


def days(first: int, last: int) -> tuple[date, date]:
    return samples.SINCE + timedelta(days=first), samples.SINCE + timedelta(days=last)


def causes() -> CausesReport:
    """Twelve causes: the ninth of them the one thing to improve in its pillar, the last one put right."""
    heard = [samples.SINCE + timedelta(days=day) for day in range(84)]
    known = [KnownCause(at, f"Cause {at} {samples.HOSTILE}", "open", samples.SINCE) for at in range(1, 12)]
    known.append(KnownCause(12, "Bags left in the rain", "covered", samples.SINCE, samples.SINCE + timedelta(weeks=6), "A roof"))
    rows = [CauseRow(day, at, 20 - at) for at in range(1, 13) for day in heard[::7]]
    quote = samples.quotes("on-time")[3]
    return build_causes(
        CauseEvidence(
            brand="acme",
            brand_name="Acme Air",
            timezone="Europe/Riga",
            window=samples.WINDOW,
            every="week",
            generated=samples.NOW,
            causes=tuple(known),
            rows=tuple(rows),
            heard=dict.fromkeys(heard, 90),
            reach={at: CauseReach(9, 9, {"on-time": 30 - at}, {"people" if at == 10 else "friction": 9}) for at in range(1, 13)},
            quotes=dict.fromkeys(range(1, 13), (quote,)),
            complaining=1500,
            explained=1400,
            promises=tuple(samples.PROMISES.values()),
            model=samples.model(),
            cost=35.0,
            currency="EUR",
        )
    )


def scorecard() -> Scorecard:
    rows = [
        RatedRow(samples.SINCE, name, good, n)
        for name, sides in (("people", (30, 70)), ("friction", (80, 20)))
        for good, n in zip((True, False), sides, strict=True)
    ]
    quotes = tuple(replace(one, label="negative") for one in samples.quotes("on-time")[2:5])
    return build_scorecard(
        ScorecardEvidence(
            brand="acme",
            brand_name="Acme Air",
            timezone="Europe/Riga",
            window=samples.WINDOW,
            generated=samples.NOW,
            pillars=tuple(rows),
            stages=(),
            ratings=(SelfRating("Anna", samples.SINCE, {"people": 5, "friction": 4}),),
            quotes={"people": quotes},
            voices=(),
            coverage=samples.coverage(),
            model=samples.model(),
        )
    )


def dockets(dashboard: str = "") -> Dockets:
    moods: tuple[Quote, ...] = tuple(replace(one, promise="", stance=None) for one in samples.quotes("on-time"))
    rival = tuple(replace(one, promise="bags") for one in samples.quotes("on-time"))
    asked = datetime(2026, 11, 9, 8, tzinfo=UTC)
    return Dockets(
        brands={
            "acme": (*(quote for id_ in samples.PROMISES for quote in samples.quotes(id_)), *moods),
            "borealis": rival + moods,
        },
        parts={
            ("on-time", OVER_TIME, str(LATE)): samples.quotes("on-time")[1:4],
            ("on-time", "region", "north"): samples.quotes("on-time")[:1],
            ("", OVER_TIME, str(LATE)): moods[:2],
        },
        wordings=(WordingRow("on-time", PLACED, *days(0, 80), 66, "ads", "https://ads.example/1"),),
        cases=(
            AskedCase(4, f"Where is my bag? {samples.HOSTILE}", "https://reviews.example/4", "reviews", asked),
            AskedCase(3, "Hello?", "javascript:x", "reviews", asked, answered=asked + timedelta(hours=3)),
            AskedCase(2, "Anybody?", "", "reviews", asked, ended=asked + timedelta(days=3)),
        ),
        stories=(CopiedStory(f"Crews walk out {samples.HOSTILE}", "https://press.example/1", "press", "press", asked, 15, 15),),
        dashboard=dashboard,
    )
