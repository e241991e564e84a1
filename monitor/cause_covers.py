"""Judging covers: what the complaints since a cause was put right say of it (metric 18)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.store import Store
from reports.cause_rates import Daily, prove
from reports.cause_words import proof_sentence
from reports.causes_records import Status
from reports.evidence import Window


@dataclass(frozen=True, slots=True)
class Judged:
    """The causes whose cover is confirmed now, and those that are open again."""

    confirmed: tuple[int, ...] = ()
    reopened: tuple[int, ...] = ()


def judge_covers(store: Store, brand: str, settle: timedelta, now: datetime) -> Judged:
    """Confirm or reopen the covered causes of a brand by what was heard until yesterday.

    A person's word stands until the complaints say otherwise: what was reopened by hand stays open until it is covered again.
    While a new model version reads history again nothing is judged: complaints before and since would not be of one version.
    """
    known = [one for one in store.causes.known(brand) if one.status in {"covered", "confirmed"} and one.covered is not None]
    if not known or store.versions.rereading() is not None:
        return Judged()
    today = now.astimezone(ZoneInfo(store.causes.timezone(brand))).date()
    evidence = store.causes.evidence.load(
        brand, Window(today - timedelta(days=1), today), "day", now, settle_days=settle.days, quotes=False
    )
    confirmed: list[int] = []
    reopened: list[int] = []
    for one in known:
        if one.covered is None:
            continue
        counts = {row.day: row.n for row in evidence.rows if row.cause == one.id}
        proof = prove(Daily(counts, evidence.heard), one.first_seen, one.covered, settle.days, today)
        status: Status | None = {"holds": "confirmed", "recurs": "reopened"}.get(proof.proof)  # type: ignore[assignment]
        if status is None or status == one.status:
            continue
        store.causes.judge(one.id, status, proof_sentence(proof), now)
        (confirmed if status == "confirmed" else reopened).append(one.id)
    return Judged(tuple(confirmed), tuple(reopened))
