"""From TOML tables to frozen records. Each table is read on its own, so that all that is wrong is told at once.

A field of a record is a value (`Annotated[type, check]`: `check` returns the value or raises `refusal`), a table (another
record) or an array of tables (a tuple of records). A field without a default is required. One field may be `Annotated[type,
Rest(choose)]`: it takes the keys that no other field has, as the record that `choose` returns for the table.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, TypeVar, get_args, get_origin

from monitor.toml_lines import Place
from sources.options import refusal

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")
Tables = list[tuple[Place, Mapping[str, object]]]


@dataclass(frozen=True)
class Fault:
    """What is wrong with the value at `place`, and what to do; `first` is the earlier place that it clashes with."""

    place: Place
    message: str
    first: Place | None = None


@dataclass(frozen=True)
class Rest:
    """Marks the field that takes what is left. `choose` returns its record; None where another fault hides which that is."""

    choose: "Callable[[Mapping[str, object]], type[DataclassInstance] | None]"


def wrong(place: Place, message: str, first: Place | None = None) -> Fault:
    """Return a fault whose message names its place the way people count: `brand.1.id` is the id of the first brand."""
    dotted = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return Fault(place, f"{dotted}: {message}", first)


def read_record(
    kind: type[Record], values: Mapping[str, object], faults: list[Fault], place: Place = (), beside: Sequence[str] = ()
) -> Record | None:
    """Return a table as a record; or None, and what is wrong with it is added to `faults`. `beside` are keys known around it."""
    known = {field.name: field for field in fields(kind)}
    rests = {name: rest for name, field in known.items() if (rest := _rest(field.type))}
    made, before = {}, len(faults)
    for name, rest in rests.items():
        del known[name]
        made[name] = _read_rest(rest, values, list(known), faults, place)
    if not rests:
        names = [*beside, *known]
        faults += [Fault((*place, key), f"unknown key {key!r}{_suggestion(key, names)}") for key in values if key not in known]
    for key, field in known.items():
        if key in values or field.default is MISSING:
            made[key] = _read(field.type, values.get(key), faults, (*place, key))
    return kind(**made) if len(faults) == before else None


def _read_rest(rest: Rest, values: Mapping[str, object], taken: Sequence[str], faults: list[Fault], place: Place) -> object:
    kind = rest.choose(values)
    left = {key: value for key, value in values.items() if key not in taken}
    return kind and read_record(kind, left, faults, place, taken)


def _rest(form: object) -> Rest | None:
    return next((one for one in get_args(form) if isinstance(one, Rest)), None)


def tables(value: object, place: Place) -> Tables:
    """Return the tables at a place, be it one or an array of them, each with its own place."""
    if isinstance(value, list):
        return [((*place, at), one) for at, one in enumerate(value) if isinstance(one, dict)]
    return [(place, value)] if isinstance(value, dict) else []


def other_brackets(kind: "type[DataclassInstance]", names: Sequence[str], *, is_array: bool) -> str:
    """Return how to write a table's header that has one bracket in place of two or the reverse; "" where it is right."""
    inner: type[DataclassInstance] | None = kind
    meant = is_array
    for name in names:
        form = next((field.type for field in fields(inner) if field.name == name), None) if inner else None
        inner, meant = _inner(form)
    return _brackets(names, is_array=meant) if inner and meant is not is_array else ""


def _read(form: object, value: object, faults: list[Fault], place: Place) -> object:
    inner, is_array = _inner(form)
    if inner is None:
        try:
            return get_args(form)[1](value)
        except ValueError as error:
            faults.append(wrong(place, str(error)))
            return None
    names = [part for part in place if isinstance(part, str)]
    found = tables(value, place)
    if len(found) != (len(value) if isinstance(value, list) else 1):
        header = _header(names, is_array=is_array)
        faults.append(wrong(place, str(refusal(f"write {header} on a line of its own and the keys of the table below it", value))))
    elif isinstance(value, list) is not is_array:
        faults.append(wrong(place, _brackets(names, is_array=is_array)))
    made = [read_record(inner, one, faults, at) for at, one in found]
    return tuple(made) if is_array else made and made[0]


def _inner(form: object) -> tuple["type[DataclassInstance] | None", bool]:
    """Return which record a field holds, if any, and whether it holds an array of them."""
    inner = next((one for one in (form, *get_args(form)) if is_dataclass(one) and isinstance(one, type)), None)
    return inner, get_origin(form) is tuple


def _header(names: Sequence[str], *, is_array: bool) -> str:
    name = ".".join(names)
    return f"[[{name}]]" if is_array else f"[{name}]"


def _brackets(names: Sequence[str], *, is_array: bool) -> str:
    why = "two brackets, because there may be several" if is_array else "one bracket, because there is only one"
    return f"write {_header(names, is_array=is_array)} instead of {_header(names, is_array=not is_array)}: {why}"


def _suggestion(key: str, known: Collection[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a configuration with faults pays for it

    near = get_close_matches(key, known, 1)
    return (f"; did you mean {near[0]!r}? known here: " if near else "; known here: ") + ", ".join(known)
