"""A pytest plugin for runs under one change: the quickest test first, as a change is over with the first that fails."""

import json
from pathlib import Path

import pytest

_MEASURED = Path("mutmut-stats.json")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    seconds = json.loads(_MEASURED.read_text())["duration_by_test"] if _MEASURED.exists() else {}
    items.sort(key=lambda item: seconds.get(item.nodeid, 0))
