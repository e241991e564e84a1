"""Where a key stands in a TOML text."""

import pytest

from monitor.toml_lines import line_of

TEXT = """\
[store]
path = "a.db"

[[brand]]
id = "a"
[[brand.promise]]
id = "x"

[[brand]]  # the second
id = "b"
[[brand.promise]]
id = "y"
text.inner = 1
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("store", "path"), 2),
        (("brand", 0, "id"), 5),
        (("brand", 0, "promise", 0, "id"), 7),
        (("brand", 1), 9),
        (("brand", 1, "promise", 0, "id"), 12),
        (("brand", 1, "promise", 0, "missing"), 11),
        (("brand", 1, "promise", 0, "text", "inner"), 13),
        (("nothing",), 0),
    ],
)
def test_it_finds_the_line_or_the_nearest_table(place: tuple[str | int, ...], line: int) -> None:
    assert line_of(TEXT, place) == line


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ('[[brand.promise]]\nid = "x"\n', ("brand",), 1),
        ("stor.path = 1\n", ("stor",), 1),
        ('[store]\nnote = """\n[model]\nname = 1\n"""\n[model]\nname = "b"\n', ("model", "name"), 7),
        ("[store]\nnote = '''\npath = 1\n'''\npath = 2\n", ("store", "path"), 5),
        ('[store]\nnote = "it\'\'\'s"  # """\npath = 2\n', ("store", "path"), 3),
        ('[store]\nnote = "a\u2028b"\npath = 2\n', ("store", "path"), 3),
        ("[store]\r\npath = 2\r\n", ("store", "path"), 2),
    ],
    ids=["only within", "dotted", "long string", "literal string", "quotes in quotes", "line separator", "CRLF"],
)
def test_it_is_not_led_astray(text: str, place: tuple[str, ...], line: int) -> None:
    assert line_of(text, place) == line
