"""Where long computations go: here, or wherever the caller has room for them."""

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Apart(Protocol):
    """Runs a pure function wherever there is room. It, what it takes and what it returns must be able to travel."""

    def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the function returns, or raise what it raises."""


def here(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run it in this very thread."""
    return function(*args, **kwargs)
