"""The simulated S/5 against the decoder: the same bytes as a real one, and only when asked."""

import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from app.domain.vitals.vital_signs import NIBP, Quality, Sample
from devices.protocols.datex_s5 import dri
from devices.protocols.datex_s5.decoder import DatexS5
from devices.protocols.datex_s5.simulator import DatexS5Monitor
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

CAPTURES = Path(__file__).parents[2] / "captures"


class Bed:
    """A monitor asked every five seconds, and the decoder that hears it."""

    def __init__(self, *faults: tuple[str, float]) -> None:
        self.patient, self.faults = Patient(1), MonitorFaults()
        for name, at_s in faults:
            self.faults.add(name, at_s)
        self.monitor = DatexS5Monitor(self.patient, self.faults)
        self.monitor.hear(dri.request(5), 0.0)
        self.decoder = DatexS5()
        self.wire = b""

    def at(self, second: float) -> dict[str, Sample]:
        frames = b"".join(self.monitor.due(second))
        self.wire += frames
        return {sample.vital: sample for sample in self.decoder.feed(frames)}

    def pressures(self, seconds: range) -> list[tuple[int, Quality]]:
        seen = [(second, self.at(second)["nibp_sys"].quality) for second in seconds]
        return [pair for n, pair in enumerate(seen) if n == 0 or pair[1] is not seen[n - 1][1]]


def test_it_is_silent_until_asked_and_after_it_is_told_to_stop() -> None:
    monitor = DatexS5Monitor(Patient(), MonitorFaults())
    assert (monitor.due(10.0), monitor.next_s()) == ([], None)
    monitor.hear(dri.request(5), 12.0)
    assert [len(monitor.due(at)) for at in (12.0, 16.9, 17.0, 22.0)] == [1, 0, 1, 1]
    monitor.hear(dri.stop(), 23.0)
    assert (monitor.due(99.0), monitor.next_s()) == ([], None)


def test_a_request_may_ask_for_one_record_only() -> None:
    monitor = DatexS5Monitor(Patient(), MonitorFaults())
    monitor.hear(dri.request(-1), 3.0)
    assert [len(monitor.due(at)) for at in (3.0, 8.0, 13.0)] == [1, 0, 0]


def test_a_repeated_request_does_not_put_the_next_record_off() -> None:
    monitor = DatexS5Monitor(Patient(), MonitorFaults())
    monitor.hear(dri.request(10), 0.0)
    monitor.due(0.0)
    monitor.hear(dri.request(10), 9.0)
    assert monitor.next_s() == 10.0


def test_it_never_sends_more_often_than_every_five_seconds() -> None:
    monitor = DatexS5Monitor(Patient(), MonitorFaults())
    monitor.hear(dri.request(1), 0.0)
    monitor.due(0.0)
    assert monitor.next_s() == 5.0


def test_what_was_missed_is_not_sent_later() -> None:
    monitor = DatexS5Monitor(Patient(), MonitorFaults())
    monitor.hear(dri.request(5), 0.0)
    monitor.due(0.0)
    assert len(monitor.due(3600.0)) == 1
    assert monitor.next_s() == 3605.0


def test_requests_for_anything_but_displayed_values_are_not_answered() -> None:
    monitor = DatexS5Monitor(Patient(), MonitorFaults())
    trend = bytearray(dri.request(60)[1:-2])
    trend[40] = 3
    monitor.hear(b"noise" + dri.framed(bytes(trend)) + dri.framed(bytes(trend[:40])), 0.0)
    assert monitor.next_s() is None


@pytest.mark.parametrize(("classes", "parts"), [(0, 1), (2, 2), (6, 3), (14, 4), (8, 2)])
def test_it_sends_the_classes_asked_for(classes: int, parts: int) -> None:
    monitor = DatexS5Monitor(Patient(), MonitorFaults())
    monitor.hear(dri.request(5, classes), 0.0)
    (record,) = dri.DriFrames().feed(monitor.due(0.0)[0])
    assert len(record.data) == dri.HEADER_LEN + parts * dri.SUBRECORD_LEN
    assert len(list(dri.subrecords(record))) == parts


def test_the_decoder_reads_back_what_the_patient_has() -> None:
    bed = Bed()
    for second in range(0, 3600, 5):
        seen, vitals = bed.at(second), bed.patient.vitals(second)
        values = {code: seen[code].value for code in ("hr", "spo2", "rr", "temp", "pr")}
        temp = Decimal(str(vitals.temp))
        assert values == {"hr": vitals.hr, "pr": vitals.hr, "spo2": vitals.spo2, "rr": vitals.rr, "temp": temp}
        assert all(seen[code].quality is Quality.OK for code in values)
    assert (bed.decoder.good, bed.decoder.bad, bed.decoder.noise_bytes) == (720, 0, 0)


def test_a_pressure_is_old_then_measured_then_new_then_repeated() -> None:
    assert Bed().pressures(range(0, 360, 5)) == [
        (0, Quality.STALE), (20, Quality.MEASURING), (50, Quality.OK), (55, Quality.STALE),
        (320, Quality.MEASURING), (350, Quality.OK), (355, Quality.STALE),
    ]  # fmt: skip


def test_a_new_pressure_is_what_the_cuff_found_at_the_end_of_its_measurement() -> None:
    bed = Bed()
    seen = [bed.at(second) for second in range(0, 55, 5)][-1]
    assert tuple(int(seen[code].value or 0) for code in NIBP) == bed.patient.pressure(50.0)
    assert seen["nibp_sys"].measured_at == seen["nibp_sys"].device_time


def test_a_failed_measurement_leaves_the_old_pressure_standing() -> None:
    bed = Bed(("nibp-fail", 100.0))
    qualities = [quality for _, quality in bed.pressures(range(0, 700, 5))]
    assert qualities.count(Quality.OK) == 2
    assert bed.pressures(range(700, 705, 5)) == [(700, Quality.STALE)]


def test_a_lead_off_takes_heart_rate_and_respiration_a_sensor_off_the_oximeter() -> None:
    bed = Bed(("lead-off", 10.0), ("sensor-off", 200.0))
    lead_off, sensor_off = bed.at(10), bed.at(200)
    assert [code for code, s in lead_off.items() if s.value is None] == ["hr", "rr"]
    assert [code for code, s in sensor_off.items() if s.value is None] == ["spo2", "pr"]


def test_at_high_speed_frames_are_left_out() -> None:
    monitor = DatexS5Monitor(Patient(), MonitorFaults())
    assert not monitor.thin(2.0)
    assert monitor.thin(15.0)
    monitor.hear(dri.request(5), 0.0)
    monitor.due(0.0)
    assert monitor.next_s() == 15.0


def test_its_bytes_and_their_samples_are_those_kept_beside_the_tests() -> None:
    bed = Bed()
    samples = [sample for second in range(0, 90, 5) for sample in bed.at(second).values()]
    lines = [json.loads(line) for line in (CAPTURES / "datex_s5_simulator.jsonl").read_text().splitlines()]
    assert bed.wire == (CAPTURES / "datex_s5_simulator.raw").read_bytes()
    encoder = msgspec.json.Encoder(decimal_format="number")
    assert [json.loads(encoder.encode(sample)) for sample in samples] == lines
