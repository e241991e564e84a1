import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.query import QueryError, compile_query, default_query


def found(query: str, text: str) -> list[str] | None:
    spans = compile_query(query).match(text)
    return None if spans is None else [text[start:end] for start, end in spans]


class TestTerms:
    @pytest.mark.parametrize(
        ("query", "text", "expected"),
        [
            ("acme", "I flew ACME today", ["ACME"]),
            ("acme", "Acme's seats, acme’s crew", ["Acme", "acme"]),
            ("acme", "#Acme @acme acme.com", ["Acme", "acme", "acme"]),
            ("acme", "acmeair acme_air superacme", None),
            ('"acme air"', "ACME  Air and acme\nair", ["ACME  Air", "acme\nair"]),
            ('"acme air"', "acme airlines; acme-air; @acmeair", None),
            ("@acmeair", "thanks @AcmeAir!", ["@AcmeAir"]),
            ("@acme", "joe@acme.com @acmeair acme", None),
            ("#acme", "so #ACME", ["#ACME"]),
            ("#acme", "acme #acmeair &#acme", None),
            ("acme*", "acmeair Acme xacme", ["acmeair", "Acme"]),
            ("#acme*", "#AcmeAir acmeair", ["#AcmeAir"]),
            ("*", "anything", []),
            ("AT&T", "my at&t bill", ["at&t"]),
            ("yahoo!", "Yahoo! yahoo", ["Yahoo!"]),
            ("o’brien", "O'Brien's", ["O'Brien"]),
            ('"AND" "a*"', "a* and b", ["a*", "and"]),
            ("“acme air”", "acme air", ["acme air"]),
            ("café", "CAFÉ cafe\u0301 cafe", ["CAFÉ", "cafe\u0301"]),
            ("cafe", "cafe\u0301", None),
            ("straße", "STRASSE Straße", ["STRASSE", "Straße"]),
            ("acme", "Straße ﬁn acme", ["acme"]),
            ("アクメ", "新しいアクメ航空", ["アクメ"]),
            ("android", "Android", ["Android"]),
        ],
    )
    def test_it_finds_what_was_meant(self, query: str, text: str, expected: list[str] | None):
        assert found(query, text) == expected


class TestOperators:
    @pytest.mark.parametrize(
        ("query", "text", "expected"),
        [
            ("a AND b", "b a", ["b", "a"]),
            ("a b", "b a", ["b", "a"]),
            ("a b", "a", None),
            ("a OR b", "b", ["b"]),
            ("a OR b AND c", "a", ["a"]),
            ("(a OR b) AND c", "a", None),
            ("a NOT b", "a", ["a"]),
            ("a NOT b", "a b", None),
            ("a AND NOT b", "a b", None),
            ("NOT b", "a", []),
            ("NOT NOT a", "a", []),
            ("a NOT (b OR c)", "a c", None),
            ('("acme air" OR @acmeair) NOT "acme hardware"', "thank you @acmeair", ["@acmeair"]),
            ('("acme air" OR @acmeair) NOT "acme hardware"', "acme air is no Acme Hardware", None),
            ("and or not", "not or and", ["not", "or", "and"]),
            ('a"b"(c)', "c b a", ["c", "b", "a"]),
        ],
    )
    def test_they_bind_as_documented(self, query: str, text: str, expected: list[str] | None):
        assert found(query, text) == expected


class TestErrors:
    @pytest.mark.parametrize(
        ("query", "position"),
        [
            ("", 0),
            ("   ", 0),
            ("acme ) air", 5),
            ("acme (", 6),
            ("a AND", 5),
            ("OR a", 0),
            ("a AND AND b", 6),
            ("NOT", 3),
            ('a "open', 2),
            ('""', 0),
            ("()", 1),
            ("a *b", 3 - 1),
            ("a*b", 1),
            ("@", 0),
            ("title:acme", 0),
            ("a NEAR/5 b", 2),
            ("NOT " * 500 + "a", None),
        ],
    )
    def test_they_say_where(self, query: str, position: int | None):
        with pytest.raises(QueryError) as raised:
            compile_query(query)
        assert position is None or raised.value.position == position

    def test_they_point_at_the_place(self):
        with pytest.raises(QueryError) as raised:
            compile_query("acme ) air")
        assert str(raised.value) == "unexpected )\n  acme ) air\n       ^"

    def test_a_long_query_is_shown_around_the_place(self):
        with pytest.raises(QueryError) as raised:
            compile_query("word " * 100 + ") more " + "word " * 100)
        _message, shown, caret = str(raised.value).splitlines()
        assert shown[caret.index("^")] == ")"
        assert len(shown) < 120

    def test_depth_is_no_danger(self):
        assert found("(" * 3000 + "a" + ")" * 3000, "a") == ["a"]
        assert found("a OR " * 3000 + "b", "b") == ["b"]


class TestDefault:
    @pytest.mark.parametrize("name", ["Acme Air", 'The "Best"', " spaced  out ", "AND", "a*b", "“Q”", "NEAR/5"])
    def test_a_name_becomes_a_query_that_finds_it(self, name: str):
        assert compile_query(default_query(name)).match(re.sub('["“”]', " ", name)) is not None


WORDS = st.sampled_from(["acme", "air", "late", "#tag", "@acme", '"acme air"', "lat*"])
QUERIES = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} AND {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} NOT {two[1]})"),
        inner.map(lambda one: f"(NOT {one})"),
    ),
    max_leaves=6,
)
TEXTS = st.lists(st.sampled_from(["acme", "Air", "late", "later", "#tag", "@acme", "acmeair", "ß", "é", ","])).map(" ".join)


def holds(query: str, text: str) -> bool:
    return compile_query(query).match(text) is not None


class TestLaws:
    @given(QUERIES, TEXTS)
    def test_not_turns_it_round(self, query: str, text: str):
        assert holds(f"NOT {query}", text) is not holds(query, text)

    @given(QUERIES, QUERIES, TEXTS)
    def test_and_or_and_not_are_those_of_logic(self, one: str, other: str, text: str):
        first, second = holds(one, text), holds(other, text)
        assert holds(f"{one} AND {other}", text) is (first and second)
        assert holds(f"{one} {other}", text) is (first and second)
        assert holds(f"{one} OR {other}", text) is (first or second)
        assert holds(f"{one} NOT {other}", text) is (first and not second)

    @given(QUERIES, TEXTS)
    def test_case_does_not_count(self, query: str, text: str):
        assert holds(query, text) is holds(query, text.upper())

    @given(QUERIES, st.text() | TEXTS)
    def test_spans_lie_in_the_text_in_order(self, query: str, text: str):
        spans = compile_query(query).match(text) or ()
        assert list(spans) == sorted(set(spans))
        assert all(0 <= start < end <= len(text) for start, end in spans)

    @given(st.text() | st.text(alphabet='ANDORT ()"*@#:a'))
    def test_nothing_but_a_query_error_comes_of_any_text(self, text: str):
        place = 0
        try:
            compile_query(text).match(text)
        except QueryError as error:
            place = error.position
        assert 0 <= place <= len(text)
