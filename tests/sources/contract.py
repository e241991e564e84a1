"""What every source must do. A new source's test inherits `SourceContract` and says how its place plays."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from sources.http import Gateway
from sources.mention import VOICES
from sources.source import (
    DeniedError,
    GoneError,
    MalformedError,
    RateLimitedError,
    Source,
    SourceError,
    TemporaryError,
)
from tests.servers import Answer, Loopback, Play, reset


class MentionContract:
    """What holds for every source, also for one that asks nobody over the network. Override the first three methods."""

    def source(self, server: Loopback, gateway: Gateway) -> Source:
        """A source that reads from `server`."""
        raise NotImplementedError

    def play(self, server: Loopback, answer: Play) -> None:
        """Have the place give `answer` to whatever the source asks first."""
        raise NotImplementedError

    def items(self) -> Answer:
        """What the place says when there are at least two items."""
        raise NotImplementedError

    def test_it_brings_mentions_of_its_own_with_unique_identities(self, server: Loopback, gateway: Gateway, now: datetime):
        self.play(server, self.items())
        source = self.source(server, gateway)
        mentions = source.collect({}, now).mentions
        assert len(mentions) >= 2
        assert {mention.source for mention in mentions} == {source.id}
        assert len({mention.external_id for mention in mentions}) == len(mentions)
        assert all(mention.external_id and mention.body and mention.voice in VOICES for mention in mentions)

    def test_its_times_are_utc_and_not_in_the_future(self, server: Loopback, gateway: Gateway, now: datetime):
        self.play(server, self.items())
        for mention in self.source(server, gateway).collect({}, now).mentions:
            assert mention.published.tzinfo is UTC
            assert mention.published <= now + timedelta(hours=1)

    def test_the_same_items_have_the_same_identities_later(self, server: Loopback, gateway: Gateway, now: datetime):
        self.play(server, self.items())
        first = self.source(server, gateway).collect({}, now)
        later = self.source(server, gateway).collect({}, now + timedelta(days=1))
        assert [mention.external_id for mention in first.mentions] == [mention.external_id for mention in later.mentions]

    def test_its_cursor_survives_json_and_is_taken_on(self, server: Loopback, gateway: Gateway, now: datetime):
        self.play(server, self.items())
        source = self.source(server, gateway)
        cursor = source.collect({}, now).cursor
        stored = json.loads(json.dumps(cursor))
        assert stored == cursor
        assert source.collect(stored, now + timedelta(minutes=10)).heard in ("ok", "partial")


class SourceContract(MentionContract):
    """What holds for a source that asks over the network. Inherit, and override the first three methods."""

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (Answer(500), TemporaryError),
            (Answer(502), TemporaryError),
            (reset, TemporaryError),
            (Answer(429, headers={"Retry-After": "120"}), RateLimitedError),
            (Answer(401), DeniedError),
            (Answer(403), DeniedError),
            (Answer(410), GoneError),
            (Answer(200, b"\x00\xff no such format"), MalformedError),
            (Answer(200, b""), MalformedError),
        ],
    )
    def test_it_says_how_it_failed(self, answer: Play, error: type[SourceError], server: Loopback, gateway: Gateway, now: datetime):
        self.play(server, answer)
        with pytest.raises(error) as raised:
            self.source(server, gateway).collect({}, now)
        assert str(raised.value)
        assert raised.value.remedy or isinstance(raised.value, TemporaryError)

    def test_it_says_how_long_the_place_wants_to_be_left_alone(self, server: Loopback, gateway: Gateway, now: datetime):
        self.play(server, Answer(429, headers={"Retry-After": "120"}))
        with pytest.raises(RateLimitedError) as raised:
            self.source(server, gateway).collect({}, now)
        assert raised.value.until == now + timedelta(seconds=120)
