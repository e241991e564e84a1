"""Steps of the store's shape: what reports tell beyond promises kept and broken, and what is searched."""

from typing import Any


def what_pillars_are_told_by(db: Any) -> None:
    """Counted evidence on each pillar, with the passage that is surest, and how the company rates its pillars itself."""
    # SQLite gives the other columns of the row that has the maximum: `best` and `passage` are those of `confidence`.
    db.execute(
        """CREATE TABLE pillar_rollup (
            brand TEXT NOT NULL, day TEXT NOT NULL, model INTEGER NOT NULL, pillar TEXT NOT NULL, good INTEGER NOT NULL,
            story INTEGER NOT NULL, n INTEGER NOT NULL, best INTEGER NOT NULL, passage INTEGER NOT NULL, confidence REAL NOT NULL,
            PRIMARY KEY (brand, day, model, pillar, good, story)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM matches")
    db.execute(
        """CREATE TABLE self_ratings (
            brand TEXT NOT NULL REFERENCES brands, rater TEXT NOT NULL, made TEXT NOT NULL, pillar TEXT NOT NULL,
            rating REAL NOT NULL, PRIMARY KEY (brand, rater, made, pillar)
        ) STRICT, WITHOUT ROWID"""
    )


def what_segments_are_told_by(db: Any) -> None:
    """Voices by topic, language and imported column, by author and thread, and the quantities that they name."""
    for statement in (
        """CREATE TABLE segment_columns (
            brand TEXT NOT NULL REFERENCES brands, name TEXT NOT NULL, PRIMARY KEY (brand, name)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE segment_rollup (
            brand TEXT NOT NULL, day TEXT NOT NULL, model INTEGER NOT NULL, dimension TEXT NOT NULL, value TEXT NOT NULL,
            source INTEGER NOT NULL, cell INTEGER NOT NULL, label TEXT NOT NULL, story INTEGER NOT NULL, n INTEGER NOT NULL,
            negative INTEGER NOT NULL, neutral INTEGER NOT NULL, positive INTEGER NOT NULL,
            PRIMARY KEY (brand, day, model, dimension, value, source, cell, label, story)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE segment_side_rollup (
            brand TEXT NOT NULL, day TEXT NOT NULL, model INTEGER NOT NULL, dimension TEXT NOT NULL, value TEXT NOT NULL,
            promise TEXT NOT NULL, stance TEXT NOT NULL, story INTEGER NOT NULL, n INTEGER NOT NULL,
            PRIMARY KEY (brand, day, model, dimension, value, promise, stance, story)
        ) STRICT, WITHOUT ROWID""",
        # A list a day: most authors speak once, and a list is read five times sooner than as many rows.
        """CREATE TABLE leader_rollup (
            brand TEXT NOT NULL, day TEXT NOT NULL, model INTEGER NOT NULL, promise TEXT NOT NULL, kind TEXT NOT NULL,
            names TEXT NOT NULL, PRIMARY KEY (brand, day, model, promise, kind)
        ) STRICT""",
        """CREATE TABLE quantity_rollup (
            brand TEXT NOT NULL, day TEXT NOT NULL, model INTEGER NOT NULL, promise TEXT NOT NULL, quantity TEXT NOT NULL,
            stance TEXT NOT NULL, story INTEGER NOT NULL, n INTEGER NOT NULL,
            PRIMARY KEY (brand, day, model, promise, quantity, stance, story)
        ) STRICT, WITHOUT ROWID""",
        # Names go at once with whatever changes a day: who is forgotten must not wait for the next count.
        """CREATE TRIGGER rollup_stale_leaders AFTER INSERT ON rollup_stale
        BEGIN DELETE FROM leader_rollup WHERE brand = NEW.brand AND day = NEW.day; END""",
        "INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM matches",
    ):
        db.execute(statement)


def how_loudly_promises_are_made(db: Any) -> None:
    """The words of each placement, what voices say of promises, how much a promise matters to its brand, and claims to accept."""
    for statement in (
        "ALTER TABLE promises ADD COLUMN weight REAL",
        "ALTER TABLE placements ADD COLUMN words TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX matches_brand_voice ON matches (brand, day) WHERE voice = 'brand'",
        """CREATE TABLE voice_rollup (
            brand TEXT NOT NULL, day TEXT NOT NULL, model INTEGER NOT NULL, label TEXT NOT NULL, said TEXT NOT NULL,
            story INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (brand, day, model, label, said, story)
        ) STRICT, WITHOUT ROWID""",
        "INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM matches",
        # The number of a claim is not given again: somebody may have written it down.
        """CREATE TABLE claims (
            id INTEGER PRIMARY KEY AUTOINCREMENT, brand TEXT NOT NULL REFERENCES brands, key TEXT NOT NULL,
            words TEXT NOT NULL, strength TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, sightings INTEGER NOT NULL,
            mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, state TEXT NOT NULL DEFAULT 'proposed',
            UNIQUE (brand, key)
        ) STRICT""",
        "CREATE INDEX claims_mention ON claims (mention)",
    ):
        db.execute(statement)


def what_complaints_have_in_common(db: Any) -> None:
    """Passages that complain, each with its vector, the causes that they are grouped by, and what was done about each."""
    for statement in (
        # The number of a cause is not given again: somebody may have written it down.
        """CREATE TABLE causes (
            id INTEGER PRIMARY KEY AUTOINCREMENT, brand TEXT NOT NULL REFERENCES brands, status TEXT NOT NULL DEFAULT 'open',
            title TEXT NOT NULL DEFAULT '', formed TEXT NOT NULL, merged_into INTEGER REFERENCES causes, covered TEXT,
            done TEXT NOT NULL DEFAULT '', checked INTEGER NOT NULL DEFAULT 0
        ) STRICT""",
        "CREATE INDEX causes_brand ON causes (brand)",
        "CREATE INDEX causes_merged_into ON causes (merged_into)",
        # A name in a customer's words goes with the mention that it is taken from.
        """CREATE TABLE cause_words (
            cause INTEGER PRIMARY KEY REFERENCES causes ON DELETE CASCADE,
            mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, name TEXT NOT NULL, complaints INTEGER NOT NULL
        ) STRICT""",
        "CREATE INDEX cause_words_mention ON cause_words (mention)",
        """CREATE TABLE cause_events (
            id INTEGER PRIMARY KEY, cause INTEGER NOT NULL REFERENCES causes ON DELETE CASCADE, at TEXT NOT NULL,
            what TEXT NOT NULL, detail TEXT NOT NULL, who TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX cause_events_cause ON cause_events (cause)",
        """CREATE TABLE complaints (
            id INTEGER PRIMARY KEY, brand TEXT NOT NULL REFERENCES brands, day TEXT NOT NULL,
            mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, start INTEGER NOT NULL, stop INTEGER NOT NULL,
            said INTEGER NOT NULL, cause INTEGER REFERENCES causes ON DELETE SET NULL, pillar TEXT NOT NULL, promise TEXT NOT NULL,
            negative REAL NOT NULL, likeness REAL NOT NULL DEFAULT 0
        ) STRICT""",
        "CREATE INDEX complaints_mention ON complaints (mention, brand)",
        "CREATE INDEX complaints_day ON complaints (brand, day)",
        "CREATE INDEX complaints_cause ON complaints (cause, day)",
        "CREATE INDEX complaints_waiting ON complaints (brand, id) WHERE cause IS NULL",
        """CREATE TABLE complaint_vectors (
            complaint INTEGER PRIMARY KEY REFERENCES complaints ON DELETE CASCADE, encoder INTEGER NOT NULL, vector BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX complaint_vectors_encoder ON complaint_vectors (encoder)",
        "CREATE TABLE cause_state (reading INTEGER NOT NULL) STRICT",
        "INSERT INTO cause_state VALUES (0)",
        # The number of the newest reading is given again when that one goes: it must not count as seen then.
        """CREATE TRIGGER cause_readings_gone AFTER DELETE ON readings WHEN NOT EXISTS (SELECT 1 FROM readings WHERE id > OLD.id)
        BEGIN UPDATE cause_state SET reading = min(reading, (SELECT coalesce(max(id), 0) FROM readings)); END""",
    ):
        db.execute(statement)


def what_mentions_say(db: Any) -> None:
    """A full-text index of mentions, filled behind what comes in: `search_state` says up to which number."""
    for statement in (
        "CREATE VIRTUAL TABLE mention_words USING fts5(title, text, content='mentions', content_rowid='id', tokenize='unicode61')",
        "CREATE TABLE search_state (upto INTEGER NOT NULL) STRICT",
        "INSERT INTO search_state VALUES (0)",
        # A number that was given again after a deletion may lie behind the place up to which the index is filled.
        """CREATE TRIGGER mentions_indexed AFTER INSERT ON mentions WHEN NEW.id <= (SELECT upto FROM search_state)
        BEGIN INSERT INTO mention_words (rowid, title, text) VALUES (NEW.id, NEW.title, NEW.text); END""",
        """CREATE TRIGGER mentions_reindexed AFTER UPDATE OF title, text ON mentions
        WHEN OLD.id <= (SELECT upto FROM search_state) AND (OLD.title <> NEW.title OR OLD.text <> NEW.text)
        BEGIN
            INSERT INTO mention_words (mention_words, rowid, title, text) VALUES ('delete', OLD.id, OLD.title, OLD.text);
            INSERT INTO mention_words (rowid, title, text) VALUES (NEW.id, NEW.title, NEW.text);
        END""",
        """CREATE TRIGGER mentions_unindexed AFTER DELETE ON mentions WHEN OLD.id <= (SELECT upto FROM search_state)
        BEGIN INSERT INTO mention_words (mention_words, rowid, title, text) VALUES ('delete', OLD.id, OLD.title, OLD.text); END""",
    ):
        db.execute(statement)


def what_pillars_weigh(db: Any) -> None:
    """The mood of each voice beside the pillars that it speaks of, counted: what importance is worked out from."""
    db.execute(
        """CREATE TABLE pillar_voice_rollup (
            brand TEXT NOT NULL, day TEXT NOT NULL, model INTEGER NOT NULL, label TEXT NOT NULL, said TEXT NOT NULL,
            story INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (brand, day, model, label, said, story)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM matches")


def how_causes_are_counted(db: Any) -> None:
    """Complaints counted by cause and day, so that a report on causes reads no complaint."""
    days_of = """INSERT OR IGNORE INTO cause_stale SELECT brand, day FROM matches
        WHERE mention = {row}.mention AND brand = {row}.brand;"""
    for statement in (
        "CREATE TABLE cause_stale (brand TEXT NOT NULL, day TEXT NOT NULL, PRIMARY KEY (brand, day)) STRICT, WITHOUT ROWID",
        """CREATE TABLE cause_rollup (
            brand TEXT NOT NULL, day TEXT NOT NULL, cause INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,
            n INTEGER NOT NULL, PRIMARY KEY (brand, day, cause, kind, value)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE cause_reach_rollup (
            brand TEXT NOT NULL, day TEXT NOT NULL, cause INTEGER NOT NULL, authors BLOB NOT NULL, stories BLOB NOT NULL,
            PRIMARY KEY (brand, day, cause)
        ) STRICT""",
        """CREATE TABLE cause_quote_rollup (
            brand TEXT NOT NULL, day TEXT NOT NULL, cause INTEGER NOT NULL, place INTEGER NOT NULL, complaint INTEGER NOT NULL,
            weight REAL NOT NULL, PRIMARY KEY (brand, day, cause, place)
        ) STRICT, WITHOUT ROWID""",
        f"CREATE TRIGGER cause_stale_new AFTER INSERT ON complaints BEGIN {days_of.format(row='NEW')} END",
        f"CREATE TRIGGER cause_stale_gone AFTER DELETE ON complaints BEGIN {days_of.format(row='OLD')} END",
        f"""CREATE TRIGGER cause_stale_changed AFTER UPDATE OF cause, pillar, promise, negative, likeness ON complaints
        BEGIN {days_of.format(row="NEW")} END""",
        """CREATE TRIGGER cause_stale_merged AFTER UPDATE OF merged_into ON causes WHEN NEW.merged_into IS NOT OLD.merged_into
        BEGIN INSERT OR IGNORE INTO cause_stale SELECT a.brand, a.day FROM complaints c
            JOIN matches a ON a.mention = c.mention AND a.brand = c.brand WHERE c.cause = NEW.id; END""",
        # Authors go at once with whatever changes a day: who is forgotten must not wait for the next count.
        """CREATE TRIGGER rollup_stale_causes AFTER INSERT ON rollup_stale
        BEGIN DELETE FROM cause_reach_rollup WHERE brand = NEW.brand AND day = NEW.day; END""",
        """INSERT OR IGNORE INTO cause_stale SELECT a.brand, a.day FROM complaints c
        JOIN matches a ON a.mention = c.mention AND a.brand = c.brand""",
    ):
        db.execute(statement)


def how_models_are_known_to_err(db: Any) -> None:
    """What was measured of a model on brands that it had not met; nothing of models that were noted before."""
    db.execute("ALTER TABLE models ADD COLUMN errors TEXT")


def who_said_what(db: Any) -> None:
    """What one author wrote is found without looking at everybody."""
    db.execute("CREATE INDEX mentions_author ON mentions (author) WHERE author <> ''")


def how_causes_came_together(db: Any) -> None:
    """Which cause each was merged into by itself: `merged_into` is the one that the two belong to now."""
    db.execute("ALTER TABLE causes ADD COLUMN part_of INTEGER REFERENCES causes")
    db.execute("UPDATE causes SET part_of = merged_into")
