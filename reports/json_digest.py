"""What a digest tells beyond numbers, movers and quotes, as JSON."""

from datetime import UTC, datetime
from typing import Any

from reports.documents import Digest
from reports.json_values import bounds, tenth
from reports.waiting import Waiting

Json = dict[str, Any]


def digest_more(digest: Digest) -> Json:
    """Edition and period, changed verdicts, what comes from few people, causes, who waits for an answer, the picture's points."""
    period, extras = digest.period, digest.extras
    return {
        "edition": digest.edition,
        "period": {"since": period.since.isoformat(), "until": period.until.isoformat()},
        "changed": [
            {"id": one.promise.id, "before": one.before, "now": one.now, "sentence": one.sentence} for one in digest.changed
        ],
        "reliance": list(digest.reliance),
        "causes": [
            {"id": one.id, "name": one.name, "stage": one.stage, "voices": one.voices, "sentence": one.sentence}
            for one in extras.causes
        ],
        "waiting": {"customers": extras.waiting_in_all, "late": extras.late, "cases": [_waiting(one) for one in extras.waiting]},
        "trend": [
            {"start": point.start.isoformat(), "net": tenth(point.net), "interval": bounds(point.interval), "n": point.n}
            for point in digest.trend
        ],
    }


def _waiting(one: Waiting) -> Json:
    return {
        "case": one.case,
        "mention": one.mention,
        "text": one.quote,
        "author": one.author,
        "source": one.source,
        "url": one.url,
        "since": _time(one.since),
        "due": _time(one.due),
        "overdue": one.overdue,
        "owner": one.owner,
        "why": one.why,
    }


def _time(when: datetime) -> str:
    return when.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
