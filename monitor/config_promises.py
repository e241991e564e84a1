"""Writing promises into a configuration file: beside the other promises of their brand, everything else as people wrote it."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from monitor.config import parse
from monitor.config_adding import Value, written
from monitor.config_file import read_text
from monitor.errors import MonitorError
from monitor.toml_lines import headers


def promise_table(values: Mapping[str, Value | date]) -> str:
    """Return a `[[brand.promise]]` table; days as TOML has them, what is empty left out."""
    lines = (
        f"{key} = {value.isoformat() if isinstance(value, date) else written(value)}"
        for key, value in values.items()
        if value not in ("", ())
    )
    return "\n".join(["[[brand.promise]]", *lines]) + "\n"


def add_promise(path: Path, brand: int, table: str, *, dry_run: bool = False) -> None:
    """Insert a table behind what belongs to the brand that stands `brand`-th (from 0), once the whole of it was checked.

    Raises:
        ConfigError: the configuration with it would be wrong; nothing is written.
        MonitorError: the file cannot be written, or its brands are not written as tables.
    """
    text = insert_promise(read_text(path), brand, table)
    parse(text, str(path))
    if not dry_run:
        _replace(path.resolve(), text)


def insert_promise(text: str, brand: int, table: str) -> str:
    """Return `text` with a table behind the last line of that brand; comments right above the next header stay with it."""
    found = list(headers(text))
    brands = [at for at, (_, names, _) in enumerate(found) if names == ("brand",)]
    if brand >= len(brands):
        raise MonitorError(
            "the brands of this configuration are not written as [[brand]] tables",
            remedy="enter the promise by hand; --dry-run shows its table",
        )
    lines = text.split("\n")
    following = next(
        (number for number, names, _ in found[brands[brand] + 1 :] if names[0] != "brand" or names == ("brand",)), None
    )
    end = len(lines) if following is None else following - 1
    while following is not None and lines[end - 1].lstrip().startswith("#"):
        end -= 1
    while end and not lines[end - 1].strip():
        end -= 1
    return "\n".join([*lines[:end], "", table.rstrip("\n"), *(lines[end:] or [""])])


def _replace(path: Path, text: str) -> None:
    """Write the file whole or not at all, with the line ends and the rights that it has."""
    part = path.with_name(f".{path.name}.part")
    try:
        if b"\r\n" in path.read_bytes():
            text = text.replace("\n", "\r\n")
        part.write_text(text, encoding="utf-8", newline="")
        shutil.copymode(path, part)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        remedy = "make the file and its folder writable"
        raise MonitorError(f"{path} cannot be written: {error.strerror or error}", remedy=remedy) from error
