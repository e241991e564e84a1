"""What every command needs: the configuration, the store, the network and the clock, each opened when it is first asked for."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.clock import Clock, utc_now
from monitor.errors import ConfigError, MonitorError
from monitor.log import harmless, tell

if TYPE_CHECKING:
    from models.reader import TransformerReader
    from monitor.config import BrandConfig, Config
    from monitor.pseudonyms import Disguise
    from monitor.store import Store
    from sources.http import Gateway

__all__ = ("App", "harmless", "tell")


@dataclass(frozen=True)
class App:
    """The program as one command line started it."""

    config_path: Path
    clock: Clock = utc_now

    @cached_property
    def config(self) -> "Config":
        """The checked configuration."""
        from monitor.config import load  # noqa: PLC0415 - commands that need no configuration start without it

        return load(self.config_path)

    @property
    def folder(self) -> Path:
        """Where the configuration lies: relative paths in it start there."""
        return self.config_path.resolve().parent

    @property
    def store_path(self) -> Path:
        """Where the store lies; a relative path starts at the configuration file."""
        return self.folder / Path(self.config.store.path).expanduser()

    def spare(self, path: Path | None) -> None:
        """Refuse to write over the store or the configuration.

        Raises:
            MonitorError: `path` is one of them.
        """
        kept = [self.config_path, self.store_path, *(Path(f"{self.store_path}{part}") for part in ("-wal", "-shm"))]
        if path is not None and path.resolve() in [one.resolve() for one in kept]:
            raise MonitorError(f"{path} holds the store or the configuration", remedy="name another file")

    @cached_property
    def disguise(self) -> "Disguise | None":
        """What is kept in place of an author's name; None where that is the name.

        Raises:
            ConfigError: pseudonyms are configured, and there is no key for them.
        """
        from monitor.pseudonyms import disguise  # noqa: PLC0415

        return disguise(self.config, os.environ) if self.config.privacy.pseudonymise_authors else None

    def open_store(self) -> "Store":
        """Open the store and make its brands and sources what the configuration says."""
        from monitor.pipeline import prepare  # noqa: PLC0415
        from monitor.store import Store  # noqa: PLC0415

        store = Store(self.store_path, disguise=self.disguise)
        prepare(store, self.config)
        return store

    def gateway(self) -> "Gateway":
        """Return the network as the configuration allows it; the same one whenever it is asked for."""
        return self._gateway

    @cached_property
    def _gateway(self) -> "Gateway":
        from sources.http import Gateway  # noqa: PLC0415
        from sources.pace import Pace  # noqa: PLC0415

        network = self.config.network
        pace = Pace(network.per_host, network.spacing.total_seconds())
        return Gateway(network.contact, network.allow_private_addresses, pace=pace)

    def reader(self, name: str | None = None) -> "TransformerReader":
        """Load the model `name`, or the configured one, or the bundled one where nothing is configured; takes a second or two.

        Raises:
            MonitorError: it cannot be loaded.
        """
        from models.errors import ModelError  # noqa: PLC0415
        from monitor.scarcity import scarcity  # noqa: PLC0415

        configured = self.config_path.exists()
        chosen = name or (self.config.model.name if configured else "bundled")
        try:
            from models.reader import TransformerReader  # noqa: PLC0415 - the only way to torch

            return TransformerReader(chosen, device=self.config.model.device if configured else "auto")
        except (ModelError, ImportError, OSError, MemoryError) as error:
            if scarce := scarcity(error):
                raise scarce from error
            if not isinstance(error, ModelError):
                raise
            raise MonitorError(str(error)) from error

    def model_version(self) -> str:
        """Return the version of the configured model without loading it."""
        from models.calibration import load_calibration  # noqa: PLC0415
        from models.errors import ModelError  # noqa: PLC0415

        try:
            return load_calibration(self.config.model.name).version
        except ModelError as error:
            raise MonitorError(str(error)) from error

    def brand(self, name: str | None) -> "BrandConfig":
        """Return the brand that was asked for, or the only one there is beside its competitors.

        Raises:
            ConfigError: there is no such brand, or it is not clear which.
        """
        known = ", ".join(one.id for one in self.config.brand)
        if not known:
            raise ConfigError(
                f"{self.config_path} names no brand yet; add [[brand]] with an id and a name (`promisewatch init` shows how)"
            )
        if name is None:
            if len(self.config.own_brands) == 1:
                return self.config.own_brands[0]
            raise ConfigError(f"say which brand with --brand; configured: {known}")
        found = self.config.find_brand(name)
        if found is None:
            raise ConfigError(f"brand {name!r} is not configured; known: {known}")
        return found
