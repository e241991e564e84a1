"""[[alert]] and [[event]]: what they may say, and what is told where they are wrong."""

from datetime import date, time, timedelta

import pytest

from monitor.config import parse
from monitor.config_alerts import QuietHours
from monitor.errors import ConfigError

BRAND = '[[brand]]\nid = "acme"\nname = "Acme"\n'
ALERT = '[[alert]]\nwatch = "volume"\nbrand = "acme"\n'
EVENT = '[[event]]\nbrand = "acme"\nsince = 2026-11-27\nuntil = 2026-11-30\nnote = "sale"\n'


def test_an_alert_says_when_it_may_wake_somebody_and_whom() -> None:
    (alert,) = parse(
        BRAND
        + ALERT
        + 'to = ["mailto://a@acme.example"]\npersistence = "2 hours"\nquiet_hours = "22:00-07:30"\n'
        + 'escalate_after = "4 hours"\nescalate_to = ["mailto://b@acme.example"]\ncooldown = "1 day"\n'
    ).alert
    assert alert.quiet_hours == QuietHours(time(22), time(7, 30))
    assert (alert.persistence, alert.cooldown, alert.escalate_after) == (timedelta(hours=2), timedelta(days=1), timedelta(hours=4))
    assert alert.escalate_to == ("mailto://b@acme.example",)


def test_an_event_is_some_days_and_a_note() -> None:
    (event,) = parse(BRAND + EVENT + "suppress = true\n").event
    assert (event.since, event.until, event.note, event.suppress) == (date(2026, 11, 27), date(2026, 11, 30), "sale", True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ALERT + 'quiet_hours = "at night"\n', "give two times of day"),
        (ALERT + 'quiet_hours = "07:00-07:00"\n', "give two times of day"),
        (ALERT + ALERT, "given more than once: volume of acme"),
        (ALERT + 'escalate_to = ["boss"]\n', "there is no such channel"),
        (EVENT.replace("2026-11-30", "2026-11-20"), "the event ends before it begins"),
        (EVENT.replace("acme", "beta"), "brand 'beta' is not configured"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse(BRAND + text)
