"""Keep the translations of the reports in step with their texts.

Run by `make messages`: finds every message, brings each catalogue up to date and compiles it. With `--check` it changes nothing and
says what is missing, broken or stale; `--new LANGUAGE` begins a catalogue.
"""

import ast
import io
import re
import sys
from collections.abc import Container, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.frontend import parse_keywords
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "reports" / "locale"
SOURCES = ("reports/*.py", "monitor/alert_*.py", "monitor/case_messages.py", "reports/templates/*.html")
# The last one is a number with its noun, of which an English plural in -s may be left out: not where it is translated.
KEYWORDS = parse_keywords(["_", "gettext", "gettext_noop", "ngettext:1,2", "counted:2,3,3t"])
JINJA = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
STRAY_PERCENT = re.compile(r"%(?!\(\w+\)s)")
# What a header holds of people and times: history knows both better, and a catalogue changes only with its messages.
NOT_KEPT = ("Project-Id", "Report-Msgid", "POT-Creation", "PO-Revision", "Last-Translator", "Language-Team", "Generated-By")
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def calls(
    file: IO[bytes], keywords: Container[str], *_: object, **__: object
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """The marked messages of a Python file; Babel's own extractor sees none within an f-string."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            given = tuple(one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else None for one in node.args)
            yield node.lineno, node.func.id, given, []


def found_messages() -> Catalog:
    """Every message of the reports, with the files that it stands in."""
    catalogue = Catalog(project="promisewatch", fuzzy=False)
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            method, options = (babel_extract, JINJA) if path.suffix == ".html" else (calls, {})
            with path.open("rb") as file:
                for _, message, comments, _ in extract(method, file, KEYWORDS, (), options):
                    catalogue.add(message, None, [(str(path.relative_to(ROOT)), 0)], auto_comments=comments)
    return catalogue


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/reports.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale=path.parents[1].name)


def written(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=110, sort_by_file=True, include_lineno=False, ignore_obsolete=True, omit_header=False)
    lines = out.getvalue().decode().splitlines(True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in NOT_KEPT))).encode()


def compiled(text: bytes, language: str) -> bytes:
    catalogue, out = read_po(io.BytesIO(text), locale=language), io.BytesIO()
    catalogue.creation_date = catalogue.revision_date = NO_TIME
    write_mo(out, catalogue)
    return out.getvalue()


def updated(catalogue: Catalog, found: Catalog) -> Catalog:
    catalogue.update(found, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.header_comment = f"# The reports in {catalogue.locale and catalogue.locale.english_name}."
    for message in catalogue:
        message.flags -= {"python-format"}  # "95 %% interval" is one to Babel; placeholders are compared below
    return catalogue


def faults(name: str, catalogue: Catalog) -> Iterator[str]:
    for message in catalogue:
        if not message.id:
            continue
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        given = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(given):
            yield f"{name}: not translated: {english[0]!r}"
            continue
        if len(english) == 2 and len(given) != catalogue.num_plurals:
            yield f"{name}: {catalogue.num_plurals} forms are needed: {english[0]!r}"
        for text in given:
            yield from broken(name, message, english, text)


def broken(name: str, message: Message, english: tuple[str, ...], text: str) -> Iterator[str]:
    known, used = ({one for part in parts for one in PLACEHOLDER.findall(part)} for parts in (english, (text,)))
    # One thing need not be counted: "an hour".
    if used - known or (known - used) - ({"n"} if len(english) == 2 else set()):
        yield f"{name}: placeholders differ: {message.id!r} has {sorted(known)}, {text!r} has {sorted(used)}"
    if STRAY_PERCENT.search(text.replace("%%", "")):
        yield f"{name}: write a percent sign twice: {text!r}"


def main(arguments: list[str]) -> int:
    found = found_messages()
    if arguments[:1] == ["--new"]:
        path = LOCALE / arguments[1] / "LC_MESSAGES" / "reports.po"
        path.parent.mkdir(parents=True)
        path.write_bytes(written(updated(Catalog(locale=arguments[1], project="promisewatch", fuzzy=False), found)))
    check, wrong = arguments == ["--check"], []
    for path, catalogue in catalogues():
        name = str(path.relative_to(ROOT))
        now = updated(catalogue, found)
        wrong += faults(name, now)
        text = written(now)
        for place, content in ((path, text), (path.with_suffix(".mo"), compiled(text, path.parents[1].name))):
            if check and place.read_bytes() != content:
                wrong.append(f"{place.relative_to(ROOT)}: stale; run: make messages")
            elif not check:
                place.write_bytes(content)
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
