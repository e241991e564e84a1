from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.opml import OpmlError, Outline, read_opml, write_opml

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Acme Air" title="Acme Air">
    <outline type="rss" text="Reviews" xmlUrl="https://reviews.example/acme.rss" htmlUrl="https://reviews.example/"/>
    <outline text="Deeper">
      <outline type="rss" title="Forum &amp; more" text="x" XMLURL=" https://forum.example/feed?a=1&amp;b=2 "/>
    </outline>
  </outline>
  <outline type="rss" text="Reviews again" xmlUrl="https://reviews.example/acme.rss"/>
  <outline type="rss" text="Old scheme" xmlUrl="feed://old.example/rss"/>
  <outline text="A link" type="link" url="https://no-feed.example/"/>
  <outline type="rss" text="A file" xmlUrl="file:///etc/passwd"/>
</body></opml>"""


def test_it_reads_each_feed_once_with_its_folder() -> None:
    assert read_opml(LIST) == (
        Outline("https://reviews.example/acme.rss", "Reviews", "Acme Air"),
        Outline("https://forum.example/feed?a=1&b=2", "Forum & more", "Deeper"),
        Outline("http://old.example/rss", "Old scheme"),
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no readable XML"),
        (b"url,title\n", "no readable XML"),
        (b"<opml><body>", "no readable XML"),
        (b"<rss version='2.0'/>", "not <opml>"),
        (b"<!DOCTYPE opml [<!ENTITY a 'aaaa'>]><opml><body><outline xmlUrl='https://&a;.example'/></body></opml>", "entities"),
        (b"<!DOCTYPE opml SYSTEM 'https://evil.example/x.dtd'><opml/>", "entities"),
        (b"<?xml version='1.0' encoding='no-such'?><opml/>", "no readable XML"),
    ],
)
def test_what_is_no_list_or_could_expand_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(OpmlError, match=said):
        read_opml(data)


def test_folders_may_nest_as_deep_as_they_like() -> None:
    depth = 5_000
    data = b"<opml><body>" + b"<outline text='f'>" * depth + b"<outline xmlUrl='https://a.example/'/>" + b"</outline>" * depth
    assert read_opml(data + b"</body></opml>") == (Outline("https://a.example/", "", "f"),)


words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp")), max_size=20)
outlines = st.builds(Outline, words.map("https://a.example/".__add__), words.filter(bool), words)


@given(st.lists(outlines, max_size=8, unique_by=lambda one: one.url))
def test_what_is_written_is_read_again(some: list[Outline]) -> None:
    assert sorted(read_opml(write_opml(some, "t", NOW)), key=repr) == sorted(some, key=repr)


@given(
    st.binary(max_size=200) | st.text(alphabet="<>/&;opmlute =\"'x", max_size=200).map(lambda text: f"<opml>{text}</opml>".encode())
)
def test_nothing_but_its_own_error_leaves_it(data: bytes) -> None:
    with suppress(OpmlError):
        read_opml(data)
