"""What the API answers: the same documents as the commands write, and lists in pages."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from monitor.case_messages import case_values
from monitor.case_watch import by_urgency
from monitor.cases import LIVE, STATUSES, Status
from monitor.commands.alerts import alert_values
from monitor.commands.digest import latest_day
from monitor.commands.mentions import as_row
from monitor.commands.sources import source_values
from monitor.config import BrandConfig
from monitor.storage.ledger import Heard
from monitor.storage.search_filters import Filters
from monitor.storage.searching import QUICK, ReadPassage
from monitor.store import Store
from monitor.web import windows
from monitor.web.api_asking import AskedError
from monitor.web.pages.causes import causes_report
from monitor.web.pages.mentions import INDEXED_MEANWHILE
from monitor.web.strip import hours
from monitor.web.visit import Visit
from sources.query import QueryError, compile_query

Json = dict[str, Any]
Asked = Mapping[str, Any]
FILTERS = ("source", "voice", "language", "label", "promise", "stance", "pillar", "cause", "author", "story", "thread", "segment")
LEDGER_DAYS, MOST_LEDGER_DAYS = 14, 100
_HIGHEST = 2**62


def brands(visit: Visit, _asked: Asked) -> Json:
    """Every brand with its promises."""
    return {
        "items": [
            {
                "id": one.id,
                "name": one.name,
                "timezone": one.timezone,
                "promises": [
                    {
                        "id": promise.id,
                        "text": promise.text,
                        "pillar": promise.pillar or None,
                        "strength": promise.strength,
                        "since": promise.since and promise.since.isoformat(),
                    }
                    for promise in one.promise
                ],
            }
            for one in visit.app.config.brand
        ],
        "after": None,
    }


def mentions(visit: Visit, asked: Asked) -> Json:
    """A page of mentions, as the page of mentions finds them."""
    brand, since, until = _brand(visit, asked), asked["since"], asked["until"]
    if since and until and until <= since:
        raise AskedError(400, "that window cannot be", remedy="until must lie after since: it is the day after the last one")
    filters = Filters(brand.id, **{name: str(asked[name] or "") for name in FILTERS}, since=since, until=until)
    try:
        query = compile_query(asked["q"]) if asked["q"] else None
        page = visit.store.searching.search(query, filters, asked["limit"], asked["after"] or "", INDEXED_MEANWHILE, QUICK)
    except QueryError as error:
        raise AskedError(400, "q is no query", remedy=str(error)) from error
    except ValueError as error:
        raise AskedError(
            400, "after is no place in this list", remedy="give what an earlier page of the same list named"
        ) from error
    return {"items": [as_row(one) for one in page.found], "after": page.after or None}


def mention(visit: Visit, asked: Asked) -> Json:
    """One mention, why it matched and how each passage was read."""
    brand = _brand(visit, asked)
    one = visit.store.searching.mention(asked["number"], brand.id)
    if one is None:
        raise AskedError(404, f"there is no mention {asked['number']}", remedy="it may have been deleted where it was published")
    passages = visit.store.searching.passages(one.id, brand.id)
    return {
        **as_row(one),
        "about": one.day is not None,
        "matched": [list(span) for span in one.matched],
        "reason": one.reason,
        "probabilities": None if one.probabilities is None else _by_label(one.probabilities),
        "passages": [_passage(passage, one.body) for passage in passages],
    }


def gap(visit: Visit, asked: Asked) -> str:
    """The gap report."""
    from reports.render import render_gap  # noqa: PLC0415 - loaded when it is first asked for, as the reports themselves

    brand = _brand(visit, asked)
    return render_gap(windows.explained_report(visit, brand, _window(visit, brand)), "json")


def scorecard(visit: Visit, asked: Asked) -> str:
    """The scorecard."""
    from monitor.scorecards import scorecard_of  # noqa: PLC0415
    from reports.render_scorecard import render_scorecard  # noqa: PLC0415

    brand = _brand(visit, asked)
    at = _window(visit, brand)
    return _kept(
        visit,
        ("scorecard", brand.id, at.window),
        lambda store: render_scorecard(scorecard_of(store, brand, at.window, visit.now), "json"),
    )


def digest(visit: Visit, asked: Asked) -> str:
    """The digest of a day, a week or a month."""
    from monitor.digests import load_digest  # noqa: PLC0415
    from reports.render import render_digest  # noqa: PLC0415

    brand, edition = _brand(visit, asked), asked["edition"]
    day = asked["day"] or latest_day(visit.store, brand, edition, visit.now)
    make = lambda store: render_digest(load_digest(store, brand.id, edition, day, visit.now), "json")  # noqa: E731 - one line, used once
    return _kept(visit, ("digest", brand.id, edition, day), make)


def causes(visit: Visit, asked: Asked) -> str:
    """The causes report."""
    from reports.render_causes import render_causes  # noqa: PLC0415

    brand = _brand(visit, asked)
    return render_causes(causes_report(visit, brand, _window(visit, brand)), "json")


def cases(visit: Visit, asked: Asked) -> Json:
    """A page of cases, the newest first."""
    status, limit = asked["status"], asked["limit"]
    chosen: Sequence[Status] = STATUSES if status == "all" else LIVE if status == "live" else (cast("Status", status),)
    before = int(asked["after"]) if asked["after"] else _HIGHEST
    found = visit.store.cases.page(chosen, _optional_brand(visit, asked), asked["owner"], before, limit + 1)
    rated = sorted(by_urgency(found[:limit], visit.now), key=lambda pair: -pair[1].id)
    after = str(found[limit - 1].id) if len(found) > limit else None
    return {"items": [{**case_values(one), "urgency": urgent} for urgent, one in rated], "after": after}


def alerts(visit: Visit, asked: Asked) -> Json:
    """A page of alerts, the newest first."""
    limit, before = asked["limit"], int(asked["after"]) if asked["after"] else None
    found = visit.store.alerts.all(_optional_brand(visit, asked), live=asked["state"] == "live", limit=limit + 1, before=before)
    after = str(found[limit - 1].alert.id) if len(found) > limit else None
    return {"items": [alert_values(one) for one in found[:limit]], "after": after}


def sources(visit: Visit, asked: Asked) -> Json:
    """A page of sources, by their names."""
    configured = {one.source_id for one in visit.app.config.source}
    states = [
        one
        for one in visit.store.sources.states()
        if one.id in configured and one.id > (asked["after"] or "") and asked["state"] in {None, one.state}
    ]
    return _listed([source_values(one) for one in states], asked["limit"], "id")


def coverage(visit: Visit, asked: Asked) -> Json:
    """What was heard of each source of a brand, in stretches of hours."""
    brand = _brand(visit, asked)
    until = datetime.combine(asked["until"], datetime.min.time(), UTC) if asked["until"] else visit.now
    since = datetime.combine(asked["since"], datetime.min.time(), UTC) if asked["since"] else until - timedelta(days=LEDGER_DAYS)
    if not timedelta(0) < until - since <= timedelta(days=MOST_LEDGER_DAYS):
        raise AskedError(400, "that window cannot be", remedy=f"until must lie after since, by {MOST_LEDGER_DAYS} days at most")
    names = sorted(
        one.source_id
        for one in visit.app.config.source
        if one.source_id > (asked["after"] or "") and (not one.brands or brand.id in one.brands)
    )
    heard = visit.store.hearing.ledger(names[: asked["limit"]], since, visit.now)
    items = [_ledger(name, [one for one in heard.get(name, ()) if one.since < until], until) for name in names]
    return _listed(items, asked["limit"], "source")


def _brand(visit: Visit, asked: Asked) -> BrandConfig:
    """The brand that is asked for, or the only one."""
    configured, name = visit.app.config, asked["brand"]
    known = ", ".join(one.id for one in configured.brand) or "none"
    if name is None:
        if len(configured.brand) == 1:
            return configured.brand[0]
        raise AskedError(400, "say which brand", remedy=f"give brand; known: {known}")
    found = configured.find_brand(name)
    if found is None:
        raise AskedError(404, f"there is no brand {name[:60]!r}", remedy=f"known: {known}")
    return found


def _optional_brand(visit: Visit, asked: Asked) -> str | None:
    return None if asked["brand"] is None else _brand(visit, asked).id


def _window(visit: Visit, brand: BrandConfig) -> windows.Asked:
    try:
        return windows.asked(visit, brand)
    except ValueError as error:
        raise AskedError(400, "that window cannot be", remedy=str(error)) from error


def _kept(visit: Visit, key: tuple[object, ...], make: Callable[[Store], str]) -> str:
    """A document as it was written a moment ago."""
    path = visit.app.store_path

    def made() -> str:
        with Store(path) as store:
            return make(store)

    return visit.shelf.get(("api", *key), made, visit.now)


def _listed(items: list[Json], limit: int, name: str) -> Json:
    shown = items[:limit]
    return {"items": shown, "after": shown[-1][name] if len(items) > limit else None}


def _ledger(name: str, heard: Sequence[Heard], until: datetime) -> Json:
    cut = [one._replace(until=min(one.until, until)) for one in heard]
    return {
        "source": name,
        "hours": hours(cut),
        "stretches": [
            {"since": _time(one.since), "until": _time(one.until), "heard": one.ear, "reason": one.reason} for one in cut
        ],
    }


def _passage(one: ReadPassage, body: str) -> Json:
    return {
        "start": one.start,
        "end": one.end,
        "text": body[one.start : one.end],
        "label": one.label,
        "probabilities": _by_label(one.probabilities),
        "pillar": one.pillar,
        "experience": one.experience,
        "promises": [
            {
                "id": id_,
                "stance": stance,
                "relevance": round(relevance, 3),
                "confidence": round(confidence, 3),
                "quantity": quantity or None,
            }
            for id_, stance, relevance, confidence, quantity in one.promises
        ],
    }


def _by_label(values: tuple[float, float, float]) -> Json:
    return dict(zip(("negative", "neutral", "positive"), (round(one, 3) for one in values), strict=True))


def _time(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"


def written(document: Json | str) -> bytes:
    """A document as it is sent; half a surrogate pair in a text does not stop it."""
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False, allow_nan=False, default=str)
    return text.encode("utf-8", "replace")
