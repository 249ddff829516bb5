"""The simulated HL7 monitors against the decoder, in each dialect."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import hl7
import pytest

from app.domain.vitals.vital_signs import NIBP, Quality, Sample
from devices.models import MODELS
from devices.protocols import Dialogue
from devices.protocols.hl7.decoder import Hl7
from devices.protocols.hl7.dialogue import AcknowledgingDialogue, EfficiaDialogue, PdsDialogue
from devices.protocols.hl7.simulated_dialects import EFFICIA, PCD, PDS, Hl7Dialect
from devices.protocols.hl7.simulator import Hl7Monitor
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

PARSE: Callable[[str], Any] = hl7.parse
EACH = pytest.mark.parametrize(("dialect", "talk"), [(PCD, AcknowledgingDialogue), (PDS, PdsDialogue), (EFFICIA, EfficiaDialogue)])


class Bed:
    """A monitor and whoever hears and answers it, second by second."""

    def __init__(
        self, dialect: Hl7Dialect = PCD, talk: type[AcknowledgingDialogue] = AcknowledgingDialogue, *faults: tuple[str, float]
    ) -> None:
        self.patient, self.faults = Patient(1), MonitorFaults()
        for name, at_s in faults:
            self.faults.add(name, at_s)
        self.monitor = Hl7Monitor(self.patient, self.faults, dialect=dialect)
        self.decoder = Hl7()
        self.dialogue: Dialogue = talk(self.decoder)
        self.monitor.hear(self.dialogue.on_open(0.0), 0.0)
        self.wire: list[bytes] = []

    def at(self, second: float) -> dict[str, Sample]:
        frames = self.monitor.due(second)
        self.wire += frames
        found = {s.vital: s for s in self.decoder.feed(b"".join(frames))}
        self.monitor.hear(self.dialogue.tick(second), second)
        return found

    def until(self, second: int, start: int = 0) -> dict[str, Sample]:
        """The newest of each vital sign."""
        newest: dict[str, Sample] = {}
        for now in range(start, second + 1):
            newest |= self.at(float(now))
        return newest


@EACH
def test_it_speaks_of_its_patient(dialect: Hl7Dialect, talk: type[AcknowledgingDialogue]) -> None:
    bed = Bed(dialect, talk)
    found = bed.at(0.0)
    shown = bed.patient.vitals(0.0)
    assert found.keys() == dialect.codes.keys()
    expected = {"hr": Decimal(shown.hr), "spo2": Decimal(shown.spo2), "temp": Decimal(f"{shown.temp:.1f}")}
    assert {vital: found[vital].value for vital in expected} == expected
    assert {s.quality for v, s in found.items() if v not in NIBP} == {Quality.OK}
    assert (bed.decoder.good, bed.decoder.bad, bed.decoder.noise_bytes) == (1, 0, 0)


@EACH
def test_it_goes_on_while_it_is_answered(dialect: Hl7Dialect, talk: type[AcknowledgingDialogue]) -> None:
    bed = Bed(dialect, talk)
    bed.until(60)
    sent = {PCD.kind: 7, PDS.kind: 13, EFFICIA.kind: 12}
    assert (len(bed.wire), bed.monitor.unanswered) == (sent[dialect.kind], 0)


@pytest.mark.parametrize("dialect", [PDS, EFFICIA])
def test_it_is_silent_until_asked(dialect: Hl7Dialect) -> None:
    monitor = Hl7Monitor(Patient(), MonitorFaults(), dialect=dialect)
    assert (monitor.due(10.0), monitor.next_s()) == ([], None)
    monitor.hear(b"\x0bMSH|^~\\&|||||||ORU^R01|106|P|2.3.1|\r\x1c\r", 10.0)
    assert monitor.next_s() is None


def test_the_next_message_waits_for_the_acknowledgement_of_the_last() -> None:
    monitor = Hl7Monitor(Patient(), MonitorFaults())
    assert [len(monitor.due(at)) for at in (0.0, 9.0, 10.0)] == [1, 0, 1]
    assert monitor.unanswered == 1
    monitor.hear(b"\x0bMSH|^~\\&|||||||ACK|1|P|2.6\rMSA|AA|1\r\x1c\r", 11.0)
    assert [len(monitor.due(at)) for at in (19.9, 20.0)] == [0, 1]
    assert monitor.unanswered == 2


def test_a_longer_pause_than_its_own_may_be_asked_for() -> None:
    monitor = Hl7Monitor(Patient(), MonitorFaults())
    assert (monitor.thin(10.0), monitor.thin(15.0)) == (False, True)
    monitor.due(0.0)
    assert monitor.next_s() == 15.0


def test_efficia_answers_in_the_form_in_which_it_was_asked() -> None:
    bed = Bed(EFFICIA, EfficiaDialogue)
    bed.until(6)
    assert [frame[:4] for frame in bed.wire] == [b"MSH|", b"MSH|"]
    monitor = Hl7Monitor(Patient(), MonitorFaults(), dialect=EFFICIA)
    dialogue = EfficiaDialogue(Hl7())
    dialogue.on_open(0.0)
    monitor.hear(dialogue.tick(5.0), 5.0)
    (answer,) = monitor.due(5.0)
    assert answer.startswith(b"\x0bMSH|^~\\&|SIMULATOR|")
    assert b"\rMSA|AA|2\rQRD|20000101000005|R|I|2|||||STA\r" in answer


@EACH
def test_it_repeats_a_pressure_with_its_own_time_until_the_next(dialect: Hl7Dialect, talk: type[AcknowledgingDialogue]) -> None:
    bed = Bed(dialect, talk)
    first, again = bed.until(40), bed.until(70, 41)
    assert first["nibp_sys"].quality is again["nibp_sys"].quality is Quality.STALE
    assert first["nibp_sys"].measured_at != again["nibp_sys"].measured_at
    assert again["nibp_sys"].value == bed.patient.pressure(50.0).sys


@EACH
def test_a_new_pressure_is_charted_once(dialect: Hl7Dialect, talk: type[AcknowledgingDialogue]) -> None:
    bed = Bed(dialect, talk)
    bed.until(45)
    found = [bed.at(float(second)) for second in range(46, 70)]
    pressures = [f["nibp_dia"] for f in found if "nibp_dia" in f and f["nibp_dia"].quality is Quality.OK]
    assert [p.value for p in pressures] == [bed.patient.pressure(50.0).dia]


def test_a_measurement_that_fails_leaves_the_old_one_standing() -> None:
    bed = Bed(PCD, AcknowledgingDialogue, ("nibp-fail", 340.0))
    before, after = bed.until(340), bed.until(400, 341)
    assert before["nibp_sys"].measured_at == after["nibp_sys"].measured_at


@EACH
@pytest.mark.parametrize(
    ("fault", "vital"), [("sensor-off", "spo2"), ("searching", "spo2"), ("lead-off", "hr"), ("lead-off", "rr")]
)
def test_a_lost_sensor_is_no_value(dialect: Hl7Dialect, talk: type[AcknowledgingDialogue], fault: str, vital: str) -> None:
    sample = Bed(dialect, talk, (fault, 0.0)).at(0.0)[vital]
    assert (sample.value, sample.quality) == (None, Quality.INVALID)


@EACH
def test_demo_is_marked_on_every_value(dialect: Hl7Dialect, talk: type[AcknowledgingDialogue]) -> None:
    assert {s.quality for s in Bed(dialect, talk, ("demo", 0.0)).at(0.0).values()} == {Quality.DEMO}


@EACH
def test_an_outside_parser_reads_its_messages(dialect: Hl7Dialect, talk: type[AcknowledgingDialogue]) -> None:
    bed = Bed(dialect, talk)
    bed.at(0.0)
    message = PARSE(bed.wire[0].strip(b"\x0b\x1c\r").decode())
    assert str(message["MSH.3"]) == "SIMULATOR"
    assert [str(segment[3][0][0]) for segment in message["OBX"]] == [
        code.partition("^")[0] for code, _, _ in dialect.codes.values()
    ]


@pytest.mark.parametrize("protocol", ["hl7", "hl7-pds", "hl7-efficia", "hl7-suresigns"])
@pytest.mark.parametrize("fault", ["noise", "half-frames", "flip-bit"])
def test_damage_on_the_line_invents_no_pressure(protocol: str, fault: str) -> None:
    model = MODELS[protocol]
    faults, decoder = MonitorFaults(), model.decoder()
    monitor, dialogue = model.simulator(Patient(1), faults), model.dialogue(decoder)
    faults.add(fault, 10.0)
    monitor.hear(dialogue.on_open(0.0), 0.0)
    found: list[Sample] = []
    for second in range(200):
        now = float(second)
        found += decoder.feed(b"".join(faults.damaged(frame, now) for frame in monitor.due(now)))
        monitor.hear(dialogue.tick(now), now)
    taken = [s for s in found if s.quality is Quality.OK and s.vital == "nibp_sys" and s.value is not None]
    assert all(90 < float(s.value or 0) < 150 for s in taken)
    assert decoder.good > 5
    assert found[-1].frame == decoder.good + decoder.bad - 1
