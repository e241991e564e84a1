"""What explains the numbers of the made-up airline, finished to be rendered: every kind of finding, with hostile words."""

from dataclasses import replace
from datetime import date

from reports.concentration import RESTS_ON_ONE, RESTS_ON_THREE
from reports.evidence import AdvertisedPromise, Window
from reports.findings import (
    Competitor,
    Consistency,
    Driver,
    Findings,
    Measured,
    Movement,
    NumericPromise,
    PromiseChange,
    RivalPromise,
    Segment,
    Segmentation,
    SegmentPromise,
    Term,
    VoiceConcentration,
)
from reports.words_moved import concentration_sentence, movement_sentence, number_sentence

BEFORE, AFTER = Window(date(2026, 8, 24), date(2026, 10, 5)), Window(date(2026, 10, 5), date(2026, 11, 16))
NO_FIGURE = Measured(None, None, 5)


def findings(promises: dict[str, AdvertisedPromise], hostile: str) -> Findings:
    on_time, answers, carbon = promises["on-time"], promises["answers"], promises["carbon"]
    moved = Movement(
        before=BEFORE,
        after=AFTER,
        net_before=14.0,
        net_after=1.9,
        delta=-12.1,
        interval=(-15.9, -8.2),
        n_before=3020,
        n_after=3100,
        terms=(
            Term("source mix", 1.4, (0.6, 2.3)),
            Term("topic mix", -2.9, (-4.1, -1.8)),
            Term("tone", -10.6, (-14.0, -7.1)),
        ),
        drivers=(
            Driver("source", hostile, "", -9.6, (-13.2, -6.0), 1500, 1620),
            Driver("source", "reddit: r/travel", "", -2.5, (-4.4, -0.7), 1520, 1480),
            Driver("topic", on_time.text, "on-time", -11.9, (-14.2, -9.4), 160, 147),
            Driver("topic", "no promise", "", -0.2, (-2.2, 1.9), 2860, 2953),
        ),
        promises=(
            PromiseChange("on-time", on_time.text, 92.1, 55.3, -36.8, (-45.0, -28.1), 0.0004, 160, 147),
            PromiseChange("carbon", carbon.text, None, None, None, None, None, 4, 3),
        ),
        sentence="",
    )
    rests = VoiceConcentration("", "", 2148, (0.31, 0.35, 0.41), (0.04, 0.09, 0.17), "", most=666)
    figure = NumericPromise(
        promise="answers",
        text=answers.text,
        advertised_text="one minute",
        advertised=1 / 60,
        unit="hours",
        n=41,
        n_eff=39.2,
        median=0.1,
        interval=(0.05, 0.25),
        within=0.171,
        within_interval=(0.085, 0.313),
        values=((1 / 120, 3), (1 / 60, 4), (0.05, 12), (0.1, 9), (0.25, 8), (3.0, 4), (8766.0, 1)),
        sentence="",
    )
    few = NumericPromise("bags", promises["bags"].text, "£5", 5.0, "GBP", 2, 2.0, None, None, None, None, ((5.0, 2),), "")
    return Findings(
        movement=_told(moved),
        concentration=(
            _rests(rests),
            _rests(VoiceConcentration("on-time", on_time.text, 78, (0.28, 0.33, 0.4), None, "", most=22)),
            VoiceConcentration("carbon", carbon.text, 2, None, None, ""),
        ),
        consistency=(
            Consistency("on-time", on_time.text, "week", 12, 307, 21.4, (14.0, 31.2), 0.002, ("26 Oct", 36.0), ("7 Sep", 95.0)),
            Consistency("on-time", on_time.text, hostile, 2, 307, 1.2, (0.0, 9.1), 0.64, (hostile, 73.0), ("north", 75.0)),
            Consistency("carbon", carbon.text, "week", 0, 0, None, None, None, None, None),
        ),
        segmentations=(_by_region(hostile),),
        numbers=(_measured(figure), _measured(few)),
        competitors=(
            Competitor("acme", "Acme Air", True, 6120, 0.612, (0.602, 0.622), 7.1, (4.9, 9.2), ()),
            Competitor(
                *("borealis", hostile, False, 3880, 0.388, (0.378, 0.398), 12.4, (9.0, 15.7)),
                promises=(
                    RivalPromise("on-time", on_time.text, 83.0, (77.1, 88.2), 190, -8.8, (-16.3, -1.2), 0.024),
                    RivalPromise("carbon", carbon.text, None, None, 3, None, None, None),
                ),
            ),
            Competitor("cirrus", "Cirrus", False, 4, None, None, None, None, ()),
        ),
    )


def _by_region(hostile: str) -> Segmentation:
    return Segmentation(
        "region",
        (
            Segment(
                value="north",
                n=4100,
                net=Measured(9.8, (7.1, 12.4), 4100, 0.004, differs=True),
                delivery=Measured(86.0, (83.2, 88.5), 640, 0.31),
                promises=(SegmentPromise("on-time", Measured(75.2, (69.0, 80.9), 210, 0.71)), SegmentPromise("carbon", NO_FIGURE)),
            ),
            Segment(
                value=hostile,
                n=1900,
                net=Measured(-2.2, (-6.4, 2.1), 1900, 0.004, differs=True),
                delivery=Measured(71.3, (65.0, 77.1), 208, 0.002, differs=True),
                promises=(
                    SegmentPromise("on-time", Measured(52.4, (41.8, 62.8), 84, 0.003, differs=True)),
                    SegmentPromise("carbon", NO_FIGURE),
                ),
            ),
            Segment("west", 5, NO_FIGURE, NO_FIGURE, (SegmentPromise("on-time", NO_FIGURE), SegmentPromise("carbon", NO_FIGURE))),
        ),
        left_out=2,
        nameless=120,
    )


def _told(found: Movement) -> Movement:
    return replace(found, sentence=movement_sentence(found))


def _rests(found: VoiceConcentration) -> VoiceConcentration:
    return replace(found, sentence=concentration_sentence(found, RESTS_ON_ONE, RESTS_ON_THREE))


def _measured(found: NumericPromise) -> NumericPromise:
    return replace(found, sentence=number_sentence(found))
