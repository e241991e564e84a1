"""What a complaint says beyond that somebody is unhappy: its clauses without greetings, brand names and mere anger."""

import re
from collections.abc import Sequence

from models.text import normalise

_CLAUSE = re.compile(
    r"(?<!\d)[.,:;!?…]+|[.,:;!?…]+(?!\d)|\n+|\s[–—-]+\s|[()\[\]\"“”]+|\s+(?=(?:but|because|although|though|however)\b)"
)
_HANDLE = re.compile(r"(?<!\w)@\w+|\bhttps?\b|\bwww\S+")
_SYMBOL = re.compile(r"[^\w\s'’.,:;!?…%£$€&()\[\]\"“”/–—+-]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,:]\d+)*")
_LONGEST_WORD = 40

# Words that carry no cause in the grammar of English.
_GRAMMAR = frozenset(
    "a about after again ago all almost already also always am an and another any anyone anything are as at away back be "
    "became because become been before being both but by can can't cannot come could couldn't did didn't do does doesn't "
    "doing don't done each either else even ever every everyone everything few first for from get gets getting give given "
    "go goes going gone got had hadn't has hasn't have haven't having he hello her here hi his how i i'd i'll i'm i've if "
    "in into is isn't it it's its itself just last let like make makes many may me might mine more most much must my myself "
    "near need never new next no nobody none nor not nothing now of off oh ok on once one only onto or other our out over "
    "own per put quite rather re really same say says see seem seems she should since so some somebody someone something "
    "still such than that that's the their them themselves then there there's these they they're thing things this those "
    "though through to together told too try trying two under until up upon us use used very want wanted was wasn't way we "
    "we're we've well went were weren't what what's when where whether which while who whole whose why will with within "
    "without won't would wouldn't yes yet you you're your yours yourself".split()
)
# Words that say how somebody feels or judges, and not about what: alone they make no cause.
_ANGER = frozenset(
    "absolute absolutely abysmal amazing angry annoyed annoying appalled appalling ashamed atrocious avoid awful bad badly "
    "bin bloody bother brand business buy buyer buying bye cheers choice company complain complaint complaints completely "
    "con congratulations crap customer customers damn dear dire disappointed disappointing disappointment disaster disgrace "
    "disgraceful disgusted disgusting done down dreadful elsewhere embarrassing enough excellent expect expected experience "
    "experiences fail failed failure fed feel feeling firm fool friend friends frustrated frustrating fuming furious "
    "garbage good goodbye great guys happy hate hated honestly hopeless horrendous horrible horrid idea impressed "
    "infuriating insult irritating joke kidding lesson letdown lie lies lol lost lot lousy love lovely luck mad made "
    "mediocre mess mistake money mood nasty nice nightmare nonsense nope note notes nowhere opinion owner pathetic people "
    "person pity please pls poor poorly post product products purchase purchased rant recommend recommended regret regrets "
    "regretted reply review reviews ridiculous rip rubbish sad sadly scam scandal shambles shame shameful shocked shocking "
    "shop show sick sloppy sorry spend star stars stay steer store story stupid sucks sure terrible terribly thank thanks "
    "thought thoughts thread tired totally truly trust twice two ugh unacceptable unbelievable unhappy unimpressed update "
    "upset useless utter utterly warn warned warning waste wasted whatever wonderful word worse worst worth wow wtf years".split()
)

# What says that something is amiss: denials, and words, or beginnings of words, for what goes wrong. A plain statement has none.
_AMISS = frozenset(
    "bad badly cannot con dire fee fees hold lie lied lies mess messy neither never no nobody none nor not nothing pain painful "
    "rip sag sagging sags too unless without worse worst".split()
)
_AMISS_BEGINNINGS = re.compile(
    "(?:abysmal|angry|annoy|appal|atroc|awful|bend|bent|blame|boring|broke|bug|cancel|charge|cheap|chip|collaps|complicat|confus|crack"
    "|crash|creak|crook|crowd|damag|dead|defect|delay|dent|difficult|dirt|disappear|disappoint|disgrac|disgust|dreadful|dull|empty"
    "|error|expens|expire|fade|fail|fault|flicker|forgot|frustrat|furious|garbage|harsh|hate|hidden|hopeless|horr|hung|hurt|ignor"
    "|impossib|incorrect|incomplet|infuriat|insult|irritat|late|leak|loos|lose|losing|lost|loud|lump|mislead|miss|mistak|nightmare|nois"
    "|nuisance|outrag|overcharg|overpric|pathetic|peel|poke|poor|problem|queue|refus|regret|reject|ridicul|rotten|rough|rubbish|rude"
    "|scam|scratch|shambl|shame|shed|shock|shoddy|sloppy|slow|smash|smell|snap|spam|split|squeak|stain|stale|stink|stolen|stuck|tear"
    "|terribl|tore|torn|trouble|ugly|unable|unanswer|unbear|uncomfort|unhelp|unpaid|unreliab|unusab|useless|vanish|wait|warp|waste"
    "|wobbl|worn|wrong)"
)


def words(text: str) -> list[str]:
    """The words of a text in small letters, numbers among them."""
    return [word.replace("’", "'") for word in _WORD.findall(text.casefold()) if len(word) <= _LONGEST_WORD]


def telling(text: str, names: frozenset[str] = frozenset()) -> list[str]:
    """The words of a text that may name a cause: neither grammar nor mere anger, no number, nor one of `names` (the brand's)."""
    return [
        word
        for word in words(text)
        if len(word) > 2
        and word not in _GRAMMAR
        and word not in _ANGER
        and word.removesuffix("'s") not in names
        and not word[0].isdigit()
    ]


def says_what_is_amiss(text: str, *, judging: bool = True) -> bool:
    """Whether it says in so many words that something is wrong: a denial, what goes wrong or, `judging`, how bad it is.

    Bare facts ("nine days") do not.
    """
    return any(
        word in _AMISS or word.endswith("n't") or _AMISS_BEGINNINGS.match(word)
        for word in words(text)
        if judging or word not in _ANGER
    )


def clauses(text: str, names: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The clauses of a passage that may tell what went wrong, cleaned of handles and signs; none where it only says "awful"."""
    plain = _SYMBOL.sub(" ", _HANDLE.sub(" ", text))
    return tuple(part for part in _parts(plain) if telling(part, names))


def substance(text: str, names: frozenset[str] = frozenset()) -> str:
    """The passage as causes compare it: as the encoder reads it, without clauses of mere anger; "" where it tells of nothing."""
    if not clauses(text, names):
        return ""
    plain = _SYMBOL.sub(" ", _HANDLE.sub(" ", text))
    kept = [part for part in _parts(plain) if not set(words(part)) <= _ANGER | names | _GRAMMAR]
    return normalise(". ".join(kept))


def _parts(text: str) -> list[str]:
    return [" ".join(part.split()).strip(" '’-–—/&+") for part in _CLAUSE.split(text)]


def brand_words(*called: str) -> frozenset[str]:
    """The words by which a brand is called, from its name and its accounts."""
    return frozenset(word for name in called for word in words(name.replace("_", " ")))


def stem(word: str) -> str:
    """A word without the endings of English inflection, crudely: enough to count "deliver", "delivered" and "delivering" as one."""
    word = word.removesuffix("'s")
    for ending in ("ing", "edly", "ed", "es", "ly", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def stems(text: str, names: frozenset[str] = frozenset()) -> Sequence[str]:
    """The stems of the telling words."""
    return [stem(word) for word in telling(text, names)]
