import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.mention import Mention
from sources.query import Document, QueryError, compile_query, default_query, document
from sources.query_lint import lint
from sources.query_scan import scanner


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


class TestCapitals:
    @pytest.mark.parametrize(
        ("query", "text", "expected"),
        [
            ("=Apple", "an apple by Apple", ["Apple"]),
            ('="Apple Store"', "apple store, Apple  Store", ["Apple  Store"]),
            ("=App*", "apps Apps", ["Apps"]),
            ("=@Acme", "@acme @Acme", ["@Acme"]),
            ("=Café", "café Cafe\u0301", ["Cafe\u0301"]),
            ("=Straße", "STRASSE Straße", ["Straße"]),
            ('"=Apple"', "Apple =apple", ["=apple"]),
        ],
    )
    def test_they_count_after_an_equals_sign(self, query: str, text: str, expected: list[str] | None):
        assert found(query, text) == expected


class TestNear:
    @pytest.mark.parametrize(
        ("query", "text", "expected"),
        [
            ("a NEAR/1 b", "a b", ["a", "b"]),
            ("a NEAR/1 b", "b, a", ["b", "a"]),
            ("a NEAR/1 b", "a x b", None),
            ("a NEAR/2 b", "a x b", ["a", "b"]),
            ("a NEAR/2f b", "b a", None),
            ("a NEAR/2f b", "b a x b", ["a", "b"]),
            ("a NEAR/2 b", "a x x x a x b x x b", ["a", "b"]),
            ("a NEAR/3 a", "a", None),
            ("a NEAR/3 a", "a x a", ["a", "a"]),
            ('"x y" NEAR/2 (a OR b)', "x y z a, b", ["x y", "a"]),
            ("a NEAR/1 don't", "a don't", ["a", "don't"]),
            ("a NEAR/2 b", "a don’t b", ["a", "b"]),
            ("アクメ NEAR/3 空", "アクメ航空", ["アクメ", "空"]),
            ("アクメ NEAR/1 空", "アクメ航空", None),
            ("NOT a NEAR/2 b", "a x x b", []),
            ("a b NEAR/1 c", "b a c", None),
            ("title:(a NEAR/1 b)", "a b", None),
        ],
    )
    def test_it_counts_words(self, query: str, text: str, expected: list[str] | None):
        assert found(query, text) == expected

    @given(st.lists(st.sampled_from("abx"), max_size=12), st.integers(1, 4))
    def test_it_finds_the_pairs_that_counting_by_hand_finds(self, words: list[str], distance: int):
        pairs = {(i, j) for i, one in enumerate(words) for j, two in enumerate(words) if one == "a" and two == "b"}
        places = {place for i, j in pairs if abs(i - j) <= distance for place in (i, j)}
        after = {place for i, j in pairs if 0 < j - i <= distance for place in (i, j)}
        text = " ".join(words)
        for query, expected in ((f"a NEAR/{distance} b", places), (f"a NEAR/{distance}f b", after)):
            spans = compile_query(query).match(text)
            assert [start // 2 for start, _ in spans or ()] == sorted(expected)


POST = Mention(
    "reviews",
    "1",
    "Two hours on the runway",
    datetime(2026, 3, 1, tzinfo=UTC),
    title="Acme was late",
    url="https://www.reddit.com/r/Travel/comments/1?from=Acme",
    author="u/Jo_Doe",
    language="en-GB",
)


class TestFields:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("title:acme", [(0, 4, "title")]),
            ("title:runway", None),
            ("title:(acme NEAR/2 late) runway", [(0, 4, "title"), (9, 13, "title"), (31, 37)]),
            ("title:=acme", None),
            ("author:jo_doe", [(0, 6, "author")]),
            ("author:@Jo_Doe", [(0, 6, "author")]),
            ("author:jo", None),
            ("author:jo*", [(0, 6, "author")]),
            ("site:reddit.com", [(4, 14, "site")]),
            ("site:www.reddit.com", [(0, 14, "site")]),
            ("site:eddit.com", None),
            ("site:.com", [(11, 14, "site")]),
            ("subreddit:travel", [(0, 6, "subreddit")]),
            ("subreddit:r/travel", [(0, 6, "subreddit")]),
            ("subreddit:trav", None),
            ("lang:en", [(0, 5, "lang")]),
            ("lang:e", "error"),
            ("lang:de", None),
            ("source:reviews", [(0, 7, "source")]),
            ("source:review", None),
            ("url:/comments/", [(31, 41, "url")]),
            ("url:https://www.reddit.com", [(0, 22, "url")]),
            ("runway NOT author:jo_doe", None),
            ("title:(acme OR late) NOT lang:de", [(0, 4, "title"), (9, 13, "title")]),
        ],
    )
    def test_they_are_looked_at_alone(self, query: str, expected: Any):
        if expected == "error":
            with pytest.raises(QueryError):
                compile_query(query)
            return
        spans = compile_query(query).match(document(POST))
        assert (None if spans is None else list(spans)) == expected

    def test_a_language_is_asked_for_only_by_who_wants_to_know(self):
        asked = []
        text = document(POST, lambda mention: asked.append(mention) or "en")
        assert compile_query("acme").match(text) is not None
        assert not asked
        assert compile_query("acme lang:en").match(text) is not None
        assert asked == [POST]

    def test_an_address_that_is_none_has_no_site(self):
        assert compile_query("site:x").match(document(replace(POST, url="http://[broken"))) is None


class TestExclusion:
    @pytest.mark.parametrize(
        ("query", "text", "reason"),
        [
            ("acme NOT hardware", "acme hardware", 'NOT "hardware"'),
            ("acme NOT hardware", "acme", None),
            ("acme NOT hardware", "hardware", None),
            ("acme NOT a NOT (b OR c)", "acme c", 'NOT ("b" OR "c")'),
            ("NOT spam", "spam", 'NOT "spam"'),
            ("(acme NOT hardware) OR @acme", "acme hardware", 'NOT "hardware"'),
            ("acme", "hardware", None),
        ],
    )
    def test_it_names_the_not_that_kept_a_text_out(self, query: str, text: str, reason: str | None):
        assert compile_query(query).exclusion(Document(text)) == reason


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
            ("titel:acme", 0),
            ("title:", 6),
            ("https://acme.example", 0),
            ("title:(a author:b)", 0),
            ("title:*", 6),
            ("lang:english", 5),
            ("site:acme.example/help", 5),
            ("url:acme*", 8),
            ("author:@", 7),
            ("a NEAR b", 2),
            ("a NEAR/0 b", 2),
            ("a NEAR/101 b", 2),
            ("a NEAR/5 b NEAR/5 c", 11),
            ("(a b) NEAR/5 c", 6),
            ("a NEAR/5 title:b", 2),
            ("a = b", 2),
            ('=""', 0),
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

    @pytest.mark.parametrize(
        ("query", "advice"),
        [
            ("titel:acme", "did you mean title:?"),
            ("https://acme.example", "did you mean url:?"),
            ("a NEAR/5 b NEAR/5 c", "write (a NEAR/5 b) AND (b NEAR/5 c)"),
            ("AND a", 'write "AND" to find the word'),
            ("(a OR b", "a parenthesis is not closed"),
        ],
    )
    def test_they_say_what_to_do(self, query: str, advice: str):
        with pytest.raises(QueryError, match=re.escape(advice)):
            compile_query(query)

    def test_depth_is_no_danger(self):
        assert found("(" * 3000 + "a" + ")" * 3000, "a") == ["a"]
        assert found("a OR " * 3000 + "b", "b") == ["b"]
        with pytest.raises(QueryError, match="nested"):
            compile_query("(a (b OR " * 200 + "c" + "))" * 200)


class TestDefault:
    @pytest.mark.parametrize("name", ["Acme Air", 'The "Best"', " spaced  out ", "AND", "a*b", "“Q”", "NEAR/5"])
    def test_a_name_becomes_a_query_that_finds_it(self, name: str):
        assert compile_query(default_query(name)).match(re.sub('["“”]', " ", name)) is not None


WORDS = st.sampled_from(
    ["acme", "air", "late", "#tag", "@acme", '"acme air"', "lat*", "=Air", '="Acme air"', "title:acme", "author:jo*", "title:=Late"]
)
NEARS = st.builds(
    lambda left, distance, right: f"({left} NEAR/{distance} {right})",
    st.sampled_from(["acme", "(air OR late)", "#tag"]),
    st.sampled_from(["1", "2", "3f"]),
    st.sampled_from(["@acme", "(acme OR lat*)", "=Air"]),
)
QUERIES = st.recursive(
    WORDS | NEARS,
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


PIECES = st.sampled_from(
    ["title:", "site:", "lang:", "url:", "=", '"', "(", ")", " ", "NEAR/3", " NEAR/2f ", "NOT ", "AND", "a", "b*", "en", "@", "."]
)


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
    def test_case_does_not_count_without_an_equals_sign(self, query: str, text: str):
        plain = query.replace("=", "")
        assert holds(plain, text) is holds(plain, text.upper())

    @given(QUERIES)
    def test_what_is_written_again_means_the_same(self, query: str):
        compiled = compile_query(query)
        again = compile_query(str(compiled))
        assert again.root == compiled.root
        assert str(again) == str(compiled)

    @given(st.lists(QUERIES, max_size=6), TEXTS, TEXTS, st.sampled_from(["", "jo", "Joe"]))
    def test_one_pass_finds_what_asking_every_query_finds(self, queries: list[str], title: str, text: str, author: str):
        compiled = [compile_query(query) for query in queries]
        post = document(replace(POST, title=title, text=text, author=author))
        matching = {number for number, query in enumerate(compiled) if query.match(post) is not None}
        excluding = {number for number, query in enumerate(compiled) if query.exclusion(post) is not None}
        assert matching | excluding <= scanner(compiled).candidates(post)

    @given(st.text(max_size=8), st.text())
    def test_one_pass_misses_no_sign_of_any_script(self, word: str, text: str):
        try:
            query = compile_query(word)
        except QueryError:
            return
        assert query.match(f"{text} {word} {text}") is None or scanner([query]).candidates(Document(f"{text} {word} {text}"))

    @given(QUERIES, st.text() | TEXTS)
    def test_spans_lie_in_the_text_in_order(self, query: str, text: str):
        spans = compile_query(query).match(text) or ()
        assert list(spans) == sorted(set(spans))
        assert all(0 <= start < end <= len(text) for start, end in spans)

    @given(st.text() | st.text(alphabet='ANDORTE/5f ()"*@#:=a') | st.lists(PIECES).map("".join))
    def test_nothing_but_a_query_error_comes_of_any_text(self, text: str):
        place = 0
        try:
            query = compile_query(text)
            query.match(text)
            assert compile_query(str(query)).root == query.root
            lint(text)
        except QueryError as error:
            place = error.position
        assert 0 <= place <= len(text)
