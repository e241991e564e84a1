"""Renew the pictures of README from a demo: python -m tests.browser.pictures FOLDER, after `promisewatch demo FOLDER`."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

from monitor.app import App
from monitor.doors import dashboard
from tests.browser.conftest import CHROMIUM, FLAGS

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"


def main(folder: Path) -> None:
    app = App(folder / "promisewatch.toml", lambda: datetime.now(UTC))
    with dashboard(app, "127.0.0.1", 0) as address:
        shown: tuple[tuple[str, str, int, int, Literal["light", "dark"]], ...] = (
            ("gap", (folder / "gap.html").resolve().as_uri(), 1280, 1560, "light"),
            ("digest", (folder / "digest.html").resolve().as_uri(), 700, 1240, "light"),
            ("dashboard", f"{address}/", 1280, 1010, "light"),
            ("dashboard-phone", f"{address}/", 390, 844, "dark"),
        )
        with sync_playwright() as playwright, playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser:
            for name, where, width, height, scheme in shown:
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                page.goto(where)
                page.screenshot(path=PICTURES / f"{name}.png")
                page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
