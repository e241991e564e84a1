"""The ten pillars of experience, with the question by which a company rates itself and the stages of a customer's journey."""

from typing import Final

from models.reading import PILLARS

QUESTIONS: Final[dict[str, str]] = {
    "advertising": "What our advertising says is true, clear and worth saying.",
    "content": "What we publish (articles, guides, descriptions) helps customers choose and use.",
    "digital experience": "Our site and apps are quick, easy and do what customers came for.",
    "in-person experience": "A visit to us, or ours to a customer, goes well.",
    "communication": "We tell customers what happens next, before they have to ask.",
    "people": "Our people are friendly, able, and allowed to help.",
    "product and service": "What we sell works as described, and goes on working.",
    "customer service": "Who asks for help is answered soon, and helped the first time.",
    "friction": "Buying, changing, returning and leaving are easy and hold no surprises.",
    "reputation": "People who know us speak well of us and would come back.",
}
"""What a person agrees with from 1 (not at all) to 5 (fully)."""

STAGES: Final = ("discover", "buy", "receive", "use", "get help", "renew or leave")

LOWEST: Final = 1.0
HIGHEST: Final = 5.0

assert tuple(QUESTIONS) == PILLARS  # noqa: S101 - one list of pillars, in one order
