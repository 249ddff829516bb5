"""What holds for every test: none is failed for being slow, a password costs nothing but in its own test; and what a test counts is
printed at the end of the run.
"""

from collections.abc import Iterator
from functools import partial

import msgspec
import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from app.services.access import kept_secrets
from app.services.access.keyfile import STRONG, Stretching

settings.register_profile("bedside", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bedside")

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
