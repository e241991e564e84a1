"""Debian's Chromium at a dashboard over a planted store. Each walk has a store, a dashboard and a profile of its own."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from monitor.app import App
from monitor.doors import dashboard
from monitor.web.guard import COOKIE
from tests.browser.planted import NOW, TOKEN, plant

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")
PHONE, DESKTOP = (390, 844), (1280, 900)
SECONDS_TO_APPEAR = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium here; install it: sudo apt-get install chromium"))


@dataclass
class Walk:
    """One person's browser. It writes down whatever should never happen: errors, requests to anywhere else."""

    address: str
    context: BrowserContext
    page: Page
    wrong: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"script failed: {error}"))
        page.on("request", self._request)

    def go(self, path: str, status: int = 200) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status, path

    def click(self, role: Literal["button", "link"], name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()

    def sees(self, words: str) -> None:
        expect(self.page.locator("body")).to_contain_text(words)

    def headed(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    def _console(self, message: ConsoleMessage) -> None:
        # The console repeats that the page asked for was refused; `go` looks at that.
        if message.type == "error" and message.location["url"] != self.page.url:
            self.wrong.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:")):
            self.wrong.append(f"asked elsewhere: {request.url}")


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with configuration and store, to be copied."""
    folder = tmp_path_factory.mktemp("planted")
    plant(folder)
    return folder


# Playwright leaves an event loop in its thread: not for longer than these tests need it.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as opened:
        yield opened


Opened = Callable[..., Walk]


@pytest.fixture
def open_browser(browser: Browser, planted: Path, tmp_path: Path) -> Iterator[Opened]:
    """Opens browsers at one dashboard: at a width, signed in or not, with scripts or without."""
    folder = shutil.copytree(planted, tmp_path / "dashboard")
    walks: list[Walk] = []
    with dashboard(App(folder / "promisewatch.toml", lambda: NOW), "127.0.0.1", 0) as address:

        def opened(size: tuple[int, int] = DESKTOP, *, signed_in: bool = True, scripts: bool = True, dark: bool = False) -> Walk:
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                java_script_enabled=scripts,
                color_scheme="dark" if dark else "light",
                reduced_motion="reduce",
            )
            context.set_default_timeout(SECONDS_TO_APPEAR * 1000)
            if signed_in:
                context.add_cookies([{"name": COOKIE, "value": TOKEN, "url": address}])
            walk = Walk(address, context, context.new_page())
            walk.watch(walk.page)
            walks.append(walk)
            return walk

        yield opened
        for walk in walks:
            walk.context.close()
    for walk in walks:
        assert walk.wrong == []


expect.set_options(timeout=SECONDS_TO_APPEAR * 1000)
