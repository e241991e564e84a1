"""Reading a configuration file, and saying what is wrong with it: where, what, and what to do."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.errors import ConfigError
from monitor.toml_lines import headers, line_of
from monitor.toml_records import Fault, other_brackets

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_TWICE = ("Cannot declare", "Cannot overwrite", "Cannot mutate")
"""How the parser begins to say that something is given twice."""


def read_text(path: Path) -> str:
    """Read the file.

    Raises:
        ConfigError: it is missing, or no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(
            f"there is no configuration file {path}",
            remedy="`promisewatch init` writes one to start from; --config or PROMISEWATCH_CONFIG names another place",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", remedy="it must be a readable UTF-8 text file") from error


def read_toml(text: str, name: str, kind: "type[DataclassInstance]") -> dict[str, Any]:
    """Return the tables of a text; `kind` is the record that they are meant to become.

    Raises:
        ConfigError: it is no TOML.
    """
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _no_toml(str(error), text, name, kind) from error


def _no_toml(error: str, text: str, name: str, kind: "type[DataclassInstance]") -> ConfigError:
    message, _, place = error.rpartition(" (at ")
    lines, numbers = text.split("\n"), re.findall(r"\d+", place)
    line = int(numbers[0]) if message and numbers else len(lines)
    if error.startswith(_TWICE):
        # One bracket for two is what most often makes a table stand twice; the parser cannot know that.
        brackets = [(number, other_brackets(kind, names, is_array=is_array)) for number, names, is_array in headers(text)]
        what = "table" if lines[line - 1].lstrip().startswith("[") else "key"
        twice = [(line, f"this {what} is given already; keep one of the two")]
        return ConfigError("\n".join(f"{name}:{at}: {said}" for at, said in [one for one in brackets if one[1]] or twice))
    column = f" (column {numbers[1]})" if message and numbers else ""
    remedy = "this is no TOML: texts stand in quotation marks, lists in brackets; https://toml.io has the rules"
    return ConfigError(f"{name}:{line}: {message}{column}" if message else f"{name}: {error}", remedy=remedy)


def explain(faults: Sequence[Fault], text: str, name: str) -> str:
    """Return one line for each fault, in the order of the file."""
    return "\n".join(said for _, said in sorted((_explain(one, text, name) for one in faults), key=lambda one: one[0]))


def _explain(fault: Fault, text: str, name: str) -> tuple[int, str]:
    line = line_of(text, fault.place)
    first = f" (the first is in line {line_of(text, fault.first)})" if fault.first else ""
    return line, f"{name}:{line}: {fault.message}{first}" if line else f"{name}: {fault.message}{first}"
