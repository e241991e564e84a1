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
