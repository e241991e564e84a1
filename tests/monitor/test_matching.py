"""Which brands a mention speaks of, what keeps it from them, and in whose voice it speaks."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.config import parse
from monitor.matching import Matcher
from monitor.storage.values import Matched
from sources.mention import Mention

TWO = """
[[brand]]
id = "acme"
name = "Acme"
{acme}

[[brand]]
id = "beta"
name = "Beta Bank"
query = '"beta bank" OR @betabank'
"""


def matcher(*, acme: str = "", before: str = "") -> Matcher:
    config = parse(before + TWO.format(acme=acme))
    return Matcher(config.brand, config.match)


def post(text: str, **rest: Any) -> Mention:
    return Mention("forum", "1", text, datetime(2026, 3, 1, 23, tzinfo=UTC), **rest)


def brands(found: Sequence[Any]) -> list[str]:
    return [one.brand for one in found]


def judged(text: str, *, acme: str = "", before: str = "", **rest: Any) -> Matched:
    return matcher(acme=acme, before=before).for_source()(post(text, **rest))


def test_a_mention_speaks_of_every_brand_whose_query_it_matches_with_the_spans_that_say_so() -> None:
    found = judged("Acme banks with Beta Bank")
    assert [(one.brand, one.spans) for one in found] == [("acme", ((0, 4),)), ("beta", ((16, 25),))]


def test_a_source_of_some_brands_is_matched_against_those() -> None:
    assert brands(matcher().for_source(["beta"])(post("Acme banks with Beta Bank"))) == ["beta"]


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ('deny = ["giveaway"]', "deny giveaway"),
        ('deny = ["site:spam.example", "giveaway"]', "deny giveaway"),
        ('deny = ["author:jo"]', "deny author:jo"),
        ('deny = ["raffle"]', None),
        ('deny = ["giveaway"]\nallow = ["author:jo"]', None),
        ('deny = ["giveaway"]\nallow = ["author:max"]', "deny giveaway"),
    ],
)
def test_a_deny_list_excludes_unless_an_allow_list_knows_better(lists: str, expected: str | None) -> None:
    for given in ({"acme": lists}, {"before": f"[match]\n{lists}\n"}):
        found = judged("Acme giveaway", author="jo", **given)
        assert [one.reason for one in found.excluded] == ([expected] if expected else [])
        assert brands(found) == ([] if expected else ["acme"])


def test_the_brands_own_lists_come_before_everybodys() -> None:
    assert brands(judged("Acme giveaway", before='[match]\ndeny = ["giveaway"]\n', acme='allow = ["giveaway"]')) == ["acme"]
    assert brands(judged("Acme giveaway", before='[match]\nallow = ["giveaway"]\n', acme='deny = ["giveaway"]')) == []


def test_one_brands_list_keeps_nothing_from_another() -> None:
    found = judged("Acme and Beta Bank: giveaway", acme='deny = ["giveaway"]')
    assert (brands(found), brands(found.excluded)) == (["beta"], ["acme"])


def test_what_a_not_kept_out_is_told_with_its_reason() -> None:
    found = judged("Acme Hardware", acme="query = 'acme NOT hardware'")
    assert [(one.brand, one.reason) for one in found.excluded] == [("acme", 'NOT "hardware"')]


def test_a_mention_that_nobody_meant_is_not_excluded() -> None:
    found = judged("giveaway hardware", acme="query = 'acme NOT hardware'\ndeny = [\"giveaway\"]")
    assert (list(found), list(found.excluded)) == ([], [])


def test_an_own_account_speaks_in_the_voice_of_its_brand_and_of_no_other() -> None:
    match = matcher(acme='own_accounts = ["reddit:Acme_Help"]').for_source(kind="reddit")
    found = match(post("Acme banks with Beta Bank", author="acme_help"))
    assert [(one.brand, one.voice) for one in found] == [("acme", "brand"), ("beta", None)]


def test_the_same_name_elsewhere_is_somebody_else() -> None:
    match = matcher(acme='own_accounts = ["reddit:acme_help"]').for_source(kind="mastodon")
    assert [one.voice for one in match(post("Acme", author="acme_help"))] == [None]


def test_a_source_without_a_kind_is_named_by_its_id() -> None:
    match = matcher(acme='own_accounts = ["forum:acme_help"]').for_source()
    assert [one.voice for one in match(post("Acme", author="acme_help"))] == ["brand"]


def test_the_brands_own_source_needs_no_query() -> None:
    (found,) = matcher().for_source(["acme"])(post("We fly on time", voice="brand"))
    assert (found.brand, found.spans) == ("acme", None)


def test_a_language_is_told_from_the_text_where_the_place_names_none() -> None:
    acme = "query = 'acme lang:de'"
    assert brands(judged("Acme war wieder eine Stunde zu spät, und niemand hat etwas gesagt", acme=acme)) == ["acme"]
    assert brands(judged("Acme was late again and nobody told us anything", acme=acme)) == []
    assert brands(judged("Acme was late", acme=acme, language="de")) == ["acme"]


def test_what_speaks_of_no_brand_stays_within_reach_no_longer_than_its_place_allows() -> None:
    match = matcher(before='[match]\nkeep_unmatched = "5 days"\n').for_source
    assert [match(kind=kind)(post("airline")).aside.days for kind in ("feed", "reddit")] == [5, 2]


def test_a_day_is_the_brands_own_day() -> None:
    (found,) = judged("Acme", acme='timezone = "Asia/Tokyo"')
    assert str(found.day) == "2026-03-02"


@pytest.mark.parametrize("lists", ['deny = ["a AND"]', 'deny = ["titel:x"]', 'keep_unmatched = "2 years"'])
def test_a_rule_that_cannot_be_read_is_refused(lists: str) -> None:
    from monitor.errors import ConfigError

    with pytest.raises(ConfigError, match=r"promisewatch\.toml:2"):
        parse(f"[match]\n{lists}\n{TWO.format(acme='')}")
