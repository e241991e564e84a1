"""The shapes of what the API answers, as JSON Schema (2020-12). Further fields may come; these stay."""

from typing import Any, Final

Json = dict[str, Any]

TEXT: Final[Json] = {"type": "string"}
WHOLE: Final[Json] = {"type": "integer"}
NUMBER: Final[Json] = {"type": "number"}
FLAG: Final[Json] = {"type": "boolean"}
DAY: Final[Json] = {"type": "string", "format": "date"}
TIME: Final[Json] = {"type": "string", "format": "date-time"}
COUNTS: Final[Json] = {"type": "object", "additionalProperties": {"type": "integer"}}
ANYTHING: Final[Json] = {"type": "object"}


def words(*values: str) -> Json:
    """One of some words."""
    return {"type": "string", "enum": list(values)}


def maybe(shape: Json) -> Json:
    """It, or null: insufficient evidence, not known, not yet."""
    return {"anyOf": [shape, {"type": "null"}]}


def many(shape: Json) -> Json:
    """A list of them."""
    return {"type": "array", "items": shape}


def record(**fields: Json) -> Json:
    """An object that has at least these fields."""
    return {"type": "object", "required": list(fields), "properties": fields}


def named(name: str) -> Json:
    """One of `COMPONENTS`."""
    return {"$ref": f"#/components/schemas/{name}"}


def page_of(shape: Json) -> Json:
    """A page of a list, and where the next one begins; null at the end."""
    return record(items=many(shape), after=maybe(TEXT))


LABEL: Final = words("negative", "neutral", "positive")
STANCE: Final = words("kept", "broken")
EAR: Final = words("ok", "partial", "blind")
_BOUNDS: Final = maybe(named("Interval"))
_EVERY: Final = words("day", "week", "month")
_HEAD: Final[Json] = {
    "brand": TEXT,
    "brand_name": TEXT,
    "timezone": TEXT,
    "generated": TIME,
}

COMPONENTS: Final[dict[str, Json]] = {
    "Error": record(error=TEXT, remedy=TEXT),
    "Interval": {
        "description": "Lower and upper bound, 95 %; null where there is none.",
        "type": "array",
        "items": maybe(NUMBER),
        "minItems": 2,
        "maxItems": 2,
    },
    "Window": record(since=DAY, until=DAY) | {"description": "The first day, and the day after the last one."},
    "Probabilities": record(negative=NUMBER, neutral=NUMBER, positive=NUMBER),
    "Brand": record(
        id=TEXT,
        name=TEXT,
        timezone=TEXT,
        promises=many(record(id=TEXT, text=TEXT, pillar=maybe(TEXT), strength=TEXT, since=maybe(DAY))),
    ),
    "Mention": record(
        id=WHOLE,
        source=TEXT,
        url=TEXT,
        published=TIME,
        author=TEXT,
        voice=words("customer", "press", "brand"),
        language=maybe(TEXT),
        label=maybe(LABEL),
        corrected=FLAG,
        copies=WHOLE,
        text=TEXT,
    ),
    "Passage": record(
        start=WHOLE,
        end=WHOLE,
        text=TEXT,
        label=LABEL,
        probabilities=named("Probabilities"),
        pillar=maybe(TEXT),
        experience=maybe(TEXT),
        promises=many(record(id=TEXT, stance=maybe(STANCE), relevance=NUMBER, confidence=NUMBER, quantity=maybe(TEXT))),
    ),
    "Quote": record(
        mention=WHOLE,
        quote=TEXT,
        url=TEXT,
        promise=maybe(TEXT),
        stance=maybe(STANCE),
        label=maybe(LABEL),
        confidence=maybe(NUMBER),
        published=TIME,
        source=TEXT,
        author=TEXT,
        copies=WHOLE,
        quantity=maybe(TEXT),
    ),
    "PromiseGap": record(
        id=TEXT,
        text=TEXT,
        pillar=TEXT,
        expectation=NUMBER,
        delivery=maybe(NUMBER),
        raw=maybe(NUMBER),
        gap=maybe(NUMBER),
        interval=_BOUNDS,
        gap_interval=_BOUNDS,
        n=WHOLE,
        n_eff=NUMBER,
        kept=WHOLE,
        broken=WHOLE,
        verdict=words("kept", "at risk", "broken", "unclear", "insufficient evidence"),
        direction=maybe(TEXT),
        change=maybe(ANYTHING),
        sentence=TEXT,
        trend=many(record(start=DAY, delivery=maybe(NUMBER), interval=_BOUNDS, n=WHOLE, placements=WHOLE)),
        evidence=many(named("Quote")),
    ),
    "Sentiment": record(
        net=maybe(NUMBER),
        raw=maybe(NUMBER),
        interval=_BOUNDS,
        n=WHOLE,
        n_eff=NUMBER,
        shares=maybe(named("Probabilities")),
        method=TEXT,
        audited=WHOLE,
        trend=many(record(start=DAY, net=maybe(NUMBER), interval=_BOUNDS, n=WHOLE)),
    ),
    "Hole": record(source=TEXT, since=TIME, until=TIME, heard=words("partial", "blind"), reason=TEXT),
    "Coverage": record(
        mentions=WHOLE,
        stories=WHOLE,
        copies=WHOLE,
        voices=COUNTS,
        sources=COUNTS,
        unread=WHOLE,
        unscored=COUNTS,
        holes=many(named("Hole")),
    ),
    "Model": record(version=TEXT, priors=maybe(named("Probabilities")), audited=WHOLE, right=WHOLE, right_interval=_BOUNDS),
    "Gap": record(
        **_HEAD,
        window=named("Window"),
        every=_EVERY,
        headlines=many(TEXT),
        promises=many(named("PromiseGap")),
        weights=maybe(ANYTHING),
        findings=ANYTHING,
        sentiment=named("Sentiment"),
        coverage=named("Coverage"),
        model=named("Model"),
    ),
    "Digest": record(
        **_HEAD,
        day=DAY,
        edition=words("daily", "weekly", "monthly"),
        period=named("Window"),
        baseline=named("Window"),
        quiet=FLAG,
        things=many(TEXT),
        mentions=WHOLE,
        usual_mentions=maybe(NUMBER),
        sentiment=named("Sentiment"),
        usual=named("Sentiment"),
        net_change=_BOUNDS,
        movers=many(ANYTHING),
        verdicts=many(named("PromiseGap")),
        changed=many(record(id=TEXT, before=TEXT, now=TEXT, sentence=TEXT)),
        praise=many(named("Quote")),
        complaints=many(named("Quote")),
        causes=many(record(id=WHOLE, name=TEXT, stage=TEXT, voices=WHOLE, sentence=TEXT)),
        waiting=record(customers=WHOLE, late=WHOLE, cases=many(ANYTHING)),
        coverage=named("Coverage"),
        model=named("Model"),
    ),
    "Score": record(
        name=TEXT,
        customers=maybe(NUMBER),
        interval=_BOUNDS,
        own=maybe(NUMBER),
        difference=maybe(NUMBER),
        importance=maybe(NUMBER),
        importance_interval=_BOUNDS,
        n=WHOLE,
        n_eff=NUMBER,
        good=WHOLE,
        bad=WHOLE,
        sentence=TEXT,
        quotes=many(record(mention=WHOLE, quote=TEXT, url=TEXT, label=maybe(LABEL), copies=WHOLE)),
    ),
    "Scorecard": record(
        **_HEAD,
        window=named("Window"),
        headlines=many(TEXT),
        total=record(customers=maybe(NUMBER), interval=_BOUNDS, own=maybe(NUMBER), of=NUMBER, pillars=WHOLE),
        raters=many(TEXT),
        first=many(TEXT),
        pillars=many(named("Score")),
        stages=many(named("Score")),
        model=TEXT,
    ),
    "Cause": record(
        id=WHOLE,
        name=TEXT,
        status=TEXT,
        stage=TEXT,
        voices=WHOLE,
        authors=WHOLE,
        stories=WHOLE,
        share=maybe(NUMBER),
        share_interval=_BOUNDS,
        rate=maybe(NUMBER),
        rate_interval=_BOUNDS,
        cost=maybe(NUMBER),
        cost_interval=_BOUNDS,
        first_seen=DAY,
        covered=maybe(DAY),
        done=maybe(TEXT),
        change=maybe(ANYTHING),
        proof=maybe(ANYTHING),
        trend=many(record(start=DAY, voices=WHOLE, heard=WHOLE, rate=maybe(NUMBER))),
        promises=COUNTS,
        pillars=COUNTS,
        sentence=TEXT,
        quotes=many(record(mention=WHOLE, quote=TEXT, url=TEXT, source=TEXT, copies=WHOLE)),
        events=many(record(at=TIME, what=TEXT, detail=TEXT, who=maybe(TEXT))),
    ),
    "Causes": record(
        **_HEAD,
        window=named("Window"),
        every=_EVERY,
        headlines=many(TEXT),
        heard=WHOLE,
        complaining=WHOLE,
        unexplained=WHOLE,
        currency=maybe(TEXT),
        causes=many(named("Cause")),
        improvements=many(ANYTHING),
        model=TEXT,
    ),
    "Case": record(
        id=WHOLE,
        brand=TEXT,
        status=words("new", "answered", "recovered", "closed"),
        owner=TEXT,
        urgency=WHOLE,
        severity=WHOLE,
        reach=WHOLE,
        copies=WHOLE,
        asks=FLAG,
        reasons=many(TEXT),
        opened=maybe(TIME),
        asked=maybe(TIME),
        waiting=maybe(TIME),
        due=maybe(TIME),
        answered=maybe(TIME),
        ended=maybe(TIME),
        mention=WHOLE,
        author=TEXT,
        text=TEXT,
        url=TEXT,
        source=TEXT,
    ),
    "Alert": record(
        id=WHOLE,
        state=words("open", "acknowledged", "resolved"),
        brand=TEXT,
        watch=TEXT,
        subject=TEXT,
        since=TIME,
        opened=maybe(TIME),
        acknowledged=maybe(TIME),
        resolved=maybe(TIME),
        snoozed=maybe(TIME),
        escalated=FLAG,
        note=TEXT,
        sent=FLAG,
        receipt=record(stories=many(record(mention=WHOLE, voices=WHOLE, quote=TEXT, url=TEXT, source=TEXT))),
    ),
    "Source": record(
        id=TEXT,
        kind=TEXT,
        url=TEXT,
        state=words("active", "limited", "failing", "denied", "gone", "paused"),
        collected=maybe(TIME),
        news=maybe(TIME),
        not_before=maybe(TIME),
        failures=WHOLE,
        error=TEXT,
        remedy=TEXT,
        brands=many(TEXT),
    ),
    "Ledger": record(
        source=TEXT,
        hours=record(ok=WHOLE, partial=WHOLE, blind=WHOLE, paused=WHOLE),
        stretches=many(record(since=TIME, until=TIME, heard=EAR, reason=TEXT)),
    ),
}
