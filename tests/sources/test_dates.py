from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.dates import DateError, DateReader, settle_order


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2015-02-24", "2015-02-24T00:00:00"),
        ("20150224", "2015-02-24T00:00:00"),
        ("2015-02-24T11:35:52Z", "2015-02-24T11:35:52"),
        ("2015-02-24T11:35:52.250+01:00", "2015-02-24T10:35:52.250000"),
        ("2015-02-24 11:35:52 -0800", "2015-02-24T19:35:52"),
        ("2015-02-24 11:35:52 UTC", "2015-02-24T11:35:52"),
        ("2015/2/24 11:35", "2015-02-24T11:35:00"),
        ("2021/03/04", "2021-03-04T00:00:00"),
        ("1424806552", "2015-02-24T19:35:52"),
        ("1424806552.5", "2015-02-24T19:35:52.500000"),
        ("1424806552000", "2015-02-24T19:35:52"),
        ("1012123112000", "2002-01-27T09:18:32"),
        ("Mon Dec 01 19:30:03 +0000 2014", "2014-12-01T19:30:03"),
        ("Tue, 24 Feb 2015 11:35:52 GMT", "2015-02-24T11:35:52"),
        ("24 Feb 2015 11:35 EST", "2015-02-24T16:35:00"),
        ("February 24, 2015 11:35 PM", "2015-02-24T23:35:00"),
        ("Sept. 3rd, 2015 at 12:10 am", "2015-09-03T00:10:00"),
        ("24-Feb-15", "2015-02-24T00:00:00"),
        ("24.02.2015 11:35", "2015-02-24T11:35:00"),
        ("2/24/15 11:35", "2015-02-24T11:35:00"),
        ("04/04/2021", "2021-04-04T00:00:00"),
    ],
)
def test_it_reads_what_people_write(written: str, expected: str):
    assert DateReader().read(f" {written} ").isoformat() == expected + "+00:00"


@pytest.mark.parametrize("written", ["03/04/2021", "3.4.21 10:00", "03-04-2021", "Tue 03/04/2021"])
def test_it_never_guesses_which_number_is_the_month(written: str):
    with pytest.raises(DateError) as raised:
        DateReader().read(written)
    assert "--date-format" in raised.value.remedy


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "2015",
        "March 2021",
        "10",
        "Sep 3",
        "1.2.3.4",
        "2021-02-30",
        "24/13/2021",
        "5.70306E+17",
        "0001-01-01T00:00+14:00",
    ],
)
def test_it_refuses_what_names_no_day(written: str):
    with pytest.raises(DateError):
        DateReader().read(written)


def test_it_refuses_a_time_zone_that_may_be_several():
    with pytest.raises(DateError, match="'IST'") as raised:
        DateReader().read("24 Feb 2015 11:35 IST")
    assert "+01:00" in raised.value.remedy


def test_a_date_without_a_zone_is_in_the_one_that_it_was_told():
    reader = DateReader(zone=ZoneInfo("Europe/Riga"))
    assert reader.read("2026-07-01 12:00:00") == datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert reader.read("2026-01-01 12:00:00") == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert reader.read("2026-07-01 12:00:00Z") == datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_a_given_format_is_the_only_one():
    reader = DateReader("%d/%m/%Y")
    assert reader.read("03/04/2021") == datetime(2021, 4, 3, tzinfo=UTC)
    with pytest.raises(DateError, match="%d/%m/%Y"):
        reader.read("2021-04-03")


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["03/04/2021", "13/04/2021"], "day"),
        (["03/04/2021", "04/13/2021 10:00"], "month"),
        (["13/04/2021", "04/13/2021"], None),
        (["03/04/2021"], None),
        (["2021-13-01", "soon", ""], None),
        ([], None),
    ],
)
def test_a_part_over_twelve_settles_the_order_of_a_column(values: list[str], order: str | None):
    assert settle_order(values) == order


def test_a_settled_order_holds_for_every_row():
    assert DateReader(order="day").read("03/04/2021") == datetime(2021, 4, 3, tzinfo=UTC)
    assert DateReader(order="month").read("03/04/2021") == datetime(2021, 3, 4, tzinfo=UTC)
    with pytest.raises(DateError, match="no month 25"):
        DateReader(order="day").read("03/25/2021")


MOMENTS = st.datetimes(
    datetime.fromisoformat("1975-01-01"),
    datetime.fromisoformat("2068-01-01"),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-8))]),
)
FORMATS = [
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%d %H:%M:%S %z",
    "%a %b %d %H:%M:%S %z %Y",
    "%a, %d %b %Y %H:%M:%S %z",
    "%B %d, %Y %I:%M:%S %p %z",
]


@given(st.lists(st.tuples(MOMENTS, st.sampled_from(FORMATS))))
def test_a_column_of_mixed_formats_is_read_row_by_row(rows: list[tuple[datetime, str]]):
    reader = DateReader()
    for moment, style in rows:
        assert reader.read(moment.strftime(style)) == moment.replace(microsecond=0)


@given(st.text() | st.text(alphabet="0123456789/-.: TZ+APMfebdc,"))
def test_nothing_but_a_date_error_comes_of_any_text(written: str):
    try:
        moment = DateReader().read(written)
    except DateError:
        return
    assert moment.tzinfo is UTC
