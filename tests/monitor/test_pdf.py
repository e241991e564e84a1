"""A report on paper."""

from pathlib import Path

import pytest

from monitor.errors import MonitorError
from monitor.pdf import find_browser, print_page

PAGE = "<!DOCTYPE html><title>t</title><p>Kept in 52 of 100 cases.</p>"


def browser() -> str:
    try:
        return find_browser()
    except MonitorError:
        pytest.skip("no Chromium is installed here")


def test_a_page_is_printed(tmp_path: Path) -> None:
    print_page(PAGE, tmp_path / "gap.pdf", browser())
    assert (tmp_path / "gap.pdf").read_bytes().startswith(b"%PDF-")
    assert [path.name for path in tmp_path.iterdir()] == ["gap.pdf"]


def test_without_a_browser_the_error_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(MonitorError, match="none is installed") as caught:
        find_browser(str(tmp_path))
    assert "apt install chromium" in caught.value.remedy


@pytest.mark.parametrize("script", ["exit 3", "echo 'no room' >&2"])
def test_a_browser_that_prints_nothing_is_told(script: str, tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    with pytest.raises(MonitorError, match="did not print"):
        print_page(PAGE, tmp_path / "gap.pdf", str(program))
    assert not (tmp_path / "gap.pdf").exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text(
        '#!/bin/sh\nfor one in "$@"; do case $one in --print-to-pdf=*) echo x > "${one#*=}";; esac; done\n', encoding="utf-8"
    )
    program.chmod(0o755)
    with pytest.raises(MonitorError, match="nowhere"):
        print_page(PAGE, tmp_path / "nowhere" / "gap.pdf", str(program))
