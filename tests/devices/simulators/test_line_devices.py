"""The simulated oximeters, ventilator and scale against their decoders: the same bytes as real ones, at true pace."""

from decimal import Decimal
from itertools import pairwise

import pytest

from app.domain.vitals.vital_signs import Quality, Sample
from devices.models import MODELS
from devices.protocols.medibus.medibus_frames import CORRUPT, DATA, ICC, TIME_CHANGED, MedibusFrames, command, response
from devices.protocols.medibus.simulator import MedibusVentilator
from devices.protocols.mt_sics.simulator import MtSicsScale
from devices.protocols.nellcor.simulator import NellcorMonitor
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

SPOKEN = {"masimo": 1.0, "nellcor": 2.0}
ASKED = {"medibus": 5.0, "mt-sics": 1.0}
CLOCK_S = 1_798_761_598
"""2026-12-31 23:59:58 UTC."""


class Bed:
    """A simulated device, the decoder that hears it and the dialogue that asks it, in steps of a quarter second."""

    def __init__(self, protocol: str, *faults: tuple[str, float], least_s: float = 0.0, step_s: float = 0.25) -> None:
        self.model = MODELS[protocol]
        self.patient, self.faults = Patient(1), MonitorFaults()
        for name, at_s in faults:
            self.faults.add(name, at_s)
        self.device = self.model.simulator(self.patient, self.faults, nibp_every_s=300.0, clock_s=CLOCK_S)
        self.has_thinned = self.device.thin(least_s)
        self.decoder = self.model.decoder()
        self.dialogue = self.model.dialogue(self.decoder)
        self.asked = self.dialogue.on_open(0.0)
        self.now_s = 0.0
        self._step_s = step_s
        self.commands: list[bytes] = []

    def until(self, end_s: float) -> list[tuple[float, Sample]]:
        """Every sample with the second at which it came."""
        seen = []
        while self.now_s < end_s:
            seen += [(self.now_s, sample) for sample in self._turn()]
            if not self.asked:
                self.now_s += self._step_s
        return seen

    def _turn(self) -> list[Sample]:
        self.commands += [self.asked] if self.asked else []
        self.device.hear(self.asked, self.now_s)
        samples = [s for frame in self.device.due(self.now_s) for s in self.decoder.feed(frame)]
        self.asked = self.dialogue.tick(self.now_s)
        return samples


def kinds(seen: list[tuple[float, Sample]], vital: str) -> set[tuple[str, bool]]:
    """Quality, and whether there was a number."""
    return {(s.quality.value, s.value is not None) for _, s in seen if s.vital == vital}


@pytest.mark.parametrize("protocol", SPOKEN)
def test_an_oximeter_reads_back_what_the_patient_has_at_its_pace(protocol: str) -> None:
    bed = Bed(protocol)
    seen = bed.until(600.0)
    assert [at for at, s in seen if s.vital == "spo2"] == [n * SPOKEN[protocol] for n in range(int(600 / SPOKEN[protocol]))]
    for at, sample in seen:
        vitals = bed.patient.vitals(at)
        assert sample.value == {"spo2": vitals.spo2, "pr": vitals.hr}[sample.vital]
        assert sample.quality is Quality.OK
    assert (bed.decoder.bad, bed.decoder.noise_bytes, bed.commands) == (0, 0, [])


@pytest.mark.parametrize("protocol", SPOKEN)
def test_a_device_s_clock_goes_over_the_year_s_end(protocol: str) -> None:
    seen = Bed(protocol).until(5.0)
    times = [str(s.device_time)[:19] for _, s in seen if s.vital == "pr"]
    assert times[0] == "2026-12-31 23:59:58"
    assert times[-1] == "2027-01-01 00:00:02"


@pytest.mark.parametrize("protocol", SPOKEN)
def test_at_high_speed_lines_are_left_out_and_none_is_sent_later(protocol: str) -> None:
    bed = Bed(protocol, least_s=7.5)
    assert bed.has_thinned
    assert [at for at, s in bed.until(20.0) if s.vital == "pr"] == [0.0, 7.5, 15.0]
    assert len([s for s in bed.device.due(3600.0) if b":" in s]) >= 1
    assert bed.device.next_s() == 3607.5
    assert not Bed(protocol, least_s=SPOKEN[protocol]).has_thinned


def test_masimo_sends_numbers_while_its_sensor_is_off() -> None:
    seen = Bed("masimo", ("sensor-off", 0.0)).until(30.0)
    assert kinds(seen, "spo2") == kinds(seen, "pr") == {("sensor_off", True)}


def test_masimo_searching_sends_none() -> None:
    assert kinds(Bed("masimo", ("searching", 0.0)).until(30.0), "spo2") == {("searching", False)}


def test_nellcor_with_its_sensor_off_sends_none() -> None:
    assert kinds(Bed("nellcor", ("sensor-off", 0.0)).until(30.0), "pr") == {("sensor_off", False)}


def test_nellcor_searching_repeats_its_last_numbers_and_then_zeros() -> None:
    bed = Bed("nellcor", ("searching", 10.0))
    bed.until(9.0)
    held = [(at, s.value) for at, s in bed.until(40.0) if s.vital == "pr"]
    assert held[:5] == [(at, Decimal(bed.patient.vitals(8.0).hr)) for at in (10.0, 12.0, 14.0, 16.0, 18.0)]
    assert {value for at, value in held if at > 18.0} == {None}
    assert kinds(bed.until(60.0), "pr") == {("searching", False)}


def test_nellcor_searching_from_the_beginning_has_nothing_to_hold() -> None:
    assert kinds(Bed("nellcor", ("searching", 0.0)).until(4.0), "pr") == {("searching", False)}


def test_nellcor_prints_a_header_before_every_twenty_fifth_line() -> None:
    monitor = NellcorMonitor(Patient(), MonitorFaults())
    sizes = [len(monitor.due(2.0 * n)) for n in range(51)]
    assert [n for n, size in enumerate(sizes) if size == 4] == [0, 25, 50]
    assert set(sizes) == {1, 4}


def test_nellcor_marks_a_low_saturation() -> None:
    patient = Patient(1, reaction_at_s=0.0)
    patient._spo2 = 90.0
    lines = NellcorMonitor(patient, MonitorFaults())
    sent = [lines.due(at)[-1] for at in range(1000, 1020, 2)]
    assert all(b"*" in line and b"SL" in line for line in sent)
    decoder = MODELS["nellcor"].decoder()
    assert {s.quality for line in sent for s in decoder.feed(line)} == {Quality.OK}


def test_the_ventilator_reads_back_what_the_patient_has() -> None:
    bed = Bed("medibus")
    seen = bed.until(120.0)
    polls = sorted({at for at, _ in seen})
    assert polls == [5.0 * n for n in range(24)]
    for at, sample in seen:
        vitals = bed.patient.vitals(at)
        temp = Decimal(f"{vitals.temp:.1f}")
        expected = {"spo2": vitals.spo2, "pr": vitals.hr, "rr": vitals.rr, "temp": temp}
        assert sample.value == expected[sample.vital]
        assert sample.quality is (Quality.QUESTIONABLE if sample.vital == "temp" else Quality.OK)
        assert sample.device_time is not None
        assert sample.device_time.timestamp() == CLOCK_S + int(at)
    assert (bed.decoder.bad, bed.decoder.noise_bytes) == (0, 0)
    assert bed.decoder.unmapped["52"] == "SIMULATOR"
    assert bed.commands.count(command(ICC)) == 1


def test_a_ventilator_without_a_sensor_leaves_its_values_out() -> None:
    for fault in ("sensor-off", "searching"):
        bed = Bed("medibus", (fault, 20.0))
        bed.until(19.0)
        assert kinds(bed.until(40.0), "spo2") == {("unavailable", False)}
        assert ("ok", True) in kinds(bed.until(200.0), "spo2")


def test_the_ventilator_is_silent_before_it_knows_who_asks() -> None:
    ventilator = MedibusVentilator(Patient(), MonitorFaults())
    ventilator.hear(command(DATA), 0.0)
    assert (ventilator.due(0.0), ventilator.next_s()) == ([], None)
    ventilator.hear(command(ICC) + command(DATA), 1.0)
    assert ventilator.next_s() == 1.0
    assert ventilator.due(1.0) == [response(ICC)]
    assert ventilator.due(1.0)[0].startswith(b"\x01\x24EB")


def test_the_ventilator_says_what_it_cannot_read_and_is_silent_where_it_has_no_answer() -> None:
    ventilator = MedibusVentilator(Patient(), MonitorFaults())
    ventilator.hear(command(ICC)[:-3] + b"00\r" + response(ICC), 0.0)
    assert ventilator.due(0.0) == [response(CORRUPT)]
    ventilator.hear(command(ICC) + command(TIME_CHANGED), 1.0)
    assert [ventilator.due(1.0), ventilator.due(1.0)] == [[response(ICC)], []]


def test_a_ventilator_at_high_speed_answers_slower_and_loses_nobody() -> None:
    bed = Bed("medibus", least_s=15.0, step_s=12.0)
    seen = bed.until(3600.0)
    assert not bed.has_thinned
    assert bed.commands.count(command(ICC)) == 1
    assert len({at for at, _ in seen}) > 30


def test_every_month_is_read_back() -> None:
    for month in range(12):
        ventilator = MedibusVentilator(Patient(), MonitorFaults(), clock_s=1_767_225_600 + month * 2_678_400)
        ventilator.hear(command(ICC) + command(b"\x28") + command(DATA), 0.0)
        decoder = MODELS["medibus"].decoder()
        samples = [s for _ in range(3) for frame in ventilator.due(0.0) for s in decoder.feed(frame)]
        assert samples[0].device_time is not None
        assert samples[0].device_time.timestamp() == 1_767_225_600 + month * 2_678_400


def test_a_scale_s_weight_moves_then_stands_still() -> None:
    bed = Bed("mt-sics")
    seen = [(at, str(s.value), s.quality.value) for at, s in bed.until(6.0)]
    kg = f"{bed.patient.weight_kg:.2f}"
    assert [quality for _, _, quality in seen] == ["unavailable"] * 3 + ["measuring"] + ["ok"] * 2
    assert [value for _, value, quality in seen if quality == "ok"] == [kg, kg]
    assert set(bed.commands) == {b"S\r\n"}


def test_a_scale_that_nobody_stands_on_and_one_that_never_rests() -> None:
    assert [str(s.value) for _, s in Bed("mt-sics", ("sensor-off", 0.0)).until(9.0)][-1] == "0.00"
    assert kinds(Bed("mt-sics", ("searching", 0.0)).until(30.0), "weight") == {("unavailable", False)}


def test_a_scale_is_silent_until_asked() -> None:
    scale = MtSicsScale(Patient(), MonitorFaults())
    assert (scale.due(9.0), scale.next_s()) == ([], None)
    scale.hear(b"S\r\nI4\r\nX\r\nSI", 9.0)
    assert [scale.due(9.0)[0] for _ in range(3)] == [
        f"S S {scale._patient.weight_kg:10.2f} kg\r\n".encode(), b'I4 A "SIMULATOR"\r\n', b"ES\r\n",
    ]  # fmt: skip
    assert scale.due(9.0) == []
    scale.hear(b"\r\n", 9.5)
    assert scale.next_s() == 9.5


def test_a_scale_asked_for_a_stable_weight_while_it_moves_cannot() -> None:
    scale = MtSicsScale(Patient(), MonitorFaults())
    scale.hear(b"S\r\nSI\r\n", 0.0)
    assert scale.due(0.0) == [b"S I\r\n"]
    assert scale.due(0.0)[0].startswith(b"S D ")


def test_a_scale_at_high_speed_answers_slower() -> None:
    bed = Bed("mt-sics", least_s=7.5, step_s=1.0)
    times = [at for at, _ in bed.until(40.0)]
    assert all(later - earlier >= 7.5 for earlier, later in pairwise(times))
    assert len(times) >= 5


@pytest.mark.parametrize("protocol", [*SPOKEN, *ASKED])
@pytest.mark.parametrize("fault", ["noise", "half-frames", "flip-bit"])
def test_damaged_bytes_give_no_number_that_was_not_sent(protocol: str, fault: str) -> None:
    """A flipped bit in a line without a checksum may make another number; of the rest none does."""
    bed = Bed(protocol)
    broken = MonitorFaults(3)
    broken.add(fault, 0.0)
    decoder = bed.model.decoder()
    dialogue = bed.model.dialogue(decoder)
    asked = dialogue.on_open(0.0)
    sent: set[tuple[str, Decimal | None]] = set()
    got = []
    for second in range(15):
        bed.device.hear(asked, second)
        frames = bed.device.due(second)
        sent |= {(s.vital, s.value) for frame in frames for s in bed.decoder.feed(frame)}
        got += decoder.feed(b"".join(broken.damaged(frame, second) for frame in frames))
        asked = dialogue.tick(second)
    assert decoder.held <= decoder.limit
    if fault != "flip-bit" or protocol == "medibus":
        assert {(s.vital, s.value) for s in got if s.value is not None} <= sent


@pytest.mark.parametrize("protocol", [*SPOKEN, *ASKED])
def test_a_wrong_baud_rate_gives_no_value(protocol: str) -> None:
    decoder, broken = MODELS[protocol].decoder(), MonitorFaults(2)
    assert [s for _ in range(500) for s in decoder.feed(broken.garbled(bytes(100)))] == []


def test_what_the_ventilator_hears_is_framed_as_what_it_says() -> None:
    frames = MedibusFrames()
    assert [f.code for f in frames.feed(command(ICC) + command(DATA))] == [ICC, DATA]
