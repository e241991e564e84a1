"""Adding sources to a configuration file: text at its end, so that what people wrote stays as it is."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from monitor.config import parse
from monitor.config_file import read_text
from monitor.errors import MonitorError

Value = str | bool | int | tuple[str, ...]


def source_table(values: Mapping[str, Value]) -> str:
    """Return a `[[source]]` table; texts and lists in quotation marks, what is empty left out."""
    lines = (f"{key} = {written(value)}" for key, value in values.items() if value not in ("", ()))
    return "\n".join(["[[source]]", *lines]) + "\n"


def add_sources(path: Path, tables: Iterable[str], *, dry_run: bool = False) -> str:
    """Append tables to the configuration, once the whole of it was checked. Returns what is added.

    Raises:
        ConfigError: the configuration with them would be wrong; nothing is written.
        MonitorError: the file cannot be written.
    """
    before = read_text(path)
    added = "".join(f"\n{table}" for table in tables)
    if before and not before.endswith("\n"):
        added = "\n" + added
    parse(before + added, str(path))
    if added and not dry_run:
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(added)
        except OSError as error:
            raise MonitorError(f"{path} cannot be written: {error.strerror or error}", remedy="make the file writable") from error
    return added


def written(value: Value) -> str:
    """Return a value as TOML writes it."""
    # A TOML text is a JSON text but for U+007F, which must be escaped, and pairs of surrogates, which must not.
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
