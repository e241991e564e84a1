import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.address import canonical, names_a_page, permalink


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Example.ORG:443/a//b/?utm_source=x&b=2&a=1#frag", "https://example.org/a/b/?a=1&b=2"),
        (" http://example.org:80/ ", "https://example.org"),
        ("https://example.org/a/", "https://example.org/a"),
        ("https://example.org/?fbclid=1&gclid=2", "https://example.org"),
        ("https://example.org/a?CMP=share_btn&smid=tw&ref=home", "https://example.org/a"),
        ("https://example.org/show.php?1234-title", "https://example.org/show.php?1234-title"),
        ("https://example.org/?id=3", "https://example.org/?id=3"),
        ("http://127.0.0.1:8000/a", "https://127.0.0.1:8000/a"),
    ],
)
def test_it_drops_what_does_not_name_the_page(url: str, expected: str):
    assert canonical(url) == expected


@pytest.mark.parametrize(
    "doors",
    [
        ("https://www.example.org/story", "http://m.example.org/story", "https://amp.example.org/story?amp=1"),
        (
            "https://example.org/story",
            "https://example.org/story/amp",
            "https://example.org/amp/story/",
            "http://example.org/story?amp",
        ),
        ("https://example.org/story.html", "https://example.org/story.amp.html", "https://example.org/story.html?outputType=amp"),
        (
            "https://news.example.org/story",
            "https://www.google.com/amp/s/news.example.org/story",
            "https://news-example-org.cdn.ampproject.org/c/s/news.example.org/story?amp=1",
            "https://www.google.com/url?sa=t&url=https%3A%2F%2Fnews.example.org%2Fstory%3Futm_medium%3Dx",
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fm.news.example.org%2Fstory&h=AT0",
        ),
        ("https://en.wikipedia.org/wiki/Riga", "https://en.m.wikipedia.org/wiki/Riga"),
        (
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s&list=PL1",
            "https://youtu.be/dQw4w9WgXcQ?si=x",
            "https://m.youtube.com/shorts/dQw4w9WgXcQ",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        ),
        (
            "https://www.reddit.com/r/flights/comments/1abcde/never_again/?share_id=x&utm_name=y",
            "https://old.reddit.com/r/flights/comments/1abcde/",
            "https://new.reddit.com/comments/1abcde",
            "https://redd.it/1abcde",
        ),
        (
            "https://twitter.com/ann/status/1234567890?s=20&t=abc",
            "https://x.com/ann/status/1234567890/photo/1",
            "https://mobile.twitter.com/ann/status/1234567890",
            "https://nitter.net/ann/status/1234567890#m",
            "https://twitter.com/i/web/status/1234567890",
        ),
        ("https://www.amazon.co.uk/Kettle-Steel/dp/B000000001/ref=sr_1_1?keywords=x", "https://amazon.co.uk/gp/product/B000000001"),
    ],
)
def test_the_doors_of_one_page_are_one_address(doors: tuple[str, ...]):
    assert len({canonical(door) for door in doors}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/story", "https://example.org/other"),
        ("https://example.org/?id=3", "https://example.org/?id=4"),
        ("https://shop.example.org/a", "https://blog.example.org/a"),
        ("https://example.org/camp", "https://example.org/c"),
        ("https://reddit.com/r/a/comments/1abc/x/c1", "https://reddit.com/r/a/comments/1abc/x/c2"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcR"),
        ("https://x.com/ann/status/1", "https://x.com/ann/status/2"),
    ],
)
def test_two_pages_stay_two(one: str, other: str):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("text", ["", "not an address", "mailto:a@example.org", "http://[::1", "//example.org/a"])
def test_it_leaves_alone_what_is_no_web_address(text: str):
    assert canonical(f" {text} ") == text
    assert not names_a_page(text)


def test_a_site_is_not_one_of_its_pages():
    assert not names_a_page("https://www.example.org/?utm_source=x")
    assert names_a_page("https://example.org/story")
    assert names_a_page("https://example.org/?p=7")


def test_a_permalink_keeps_the_anchor_of_a_comment_but_no_tracking():
    assert permalink("https://example.org/post/?utm_medium=rss#comment-12") == "https://example.org/post#comment-12"
    assert permalink("https://example.org/post#utm_source=rss") == "https://example.org/post"


@given(
    st.text()
    | st.text(alphabet="ab/?#&=%:@[].1éamp").map(lambda rest: f"http://h.example/{rest}")
    | st.lists(
        st.sampled_from(["m.", "amp.", "/amp", "/amp/s/", "google.com", "youtu.be", "/url?q=http://", "a", ".", "?amp=1", "/"])
    ).map(lambda parts: "http://" + "".join(parts))
)
def test_it_never_fails_and_is_stable(url: str):
    once = canonical(url)
    assert canonical(once) == once
