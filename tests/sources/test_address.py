import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.address import canonical, permalink


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Example.ORG:443/a//b/?utm_source=x&b=2&a=1#frag", "https://example.org/a/b/?a=1&b=2"),
        (" http://example.org:80/ ", "http://example.org"),
        ("https://example.org/a/", "https://example.org/a"),
        ("https://example.org/?fbclid=1&gclid=2", "https://example.org"),
        ("https://example.org/show.php?1234-title", "https://example.org/show.php?1234-title"),
        ("https://example.org/?id=3", "https://example.org/?id=3"),
    ],
)
def test_it_drops_what_does_not_name_the_page(url: str, expected: str):
    assert canonical(url) == expected


@pytest.mark.parametrize("text", ["", "not an address", "mailto:a@example.org", "http://[::1", "//example.org/a"])
def test_it_leaves_alone_what_is_no_web_address(text: str):
    assert canonical(f" {text} ") == text


def test_a_permalink_keeps_the_anchor_of_a_comment_but_no_tracking():
    assert permalink("https://example.org/post/?utm_medium=rss#comment-12") == "https://example.org/post#comment-12"
    assert permalink("https://example.org/post#utm_source=rss") == "https://example.org/post"


@given(st.text() | st.text(alphabet="ab/?#&=%:@[].1é").map(lambda rest: f"http://h.example/{rest}"))
def test_it_never_fails_and_is_stable(url: str):
    once = canonical(url)
    assert canonical(once) == once
