"""The fourteen rules found in real data, each by its number, through the decoders and services that keep them."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from random import Random
from typing import Any

import pytest
import serial

from app.domain.vitals.vital_signs import NIBP, Quality, Reading, Sample, stamped, usable
from devices.link import PortSettings
from devices.models import MODELS
from devices.protocols import Decoder
from devices.protocols.contec.decoder import Berry, Contec, ContecV5
from devices.protocols.datex_s5 import dri
from devices.protocols.datex_s5.decoder import DatexS5
from devices.protocols.datex_s5.s5_cuff import MEASURING, OLDER_THAN_60_S
from devices.protocols.intellivue import mib
from devices.protocols.intellivue import simulated_messages as words
from devices.protocols.intellivue.data_pdu import MEASURED_AT
from devices.protocols.intellivue.decoder import IntelliVue
from devices.protocols.intellivue.observed_values import FAHRENHEIT, KPA, PERCENT, MeasurementState
from devices.protocols.masimo.decoder import Masimo
from devices.protocols.medibus.decoder import Medibus
from devices.protocols.medibus.medibus_frames import DATA, ICC, command, response
from devices.protocols.mt_sics.decoder import MtSics
from devices.protocols.nellcor.decoder import Nellcor
from devices.protocols.nonin.decoder import Nonin
from devices.transport import open_link
from tests.devices.protocols.intellivue_results import HR, NOON, PLETH, SPO2, TEMP, answer, cuff, one, start
from tests.devices.protocols.s5_records import AT, ON, Basic, shown
from tests.domain.cast import TRIAL
from tests.services.ward import PORT, Ward

from .allowed import ALLOWED
from .conversation import Conversation
from .protocols import oximeter_frames as frames

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
WITH_CUFF = ("datex-s5", "intellivue")
PULSE_ONLY = ("masimo", "nellcor", "medibus", "nonin", "contec", "contec-v5", "berry")
each_model = pytest.mark.parametrize("protocol", MODELS)

WELL = Basic(hr=88, impedance=16, pressure=(12300, 7700, 9200), temps=((ON, 3685),), spo2=9700, pulse=87)
CUFF_PULSE = 0xF0E5


def qualities(samples: list[Sample], *vitals: str) -> set[Quality]:
    return {s.quality for s in samples if not vitals or s.vital in vitals}


def arrived(samples: list[Sample], protocol: str, simulated: bool, at: datetime = NOW) -> list[Reading]:
    return [stamped(sample, at, PORT, protocol, simulated) for sample in samples]


def bed(practice: bool) -> Ward:
    """A ward whose bed takes its values from `PORT`."""
    ward = Ward(practice)
    ward.bedside.connect(ward.infusion_id, PORT)
    return ward


def charted(ward: Ward) -> set[str]:
    return {vital for vital in ("hr", "pr", "spo2", *NIBP, "rr", "temp") if ward.bedside.watched(ward.infusion_id).newest(vital)}


# --- 1


@pytest.mark.parametrize(("mark", "quality"), [(MeasurementState.DEMO, Quality.DEMO), (MeasurementState.TEST, Quality.TEST)])
def test_rule_01_simulated_values_that_are_marked_are_charted_in_practice_only(mark: int, quality: Quality) -> None:
    objects = (
        one(HR, "88", mark),
        one(SPO2, "97", mark),
        cuff("123", "77", "92", states=(mark,) * 3, at=NOON),
    )
    samples = IntelliVue().feed(start() + answer(*objects))
    assert qualities(samples) == {quality}
    for practice, expected in ((True, {"hr", "spo2", *NIBP}), (False, set[str]())):
        ward = bed(practice)
        ward.bedside.take_readings(arrived(samples, "intellivue", simulated=False))
        assert charted(ward) == expected


@each_model
def test_rule_01_simulated_values_of_any_protocol_never_enter_a_wards_own_store(protocol: str) -> None:
    samples = Conversation(MODELS[protocol]).until(30.0).samples
    readings = arrived(samples, protocol, simulated=True)
    assert readings
    ward, practice = bed(practice=False), bed(practice=True)
    ward.bedside.take_readings(readings)
    practice.bedside.take_readings(readings)
    assert (charted(ward), ward.store.samples) == (set(), [])
    assert bool(charted(practice)) is (protocol not in ("mt-sics", "drop-sensor"))


# --- 2


@pytest.mark.parametrize("protocol", WITH_CUFF)
def test_rule_02_nibp_is_told_once_a_measurement_however_often_it_is_repeated(protocol: str) -> None:
    samples = Conversation(MODELS[protocol], nibp_every_s=120.0).until(600.0).samples
    told = [s for s in samples if s.vital == "nibp_sys" and s.quality in (Quality.OK, Quality.DEMO)]
    repeated = [s for s in samples if s.vital == "nibp_sys" and s.quality is Quality.STALE]
    assert 4 <= len(told) == len({s.measured_at for s in told}) <= 6
    assert len(repeated) > 10 * len(told)


def test_rule_02_nibp_is_as_old_as_its_measurement_and_not_as_its_message() -> None:
    """A message of 11:34:52 with the pressure of 11:10:16, as one came."""
    samples = IntelliVue().feed(start(date=NOON) + answer(cuff("123", "77", "92", at=NOON - timedelta(minutes=24, seconds=36))))
    systolic, *_ = arrived(samples, "intellivue", simulated=False)
    assert (systolic.sample.quality, systolic.age_s(NOW)) == (Quality.OK, 24 * 60 + 36)
    assert not usable(systolic, NOW, TRIAL.vitals.max_age_nibp_s)


def test_rule_02_nibp_older_than_a_minute_at_first_sight_is_not_new() -> None:
    first = DatexS5().feed(shown(replace(WELL, label=OLDER_THAN_60_S)))
    assert qualities(first, *NIBP) == {Quality.STALE}


# --- 3


def test_rule_03_a_measurement_in_progress_is_no_pressure_on_an_s5() -> None:
    decoder = DatexS5()
    decoder.feed(shown(replace(WELL, label=OLDER_THAN_60_S)))
    during = decoder.feed(shown(replace(WELL, label=MEASURING), AT + 5))
    assert qualities(during, *NIBP) == {Quality.MEASURING}
    assert qualities(decoder.feed(shown(WELL, AT + 10)), *NIBP) == {Quality.OK}


def test_rule_03_a_measurement_in_progress_is_no_pressure_on_an_intellivue() -> None:
    """The old triple ONGOING, then systolic alone EARLY and ONGOING, then the whole new one."""
    decoder = IntelliVue()
    decoder.feed(start() + answer(cuff("123", "83", "91", at=NOON)))
    ongoing = decoder.feed(answer(cuff("123", "83", "91", states=(MeasurementState.ONGOING,) * 3, at=NOON)))
    early = decoder.feed(answer(cuff("120", states=(MeasurementState.EARLY | MeasurementState.ONGOING,), at=NOON)))
    half = decoder.feed(answer(cuff("120", "83", at=NOON)))
    whole = decoder.feed(answer(cuff("120", "83", "91", at=NOON + timedelta(seconds=40)), ticks=45 * 8000))
    assert qualities(ongoing) == qualities(early) == {Quality.MEASURING}
    assert qualities(half) == {Quality.QUESTIONABLE}
    assert (qualities(whole), [str(s.value) for s in whole]) == ({Quality.OK}, ["120", "83", "91"])


# --- 4


def test_rule_04_pulse_rate_is_not_heart_rate_and_each_keeps_its_source() -> None:
    objects = (
        one(HR, "88"),
        one(PLETH, "87"),
        one(CUFF_PULSE, "86") | {MEASURED_AT: words.dated(NOON)},
    )
    philips = IntelliVue().feed(start() + answer(*objects))
    assert [(s.vital, s.source) for s in philips] == [("hr", "ecg"), ("pr", "pleth"), ("pr", "nibp")]
    for code, expected in ((1, ("hr", "ecg")), (6, ("pr", "pleth")), (2, ("pr", "abp"))):
        first = DatexS5().feed(shown(replace(WELL, ecg=ON | code << 3)))[0]
        assert (first.vital, first.source) == expected


@pytest.mark.parametrize("protocol", PULSE_ONLY)
def test_rule_04_pulse_rate_is_all_that_an_oximeter_counts(protocol: str) -> None:
    samples = Conversation(MODELS[protocol]).until(30.0).samples
    assert {(s.vital, s.source) for s in samples if s.vital in ("hr", "pr")} == {("pr", "pleth")}


# --- 5


@pytest.mark.parametrize(
    ("decoder", "wire"),
    [
        pytest.param(Nellcor, b"07-Jan-04 11:24:50     0       0     ---   PS\r\n", id="nellcor searches"),
        pytest.param(Nellcor, b"07-Jan-04 11:24:50     0       0       0\r\n", id="nellcor"),
        pytest.param(Masimo, b"05/20/21 10:00:01 SPO2=000% BPM=000 ALARM=0000 EXC=000800\r\n", id="masimo"),
        pytest.param(Medibus, response(DATA, b"EB 0  E1 0  D6 0  D5 0  "), id="medibus"),
        pytest.param(Berry, frames.five_bytes(0, 0) * 20, id="berry"),
        pytest.param(ContecV5, frames.five_bytes(0, 0) * 20, id="contec-v5"),
        pytest.param(Contec, frames.contec_7(0, 0) * 20, id="contec"),
        pytest.param(Nonin, frames.nonin_2(0, 0) * 3, id="nonin"),
        pytest.param(DatexS5, shown(Basic(hr=0, impedance=0, co2=ON, co2_rate=0, spo2=0, pulse=0)), id="s5"),
        pytest.param(IntelliVue, answer(one(HR, "0"), one(SPO2, "0")), id="intellivue"),
    ],
)
def test_rule_05_zero_is_never_a_value(decoder: Callable[[], Decoder], wire: bytes) -> None:
    samples = decoder().feed(wire)
    assert samples
    assert Quality.OK not in qualities(samples)


# --- 6


@pytest.mark.parametrize(
    ("decoder", "wire"),
    [
        *(pytest.param(DatexS5, shown(Basic(hr=n, impedance=n, spo2=n, pulse=n, pressure=(n,) * 3, temps=((ON, n),))), id=f"s5 {n}")
          for n in (-32767, -32766, -32764, -32763, -32762, -32001)),
        pytest.param(Nonin, frames.nonin_2(511, 127) * 2, id="nonin 511 127"),
        pytest.param(Nonin, frames.nonin_8(511, 127) * 10, id="nonin #8 511 127"),
        pytest.param(Contec, frames.contec_7(255, 127, bar=0x16, index=65535) * 10, id="contec 255 127 65535"),
        pytest.param(ContecV5, frames.five_bytes(255, 127) * 10, id="contec-v5 255 127"),
        pytest.param(Berry, frames.five_bytes(255, 127) * 10, id="berry 255 127"),
        pytest.param(Masimo, b"05/20/21 10:00:01 SPO2=---% BPM=---% ALARM=0000 EXC=000800\r\n", id="masimo ---"),
        pytest.param(Nellcor, b"07-Jan-04 11:24:50   ---     ---     ---\r\n", id="nellcor ---"),
        pytest.param(IntelliVue, answer(one(HR, None), one(SPO2, None)), id="intellivue NaN"),
        pytest.param(MtSics, b"S I\r\nS +\r\nS -\r\n", id="mt-sics"),
    ],
)  # fmt: skip
def test_rule_06_an_invalid_marker_is_no_number_and_has_a_reason(decoder: Callable[[], Decoder], wire: bytes) -> None:
    samples = decoder().feed(wire)
    assert samples
    assert {s.value for s in samples} == {None}
    assert Quality.OK not in qualities(samples)


# --- 7


@pytest.mark.parametrize(
    ("decoder", "wire"),
    [
        pytest.param(Nonin, frames.nonin_2(72, 97, frames.OFF) * 2, id="nonin after the finger has left"),
        pytest.param(Nonin, frames.nonin_7(72, 97, frames.OFF) * 2, id="nonin #7"),
        pytest.param(Nonin, frames.nonin_8(72, 97, status2=0x08) * 10, id="nonin #8"),
        pytest.param(Nellcor, b"07-Jan-04 11:24:50    97      72      30    PS\r\n", id="nellcor while searching"),
        pytest.param(Masimo, b"05/20/21 10:00:01 SPO2=098% BPM=101 ALARM=0010 EXC=000824\r\n", id="masimo with its sensor off"),
        pytest.param(Contec, frames.contec_7(signal=0x85) * 10, id="contec with its finger out"),
        pytest.param(Berry, frames.five_bytes(third=0x16) * 10, id="berry without a finger"),
    ],
)
def test_rule_07_held_values_are_not_the_patients(decoder: Callable[[], Decoder], wire: bytes) -> None:
    samples = decoder().feed(wire)
    assert {s.vital for s in samples} == {"spo2", "pr"}
    assert qualities(samples) <= {Quality.SENSOR_OFF, Quality.SEARCHING}
    ward = bed(practice=False)
    ward.bedside.take_readings(arrived(samples, "any", simulated=False))
    assert charted(ward) == set()


# --- 8


def test_rule_08_units_are_converted_once_by_their_code_and_kept_as_sent() -> None:
    samples = IntelliVue().feed(
        start() + answer(cuff("16.0", "10.7", "12.3", unit=KPA, at=NOON), one(TEMP, "98.6", unit=FAHRENHEIT))
    )
    assert [(s.vital, str(s.value), s.unit, s.original, s.quality) for s in samples] == [
        ("nibp_sys", "120.01", "mmHg", "16.0 kPa", Quality.OK),
        ("nibp_dia", "80.26", "mmHg", "10.7 kPa", Quality.OK),
        ("nibp_map", "92.26", "mmHg", "12.3 kPa", Quality.OK),
        ("temp", "37.00", "°C", "98.6 °F", Quality.OK),
    ]
    grams = MtSics().feed(b"S S    12500.0 g\r\n")[0]
    assert (str(grams.value), grams.unit, grams.original) == ("12.5000", "kg", "12500.0 g")


@pytest.mark.parametrize(
    ("decoder", "wire", "original"),
    [
        (IntelliVue, answer(one(TEMP, "37.0", unit=0x0AAA)), "37.0 (unit 0AAA)"),
        (IntelliVue, answer(one(TEMP, "37.0", unit=PERCENT)), "37.0 %"),
        (MtSics, b"S S     154.3 lb\r\n", "154.3 lb"),
    ],
)
def test_rule_08_units_that_are_not_known_are_refused_and_shown(decoder: Callable[[], Decoder], wire: bytes, original: str) -> None:
    (sample,) = decoder().feed(wire)
    assert (sample.value, sample.quality, sample.original) == (None, Quality.INVALID, original)


# --- 9


def test_rule_09_plausibility_is_asked_after_decoding() -> None:
    real = IntelliVue().feed(answer(one(TEMP, "384.5"), one(SPO2, "101")))
    assert [(str(s.value), s.quality) for s in real] == [("384.5", Quality.IMPLAUSIBLE), ("101", Quality.IMPLAUSIBLE)]
    s5 = DatexS5().feed(shown(replace(WELL, hr=301, spo2=10100, temps=((ON, 4600),), pressure=(7700, 12300, 9200))))
    assert qualities(s5, "hr", "spo2", "temp", *NIBP) == {Quality.IMPLAUSIBLE}
    masimo = Masimo().feed(b"05/20/21 10:00:01 SPO2=101% BPM=301 ALARM=0000 EXC=000800\r\n")
    assert qualities(masimo) == {Quality.IMPLAUSIBLE}


@pytest.mark.parametrize("triple", [("92", "77", "123"), ("123", "92", "77"), ("290", "77", "92"), ("77", "77", "77")])
def test_rule_09_plausibility_of_a_pressure_is_that_of_the_whole_triple(triple: tuple[str, str, str]) -> None:
    sys, dia, mean = IntelliVue().feed(start() + answer(cuff(*triple, at=NOON)))
    assert sys.quality is Quality.IMPLAUSIBLE
    assert {dia.quality, mean.quality} <= {Quality.IMPLAUSIBLE, Quality.QUESTIONABLE}


def test_rule_09_plausibility_refuses_a_pressure_measured_after_its_own_message() -> None:
    later = IntelliVue().feed(start() + answer(cuff("123", "77", "92", at=NOON + timedelta(minutes=1))))
    assert qualities(later) == {Quality.IMPLAUSIBLE}


# --- 10


@pytest.mark.parametrize(
    ("decoder", "wires"),
    [
        (DatexS5, [shown(WELL, at) for at in (0, AT, 2**32 - 1)]),
        (
            IntelliVue,
            [start(date=date) + answer(one(HR, "88")) for date in (NOON, NOON.replace(year=1996), NOON.replace(year=2199))],
        ),
        (
            Masimo,
            [day + b" 00:00:01 SPO2=097% BPM=080 ALARM=0000 EXC=000800\r\n" for day in (b"00/00/00", b"02/24/18", b"12/31/69")],
        ),
        (Nellcor, [day + b" 07:18:57    97      72      30\r\n" for day in (b"01-Jan-04", b"29-Dec-17", b"00-Xyz-99")]),
        (Nonin, [frames.nonin_13(date=date) for date in ("19990101000000", "20260314092653")]),
    ],
)
def test_rule_10_device_clocks_lie_and_date_nothing(decoder: Callable[[], Decoder], wires: list[bytes]) -> None:
    for wire in wires:
        readings = arrived(decoder().feed(wire), "any", simulated=False)
        assert readings
        assert {(r.received_at, r.measured_at) for r in readings} == {(NOW, NOW)}


@pytest.mark.parametrize("year", [1999, 2014, 2150])
def test_rule_10_device_clocks_tell_how_old_a_value_is(year: int) -> None:
    date = NOON.replace(year=year)
    readings = arrived(
        IntelliVue().feed(start(date=date) + answer(cuff("123", "77", "92", at=date - timedelta(minutes=3)))), "any", False
    )
    assert {r.measured_at for r in readings} == {NOW - timedelta(minutes=3)}


# --- 11


@each_model
def test_rule_11_resynchronise_after_noise_half_frames_and_rubbish_between(protocol: str) -> None:
    talk = Conversation(MODELS[protocol], nibp_every_s=60.0).until(120.0)
    wire, chance = [frame for frame in talk.wire if frame], Random(11)
    half = len(wire) // 2
    rubbish = b"\xef\xbb\xbf\xc3\xa9 2021-07-03T03:14:19Z\r\n" + chance.randbytes(200)
    broken = chain((rubbish, wire[0][len(wire[0]) // 2 :]), wire[:half], (wire[half][:-1], rubbish), wire[half:])
    heard = MODELS[protocol].decoder().feed(b"".join(broken))
    clean = talk.samples
    assert {(s.vital, s.value, s.unit) for s in heard} <= {(s.vital, s.value, s.unit) for s in clean}
    newest, expected = ({s.vital: s.value for s in samples} for samples in (heard, clean))
    assert newest == expected


# --- 12


def test_rule_12_a_checksum_that_needs_an_escape_itself() -> None:
    assert mib.enclosed(bytes.fromhex("3A 91")) == bytes.fromhex("C0 3A 91 95 7D E1 C1")
    trend = dri.DriFrames().feed(b"\x7e" + dri.request(60)[1:-1] + b"\x7e")
    assert len(trend) == 1


def test_rule_12_a_checksum_of_every_value_is_read() -> None:
    """Two hundred rates each: among their checksums are those that are escaped."""
    s5 = [shown(replace(WELL, hr=rate, impedance=r)) for rate in range(30, 230) for r in (12, 70)]
    philips = [answer(one(HR, str(rate), mark)) for rate in range(30, 230) for mark in (0, 1, 2)]
    assert any(frame[-3:-1] == b"\x7d\x5d" for frame in s5)
    assert any(frame[-3:-1] == b"\x7d\x5e" for frame in s5)
    assert {frame[-3:-1] for frame in philips} & {b"\x7d\xe1", b"\x7d\xe0", b"\x7d\x5d"}
    for make, wires in ((DatexS5, s5), (IntelliVue, philips)):
        decoder = make()
        rates = [s.value for wire in wires for s in decoder.feed(wire) if s.vital == "hr"]
        assert (len(rates), decoder.bad, decoder.noise_bytes) == (len(wires), 0, 0)


# --- 13


@each_model
def test_rule_13_never_xon_xoff_on_any_kind_of_port(protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def opened(_url: str, **options: Any) -> serial.Serial:
        asked.append(options)
        return serial.Serial()

    monkeypatch.setattr(serial, "serial_for_url", opened)
    model = MODELS[protocol]
    for settings in (model.settings, *model.other_settings):
        for url in ("COM3", "/dev/ttyUSB0", "socket://10.0.0.7:4001", "rfc2217://10.0.0.7:4001"):
            open_link(url, settings).close()
    assert len(asked) == 4 * (1 + len(model.other_settings))
    assert {options["xonxoff"] for options in asked} == {False}
    assert not any("xon" in field for field in PortSettings.__struct_fields__)


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals exist on POSIX only")
def test_rule_13_never_xon_xoff_so_that_0x13_passes_like_any_byte() -> None:
    from devices.simulators.pty_line import PtyLine

    line = PtyLine("any", 9600)
    link = open_link(line.url, PortSettings(9600))
    line.write(b"\x13\x11\x13")
    assert link.read(5.0) == b"\x13\x11\x13"
    link.write(b"\x13 still here")
    assert line.read() == b"\x13 still here"
    link.close()
    line.close()


# --- 14

FAULTS = ((), ("unplug",), ("noise",), ("half-frames",), ("silence",), ("error-reply",), ("reboot",))


@each_model
@pytest.mark.parametrize("faults", FAULTS, ids=lambda faults: faults[0] if faults else "well")
def test_rule_14_the_app_is_a_reader_and_says_nothing_but_requests_to_read(protocol: str, faults: tuple[str, ...]) -> None:
    talk = Conversation(MODELS[protocol], faults).until(100.0).end()
    assert ALLOWED[protocol](b"".join(talk.sent))
    assert bool(talk.sent) or not MODELS[protocol].needs_request


@each_model
def test_rule_14_the_app_is_a_reader_whatever_a_device_says_to_it(protocol: str) -> None:
    """Noise, another device's words and its own commands sent back make it say nothing else."""
    chance, talk = Random(14), Conversation(MODELS[protocol]).until(20.0)
    others = [frame for other in ("datex-s5", "intellivue", "medibus") for frame in Conversation(MODELS[other]).until(20.0).wire]
    for step in range(100):
        talk.hear(chance.choice([chance.randbytes(60), chance.choice(others), command(ICC), command(b"\x4a"), *talk.sent[-1:]]))
        talk.until(21.0 + step)
    assert ALLOWED[protocol](b"".join(talk.end().sent))
