"""What each watcher sees of a brand now: the tone and the volume of its mentions, silence and blindness, broken promises."""

from datetime import datetime

from monitor.alert_counts import see_counts
from monitor.alert_promises import see_promises
from monitor.alert_sightings import HISTORY, HOUR, Sighting
from monitor.alert_silence import blind_holes, see_silence
from monitor.alert_state import Seen
from monitor.config import BrandConfig
from monitor.config_alerts import AlertConfig
from monitor.store import Store


def see(store: Store, brand: BrandConfig, rule: AlertConfig, now: datetime, *, remember: bool = True) -> list[Sighting]:
    """What the watcher of a rule sees now; nothing for subjects with nothing to see."""
    if rule.watch == "promise":
        sightings, changed = see_promises(store, brand, rule, store.alerts.memory(brand.id, "promise"), now)
        if remember:
            store.alerts.remember(brand.id, "promise", changed)
        return sightings
    holes = blind_holes(store, brand, now - HISTORY, now)
    blind = [hole for hole in holes if hole.until > now - HOUR]
    if rule.watch == "silence":
        return see_silence(store, brand, rule, holes, blind, now)
    if blind:
        return [Sighting(Seen(rule.watch, blind=True))]
    return [see_counts(store, brand, rule, holes, now)]
