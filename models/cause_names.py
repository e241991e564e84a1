"""A cause's name in customers' words: the stretch of a complaint that says best what all of them share, and others do not.

Words are weighed by c-TF-IDF (Grootendorst 2022), the classes being this cause and everything else that is complained of.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from models.clusters import Floats
from models.complaints import clauses, says_what_is_amiss, stem, telling, words

SHORTEST, LONGEST = 2, 11
"""Words of a name; one that nobody else uses is a whole clause of at least three."""
SHARED = 0.1
"""Share of the complaints that must have a stretch in common, before it may be taken out of its clause."""
AMISS = 0.2
"""What it is worth that a name says what is wrong, and not only with what."""
_CANDIDATES = 20
_TEXTS = 200
# Words of grammar, by which phrases are told apart: those that one begins with anywhere or where a clause does, those that come
# between two, those that end one and those that end none.
_OPENING = frozenset("he i no nobody none nothing she they we you".split())
_ARTICLES = frozenset("a an another every her his my our that the their this your".split())
_CLAUSES = frozenset("and because but so that when while".split())
_JOINING = frozenset(
    "after and as at because before but by during for from if in into of on or per since so than that then through till to until "
    "when where which while who with without".split()
)
_BESIDES = frozenset("again already anyway either now since still today too yesterday yet".split())
_NO_END = frozenset(
    "a about after all an and are as at be because been before being but by can cannot could did do does every for from had "
    "has have he her his i if in into is it its just more most must my neither never no nor not of on only or our per quite "
    "rather really she should so some than that the their them they this those to very was we were when which who will with "
    "without would you your".split()
)
_NUMBER = re.compile(
    r"\d.*|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)(?:-\w+)?|half|hundred|thousand|several|many|few"
)


@dataclass(frozen=True, slots=True)
class Naming:
    """A name, and the place of the text that it is taken from."""

    name: str
    text: int


def background(texts: Iterable[str], names: frozenset[str]) -> Counter[str]:
    """In how many texts each stem occurs."""
    return Counter(mark for text in texts for mark in {stem(word) for word in telling(text, names)})


def choose_name(
    texts: Sequence[str],
    centre: Floats,
    embed: Callable[[Sequence[str]], Floats],
    everything: Counter[str],
    total: int,
    names: frozenset[str] = frozenset(),
    taken: Collection[frozenset[str]] = (),
) -> Naming | None:
    """The best name for the complaints `texts`; None where none of them has a clause that no other cause is called by.

    `centre` is their middle among unit vectors as `embed` makes them; `everything` counts the stems of `total` complaints of all
    kinds, these among them; `names` are the words that the brand is called by, `taken` what other causes say (`saying`).
    """
    chosen = texts[:_TEXTS]
    weights = _weights(chosen, everything, total, names)
    candidates = [one for one in _candidates(chosen, names, weights) if saying(one[0], names) not in taken]
    if not candidates:
        return _central_clause(chosen, names, taken)
    likeness = embed([name for name, _, _ in candidates]) @ centre
    best = int(np.argmax([worth + float(near) for (_, _, worth), near in zip(candidates, likeness, strict=True)]))
    name, text, _ = candidates[best]
    return Naming(name[0].upper() + name[1:], text)


def _central_clause(texts: Sequence[str], names: frozenset[str], taken: Collection[frozenset[str]]) -> Naming | None:
    """The first clause that can stand for a name though it is shared by nobody, or judges only: better than a number."""
    for place, text in enumerate(texts):
        for clause in clauses(text, names):
            said, is_short = saying(clause, names), SHORTEST <= len(clause.split()) <= LONGEST
            if said and said not in taken and is_short and not _is_bare(clause) and not set(words(clause)) & names:
                return Naming(clause[0].upper() + clause[1:], place)
    return None


def saying(name: str, names: frozenset[str]) -> frozenset[str]:
    """What a name says, however it is put: two causes of the same saying cannot be told apart."""
    return frozenset(stem(word) for word in telling(name, names))


def _weights(texts: Sequence[str], everything: Counter[str], total: int, names: frozenset[str]) -> dict[str, float]:
    inside = background(texts, names)
    size = max(1, len(texts))
    rest = max(1, total - size)
    return {
        mark: count / size * max(0.0, log((count / size + 0.02) / (max(0, everything[mark] - count) / rest + 0.02)))
        for mark, count in inside.items()
    }


def _candidates(texts: Sequence[str], names: frozenset[str], weights: dict[str, float]) -> list[tuple[str, int, float]]:
    """Clauses and stretches that several share, with the text that they stand in and what they are worth; the best ones."""
    heard: Counter[str] = Counter()
    found: dict[str, tuple[str, int, bool]] = {}
    for place, text in enumerate(texts):
        told = set()
        for clause in clauses(text, names):
            for stretch, whole in _stretches(clause.split()):
                key = " ".join(stretch).casefold()
                told.add(key)
                if key not in found or (whole and not found[key][2]):
                    found[key] = (" ".join(stretch), place, whole and len(stretch) > SHORTEST)
        heard.update(told)
    strongest = max(weights.values(), default=0.0) or 1.0
    worths = []
    for key, (name, place, whole) in found.items():
        share = heard[key] / len(texts)
        marks = saying(name, names)
        if not marks or set(words(name)) & names or not (whole or (heard[key] > 1 and share >= SHARED)) or _is_bare(name):
            continue
        # Of one thing it must say what is wrong, and not only how bad it is.
        amiss = says_what_is_amiss(name, judging=False)
        if len(marks) == 1 and not amiss:
            continue
        known = [weights.get(mark, 0.0) / strongest for mark in marks]
        # All that the name says should be shared, and it should say as much as it can of what is.
        worth = 0.5 * sum(known) / len(known) + 0.25 * min(1.0, sum(known) / 2) + 0.6 * min(share, 0.5)
        worth += AMISS if amiss else 0.0
        worth -= 0.02 * abs(len(name.split()) - 6) + (0.1 if any(letter.isdigit() for letter in name) else 0.0)
        worths.append((name, place, worth))
    return sorted(worths, key=lambda one: (-one[2], one[1], one[0]))[:_CANDIDATES]


def _is_bare(name: str) -> bool:
    """Whether it names a thing and says nothing of it: "the paint"."""
    first, *rest = words(name) or [""]
    return len(rest) < 2 and first in {"a", "an", "her", "his", "my", "our", "that", "the", "their", "this", "your"}


def _stretches(clause: Sequence[str]) -> Iterable[tuple[Sequence[str], bool]]:
    """The clause where it is short, and the whole phrases that it begins or ends with; whether it is the clause itself.

    Phrases are told by the words of grammar between them, as in RAKE (Rose et al. 2010).
    """
    plain = [word.casefold() for word in clause]
    for length in range(SHORTEST, min(LONGEST, len(clause)) + 1):
        if length == len(clause):
            yield clause, True
            continue
        if _ends(plain, length):
            yield clause[:length], False
        if _begins(plain, len(clause) - length):
            yield clause[-length:], False


def _begins(clause: Sequence[str], at: int) -> bool:
    """Whether a phrase begins with this word, and not within what belongs to the word before."""
    word, before = clause[at], clause[at - 1]
    return word in _OPENING | _ARTICLES if before in _CLAUSES else word in _OPENING and before not in _JOINING


def _ends(clause: Sequence[str], at: int) -> bool:
    """Whether a phrase ends before this word: where a word of grammar follows, and none stands at the end."""
    last, following = clause[at - 1], clause[at]
    return following in _JOINING | _OPENING | _ARTICLES | _BESIDES and last not in _NO_END and not _NUMBER.fullmatch(last)
