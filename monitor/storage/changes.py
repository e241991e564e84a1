"""What a mention brings that is known already: nothing, another text, an earlier text again, or facts put right. All pure.

Who brings it decides how far it is believed: the place itself ("source"), a table that is imported again ("leave"), or a table
that puts right what an earlier import got wrong ("replace").
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, NamedTuple

from monitor.storage.connection import moment, stamp
from monitor.stories import is_stock_phrase, normalise, told
from sources.address import permalink
from sources.mention import Mention, Voice

How = Literal["source", "leave", "replace"]
Text = tuple[str, str]


class Stored(NamedTuple):
    """A mention as it lies in the store, by the names of its columns; dates are stamps, `attributes` is JSON."""

    id: int
    story: int
    title: str
    text: str
    voice: Voice
    author: str
    published: str
    raw_published: str
    language: str | None
    rating: float | None
    url: str
    parent: str
    attributes: str
    updated: str


class Change(NamedTuple):
    """What is to be done. `mention` is what is to be stored, None when nothing is; `earlier` is a text to keep as a former one."""

    kind: Literal["same", "differs", "corrected", "edited", "outdated"]
    mention: Mention | None = None
    earlier: Text | None = None


SAME = Change("same")


def judge(stored: Stored, mention: Mention, how: How, earlier: Callable[[], set[Text]]) -> Change:
    """Tell what `mention` changes. `earlier` gives the former texts.

    Where the place says when it last changed a text, the latest date stands, whatever comes in last; an earlier text under the
    date that is known already comes out of a cache. Without such dates what was heard last stands, so a text can really return.
    An imported table brings no earlier text back unless it is to replace what is there.
    """
    text = (mention.title, mention.text)
    updated = stamp(mention.updated) if mention.updated else ""
    dated = how == "source" and bool(updated and stored.updated)
    late = dated and updated < stored.updated
    if text == (stored.title, stored.text):
        if _facts(mention, updated) == stored[4:]:
            return SAME
        return _first_dated(stored, mention, "same") if late else _corrected(stored, mention, how)
    cached = (how == "leave" or (dated and updated == stored.updated)) and text in earlier()
    if late or cached:
        return _first_dated(stored, mention, "outdated")
    return Change("edited", _merged(stored, mention, how), (stored.title, stored.text))


def is_same_item(one: Mention, other: Mention) -> bool:
    """Whether two items of a source at one address are one whose id changed: the same author's same words.

    Stock phrases of people without a name are many people's, and one author may say the same again on another day.
    """
    if (one.title, one.text, one.author) != (other.title, other.text, other.author):
        return False
    return not is_stock_phrase(normalise(told(one))) or (one.author != "" and stamp(one.published) == stamp(other.published))


def as_mention(stored: Stored, source: str, external_id: str) -> Mention:
    """Return what is stored as a mention."""
    return Mention(
        source,
        external_id,
        stored.text,
        moment(stored.published),
        title=stored.title,
        url=stored.url,
        author=stored.author,
        voice=stored.voice,
        raw_published=stored.raw_published,
        parent=stored.parent,
        language=stored.language,
        rating=stored.rating,
        attributes=json.loads(stored.attributes),
        updated=moment(stored.updated) if stored.updated else None,
    )


def columns(mention: Mention) -> tuple[object, ...]:
    """The values of a mention from title to updated, as `Stored` names them."""
    return (mention.title, mention.text, *_facts(mention, stamp(mention.updated) if mention.updated else ""))


def _facts(mention: Mention, updated: str) -> tuple[object, ...]:
    return (
        mention.voice,
        mention.author,
        stamp(mention.published),
        mention.raw_published,
        mention.language,
        mention.rating,
        mention.url,
        mention.parent,
        json.dumps(dict(mention.attributes)) if mention.attributes else "{}",
        updated,
    )


def _corrected(stored: Stored, mention: Mention, how: How) -> Change:
    merged = _merged(stored, mention, how)
    facts = columns(merged)[2:]
    if facts[:-1] == stored[4:-1]:
        return SAME if facts[-1] == stored.updated else Change("same", merged)
    return Change("differs") if how == "leave" else Change("corrected", merged)


def _merged(stored: Stored, mention: Mention, how: How) -> Mention:
    """`mention` with what it does not say, or says no better, as it is stored."""
    same_page = mention.url != stored.url and permalink(mention.url) == permalink(stored.url)
    merged = replace(
        mention,
        url=stored.url if same_page or not mention.url else mention.url,
        parent=mention.parent or stored.parent,
        language=mention.language or stored.language,
        rating=stored.rating if mention.rating is None else mention.rating,
        attributes=mention.attributes or json.loads(stored.attributes),
        updated=mention.updated or (moment(stored.updated) if stored.updated else None),
    )
    if _keeps_its_date(stored, mention, how):
        return replace(merged, published=moment(stored.published), raw_published=stored.raw_published)
    return merged


def _keeps_its_date(stored: Stored, mention: Mention, how: How) -> bool:
    """Whether the stored date is the better one: what came has none, the same, or only that of its last change."""
    if not mention.raw_published:
        return True
    if how != "source":
        return False
    return mention.raw_published == stored.raw_published or (
        mention.updated == mention.published and stored.published <= stamp(mention.published)
    )


def _first_dated(stored: Stored, mention: Mention, kind: Literal["same", "outdated"]) -> Change:
    """An old version changes nothing; only where a place dates by the last change, the first version has the better date."""
    earlier = None if kind == "same" else (mention.title, mention.text)
    if mention.updated == mention.published and stamp(mention.published) < stored.published:
        first = replace(
            as_mention(stored, mention.source, mention.external_id),
            published=mention.published,
            raw_published=mention.raw_published,
        )
        return Change(kind, first, earlier)
    return Change(kind, None, earlier)
