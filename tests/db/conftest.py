"""A store in the test's own folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.recorder import Recorder

from .making import recorder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ward.db"


@pytest.fixture
def writing(path: Path) -> Iterator[Recorder]:
    """An open store; closed at the end."""
    opened = recorder(path)
    yield opened
    opened.close()
