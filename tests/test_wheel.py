"""The wheel ships the four packages, with all that they need, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TRY = """
import sys
sys.path.insert(0, sys.argv[1])
import models.calibration, monitor.cli, monitor.demo.run, reports.reader, reports.render_html
from datetime import date
assert all(module.__file__.startswith(sys.argv[1]) for module in (models.calibration, monitor.cli, reports.render_html))
assert models.calibration.load_calibration("bundled").relevance is not None
assert (models.calibration.BUNDLED / "model.safetensors").stat().st_size > 10_000_000
assert {"de", "en"} <= reports.reader.languages()
assert monitor.demo.run.generate(1, date(2026, 11, 16)).items
sys.exit(monitor.cli.run(["init"]) or monitor.cli.run(["gap", "-o", "gap.html"]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(build, check=True, capture_output=True)
    (found,) = folder.glob("promisewatch-*.whl")
    return found


def test_it_holds_the_four_packages_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"monitor", "sources", "models", "reports"}
    assert not [name for name in names if name.startswith(("models/training", "tests"))]


def test_it_works_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    unpacked, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    zipfile.ZipFile(wheel).extractall(unpacked)
    done = subprocess.run([sys.executable, "-c", TRY, str(unpacked)], cwd=elsewhere, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (elsewhere / "gap.html").exists()
