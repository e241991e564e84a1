"""Naming causes in customers' words: new ones, those whose words were deleted, and those that have grown much since."""

from collections.abc import Callable, Sequence

import numpy as np

from models.cause_names import background, choose_name, saying
from models.clusters import Floats, centre, unpacked
from monitor.storage.causes import CauseName
from monitor.store import Store

_TEXTS = 200
_EVERYTHING = 2_000
_GROWN = 4
"""A name chosen among few is chosen again among so many times as many, and not before: a cause is known by its name."""


def name_causes(
    store: Store, brand: str, called: frozenset[str], embed: Callable[[Sequence[str]], Floats], *, everything: bool = False
) -> int:
    """Name the causes of a brand that need a name, or all; returns how many got one. `called` are the brand's own names."""
    named = {} if everything else store.causes.named(brand)
    sizes = store.causes.sizes(brand)
    needy = [cause for cause, size in sizes.items() if cause not in named or size >= _GROWN * named[cause].complaints]
    taken = {saying(one.name, called) for cause, one in named.items() if cause not in needy}
    if not needy:
        return 0
    room = store.causes.complaints
    everything_said = [one.passage for one in room.newest(brand, _EVERYTHING) if one.passage]
    counts = background(everything_said, called)
    names = []
    for cause in needy:
        members = room.surer_members(cause, _TEXTS)
        if not members:
            continue
        vectors = unpacked(np.array([np.frombuffer(one.vector, np.int8) for one in members]))
        middle = centre(vectors)
        order = np.argsort(-(vectors @ middle), kind="stable")
        said = [one for one in room.words([members[at].id for at in order]) if one.passage]
        naming = choose_name([one.passage for one in said], middle, embed, counts, len(everything_said), called, taken)
        if naming is not None:
            taken.add(saying(naming.name, called))
            names.append(CauseName(cause, said[naming.text].mention, naming.name, sizes[cause]))
    store.causes.name(names)
    return len(names)
