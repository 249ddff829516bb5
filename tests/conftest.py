"""What holds for every test: none is failed for being slow, a password costs nothing but in its own test, branches are counted
where they are meant; and what a test counts is printed at the end of the run.
"""

import os
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest
from argon2 import PasswordHasher
from coverage import Coverage
from hypothesis import HealthCheck, settings

from app.services.access import kept_secrets
from app.services.access.keyfile import STRONG, Stretching

settings.register_profile("push", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
settings.register_profile("long", settings.get_profile("push"), max_examples=500)
settings.load_profile("push")

_HERE = Path(__file__).parent
#: Where nothing compiled is kept beside the sources, it is kept here, for the workers and processes of tests as well.
_COMPILED = str(_HERE.parent / "build" / "compiled")
if sys.dont_write_bytecode:
    sys.dont_write_bytecode, sys.pycache_prefix = False, _COMPILED
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": _COMPILED}
#: Who goes through the domain to get somewhere else: what it does there is not counted branch by branch, which doubles the time.
_PASSING_THROUGH = [_HERE / room for room in ("ui", "whole", "torture", "services/record", "services/trial")]

#: Argon2id at its least; what is written with it says so itself, so that another process opens it.
CHEAP = Stretching(1, 64, 1)


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> Iterator[None]:
    real = msgspec.structs.asdict(STRONG)
    _set(msgspec.structs.asdict(CHEAP))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_secrets, "PasswordHasher", partial(PasswordHasher, CHEAP.passes, CHEAP.memory_kib, CHEAP.lanes))
        yield
    _set(real)


def _set(cost: dict[str, int]) -> None:
    for name, value in cost.items():
        msgspec.structs.force_setattr(STRONG, name, value)


@pytest.fixture
def in_shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A laptop whose own zone is eight hours ahead."""
    if not hasattr(time, "tzset"):
        pytest.skip("a process has no zone of its own on Windows")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        yield
    time.tzset()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Branches are counted by the tests that mean them, and not by what repeats them ten thousand times.

    A worker of pytest-xdist has two that count, one behind the other: where only the first is stopped, the second goes on.
    """
    stopped = []
    while not _counts(item) and (counting := Coverage.current()) is not None:
        counting.stop()
        stopped.append(counting)
    yield
    for counting in reversed(stopped):
        counting.start()


def _counts(item: pytest.Item) -> bool:
    return item.get_closest_marker("uncounted") is None and not any(map(item.path.is_relative_to, _PASSING_THROUGH))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests recorded of themselves."""
    told = {
        str(name): value
        for key in ("passed", "failed")
        for report in terminalreporter.stats.get(key, ())
        for name, value in report.user_properties
    }
    for name, value in told.items():
        terminalreporter.write_line(f"{name}: {value}")
