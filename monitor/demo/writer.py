"""Writes single texts in the styles of their places: short posts, forum comments, long reviews, press and adverts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random

from monitor.demo.phrases import Phrases, load_texts
from monitor.demo.planted import BRAND, BRAND_NAME, RIVAL, RIVAL_NAME, PlantedPromise
from reports.evidence import Label, Stance

_UNDATED = datetime.min.replace(tzinfo=UTC)
_FACTS = 1 / 3
_SARCASM = 0.05
_EMOJI = _LOWER_CASE = 0.15
_PLACES = (("posts", 45), ("forum", 25), ("reviews", 30))
_OTHER_LABELS: tuple[tuple[Label, int], ...] = (("positive", 40), ("negative", 33), ("neutral", 27))
_STANCE_LABEL: dict[Stance, Label] = {"kept": "positive", "broken": "negative"}
_OPPOSITE: dict[Label, Label] = {"positive": "negative", "negative": "positive", "neutral": "neutral"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A text with its truth, before it has a number; `published` is set by the plan of its week."""

    feed: str
    title: str
    text: str
    author: str
    stances: Mapping[str, Stance] = field(default_factory=dict)
    sentiment: Label | None = None
    advertises: tuple[str, ...] = ()
    about_brand: bool = True
    rival: bool = False
    published: datetime = _UNDATED


class Writer:
    """Writes drafts; every one is a text of its own unless it is said to be a copy."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._phrases = Phrases(rng)
        self._everyday = load_texts("everyday")
        self._voices = load_texts("common")["voices"]

    def evidence(self, stances: Mapping[str, Stance]) -> Draft:
        """Write a customer's experience with one promise, or with several in one review."""
        labels = {_STANCE_LABEL[stance] for stance in stances.values()}
        label = labels.pop() if len(labels) == 1 else None
        place = "reviews" if len(stances) > 1 else self._place()
        return self._customer(place, stances, label)

    def other_matter(self) -> Draft:
        """Write of something that is not promised."""
        label = self._weighted(_OTHER_LABELS)
        return self._customer(self._place(), {}, label)

    def question(self) -> Draft:
        """Write a question, which is no experience."""
        feed = self._rng.choice(("posts", "forum"))
        text = self._phrases.unique(lambda: self._phrases.draw(self._everyday["question"]["text"]))
        return Draft(feed, self._title(feed, None), text, self._author(feed), sentiment="neutral")

    def foreign(self) -> Draft:
        """Write in German or Spanish."""
        texts = load_texts("foreign")
        feed, language = self._rng.choice(("posts", "forum")), self._rng.choice(("german", "spanish"))
        text = self._phrases.unique(lambda: self._phrases.draw(texts[language], **texts["slots"]))
        return Draft(feed, self._title(feed, None), text, self._author(feed))

    def homonym(self) -> Draft:
        """Write of the flower or the town of the same name."""
        texts = load_texts("homonyms")
        feed = self._rng.choices(("posts", "forum", "press"), (70, 20, 10))[0]
        title = self._phrases.draw(texts["press"]) if feed == "press" else self._title(feed, None)
        body = texts["press_body"] if feed == "press" else texts["post"]
        text = self._phrases.unique(lambda: self._phrases.draw(body))
        return Draft(feed, title, text, self._author(feed), about_brand=False)

    def press_news(self) -> Draft:
        """Write a piece of news about the brand."""
        texts = load_texts("press")

        def write() -> str:
            return " ".join(self._phrases.draw(texts["body"]) for _ in range(self._rng.randint(2, 3)))

        return Draft("press", self._phrases.draw(texts["title"]), self._phrases.unique(write), self._author("press"))

    def copied_story(self) -> list[Draft]:
        """Write one agency text under the titles of all outlets that print it."""
        texts = load_texts("press")
        titles = texts["copied_titles"]
        return [
            Draft("press", title, texts["copied_text"], outlet)
            for title, outlet in zip(titles, self._rng.sample(texts["outlets"], len(titles)), strict=True)
        ]

    def advert(self, promise: PlantedPromise) -> Draft:
        """Write an advert that makes a promise in its own words."""
        texts = load_texts("brand")
        text = self._phrases.unique(lambda: self._phrases.draw(texts["advert"], promise=(promise.text,)))
        feed = self._rng.choices(("adverts", "newsroom"), (75, 25))[0]
        return Draft(feed, self._phrases.draw(texts["advert_title"]), text, texts["newsroom"], advertises=(promise.id,))

    def unentered_claim(self) -> Draft:
        """Write an advert whose claim is no promise of the configuration."""
        texts = load_texts("brand")
        text = self._phrases.unique(lambda: self._phrases.draw(texts["unentered"]))
        return Draft("adverts", self._phrases.draw(texts["advert_title"]), text, texts["newsroom"])

    def newsroom_news(self) -> Draft:
        """Write what the brand tells of itself without a promise."""
        texts = load_texts("brand")
        text = self._phrases.unique(lambda: self._phrases.draw(texts["news"]))
        return Draft("newsroom", self._phrases.draw(texts["news_title"]), text, texts["newsroom"])

    def of_rival(self, draft: Draft) -> Draft:
        """Let a customer's text be about the competitor."""

        def renamed(text: str) -> str:
            return text.replace(BRAND_NAME, RIVAL_NAME).replace(BRAND, RIVAL)

        return replace(draft, title=renamed(draft.title), text=renamed(draft.text), about_brand=False, rival=True)

    def _customer(self, feed: str, stances: Mapping[str, Stance], label: Label | None) -> Draft:
        written: list[Label | None] = []

        def write() -> str:
            core = [self._experience(promise, stance) for promise, stance in stances.items()]
            core = core or [self._other(label or "neutral")]
            if feed == "reviews":
                text, mood = self._review(core, label)
            elif feed == "forum":
                text, mood = self._comment(core[0]), label
            else:
                text, mood = self._post(core[0], label), label
            written.append(mood)
            return text

        text = self._phrases.unique(write)
        return Draft(feed, self._title(feed, written[-1]), text, self._author(feed), stances, written[-1])

    def _experience(self, promise: str, stance: Stance) -> str:
        texts = load_texts(promise)
        kind: str = stance
        if self._rng.random() < _FACTS:
            kind = f"{stance}_facts"
        elif stance == "broken" and texts["sarcasm"] and self._rng.random() < _SARCASM:
            kind = "sarcasm"
        return self._phrases.draw(texts[kind], **texts["slots"])

    def _other(self, label: Label) -> str:
        return self._phrases.draw(self._everyday["other"][label])

    def _post(self, core: str, label: Label | None) -> str:
        texts = self._everyday["short"]
        if label in ("positive", "negative") and self._rng.random() < _EMOJI:
            core = f"{core.rstrip('.')} {self._rng.choice(texts['good' if label == 'positive' else 'bad'])}"
        text = self._phrases.draw(texts["frame"], body=(core,))
        return text.lower() if self._rng.random() < _LOWER_CASE else text

    def _comment(self, core: str) -> str:
        texts = self._everyday["forum"]
        parts = [self._phrases.draw(texts["opener"]), core, self._phrases.draw(texts["closer"])]
        chosen = self._rng.choices((parts[:2], parts[1:], parts), (45, 30, 25))[0]
        return " ".join(chosen)

    def _review(self, core: Sequence[str], label: Label | None) -> tuple[str, Label | None]:
        """Return a review of three to six sentences and its mood: None where praise and complaint meet."""
        texts = self._everyday["review"]
        asides: list[Label] = [self._aside(label or "neutral") for _ in range(self._rng.randint(1, 2))]
        mood = label if label == "neutral" or (label and _OPPOSITE[label] not in asides) else None
        sentences = [*core, *(self._other(aside) for aside in asides)]
        self._rng.shuffle(sentences)
        sentences.insert(0, self._phrases.draw(texts["opener"]))
        if mood in ("positive", "negative"):
            sentences.append(self._phrases.draw(texts["closer_good" if mood == "positive" else "closer_bad"]))
        breaks = self._rng.randrange(1, len(sentences))
        return f"{' '.join(sentences[:breaks])}\n{' '.join(sentences[breaks:])}", mood

    def _aside(self, label: Label) -> Label:
        return self._rng.choices((label, "neutral", _OPPOSITE[label]), (60, 25, 15))[0]

    def _title(self, feed: str, mood: Label | None) -> str:
        if feed == "forum":
            return self._phrases.draw(self._everyday["forum"]["title"])
        if feed == "reviews":
            kind = {"positive": "good", "negative": "bad"}.get(mood or "", "mixed")
            return self._phrases.draw(self._everyday["review"][kind])
        return ""

    def _author(self, feed: str) -> str:
        if feed == "press":
            return str(self._rng.choice(load_texts("press")["outlets"]))
        first, last = self._rng.choice(self._voices["first"]), self._rng.choice(self._voices["last"])
        if feed == "reviews":
            return f"{first.title()} {last[0].upper()}."
        return f"@{first}_{last}" if feed == "posts" else f"{first}{last[0]}{self._rng.randrange(60, 100)}"

    def _place(self) -> str:
        return self._rng.choices([name for name, _ in _PLACES], [weight for _, weight in _PLACES])[0]

    def _weighted(self, choices: Sequence[tuple[Label, int]]) -> Label:
        return self._rng.choices([label for label, _ in choices], [weight for _, weight in choices])[0]
