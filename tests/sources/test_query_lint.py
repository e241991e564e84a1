import pytest

from sources.query import compile_query
from sources.query_lint import implies, lint


def said(query: str) -> str:
    return " | ".join(one.message for one in lint(query))


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("acme and delay", 5, "write AND"),
        ("acme or delay", 5, "write OR"),
        ("acme not delay", 5, "write NOT"),
        ("acme near/5f delay", 5, "write NEAR/5f"),
        ("acme && delay", 5, "write AND"),
        ("acme -hardware", 5, "write NOT before"),
        ("ac\u200bme", 2, "U+200B"),
    ],
)
def test_a_slip_is_pointed_at(query: str, position: int, words: str) -> None:
    (finding,) = [one for one in lint(query) if one.position is not None]
    assert finding.position == position
    assert words in finding.message


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ('"acme air" NOT acme', "exclude each other"),
        ("(delta OR acme) NOT (acme OR delta)", "exclude each other"),
        ("acme* NOT acme*", "exclude each other"),
        ("acme OR (delta NOT delta)", "exclude each other"),
        ("acme lang:en lang:de", "a mention has one lang; did you mean OR?"),
        ("acme acme", '"acme" adds nothing'),
        ('acme OR "acme air"', '"acme air" adds nothing: "acme" finds it already'),
        ("=Acme OR acme", '="Acme" adds nothing'),
        ("acme OR title:acme", 'title:"acme" adds nothing'),
        ("site:news.example.org OR site:example.org", 'site:"news.example.org" adds nothing'),
        ("the OR acme", '"the" stands in very many texts'),
        ("x", '"x" stands in very many texts'),
        ("*", "takes everything"),
        ("acme OR *", "takes everything"),
        ("NOT acme", "takes nearly everything"),
        ("acme OR NOT delta", "takes nearly everything"),
    ],
)
def test_nonsense_is_named(query: str, words: str) -> None:
    assert words in said(query)


@pytest.mark.parametrize(
    "query",
    [
        "acme",
        '("acme air" OR @acmeair) NOT "acme hardware"',
        'acme NOT "acme and sons"',
        "acme* NOT acmeair",
        "acme NEAR/5f delay",
        "=Acme NOT acmeair",
        "acme AND (the OR a)",
        "アクメ",
        "acme lang:en",
        "acme “and”",
        "site:example.org author:jo",
    ],
)
def test_a_good_query_is_left_in_peace(query: str) -> None:
    assert said(query) == ""


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("acme NEAR/3 late", "acme", True),
        ("acme late", "late", True),
        ("acme OR delta", "acme", False),
        ("acme OR delta", "delta OR acme OR beta", True),
        ("NOT acme", 'NOT "acme air"', True),
        ('NOT "acme air"', "NOT acme", False),
        ("acme", "=acme", False),
        ("acmeair", "acme*", True),
        ("acme*", "acme", False),
        ("author:acme", "acme", False),
    ],
)
def test_what_one_query_says_of_another(one: str, other: str, expected: bool) -> None:
    assert implies(compile_query(one).root, compile_query(other).root) is expected
