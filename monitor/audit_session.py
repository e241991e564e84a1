"""Labelling at a terminal: one key a question, the last answer can be taken back, every answer is kept at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from models.reading import Label
from monitor.storage.auditing import AuditItem, SaidStance

LABEL_KEYS: Mapping[str, Label] = {"n": "negative", "o": "neutral", "p": "positive"}
STANCE_KEYS: Mapping[str, SaidStance] = {"k": "kept", "b": "broken", "x": "none"}
_MORE = "[s]kip  [u]ndo  [q]uit"
_ASK_LABEL = "sentiment towards {brand}?  [n]egative  [o] neutral  [p]ositive  " + _MORE
_ASK_STANCE = "does it say that “{promise}” was  [k]ept  [b]roken  [x] not about it  " + _MORE


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said of one mention."""

    mention: int
    label: Label
    stances: Mapping[str, SaidStance]


def ask(
    items: Sequence[AuditItem],
    brand: str,
    promises: Mapping[str, str],
    *,
    key: Callable[[], str],
    show: Callable[[str], None],
    keep: Callable[[Answer], None],
    forget: Callable[[int], None],
) -> int:
    """Ask about each of `items` until all are answered or a person quits; returns how many are done.

    `key` gives a pressed key, `show` takes a line; `keep` is called with every answer, `forget` when one is taken back.
    """
    answered: list[int] = []
    at = 0
    while at < len(items):
        show(f"\n{at + 1} of {len(items)}\n\n{marked(items[at])}\n")
        verdict = _ask_one(items[at], brand, promises, key, show)
        if verdict == "quit":
            break
        if verdict == "undo":
            if answered:
                at = answered.pop()
                forget(items[at].mention)
            else:
                show("nothing to undo")
            continue
        if verdict != "skip":
            keep(verdict)
            answered.append(at)
        at += 1
    return len(answered)


def _ask_one(
    item: AuditItem, brand: str, promises: Mapping[str, str], key: Callable[[], str], show: Callable[[str], None]
) -> Answer | Literal["skip", "undo", "quit"]:
    label = _press(LABEL_KEYS, _ASK_LABEL.format(brand=brand), key, show)
    if label in {"skip", "undo", "quit"}:
        return label  # type: ignore[return-value]  # one of these three
    stances: dict[str, SaidStance] = {}
    for promise, (start, stop) in item.found.items():
        show(f"  › {' '.join(item.text[start:stop].split())}")
        stance = _press(STANCE_KEYS, _ASK_STANCE.format(promise=promises.get(promise, promise)), key, show)
        if stance in {"undo", "quit"}:
            # Undo within a mention asks about this mention again.
            return _ask_one(item, brand, promises, key, show) if stance == "undo" else "quit"
        if stance != "skip":
            stances[promise] = stance  # type: ignore[assignment]  # one of the stances
    return Answer(item.mention, label, stances)  # type: ignore[arg-type]  # one of the labels


def _press(keys: Mapping[str, str], question: str, key: Callable[[], str], show: Callable[[str], None]) -> str:
    """Ask until a key is pressed that means something; the end of input means quit."""
    choices = {**keys, "s": "skip", "u": "undo", "q": "quit", "": "quit", "\x03": "quit", "\x04": "quit"}
    show(question)
    while True:
        try:
            pressed = key()[:1].casefold()
        except (EOFError, KeyboardInterrupt):
            return "quit"
        if pressed in choices:
            return choices[pressed]


def marked(item: AuditItem) -> str:
    """The text with what names the brand in [brackets], and a bar where one passage ends and the next begins."""
    marks = [(start, 2, "[") for start, _ in item.spans] + [(stop, 0, "]") for _, stop in item.spans]
    marks += [(start, 1, "¦ ") for start, _ in item.passages[1:]]
    text = item.text
    for place, _, sign in sorted(marks, reverse=True):
        text = f"{text[:place]}{sign}{text[place:]}"
    return text
