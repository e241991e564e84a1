"""What is planted: the made-up brand, its promises and what becomes of each. The reports must find exactly this."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reports.evidence import Strength

Fate = Literal["kept", "erodes", "breaks", "fixed", "unheard"]

BRAND = "larkspur"
BRAND_NAME = "Larkspur"
TIMEZONE = "Europe/London"
QUERY = (
    "(larkspur OR @larkspurhome) NOT "
    "(flower* OR garden* OR seed* OR bloom* OR petal* OR delphinium* OR ferry OR marin OR california)"
)
RIVAL, RIVAL_NAME, RIVAL_QUERY = "brackwater", "Brackwater", "brackwater OR @brackwaterhome"
RIVAL_RATES: Mapping[str, tuple[int, float]] = {"delivery": (8, 1.0), "assembly": (5, 0.5)}
"""Of the same promises at a competitor: how many of its customers speak of each in a week, and for what share it is kept."""
RIVAL_OTHER_MATTERS = 3
COST_OF_A_DISSATISFIED_CUSTOMER, CURRENCY = 85, "GBP"
UNHEARD_VOICES = 7
"""Customers who speak of the unheard promise in all; a verdict needs twelve."""
CAMPAIGN_WEEK = 8
CAMPAIGN_FACTOR = 3
LOUD_FACTOR = 4
"""How many times as often as the others the promise that hardly anybody speaks of is advertised."""
UNENTERED_WEEKS = range(5, 13)
"""Weeks in which the shop claims something that its configuration does not name."""
BREAK_WEEK, FIXED = 9, "returns"
USUAL_WAIT, WAIT_IN_THE_BREAK = 4.0, 40.0
"""Hours in which half of the customers who ask for an answer have one, before and since the promise of an answer breaks."""
COVER_WEEK = 7
COVER = "Refunds are paid when the parcel is scanned, and a return costs nothing"
"""When the shop puts the causes of the promise that is fixed right, and how."""


@dataclass(frozen=True, slots=True)
class PlantedPromise:
    """A promise and its fate. `voices` is how many customers a week speak of it, at least and at most.

    `kept` and `broken` are example phrases as a brand would configure them; no planted text repeats them.
    """

    id: str
    text: str
    strength: Strength
    pillar: str
    fate: Fate
    voices: tuple[int, int]
    stage: str
    change_week: int | None = None
    kept: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    def rate(self, week: int, weeks: int) -> float:
        """Return the share (0–1) of customers for whom the promise is kept in `week` (1 to `weeks`)."""
        changed = self.change_week is not None and week >= self.change_week
        match self.fate:
            case "kept":
                return 0.96
            case "erodes":
                return 1.0 - 0.40 * (week - 1) / (weeks - 1)
            case "breaks":
                return 0.08 if changed else 0.97
            case "fixed":
                return 0.95 if changed else 0.12
            case "unheard":
                return 5 / 7


PROMISES = (
    PlantedPromise(
        id="assembly",
        text="Easier to put together than any flat pack you know: assembled in twenty minutes, no tools.",
        strength="comparative",
        pillar="product and service",
        fate="kept",
        voices=(18, 22),
        stage="use",
        kept=(
            "Easy to put together, ten minutes without tools.",
            "It clicks together and all the parts fit.",
        ),
        broken=(
            "Putting it together took hours, the parts do not fit.",
            "The assembly instructions are wrong.",
            "I needed a drill to build it.",
        ),
    ),
    PlantedPromise(
        id="delivery",
        text="Faster to your door than anyone else: delivered in two days, anywhere in the country.",
        strength="comparative",
        pillar="product and service",
        fate="erodes",
        voices=(16, 18),
        stage="receive",
        kept=(
            "Delivered two days after I ordered it.",
            "The delivery van came on time.",
        ),
        broken=(
            "It was delivered a week late.",
            "No delivery van came, it is in a depot.",
        ),
    ),
    PlantedPromise(
        id="answer",
        text="A real person answers your call or chat within three minutes, day and night.",
        strength="absolute",
        pillar="customer service",
        fate="breaks",
        voices=(18, 22),
        stage="get help",
        change_week=BREAK_WEEK,
        kept=(
            "Somebody picked up the phone after a minute.",
            "A human answered on the support chat at night.",
        ),
        broken=(
            "On hold for an hour and nobody answered.",
            "Only a chat bot, no human to talk to.",
            "Support ignores my messages.",
        ),
    ),
    PlantedPromise(
        id=FIXED,
        text="Free returns, and your money refunded within five days, guaranteed.",
        strength="guarantee",
        pillar="friction",
        fate="fixed",
        voices=(18, 22),
        stage="renew or leave",
        change_week=COVER_WEEK,
        kept=(
            "I returned it and the refund came in three days.",
            "They collected the return for free and refunded me.",
        ),
        broken=(
            "I am waiting for the refund weeks after the return.",
            "I was charged a fee to send it back.",
            "They refuse to refund me.",
        ),
    ),
    PlantedPromise(
        id="forest",
        text="We only buy timber from forests with an environmental certificate.",
        strength="absolute",
        pillar="reputation",
        fate="unheard",
        voices=(0, 0),
        stage="discover",
        kept=("The certificate of the forest is in the register.",),
        broken=("There is no certificate for the forest.",),
    ),
)

ASSESSMENTS: Mapping[str, Mapping[str, float]] = {
    "Priya (marketing)": {
        "advertising": 5, "content": 4, "digital experience": 4, "in-person experience": 4, "communication": 4,
        "people": 5, "product and service": 5, "customer service": 5, "friction": 4, "reputation": 5,
    },
    "Owen (service)": {
        "advertising": 4, "content": 4, "digital experience": 3, "in-person experience": 4, "communication": 3,
        "people": 4, "product and service": 4, "customer service": 4, "friction": 3, "reputation": 4,
    },
    "Ilse (operations)": {
        "advertising": 4, "content": 3, "digital experience": 4, "in-person experience": 4, "communication": 4,
        "people": 5, "product and service": 4, "customer service": 4, "friction": 4, "reputation": 4,
    },
}  # fmt: skip
"""How people of the shop rate its ten pillars, in the first week."""
