"""MT-SICS: a weight counts only when two answers in a row call it stable and are equal."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from devices.protocols.mt_sics.decoder import MtSics
from devices.protocols.mt_sics.dialogue import ScaleDialogue
from tests.devices.steady import steady

from .chunks import cut, cuts_of, of, tally, whole, wild

STABLE = b"S S      12.50 kg\r\n"
MOVING = b"S D      12.31 kg\r\n"


def qualities(*lines: bytes) -> list[str]:
    return [quality for _, _, quality in of(MtSics, b"".join(lines))]


def test_two_equal_stable_weights_are_a_weight() -> None:
    decoder = MtSics()
    samples = decoder.feed(STABLE * 2)
    assert [(s.frame, s.vital, str(s.value), s.unit, s.quality, s.source) for s in samples] == [
        (0, "weight", "12.50", "kg", "measuring", "scale"), (1, "weight", "12.50", "kg", "ok", "scale"),
    ]  # fmt: skip
    assert {(s.device_time, s.measured_at, s.original) for s in samples} == {(None, None, UNSET)}


def test_it_stays_one_while_it_stands_still() -> None:
    assert qualities(*[STABLE] * 4) == ["measuring", "ok", "ok", "ok"]


@pytest.mark.parametrize("between", [MOVING, STABLE.replace(b"50", b"51"), b"S I\r\n", b"S +\r\n", b"ES\r\n", b"rubbish\r\n"])
def test_whatever_comes_between_begins_anew(between: bytes) -> None:
    assert qualities(STABLE, between, STABLE)[-1] == "measuring"
    assert qualities(STABLE, between, STABLE, STABLE)[-1] == "ok"


def test_a_moving_weight_is_never_a_weight() -> None:
    assert qualities(MOVING, MOVING, MOVING) == ["measuring"] * 3


@pytest.mark.parametrize(
    ("sent", "kg"),
    [("12500.0 g", "12.5000"), ("1 g", "0.001"), ("0.05 g", "0.00005"), ("-3 g", "-0.003")],
)
def test_rule_8_grams_are_converted_exactly_and_kept_as_sent(sent: str, kg: str) -> None:
    (sample,) = MtSics().feed(f"S S {sent:>13}\r\n".encode())
    assert (str(sample.value), sample.unit, sample.original) == (kg, "kg", sent)


def test_rule_8_kilograms_and_grams_of_one_weight_are_equal() -> None:
    assert qualities(STABLE, b"S S    12500.0 g\r\n") == ["measuring", "ok"]


@pytest.mark.parametrize("unit", ["lb", "oz", "N", "KG", "mg", "k"])
def test_rule_8_an_unknown_unit_is_refused(unit: str) -> None:
    samples = MtSics().feed(f"S S     154.3 {unit}\r\n".encode() * 2)
    assert [(s.value, s.unit, s.quality, s.original) for s in samples] == [(None, "kg", "invalid", f"154.3 {unit}")] * 2


@pytest.mark.parametrize(("line", "quality"), [(b"S I", "unavailable"), (b"S +", "invalid"), (b"S -", "invalid")])
def test_rule_6_no_weight_is_no_number(line: bytes, quality: str) -> None:
    assert of(MtSics, line + b"\r\n") == [("weight", None, quality)]


def test_an_empty_scale_and_a_tared_one_say_numbers_all_the_same() -> None:
    """Whether a person can weigh so much is for the protocol's own range."""
    assert of(MtSics, b"S S       0.00 kg\r\n" * 2)[-1] == ("weight", "0.00", "ok")
    assert of(MtSics, b"S S      -0.31 kg\r\n" * 2)[-1] == ("weight", "-0.31", "ok")


def test_other_answers_are_listed_and_are_no_weight() -> None:
    decoder = MtSics()
    assert decoder.feed(b'I4 A "0123456789"\r\nT S     1.00 kg\r\nZ A\r\nEL\r\nET\r\nES\r\nTAR A\r\n') == []
    assert decoder.unmapped == {
        "I4": 'A "0123456789"', "T": "S     1.00 kg", "Z": "A", "EL": "", "ET": "", "ES": "", "TAR": "A",
    }  # fmt: skip
    assert (decoder.good, decoder.bad) == (7, 0)


@pytest.mark.parametrize(
    "line",
    [b"S S 12.50", b"S S kg", b"S S 12,50 kg", b"S S 1e3 kg", b"S S 12.5O kg", b"S X 12.50 kg", b"S", b"hello", b"S S 12. kg",
     b"ST,GS,+ 12.50kg", b" S S 12.50 kg", b"S S 12.50 kg kg", b"I5 A", b"Z", b"S S \xb2 kg", b"S S 12.50 k\xe9"],
)  # fmt: skip
def test_what_is_no_answer_is_bad(line: bytes) -> None:
    decoder = MtSics()
    assert decoder.feed(line + b"\r\n") == []
    assert (decoder.good, decoder.bad) == (0, 1)


def test_it_asks_for_a_stable_weight_again_a_second_after_it_was_answered() -> None:
    decoder = MtSics()
    dialogue = ScaleDialogue(decoder)
    assert dialogue.on_open(100.0) == b"S\r\n"
    decoder.feed(STABLE)
    assert [dialogue.tick(at) for at in (100.0, 100.9, 101.0)] == [b"", b"", b"S\r\n"]


def test_a_scale_that_moves_is_given_time_to_rest() -> None:
    decoder = MtSics()
    dialogue = ScaleDialogue(decoder)
    dialogue.on_open(100.0)
    assert [dialogue.tick(at) for at in (101.0, 109.9)] == [b"", b""]
    decoder.feed(STABLE)
    assert dialogue.tick(110.0) == b"S\r\n"
    assert [dialogue.tick(at) for at in (119.9, 120.0)] == [b"", b"S\r\n"]


def test_rule_14_nothing_else_is_ever_sent() -> None:
    decoder = MtSics()
    dialogue = ScaleDialogue(decoder)
    words = {dialogue.on_open(0.0), dialogue.on_close()}
    for second in range(100):
        decoder.feed(STREAM[second * 20 : second * 20 + 20])
        words.add(dialogue.tick(float(second)))
    assert words == {b"", b"S\r\n"}


STREAM = b"\xff" + STABLE + STABLE + MOVING + STABLE[:9] + STABLE + b"z" * 700 + b"\n" + STABLE + STABLE + b"S S"


@steady
@given(cuts_of(STREAM))
def test_any_cutting_gives_the_same_samples(cuts: list[int]) -> None:
    assert tally(MtSics(), cut(STREAM, cuts)) == whole(MtSics, STREAM)


@steady
@given(wild(STABLE, STABLE[:9], MOVING, b"ES\r\n"))
def test_no_bytes_make_it_raise_nor_grow(chunks: list[bytes]) -> None:
    tally(MtSics(), chunks)


@steady
@given(st.binary(max_size=3000))
def test_after_any_noise_two_more_answers_are_a_weight(noise: bytes) -> None:
    assert of(MtSics, noise + b"\n" + STABLE * 2)[-1] == ("weight", "12.50", "ok")
    assert of(MtSics, noise + STABLE * 3)[-1] == ("weight", "12.50", "ok")


@pytest.mark.parametrize(
    "line", [b"+   72.50 kg  ", b"N     +  72.50 kg ", b"G -0.10 g", b"ST,+0072.50  kg", b"US,GS,+  12.3kg", b"OL,+9999999E+19"]
)
def test_a_scale_of_another_maker_is_told_and_not_read(line: bytes) -> None:
    decoder = MtSics()
    assert decoder.feed((line + b"\r\n") * 3) == []
    assert (decoder.bad, "MT-SICS" in str(decoder.hint)) == (3, True)
    decoder.feed(STABLE)
    assert decoder.hint is None


def test_what_is_damaged_after_it_leaves_the_hint() -> None:
    decoder = MtSics()
    decoder.feed(b"ST,+0072.50  kg\r\nhum\r\n")
    assert "MT-SICS" in str(decoder.hint)


def test_what_is_damaged_is_not_taken_for_another_makers() -> None:
    decoder = MtSics()
    decoder.feed(b"S S  kg\r\nS S 12:07.50 lb:oz\r\nhum\r\n")
    assert (decoder.bad, decoder.hint) == (3, None)


def test_a_megabyte_of_noise_gives_no_weight() -> None:
    assert MtSics().feed(Random(1).randbytes(1_000_000)) == []
