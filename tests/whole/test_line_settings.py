"""A monitor whose line is set otherwise than as delivered: found at its first use, used at once, kept when a person says so."""

import os
from datetime import timedelta

import msgspec
import pytest

from app.domain.vitals.vital_signs import Quality
from devices.device_rows import MonitorRow, as_set
from devices.link import LinkError, LinkState, PortSettings
from devices.models import MODELS
from devices.transport import PortLink
from tests.devices.stage import SteppedStage, Watch, reader_of, stepped

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals exist on POSIX only")

SPEAKS_AT = 19200
FIRST_MINUTE = timedelta(seconds=60)


def line_of(protocol: str, baud: int = SPEAKS_AT) -> "DeafLine":
    return DeafLine(protocol, baud)


if os.name == "posix":
    from devices.simulators.pty_line import PtyLine

    class DeafLine(PtyLine):
        """At another speed nothing is understood at either end. `heard` is what came through, `said` what did not."""

        def __init__(self, name: str, baud: int) -> None:
            self.misheard = b""
            super().__init__(name, baud)

        def read(self) -> bytes:
            data = super().read()
            if not self.is_garbled():
                return data
            self.misheard += data
            return bytes(byte ^ 0x55 for byte in data)


def first_use(protocol: str) -> MonitorRow:
    return as_set(MODELS[protocol], None, is_looked_for=True)


@pytest.mark.parametrize("protocol", ["intellivue", "datex-s5", "hl7", "contec-v5", "medibus", "mt-sics"])
def test_one_that_speaks_only_at_19200_is_live_within_a_minute_of_its_first_use(protocol: str) -> None:
    line = line_of(protocol)
    with stepped(line, first_use(protocol)) as stage:
        live = stage.until_state(LinkState.LIVE)
        stage.until(lambda: any(r.sample.quality in (Quality.OK, Quality.DEMO) for r in stage.watch.readings), within_min=1)
        assert live.since - stage.watch.statuses[0].since <= FIRST_MINUTE
        assert live.line is not None
        assert live.line.baud == SPEAKS_AT
        assert live.is_line_found == (live.line != MODELS[protocol].settings)
        if not MODELS[protocol].needs_request:
            assert line.misheard == b""


def told_of(stage: SteppedStage) -> list[PortSettings]:
    """Each setting once, in the order in which it was opened."""
    lines: list[PortSettings] = []
    for status in stage.watch.statuses:
        if status.line is not None and (not lines or status.line != lines[-1]):
            lines.append(status.line)
    return lines


def test_a_silent_one_that_was_heard_before_is_waited_for_at_its_own_setting() -> None:
    """It is switched off: nothing is tried that would take its place."""
    with stepped(line_of("intellivue")) as stage, stepped(line_of("hl7"), MODELS["hl7"]):
        stage.step(240)
        assert told_of(stage) == [MODELS["datex-s5"].settings]
    line = line_of("mt-sics")
    with stepped(line, MODELS["mt-sics"]) as stage:
        stage.step(240)
        assert stage.watch.states == [LinkState.OPENING, LinkState.NEGOTIATING]


def test_garbage_makes_it_listen_elsewhere_the_own_setting_before_each_other_one() -> None:
    row = MODELS["contec-v5"]
    own, other, third = row.settings, *row.other_settings, PortSettings(57600)
    with stepped(line_of("contec-v5", 57600), msgspec.structs.replace(row, other_settings=(other, third))) as stage:
        live = stage.until_state(LinkState.LIVE)
        assert told_of(stage) == [own, other, own, third]
        assert (live.line, live.is_line_found) == (third, True)
        stage.fault("unplug")
        stage.until_state(LinkState.LOST)
        assert stage.until_state(LinkState.LIVE).line == third
        assert told_of(stage)[-1] == third


def test_what_is_on_trial_is_said_in_words() -> None:
    row = MODELS["contec-v5"]
    with stepped(line_of("contec-v5", 57600), row) as stage:
        stage.until(lambda: any("Now it is tried at 19200 8O1." in str(status.hint) for status in stage.watch.statuses))


class ThreeWires:
    """A port on a cable without RTS and CTS: with them nothing can be sent."""

    def __init__(self) -> None:
        self.opened: list[PortSettings] = []

    def open(self, _url: str, settings: PortSettings) -> PortLink:
        self.opened.append(settings)
        return self

    def read(self, _timeout_s: float) -> bytes:
        return b""

    def write(self, data: bytes) -> None:
        if data and self.opened[-1].rtscts:
            raise LinkError(MODELS["datex-s5"].label)

    def wake(self) -> None:
        pass

    def close(self) -> None: ...


def test_a_cable_of_three_wires_is_tried_without_flow_control_at_its_first_use() -> None:
    port = ThreeWires()
    turns = reader_of("COM3", Watch(), model=first_use("datex-s5"), opened=port.open).turns()
    while port.opened[-1:] != [PortSettings(SPEAKS_AT, parity="E")]:
        next(turns)
    own, fast, without, _ = (MODELS["datex-s5"].settings, *MODELS["datex-s5"].other_settings)
    assert port.opened == [own, fast, own, without]
    turns.close()


def test_a_person_s_setting_is_the_first() -> None:
    line = PortSettings(SPEAKS_AT)
    with stepped(line_of("mt-sics"), as_set(MODELS["mt-sics"], line, is_looked_for=False)) as stage:
        live = stage.until_state(LinkState.LIVE)
        assert (live.line, live.is_line_found) == (line, False)
