"""The demo's `promisewatch.toml`: what a customer would write for the made-up brand."""

import json
from collections.abc import Callable, Mapping, Sequence

from monitor.demo.planted import (
    ASSESSMENTS,
    COST_OF_A_DISSATISFIED_CUSTOMER,
    CURRENCY,
    RIVAL,
    RIVAL_NAME,
    RIVAL_QUERY,
    RIVAL_RATES,
    PlantedPromise,
)
from monitor.demo.world import Feed, World


def configuration(world: World, url: Callable[[str], str], store: str) -> str:
    """Return the configuration of `world` as TOML; `url` gives a feed's address, `store` is the path of the database."""
    return "\n".join(
        [
            "# The demo's configuration: a made-up brand whose feeds are served on this machine while the demo runs.",
            "",
            "[store]",
            f"path = {_quoted(store)}",
            "",
            "[network]",
            'contact = "demo@larkspur.example"',
            "allow_private_addresses = true  # the demo's feeds live on loopback",
            "",
            "[[brand]]",
            f"id = {_quoted(world.brand)}",
            f"name = {_quoted(world.brand_name)}",
            f"query = {_quoted(world.query)}",
            f"timezone = {_quoted(world.timezone)}",
            f"competitors = {_list((RIVAL,))}  # the same promises are measured for them",
            *(line for rating in ASSESSMENTS.items() for line in _assessment(*rating, world)),
            *(line for promise in world.planted for line in _promise(promise, world)),
            "",
            "[[brand]]",
            f"id = {_quoted(RIVAL)}",
            f"name = {_quoted(RIVAL_NAME)}",
            f"query = {_quoted(RIVAL_QUERY)}",
            f"timezone = {_quoted(world.timezone)}",
            *(line for promise in world.planted if promise.id in RIVAL_RATES for line in _promise(promise, world)),
            *(line for feed in world.feeds for line in _source(feed, world, url)),
            "",
            "[[alert]]",
            'watch = "promise"',
            f"brand = {_quoted(world.brand)}",
            "",
            "[causes]",
            f"cost_per_dissatisfied_customer = {COST_OF_A_DISSATISFIED_CUSTOMER}",
            f"currency = {_quoted(CURRENCY)}",
            "",
            "[digest]",
            'at = "08:00"',
            'editions = ["daily", "weekly", "monthly"]',
            "",
        ]
    )


def _promise(promise: PlantedPromise, world: World) -> list[str]:
    return [
        "",
        "[[brand.promise]]",
        f"id = {_quoted(promise.id)}",
        f"text = {_quoted(promise.text)}",
        f"pillar = {_quoted(promise.pillar)}",
        f"strength = {_quoted(promise.strength)}",
        f"stage = {_quoted(promise.stage)}",
        f"since = {world.since.isoformat()}",
        f"kept = {_list(promise.kept)}  # how customers may put it",
        f"broken = {_list(promise.broken)}",
    ]


def _assessment(by: str, ratings: Mapping[str, float], world: World) -> list[str]:
    given = ", ".join(f"{_quoted(pillar)} = {rating:g}" for pillar, rating in ratings.items())
    return [
        "",
        "[[brand.assessment]]",
        f"by = {_quoted(by)}",
        f"on = {world.since.isoformat()}",
        f"ratings = {{ {given} }}",
    ]


def _source(feed: Feed, world: World, url: Callable[[str], str]) -> list[str]:
    return [
        "",
        "[[source]]",
        'kind = "feed"',
        f"id = {_quoted(feed.name)}",
        f"url = {_quoted(url(feed.name))}  # {feed.title}",
        f"voice = {_quoted(feed.voice)}",
        f"brands = {_list((world.brand, RIVAL) if feed.voice == 'customer' else (world.brand,))}",
        'every = "7 days"  # the demo asks once a week of its made-up time',
    ]


def _quoted(text: str) -> str:
    """Return a basic string; what JSON escapes, TOML escapes alike."""
    return json.dumps(text, ensure_ascii=False)


def _list(texts: Sequence[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False)
