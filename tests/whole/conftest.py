"""A rehearsal that waits for nothing but its own work: at whatever speed, its record is the same (`test_rehearse_anywhere`)."""

from collections.abc import Iterator

import pytest
from coverage import Coverage

UNBOUND = 1e9


@pytest.fixture
def unbound(monkeypatch: pytest.MonkeyPatch) -> str:
    """The speed to be asked for."""
    monkeypatch.setattr("app.cli.rehearse.FASTEST", UNBOUND)
    monkeypatch.setattr("app.practice.headless._SPEED", UNBOUND)
    return str(UNBOUND)


@pytest.fixture(scope="module", autouse=True)
def uncovered(request: pytest.FixtureRequest) -> Iterator[None]:
    """In a module that says `REHEARSES`: branches are counted by the tests that mean them, and a rehearsal takes 12,000 looks."""
    counting = Coverage.current() if getattr(request.module, "REHEARSES", False) else None
    if counting is not None:
        counting.stop()
    yield
    if counting is not None:
        counting.start()
