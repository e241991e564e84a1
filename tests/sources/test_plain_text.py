import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.plain_text import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<ul><li>One<li>Two</ul>", "One\nTwo"),
        ("a <b>bold</b> <i>word</i>", "a bold word"),
        ("AT&amp;T &lt;3 caf&eacute; &#8211; &#x1F600;", "AT&T <3 café – 😀"),
        ("<td>one</td><td>two</td>", "one two"),
        ("before<script>var x = '<p>no</p>';</script><style>p {}</style>after", "beforeafter"),
        ("before<script>never closed", "before"),
        ("  many \n\n  spaces\t&nbsp; here ", "many spaces here"),
        ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2"),
        ("<p><br><br></p>", ""),
        ("", ""),
    ],
)
def test_it_reads_as_on_the_page(html: str, text: str):
    assert plain_text(html) == text


@given(st.text(alphabet="<>/!-ab &;#x\n\"'="))
def test_it_never_fails_and_leaves_no_empty_line(html: str):
    assert all(line.strip() for line in plain_text(html).splitlines())


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>before</p> Acme a <![ b &amp; c", "before\nAcme a <![ b & c"),
        ("one <![CDATA[two]]> three", "one two three"),
        ("<![if !IE]>one<![endif]>", "one"),
        ("a <! b > c", "a c"),
    ],
)
def test_a_broken_declaration_stops_nothing(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.timeout(20)
@pytest.mark.parametrize("opened", ["<a ", "<!--", "<a x='", "</a "])
def test_tags_that_are_never_closed_take_no_more_time_than_others(opened: str) -> None:
    assert plain_text(f"<p>before</p>{opened * 50_000}").startswith("before")
