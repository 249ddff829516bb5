"""Services that take serial ports are named where one is in the way."""

from pathlib import Path

import pytest

from devices import transport
from devices.grabbers import grabbers
from devices.link import LinkError, PortSettings


def processes(tmp_path: Path, *names: str) -> Path:
    for number, name in enumerate(names, 100):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "comm").write_text(f"{name}\n")
    return tmp_path


def test_those_that_run_are_named(tmp_path: Path) -> None:
    assert grabbers(processes(tmp_path, "bash", "brltty", "ModemManager", "brltty")) == ("brltty", "ModemManager")
    assert grabbers(tmp_path / "nowhere") == ()
    (tmp_path / "7" / "comm").mkdir(parents=True)
    assert "brltty" in grabbers(tmp_path)


def test_one_that_has_a_port_or_made_it_vanish_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "grabbers", lambda: ("brltty", "ModemManager"))

    def busy(*_asked: object) -> object:
        raise OSError(16, "busy")

    with pytest.raises(LinkError, match="brltty runs on this computer and takes such adapters"):
        transport.open_link("/dev/ttyUSB-nowhere", PortSettings(9600))
    monkeypatch.setattr(transport, "_opened", busy)
    with pytest.raises(LinkError, match="brltty, ModemManager runs on this computer"):
        transport.open_link("/dev/ttyUSB0", PortSettings(9600))
    with pytest.raises(LinkError, match="Close that program first"):
        transport.open_link("COM3", PortSettings(9600))
