"""Who a report is for: the locale in which numbers and dates are written, and the language of its sentences.

A report is a function of its evidence and of its reader. Sentences are made in a hundred small places, so the reader is not handed
through all of them: `read_in` names it for as long as a report is computed and drawn, as `decimal.localcontext` names a precision.
Outside of that everything is in the house's own English.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from reports.forms import HOUSE, NO_BREAK, Forms, forms_of

DOMAIN: Final = "reports"
TRANSLATIONS: Final = "promisewatch.translations"
"""Entry points under this name are packages with further catalogues; the name of each is its language."""
SHIPPED: Final = Path(__file__).parent / "locale"
_SHAPE: Final = re.compile(r"([a-z]{2,3})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|[0-9]{3}))?")
_PERCENT: Final = re.compile(r"[ \N{NO-BREAK SPACE}]%%")
_locale: ContextVar[str] = ContextVar("locale", default=HOUSE)


@contextmanager
def read_in(locale: str) -> Iterator[None]:
    """What is computed and drawn within is for a reader of this locale, such as `de-DE`.

    Raises:
        ValueError: there is no such locale, or no translation into its language.
    """
    if fault := fault_of(locale):
        raise ValueError(fault)
    token = _locale.set(locale)
    try:
        yield
    finally:
        _locale.reset(token)


def fault_of(locale: str) -> str:
    """Why nothing can be written in a locale, with what to give instead; "" where it can."""
    if locale == HOUSE:
        return ""
    shaped = _SHAPE.fullmatch(locale)
    if not shaped or not _is_known(locale):
        return 'give a language and a country, such as "en-GB", "en-US" or "de-DE"'
    if shaped[1] not in languages():
        known = ", ".join(sorted(languages()))
        return f"reports are not translated into {shaped[1]!r} yet; there is {known}, and docs/translating.md says how to add one"
    return ""


@cache
def languages() -> frozenset[str]:
    """The languages that reports can be written in: the shipped catalogues and those of installed packages."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow, and most readers need none

    shipped = {folder.parent.parent.name for folder in SHIPPED.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return frozenset({"en", *shipped, *(one.name for one in entry_points(group=TRANSLATIONS))})


def language() -> str:
    """The language of the reader as HTML names it, `de-DE`; plain `en` where nobody chose."""
    chosen = _locale.get()
    return "en" if chosen == HOUSE else chosen


def forms() -> Forms:
    """How the reader's locale writes numbers and dates."""
    return forms_of(_locale.get())


def gettext(message: str, /, **facts: object) -> str:
    """The message in the reader's language with its `%(name)s` filled in; a percent sign is written twice."""
    return untouched(message) % facts


def ngettext(one: str, many: str, n: int, /, **facts: object) -> str:
    """Likewise in the form that the language has for `n` things; `%(n)s` is the number itself."""
    facts.setdefault("n", forms().decimal(n, 0))
    return untouched_plural(one, many, n) % facts


def untouched(message: str) -> str:
    """The message in the reader's language, for Jinja, which fills it in itself."""
    return _tightened(_catalogue(_locale.get()).gettext(message))


def untouched_plural(one: str, many: str, n: int) -> str:
    """Likewise in the form for `n` things."""
    return _tightened(_catalogue(_locale.get()).ngettext(one, many, n))


def gettext_noop(message: str) -> str:
    """Mark a message that is translated later, when its reader is known."""
    return message


def _tightened(text: str) -> str:
    """A percent sign within a sentence is set as those of numbers are."""
    sign = forms().percent
    return text if sign == f"{NO_BREAK}%" else _PERCENT.sub(f"{sign}%", text)


@cache
def _catalogue(locale: str) -> NullTranslations:
    """The messages of a locale's language; English needs none."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - likewise

    name = locale.partition("-")[0]
    if name == "en":
        return NullTranslations()
    folders = [SHIPPED, *(_folder_of(one.value) for one in entry_points(group=TRANSLATIONS) if one.name == name)]
    for folder in folders:
        found = folder / name / "LC_MESSAGES" / f"{DOMAIN}.mo"
        if found.exists():
            with found.open("rb") as file:
                return GNUTranslations(file)
    return NullTranslations()


def _folder_of(package: str) -> Path:
    return Path(str(import_module(package).__file__)).parent


def _is_known(locale: str) -> bool:
    """Whether Babel has data of it. Importing Babel to ask would slow every command that reads the configuration."""
    babel = find_spec("babel")
    if babel is None or not babel.submodule_search_locations:
        return False
    return (Path(babel.submodule_search_locations[0]) / "locale-data" / f"{locale.replace('-', '_')}.dat").exists()
