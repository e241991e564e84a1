"""Turn the wild spelling of social text into what the encoder was trained on.

Training and reading share this one function: a model only works on text that was cleaned the way its training text was.
"""

import html
import re
from functools import lru_cache

import emoji

_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@])@\w+")
_HASHTAG = re.compile(r"#(\w+)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def normalise(text: str) -> str:
    """Return `text` as the encoder reads it: links, handles, hashtags and emoji as words, one space between words."""
    if "&" in text:
        text = html.unescape(text)
    text = _CONTROL.sub(" ", text)
    text = _URL.sub("http", text)
    text = _HANDLE.sub("@user", text)
    if "#" in text:
        text = _HASHTAG.sub(lambda match: _CAMEL.sub(" ", match[1]), text)
    if not text.isascii():
        text = emoji.replace_emoji(text, replace=lambda symbol, _data: _emoji_words(symbol))
    return _SPACE.sub(" ", text).strip()


@lru_cache(maxsize=4096)
def _emoji_words(symbol: str) -> str:
    return " " + emoji.demojize(symbol).strip(":").replace("_", " ").replace(":", " ") + " "
