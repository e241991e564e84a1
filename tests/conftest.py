"""What all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no defect: how long an example takes is not what the properties are about.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which commands run; their configuration is what a test writes there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PROMISEWATCH_CONFIG", raising=False)
    return tmp_path
