"""`promisewatch sources import` and `sources export`: lists of feeds, as feed readers write and take them."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import click

from monitor.app import App, tell
from monitor.config import Config
from monitor.config_adding import add_sources, source_table
from monitor.errors import MonitorError
from monitor.output import write_document
from reports.typography import counted
from sources.mention import VOICES
from sources.opml import OpmlError, Outline, read_opml, write_opml


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--brand", "brands", multiple=True, help="What the feeds are about; may be given more than once [their folder's brand, or all]"
)
@click.option("--voice", type=click.Choice(VOICES), default="customer", help="Who speaks in them [customer]")
@click.option("--every", default="30 minutes", help="How often they are asked [30 minutes]")
@click.option("--dry-run", is_flag=True, help="Show what would be added, and write nothing")
@click.pass_obj
def import_feeds(app: App, file: BinaryIO, brands: Sequence[str], voice: str, every: str, dry_run: bool) -> None:
    """Add the feeds of an OPML FILE to the configuration. A folder that is called like a brand is about that brand."""
    try:
        outlines = read_opml(file.read())
    except OpmlError as error:
        raise MonitorError(f"{file.name}: {error}", remedy="export the list anew from the feed reader, as OPML") from error
    chosen = tuple(app.brand(name).id for name in brands)
    there = {_url(one) for one in feed_outlines(app.config)}
    new = [one for one in outlines if _url(one) not in there]
    tables = [
        source_table(
            {
                "kind": "feed",
                "url": one.url,
                "voice": voice,
                "brands": chosen or _folder_brand(app.config, one),
                "every": every,
            }
        )
        for one in new
    ]
    added = add_sources(app.config_path, tables, dry_run=dry_run)
    if dry_run:
        click.echo(added.strip("\n"))
    known = f", {len(outlines) - len(new)} there already" if len(new) < len(outlines) else ""
    verb = "would be" if dry_run else "was" if len(new) == 1 else "were"
    tell(f"{counted(len(new), 'feed')} {verb} added to {app.config_path}{known}")


@click.command("export")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write [standard output]")
@click.pass_obj
def export_feeds(app: App, output: Path | None) -> None:
    """Write the configured feeds as OPML. Addresses are written whole, keys in them included."""
    app.spare(output)
    document = write_opml(feed_outlines(app.config), "promisewatch", app.clock())
    write_document(document.decode("utf-8"), output)


def feed_outlines(config: Config) -> list[Outline]:
    """Return the configured feeds; one about a single brand lies in that brand's folder."""
    feeds = [one for one in config.source if one.kind == "feed"]
    return [Outline(one.options.url, one.id, one.brands[0] if len(one.brands) == 1 else "") for one in feeds]


def _folder_brand(config: Config, outline: Outline) -> tuple[str, ...]:
    found = config.find_brand(outline.folder) if outline.folder else None
    return (found.id,) if found else ()


def _url(outline: Outline) -> str:
    return outline.url.rstrip("/")
