"""What the promises of the made-up airline weigh, finished to be rendered: every quadrant, both advices, hostile words."""

from datetime import date

from reports.evidence import AdvertisedPromise, WordingRow
from reports.promise_records import (
    ClaimAtRisk,
    Emphasis,
    EmphasisGap,
    Importance,
    Outright,
    OverallGap,
    PromiseWeights,
    Quadrant,
    Standing,
    Turn,
)

_STANDINGS: dict[str, tuple[float, float, Quadrant, bool]] = {
    "on-time": (0.41, 74.2, "fix first", True),
    "answers": (0.19, 71.0, "low priority", False),
    "check-in": (0.12, 62.4, "low priority", True),
    "bags": (0.28, 97.1, "keep up", False),
}


def weights(promises: dict[str, AdvertisedPromise], hostile: str) -> PromiseWeights:
    return PromiseWeights(
        emphasis=_emphasis(promises),
        overall=(
            OverallGap("unweighted", -4.2, (-7.0, -1.3), 4, 1032),
            OverallGap("stated", None, None, 4, 1032),
            OverallGap("placements", -9.8, (-13.1, -6.4), 4, 1032),
            OverallGap("voices", -3.1, (-6.2, 0.1), 4, 1032),
        ),
        importance=_importance(promises),
        outright=tuple(
            Outright(promises[name], said, n, said / n if n > 12 else None, (said / n / 2, 2 * said / n) if n > 12 else None)
            for name, said, n in (
                ("on-time", 21, 307), ("answers", 2, 183), ("check-in", 1, 130), ("bags", 0, 412), ("carbon", 0, 7),
            )
        ),
        turns=(
            Turn(
                promises["on-time"], "louder", date(2026, 10, 12), "", 2.0, 6.5, 92.3, 41.0, -51.3, (-60.2, -41.8), 180, 127,
                "Advertised 2 times a week before 12 October, 6.5 times since.",
            ),
            Turn(
                promises["bags"], "new wording", date(2026, 10, 1), hostile, 1.0, 1.0, None, None, None, None, 5, 3,
                f"Since 1 October it also reads “{hostile}”.",
            ),
        ),
        at_risk=(
            ClaimAtRisk(
                promises["on-time"], "withdraw", "broken", 90, 37.2, (29.0, 46.1), 127, 78, 21, "",
                (WordingRow("on-time", "We depart on time. " + hostile, date(2026, 8, 24), date(2026, 11, 14), 41, "ads", "https://acme.example/(ad)"),),
                "Withdraw “We depart on time, every time”, or deliver it: no softer claim would hold either.",
            ),
            ClaimAtRisk(
                promises["answers"], "soften", "at risk", 75, 71.0, (64.2, 77.1), 183, 53, 2, "hedged", (),
                "“A person answers within one minute” will not hold long.",
            ),
        ),
    )  # fmt: skip


def _emphasis(promises: dict[str, AdvertisedPromise]) -> Emphasis:
    counts = {"carbon": (72, 7), "on-time": (41, 320), "bags": (24, 430), "answers": (0, 190), "check-in": (19, 141)}
    placements, voices = (sum(count[at] for count in counts.values()) for at in (0, 1))
    gaps = []
    for name, (placed, spoken) in counts.items():
        points = 100 * (placed / placements - spoken / voices)
        shares = placed / placements, spoken / voices
        gaps.append(EmphasisGap(promises[name], placed, spoken, *shares, points, (points - 6.1, points + 6.4)))
    return Emphasis(
        gaps=tuple(gaps),
        placements=placements,
        voices=voices,
        n_eff=1011.2,
        divergence=0.231,
        interval=(0.19, 0.28),
        sentence="Acme Air is louder about “We plant a tree for each seat sold” than its customers are.",
    )


def _importance(promises: dict[str, AdvertisedPromise]) -> Importance:
    standings = [
        Standing(
            promises[name], 300, share, (share - 0.06, share + 0.07), delivery, (delivery - 4, delivery + 2.5), quadrant, clear
        )
        for name, (share, delivery, quadrant, clear) in _STANDINGS.items()
    ]
    return Importance(
        standings=(*standings, Standing(promises["carbon"], 7, None, None)),
        explained=0.31,
        n=6120,
        n_eff=5890.4,
        mean_importance=0.25,
        mean_delivery=76.2,
        sentence="Fix “We depart on time, every time” first: 41 % of what promises explain, and delivered below average.",
    )
