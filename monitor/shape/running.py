"""Steps of the store's shape: what runs, what is sent, who is helped, who may look."""

from typing import Any


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


def what_runs_regularly_and_who_was_forgotten(db: Any) -> None:
    """When jobs last ran, the last backup, and proofs that somebody's mentions were erased."""
    for statement in (
        """CREATE TABLE jobs (
            name TEXT PRIMARY KEY, turn TEXT, not_before TEXT, began TEXT, seconds REAL NOT NULL, runs INTEGER NOT NULL,
            failed INTEGER NOT NULL, failures INTEGER NOT NULL, said TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "CREATE TABLE backups (at TEXT NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL) STRICT",
        """CREATE TABLE erasures (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, mentions INTEGER NOT NULL, salt TEXT NOT NULL,
            asked TEXT NOT NULL
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
            id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, at TEXT NOT NULL,
            who TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL
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
