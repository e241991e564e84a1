"""What must hold between the tables of a configuration: ids that differ, and brands that exist.

These rules look at the tables as they are written, so that a fault within one table neither hides nor invents another.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from monitor.config_sources import default_id
from monitor.toml_lines import Place
from monitor.toml_records import Fault, Tables, tables, wrong


def broken_rules(values: Mapping[str, object]) -> Iterator[Fault]:
    """Yield every fault that lies between tables, at the later one of two or at the one that refers to nothing."""
    brands = tables(values.get("brand"), ("brand",))
    yield from _doubled(_brand_names(brands), "give each brand an id and a name of its own")
    yield from _rivals_of_themselves(brands)
    for place, brand in brands:
        promises = tables(brand.get("promise"), (*place, "promise"))
        yield from _doubled(_named(promises, "id"), "give each promise of a brand its own id")
    sources = tables(values.get("source"), ("source",))
    yield from _doubled(_source_ids(sources), "give each source its own id, and name all brands of one address in one [[source]]")
    alerts, events = tables(values.get("alert"), ("alert",)), tables(values.get("event"), ("event",))
    yield from _doubled(_watched(alerts), "write one [[alert]] for what is watched of a brand, with all of `to` in it")
    yield from _backwards(events)
    channels = tables(values.get("channel"), ("channel",))
    yield from _doubled(_named(channels, "name"), "give each channel a name of its own")
    yield from _unknown_channels(values, {name for _, name in _named(channels, "name")})
    known = [name for _, name in _named(brands, "id")]
    named = [
        *_listed(brands, "competitors"),
        *_listed(sources, "brands"),
        *_named(sources, "brand"),
        *_named(alerts, "brand"),
        *_named(events, "brand"),
    ]
    for place, name in named:
        if name not in known:
            yield wrong(place, f"brand {name!r} is not configured; known: {', '.join(known) or 'none'}")


def _rivals_of_themselves(brands: Tables) -> Iterator[Fault]:
    for place, brand in brands:
        for where, name in _listed([(place, brand)], "competitors"):
            if name == brand.get("id"):
                yield wrong(where, f"{name} is no competitor of itself; name other brands")


def _unknown_channels(values: Mapping[str, object], known: set[str]) -> Iterator[Fault]:
    """Yield a fault for every name in a `to` or a `…_to` that no channel has; what has "://" in it is an address."""
    for table in values:
        found = tables(values[table], (table,))
        for place, name in [
            *_listed(found, "to"),
            *_listed(found, "hand_off_to"),
            *_listed(found, "escalate_to"),
            *_listed(found, "failing_to"),
        ]:
            if "://" not in name and name not in known:
                yield wrong(
                    place, f"there is no such channel; add [[channel]] with a name; known: {', '.join(sorted(known)) or 'none'}"
                )


def _watched(alerts: Tables) -> Iterator[tuple[Place, str]]:
    for place, table in alerts:
        watch, brand = table.get("watch"), table.get("brand")
        if isinstance(watch, str) and isinstance(brand, str):
            yield (*place, "watch"), f"{watch} of {brand}"


def _day(value: object) -> str:
    """A day as it is written, which sorts as time does; "" for what is none."""
    return str(value)[:10] if isinstance(value, date | str) else ""


def _backwards(events: Tables) -> Iterator[Fault]:
    """Yield a fault for every event that ends before it begins; days of other kinds are no business of this rule."""
    for place, table in events:
        since, until = table.get("since"), table.get("until")
        if _day(since) > _day(until) != "":
            yield wrong((*place, "until"), f"the event ends before it begins ({since}); give its last day")


def _doubled(named: Iterable[tuple[Place, str]], remedy: str) -> Iterator[Fault]:
    first: dict[str, Place] = {}
    for place, name in named:
        if name in first:
            yield wrong(place, f"given more than once: {name}; {remedy}", first[name])
        first.setdefault(name, place)


def _named(found: Tables, key: str) -> Iterator[tuple[Place, str]]:
    for place, table in found:
        value = table.get(key)
        if isinstance(value, str):
            yield (*place, key), value


def _listed(found: Tables, key: str) -> Iterator[tuple[Place, str]]:
    for place, table in found:
        value = table.get(key)
        for one in value if isinstance(value, list) else ():
            if isinstance(one, str):
                yield (*place, key), one


def _brand_names(brands: Tables) -> Iterator[tuple[Place, str]]:
    """Yield what brands can be called by, which is regardless of case; a brand may be called the same by id and name."""
    for brand in brands:
        names = {name.casefold(): place for key in ("name", "id") for place, name in _named([brand], key)}
        yield from ((place, name) for name, place in names.items())


def _source_ids(sources: Tables) -> Iterator[tuple[Place, str]]:
    for place, source in sources:
        given = source.get("id")
        if isinstance(given, str) and given:
            yield (*place, "id"), given
        elif default := default_id(source):
            yield place, default
