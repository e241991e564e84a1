"""The shape of the store, as steps that are applied once, in order, each recorded by sqlite-utils in its own transaction.

A released step is never changed; a new shape is a new step at the end of `STEPS`.
"""

from collections.abc import Callable
from sqlite3 import Connection
from typing import Any

SET = "promisewatch"

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


def what_is_to_be_sent(db: Any) -> None:
    """Messages to channels, and the mentions that unsent ones quote."""
    for statement in (
        """CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, brand TEXT NOT NULL,
            subject TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', queued TEXT NOT NULL, due TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0, sent TEXT, error TEXT NOT NULL DEFAULT '', remedy TEXT NOT NULL DEFAULT '',
            unreached TEXT NOT NULL DEFAULT '[]', text TEXT NOT NULL, html TEXT NOT NULL, data TEXT NOT NULL, UNIQUE (channel, key)
        ) STRICT""",
        "CREATE INDEX outbox_key ON outbox (key)",
        "CREATE INDEX outbox_due ON outbox (channel, due) WHERE state = 'waiting'",
        "CREATE INDEX outbox_sent ON outbox (channel, sent) WHERE sent IS NOT NULL",
        "CREATE INDEX outbox_state ON outbox (state, queued)",
        """CREATE TABLE outbox_mentions (
            message INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
            mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, PRIMARY KEY (message, mention)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX outbox_mentions_mention ON outbox_mentions (mention)",
        # Deleting a mention deletes its row here, which is what takes the words out of a letter that waits.
        """CREATE TRIGGER outbox_unquote AFTER DELETE ON outbox_mentions BEGIN
            UPDATE outbox SET html = '', data = '{}', text = 'What was quoted here has been deleted since; see the reports'
            WHERE id = OLD.message AND state <> 'sent';
        END""",
    ):
        db.execute(statement)


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


def what_runs_regularly_and_who_was_forgotten(db: Any) -> None:
    """When jobs last ran, the last backup, and proofs that somebody's mentions were erased."""
    for statement in (
        """CREATE TABLE jobs (
            name TEXT PRIMARY KEY, turn TEXT, not_before TEXT, began TEXT, seconds REAL NOT NULL, runs INTEGER NOT NULL,
            failed INTEGER NOT NULL, failures INTEGER NOT NULL, said TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "CREATE TABLE backups (at TEXT NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL) STRICT",
        """CREATE TABLE erasures (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, mentions INTEGER NOT NULL, salt TEXT NOT NULL, asked TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX mentions_published ON mentions (published)",
    ):
        db.execute(statement)


def who_is_to_be_helped(db: Any) -> None:
    """Cases: customers who wait for an answer, what was said in each, who did what, and which mentions answer which."""
    for statement in (
        # The number of a case that went with its mention is not given again: somebody may have written it down.
        """CREATE TABLE cases (
            id INTEGER PRIMARY KEY AUTOINCREMENT, brand TEXT NOT NULL REFERENCES brands, status TEXT NOT NULL DEFAULT 'new',
            owner TEXT NOT NULL DEFAULT '', severity INTEGER NOT NULL, reach INTEGER NOT NULL, asks INTEGER NOT NULL,
            reasons TEXT NOT NULL, opened TEXT NOT NULL, asked TEXT NOT NULL, waiting TEXT NOT NULL, due TEXT NOT NULL,
            warn TEXT NOT NULL, warned INTEGER NOT NULL DEFAULT 0, answered TEXT, ended TEXT, changed TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX cases_status ON cases (status, brand)",
        "CREATE INDEX cases_asked ON cases (brand, asked)",
        "CREATE INDEX cases_warn ON cases (warn) WHERE status = 'new' AND warned < 2",
        """CREATE TABLE case_mentions (
            mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, brand TEXT NOT NULL REFERENCES brands,
            case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, role TEXT NOT NULL, at TEXT NOT NULL, label TEXT,
            PRIMARY KEY (mention, brand)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX case_mentions_case ON case_mentions (case_id)",
        """CREATE TABLE case_events (
            id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, at TEXT NOT NULL, who TEXT NOT NULL,
            what TEXT NOT NULL, detail TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX case_events_case ON case_events (case_id)",
        """CREATE TABLE case_answers (
            place TEXT NOT NULL, key TEXT NOT NULL, brand TEXT NOT NULL REFERENCES brands,
            mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, PRIMARY KEY (place, key, brand, mention)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX case_answers_mention ON case_answers (mention)",
        "CREATE TABLE case_state (reading INTEGER NOT NULL, correction INTEGER NOT NULL) STRICT",
        "INSERT INTO case_state VALUES (0, 0)",
        # What answers a case often names no brand: it is looked for among what was put by.
        """CREATE INDEX unmatched_parent ON unmatched (source, json_extract(mention, '$.attributes.parent'))
        WHERE json_extract(mention, '$.attributes.parent') IS NOT NULL""",
        # A case goes with the last of its customer's mentions; what was noted of it goes along.
        """CREATE TRIGGER case_mentions_gone AFTER DELETE ON case_mentions
        WHEN NOT EXISTS (SELECT 1 FROM case_mentions WHERE case_id = OLD.case_id AND role = 'customer')
        BEGIN DELETE FROM cases WHERE id = OLD.case_id; END""",
        # That it was answered stays known when the answer goes.
        """CREATE TRIGGER case_answer_gone AFTER DELETE ON case_mentions
        WHEN OLD.role = 'answer' AND EXISTS (SELECT 1 FROM cases WHERE id = OLD.case_id) BEGIN INSERT INTO case_events
        (case_id, at, who, what, detail) VALUES (OLD.case_id, OLD.at, 'promisewatch', 'answered', 'since deleted'); END""",
        # The number of the newest reading is given again when that one goes: it must not count as seen then.
        """CREATE TRIGGER case_readings_gone AFTER DELETE ON readings WHEN NOT EXISTS (SELECT 1 FROM readings WHERE id > OLD.id)
        BEGIN UPDATE case_state SET reading = min(reading, (SELECT coalesce(max(id), 0) FROM readings)); END""",
    ):
        db.execute(statement)


def who_may_look(db: Any) -> None:
    """People of the dashboard, their sessions, and the trail of what they changed."""
    for statement in (
        """CREATE TABLE people (
            name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, added TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE sessions (
            token TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES people ON DELETE CASCADE, until TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX sessions_person ON sessions (person)",
        """CREATE TABLE trail (
            id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL
        ) STRICT""",
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


def what_wakes_somebody(db: Any) -> None:
    """Mentions by the hour, alerts with what drove them, and what the watchers remember."""
    for statement in (
        """CREATE TABLE hour_rollup (
            brand TEXT NOT NULL, day TEXT NOT NULL, model INTEGER NOT NULL, hour TEXT NOT NULL, units INTEGER NOT NULL,
            negative INTEGER NOT NULL, PRIMARY KEY (brand, day, model, hour)
        ) STRICT, WITHOUT ROWID""",
        "INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM matches",
        """CREATE TABLE alerts (
            id INTEGER PRIMARY KEY AUTOINCREMENT, brand TEXT NOT NULL REFERENCES brands, watch TEXT NOT NULL, subject TEXT NOT NULL,
            state TEXT NOT NULL, since TEXT NOT NULL, first_seen TEXT NOT NULL, seen TEXT NOT NULL, opened TEXT, acknowledged TEXT,
            resolved TEXT, by_hand INTEGER NOT NULL, snoozed TEXT, escalated INTEGER NOT NULL, story INTEGER NOT NULL,
            grouped INTEGER NOT NULL, note TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0, receipt TEXT NOT NULL DEFAULT ''
        ) STRICT""",
        "CREATE INDEX alerts_subject ON alerts (brand, watch, subject, id)",
        """CREATE TABLE alert_stories (
            alert INTEGER NOT NULL REFERENCES alerts ON DELETE CASCADE, place INTEGER NOT NULL,
            mention INTEGER NOT NULL REFERENCES mentions ON DELETE CASCADE, mentions INTEGER NOT NULL, PRIMARY KEY (alert, place)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX alert_stories_mention ON alert_stories (mention)",
        """CREATE TABLE alert_memory (
            brand TEXT NOT NULL REFERENCES brands, watch TEXT NOT NULL, subject TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (brand, watch, subject)
        ) STRICT, WITHOUT ROWID""",
    ):
        db.execute(statement)


def what_programs_show(db: Any) -> None:
    """One token for each person whose programs ask for data; only its hash is kept."""
    db.execute(
        """CREATE TABLE tokens (
            person TEXT PRIMARY KEY REFERENCES people ON DELETE CASCADE, token TEXT NOT NULL UNIQUE, made TEXT NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )


STEPS: tuple[Callable[[Any], None], ...] = (
    mentions_stories_readings_and_rollups,
    when_sources_are_due,
    what_queries_leave_out,
    samples_and_corrections,
    what_was_withdrawn,
    what_leads_to_a_story_or_a_mention,
    what_evidence_measures,
    what_pillars_are_told_by,
    what_is_to_be_sent,
    what_segments_are_told_by,
    how_loudly_promises_are_made,
    what_runs_regularly_and_who_was_forgotten,
    who_is_to_be_helped,
    who_may_look,
    what_complaints_have_in_common,
    what_mentions_say,
    what_wakes_somebody,
    what_programs_show,
)


def applied(connection: Connection) -> list[str] | None:
    """Names of the steps that this database has seen; None when it is not one of ours (or has no table yet).

    Plain SQL, because importing sqlite-utils costs more than most commands take.
    """
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone() is None:
        return None
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", (SET,))
    return [name for (name,) in rows]


def migrate(connection: Connection) -> None:
    """Apply the steps that are missing, inside the caller's transaction."""
    from sqlite_utils import Database, Migrations  # noqa: PLC0415 - half a second, needed only when the shape changes

    migrations = Migrations(SET)
    for step in STEPS:
        migrations()(step)
    migrations.apply(Database(connection, recursive_triggers=False, execute_plugins=False))
