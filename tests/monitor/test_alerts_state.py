"""What becomes of an alert: pending, open, acknowledged, resolved, and all that keeps people from being woken for nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alert_state import (
    RECOVERY,
    STORM_CAP,
    Alert,
    Rules,
    Seen,
    Step,
    acknowledge,
    advance,
    group,
    is_storm,
    resolve,
    rules_at,
    snooze,
)
from monitor.config_alerts import AlertConfig, EventConfig, QuietHours

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAIN = Rules()
ON, OFF, BLIND = Seen("volume", on=True, since=NOON), Seen("volume"), Seen("volume", blind=True)


def play(*seen: Seen, rules: Rules = PLAIN, alert: Alert | None = None, begin: datetime = NOON) -> tuple[Alert | None, list[Step]]:
    """See something every hour; returns what there is in the end, and all that was told."""
    told: list[Step] = []
    for at, one in enumerate(seen):
        alert, steps = advance(alert, "acme", one, rules, begin + at * HOUR)
        told += steps
    return alert, told


def opened() -> Alert:
    alert, told = play(ON)
    assert alert is not None
    assert told == ["opened"]
    return alert


def test_nothing_comes_of_nothing() -> None:
    assert play(OFF, OFF) == (None, [])


def test_it_opens_once_however_long_it_lasts() -> None:
    alert, told = play(*[ON] * 20)
    assert alert is not None
    assert (alert.state, alert.since, told) == ("open", NOON, ["opened"])


def test_it_waits_for_as_long_as_it_must_persist_and_is_dropped_when_it_does_not() -> None:
    patient = Rules(persistence=2 * HOUR)
    assert play(ON, ON, rules=patient)[1] == []
    assert play(ON, ON, ON, rules=patient)[1] == ["opened"]
    assert play(ON, ON, OFF, rules=patient) == (None, ["dropped"])


def test_it_is_over_when_nothing_was_seen_for_some_hours_and_not_before() -> None:
    hours = int(RECOVERY / HOUR)
    assert play(ON, *[OFF] * (hours - 1))[1] == ["opened"]
    alert, told = play(ON, *[OFF] * hours)
    assert alert is not None
    assert (alert.state, told) == ("resolved", ["opened", "recovered"])


def test_flickering_is_one_alert() -> None:
    assert play(*[ON, OFF, OFF] * 8)[1] == ["opened"]


def test_what_comes_back_within_the_cooldown_is_the_same_alert_and_not_told_again() -> None:
    gone = [OFF] * int(RECOVERY / HOUR + 2)
    assert play(ON, *gone, ON, rules=Rules(cooldown=12 * HOUR))[1] == ["opened", "recovered", "reopened"]
    alert, told = play(ON, *gone, ON, rules=Rules(cooldown=4 * HOUR))
    assert told == ["opened", "recovered", "opened"]
    assert alert is not None
    assert alert.id == 0


def test_what_a_person_resolved_stays_so_while_it_lasts() -> None:
    alert = resolve(opened(), NOON)
    lasting, told = play(*[ON] * 48, alert=alert)
    assert told == []
    assert lasting is not None
    assert lasting.state == "resolved"
    assert play(ON, alert=lasting, begin=NOON + 48 * HOUR + Rules().cooldown)[1] == ["opened"]


def test_blindness_changes_nothing() -> None:
    alert = opened()
    assert play(*[BLIND] * 30, alert=alert) == (alert, [])
    assert play(BLIND) == (None, [])


def test_it_is_escalated_once_when_nobody_answers() -> None:
    rules = Rules(escalate_after=3 * HOUR)
    assert play(*[ON] * 9, rules=rules)[1] == ["opened", "escalated"]
    assert play(*[ON] * 9, rules=rules, alert=acknowledge(opened(), NOON))[1] == []


def test_a_snoozed_one_is_told_again_when_it_is_still_on_then() -> None:
    alert = snooze(opened(), NOON + 3 * HOUR)
    assert play(ON, ON, ON, alert=alert)[1] == []
    assert play(ON, ON, ON, ON, ON, alert=alert)[1] == ["reminded"]
    assert play(*[OFF] * 9, alert=alert)[1] == ["recovered"]


def test_quiet_hours_and_suppressing_events_keep_it_from_being_opened() -> None:
    for rules in (Rules(quiet=True), Rules(suppressed=True)):
        alert, told = play(ON, ON, rules=rules)
        assert told == []
        assert play(ON, alert=alert, begin=NOON + 2 * HOUR)[1] == ["opened"]
        assert play(OFF, alert=alert, begin=NOON + 2 * HOUR) == (None, ["dropped"])


def test_the_brands_own_clock_and_calendar_say_what_holds() -> None:
    config = AlertConfig("volume", "acme", quiet_hours=QuietHours(time(22), time(7)))
    sale = EventConfig("acme", date(2026, 6, 1), date(2026, 6, 2), "summer sale", suppress=True)
    night = datetime(2026, 6, 1, 20, tzinfo=UTC)
    there = rules_at(config, [sale, replace(sale, brand="beta", note="other")], "Europe/Riga", night)
    assert (there.quiet, there.suppressed, there.note) == (True, True, "summer sale")
    later = rules_at(config, [sale], "Europe/Riga", night + timedelta(days=2, hours=12))
    assert (later.quiet, later.suppressed, later.note) == (False, False, "")
    assert not rules_at(config, [replace(sale, suppress=False)], "UTC", NOON).suppressed


def test_alerts_of_one_story_are_told_once() -> None:
    first = replace(opened(), id=7, story=3)
    second = replace(opened(), watch="sentiment", story=3)
    assert group(second, [first]).group == 7
    assert group(replace(second, story=4), [first]).group == 0
    assert group(second, [replace(first, state="resolved")]).group == 0
    quiet = replace(second, group=7)
    assert play(*[OFF] * 9, alert=quiet)[1] == []


def test_many_alerts_in_a_day_are_a_storm() -> None:
    times = [NOON - at * HOUR for at in range(STORM_CAP)]
    assert is_storm(times, NOON)
    assert not is_storm(times[1:], NOON)
    assert not is_storm([one - timedelta(days=2) for one in times], NOON)


@pytest.mark.parametrize("clock", [time(23), time(3)])
def test_quiet_hours_go_over_midnight(clock: time) -> None:
    assert clock in QuietHours(time(22), time(7))
    assert time(12) not in QuietHours(time(22), time(7))
    assert time(12) in QuietHours(time(11), time(13))


@given(st.lists(st.sampled_from([ON, OFF, BLIND]), max_size=80))
def test_openings_and_recoveries_take_turns(seen: list[Seen]) -> None:
    alert, told = play(*seen)
    turns = [step for step in told if step in ("opened", "reopened", "recovered")]
    assert all((step == "recovered") == (at % 2 == 1) for at, step in enumerate(turns))
    assert (alert is not None and alert.state == "open") == (len(turns) % 2 == 1)
