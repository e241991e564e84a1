"""Words by which a customer asks for an answer, and words of harm. Each family is told in a report by what it says of the text.

They are few and certain on purpose: a case costs somebody's time. What a house knows of its own customers is added in the
configuration.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
_QUOTED = re.compile(r"\"[^\"\n]{1,80}\"|(?<!\w)'[^'\n]{1,80}'(?!\w)")


@dataclass(frozen=True, slots=True)
class Signal:
    """What a family of phrases says of a text that holds one, and how many points of severity it is worth."""

    said: str
    points: int
    phrases: re.Pattern[str]

    def found(self, text: str) -> str:
        """Return the phrase that a folded text holds, "" when there is none."""
        match = self.phrases.search(text)
        return " ".join(match[0].split()) if match else ""


def _signal(said: str, points: int, *phrases: str) -> Signal:
    return Signal(said, points, re.compile("|".join(rf"(?:{phrase})" for phrase in phrases)))


_SOMEBODY = r"(?:nobody|no one|no-one|noone)"
_ANSWERS = r"(?:answer|repl|respond|call(?:s|ed)? back|pick(?:s|ed)? up|g[eo]ts? back|got back|come?s? back to)\w*"
_DOES = (
    r"(?:help|fix|sort|look into|advise|explain|tell (?:me|us)|let (?:me|us) know|respond|reply|answer|refund|contact|call|check)"
)

ASKS = (
    _signal(
        "waits for something",
        50,
        r"\bwhere(?:'s| is| are) (?:my|our)\b",
        r"\bstill (?:waiting|no (?:answer|reply|response|refund|word|sign|news|delivery|parcel|order))\b",
        r"\b(?:i am|i'm|we are|we're|been) (?:still |now )?waiting (?:for|on|since|over|more than|\w+ (?:day|week|month)s?)\b",
        r"\bwhen (?:will|can|do|am|are|is) (?:i|we|you|my|our|the|it|they|somebody|someone)\b[^.!?\n]{0,80}\?",
        r"\bany (?:update|news|progress) (?:on|about|from|when|regarding)\b",
    ),
    _signal(
        "was not answered",
        50,
        rf"\b{_SOMEBODY} (?:ever |has |even |ever |bothered to )*{_ANSWERS}\b",
        r"\b(?:no|without an?y?|never (?:got|had|received) an?y?) (?:reply|answer|response)\b(?! needed| necessary)",
        r"\bnever (?:replied|answered|responded|called back|got back|heard back)\b",
        r"\b(?:have|has|had|did)(?:n't| not) (?:\w+ )?(?:replied|reply|answered|answer|responded|respond|heard back|called back)\b",
        r"\bignor(?:e|es|ed|ing) (?:me|us|my|our)\b",
    ),
    _signal(
        "asks for help",
        50,
        r"\bplease help\b|\bneed (?:some |your )?(?:help|assistance)\b|\bany help\b[^.!\n]{0,40}\?",
        rf"\b(?:can|could) (?:you|someone|somebody|anyone|anybody)(?: (?:at|from) \w+(?: \w+)?)? (?:please |kindly )?{_DOES}\b",
        r"\bplease (?:fix|sort|look into|advise|respond|reply|answer|refund|(?:contact|call) (?:me|us))\b",
        r"\bhow (?:do|can|should|would) (?:i|we) (?:\w+ )?(?:contact|reach|get|cancel|return|claim|change|complain|fix|reset|stop|"
        r"find|use|track|pay|open|close|speak|talk|clean|replace|repair|apply|log|delete|update|install|connect|send|exchange)\b",
        r"\b(?:who|whom|where) (?:do|can|should) (?:i|we) (?:contact|call|complain|speak|talk|write|turn)\b",
        r"\bwhat (?:should|can|do|am) (?:i|we) (?:supposed to )?do\b(?! with)",
    ),
    _signal(
        "demands something",
        50,
        r"\b(?:i|we)(?: want| would like|'d like| demand| need) (?:a|an|my|our|the) (?:full |partial |proper )?"
        r"(?:refund|replacement|answer|explanation|apology|money|compensation|deposit)\b",
        r"\b(?:give|send|pay) (?:me|us) (?:back )?(?:my|our|a|the) (?:money|refund|deposit|replacement)\b",
    ),
)
"""What asks the brand for an answer; the best one counts."""

ADDRESSED = Signal("turns to the brand with a question", 50, re.compile(r"\?"))
"""For texts that hold one of the brand's own handles."""

ASKS_OTHERS = _signal(
    "asks others whether they have it, too",
    25,
    r"\b(?:anyone|anybody) else(?:'s)? (?:having|getting|seeing|noticing|notice|had|got|find|finding|experienc\w+|still|with)\b",
    r"\b(?:anyone|anybody) else\b[^.!\n]{0,80}\?",
    r"\bis it (?:just|only) me\b",
    r"\b(?:has|have|does|did|is) (?:anyone|anybody|someone|somebody)\b[^.!\n]{0,80}\?",
)

HARM = (
    _signal(
        "speaks of danger",
        45,
        r"\b(?:caught|catch(?:es|ing)?|set on|set itself on) fire\b|\bburst into flames\b|\bexplod(?:ed|es|ing)\b",
        r"\belectric(?:al)? shock\b|\belectrocut\w+|\bsmoke (?:came|coming|poured)\b|\bstarted (?:smoking|to smoke)\b|\bgas leak\b",
        r"\bburn(?:t|ed) (?:my|his|her|our|the (?:child|baby))\b|\binjur(?:ed|y|ies)\b",
        r"\b(?:ended up in|taken to|rushed to|landed in|put (?:me|him|her) in) (?:the )?hospital\b",
        r"\bchok(?:ed|ing)\b|\bfood poisoning\b|\ballergic reaction\b|\bcarbon monoxide\b",
        r"\bsafety (?:hazard|risk|issue)\b|\bunsafe\b|\bdangerous\b",
    ),
    _signal(
        "speaks of other people's data",
        45,
        r"\bdata (?:breach|leak)\b|\b(?:leaked|shared|sold|exposed) (?:my|our|all my) (?:data|details|address|number|email)\b",
        r"\b(?:someone|somebody) else's (?:data|details|account|address|order|invoice)\b|\bidentity theft\b",
    ),
    _signal(
        "speaks of the law",
        40,
        r"\b(?:small claims|legal action|take (?:them|you) to court|lawsuit|class action|ombudsman)\b",
        r"\b(?:contact|see|seen|hired?|instruct\w*|hear from|speak(?:ing)? to|spoke to|letter from) (?:a|my|our) "
        r"(?:solicitor|lawyer|attorney)\b",
        r"\btrading standards\b|\bconsumer protection\b|\b(?:sue|suing) (?:them|you|for)\b|\bchargeback\b",
        r"\b(?:went|go(?:ing)?) to the police\b",
    ),
    _signal(
        "speaks of abuse",
        40,
        r"\b(?:racist|racism|sexist|homophobic|discriminat\w+|harass(?:ed|ment|ing)|assault(?:ed)?)\b",
    ),
    _signal(
        "calls it a fraud",
        30,
        r"\b(?:fraudulent|(?:is|this is|it\'s|a|pure|total) fraud\b(?! (?:desk|team))|scam|scammed|scammers)\b",
        r"\b(?:stole my|stolen my|rip-?off|ripped (?:me|us) off)\b",
    ),
    _signal(
        "wants others to know",
        25,
        r"\b(?:journalist|boycott|go(?:ing)? viral|avoid (?:them|this company) at all costs)\b",
    ),
    _signal(
        "speaks of money",
        20,
        r"\b(?:charged|billed|paid) (?:me |us )?twice\b|\bdouble[- ]charged\b|\bovercharged\b|\bcharged (?:me|us) (?:a|for|\W?\d)",
        r"\b(?:refus\w+|won't|will not|wouldn't|no) (?:to )?(?:give (?:me|us) )?(?:a |my |our |the )?refund\b|\bmy money back\b",
        r"\b(?:refund|compensation|(?:my|our) deposit|reimburse\w*)\b",
    ),
    _signal(
        "is about to leave",
        15,
        r"\b(?:cancel(?:led|ling|ing)?|clos(?:ed|ing)) my (?:account|order|contract|subscription|membership|policy)\b",
        r"\bnever (?:again|buy(?:ing)?|order(?:ing)?|us(?:e|ing) (?:them|you|this))\b|\bswitch(?:ed|ing) to\b",
        r"\blast time (?:i|we)\b",
    ),
)
"""What can become a crisis, the gravest first; the best one counts, and of a customer who is not happy only."""


def own_signal(said: str, points: int, phrases: Iterable[str]) -> Signal | None:
    """Return the signal of a house's own phrases, as whole words in any case; None where there are none."""
    wanted = [rf"(?<!\w){re.escape(fold(phrase))}(?!\w)" for phrase in phrases if phrase.strip()]
    return Signal(said, points, re.compile("|".join(wanted))) if wanted else None


def fold(text: str) -> str:
    """Return a text as the phrases are written: lower case, straight signs, and nothing that stands in quotation marks."""
    return _QUOTED.sub(" … ", text.casefold().translate(_STRAIGHT))
