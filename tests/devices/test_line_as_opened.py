"""The line as it is stored is the line as it is opened: as pyserial has it, and as far as a terminal's system keeps it.

A pseudo-terminal keeps speed, bits, stop bits and whether parity would be odd; that there is parity at all it never keeps, and
it refuses to be asked for it twice. So `open_link` asks no such terminal for parity, and none can tell 8E1 from 8N1: what
pyserial was told can.
"""

import os
from typing import Any

import pytest
import serial

from devices.device_rows import as_set
from devices.link import PortSettings
from devices.models import MODELS
from devices.settings_words import settings_of
from devices.transport import PortLink, SerialLink, open_link
from tests.devices.stage import Watch, reader_of

STORED = ["19200,8,O,1", "19200,8,E,1,rtscts", "19200,8,E,1", "4800,8,O,1", "9600,7,E,2", "115200,8,N,1"]


def told_to_pyserial(line: str) -> dict[str, Any]:
    """What the port is set to that a reader opens for a place with this line; a port that leads back to itself."""
    links: list[PortLink] = []

    def opened(_url: str, settings: PortSettings) -> PortLink:
        links.append(open_link("loop://", settings))
        return links[-1]

    row = as_set(MODELS["datex-s5"], settings_of(line), is_looked_for=False)
    turns = reader_of("COM3", Watch(), model=row, opened=opened).turns()
    next(turns)
    turns.close()
    assert isinstance(links[0], SerialLink)
    told: dict[str, Any] = links[0]._port.get_settings()
    return told


@pytest.mark.parametrize("line", STORED)
def test_what_is_stored_is_what_pyserial_is_told(line: str) -> None:
    told, stored = told_to_pyserial(line), settings_of(line)
    assert stored == PortSettings(told["baudrate"], told["bytesize"], told["parity"], told["stopbits"], told["rtscts"])
    assert not told["xonxoff"]


@pytest.mark.parametrize("protocol", sorted(MODELS))
def test_every_setting_that_the_search_may_try_can_be_told(protocol: str) -> None:
    row = MODELS[protocol]
    for settings in (row.settings, *row.other_settings):
        link = open_link("loop://", settings)
        assert isinstance(link, SerialLink)
        told = link._port.get_settings()
        assert (told["baudrate"], told["parity"], told["rtscts"]) == (settings.baud, settings.parity, settings.rtscts)
        link.close()


if os.name == "posix":
    import termios
    import tty

    PARITY_BITS = termios.PARENB | termios.PARODD

    class Terminal:
        """A pseudo-terminal; `flags` is what its system keeps of its line."""

        def __init__(self) -> None:
            self._end, self._theirs = os.openpty()
            tty.setraw(self._theirs)
            self.name = os.ttyname(self._theirs)

        def __enter__(self) -> "Terminal":
            return self

        def __exit__(self, *_: object) -> None:
            os.close(self._end)
            os.close(self._theirs)

        @property
        def flags(self) -> int:
            return int(termios.tcgetattr(self._end)[2])

        @property
        def speed(self) -> int:
            return int(termios.tcgetattr(self._end)[4])

    @pytest.mark.parametrize("line", STORED)
    def test_what_pyserial_is_told_is_what_the_system_keeps(line: str) -> None:
        told, stored = told_to_pyserial(line), settings_of(line)
        with Terminal() as terminal, serial.Serial(terminal.name, **told):
            flags = terminal.flags
            assert terminal.speed == getattr(termios, f"B{stored.baud}")
            assert flags & termios.CSIZE in (getattr(termios, f"CS{stored.bits}"), termios.CS8)
            assert bool(flags & termios.CSTOPB) == (stored.stop_bits == 2)
            assert bool(flags & termios.CRTSCTS) == stored.rtscts
            assert flags & PARITY_BITS == (termios.PARODD if stored.parity == "O" else 0)

    def test_a_terminal_keeps_no_parity_and_is_asked_for_none_so_that_it_opens_again_and_again() -> None:
        with Terminal() as terminal:
            for _ in range(2):
                open_link(terminal.name, settings_of("19200,8,O,1")).close()
            assert (terminal.speed, terminal.flags & PARITY_BITS) == (termios.B19200, 0)
            with serial.Serial(terminal.name, parity="O"):
                assert terminal.flags & PARITY_BITS == termios.PARODD
            with pytest.raises(termios.error):
                serial.Serial(terminal.name, parity="O")
