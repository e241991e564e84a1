"""Steps of the store's shape: what is heard, how it is matched, read, audited and counted."""

from typing import Any

_TABLES = (
    """CREATE TABLE brands (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, timezone TEXT NOT NULL, read_for TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE promises (
        brand TEXT NOT NULL REFERENCES brands, id TEXT NOT NULL, text TEXT NOT NULL, pillar TEXT NOT NULL, strength TEXT NOT NULL,
        expectation REAL, since TEXT, active INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (brand, id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE sources (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, address TEXT NOT NULL, brands TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'active', cursor TEXT NOT NULL DEFAULT '{}', moved_to TEXT NOT NULL DEFAULT '',
        collected TEXT, not_before TEXT, failures INTEGER NOT NULL DEFAULT 0,
        error TEXT NOT NULL DEFAULT '', remedy TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    """CREATE TABLE coverage (
        source INTEGER NOT NULL REFERENCES sources, hour TEXT NOT NULL, heard TEXT NOT NULL, reason TEXT NOT NULL,
        PRIMARY KEY (source, hour)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE runs (
        source INTEGER NOT NULL REFERENCES sources, at TEXT NOT NULL, new INTEGER NOT NULL, copies INTEGER NOT NULL,
        edited INTEGER NOT NULL, unchanged INTEGER NOT NULL, unmatched INTEGER NOT NULL, skipped INTEGER NOT NULL,
        heard TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (source, at)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE stories (
        id INTEGER PRIMARY KEY, key INTEGER NOT NULL UNIQUE, first_published TEXT NOT NULL, copies INTEGER NOT NULL
    ) STRICT""",
    # Long texts stand last: SQLite then finds the short columns without reading overflow pages.
    """CREATE TABLE mentions (
        id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources, external_id TEXT NOT NULL, voice TEXT NOT NULL,
        story INTEGER NOT NULL REFERENCES stories, author TEXT NOT NULL, published TEXT NOT NULL, collected TEXT NOT NULL,
        raw_published TEXT NOT NULL, language TEXT, rating REAL, url TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
        parent TEXT NOT NULL, attributes TEXT NOT NULL, UNIQUE (source, external_id)
    ) STRICT""",
    "CREATE INDEX mentions_story ON mentions (story)",
    """CREATE TABLE revisions (
        mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, title TEXT NOT NULL, text TEXT NOT NULL,
        replaced TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX revisions_mention ON revisions (mention)",
    # In the order that reports read: a window of a brand is one stretch of pages, however long its history.
    """CREATE TABLE matches (
        brand TEXT NOT NULL REFERENCES brands, day TEXT NOT NULL, mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE,
        unit INTEGER NOT NULL DEFAULT 1, cluster INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 1,
        voice TEXT NOT NULL, source INTEGER NOT NULL, spans TEXT NOT NULL, PRIMARY KEY (brand, day, mention)
    ) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX matches_mention ON matches (mention, brand)",
    "CREATE INDEX matches_unread ON matches (day, mention) WHERE unread = 1",
)

_READINGS = (
    """CREATE TABLE models (
        id INTEGER PRIMARY KEY, version TEXT NOT NULL UNIQUE, used INTEGER NOT NULL DEFAULT 0,
        negative REAL, neutral REAL, positive REAL
    ) STRICT""",
    """CREATE TABLE readings (
        id INTEGER PRIMARY KEY, mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE,
        brand TEXT NOT NULL REFERENCES brands, model INTEGER NOT NULL REFERENCES models,
        language TEXT, label TEXT, negative REAL, neutral REAL, positive REAL,
        reason TEXT NOT NULL, UNIQUE (mention, brand, model)
    ) STRICT""",
    """CREATE TABLE passages (
        id INTEGER PRIMARY KEY, reading INTEGER NOT NULL REFERENCES readings ON DELETE CASCADE,
        start INTEGER NOT NULL, stop INTEGER NOT NULL, label TEXT NOT NULL,
        negative REAL NOT NULL, neutral REAL NOT NULL, positive REAL NOT NULL, pillar TEXT, experience TEXT
    ) STRICT""",
    "CREATE INDEX passages_reading ON passages (reading)",
    """CREATE TABLE evidence (
        mention INTEGER NOT NULL, brand TEXT NOT NULL, model INTEGER NOT NULL, promise TEXT NOT NULL,
        passage INTEGER NOT NULL REFERENCES passages ON DELETE CASCADE,
        stance TEXT, relevance REAL NOT NULL, confidence REAL NOT NULL,
        PRIMARY KEY (mention, brand, model, promise, passage)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX evidence_passage ON evidence (passage)",
    """CREATE TABLE placements (
        brand TEXT NOT NULL REFERENCES brands, day TEXT NOT NULL, model INTEGER NOT NULL REFERENCES models, promise TEXT NOT NULL,
        mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, PRIMARY KEY (brand, day, model, promise, mention)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX placements_mention ON placements (mention)",
    """CREATE TABLE audits (
        mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, brand TEXT NOT NULL REFERENCES brands, label TEXT NOT NULL,
        random INTEGER NOT NULL, labelled TEXT NOT NULL, PRIMARY KEY (brand, mention)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX audits_mention ON audits (mention)",
)

_ROLLUPS = (
    "CREATE TABLE rollup_stale (brand TEXT NOT NULL, day TEXT NOT NULL, PRIMARY KEY (brand, day)) STRICT, WITHOUT ROWID",
    """CREATE TABLE mention_rollup (
        brand TEXT NOT NULL, day TEXT NOT NULL, voice TEXT NOT NULL, source INTEGER NOT NULL, story INTEGER NOT NULL,
        units INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (brand, day, voice, source, story)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE reading_rollup (
        brand TEXT NOT NULL, day TEXT NOT NULL, model INTEGER NOT NULL, reason TEXT NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (brand, day, model, reason)
    ) STRICT, WITHOUT ROWID""",
    # Sums are whole millionths: they add up to the same number in every order.
    """CREATE TABLE sentiment_rollup (
        brand TEXT NOT NULL, day TEXT NOT NULL, model INTEGER NOT NULL, voice TEXT NOT NULL, source INTEGER NOT NULL,
        cell INTEGER NOT NULL, label TEXT NOT NULL, story INTEGER NOT NULL, n INTEGER NOT NULL,
        negative INTEGER NOT NULL, neutral INTEGER NOT NULL, positive INTEGER NOT NULL,
        PRIMARY KEY (brand, day, model, voice, source, cell, label, story)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE evidence_rollup (
        brand TEXT NOT NULL, day TEXT NOT NULL, model INTEGER NOT NULL, promise TEXT NOT NULL, voice TEXT NOT NULL,
        source INTEGER NOT NULL, stance TEXT NOT NULL, story INTEGER NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (brand, day, model, promise, voice, source, stance, story)
    ) STRICT, WITHOUT ROWID""",
    # The best of a window are among the best of its days. `promise` is '' where `side` is a sentiment.
    """CREATE TABLE quote_rollup (
        brand TEXT NOT NULL, day TEXT NOT NULL, model INTEGER NOT NULL, promise TEXT NOT NULL, side TEXT NOT NULL,
        place INTEGER NOT NULL, mention INTEGER NOT NULL, passage INTEGER, confidence REAL NOT NULL,
        PRIMARY KEY (brand, day, model, promise, side, place)
    ) STRICT, WITHOUT ROWID""",
)


def mentions_stories_readings_and_rollups(db: Any) -> None:
    """The first shape."""
    for statement in (*_TABLES, *_READINGS, *_ROLLUPS):
        db.execute(statement)


def when_sources_are_due(db: Any) -> None:
    """When a source last brought something new, what that was told by, and when it is to be asked next."""
    for column in ("news TEXT", "seen TEXT NOT NULL DEFAULT ''", "due TEXT"):
        db.execute(f"ALTER TABLE sources ADD COLUMN {column}")


def what_queries_leave_out(db: Any) -> None:
    """What a NOT or a deny list kept out, by the identity that takes it back; and what spoke of no brand, for a while."""
    db.execute(
        """CREATE TABLE exclusions (
            source INTEGER NOT NULL REFERENCES sources, external_id TEXT NOT NULL, brand TEXT NOT NULL REFERENCES brands,
            day TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (source, external_id, brand)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX exclusions_day ON exclusions (brand, day, reason)")
    db.execute(
        """CREATE TABLE unmatched (
            source INTEGER NOT NULL REFERENCES sources, external_id TEXT NOT NULL, until TEXT NOT NULL, mention TEXT NOT NULL,
            PRIMARY KEY (source, external_id)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX unmatched_until ON unmatched (until)")
    # Whether a query or somebody else found a match without spans is not known: no change of a query takes it away then.
    db.execute("UPDATE matches SET spans = 'null' WHERE spans = '[]'")


def samples_and_corrections(db: Any) -> None:
    """Which mentions were drawn at random to be audited, what people said of their promises, and what people put right."""
    for statement in (
        """CREATE TABLE draws (
            id INTEGER PRIMARY KEY, brand TEXT NOT NULL REFERENCES brands, since TEXT NOT NULL, until TEXT NOT NULL,
            seed INTEGER NOT NULL, units INTEGER NOT NULL, drawn TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE drawn (
            draw INTEGER NOT NULL REFERENCES draws, mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE,
            place INTEGER NOT NULL, PRIMARY KEY (draw, mention)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX drawn_mention ON drawn (mention)",
        """CREATE TABLE audit_stances (
            brand TEXT NOT NULL REFERENCES brands, mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE,
            promise TEXT NOT NULL, stance TEXT NOT NULL, PRIMARY KEY (brand, mention, promise)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX audit_stances_mention ON audit_stances (mention)",
        # The number of a correction that was undone is not given again: somebody may have written it down.
        """CREATE TABLE corrections (
            id INTEGER PRIMARY KEY AUTOINCREMENT, brand TEXT NOT NULL REFERENCES brands, kind TEXT NOT NULL, query TEXT NOT NULL,
            label TEXT NOT NULL, made TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE corrected (
            brand TEXT NOT NULL REFERENCES brands, mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE,
            by_rule INTEGER NOT NULL, correction INTEGER NOT NULL REFERENCES corrections ON DELETE CASCADE, label TEXT NOT NULL,
            PRIMARY KEY (brand, mention, by_rule, correction)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX corrected_mention ON corrected (mention)",
        "CREATE INDEX corrected_correction ON corrected (correction)",
    ):
        db.execute(statement)


def what_was_withdrawn(db: Any) -> None:
    """What is to be looked at again where it was published, the texts that mentions quote, and what was taken back."""
    db.execute("ALTER TABLE sources ADD COLUMN queued INTEGER NOT NULL DEFAULT 0")
    db.execute(
        """CREATE TABLE rechecks (
            source INTEGER NOT NULL REFERENCES sources, external_id TEXT NOT NULL, due TEXT NOT NULL,
            unknown INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (source, external_id)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX rechecks_due ON rechecks (source, due)")
    db.execute(
        """CREATE TABLE contexts (
            source INTEGER NOT NULL REFERENCES sources, external_id TEXT NOT NULL,
            mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, PRIMARY KEY (source, external_id, mention)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX contexts_mention ON contexts (mention)")
    db.execute(
        """CREATE TABLE tombstones (
            source INTEGER NOT NULL REFERENCES sources, external_id TEXT NOT NULL, removed TEXT NOT NULL,
            PRIMARY KEY (source, external_id)
        ) STRICT, WITHOUT ROWID"""
    )
    # The number of the newest mention is given again when that one goes: it must not count as queued then.
    db.execute(
        """CREATE TRIGGER mentions_requeue AFTER DELETE ON mentions WHEN NOT EXISTS (SELECT 1 FROM mentions WHERE id > OLD.id)
        BEGIN UPDATE sources SET queued = min(queued, (SELECT coalesce(max(id), 0) FROM mentions)); END"""
    )


def what_leads_to_a_story_or_a_mention(db: Any) -> None:
    """Further keys and near copies of a story; addresses and further identities of a mention, and when it was updated."""
    for statement in (
        "CREATE TABLE story_keys (key INTEGER PRIMARY KEY, story INTEGER NOT NULL REFERENCES stories) STRICT",
        "CREATE INDEX story_keys_story ON story_keys (story)",
        """CREATE TABLE story_texts (
            id INTEGER PRIMARY KEY, story INTEGER NOT NULL REFERENCES stories, shingles INTEGER NOT NULL, minima BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX story_texts_story ON story_texts (story)",
        "CREATE TABLE story_bands (band INTEGER NOT NULL, text INTEGER NOT NULL, PRIMARY KEY (band, text)) STRICT, WITHOUT ROWID",
        """CREATE TABLE addresses (
            key INTEGER NOT NULL, mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, PRIMARY KEY (key, mention)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX addresses_mention ON addresses (mention)",
        """CREATE TABLE identities (
            source INTEGER NOT NULL REFERENCES sources, external_id TEXT NOT NULL,
            mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, PRIMARY KEY (source, external_id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX identities_mention ON identities (mention)",
        "ALTER TABLE mentions ADD COLUMN updated TEXT NOT NULL DEFAULT ''",
    ):
        db.execute(statement)


def what_evidence_measures(db: Any) -> None:
    """What a passage measures of what its promise measures, as written."""
    db.execute("ALTER TABLE evidence ADD COLUMN quantity TEXT NOT NULL DEFAULT ''")


def which_way_a_place_was_heard(db: Any) -> None:
    """On which rung of its ladder a source was heard, by day."""
    db.execute(
        """CREATE TABLE rungs (
            source INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE, day TEXT NOT NULL, rung TEXT NOT NULL,
            PRIMARY KEY (source, day, rung)
        ) STRICT, WITHOUT ROWID"""
    )
