"""A watched folder of tables: whatever lands there as CSV or JSONL is taken once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Self

from sources.columns import KEYS
from sources.kinds import Kind, Opening
from sources.options import number, refusal, shaped, text, texts, time_zone
from sources.source import Source


def column_map(value: object) -> tuple[tuple[str, str], ...]:
    """Which column is what: a table of texts under the keys of a mention."""
    wanted = f'give a table such as {{ text = "comment" }} with some of {", ".join(KEYS)}'
    if isinstance(value, Mapping) and all(key in KEYS and isinstance(column, str) for key, column in value.items()):
        return tuple(value.items())
    raise refusal(wanted, value)


@dataclass(frozen=True)
class FolderOptions:
    """What a configuration says of a folder. The options are those of `promisewatch import`."""

    path: Annotated[str, shaped(r"(?s).+", "give a folder")]
    map: Annotated[tuple[tuple[str, str], ...], column_map] = ()
    brand: Annotated[str, text] = ""
    brand_column: Annotated[str, text] = ""
    keep: Annotated[tuple[str, ...], texts] = ()
    date_format: Annotated[str, text] = ""
    timezone: Annotated[str, time_zone] = "UTC"
    best_rating: Annotated[float, number(lambda value: value > 0, "give the best rating there is, such as 5")] = 0.0

    def beside(self, folder: Path) -> Self:
        """The same, with a relative path that starts at `folder`."""
        return replace(self, path=str(folder / Path(self.path).expanduser()))


def address(options: FolderOptions) -> str:
    """The folder."""
    return f"folder {options.path}"


def open_source(opening: Opening) -> Source:
    """Return the folder."""
    from sources.folder_source import FolderSource  # noqa: PLC0415 - readers of tables are slow to load

    return FolderSource(opening.id, opening.options, opening.voice)


KIND = Kind("folder", FolderOptions, address, open_source)
