"""The configuration: a TOML file, checked whole before anything runs. An unknown key is an error that names its line."""

import hashlib
import re
import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from models.reading import PILLARS
from monitor.errors import ConfigError
from monitor.toml_lines import line_of
from sources.query import QueryError, compile_query, default_query

DEFAULT_FILE = "promisewatch.toml"
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(second|minute|hour|day|week|s|m|h|d|w)s?")
_UNIT = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _duration(value: object) -> object:
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError('give a number and a unit, such as "10 minutes", "2 hours" or "1 day"')
    try:
        found = timedelta(**{_UNIT[match[2][0]]: float(match[1])})
    except OverflowError:
        found = timedelta.max
    if not timedelta(seconds=10) <= found <= timedelta(days=366):
        raise ValueError("between 10 seconds and a year")
    return found


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no such time zone; use a name like Europe/Riga, not {value!r}") from error
    return value


def _pillar(value: str) -> str:
    if value and value not in PILLARS:
        raise ValueError(f"one of: {', '.join(PILLARS)}")
    return value


def _name(value: str) -> str:
    if not any(sign.isalnum() for sign in value):
        raise ValueError("a name needs a letter or a digit")
    return value


def _query(value: str) -> str:
    try:
        compile_query(value)
    except QueryError as error:
        raise ValueError(str(error)) from error
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Strength = Literal["guarantee", "absolute", "comparative", "hedged"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreConfig(_Strict):
    """Where the data lives; a relative path is relative to the configuration file."""

    path: str = "promisewatch.db"


class NetworkConfig(_Strict):
    """How the program behaves towards the places it reads."""

    contact: str = ""
    allow_private_addresses: bool = False


class ModelConfig(_Strict):
    """Which model reads."""

    name: str = "bundled"
    device: Annotated[str, Field(pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")] = "auto"


class PromiseConfig(_Strict):
    """An advertised claim."""

    id: Identifier
    text: Annotated[str, Field(min_length=3)]
    pillar: Annotated[str, AfterValidator(_pillar)] = ""
    strength: Strength = "absolute"
    expectation: Annotated[float, Field(ge=0, le=100)] | None = None
    since: date | None = None
    kept: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


class BrandConfig(_Strict):
    """A brand, how it is recognised and what it promises."""

    id: Identifier
    name: Annotated[str, AfterValidator(_name)]
    query: Annotated[str, AfterValidator(_query)] = ""
    timezone: Annotated[str, AfterValidator(_timezone)] = "UTC"
    own_accounts: tuple[str, ...] = ()
    promise: tuple[PromiseConfig, ...] = ()

    @property
    def effective_query(self) -> str:
        """The configured query, or the brand's name as a phrase."""
        return self.query or default_query(self.name)

    @model_validator(mode="after")
    def _unique_promises(self) -> "BrandConfig":
        _unique("promise", [promise.id for promise in self.promise])
        return self


class FeedConfig(_Strict):
    """An RSS, Atom or RDF feed."""

    kind: Literal["feed"]
    url: Annotated[str, Field(pattern=r"^https?://")]
    id: str = ""
    voice: Literal["customer", "press", "brand"] = "customer"
    brands: tuple[str, ...] = ()
    every: Duration = timedelta(minutes=30)

    @property
    def source_id(self) -> str:
        """The given id, or the address without what may be secret in it."""
        if self.id:
            return self.id
        public = re.sub(r"(?<=//)[^/@]*@", "", self.url).split("?", 1)[0]
        return public if public == self.url else f"{public}#{hashlib.sha256(self.url.encode()).hexdigest()[:6]}"


SourceConfig = FeedConfig


class DigestConfig(_Strict):
    """When the digest is due in each brand's own time zone, and where it goes."""

    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "08:00"
    to: tuple[str, ...] = ()


class AlertConfig(_Strict):
    """What wakes somebody."""

    watch: Literal["sentiment", "volume", "promise", "silence"]
    brand: str
    false_alarms_per_month: Annotated[float, Field(gt=0)] = 1
    to: tuple[str, ...] = ()


class Config(_Strict):
    """Everything that can be configured."""

    store: StoreConfig = StoreConfig()
    network: NetworkConfig = NetworkConfig()
    model: ModelConfig = ModelConfig()
    brand: tuple[BrandConfig, ...] = ()
    source: tuple[SourceConfig, ...] = ()
    digest: DigestConfig | None = None
    alert: tuple[AlertConfig, ...] = ()

    @model_validator(mode="after")
    def _references(self) -> "Config":
        known = [brand.id for brand in self.brand]
        _unique("brand", known)
        _unique("brand names and", [one for brand in self.brand for one in {brand.id.casefold(), brand.name.casefold()}])
        _unique("source", [source.source_id for source in self.source])
        for name in [*(name for source in self.source for name in source.brands), *(alert.brand for alert in self.alert)]:
            if name not in known:
                raise ValueError(f"brand {name!r} is not configured; known: {', '.join(known) or 'none'}")
        return self

    def find_brand(self, name: str) -> BrandConfig | None:
        """Return the brand with this id or, regardless of case, this name."""
        wanted = name.strip().casefold()
        return next((one for one in self.brand if wanted in (one.id.casefold(), one.name.casefold())), None)


def _unique(kind: str, ids: Sequence[str]) -> None:
    doubled = sorted({one for one in ids if ids.count(one) > 1})
    if doubled:
        raise ValueError(f"{kind} ids must differ; given more than once: {', '.join(doubled)}")


def load(path: Path) -> Config:
    """Read and check a configuration file.

    Raises:
        ConfigError: the file is missing, is no TOML, or holds what is not understood.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(
            f"there is no configuration file {path}",
            remedy="`promisewatch init` writes one to start from; --config or PROMISEWATCH_CONFIG names another place",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", remedy="it must be a readable UTF-8 text file") from error
    return parse(text, str(path))


def parse(text: str, name: str = DEFAULT_FILE) -> Config:
    """Check the text of a configuration; `name` stands in the messages."""
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise ConfigError(f"{name}: {error}") from error
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(one, text, name) for one in error.errors()[:10])) from error


def _explain(error: Any, text: str, name: str) -> str:
    place = [part for part in error["loc"] if part != "feed"]
    line = line_of(text, place)
    where = f"{name}:{line}" if line else name
    dotted = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in place)
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown key {place[-1]!r}{_suggest(place)}"
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "missing":
        message = f"{place[-1]!r} is required here"
    return f"{where}: {dotted}: {message}" if dotted else f"{where}: {message}"


_MODELS: dict[str, type[BaseModel]] = {
    "store": StoreConfig,
    "network": NetworkConfig,
    "model": ModelConfig,
    "brand": BrandConfig,
    "promise": PromiseConfig,
    "source": FeedConfig,
    "digest": DigestConfig,
    "alert": AlertConfig,
}


def _suggest(place: list[Any]) -> str:
    tables = [part for part in place[:-1] if isinstance(part, str)]
    known = list((_MODELS[tables[-1]] if tables and tables[-1] in _MODELS else Config).model_fields)
    return f"; known here: {', '.join(known)}"
