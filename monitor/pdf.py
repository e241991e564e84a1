"""Reports as PDF: the page, printed by a browser that is installed. No library draws it as the reader will see it on screen."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from monitor.errors import MonitorError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
SECONDS = 120.0
_QUIET = (
    *("--headless", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-extensions", "--no-first-run", "--no-pdf-header-footer"),
)


def find_browser(path: str | None = None) -> str:
    """Return the program that prints.

    Raises:
        MonitorError: there is none.
    """
    found = next((found for name in BROWSERS if (found := shutil.which(name, path=path))), None)
    if found is None:
        raise MonitorError(
            "a PDF needs Chromium or Chrome, and none is installed",
            remedy="install one (Debian: apt install chromium), or write a page (-o report.html) and print it",
        )
    return found


def print_page(html: str, to: Path, browser: str | None = None) -> None:
    """Print a page to a file, whole or not at all.

    Raises:
        MonitorError: no browser, one that fails, or a place that cannot be written.
    """
    program = browser or find_browser()
    with tempfile.TemporaryDirectory(prefix="promisewatch-") as name:
        folder = Path(name)
        page, printed = folder / "page.html", folder / "page.pdf"
        page.write_text(html, encoding="utf-8")
        # Root has no sandbox to give; the page has no script and loads nothing.
        root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
        call = [program, *_QUIET, *root, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={printed}", page.as_uri()]
        try:
            done = subprocess.run(call, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603 - our own words
        except (OSError, subprocess.TimeoutExpired) as error:
            raise MonitorError(
                f"{program} did not print the page: {error}", remedy="write a page (-o report.html) and print it"
            ) from error
        if not printed.is_file():
            said = next(iter(done.stderr.strip().splitlines()[-1:]), f"exit status {done.returncode}")
            raise MonitorError(f"{program} did not print the page: {said}", remedy="write a page (-o report.html) and print it")
        part = to.with_name(f"{to.name}.part")
        try:
            shutil.copyfile(printed, part)
            part.replace(to)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise MonitorError(f"{to}: {error.strerror or error}", remedy="choose a place where this user may write") from error
