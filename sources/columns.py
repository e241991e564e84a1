"""Which column of a table is what: given by the user, or guessed from the names."""

import re
from collections.abc import Iterable, Mapping, Sequence

from sources.source import MalformedError

KEYS = ("text", "published", "author", "url", "id", "title", "rating", "language")
_USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        *(
            "text",
            "content",
            "body",
            "full_text",
            "review_text",
            "review_body",
            "review_content",
            "review",
            "tweet_text",
            "tweet",
        ),
        *("comment_text", "comment", "message", "post_text", "post", "selftext", "feedback", "verbatim", "description"),
    ),
    "published": (
        *(
            "published",
            "published_at",
            "date_published",
            "created_at",
            "created",
            "created_utc",
            "tweet_created",
            "review_date",
        ),
        *(
            "posted_at",
            "post_date",
            "date_posted",
            "pub_date",
            "pubdate",
            "submitted_at",
            "datetime",
            "date",
            "timestamp",
            "time",
            "posted",
            "posted_at",
        ),
    ),
    "author": (
        *("author", "author_name", "user_name", "username", "screen_name", "user", "reviewer_name", "reviewer", "handle"),
        *("customer_name", "customer", "name"),
    ),
    "url": ("url", "link", "permalink", "href", "source_url"),
    "id": ("id", "tweet_id", "review_id", "post_id", "comment_id", "external_id", "guid", "uuid", "unit_id"),
    "title": ("title", "review_title", "headline", "subject"),
    "rating": ("rating", "stars", "star_rating", "review_rating", "overall_rating", "overall"),
    "language": ("language", "lang"),
}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def guess_mapping(columns: Iterable[str]) -> dict[str, str]:
    """A mapping from the keys of a mention to those of `columns` whose names say what they hold."""
    named: dict[str, str] = {}
    for column in columns:
        named.setdefault(re.sub(r"[\W_]+", "_", _CAMEL.sub("_", column)).strip("_").lower(), column)
    found = {key: next((named[name] for name in names if name in named), None) for key, names in _USUAL_NAMES.items()}
    return {key: column for key, column in found.items() if column is not None}


def check_mapping(mapping: Mapping[str, str], wanted: Iterable[str], columns: Sequence[str]) -> None:
    """See that every column that is asked for exists, and that the text is among them.

    Raises:
        MalformedError: with the columns that there are.
    """
    there = f"the columns are {', '.join(columns)}"
    unknown = [key for key in mapping if key not in KEYS]
    if unknown:
        raise MalformedError(f"a mention has no {unknown[0]!r}", remedy=f"map one of {', '.join(KEYS)}")
    missing = [column for column in (*mapping.values(), *wanted) if column not in columns]
    if missing:
        raise MalformedError(f"the table has no column {missing[0]!r}", remedy=there)
    if "text" not in mapping:
        raise MalformedError(
            "no column looks like the text of a mention", remedy=f"say which it is with --map text=COLUMN; {there}"
        )
