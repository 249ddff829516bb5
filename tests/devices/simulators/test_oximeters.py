"""The simulated oximeters against the decoders: true pace, a finger that comes and goes, a clock that runs fast."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from app.domain.vitals.vital_signs import Quality, Sample
from devices.device_rows import MonitorRow
from devices.models import MODELS
from devices.protocols.contec.decoder import Contec
from devices.protocols.contec.simulator import AWAKE_S, ContecMonitor
from devices.protocols.contec.v7_packets import KEEP_ALIVE, START_LIVE, STOP_LIVE, command
from devices.protocols.nonin.decoder import Nonin
from devices.protocols.nonin.simulator import ACK, NAK, NoninMonitor, select
from devices.simulators.faults import DURATIONS_S, MonitorFaults
from devices.simulators.finger import FramePace
from devices.simulators.patient import Patient

A_SECOND = {"nonin": 75, "contec": 60, "contec-v5": 60, "berry": 100}
OXIMETERS = sorted(A_SECOND)


class Bed:
    """An oximeter, its host, and a clock that goes from one frame to the next."""

    def __init__(self, protocol: str, *faults: tuple[str, float], least_s: float = 0.0125) -> None:
        model: MonitorRow = MODELS[protocol]
        self.patient, self.faults = Patient(1), MonitorFaults()
        for name, at_s in faults:
            self.faults.add(name, at_s)
        self.monitor = model.simulator(self.patient, self.faults, nibp_every_s=300.0, clock_s=0)
        self.monitor.thin(least_s)
        self.decoder = model.decoder()
        self.dialogue = model.dialogue(self.decoder)
        self.monitor.hear(self.dialogue.on_open(0.0), 0.0)
        self.now_s = 0.0
        self.frames = 0

    def until(self, end_s: float) -> Iterator[tuple[float, Sample]]:
        while self.now_s < end_s:
            frames = self.monitor.due(self.now_s)
            self.frames += len(frames)
            wire = b"".join(self.faults.damaged(frame, self.now_s) for frame in frames)
            yield from ((self.now_s, sample) for sample in self.decoder.feed(wire))
            self.monitor.hear(self.dialogue.tick(self.now_s), self.now_s)
            next_s = self.monitor.next_s()
            assert next_s is not None
            self.now_s = max(next_s, self.now_s)

    def qualities(self, start_s: float, end_s: float) -> set[Quality]:
        return {sample.quality for at, sample in self.until(end_s) if at >= start_s}


@pytest.mark.parametrize("protocol", OXIMETERS)
def test_the_decoder_reads_back_what_the_patient_has_at_true_pace(protocol: str) -> None:
    bed = Bed(protocol)
    for at, sample in bed.until(60.0):
        shown = {(v.hr, v.spo2) for v in map(bed.patient.vitals, (float(int(at)), float(int(max(0.0, at - 0.4)))))}
        assert sample.quality is Quality.OK
        assert int(sample.value or 0) in {pair[sample.vital == "spo2"] for pair in shown}
    assert abs(bed.frames - 60 * A_SECOND[protocol]) <= 2
    assert (bed.decoder.bad, bed.decoder.noise_bytes) == (0, 0)


@pytest.mark.parametrize("protocol", OXIMETERS)
@pytest.mark.parametrize(("fault", "quality"), [("sensor-off", Quality.SENSOR_OFF), ("searching", Quality.SEARCHING)])
def test_no_finger_and_no_pulse(protocol: str, fault: str, quality: Quality) -> None:
    bed = Bed(protocol, (fault, 10.0))
    assert bed.qualities(0.0, 10.0) == {Quality.OK}
    over = 10.0 + DURATIONS_S[fault]
    assert bed.qualities(10.5, over) == {quality}
    list(bed.until(over + 1.0))
    assert bed.qualities(over + 1.0, over + 10.0) == {Quality.OK}
    assert (bed.decoder.bad, bed.decoder.noise_bytes) == (0, 0)


@pytest.mark.parametrize("protocol", OXIMETERS)
@pytest.mark.parametrize("fault", ["noise", "half-frames", "silence"])
@pytest.mark.uncounted
def test_damage_gives_no_value_and_is_over_at_once(protocol: str, fault: str) -> None:
    bed = Bed(protocol, (fault, 10.0))
    list(bed.until(10.0))
    over = 10.0 + DURATIONS_S[fault]
    assert bed.qualities(10.1, over - 1.0) == set()
    list(bed.until(over + 1.0))
    assert bed.qualities(over + 1.0, over + 10.0) == {Quality.OK}


@pytest.mark.parametrize("protocol", OXIMETERS)
def test_a_flipped_bit_makes_no_number_that_was_not_sent(protocol: str) -> None:
    bed = Bed(protocol, ("flip-bit", 10.0))
    sent = {pair for second in range(30) for pair in zip(("pr", "spo2"), bed.patient.vitals(float(second))[:2], strict=True)}
    told = [(s.vital, int(s.value)) for _, s in bed.until(30.0) if s.quality is Quality.OK and s.value is not None]
    assert set(told) <= sent
    assert bed.decoder.bad


@pytest.mark.parametrize("protocol", OXIMETERS)
@pytest.mark.parametrize("least_s", [0.75, 7.5, 15.0])
@pytest.mark.uncounted
def test_on_a_fast_clock_frames_stay_consecutive(protocol: str, least_s: float) -> None:
    bed = Bed(protocol, least_s=least_s)
    times = [at for at, sample in bed.until(min(600.0, 200 * least_s)) if sample.vital == "spo2"]
    assert max(b - a for a, b in pairwise(times)) < max(1.6, 2 * least_s)
    assert (bed.decoder.bad, bed.decoder.noise_bytes) == (0, 0)


def test_what_is_more_than_a_second_late_is_never_sent() -> None:
    pace = FramePace(60)
    assert pace.next_s() is None
    assert pace.due(5.0) == 0
    pace.start(0.0)
    assert [pace.due(at) for at in (0.0, 0.01, 0.5, 0.5, 100.0, 100.001, 101.0)] == [1, 0, 30, 0, 60, 0, 60]
    pace.start(200.0)
    assert pace.due(101.5) == 30


def test_only_seconds_are_left_out() -> None:
    assert [NoninMonitor(Patient(), MonitorFaults()).thin(least_s) for least_s in (0.0125, 1.0, 1.5)] == [False, False, True]


class TestNonin:
    def test_the_numbers_are_held_ten_seconds_with_the_sensor_alarm(self) -> None:
        bed = Bed("nonin", ("sensor-off", 10.0))
        off = [(at, sample.original) for at, sample in bed.until(40.0) if sample.quality is Quality.SENSOR_OFF]
        held = [at for at, original in off if isinstance(original, str)]
        assert held[0] < 10.5
        assert 19.0 < held[-1] < 20.5
        assert off[-1][0] > 39.0

    @pytest.mark.parametrize("data_format", [2, 7, 8])
    def test_a_format_is_selected(self, data_format: int) -> None:
        monitor, decoder = NoninMonitor(Patient(), MonitorFaults()), Nonin()
        monitor.hear(b"\x02\x70" + select(data_format)[:3], 0.0)
        monitor.hear(select(data_format)[3:], 0.0)
        first, *rest = monitor.due(0.0)
        assert first[:1] == ACK
        samples = decoder.feed(first[1:] + b"".join(rest))
        for second in range(1, 12):
            samples += decoder.feed(b"".join(monitor.due(float(second))))
        assert {s.vital for s in samples} == {"pr", "spo2"}
        assert {s.quality for s in samples} == {Quality.OK}

    def test_other_formats_are_refused(self) -> None:
        monitor = NoninMonitor(Patient(), MonitorFaults())
        monitor.hear(select(13), 0.0)
        assert monitor.due(0.0)[0][:2] == NAK + b"\x01"

    @pytest.mark.parametrize(("fault", "quality"), [("sensor-off", Quality.SENSOR_OFF), ("searching", Quality.SEARCHING)])
    def test_format_8_has_the_faults_too(self, fault: str, quality: Quality) -> None:
        faults, decoder = MonitorFaults(), Nonin()
        faults.add(fault, 20.0)
        monitor = NoninMonitor(Patient(), faults)
        monitor.hear(select(8), 0.0)
        told = [s for second in range(60) for s in decoder.feed(b"".join(monitor.due(float(second))).lstrip(ACK))]
        assert [s.quality for s in told] == [Quality.OK] * 26 + [quality] * 80


class TestContec:
    def test_it_is_silent_until_asked_and_when_told_to_stop(self) -> None:
        monitor = ContecMonitor(Patient(), MonitorFaults())
        assert (monitor.next_s(), monitor.due(1.0)) == (None, [])
        monitor.hear(b"\x00" + command(START_LIVE)[:4], 1.0)
        monitor.hear(command(START_LIVE)[4:], 1.0)
        assert len(monitor.due(1.0)) == 1
        monitor.hear(command(STOP_LIVE), 2.0)
        assert monitor.next_s() == 2.0
        assert monitor.due(2.0) == [b"\x0c\x80"]
        assert monitor.next_s() is None

    def test_it_falls_silent_unless_it_is_kept_awake(self) -> None:
        monitor = ContecMonitor(Patient(), MonitorFaults())
        monitor.hear(command(START_LIVE), 0.0)
        assert monitor.due(AWAKE_S)
        monitor.hear(command(KEEP_ALIVE), AWAKE_S)
        assert monitor.due(AWAKE_S + 5)
        assert monitor.due(2 * AWAKE_S + 1) == []
        assert monitor.next_s() is None

    def test_an_answer_may_be_damaged_too(self) -> None:
        faults, decoder = MonitorFaults(), Contec()
        for fault in ("flip-bit", "half-frames"):
            faults.add(fault, 0.0)
            monitor = ContecMonitor(Patient(), faults)
            monitor.hear(command(STOP_LIVE), 0.0)
            assert [decoder.feed(faults.damaged(answer, 0.0)) for answer in monitor.due(0.0)] == [[]]
