"""The JSON API: one table says what there is, what may be asked and what is answered; pages and OpenAPI are made of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final, get_args

from starlette.responses import Response

from models.reading import PILLARS
from monitor.cases import STATUSES
from monitor.web import api_answers as answers
from monitor.web import api_schema as schema
from monitor.web import api_shapes as shapes
from monitor.web.api_asking import (
    BRAND,
    LIMIT,
    MOST_NUMBER,
    NUMBER,
    AskedError,
    Parameter,
    choice,
    day,
    number_in_path,
    place,
    read_all,
    whole,
    words,
)
from monitor.web.guard import COOKIE
from monitor.web.looks import json_error
from monitor.web.pages.mentions import STANCES
from monitor.web.pages.sources import STATES
from monitor.web.visit import Page, Visit
from monitor.web.windows import EVERY
from reports.digest_records import Edition
from sources.mention import VOICES

Json = dict[str, Any]
ROOT: Final = "/api/v1"


@dataclass(frozen=True)
class Resource:
    """Something that can be asked for. `shape` is what is answered."""

    path: str
    about: str
    parameters: Sequence[Parameter]
    shape: Json
    answer: Callable[[Visit, Mapping[str, Any]], Json | str]


_SINCE = day("since", "First day [twelve weeks before until].")
_UNTIL = day("until", "Day after the last one [tomorrow; or after the newest mention where all are old].")
_EVERY = choice("every", "How long the steps of a trend are.", EVERY, "week")
_ANY_BRAND = words("brand", "Only this brand's, by id or name [all].")
_AFTER_NAME = words("after", "Go on behind this name.")
_AFTER_NUMBER = place("after", "Go on where an earlier page ended.", NUMBER)

RESOURCES: Final = (
    Resource("/brands", "Brands and their promises", (), schema.page_of(schema.named("Brand")), answers.brands),
    Resource(
        "/mentions",
        "Mentions: the newest first; with q, author or story by what came in last",
        (
            BRAND,
            words("q", "A query in the brand query language."),
            words("source", "Only of this source."),
            choice("voice", "Only in this voice.", VOICES),
            words("language", "Only in this language, such as en."),
            choice("label", "As it counts now; none: without a reading.", ("negative", "neutral", "positive", "none")),
            words("promise", "Only what speaks of the promise of this id."),
            choice(
                "stance", "Only what says that a promise was kept or broken; outright: broken, and that it was promised.", STANCES
            ),
            choice("pillar", "Only what speaks of this pillar.", PILLARS),
            whole("cause", "Only what complains of the cause of this number.", 1, MOST_NUMBER),
            words("author", "Only what this author wrote."),
            whole("story", "Only the mention of this number and its copies.", 1, MOST_NUMBER),
            words("thread", "Only what was said in this thread."),
            words("segment", "Only what has this in a column of an imported table: region:North."),
            day("since", "First day [all]."),
            day("until", "Day after the last one [all]."),
            LIMIT,
            place("after", "Go on where an earlier page ended.", rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}:)?{NUMBER}"),
        ),
        schema.page_of(schema.named("Mention")),
        answers.mentions,
    ),
    Resource(
        "/mentions/{number}",
        "One mention: why it matched, and how each passage was read",
        (number_in_path("number", "Its number."), BRAND),
        {
            "allOf": [
                schema.named("Mention"),
                schema.record(
                    about=schema.FLAG,
                    matched=schema.many(schema.many(schema.WHOLE)),
                    reason=schema.TEXT,
                    probabilities=schema.maybe(schema.named("Probabilities")),
                    passages=schema.many(schema.named("Passage")),
                ),
            ]
        },
        answers.mention,
    ),
    Resource(
        "/gap",
        "The gap report: promised, delivered, how far apart",
        (BRAND, _SINCE, _UNTIL, _EVERY),
        schema.named("Gap"),
        answers.gap,
    ),
    Resource("/scorecard", "Ten pillars, 1 to 5", (BRAND, _SINCE, _UNTIL), schema.named("Scorecard"), answers.scorecard),
    Resource(
        "/digest",
        "What matters of a day, a week or a month",
        (
            BRAND,
            choice("edition", "How much time it tells of.", get_args(Edition), "daily"),
            day("day", "The last day that it tells of [the last one that is over]."),
        ),
        schema.named("Digest"),
        answers.digest,
    ),
    Resource(
        "/causes",
        "What customers complain of, by its root",
        (BRAND, _SINCE, _UNTIL, _EVERY),
        schema.named("Causes"),
        answers.causes,
    ),
    Resource(
        "/cases",
        "Customers who wait for an answer, the newest first",
        (
            _ANY_BRAND,
            choice("status", "Live ones are new or answered.", ("live", "all", *STATUSES), "live"),
            words("owner", "Only those that this person has taken."),
            LIMIT,
            _AFTER_NUMBER,
        ),
        schema.page_of(schema.named("Case")),
        answers.cases,
    ),
    Resource(
        "/alerts",
        "What stands out, with its receipt, the newest first",
        (_ANY_BRAND, choice("state", "Live ones are open or acknowledged.", ("live", "all"), "live"), LIMIT, _AFTER_NUMBER),
        schema.page_of(schema.named("Alert")),
        answers.alerts,
    ),
    Resource(
        "/sources",
        "Sources and how they fare",
        (choice("state", "Only in this state.", STATES), LIMIT, _AFTER_NAME),
        schema.page_of(schema.named("Source")),
        answers.sources,
    ),
    Resource(
        "/coverage",
        "What was heard of each source, in stretches of hours; hours without any were never asked",
        (
            BRAND,
            day("since", f"First day, UTC [{answers.LEDGER_DAYS} days before until]."),
            day("until", f"Day after the last one, UTC [now]; at most {answers.MOST_LEDGER_DAYS} days."),
            LIMIT,
            _AFTER_NAME,
        ),
        schema.page_of(schema.named("Ledger")),
        answers.coverage,
    ),
)


def respond(resource: Resource, visit: Visit) -> Response:
    """Answer one request."""
    try:
        document = resource.answer(visit, read_all(resource.parameters, visit))
    except AskedError as error:
        return json_error(error.status, str(error), error.remedy)
    return Response(answers.written(document), media_type="application/json")


def openapi() -> Json:
    """The API's description (OpenAPI 3.1)."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "promisewatch",
            "version": version("promisewatch"),
            "description": "What customers say of a brand, held against what it promises. Null is insufficient evidence.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"session": []}],
        "paths": {ROOT + one.path: {"get": _operation(one)} for one in RESOURCES},
        "components": {
            "schemas": shapes.COMPONENTS,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "Made by `promisewatch users token NAME`."},
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Somebody who is signed in."},
            },
        },
    }


def _operation(one: Resource) -> Json:
    wrong = {"400": "What was asked cannot be.", "401": "Nobody is signed in.", "404": "There is no such thing.", "503": "Not now."}
    return {
        "operationId": one.path.strip("/").replace("/", "_").replace("{", "").replace("}", ""),
        "summary": one.about,
        "parameters": [
            {
                "name": each.name,
                "in": each.place,
                "required": each.place == "path",
                "description": each.about,
                "schema": each.schema,
            }
            for each in one.parameters
        ],
        "responses": {
            "200": _described("It.", one.shape),
            **{status: _described(about, schema.named("Error")) for status, about in wrong.items()},
        },
    }


def _described(about: str, shape: Json) -> Json:
    return {"description": about, "content": {"application/json": {"schema": shape}}}


def pages() -> tuple[Page, ...]:
    """The API as pages of the dashboard: the same guard stands before them."""
    return (
        *(Page(ROOT + one.path, lambda visit, one=one: respond(one, visit)) for one in RESOURCES),  # type: ignore[misc]  # bound early
        Page(f"{ROOT}/openapi.json", lambda _visit: Response(answers.written(openapi()), media_type="application/json")),
    )
