"""What is planted: the made-up brand, its promises and what becomes of each. The reports must find exactly this."""

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
UNHEARD_VOICES = 7
"""Customers who speak of the unheard promise in all; a verdict needs twelve."""
CAMPAIGN_WEEK = 8
CAMPAIGN_FACTOR = 3
LOUD_FACTOR = 4
"""How many times as often as the others the promise that hardly anybody speaks of is advertised."""
UNENTERED_WEEKS = range(5, 13)
"""Weeks in which the shop claims something that its configuration does not name."""


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
        change_week=9,
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
        id="returns",
        text="Free returns, and your money refunded within five days, guaranteed.",
        strength="guarantee",
        pillar="friction",
        fate="fixed",
        voices=(18, 22),
        change_week=7,
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
        kept=("The certificate of the forest is in the register.",),
        broken=("There is no certificate for the forest.",),
    ),
)
