"""[[source]]: what all kinds of sources have in common, and the options that each kind adds."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from monitor import config_values as check
from monitor.toml_records import Rest, read_record
from sources.kinds import Placed, find_kind
from sources.mention import VOICES, Voice
from sources.options import duration, one_of, text, texts


def _options(values: Mapping[str, object]) -> type[Any] | None:
    try:
        return find_kind(str(values.get("kind"))).options
    except LookupError:
        return None


@dataclass(frozen=True)
class SourceConfig:
    """A place that is listened to."""

    kind: Annotated[str, check.kind]
    options: Annotated[Any, Rest(_options)]
    id: Annotated[str, text] = ""
    voice: Annotated[Voice, one_of(*VOICES)] = "customer"
    brands: Annotated[tuple[str, ...], texts] = ()
    every: Annotated[timedelta, duration] = timedelta(minutes=30)

    @cached_property
    def address(self) -> str:
        """Where it listens, without what may be secret in it."""
        return find_kind(self.kind).address(self.options)

    @cached_property
    def source_id(self) -> str:
        """The given id, or the address."""
        return self.id or self.address

    def beside(self, folder: Path) -> "SourceConfig":
        """Return the source with relative paths that start at `folder`; it stays the same source."""
        return replace(self, id=self.source_id, options=self.options.beside(folder)) if isinstance(self.options, Placed) else self


def default_id(values: Mapping[str, object]) -> str:
    """Return the id of a source that gives none; "" where it cannot be told."""
    options = _options(values)
    if options is None:
        return ""
    known = {field.name for field in fields(options)}
    found = read_record(options, {key: value for key, value in values.items() if key in known}, [])
    return "" if found is None else find_kind(str(values["kind"])).address(found)
