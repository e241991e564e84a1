"""What can be taken along: tables as CSV and JSON, reports as documents.

They are saved, never shown: a document has its style within, which pages of the dashboard may not.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from starlette.responses import Response

from monitor.commands.export import cell
from monitor.web.visit import Visit

KINDS: Final = {"html": "text/html", "md": "text/markdown", "json": "application/json", "csv": "text/csv"}
"""The formats of reports."""
TABLES: Final = ("csv", "json")


def table(visit: Visit, kind: str, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Response:
    """Rows as a CSV table of `columns`, or whole as JSON; another `kind` is not found."""
    if kind == "json":
        return saved(json.dumps([*rows], ensure_ascii=False, indent=1, default=_written), name, kind)
    if kind != "csv":
        return visit.nothing("such format", f"There are {' and '.join(TABLES)}.")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return saved(out.getvalue(), name, kind)


def saved(text: str, name: str, kind: str) -> Response:
    """A document to be saved as `name`."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(text.encode("utf-8", "replace"), media_type=KINDS[kind], headers=headers)


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_written)
    return cell(_written(value) if isinstance(value, datetime) else value)


def _written(value: Any) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value)
