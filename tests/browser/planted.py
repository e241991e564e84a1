"""A made-up airline, twelve weeks long; from 25 May on it leaves late. Whatever the journeys find is planted here."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random

from models.reading import Passage, Reading
from monitor.alert_state import Alert
from monitor.app import App
from monitor.case_watch import open_due_cases
from monitor.causes import find_due_causes
from monitor.storage.people import Person
from monitor.store import Store, ToRead
from monitor.web.guard import hashed
from monitor.web.passwords import hash_password
from reports.alert_text import alert_json
from reports.evidence import Window
from sources.mention import Mention
from sources.source import Batch
from tests.monitor.store_builders import BAD, GOOD, matched, mention, read, said
from tests.monitor.test_causes import embedder
from tests.receipts import receipt

NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)
BEGIN = datetime(2026, 3, 30, 8, tzinfo=UTC)
BROKE = datetime(2026, 5, 25, tzinfo=UTC)
"""The Monday from which planes leave late."""
HOUR = timedelta(hours=1)
TOKEN = "t" * 43
PASSWORD = "a long enough password"
HOSTILE = '<script>console.error("run")</script><img src="https://elsewhere.example/x.png" onerror=alert(1)>'
ASKS = "Where is my bag, Acme? Can somebody please help me?"
CONFIG = """[[brand]]
id = "acme"
name = "Acme Air"
[[brand.promise]]
id = "on-time"
text = "We depart on time."
pillar = "product and service"
[[brand.promise]]
id = "bags"
text = "Your bags arrive with you."
pillar = "customer service"
[[brand.promise]]
id = "fees"
text = "No hidden fees."
pillar = "advertising"
[[source]]
kind = "feed"
id = "reviews"
url = "https://example.org/reviews.rss"
[[source]]
kind = "feed"
id = "forum"
url = "https://example.org/forum.rss"
[[alert]]
watch = "volume"
brand = "acme"
"""
ALL_MENTIONS = 416
"""How many there are; the last one is hostile."""
WHERE = ("at gate {}", "from stand {}", "in terminal {}", "with aircraft {}", "on line {}", "at desk {}", "by bus {}")
WHO = ("my family", "a friend", "our group", "a colleague", "two of us", "everybody", "my parents")
SAYS = {
    ("on-time", "broken"): (
        "plane left hours late and nobody said why",
        "plane left late again, hours of waiting, nobody said why",
    ),
    ("on-time", "kept"): ("pushed back to the minute, punctual as ever", "on the dot, doors closed and off we went"),
    ("bags", "kept"): ("suitcase came first on the belt", "luggage arrived together with us"),
    ("bags", "broken"): ("suitcase stayed behind and luggage desk was closed", "suitcase lost, luggage desk closed"),
    ("fees", "broken"): ("a fee for the seat appeared at the end of the booking",),
}


def plant(folder: Path) -> App:
    """Write configuration and store into `folder`."""
    (folder / "promisewatch.toml").write_text(CONFIG, encoding="utf-8")
    app = App(folder / "promisewatch.toml", lambda: NOW)
    with app.open_store() as store:
        people(store)
        for source in ("reviews", "forum"):
            store.mentions.keep(
                source, Batch(tuple(one for one in mentions() if one.source == source)), matched(), NOW - HOUR, HOUR
            )
        read(store, reading, limit=10_000)
        find_due_causes(store, app.config, embedder(), NOW)
        open_due_cases(store, app.config, NOW)
        store.audit_cards.draw("acme", Window(BEGIN.date(), NOW.date()), 5, "ann", NOW)
        alert(store)
    return app


def people(store: Store) -> None:
    """Ann is an administrator; her browser shows `TOKEN`."""
    store.people.add(Person("ann", "admin", hash_password(PASSWORD, b"salt" * 4)), NOW)
    store.people.open_session(hashed(TOKEN), "ann", NOW, 12 * HOUR)


def mentions() -> Iterator[Mention]:
    """What customers wrote, the same ones every time."""
    chance, number = Random(7), 0
    for week in range(12):
        start = BEGIN + timedelta(weeks=week)
        kept = 0.15 if start >= BROKE - timedelta(days=1) else 0.92
        topics = [("on-time", kept)] * 22 + [("bags", 0.9)] * 12 + ([("fees", 0.0)] if week % 2 else [])
        for topic, (promise, share) in enumerate(topics):
            number += 1
            words = chance.choice(SAYS[promise, "kept" if chance.random() < share else "broken"])
            place, who = list(product(WHERE, WHO))[(number * 11) % 49]
            text = f"Acme: {words}, {place.format(number)}, says {who}."
            yield mention(
                str(number),
                text,
                source="reviews" if topic % 2 else "forum",
                published=start + timedelta(hours=number * 5 % 120),
                url=f"https://example.org/{number}",
            )
    yield mention("waits", ASKS, source="forum", author="Wilma", published=NOW - 3 * HOUR)
    yield mention("hostile", f"Acme {HOSTILE} late", source="forum", title=HOSTILE, author=HOSTILE, published=NOW - 2 * HOUR)


def reading(task: ToRead) -> Reading:
    """How a text is read: by the words that were planted in it."""
    found = next((key for key, texts in SAYS.items() if any(text in task.text for text in texts)), None)
    mood = GOOD if found and found[1] == "kept" else BAD
    promises = (said(*found),) if found else ()
    pillar = "customer service" if found and found[0] == "bags" else "product and service"
    return Reading("en", mood, "", (Passage(0, len(task.text), mood, pillar, None, promises),), "m1")


def alert(store: Store) -> None:
    """Something is open since this morning."""
    since = NOW - 5 * HOUR
    title = f"Four times as many mentions as usual {HOSTILE}"
    shown = receipt(watch="volume", title=title, since=since, until=NOW)
    live = Alert("acme", "volume", "", "open", since, since, NOW, opened=since)
    store.alerts.save(live, lambda _: (), NOW, alert_json(shown), [(1, 12)])
