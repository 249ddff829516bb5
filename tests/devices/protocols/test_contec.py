"""Contec V5 and V7.0 and Berry against the published layouts, and what a real CMS50D+ answered."""

import os
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from app.domain.vitals.vital_signs import Quality, Sample
from devices.protocols.contec.decoder import Berry, Contec, ContecV5
from devices.protocols.contec.dialogue import ContecDialogue

from .oximeter_frames import contec_7, five_bytes

PUBLISHED = bytes.fromhex("01 E0 85 B3 96 C1 E1 FF FF")


def told(decoder: Contec | ContecV5 | Berry, wire: bytes) -> dict[str, tuple[Decimal | None, Quality]]:
    return {s.vital: (s.value, s.quality) for s in decoder.feed(wire)}


def both(value: int | None, quality: Quality) -> dict[str, tuple[Decimal | None, Quality]]:
    return dict.fromkeys(("pr", "spo2"), (None if value is None else Decimal(value), quality))


class TestV7:
    def test_the_published_packet(self) -> None:
        decoder = Contec()
        assert told(decoder, PUBLISHED * 8) == {"pr": (Decimal(65), Quality.OK), "spo2": (Decimal(97), Quality.OK)}
        assert decoder.unmapped == {"signal": "5", "pleth": "51", "bar": "6", "PI": "—"}
        assert contec_7(65, 97, bar=0x16, index=0xFFFF) == PUBLISHED

    def test_the_high_bits_are_given_back(self) -> None:
        decoder = Contec()
        assert told(decoder, contec_7(200, 97, index=0x0180) * 8)["pr"] == (Decimal(200), Quality.OK)
        assert decoder.unmapped["PI"] == "3.84"

    def test_no_index_beside_its_flag(self) -> None:
        decoder = Contec()
        decoder.feed(contec_7(bar=0x16, index=200) * 8)
        assert decoder.unmapped["PI"] == "—"

    @pytest.mark.parametrize(
        ("packet", "quality"),
        [
            (contec_7(signal=0x85), Quality.SENSOR_OFF),
            (contec_7(signal=0x15), Quality.SEARCHING),
            (contec_7(pleth=0xB3), Quality.SEARCHING),
            (contec_7(255, 127), Quality.UNAVAILABLE),
            (contec_7(255, 127, signal=0x80, pleth=0x80), Quality.SENSOR_OFF),
        ],
    )
    def test_flags_and_markers(self, packet: bytes, quality: Quality) -> None:
        assert told(Contec(), packet * 8) == both(None, quality)

    def test_low_and_beep_are_no_fault(self) -> None:
        assert told(Contec(), contec_7(97, 97, signal=0x65) * 8) == both(97, Quality.OK)

    def test_answers_to_commands_count_as_frames(self) -> None:
        decoder = Contec()
        answers = bytes.fromhex("0C80 0C80 06808087 1180818180808080 80 0E8081")
        assert told(decoder, answers + PUBLISHED * 3)["pr"] == (Decimal(65), Quality.OK)
        assert (decoder.good, decoder.bad, decoder.noise_bytes) == (8, 0, 0)

    def test_answers_alone_show_nothing(self) -> None:
        decoder = Contec()
        assert decoder.feed(b"\x0c\x80" * 20) == []
        assert (decoder.good, dict(decoder.unmapped)) == (20, {})

    @pytest.mark.parametrize("packet", [PUBLISHED[:8], PUBLISHED + b"\x80", b"\x05" + PUBLISHED[1:], contec_7(spo2=101)])
    def test_another_length_type_or_an_impossible_spo2_is_no_packet(self, packet: bytes) -> None:
        decoder = Contec()
        assert decoder.feed(packet * 50) == []
        assert decoder.good == 0

    def test_a_packet_cut_short_is_bad(self) -> None:
        decoder = Contec()
        decoder.feed(PUBLISHED * 8 + PUBLISHED[:5] + PUBLISHED * 8)
        assert (decoder.good, decoder.bad, decoder.noise_bytes) == (16, 1, 0)


class TestV5:
    def test_the_rate_has_eight_bits(self) -> None:
        assert told(ContecV5(), five_bytes(97, 97) * 8) == both(97, Quality.OK)
        assert told(ContecV5(), five_bytes(200) * 8)["pr"] == (Decimal(200), Quality.OK)

    @pytest.mark.parametrize(
        ("frame", "quality"),
        [
            (five_bytes(third=0x16), Quality.SENSOR_OFF),
            (five_bytes(third=0x26), Quality.SEARCHING),
            (five_bytes(first=0x15), Quality.SEARCHING),
            (five_bytes(255, 127), Quality.UNAVAILABLE),
        ],
    )
    def test_flags_and_markers(self, frame: bytes, quality: Quality) -> None:
        assert told(ContecV5(), frame * 8) == both(None, quality)

    @pytest.mark.parametrize("height", range(16))
    def test_any_height_of_signal_and_bar_is_no_fault(self, height: int) -> None:
        frame = five_bytes(first=height, third=height) * 8
        assert (
            told(ContecV5(), frame) == told(Berry(), frame) == {"pr": (Decimal(72), Quality.OK), "spo2": (Decimal(97), Quality.OK)}
        )

    def test_falling_spo2_and_beep_are_no_fault(self) -> None:
        assert told(ContecV5(), five_bytes(97, 97, first=0x65) * 8) == both(97, Quality.OK)

    def test_zero_is_a_number_that_nobody_has(self) -> None:
        assert told(ContecV5(), five_bytes(0, 0) * 8) == both(0, Quality.IMPLAUSIBLE)

    def test_it_takes_no_v7(self) -> None:
        assert ContecV5().feed(PUBLISHED * 50) == []

    def test_what_is_not_read_is_listed(self) -> None:
        decoder = ContecV5()
        decoder.feed(five_bytes() * 8)
        assert decoder.unmapped == {"signal": "5", "pleth": "51", "bar": "6"}

    @pytest.mark.parametrize("place", range(5))
    def test_a_wrong_bit_7_is_a_break(self, place: int) -> None:
        frame = bytearray(five_bytes())
        frame[place] ^= 0x80
        decoder = ContecV5()
        decoder.feed(five_bytes() * 8 + bytes(frame) + five_bytes(60, 90) * 7)
        assert (decoder.good, decoder.bad) == (8, 1)
        assert told(decoder, five_bytes(60, 90)) == {"pr": (Decimal(60), Quality.OK), "spo2": (Decimal(90), Quality.OK)}


class TestBerry:
    @pytest.mark.parametrize(
        ("frame", "quality"),
        [
            (five_bytes(first=0x25), Quality.SENSOR_OFF),
            (five_bytes(third=0x16), Quality.SENSOR_OFF),
            (five_bytes(first=0x15), Quality.SEARCHING),
            (five_bytes(third=0x26), Quality.SEARCHING),
            (five_bytes(255, 127), Quality.UNAVAILABLE),
        ],
    )
    def test_flags_and_markers(self, frame: bytes, quality: Quality) -> None:
        assert told(Berry(), frame * 8) == both(None, quality)

    def test_rule_5_zero_is_none(self) -> None:
        assert told(Berry(), five_bytes(0, 0) * 8) == both(None, Quality.UNAVAILABLE)

    def test_a_beep_is_no_fault(self) -> None:
        assert told(Berry(), five_bytes(97, 97, first=0x45) * 8) == both(97, Quality.OK)


def test_rule_6_invalid_markers() -> None:
    """PR 255, SpO₂ 127, PI 65535."""
    decoder = Contec()
    assert told(decoder, contec_7(255, 127, index=0xFFFF) * 8) == both(None, Quality.UNAVAILABLE)
    assert decoder.unmapped["PI"] == "—"
    for other in (ContecV5(), Berry()):
        assert told(other, five_bytes(255, 127) * 8) == both(None, Quality.UNAVAILABLE)


def test_rule_7_held_values_are_no_values() -> None:
    decoder = Contec()
    decoder.feed(contec_7() * 8)
    held = decoder.feed(contec_7(signal=0x85) * 3)
    assert [(s.value, s.original) for s in held] == [(None, "72 /min"), (None, "97 %")]


class TestDialogue:
    def test_it_starts_stays_awake_and_stops(self) -> None:
        dialogue = ContecDialogue(decoder := Contec())
        assert dialogue.on_open(100.0) == bytes.fromhex("7D 81 A1 80 80 80 80 80 80")
        decoder.feed(contec_7() * 8)
        assert dialogue.tick(103.9) == b""
        decoder.feed(contec_7())
        assert dialogue.tick(104.0) == bytes.fromhex("7D 81 AF 80 80 80 80 80 80")
        assert dialogue.tick(107.9) == b""
        assert dialogue.on_close() == bytes.fromhex("7D 81 A2 80 80 80 80 80 80")

    def test_after_a_silence_it_asks_again(self) -> None:
        dialogue = ContecDialogue(Contec())
        start = dialogue.on_open(0.0)
        sent = {at: dialogue.tick(float(at)) for at in range(1, 11)}
        assert [at for at, command in sent.items() if command == start] == [5, 10]

    def test_keep_alives_are_never_more_than_five_seconds_apart(self) -> None:
        dialogue = ContecDialogue(decoder := Contec())
        dialogue.on_open(0.0)
        decoder.feed(contec_7() * 8)
        sent = [0.0]
        for quarter in range(1, 240):
            decoder.feed(contec_7())
            if dialogue.tick(quarter / 4):
                sent.append(quarter / 4)
        assert max(b - a for a, b in pairwise(sent)) <= 5.0


class TestExchange:
    """A real CMS50D+, read from outside the project (BEDSIDE_CAPTURES)."""

    @pytest.fixture
    def exchange(self) -> list[tuple[bytes, bytes]]:
        folder = os.environ.get("BEDSIDE_CAPTURES")
        if not folder:
            pytest.skip("BEDSIDE_CAPTURES is not set: real captures stay outside the project")
        lines = (Path(folder) / "contec" / "cms50dplus_exchange.txt").read_text().splitlines()
        pairs = [line.split("->") for line in lines if "->" in line and not line.startswith("#")]
        return [(bytes.fromhex(asked), bytes.fromhex(answer)) for asked, answer in pairs]

    def test_all_it_answered_is_read(self, exchange: list[tuple[bytes, bytes]]) -> None:
        decoder = Contec()
        samples: list[Sample] = [s for _, answer in exchange for s in decoder.feed(answer)]
        assert [(s.vital, int(s.value or 0), s.quality) for s in samples] == [
            ("pr", 65, Quality.OK), ("spo2", 97, Quality.OK),
        ]  # fmt: skip
        assert (decoder.good, decoder.bad, decoder.noise_bytes, decoder.held) == (18, 0, 0, 0)
        assert decoder.unmapped == {"signal": "5", "pleth": "42", "bar": "5", "PI": "—"}

    def test_what_is_said_to_it_was_said_to_a_real_one(self, exchange: list[tuple[bytes, bytes]]) -> None:
        asked = [command for command, _ in exchange]
        dialogue = ContecDialogue(Contec())
        assert {dialogue.on_open(0.0), dialogue.on_close()} <= set(asked)
