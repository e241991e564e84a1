"""The configuration: a TOML file, checked whole before anything runs. An unknown key is an error that names its line."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, get_args

from models.reading import PILLARS
from monitor import config_values as check
from monitor.config_alerts import AlertConfig, EventConfig
from monitor.config_assessment import AssessmentConfig
from monitor.config_cases import DEFAULT_CASES, CasesConfig
from monitor.config_causes import DEFAULT_CAUSES, CausesConfig
from monitor.config_custody import FOR_EVER, NAMES, BackupConfig, HealthConfig, PrivacyConfig, RetentionConfig
from monitor.config_delivery import DEFAULT_DELIVERY, ChannelConfig, DeliveryConfig, receivers
from monitor.config_file import explain, read_text, read_toml
from monitor.config_rules import broken_rules
from monitor.config_sources import SourceConfig
from monitor.config_web import WebConfig
from monitor.errors import ConfigError
from monitor.toml_records import Fault, read_record
from reports.digest_records import Edition
from reports.evidence import Strength
from reports.pillars import STAGES
from sources.options import each, number, one_of, optional, shaped, span, text, texts, time_zone, whole, yes_or_no
from sources.query import default_query

_WEB = WebConfig()
DEFAULT_FILE = "promisewatch.toml"

# What a value may be: its type, and the check that says what to give instead.
Text = Annotated[str, text]
Texts = Annotated[tuple[str, ...], texts]
Queries = Annotated[tuple[str, ...], check.queries]
Identifier = Annotated[str, shaped(r"[A-Za-z0-9][A-Za-z0-9._-]*", 'give a word of letters, digits, ".", "_" and "-"')]
Device = Annotated[str, shaped(r"auto|cpu|mps|cuda(:[0-9]+)?", "give auto, cpu, mps, cuda or a certain one such as cuda:0")]
TimeOfDay = Annotated[str, shaped(r"([01][0-9]|2[0-3]):[0-5][0-9]", 'give a time of day from 00:00 to 23:59, such as "08:00"')]


@dataclass(frozen=True)
class StoreConfig:
    """Where the data lives; a relative path is relative to the configuration file."""

    path: Text = "promisewatch.db"


@dataclass(frozen=True)
class NetworkConfig:
    """How the program behaves towards the places it reads.

    So many `workers` fetch, at most `per_host` of them from one host, whose requests begin `spacing` apart.
    `failing_to` is told when a source has failed `failing_after` times in a row, is refused twice, or is gone.
    """

    contact: Text = ""
    allow_private_addresses: Annotated[bool, yes_or_no] = False
    workers: Annotated[int, whole(1, 256)] = 16
    per_host: Annotated[int, whole(1, 64)] = 2
    spacing: Annotated[timedelta, span(timedelta(0), timedelta(hours=1), "0 seconds and an hour")] = timedelta(seconds=1)
    failing_after: Annotated[int, whole(1, 1000)] = 5
    failing_to: Annotated[tuple[str, ...], receivers] = ()


@dataclass(frozen=True)
class ModelConfig:
    """Which model reads."""

    name: Text = "bundled"
    device: Device = "auto"


@dataclass(frozen=True)
class PromiseConfig:
    """An advertised claim."""

    id: Identifier
    text: Annotated[str, shaped(r"(?s).{3,}", "give the claim in its own words, at least 3 letters")]
    pillar: Annotated[str, optional(one_of(*PILLARS))] = ""
    strength: Annotated[Strength, one_of(*get_args(Strength))] = "absolute"
    expectation: Annotated[float | None, number(lambda value: 0 <= value <= 100, "give a number from 0 to 100")] = None
    stage: Annotated[str, optional(one_of(*STAGES))] = ""
    since: Annotated[date | None, check.day] = None
    weight: Annotated[float | None, number(lambda value: value >= 0, "give a number of 0 or more")] = None
    kept: Texts = ()
    broken: Texts = ()


@dataclass(frozen=True)
class BrandConfig:
    """A brand, how it is recognised and what it promises."""

    id: Identifier
    name: Annotated[str, check.name]
    aliases: Texts = ()
    query: Annotated[str, check.query] = ""
    timezone: Annotated[str, time_zone] = "UTC"
    locale: Annotated[str, check.locale] = "en-GB"
    own_accounts: Texts = ()
    deny: Queries = ()
    allow: Queries = ()
    segments: Texts = ()
    competitors: Texts = ()
    promise: tuple[PromiseConfig, ...] = ()
    assessment: tuple[AssessmentConfig, ...] = ()

    @property
    def effective_query(self) -> str:
        """The configured query, or the brand's name as a phrase."""
        return self.query or default_query(self.name)


@dataclass(frozen=True)
class MatchConfig:
    """What no brand is spoken of in, exceptions from that, and how long what speaks of no brand stays within a query's reach."""

    deny: Queries = ()
    allow: Queries = ()
    keep_unmatched: Annotated[timedelta, span(timedelta(0), timedelta(days=366), "0 days and a year")] = timedelta(days=7)


@dataclass(frozen=True)
class InboundConfig:
    """Where mentions may be posted to; port 0 takes any that is free."""

    host: Annotated[str, shaped(r"[A-Za-z0-9.:-]+", 'give an address of this machine, such as "127.0.0.1"')] = "127.0.0.1"
    port: Annotated[int, whole(0, 65535)] = 8090


@dataclass(frozen=True)
class DigestConfig:
    """When the digest is due in each brand's own time zone, where it goes, and which editions there are."""

    at: TimeOfDay = "08:00"
    to: Annotated[tuple[str, ...], receivers] = ()
    editions: Annotated[tuple[Edition, ...], each(one_of(*get_args(Edition)), "list the editions")] = ("daily",)


@dataclass(frozen=True)
class Config:
    """Everything that can be configured."""

    store: StoreConfig = StoreConfig()
    network: NetworkConfig = NetworkConfig()
    model: ModelConfig = ModelConfig()
    match: MatchConfig = MatchConfig()
    brand: tuple[BrandConfig, ...] = ()
    source: tuple[SourceConfig, ...] = ()
    inbound: InboundConfig | None = None
    web: WebConfig = _WEB
    health: HealthConfig | None = None
    backup: BackupConfig | None = None
    retention: RetentionConfig = FOR_EVER
    privacy: PrivacyConfig = NAMES
    digest: DigestConfig | None = None
    cases: CasesConfig = DEFAULT_CASES
    causes: CausesConfig = DEFAULT_CAUSES
    channel: tuple[ChannelConfig, ...] = ()
    delivery: DeliveryConfig = DEFAULT_DELIVERY
    alert: tuple[AlertConfig, ...] = ()
    event: tuple[EventConfig, ...] = ()

    @property
    def own_brands(self) -> tuple[BrandConfig, ...]:
        """The brands that are ours: not those that are only listened to as a competitor of another."""
        rivals = {rival for one in self.brand for rival in one.competitors}
        return tuple(one for one in self.brand if one.id not in rivals or one.competitors)

    def find_brand(self, name: str) -> BrandConfig | None:
        """Return the brand with this id or, regardless of case, this name."""
        wanted = name.strip().casefold()
        return next((one for one in self.brand if wanted in (one.id.casefold(), one.name.casefold())), None)


def load(path: Path) -> Config:
    """Read and check a configuration file; relative folders of sources start where it lies.

    Raises:
        ConfigError: the file is missing, is no TOML, or holds what is not understood.
    """
    config, folder = parse(read_text(path), str(path)), path.resolve().parent
    return replace(config, source=tuple(one.beside(folder) for one in config.source))


def parse(text: str, name: str = DEFAULT_FILE) -> Config:
    """Check the text of a configuration; `name` stands in the messages.

    Raises:
        ConfigError: everything that is wrong, one line each.
    """
    values = read_toml(text, name, Config)
    faults: list[Fault] = []
    config = read_record(Config, values, faults)
    faults += broken_rules(values)
    if config is None or faults:
        raise ConfigError(explain(faults, text, name))
    return config
