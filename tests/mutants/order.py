"""A pytest plugin for runs of chosen tests: the nearest first, as the first that fails ends it, and no more than `MOST`.

The nearest are those of files that import the changed module; then the quickest. The library's own run of all chosen tests without
a change is as short: each has passed before, when it was measured.
"""

import json
import os
from functools import cache
from pathlib import Path

import pytest

MOST = 120
_MEASURED = Path("mutmut-stats.json")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    seconds = _seconds() if _MEASURED.exists() else {}
    if any("::" in argument for argument in config.args):
        module = os.environ.get("MUTANT_UNDER_TEST", "").partition(".x")[0]
        near = {test: _imports(test, module) for test in {item.path for item in items}}
        items.sort(key=lambda item: (not near[item.path], seconds.get(item.nodeid, 0)))
        config.hook.pytest_deselected(items=items[MOST:])
        del items[MOST:]


def _imports(test: Path, module: str) -> bool:
    room, _, name = module.rpartition(".")
    text = test.read_text(encoding="utf-8")
    return f"from {module} import" in text or f"from {room} import {name}" in text


@cache  # the library forks for each change after this was read
def _seconds() -> dict[str, float]:
    told: dict[str, float] = json.loads(_MEASURED.read_text())["duration_by_test"]
    return told
