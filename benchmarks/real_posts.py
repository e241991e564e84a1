"""Reports on real posts that people labelled: do the figures of a brand, or of a topic, agree with the labels?

The posts go through the program as a user's would: `import`, `read`, and what `gap` computes; the labels are held back, but for those
of a random sample that is then audited. Only posts that no part of the training has seen are taken.
"""

import csv
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import numpy as np

from models.training.data import LABELS, public_sets, split_of
from models.training.tasks import gadget_pairs, topic_pairs
from monitor.store import Audit, Store
from reports.evidence import Evidence, Label, Window
from reports.net import estimate_net, window_correction
from reports.sentiment_table import sentiment_table

COMMAND = [str(Path(sys.executable).with_name("promisewatch"))]
MONTH = Window(date(2026, 6, 1), date(2026, 7, 1))
SMALLEST = 12
AUDITED = (50, 100)
DRAWS = 40


@dataclass(frozen=True)
class Post:
    """A post about `about`, with what a person says of its sentiment towards that."""

    about: str
    text: str
    label: Label


@dataclass(frozen=True)
class Agreement:
    """How the figures of several brands agree with the labels of their posts.

    Errors are mean absolute ones of net sentiment, in points; `held` is the share of intervals that hold the labels' own figure.
    """

    what: str
    brands: int
    posts: float
    raw: float
    corrected: float
    width: float
    held: float


def posts(data: Path) -> dict[str, list[Post]]:
    """The labelled posts by set, those of each brand or topic of which there are enough."""
    computers = [
        Post("the computer maker", one.text, cast("Label", one.label))
        for one in public_sets(data)["brands_computers"]
        if split_of(one.text) == "dev"
    ]
    found = {
        "a computer maker": computers,
        "gadgets and their makers": [
            Post(one.first, one.second, cast("Label", LABELS[one.label])) for one in gadget_pairs(data, "dev")
        ],
        "topics of tweets": [Post(one.first, one.second, cast("Label", LABELS[one.label])) for one in topic_pairs(data, "dev")],
    }
    return {name: list(_frequent(several)) for name, several in found.items()}


def _frequent(several: Sequence[Post]) -> Iterator[Post]:
    names = [one.about for one in several]
    for one in several:
        if names.count(one.about) >= SMALLEST:
            yield one


def told(several: Sequence[Post], folder: Path) -> list[tuple[Evidence, dict[int, Label]]]:
    """Import and read posts, each as said of its own brand; the evidence of each brand, and its labels by mention."""
    brands = sorted({one.about for one in several})
    configured = [f'[[brand]]\nid = "b{at}"\nname = {_quoted(name)}\nquery = "*"\n' for at, name in enumerate(brands)]
    (folder / "promisewatch.toml").write_text("\n".join(configured), encoding="utf-8")
    first = datetime.combine(MONTH.since, datetime.min.time(), UTC)
    with (folder / "posts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "brand", "text", "published", "author"])
        for at, one in enumerate(several):
            when = first + timedelta(minutes=at % 40_000)
            writer.writerow([at, f"b{brands.index(one.about)}", one.text, when.isoformat(), f"author {at}"])
    for arguments in (["import", "posts.csv", "--brand-column", "brand"], ["read"]):
        subprocess.run([*COMMAND, *arguments], cwd=folder, check=True, capture_output=True)
    found = []
    with Store(folder / "promisewatch.db") as store:
        numbers = {int(one.external_id): one.id for one in store.mentions.each()}
        labels = {numbers[at]: one.label for at, one in enumerate(several) if at in numbers}
        for at in range(len(brands)):
            mine = {one.id for one in store.mentions.each(f"b{at}")}
            drawn = store.audits.draw(f"b{at}", MONTH, len(mine), 1, first).mentions
            store.audits.save([Audit(mention, f"b{at}", labels[mention]) for mention in drawn], first)
            evidence = store.evidence.load(f"b{at}", MONTH, "month", generated=first)
            found.append((evidence, {mention: labels[mention] for mention in drawn}))
    return found


def agreements(data: Path) -> Iterator[Agreement]:
    """Hold the figures of each set against its labels: without any label, and with some of them audited."""
    rng = np.random.default_rng(7)
    for name, several in posts(data).items():
        with tempfile.TemporaryDirectory() as folder:
            found = [evidence for evidence, _ in told(several, Path(folder))]
        yield _agreement(f"{name}, no label used", [(one, _told(one, 0, rng)) for one in found if one.sentiment])
        for size in AUDITED:
            large = [one for one in found if len(one.audits) >= 2 * size]
            if large:
                drawn = [(one, _told(one, size, rng)) for one in large for _ in range(DRAWS)]
                yield replace(_agreement(f"{name}, {size} audited", drawn), brands=len(large))


Figures = tuple[float, float, tuple[float, float]]


def _told(evidence: Evidence, audited: int, rng: np.random.Generator) -> Figures:
    """Raw and corrected net sentiment, as the gap report gives them, with the interval, or without audits the wider one of its doubt."""
    table = sentiment_table(evidence.sentiment)
    chosen = [evidence.audits[at] for at in rng.choice(len(evidence.audits), size=audited, replace=False)] if audited else []
    some = replace(evidence, audits=tuple(chosen))
    found = estimate_net(table, some.model, rng, audited=window_correction(some, table, MONTH)).sentiment
    if found.net is None or found.raw is None or found.interval is None:
        raise ValueError(f"{evidence.brand_name} has too few posts")
    return found.raw, found.net, found.doubt or found.interval


def _agreement(what: str, several: Sequence[tuple[Evidence, Figures]]) -> Agreement:
    lines = []
    for evidence, (raw, net, (low, high)) in several:
        labels = [one.label for one in evidence.audits]
        true = 100 * (labels.count("positive") - labels.count("negative")) / len(labels)
        lines.append((len(labels), abs(raw - true), abs(net - true), high - low, low <= true <= high))
    posts_, *rest = (float(value) for value in np.mean(lines, axis=0))
    return Agreement(what, len(several), posts_, *rest)


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "").replace('"', "") + '"'


def lines_of(found: Sequence[Agreement]) -> list[str]:
    """The table of a document."""
    return [
        "| posts, and labels used | brands or topics | posts of each | error as read | error corrected | width of the interval | holds the labels |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {one.what} | {one.brands} | {one.posts:.0f} | {one.raw:.1f} | {one.corrected:.1f} | {one.width:.0f} | {100 * one.held:.0f} % |"
            for one in found
        ),
    ]


if __name__ == "__main__":
    print("\n".join(lines_of(list(agreements(Path(sys.argv[1]))))))
