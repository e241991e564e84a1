"""axe-core, the accessibility checks: fetched from the npm registry into build/ when it is wanted, and kept nowhere else."""

import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path

from playwright.sync_api import Page

VERSION = "4.14.1"
SHA256 = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"
ALL = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
CONTRAST = ("cat.color",)
ASK = """async (rules) => {
    const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
    const why = (node) => [...node.any, ...node.all, ...node.none].map((one) => one.message).join("; ");
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${why(node)}`));
}"""


class UnavailableError(Exception):
    """It cannot be had here."""


def axe(folder: Path) -> str:
    """Return the script.

    Raises:
        UnavailableError: why it cannot be had.
    """
    archive = folder / f"axe-core-{VERSION}.tgz"
    if not archive.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise UnavailableError("no npm here to fetch axe-core with; install it: sudo apt-get install npm")
        folder.mkdir(exist_ok=True)
        command = [npm, "pack", f"axe-core@{VERSION}", "--silent", "--fetch-retries=0", "--pack-destination", str(folder)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=folder)
        except (subprocess.SubprocessError, OSError) as error:
            raise UnavailableError(f"axe-core cannot be fetched from the npm registry: {error}") from error
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == SHA256, f"{archive} is not what was published; remove it"
    with tarfile.open(archive) as opened:
        script = opened.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


def violations(page: Page, script: str, rules: tuple[str, ...]) -> list[str]:
    """What the page that is shown does wrong: rule, element, why."""
    page.evaluate(script)
    found: list[str] = page.evaluate(ASK, rules)
    return found
