"""Entering a claim as a promise: what was discovered, in the words of whoever accepts it, in the configuration file."""

import re
from dataclasses import dataclass
from datetime import date

from monitor.app import App
from monitor.config import BrandConfig
from monitor.config_promises import add_promise, promise_table
from monitor.errors import MonitorError
from monitor.storage.placements import Proposal
from monitor.store import Store

_ID_WORDS = 3
_FILLERS = frozenset("a an the we our us you your i is are be of to in on at for and or with by it that this from".split())


@dataclass(frozen=True)
class Wording:
    """How a promise is entered; what is empty is as the claim has it."""

    id: str = ""
    text: str = ""
    strength: str = ""
    pillar: str = ""
    since: date | None = None


def accept_claim(app: App, store: Store, brand: BrandConfig, number: int, how: Wording, *, dry_run: bool = False) -> str:
    """Write a claim into the configuration file as a promise of `brand`, one of `app.config`; returns its table.

    Raises:
        MonitorError: there is no such claim, it is entered already, or the file cannot be written.
        ConfigError: the configuration would be wrong with it.
    """
    claim = proposed(store, brand, number).claim
    table = promise_table(
        {
            "id": how.id or _identifier(claim.words, {one.id for one in brand.promise}),
            "text": how.text or claim.words,
            "pillar": how.pillar,
            "strength": how.strength or claim.strength,
            "since": how.since or claim.first,
        }
    )
    add_promise(app.config_path, app.config.brand.index(brand), table, dry_run=dry_run)
    if not dry_run:
        store.placements.settle(brand.id, number, "accepted")
    return table


def proposed(store: Store, brand: BrandConfig, number: int) -> Proposal:
    """The claim of that number that can be decided on.

    Raises:
        MonitorError: there is none, or it is entered already.
    """
    found = store.placements.proposal(brand.id, number)
    if found is None:
        raise MonitorError(f"there is no claim {number}", remedy="`promisewatch promises discover` lists them with their numbers")
    if found.state == "accepted":
        raise MonitorError(f"claim {number} is entered already", remedy="`promisewatch promises list` shows the promises")
    return found


def _identifier(words: str, taken: set[str]) -> str:
    """Return an id of the first words that say something, with a number where it is taken."""
    spoken = [word for word in re.findall(r"[a-z0-9]+", words.casefold()) if word not in _FILLERS]
    name = "-".join(spoken[:_ID_WORDS]) or "promise"
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
