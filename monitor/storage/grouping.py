"""Stories: which mentions are one, which match is the unit of its story-voice, and which stories several voices share.

A story is a connected component. Mentions are joined by the keys that they share (the same words, a press article's address) and by
texts that are near copies of each other, however long the chain. So neither the order of arrival nor the batches make a difference,
and a mention that changes or goes takes the joints with it that only it made.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from operator import itemgetter
from sqlite3 import Connection
from typing import NamedTuple

from monitor.near_copies import Signature, are_near, sign
from monitor.storage.connection import moment
from monitor.stories import telling
from sources.mention import Mention

CROWD = 100
"""Texts that are filed under one band at most. What more of them share is a pattern, such as the frame of a form, and each of those
is compared with these only: a lookup stays short. Up to that number the result knows no order."""

_AT_ONCE = 500


class Assigned(NamedTuple):
    """The story of each mention; how many are copies of one that was there before them; the stories that several may share now."""

    stories: list[int]
    copies: int
    shared: set[int]


class _Joints:
    """Stories that turn out to be one (union-find); the one with the lowest id stands for all."""

    def __init__(self) -> None:
        self._into: dict[int, int] = {}

    def __bool__(self) -> bool:
        return bool(self._into)

    def find(self, story: int) -> int:
        while story in self._into:
            story = self._into[story]
        return story

    def join(self, one: int, other: int) -> None:
        one, other = self.find(one), self.find(other)
        if one != other:
            self._into[max(one, other)] = min(one, other)

    @property
    def joined(self) -> Iterable[int]:
        return self._into


def assign(connection: Connection, mentions: Sequence[Mention], published: Sequence[str], free: Sequence[int] = ()) -> Assigned:
    """The one place that decides which story a mention belongs to.

    `published` are the mentions' stamps; `free` is for each the id of a story that is no more, to be given again, or 0.
    """
    told = [telling(mention) for mention in mentions]
    known = _known(connection, [key for one in told for key in one.keys])
    stories, joints = dict(known), _Joints()
    following = max([next_id(connection, "stories"), *(story + 1 for story in free)])
    opened: dict[int, tuple[int, str]] = {}
    fresh: list[tuple[int, str]] = []
    for one, at, wish in zip(told, published, free or repeat(0), strict=False):
        for key in one.keys:
            if key not in stories:
                story = stories[key] = wish if wish and wish not in opened else following + len(opened)
                opened[story] = (key, at)
                if one.words and key == one.keys[0]:
                    fresh.append((story, one.words))
        for key in one.keys[1:]:
            joints.join(stories[one.keys[0]], stories[key])
    for start in range(0, len(fresh), _AT_ONCE):
        _join_near(connection, fresh[start : start + _AT_ONCE], joints)
    _write(connection, opened, joints)
    found = [joints.find(stories[one.keys[0]]) for one in told]
    voices = Counter(found)
    return Assigned(
        found,
        len(found) - sum(1 for story in voices if story in opened),
        {story for story, mentioned in voices.items() if mentioned > 1 or story not in opened},
    )


def _known(connection: Connection, keys: list[int]) -> dict[int, int]:
    asked = (json.dumps(keys),)
    found = dict(connection.execute("SELECT key, id FROM stories WHERE key IN (SELECT value FROM json_each(?))", asked))
    if connection.execute("SELECT 1 FROM story_keys LIMIT 1").fetchone():
        found |= connection.execute("SELECT key, story FROM story_keys WHERE key IN (SELECT value FROM json_each(?))", asked)
    return found


def _join_near(connection: Connection, fresh: list[tuple[int, str]], joints: _Joints) -> None:
    """Join the stories of new texts to those of their near copies, and file the texts."""
    signatures = sign([words for _, words in fresh])
    bands = [signature.bands() for signature in signatures]
    filed = defaultdict[int, list[int]](list)
    asked = (json.dumps([band for some in bands for band in some]),)
    for band, text in connection.execute(
        "SELECT band, text FROM story_bands WHERE band IN (SELECT value FROM json_each(?)) ORDER BY band, text", asked
    ):
        filed[band].append(text)
    asked = (json.dumps(sorted({text for some in filed.values() for text in some})),)
    texts = {
        text: (story, Signature(minima, shingles))
        for text, story, minima, shingles in connection.execute(
            "SELECT id, story, minima, shingles FROM story_texts WHERE id IN (SELECT value FROM json_each(?))", asked
        )
    }
    following = next_id(connection, "story_texts")
    rows: list[tuple[int, int]] = []
    for number, ((story, _), signature, some) in enumerate(zip(fresh, signatures, bands, strict=True), following):
        for other in {text for band in some for text in filed[band]}:
            theirs, candidate = texts[other]
            if joints.find(theirs) != joints.find(story) and are_near(signature, candidate):
                joints.join(theirs, story)
        texts[number] = (story, signature)
        for band in some:
            if len(filed[band]) < CROWD:
                filed[band].append(number)
                rows.append((band, number))
    connection.execute("PRAGMA defer_foreign_keys = ON")  # the stories are written when all their joints are known
    connection.executemany(
        "INSERT INTO story_texts (id, story, shingles, minima) VALUES (?, ?, ?, ?)",
        [
            (number, story, signature.shingles, signature.minima)
            for number, ((story, _), signature) in enumerate(zip(fresh, signatures, strict=True), following)
        ],
    )
    # In their order each page of the index is visited once.
    connection.executemany("INSERT OR IGNORE INTO story_bands VALUES (?, ?)", sorted(rows))


def _write(connection: Connection, opened: Mapping[int, tuple[int, str]], joints: _Joints) -> None:
    """Write new stories, and make one of those that were joined."""
    if joints:
        connection.execute("PRAGMA defer_foreign_keys = ON")
    rows = [(story, *rest) for story, rest in opened.items() if joints.find(story) == story]
    connection.executemany("INSERT INTO stories VALUES (?, ?, ?, 1)", sorted(rows, key=itemgetter(1)))
    for story in joints.joined:
        into = joints.find(story)
        if story in opened:
            keys = [opened[story][0]]
        else:
            keys = [key for (key,) in connection.execute("DELETE FROM stories WHERE id = ? RETURNING key", (story,)).fetchall()]
            connection.execute("UPDATE mentions SET story = ? WHERE story = ?", (into, story))
            connection.execute("UPDATE story_keys SET story = ? WHERE story = ?", (into, story))
        connection.execute("UPDATE story_texts SET story = ? WHERE story = ?", (into, story))
        connection.executemany("INSERT INTO story_keys VALUES (?, ?)", [(key, into) for key in keys])


def next_id(connection: Connection, table: str) -> int:
    """The first id of `table` that was not given yet."""
    return int(connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])  # noqa: S608 - our own names


def reassign(connection: Connection, changed: Mapping[int, int]) -> set[int]:
    """Decide anew where mentions belong that changed, by id, from their former stories. Returns the stories to regroup.

    Where such a story has several joints, all its mentions are decided anew: the change may have been what held them together.
    """
    if not changed:
        return set()
    members = set(changed)
    undone = []
    for story in sorted(set(changed.values())):
        all_its = {mention for (mention,) in connection.execute("SELECT id FROM mentions WHERE story = ?", (story,))}
        if all_its <= members or _is_jointed(connection, story):
            undone.append(story)
            members |= all_its
    dissolve(connection, undone)
    return {*changed.values(), *_place(connection, members)}


def unlink(connection: Connection, stories: Iterable[int]) -> None:
    """Settle stories from which mentions were taken away: some are no more, some fall apart, the others are regrouped."""
    left = set(stories)
    asked = (json.dumps(sorted(left)),)
    some = "story IN (SELECT value FROM json_each(?))"
    there = {story for (story,) in connection.execute(f"SELECT DISTINCT story FROM mentions WHERE {some}", asked)}  # noqa: S608 - constants
    jointed = {story for (story,) in connection.execute(f"SELECT DISTINCT story FROM story_keys WHERE {some}", asked)} & there  # noqa: S608 - constants
    members = [
        mention
        for story in sorted(jointed)
        for (mention,) in connection.execute("SELECT id FROM mentions WHERE story = ?", (story,))
    ]
    dissolve(connection, [*(left - there), *jointed])
    regroup(connection, there | _place(connection, members))


def _is_jointed(connection: Connection, story: int) -> bool:
    """Whether more than one key leads to a story."""
    return connection.execute("SELECT 1 FROM story_keys WHERE story = ? LIMIT 1", (story,)).fetchone() is not None


def _place(connection: Connection, members: Iterable[int]) -> set[int]:
    """Decide where mentions belong whose stories were dissolved, or which left theirs; an id that is free is used again."""
    query = """SELECT m.id, s.name, m.external_id, m.text, m.published, m.title, m.url, m.author, m.voice, m.story
        FROM mentions m JOIN sources s ON s.id = m.source WHERE m.id IN (SELECT value FROM json_each(?)) ORDER BY m.id"""
    rows = connection.execute(query, (json.dumps(list(members)),)).fetchall()
    mentions = [
        Mention(source, external_id, text, moment(published), title=title, url=url, author=author, voice=voice)
        for _, source, external_id, text, published, title, url, author, voice, _ in rows
    ]
    kept = {
        story
        for (story,) in connection.execute(
            "SELECT id FROM stories WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([row[-1] for row in rows]),)
        )
    }
    free = [0 if row[-1] in kept else row[-1] for row in rows]
    found = assign(connection, mentions, [row[4] for row in rows], free)
    connection.executemany(
        "UPDATE mentions SET story = ? WHERE id = ?", [(story, row[0]) for story, row in zip(found.stories, rows, strict=True)]
    )
    return set(found.stories)


def dissolve(connection: Connection, stories: Sequence[int]) -> None:
    """Forget stories with all that leads to them; their mentions are to be placed anew, or gone, in the same transaction."""
    connection.execute("PRAGMA defer_foreign_keys = ON")
    asked = (json.dumps(list(stories)),)
    texts = connection.execute(
        "SELECT id, minima, shingles FROM story_texts WHERE story IN (SELECT value FROM json_each(?))", asked
    ).fetchall()
    connection.executemany(
        "DELETE FROM story_bands WHERE band = ? AND text = ?",
        [(band, text) for text, minima, shingles in texts for band in Signature(minima, shingles).bands()],
    )
    for table, column in (("story_texts", "story"), ("story_keys", "story"), ("stories", "id")):
        connection.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", asked)  # noqa: S608 - our own names


def regroup(connection: Connection, stories: set[int]) -> None:
    """Settle `stories` anew: their copies, the unit of each author and brand, and whether several voices share them.

    The unit is the first published mention of an author in one voice, whatever came in first, so that the result knows no order.
    Days whose units changed become stale, earlier ones too.
    """
    if not stories:
        return
    connection.execute("CREATE TEMP TABLE touched (story INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO touched VALUES (?)", ((story,) for story in stories))
    connection.execute(
        """UPDATE stories SET copies = found.n, first_published = coalesce(found.first, '')
        FROM (SELECT t.story, count(m.id) AS n, min(m.published) AS first
              FROM touched t LEFT JOIN mentions m ON m.story = t.story GROUP BY t.story) AS found
        WHERE stories.id = found.story"""
    )
    connection.execute(
        """CREATE TEMP TABLE changed AS SELECT brand, day, mention, unit, cluster FROM (
            SELECT *, CASE WHEN sum(unit) OVER (PARTITION BY brand, story) > 1 THEN story ELSE 0 END AS cluster FROM (
                SELECT a.brand, a.day, a.mention, m.story, a.unit AS old_unit, a.cluster AS old_cluster, row_number() OVER (
                    PARTITION BY a.brand, a.voice, m.story, CASE m.author WHEN '' THEN m.id ELSE m.author END
                    ORDER BY m.published, m.external_id, s.name) = 1 AS unit
                FROM touched t JOIN mentions m ON m.story = t.story JOIN sources s ON s.id = m.source
                JOIN matches a ON a.mention = m.id))
        WHERE unit <> old_unit OR cluster <> old_cluster"""
    )
    connection.execute("INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM changed")
    connection.execute(
        """UPDATE matches SET unit = changed.unit, cluster = changed.cluster FROM changed
        WHERE matches.brand = changed.brand AND matches.day = changed.day AND matches.mention = changed.mention"""
    )
    connection.execute("DROP TABLE changed")
    connection.execute("DROP TABLE touched")
