"""What holds for every test: none is failed for being slow, a password costs nothing but in its own test, branches are counted
where they are meant; and what a test counts is printed at the end of the run.
"""

import gc
import importlib
import os
import pkgutil
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from argon2 import PasswordHasher
from coverage import Coverage
from hypothesis import HealthCheck, settings
from serial.urlhandler import protocol_socket

import app.domain
import devices.protocols
from app.services.access import kept_secrets
from app.services.access.keyfile import STRONG, Stretching

from .ready_store import remembered

settings.register_profile("push", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
settings.register_profile("long", settings.get_profile("push"), max_examples=500)
settings.load_profile("push")

_HERE = Path(__file__).parent
#: Where nothing compiled is kept beside the sources, it is kept here, for the workers and processes of tests as well.
_COMPILED = str(_HERE.parent / "build" / "compiled")
if sys.dont_write_bytecode:
    sys.dont_write_bytecode, sys.pycache_prefix = False, _COMPILED
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": _COMPILED}
#: Whose tests mean the branches that are counted. Whoever goes through them to get somewhere else would be twice as slow.
_COUNTED = [_HERE / room for room in ("domain", "devices/protocols")]

_COUNTING = pytest.StashKey[Coverage]()
_REMEMBERED = pytest.StashKey[list[Callable[[], None]]]()

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


@pytest.fixture(autouse=True, scope="session")
def unrested_sockets() -> Iterator[None]:
    """pyserial rests for 0.3 s after it has closed a socket, for a slow server's sake: the tests' own are there at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(protocol_socket, "time", SimpleNamespace(sleep=lambda _seconds: None))
        yield


@pytest.fixture(autouse=True, scope="module")
def ready_stores() -> Iterator[None]:
    with remembered():
        yield


@pytest.fixture
def in_shanghai() -> Iterator[None]:
    """A laptop whose own zone is eight hours ahead."""
    with in_zone("Asia/Shanghai"):
        yield


@pytest.fixture
def before_midnight() -> Iterator[None]:
    """A laptop on which the day ends in eight minutes."""
    now = time.gmtime()
    west_min = (now.tm_hour * 60 + now.tm_min - (23 * 60 + 52) + 720) % 1440 - 720
    with in_zone(f"WARD{'-' if west_min < 0 else '+'}{abs(west_min) // 60}:{abs(west_min) % 60:02}"):
        yield


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("a process has no zone of its own on Windows")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", name)
        time.tzset()
        yield
    time.tzset()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """What is held to every branch is loaded while branches are counted; the tests are found, and set up, while they are not.

    And thousands of tests that stay to the end are not looked through again each time that rubbish is collected.
    """
    counting = Coverage.current()
    if counting is not None:
        names = [
            one.name
            for room in (app.domain, devices.protocols)
            for one in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
        ]
        found = [value for name in names for value in vars(importlib.import_module(name)).values()]
        session.config.stash[_COUNTING] = counting
        session.config.stash[_REMEMBERED] = [value.cache_clear for value in found if hasattr(value, "cache_clear")]
    while (one := Coverage.current()) is not None:  # a worker has two, and where one stops the other takes over
        one.stop()
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Branches are counted by the tests that mean them, and not by what repeats them ten thousand times."""
    counting = item.config.stash.get(_COUNTING, None)
    if counting is None or not _counts(item):
        return (yield)
    for forget in item.config.stash[_REMEMBERED]:  # what another test has asked before is gone through again
        forget()
    with counting.collect():
        return (yield)


def _counts(item: pytest.Item) -> bool:
    """Not what hypothesis draws either: nothing is held to a branch that chance has come by."""
    passing = item.get_closest_marker("uncounted") or item.get_closest_marker("hypothesis")
    return passing is None and any(map(item.path.is_relative_to, _COUNTED))


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
