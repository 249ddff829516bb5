"""MEDIBUS: the vendor's frames, what is read of them, and what is said to the device."""

import os
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from devices.protocols.medibus.decoder import Medibus
from devices.protocols.medibus.dialogue import MedibusDialogue
from devices.protocols.medibus.medibus_frames import (
    CLOCK,
    CORRUPT,
    DATA,
    ICC,
    IDENTITY,
    NOP,
    TIME_CHANGED,
    MedibusFrames,
    command,
    response,
)
from tests.devices.steady import steady

from .chunks import cut, cuts_of, of, said, single, tally, whole, wild

WELL = bytes.fromhex("01 24 45 42 20 39 38 20 45 31 20 37 30 20 37 41 0D")
OK = [("spo2", "98", "ok"), ("pr", "70", "ok")]


def page(data: str) -> bytes:
    return response(DATA, data.encode())


def test_the_worked_page_of_the_definition() -> None:
    decoder = Medibus()
    samples = decoder.feed(WELL)
    assert [(s.frame, s.vital, str(s.value), s.unit, s.quality, s.source) for s in samples] == [
        (0, "spo2", "98", "%", "ok", "pleth"), (0, "pr", "70", "/min", "ok", "pleth"),
    ]  # fmt: skip
    assert (decoder.good, decoder.bad, decoder.noise_bytes, decoder.unmapped) == (1, 0, 0, {})


def test_every_frame_of_the_definition_with_its_verdict() -> None:
    folder = os.environ.get("BEDSIDE_CAPTURES")
    if not folder:
        pytest.skip("BEDSIDE_CAPTURES is not set: real captures stay outside the project")
    text = (Path(folder) / "draeger" / "medibus_vendor_examples.txt").read_text()
    rows = [line.split(" ; ") for line in text.splitlines() if line and not line.startswith("#")]
    for sent, what, verdict in rows:
        frames = MedibusFrames()
        assert len(frames.feed(bytes.fromhex(sent))) == (verdict == "good"), what
        assert (frames.bad, frames.noise_bytes) == (verdict != "good", 0), what
    decoder = Medibus()
    assert said(decoder.feed(b"".join(bytes.fromhex(sent) for sent, _, _ in rows))) == OK
    assert (decoder.good, decoder.bad) == (14, 1)


def test_frames_are_built_as_the_definition_has_them_its_erratum_mended() -> None:
    commands = {
        ICC: "1B 51 36 43 0D",
        IDENTITY: "1B 52 36 44 0D",
        DATA: "1B 24 33 46 0D",
        CLOCK: "1B 28 34 33 0D",
        NOP: "1B 30 34 42 0D",
    }
    responses = {ICC: "01 51 35 32 0D", IDENTITY: "01 52 35 33 0D", TIME_CHANGED: "01 49 34 41 0D", CORRUPT: "01 15 31 36 0D"}
    assert [command(code) for code in commands] == list(map(bytes.fromhex, commands.values()))
    assert [response(code) for code in responses] == list(map(bytes.fromhex, responses.values()))
    assert response(DATA, b"EB 98 E1 70 ") == WELL


def test_the_device_s_time_belongs_to_the_data_that_follow_it() -> None:
    decoder = Medibus()
    samples = decoder.feed(response(CLOCK, b"11:11:1911-NOV-93") + WELL + WELL)
    assert [s.device_time and s.device_time.isoformat() for s in samples] == ["1993-11-11T11:11:19+00:00"] * 2 + [None] * 2


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("23:59:5901-MAI-26", "2026-05-01T23:59:59"), ("00:00:0031-OKT-26", "2026-10-31T00:00:00"),
        ("07:08:0924-DEZ-69", "2069-12-24T07:08:09"), ("07:08:0924-DEZ-70", "1970-12-24T07:08:09"),
        ("00:00:0031-JUN-26", None), ("00:00:0001-XXX-26", None), ("25:00:0001-MAI-26", None), ("noon", None), ("", None),
    ],
)  # fmt: skip
def test_rule_10_german_months_and_dates_that_are_none(printed: str, read: str | None) -> None:
    (first, _) = Medibus().feed(response(CLOCK, printed.encode()) + WELL)
    assert (first.device_time and first.device_time.isoformat()[:19]) == read


def test_what_is_not_read_is_listed_by_its_code() -> None:
    decoder = Medibus()
    decoder.feed(page("C5 5.2EB 98 D5 14 D6 15 ") + response(b"\x2b", b"05  12") + response(IDENTITY, b"0161'Evita'"))
    assert decoder.unmapped == {"C5": "5.2", "D5": "14", "2b": "05  12", "52": "0161'Evita'"}


def test_respiration_is_the_ventilator_s_before_co2() -> None:
    assert [(s.vital, str(s.value), s.source) for s in Medibus().feed(page("D5 14 D6 15 "))] == [("rr", "15", "ventilator")]
    assert [(s.vital, str(s.value), s.source) for s in Medibus().feed(page("D5 14 D6 0  "))] == [("rr", "14", "co2")]
    assert [(s.vital, str(s.value), s.source) for s in Medibus().feed(page("D5 14 "))] == [("rr", "14", "co2")]
    assert [(s.vital, str(s.value), s.source) for s in Medibus().feed(page("D5 14 D6 1  "))] == [("rr", "1", "ventilator")]


def test_rule_5_a_respiration_of_zero_is_not_charted() -> None:
    assert of(Medibus, page("D6 0  D5 0  ")) == [("rr", "0", "implausible")]
    assert of(Medibus, page("D5 0  ")) == [("rr", "0", "implausible")]


def test_an_airway_s_temperature_is_not_the_patient_s() -> None:
    (sample,) = Medibus().feed(page("C136.7"))
    assert (sample.vital, str(sample.value), sample.quality, sample.source) == ("temp", "36.7", "questionable", "airway")


def test_rule_9_an_impossible_number_is_marked() -> None:
    assert of(Medibus, page("EB 101E1 301C1 3.1")) == [
        ("spo2", "101", "implausible"), ("pr", "301", "implausible"), ("temp", "3.1", "implausible"),
    ]  # fmt: skip


def test_rule_6_what_is_no_number_is_refused_as_it_came() -> None:
    samples = Medibus().feed(page("EB--- E1    "))
    assert [(s.vital, s.value, s.quality, s.original) for s in samples if s.vital == "spo2"] == [("spo2", None, "invalid", "---")]
    assert said(samples)[1] == ("pr", None, "unavailable")
    assert [s.original for s in (samples[1], *Medibus().feed(WELL))] == [UNSET] * 3


def test_what_came_before_and_is_missing_now_is_unavailable_once() -> None:
    decoder = Medibus()
    assert decoder.feed(page("")) == []
    decoder.feed(WELL)
    samples = decoder.feed(response(CLOCK, b"11:11:1911-NOV-93") + page("EB 97 "))
    assert said(samples) == [("spo2", "97", "ok"), ("pr", None, "unavailable")]
    assert {s.device_time for s in samples} == {datetime(1993, 11, 11, 11, 11, 19, tzinfo=UTC)}
    assert said(decoder.feed(page(""))) == [("spo2", None, "unavailable")]
    assert decoder.feed(page("")) == []


def test_respiration_from_another_source_is_not_missing() -> None:
    decoder = Medibus()
    decoder.feed(page("D6 15 "))
    assert said(decoder.feed(page("D5 14 "))) == [("rr", "14", "ok")]


@pytest.mark.parametrize("data", ["EB 98", "EB 98 E", "eb 98 ", "EB\x7f98 "])
def test_a_page_of_another_form_is_listed_and_not_read(data: str) -> None:
    decoder = Medibus()
    assert decoder.feed(page(data)) == []
    assert decoder.unmapped == {"24": data}


def test_rule_13_real_time_bytes_and_flow_control_may_stand_between_any_two_bytes() -> None:
    decoder = Medibus()
    assert said(decoder.feed(b"\xc3\x13".join(single(WELL)))) == OK
    assert (decoder.good, decoder.bad, decoder.noise_bytes) == (1, 0, 0)
    assert decoder.unmapped == {"real-time": "c3"}


def test_rule_13_dc1_suspends_and_dc3_resumes_the_reverse_of_xon_and_xoff() -> None:
    decoder = Medibus()
    seen = []
    for byte in (b"x", b"\x11", b"x", b"\x13", b"\x11\x13", b"\x13\x11", b"\x11\x13\x11", b"\x13\x11\x13"):
        decoder.feed(byte)
        seen.append(decoder.is_suspended)
    assert seen == [False, True, True, False, False, True, True, False]


def test_can_ends_a_frame_without_its_being_one() -> None:
    decoder = Medibus()
    assert said(decoder.feed(WELL[:9] + b"\x18" + WELL[9:] + WELL)) == OK
    assert (decoder.good, decoder.bad, decoder.noise_bytes) == (1, 0, len(WELL) + 1)


def test_half_a_frame_is_noise_and_costs_nothing_else() -> None:
    decoder = Medibus()
    assert [s.frame for s in decoder.feed(WELL[:9] + WELL + WELL[5:] + WELL)] == [0, 0, 1, 1]
    assert (decoder.good, decoder.bad, decoder.noise_bytes) == (2, 0, 9 + len(WELL) - 5)


@pytest.mark.parametrize("bytes_", [WELL.replace(b"98", b"97"), WELL.replace(b"7A", b"7a"), b"\x01\r", b"\x1b24\r", b"\x0124\r"])
def test_a_wrong_checksum_is_bad_and_counted(bytes_: bytes) -> None:
    decoder = Medibus()
    assert [s.frame for s in decoder.feed(bytes_ + WELL)] == [1, 1]
    assert (decoder.good, decoder.bad) == (1, 1)
    decoder.feed(bytes_)
    assert (decoder.good, decoder.bad) == (1, 2)


def test_what_is_too_long_to_be_a_frame_is_noise() -> None:
    for length in (Medibus.limit - 4, 3 * Medibus.limit):
        stream = b"\x01\x24" + b"x" * length + b"\r" + WELL
        decoder = Medibus()
        assert said([s for byte in single(stream) for s in decoder.feed(byte)]) == OK
        assert (decoder.good, decoder.bad + decoder.noise_bytes > 0) == (1, True)
        assert tally(Medibus(), [stream]) == tally(Medibus(), single(stream))


STREAM = b"\xffnoise" + WELL + b"\r" + page("EB--- D6 15 ") + WELL[:7] + WELL + b"\x01" + b"z" * 3000 + b"\r" + WELL + WELL[:8]


@steady
@given(cuts_of(STREAM))
@pytest.mark.uncounted
def test_any_cutting_gives_the_same_samples(cuts: list[int]) -> None:
    assert tally(Medibus(), cut(STREAM, cuts)) == whole(Medibus, STREAM)


@steady
@given(wild(WELL, WELL[:9], b"\x01", b"\x1b", b"\x18"))
def test_no_bytes_make_it_raise_nor_grow_nor_depend_on_their_cutting(chunks: list[bytes]) -> None:
    assert tally(Medibus(), chunks) == tally(Medibus(), [b"".join(chunks)])


@steady
@given(st.binary(max_size=3000))
def test_after_any_noise_the_next_frame_is_read(noise: bytes) -> None:
    assert of(Medibus, noise + WELL)[-2:] == OK


def test_a_megabyte_of_noise_gives_no_value() -> None:
    assert Medibus().feed(Random(1).randbytes(1_000_000)) == []


# --- what is said to the device


class Talk:
    """A decoder and its dialogue; every quarter of a second it is asked what to say."""

    def __init__(self) -> None:
        self.decoder = Medibus()
        self.dialogue = MedibusDialogue(self.decoder)
        self.now_s = 100.0
        self.opening = self.dialogue.on_open(self.now_s)

    def hears(self, *answers: bytes) -> bytes:
        self.decoder.feed(b"".join(answers))
        return self.dialogue.tick(self.now_s)

    def waits(self, seconds: float) -> list[tuple[float, bytes]]:
        """What is said meanwhile, and how many seconds from now."""
        said, begin = [], self.now_s
        for _ in range(round(seconds * 4)):
            self.now_s += 0.25
            if words := self.dialogue.tick(self.now_s):
                said.append((self.now_s - begin, words))
        return said

    def begun(self) -> "Talk":
        for code in (ICC, IDENTITY, CLOCK, DATA):
            self.hears(response(code))
        return self


def test_it_begins_with_icc_asks_who_it_is_and_goes_on_to_the_data() -> None:
    talk = Talk()
    assert talk.opening == command(ICC)
    assert [talk.hears(response(code)) for code in (ICC, IDENTITY, CLOCK, DATA)] == [
        command(IDENTITY), command(CLOCK), command(DATA), b"",
    ]  # fmt: skip
    assert talk.dialogue.on_close() == b""


def test_between_two_questions_it_says_that_it_is_there() -> None:
    talk = Talk().begun()
    assert talk.waits(2.0) == [(2.0, command(NOP))]
    assert talk.hears(response(NOP)) == b""
    assert talk.waits(2.0) == [(2.0, command(NOP))]
    assert talk.hears(response(NOP)) == b""
    assert talk.waits(1.0) == [(1.0, command(CLOCK))]
    assert talk.hears(response(CLOCK)) == command(DATA)


def test_one_command_at_a_time() -> None:
    talk = Talk()
    assert talk.hears(response(DATA), response(NOP)) == b""
    assert talk.waits(2.75) == []


def test_more_than_three_seconds_of_silence_begin_anew() -> None:
    talk = Talk().begun()
    assert talk.waits(3.5) == [(2.0, command(NOP)), (3.25, command(ICC))]
    assert talk.hears(response(ICC)) == command(IDENTITY)


def test_a_fast_clock_s_jump_alone_is_no_silence() -> None:
    talk = Talk()
    talk.now_s += 60.0
    assert talk.dialogue.tick(talk.now_s) == b""
    assert talk.hears(response(ICC)) == command(IDENTITY)
    talk.now_s += 60.0
    assert [talk.dialogue.tick(talk.now_s) for _ in range(8)] == [b""] * 7 + [command(ICC)]


def test_a_device_that_talks_and_does_not_answer_is_begun_with_anew() -> None:
    talk = Talk()
    said = []
    for _ in range(11):
        said += [words for _, words in talk.waits(1.0)]
        said.append(talk.hears(command(NOP)))
    assert said.count(response(NOP)) == 11
    assert said[:-1].count(command(ICC)) == 1


@pytest.mark.parametrize("code", [ICC, NOP, IDENTITY, TIME_CHANGED])
def test_what_the_device_asks_is_answered(code: bytes) -> None:
    assert Talk().begun().hears(command(code)).startswith(response(code))


def test_what_the_device_asks_at_once_is_answered_at_once() -> None:
    assert Talk().begun().hears(command(NOP), command(IDENTITY)) == response(NOP) + response(IDENTITY)


def test_the_device_s_own_icc_leads_to_the_question_who_it_is() -> None:
    assert Talk().begun().hears(command(ICC)) == response(ICC) + command(IDENTITY)


def test_a_command_that_nobody_knows_is_not_answered() -> None:
    assert Talk().begun().hears(command(b"\x4a", b"\x24EB")) == b""


def test_what_the_device_cannot_read_is_passed_over_the_beginning_is_said_again() -> None:
    talk = Talk()
    assert talk.hears(response(CORRUPT)) == b""
    assert talk.waits(2.0) == [(2.0, command(ICC))]
    assert talk.hears(response(ICC)) == command(IDENTITY)
    assert talk.hears(response(CORRUPT)) == command(CLOCK)
    assert talk.hears(response(CORRUPT)) == command(DATA)
    assert talk.hears(response(CORRUPT)) == b""
    assert talk.hears(response(CORRUPT)) == b""


def test_nothing_is_said_while_the_device_suspends_yet_not_for_ever() -> None:
    talk = Talk().begun()
    assert talk.hears(command(ICC), b"\x11") == b""
    assert talk.dialogue.due_s(talk.now_s) == talk.now_s + 10.0
    assert talk.waits(10.0) == []
    assert talk.waits(0.25) == [(0.25, command(ICC))]


def test_what_was_owed_is_said_when_the_device_resumes() -> None:
    talk = Talk().begun()
    talk.hears(command(NOP), b"\x11")
    assert talk.hears(b"\x13") == response(NOP)


def test_rule_14_it_says_five_words_and_no_other() -> None:
    """Nothing that sets, starts or silences anything."""
    talk, words = Talk(), []
    for round_ in range(400):
        words.append(talk.hears(response(bytes((round_ % 100,))), command(bytes((round_ % 0x70,)))))
        words += [said for _, said in talk.waits(1.0)]
    own = [f for f in MedibusFrames().feed(b"".join(words)) if f.kind == b"\x1b"]
    assert {f.code for f in own} <= {ICC, IDENTITY, CLOCK, DATA, NOP}
    assert not any(f.data for f in own)
