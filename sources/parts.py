"""A place that is asked in several parts (terms, tags, countries): what fails in one keeps nobody from hearing the others."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sources.mention import Mention
from sources.source import Batch, Cursor, RateLimitedError, Skipped, SourceError

Collect = Callable[[Cursor, datetime], Batch]


def collect_parts(parts: Mapping[str, Collect], cursor: Cursor, now: datetime) -> Batch:
    """Collect from every part, each with its own cursor under its name; a mention that several bring counts once.

    A part that fails keeps its cursor and makes the batch partial. After a rate limit the rest is not asked: they share the place.

    Raises:
        SourceError: of the first part, when no part could be heard.
    """
    heard: dict[str, Batch] = {}
    failed: dict[str, SourceError] = {}
    for name, collect in parts.items():
        known = cursor.get(name)
        try:
            heard[name] = collect(known if isinstance(known, dict) else {}, now)
        except SourceError as error:
            failed[name] = error
            if isinstance(error, RateLimitedError):
                break
    if failed and not heard:
        raise next(iter(failed.values()))
    return _joined(heard, failed, {name: cursor[name] for name in parts if name in cursor}, now)


def _joined(heard: Mapping[str, Batch], failed: Mapping[str, SourceError], cursor: Cursor, now: datetime) -> Batch:
    mentions: dict[str, Mention] = {}
    skipped: dict[Skipped, None] = {}
    reasons = [f"{name}: {batch.reason}" for name, batch in heard.items() if batch.heard != "ok"]
    reasons += [f"{name}: {error}" + (f"; {error.remedy}" if error.remedy else "") for name, error in failed.items()]
    waits: list[timedelta] = [batch.wait for batch in heard.values() if batch.wait is not None]
    waits += [error.until - now for error in failed.values() if isinstance(error, RateLimitedError) and error.until]
    for batch in heard.values():
        for mention in batch.mentions:
            mentions.setdefault(mention.external_id, mention)
        skipped |= dict.fromkeys(batch.skipped)
    return Batch(
        mentions=tuple(mentions.values()),
        cursor={**cursor, **{name: dict(batch.cursor) for name, batch in heard.items()}},
        skipped=tuple(skipped),
        heard="partial" if reasons else "ok",
        reason="; ".join(reasons),
        wait=max(waits, default=None),
    )
