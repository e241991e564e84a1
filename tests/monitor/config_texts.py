"""Pieces of configurations, and what is said of those that are wrong."""

import pytest

from monitor.config import parse
from monitor.errors import ConfigError

BRAND = '[[brand]]\nid = "acme"\nname = "Acme Air"\n'
PROMISE = '[[brand.promise]]\nid = "bags"\ntext = "Your bags arrive."\n'
FEED = '[[source]]\nkind = "feed"\nurl = "https://a.example/f"\n'
ALERT = '[[alert]]\nwatch = "volume"\nbrand = "acme"\n'


def complaint(text: str) -> str:
    """What is said of a configuration that is wrong."""
    with pytest.raises(ConfigError) as caught:
        parse(text, "promisewatch.toml")
    return str(caught.value)
