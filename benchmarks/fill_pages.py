"""Fill a folder with a configuration and a store as a year's work would leave them, for the benchmark of the dashboard's pages.

python -m benchmarks.fill_pages FOLDER COUNT
"""

import random
import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from models.reading import PILLARS, Passage, PromiseMatch, Reading, Sentiment
from monitor.alert_state import Alert
from monitor.app import App
from monitor.case_watch import open_due_cases
from monitor.storage.causes import CauseName
from monitor.storage.complaints import NewComplaint, fingerprint
from monitor.store import Match, Store
from reports.alert import Receipt
from reports.alert_text import alert_json
from reports.evidence import Window
from sources.mention import Mention

MODEL, ENCODER = "benchmark-model", "benchmark-encoder"
DAYS = 84
SOURCES = 4
CAUSES = 60
PROMISES = {
    "two-days": ("We deliver in two days.", "product and service"),
    "answered": ("Your call is answered within three minutes.", "customer service"),
    "lasts": ("It lasts for years.", "product and service"),
    "returns": ("Free returns, refunded within five days.", "friction"),
    "prices": ("Fair prices, no hidden fees.", "advertising"),
}
THINGS = ("parcel", "chair", "lamp", "kettle", "refund", "invoice", "drawer", "cushion", "voucher", "hinge", "screw", "manual")
GOOD = (
    "the {thing} came on day {n} and it is lovely, thank you so much",
    "ordered the {thing} in week {n} and everything went well, would buy again",
)
BAD = (
    "still waiting for the {thing} after {n} days and nobody at support answers the phone",
    "the {thing} broke after {n} uses and they refuse to take it back, never again",
    "charged {n} more for the {thing} than the page said, this is not what you advertise",
)
ASKS = "can somebody please help me with my {thing}? order {n}, I have been waiting for an answer for a week"
ADVERT = "We deliver in two days. Your call is answered within three minutes. Fair prices, no hidden fees."


def configuration() -> str:
    brand = '[[brand]]\nid = "acme"\nname = "Acme"\nquery = "*"\n'
    promises = "".join(
        f'[[brand.promise]]\nid = "{id_}"\ntext = "{text}"\npillar = "{pillar}"\n' for id_, (text, pillar) in PROMISES.items()
    )
    sources = "".join(f'[[source]]\nkind = "feed"\nid = "source{n}"\nurl = "https://example.org/{n}.rss"\n' for n in range(SOURCES))
    return brand + promises + sources + '[[alert]]\nwatch = "volume"\nbrand = "acme"\n'


def mentions(count: int, now: datetime) -> Iterator[tuple[Mention, list[Match]]]:
    """`count` mentions of the last twelve weeks, in order: one in two hundred by the brand itself, one in a thousand asks."""
    for n in range(count):
        yield mention(n, count, now - timedelta(days=DAYS) + timedelta(seconds=DAYS * 86_400 * n / count))


def mention(n: int, count: int, published: datetime) -> tuple[Mention, list[Match]]:
    chooser = random.Random(n)
    words = chooser.choice(BAD if chooser.random() < 0.35 else GOOD) if n % 1000 else ASKS
    text = f"{words.format(thing=chooser.choice(THINGS), n=chooser.randrange(1, 400))}, number {n}"
    brand = n % 200 == 7
    one = Mention(
        f"source{n % SOURCES}",
        str(n),
        f"{ADVERT} Offer {n}." if brand else text,
        published,
        author="acme" if brand else f"author{chooser.randrange(count // 3 + 1)}",
        voice="brand" if brand else "customer",
        url=f"https://example.org/{n}",
    )
    return one, [Match("acme", published.date())]


def reading(text: str) -> Reading:
    """How a text is read: moods by its words, promises by chance, the same ones every time."""
    chooser = random.Random(zlib.crc32(text.encode()))
    bad = any(word in text for word in ("waiting", "broke", "charged"))
    sure = 0.75 + chooser.random() / 5
    rest = round((1 - sure) / 2, 4)
    mood = Sentiment(round(1 - 2 * rest, 4), rest, rest) if bad else Sentiment(rest, rest, round(1 - 2 * rest, 4))
    promises: tuple[PromiseMatch, ...] = ()
    if chooser.random() < 0.4:
        promises = (PromiseMatch(chooser.choice(tuple(PROMISES)), 0.9, "broken" if bad else "kept", 0.8),)
    pillar = chooser.choice((*PILLARS, None))
    return Reading("en", mood, "", (Passage(0, len(text), mood, pillar, "first-hand", promises),), MODEL)


def read(store: Store) -> None:
    """Read what is unread."""
    while tasks := store.readings.unread(MODEL, 20_000):
        some = iter(tasks)
        while chunk := list(islice(some, 5_000)):
            store.readings.save((task, reading(task.text)) for task in chunk)


def complain(store: Store, now: datetime) -> None:
    """Give complaints causes: by their thing and how it failed, as grouping would, without an encoder."""
    room = store.causes.complaints
    causes = room.form("acme", CAUSES, now)
    named: dict[int, tuple[int, str]] = {}
    while (page := room.next_page()) is not None:
        new = []
        for one in page.complaints:
            cause = causes[zlib.crc32(one.passage[:40].encode()) % CAUSES]
            named.setdefault(cause, (one.mention, one.passage[:80]))
            new.append(NewComplaint(one, fingerprint(one.passage), b"\0" * 1536, cause))
        room.keep(page, (), (), new, ENCODER)
    store.causes.name([CauseName(cause, number, words, 100) for cause, (number, words) in named.items()])
    store.causes.cover(causes[0], (now - timedelta(days=40)).date(), "More vans", now, "benchmark")


def receipt(since: datetime, now: datetime) -> Receipt:
    return Receipt(
        *("acme", "Acme", "UTC", "volume", "", "Twice as many mentions as usual", since, now),
        *("counts of five hours", "the same hours of four weeks", 5000.0, 2500.0, 5000.0, 4900.0, 0.5, 1.0),
    )


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    (folder / "promisewatch.toml").write_text(configuration(), encoding="utf-8")
    app, now = App(folder / "promisewatch.toml", lambda: datetime.now(UTC)), datetime.now(UTC)
    with app.open_store() as store:
        store.mentions.import_rows(mentions(count, now), now)
        read(store)
        complain(store, now)
        open_due_cases(store, app.config, now)
        while store.searching.index_due():
            pass
        store.audit_cards.draw("acme", Window((now - timedelta(days=DAYS)).date(), now.date()), 100, "benchmark", now)
        since = now - timedelta(hours=5)
        store.alerts.save(
            Alert("acme", "volume", "", "open", since, since, now, opened=since),
            lambda _: (),
            now,
            alert_json(receipt(since, now)) | {"stories": []},
            [(1, 12)],
        )
        store.evidence.refresh()


if __name__ == "__main__":
    main()
