"""A pytest plugin for runs of chosen tests: the nearest first, as the first that fails ends it, and no more than the first `MOST`
or what takes `MOST_S` together.

The nearest are those of files that import the changed module; then the quickest. The library's own run of all chosen tests without
a change is as short: each has passed before, when it was measured.
"""

import json
import os
from functools import cache
from itertools import accumulate
from pathlib import Path

import pytest

MOST = 100
MOST_S = 4.0
_MEASURED = Path("mutmut-stats.json")


def pytest_configure(config: pytest.Config) -> None:
    chosen, running = [test for test in config.args if "::" in test], os.environ.get("MUTANT_UNDER_TEST", "")
    if chosen and running != "stats":
        module = running.partition(".x")[0]
        seconds = _seconds()
        nearest = sorted(chosen, key=lambda test: (not _imports(test.partition("::")[0], module), seconds.get(test, 0)))
        together = accumulate(seconds.get(test, 0) for test in nearest)
        config.args = [test for n, (test, all_s) in enumerate(zip(nearest, together, strict=True)) if n < MOST or all_s <= MOST_S]


@cache
def _imports(test: str, module: str) -> bool:
    room, _, name = module.rpartition(".")
    text = Path(test).read_text(encoding="utf-8")
    return f"from {module} import" in text or f"from {room} import {name}" in text


@cache  # the library forks for each change after this was read
def _seconds() -> dict[str, float]:
    told: dict[str, float] = json.loads(_MEASURED.read_text())["duration_by_test"]
    return told
