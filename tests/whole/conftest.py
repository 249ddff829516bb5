"""A rehearsal that waits for nothing but its own work: at whatever speed, its record is the same (`test_rehearse_alike`)."""

import pytest

UNBOUND = 1e9


@pytest.fixture
def unbound(monkeypatch: pytest.MonkeyPatch) -> str:
    """The speed to be asked for."""
    monkeypatch.setattr("app.cli.rehearse.FASTEST", UNBOUND)
    monkeypatch.setattr("app.practice.headless._SPEED", UNBOUND)
    return str(UNBOUND)


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test that looks at the store alone: the record is not set on paper."""
    monkeypatch.setattr("app.practice.rehearsal.write_record", lambda *_made_from: {})
