"""The shape of the store, as steps that are applied once, in order, each recorded by sqlite-utils in its own transaction.

The steps lie in `monitor/shape/`. A released step is never changed; a new shape is a new step at the end of `STEPS`.
"""

from collections.abc import Callable
from sqlite3 import Connection
from typing import Any

from monitor.shape import hearing, running, telling

SET = "promisewatch"

STEPS: tuple[Callable[[Any], None], ...] = (
    hearing.mentions_stories_readings_and_rollups,
    hearing.when_sources_are_due,
    hearing.what_queries_leave_out,
    hearing.samples_and_corrections,
    hearing.what_was_withdrawn,
    hearing.what_leads_to_a_story_or_a_mention,
    hearing.what_evidence_measures,
    telling.what_pillars_are_told_by,
    running.what_is_to_be_sent,
    telling.what_segments_are_told_by,
    telling.how_loudly_promises_are_made,
    running.what_runs_regularly_and_who_was_forgotten,
    running.who_is_to_be_helped,
    running.who_may_look,
    telling.what_complaints_have_in_common,
    telling.what_mentions_say,
    running.what_wakes_somebody,
    running.what_programs_show,
    telling.what_pillars_weigh,
    telling.how_causes_are_counted,
    telling.who_said_what,
    telling.how_models_are_known_to_err,
    hearing.which_way_a_place_was_heard,
    telling.how_causes_came_together,
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
