"""Whether a complaint says outright that something was promised: "advertised as…", "you said…", "so much for…".

The words of the promise itself are no such saying; somebody has to speak of the promising.
"""

import re
from functools import cache

AROUND = 300
"""Characters before and after a passage in which the same complaint is taken to go on."""

_WHO = r"(?:you|they|he|she|it|we(?:'re| were)|i(?:'m| was| am)|were|was|is|are|been|being)"
_ADVERB = r"(?:had\ |have\ |all\ |also\ |even\ |clearly\ |specifically\ )?"
_PLACE = r"(?:ads?|adverts?|advertisements?|commercials?|web\ ?site|site|page|brochure|leaflet|poster|box|label|app|slogan)"
_STATES = r"(?:says?|said|claim(?:s|ed)?|promise[sd]?|state[sd]?|shows?|reads?)"
_OUTRIGHT = rf"""\b(?:
        (?:falsely|not|than|as|was|were|is|are|being)\ (?:advertised|promised|described|claimed|marketed)
      | advertis(?:ed|es|ing)\ (?:as|that|a|an|the|for|\d)
      | (?:false|misleading|deceptive)\ (?:advertis|claim|promis|market)\w*
      | {_WHO}\ {_ADVERB}(?:promis(?:e|es|ed)|guarantee[ds]?|claim(?:s|ed)?\ (?:to|that|it|they)|advertis(?:e|es|ed))
      | (?:you|they)\ (?:said|say|told\ (?:me|us)|swore|assured\ (?:me|us)|boast(?:ed)?|brag(?:ged)?)
      | (?:was|were|am|are|got|been)\ (?:told|assured|promised|guaranteed)
      | (?:br[eo]aks?|broken?|breaking|keep|kept|honou?r(?:ed)?)\ (?:your|their|its|that|the|a|every)\ (?:promise|guarantee|word)
      | (?:your|their|the)\ (?:own\ )?{_PLACE}\ (?:\w+\ )?{_STATES}
      | (?:so|too)\ much\ for
      | (?:supposed|meant)\ to\ (?:be|have|come|arrive|take|get|answer|work)
      | according\ to\ (?:your|their|the)\ (?:own\ )?{_PLACE}
      | what(?:ever|\ ever)?\ happened\ to
      | empty\ promises? | promises,?\ promises | bait\ and\ switch
    )"""


@cache
def _pattern() -> re.Pattern[str]:
    """Compiled when it is first asked for: every command opens the store, few count voices."""
    return re.compile(_OUTRIGHT, re.IGNORECASE | re.VERBOSE)


def says_outright(text: str, start: int, end: int) -> bool:
    """Tell whether what stands in `text` around the passage from `start` to `end` speaks of a promise as one that was made."""
    return _pattern().search(text, max(0, start - AROUND), end + AROUND) is not None
