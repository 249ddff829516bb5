"""DINAMAP host communications: published lines, every state of every answer, and what is asked of the monitor."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vitals.vital_signs import NIBP, Sample, stamped
from devices.models import MODELS
from devices.protocols.dinamap.decoder import Dinamap
from devices.protocols.dinamap.dialogue import READS, DinamapDialogue
from devices.protocols.dinamap.host_lines import check, line, opened
from devices.protocols.dinamap.simulator import DinamapMonitor
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient
from tests.devices.conversation import Conversation
from tests.devices.steady import steady

from .chunks import cut, cuts_of, of, said, tally, whole, wild

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
DONE = line("NA", "1100040118076091")
Said = tuple[str, str | None, str]


def one(code: str, fields: str) -> list[Said]:
    return of(Dinamap, line(code, fields))


def ages(samples: list[Sample]) -> set[float]:
    return {stamped(s, NOON, "COM3", "dinamap", simulated=False).age_s(NOON) for s in samples}


class TestLines:
    @pytest.mark.parametrize("command", [b" NA!2", b" OA!3", b" RA!6", b" RC!8", b" TC!:", b" NF!7", b" NC0!E", b" ND!5"])
    def test_check_characters_of_published_commands(self, command: bytes) -> None:
        assert check(command[:-2]) == command[-2:]

    def test_a_published_answer(self) -> None:
        assert opened(b" NF1101762127073078&<") == ("NF", "1101762127073078")
        assert line("NF", "1101762127073078") == b" NF1101762127073078&<\r"

    def test_the_four_questions_are_the_published_ones(self) -> None:
        assert READS == (b" NA!2\r", b" OA!3\r", b" RA!6\r", b" TC!:\r") == tuple(map(line, ("NA", "OA", "RA", "TC")))

    @pytest.mark.parametrize("wrong", [b"", b" NA!", b" NA!3", b" N\xc1" + check(b" N\xc1"), b" NB!2"])
    def test_what_is_no_line(self, wrong: bytes) -> None:
        assert opened(wrong) is None

    def test_one_flipped_bit_is_found(self) -> None:
        whole = DONE[:-1]
        for place in range(len(whole)):
            for bit in range(8):
                flipped = bytearray(whole)
                flipped[place] ^= 1 << bit
                assert opened(bytes(flipped)) is None


class TestPressure:
    def test_it_is_as_old_as_the_monitor_says(self) -> None:
        samples = Dinamap().feed(DONE)
        assert said(samples) == [("nibp_sys", "118", "ok"), ("nibp_dia", "76", "ok"), ("nibp_map", "91", "ok")]
        assert {s.source for s in samples} == {"nibp"}
        assert ages(samples) == {40}
        assert {s.device_time for s in samples} == {None}

    def test_its_repeats_are_stale_and_the_next_is_new_also_with_the_same_numbers(self) -> None:
        told = [line("NA", f"110{age:04}118076091") for age in (40, 40, 45, 300, 3, 8)]
        decoder = Dinamap()
        assert [decoder.feed(each)[0].quality.value for each in told] == ["ok", "stale", "stale", "stale", "ok", "stale"]
        assert decoder.feed(line("NA", "1100012119076091"))[0].quality.value == "ok"

    @pytest.mark.parametrize(
        ("state", "age", "expected"),
        [
            ("0", "0040", ("118", "measuring")), ("0", "9999", (None, "measuring")), ("1", "9999", (None, "unavailable")),
            *((state, "0040", (None, "invalid")) for state in "345678"), ("9", "0040", ("118", "questionable")),
            ("2", "0040", ("118", "questionable")),
        ],
    )  # fmt: skip
    def test_any_other_state_is_no_pressure(self, state: str, age: str, expected: tuple[str | None, str]) -> None:
        found = one("NA", f"{state}10{age}118076091")
        assert [vital for vital, *_ in found] == list(NIBP)
        assert found[0][1:] == expected
        assert {quality for *_, quality in found} == {expected[1]}

    def test_a_measurement_in_progress_makes_the_old_one_no_new_one(self) -> None:
        decoder = Dinamap()
        stream = ("1100290118076091", "0100295118076091", "1100300118076091", "1100002124080095")
        assert [decoder.feed(line("NA", each))[0].quality.value for each in stream] == ["ok", "measuring", "stale", "ok"]

    @pytest.mark.parametrize("numbers", ["076118091", "118076120", "000000000", "300076091"])
    def test_an_impossible_pressure_is_told_and_not_believed(self, numbers: str) -> None:
        assert {quality for *_, quality in one("NA", f"1100040{numbers}")} == {"implausible"}

    @pytest.mark.parametrize(("group", "word"), [("0", "unknown"), ("1", "adult"), ("2", "neonate"), ("7", "7")])
    def test_for_whom_the_cuff_is_set_is_shown(self, group: str, word: str) -> None:
        decoder = Dinamap()
        decoder.feed(line("NA", f"1{group}00040118076091"))
        assert decoder.unmapped == {"cuff set for": word}


class TestOthers:
    @pytest.mark.parametrize(
        ("fields", "value", "quality"),
        [
            ("1097804", "97", "ok"), ("0000004", None, "unavailable"), ("0097004", "97", "unavailable"),
            ("3000004", None, "unavailable"),
            ("6097004", "97", "sensor_off"), ("1000804", None, "unavailable"), ("1101804", "101", "implausible"),
            ("2097804", "97", "questionable"),
        ],
    )  # fmt: skip
    def test_the_oximeter(self, fields: str, value: str | None, quality: str) -> None:
        assert one("OA", fields) == [("spo2", value, quality)]

    def test_the_oximeters_signal_is_listed(self) -> None:
        decoder = Dinamap()
        (sample,) = decoder.feed(line("OA", "1097804"))
        assert (sample.source, decoder.unmapped) == ("pleth", {"SpO2 signal": "8"})

    @pytest.mark.parametrize(
        ("fields", "value", "quality"),
        [("2071", "71", "ok"), ("2000", None, "unavailable"), ("2-99", None, "unavailable"), ("1071", "71", "questionable"),
         ("2301", "301", "implausible"), ("3071", "71", "questionable")],
    )  # fmt: skip
    def test_the_pulse(self, fields: str, value: str | None, quality: str) -> None:
        assert one("RA", fields) == [("pr", value, quality)]

    def test_a_cuffs_pulse_is_of_its_measurement(self) -> None:
        decoder = Dinamap()
        decoder.feed(DONE)
        first, again = (decoder.feed(line("RA", "3071")) for _ in range(2))
        assert (said(first), first[0].source, ages(first)) == ([("pr", "71", "ok")], "nibp", {40})
        assert said(again) == [("pr", "71", "stale")]
        decoder.feed(line("NA", "3100045118076091"))
        assert [said(decoder.feed(line("RA", "3071"))) for _ in range(2)] == [[("pr", "71", "invalid")]] * 2

    def test_tenths_of_a_degree_fahrenheit_whatever_the_display_shows(self) -> None:
        for shown in "01":
            samples = Dinamap().feed(line("TC", f"00!000120980{shown}"))
            assert (said(samples), ages(samples), samples[0].original) == ([("temp", "36.67", "ok")], {12}, "98 °F")
            assert {s.source for s in samples} == {"t1"}

    @pytest.mark.parametrize(
        ("fields", "value", "quality"),
        [
            ("00!9999909800", None, "unavailable"), ("10!0001209800", "36.67", "measuring"), ("20!0001209800", "36.67", "invalid"),
            ("30!9999900000", None, "invalid"), ("40!0001209800", "36.67", "invalid"), ("70!0001209800", "36.67", "questionable"),
            ("00!0001202000", "-6.67", "implausible"), ("10!9999900000", None, "measuring"),
        ],
    )  # fmt: skip
    def test_the_thermometer(self, fields: str, value: str | None, quality: str) -> None:
        samples = Dinamap().feed(line("TC", fields))
        assert (said(samples), samples[0].source) == ([("temp", value, quality)], "t1")

    def test_a_temperature_is_new_once_and_in_the_monitored_mode_always(self) -> None:
        def told(*answers: str) -> list[str]:
            decoder = Dinamap()
            return [decoder.feed(line("TC", each))[0].quality.value for each in answers]

        assert told("00!0001209800", "00!0001709800", '00"0000109800', '00"0000009800') == ["ok", "stale", "ok", "ok"]
        assert told("01!0000009800", "01!0000009800") == ["ok", "ok"]

    @pytest.mark.parametrize(("second", "quality"), [("00!0000609800", "stale"), ('00"0000609800', "ok"), ("00!0000609810", "ok")])
    def test_another_counter_or_another_number_is_another_temperature(self, second: str, quality: str) -> None:
        decoder = Dinamap()
        assert decoder.feed(line("TC", "00!0000509800"))[0].quality == "ok"
        assert decoder.feed(line("TC", second))[0].quality == quality

    @pytest.mark.parametrize(("code", "fields"), [("NA", "110"), ("OA", "x"), ("RA", "2-1"), ("TC", "00!0001209")])
    def test_an_answer_of_another_form_is_bad(self, code: str, fields: str) -> None:
        decoder = Dinamap()
        assert decoder.feed(line(code, fields)) == []
        assert (decoder.good, decoder.bad) == (0, 1)

    def test_what_is_not_asked_is_listed_and_an_echo_is_nothing(self) -> None:
        decoder = Dinamap()
        assert decoder.feed(line("NF", "1101762127073078") + READS[0]) == []
        assert (decoder.good, decoder.answered, dict(decoder.unmapped)) == (2, 2, {"NF": "1101762127073078", "NA": ""})

    def test_any_unit_may_answer(self) -> None:
        text = b"AOA1097804"
        assert of(Dinamap, text + check(text) + b"\r") == [("spo2", "97", "ok")]


class TestDialogue:
    def test_it_asks_one_after_another_when_it_is_answered(self) -> None:
        decoder = Dinamap()
        dialogue = DinamapDialogue(decoder)
        asked = [dialogue.on_open(0.0)]
        for second, answer in enumerate((DONE, line("OA", "1097804"), line("RA", "2071"), line("TC", "00!0001209801")), 1):
            decoder.feed(answer)
            asked.append(dialogue.tick(second / 10))
        assert asked == [*READS, b""]
        assert (dialogue.tick(4.9), dialogue.tick(5.0), dialogue.on_close()) == (b"", READS[0], b"")

    def test_what_is_not_answered_is_passed_over(self) -> None:
        dialogue = DinamapDialogue(Dinamap())
        asked = [dialogue.on_open(0.0), *(dialogue.tick(at) for at in (1.9, 2.0, 3.0, 4.0, 6.0, 7.9, 8.0))]
        assert asked == [READS[0], b"", READS[1], b"", READS[2], READS[3], b"", READS[0]]

    def test_a_damaged_answer_is_none(self) -> None:
        decoder = Dinamap()
        dialogue = DinamapDialogue(decoder)
        dialogue.on_open(0.0)
        decoder.feed(b" NA110\r")
        assert dialogue.tick(0.1) == b""

    def test_it_reads_and_never_starts_or_cancels_a_measurement(self) -> None:
        """Everything that it says in half an hour, also to a monitor that says strange things, read back."""
        chance = Random(9)
        talk = Conversation(MODELS["dinamap"]).until(900.0)
        for minute in range(15):
            talk.hear(chance.choice([chance.randbytes(60), line("ND"), line("NC", "0"), line("NA", "9"), b"\r"]))
            talk.until(900.0 + 60 * minute)
        said_lines = b"".join(talk.end().sent).split(b"\r")[:-1]
        assert {found[0] for found in map(opened, said_lines) if found} == {"NA", "OA", "RA", "TC"}
        assert all(found and not found[1] for found in map(opened, said_lines))
        assert len(said_lines) > 600


class TestSimulator:
    def test_it_reads_back_what_the_patient_has(self) -> None:
        talk = Conversation(MODELS["dinamap"], nibp_every_s=120.0).until(600.0)
        told = [s for s in talk.samples if s.vital == "nibp_sys" and s.quality == "ok"]
        assert [s.age_s for s in told] == [0 if number else told[0].age_s for number in range(6)]
        assert {s.quality for s in talk.samples if s.vital == "spo2"} == {"ok"}
        assert {s.source for s in talk.samples if s.vital == "pr"} == {"pleth"}
        temps = [s for s in talk.samples if s.vital == "temp" and s.quality == "ok"]
        assert [float(s.value or 0) for s in temps] == pytest.approx([Patient(1).vitals(at).temp for at in (0, 300)], abs=0.06)

    def test_it_is_silent_until_asked_and_takes_no_order(self) -> None:
        monitor = DinamapMonitor(Patient(), MonitorFaults())
        assert (monitor.due(9.0), monitor.next_s(), monitor.thin(3.0)) == ([], None, False)
        monitor.hear(b" NA!3\r" + line("ND") + line("NC", "0"), 9.0)
        assert (monitor.due(9.0), monitor.orders) == ([], ["ND", "NC"])
        monitor.hear(line("NA"), 9.0)
        (answer,) = monitor.due(9.0)
        assert of(Dinamap, answer)[0][::2] == ("nibp_sys", "ok")

    def test_a_cuff_that_has_not_measured_for_long_has_none(self) -> None:
        monitor = DinamapMonitor(Patient(), MonitorFaults(), nibp_every_s=20_000.0)
        monitor.hear(line("NA"), 9.0)
        assert monitor.due(9.0) == [line("NA", "1109999000000000")]

    @pytest.mark.parametrize(("fault", "quality"), [("sensor-off", "sensor_off"), ("searching", "unavailable")])
    def test_without_its_finger_the_cuffs_pulse_is_left(self, fault: str, quality: str) -> None:
        samples = Conversation(MODELS["dinamap"], (fault,), fault_at_s=0.0).until(20.0).samples
        assert {s.quality.value for s in samples if s.vital == "spo2"} == {quality}
        assert {s.source for s in samples if s.vital == "pr"} == {"nibp"}

    def test_a_cuff_that_fails_says_so(self) -> None:
        samples = Conversation(MODELS["dinamap"], ("nibp-fail",), fault_at_s=340.0).until(400.0).samples
        assert {s.quality.value for s in samples if s.vital == "nibp_map"} == {"ok", "stale", "measuring", "invalid"}


STREAM = (
    b"\xff"
    + DONE
    + DONE[:9]
    + line("OA", "1097804")
    + b"z" * 700
    + b"\n"
    + line("TC", "00!0001209801")
    + line("RA", "2071")
    + b" N"
)


@steady
@given(cuts_of(STREAM))
def test_any_cutting_gives_the_same_samples(cuts: list[int]) -> None:
    assert tally(Dinamap(), cut(STREAM, cuts)) == whole(Dinamap, STREAM)


@steady
@given(wild(DONE, line("RA", "3071"), line("TC", "00!0001209801"), line("OA", "6000004"), DONE[:9]))
def test_no_bytes_make_it_raise_nor_grow(chunks: list[bytes]) -> None:
    tally(Dinamap(), chunks)


@steady
@given(st.binary(max_size=3000))
def test_after_any_noise_the_next_answer_is_read(noise: bytes) -> None:
    assert of(Dinamap, noise + b"\r" + line("OA", "1097804"))[-1] == ("spo2", "97", "ok")


def test_a_megabyte_of_noise_gives_no_value() -> None:
    assert Dinamap().feed(Random(1).randbytes(1_000_000)) == []


def test_an_age_is_taken_off_the_arrival() -> None:
    (sample,) = Dinamap().feed(line("TC", "00!0001209801"))
    assert stamped(sample, NOON, "COM3", "dinamap", simulated=False).measured_at == NOON - timedelta(seconds=12)
