"""The evidence docket as a page, Markdown, JSON or CSV."""

import csv
import io
import json
from datetime import UTC
from typing import Final, Literal

from reports.docket import Docket
from reports.markdown import escape
from reports.reader import gettext
from reports.terms import term
from reports.typography import capitalised, clean, counted, marks, span

DocketFormat = Literal["html", "md", "json", "csv"]
_COLUMNS: Final = ("stance", "published", "source", "author", "url", "quote", "quantity", "confidence", "copies", "mention")


def render_docket(docket: Docket, format: DocketFormat) -> str:  # noqa: A002 - the word of the command line
    """The docket as one document of that format."""
    written = {"html": _html, "md": _markdown, "json": _json, "csv": _csv}[format](docket)
    return written.encode("utf-8", "replace").decode("utf-8")


def _html(docket: Docket) -> str:
    from reports.render_html import page  # noqa: PLC0415 - templates are slow to load, and the other formats need none

    return page("docket.html", document=docket, docket=docket)


def _markdown(docket: Docket) -> str:
    from reports.render_markdown import generated, quotes_markdown  # noqa: PLC0415 - likewise

    facts = (
        span(docket.window),
        counted(len(docket.quotes), "voice", "voices"),
        generated(docket.generated, docket.timezone),
    )
    parts = [
        f"# {escape(docket.brand_name)}: {marks(escape(docket.gap.promise.text))}",
        " · ".join(facts),
        escape(docket.gap.sentence),
    ]
    for stance in ("broken", "kept"):
        quotes = docket.side(stance)
        told = quotes_markdown(quotes, docket.timezone) if quotes else gettext("Nobody said so.")
        parts.append(f"## {capitalised(term(stance))}: {counted(len(quotes), 'voice', 'voices')}\n\n{told}")
    parts.append(gettext("Model %(version)s.", version=escape(docket.model)))
    return "\n\n".join(parts) + "\n"


def _json(docket: Docket) -> str:
    from reports.render_json import promise_json, quote_json  # noqa: PLC0415 - likewise

    document = {
        "brand": docket.brand,
        "generated": docket.generated.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z",
        "window": {"since": docket.window.since.isoformat(), "until": docket.window.until.isoformat()},
        "model": docket.model,
        "promise": {name: value for name, value in promise_json(docket.gap).items() if name != "evidence"},
        "evidence": [quote_json(quote) for quote in docket.quotes],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _csv(docket: Docket) -> str:
    from reports.render_csv import cell  # noqa: PLC0415 - likewise

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for quote in docket.quotes:
        published = quote.published.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
        words = (quote.source, quote.author, quote.url, clean(quote.passage), quote.quantity)
        numbers = (f"{quote.confidence:.3f}", str(quote.copies), str(quote.mention))
        writer.writerow([quote.stance or "", published, *map(cell, words), *numbers])
    return out.getvalue()
