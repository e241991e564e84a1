"""`promisewatch import`: mentions from a CSV or JSONL file."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

import click

from monitor.app import App, tell
from monitor.errors import MonitorError
from monitor.matching import Matcher
from monitor.output import JSON_OR_TEXT, progress, show_json
from monitor.store import Kept, Match
from reports.typography import counted
from sources.columns import KEYS
from sources.mention import VOICES, Mention, Voice
from sources.source import SourceError
from sources.table import AHEAD, Rejected, Row, Table, read_table
from sources.table_ids import shared_id


@dataclass
class _Rejects:
    """The rows that could not be taken, in a file that is only made when there is one."""

    path: Path
    written: bool
    ours: bool
    count: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    file: TextIO | None = None

    def add(self, row: Rejected) -> None:
        self.count += 1
        said = f"{row.reason}; {row.remedy}" if row.remedy else row.reason
        if said in self.reasons or len(self.reasons) < 20:
            self.reasons[said] = self.reasons.get(said, 0) + 1
        if not self.written:
            return
        try:
            if self.file is None:
                self.file = self._part.open("w", encoding="utf-8")
            self.file.write(row.as_json() + "\n")
        except OSError as error:
            raise self._unwritable(error) from error

    @property
    def _part(self) -> Path:
        return self.path.with_name(f"{self.path.name}.part")

    def close(self) -> None:
        """Close the file; what has not taken its name with `finish` is of an import that broke off."""
        if self.file is not None:
            with suppress(OSError):  # what could not be written is said by `finish`, or an error is on its way already
                self.file.close()
                self._part.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> MonitorError:
        return MonitorError(f"{self.path} cannot be written: {error.strerror}", remedy="choose another place with --rejects")

    def finish(self) -> None:
        """Put the rejects in place of those of an earlier import; where this one was clean, remove those that we had named."""
        if self.file is not None:
            try:
                self.file.close()
                self._part.replace(self.path)
            except OSError as error:
                raise self._unwritable(error) from error
        elif self.written and self.ours:
            self.path.unlink(missing_ok=True)


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--map",
    "mapping",
    multiple=True,
    help=f"KEY=COLUMN,… for {', '.join(KEYS)} [guessed from the names]",
)
@click.option("--brand", help="Every row speaks of this brand.")
@click.option("--brand-column", help="Column that names the brand of a row, by id or name.")
@click.option("--source", "source", help="Name of the source in reports [the file's name]")
@click.option("--voice", type=click.Choice(VOICES), default="customer", help="Who speaks [customer]")
@click.option("--date-format", help='How dates are written, such as "%d/%m/%Y %H:%M", where it is ambiguous.')
@click.option("--timezone", "zone", default="UTC", help="Time zone of dates that name none [UTC]")
@click.option("--keep", "keep", multiple=True, help="Column to keep as an attribute, for segments; may be repeated.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Where bad rows go [FILE.rejects.jsonl]")
@click.option("--update", is_flag=True, help="Make rows that are known what the file says: date, author, voice, brand and all.")
@click.option("--dry-run", is_flag=True, help="Read the file and say what would happen; change nothing.")
@JSON_OR_TEXT
@click.pass_obj
def import_command(
    app: App,
    file: Path,
    mapping: tuple[str, ...],
    brand: str | None,
    brand_column: str | None,
    source: str | None,
    voice: Voice,
    date_format: str | None,
    zone: str,
    keep: tuple[str, ...],
    rejects: Path | None,
    update: bool,
    dry_run: bool,
    format_: str,
) -> int:
    """Import mentions from FILE (CSV or JSONL, also gzipped). Bad rows go to a rejects file, with the reason.

    An import that was interrupted is taken up by running it again: rows that are there already change nothing but their text. One
    that was wrong is put right with --update.
    """
    if brand and brand_column:
        raise click.UsageError("--brand and --brand-column exclude each other")
    name = source or file.name.split(".")[0]
    config, now = app.config, app.clock()
    only = app.brand(brand).id if brand else None
    refused = _Rejects(rejects or file.with_name(f"{file.name}.rejects.jsonl"), written=not dry_run, ours=rejects is None)
    if refused.path.resolve() == file.resolve():
        raise click.UsageError("--rejects names the file that is imported")
    app.spare(refused.path)
    began = time.monotonic()
    try:
        table = read_table(
            file,
            parse_mapping(mapping),
            name,
            voice=voice,
            date_format=date_format,
            brand_column=brand_column,
            timezone=_zone(zone),
            fallback_published=now,
            keep=keep,
            latest=now + AHEAD,
        )
    except SourceError as error:
        raise MonitorError(str(error), remedy=error.remedy) from error
    _refuse_shared_ids(file, table)
    _announce(table)
    matcher = Matcher(config.brand, config.match)
    rows = _matched(table, app, matcher, only, refused, by_column=bool(brand_column))
    with closing(table), closing(refused), progress("imported") as shown:
        if dry_run:
            kept = _rehearse(rows)
        else:
            with app.open_store() as store:
                other = store.sources.imported_from(name, str(file.resolve()))
                if other and not source:
                    tell(_same_name(name, other))
                kept = store.mentions.import_rows(rows, now, shown.at, update=update)
        refused.finish()
    for notice in table.notices:
        tell(f"{file.name}: {notice}")
    _report(kept, refused, time.monotonic() - began, format_, dry_run=dry_run)
    return 1 if refused.count else 0


def parse_mapping(given: Sequence[str]) -> dict[str, str]:
    """Return `text=COLUMN,published=COLUMN` as a mapping.

    Raises:
        click.BadParameter: a part is no pair, or names something that a mention does not have.
    """
    found = {}
    for part in (part for one in given for part in one.split(",")):
        key, equals, column = part.partition("=")
        if not equals or key.strip() not in KEYS or (key.strip() == "text" and not column.strip()):
            raise click.BadParameter(f"{part!r}: write {'|'.join(KEYS)}=COLUMN", param_hint="--map")
        found[key.strip()] = column.strip()
    return found


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise click.BadParameter(f"no such time zone: {name}; use a name like Europe/Riga", param_hint="--timezone") from error


def _same_name(name: str, other: str) -> str:
    return (
        f"rows of {other} are in source {name!r} already, and a row with the same id is taken for the same mention;"
        " --source NAME keeps two files apart"
    )


def _refuse_shared_ids(file: Path, table: Table) -> None:
    """Refuse a column as id that names several rows: all but one of them would be lost.

    Raises:
        MonitorError: the column, and what helps.
    """
    column = table.mapping.get("id")
    if column is None or not file.is_file():  # a pipe cannot be read twice
        return
    with progress("checked") as shown:
        found = shared_id(file, column, shown.at)
    if found is not None:
        table.close()
        raise MonitorError(
            f"{file.name}: the column {column!r} is no id: {found!r} names rows that differ",
            remedy="name another column with --map id=COLUMN, or none with --map id= (rows are then told apart by what they say)",
        )


def _announce(table: Table) -> None:
    if table.guessed:
        tell(
            "columns: "
            + ", ".join(f"{key}={column}" for key, column in table.mapping.items())
            + "  (guessed; --map chooses others)"
        )
    if "published" not in table.mapping:
        tell("no date column: every row is dated now; --map published=COLUMN names one")


def _matched(
    table: Table, app: App, matcher: Matcher, only: str | None, refused: _Rejects, *, by_column: bool
) -> Iterator[tuple[Mention, Sequence[Match]]]:
    """Yield every good row with the brands it speaks of; hand the bad ones to `refused`."""
    match = matcher.for_source()
    known: dict[str, str | None] = {}
    for row in table:
        if isinstance(row, Rejected):
            refused.add(row)
            continue
        mention = row.mention
        if not by_column:
            yield mention, matcher.assigned(mention, only) if only else match(mention)
            continue
        if row.brand not in known:
            found = app.config.find_brand(row.brand)
            known[row.brand] = found.id if found else None
        brand = known[row.brand]
        if brand is None:
            refused.add(_unknown_brand(row))
        else:
            yield mention, matcher.assigned(mention, brand)


def _unknown_brand(row: Row) -> Rejected:
    raw = {"brand": row.brand, "id": row.mention.external_id, "text": row.mention.text}
    return Rejected(row.number, f"brand {row.brand!r} is not configured", raw, remedy="add a [[brand]] with this id or name")


def _rehearse(rows: Iterator[tuple[Mention, Sequence[Match]]]) -> Kept:
    new = unmatched = 0
    for _, matches in rows:
        new, unmatched = (new + 1, unmatched) if matches else (new, unmatched + 1)
    return Kept(new=new, unmatched=unmatched)


def _report(kept: Kept, refused: _Rejects, seconds: float, format_: str, *, dry_run: bool) -> None:
    counts = replace(kept, skipped=kept.skipped + refused.count)
    if format_ == "json":
        show_json(
            {
                "new": counts.new,
                "copies": counts.copies,
                "edited": counts.edited,
                "unchanged": counts.unchanged,
                "unmatched": counts.unmatched,
                "differing": counts.differing,
                "rejected": refused.count,
                "rejects": str(refused.path) if refused.file else None,
                "reasons": refused.reasons,
                "seconds": round(seconds, 2),
                "dry_run": dry_run,
            }
        )
    did = "would import" if dry_run else "imported"
    parts = [f"{did} {counted(counts.new + counts.copies, 'mention')} in {seconds:.1f} s"]
    named = (("of them copies of known stories", counts.copies), ("edited", counts.edited), ("there already", counts.unchanged))
    parts += [
        f"{count:,} {what}" for what, count in (*named, ("left out, since they match no brand's query", counts.unmatched)) if count
    ]
    tell("; ".join(parts))
    if counts.unmatched and not (counts.new or counts.copies or counts.edited or counts.unchanged):
        tell("  where every row is about one brand, --brand ID takes them all; --brand-column takes the brand from a column")
    if counts.differing:
        rows = counted(counts.differing, "known row")
        tell(f"{rows} changed, but not in the text; --update takes such changes from the file")
    for reason, count in sorted(refused.reasons.items(), key=lambda one: -one[1]):
        tell(f"  {count:,} rejected: {reason}")
    if refused.file:
        tell(f"rejected rows are in {refused.path}")
    if not (counts.new or counts.copies or counts.edited or counts.unchanged) and refused.count:
        raise MonitorError("no row could be imported", remedy="look at the reasons above")
