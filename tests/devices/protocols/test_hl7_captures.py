"""Real HL7 messages, read from outside the project (BEDSIDE_CAPTURES)."""

import os
from pathlib import Path

import pytest

from devices.protocols.hl7.decoder import Hl7

from .hl7_words import said


@pytest.fixture
def captures() -> Path:
    folder = os.environ.get("BEDSIDE_CAPTURES")
    if not folder:
        pytest.skip("BEDSIDE_CAPTURES is not set: real captures stay outside the project")
    return Path(folder) / "hl7"


def forms(message: bytes) -> list[bytes]:
    """As it is, with the ends of lines of other systems, and in an envelope."""
    lines = message.replace(b"\r\n", b"\r").replace(b"\n", b"\r")
    return [message, lines, lines.replace(b"\r", b"\n"), lines.replace(b"\r", b"\r\n"), b"\x0b" + lines + b"\x1c\r"]


@pytest.mark.parametrize("form", range(5))
def test_a_vs900_in_demo_mode_gives_nothing_to_chart(captures: Path, form: int) -> None:
    decoder = Hl7()
    found = decoder.feed(forms((captures / "vs900_demo.hl7").read_bytes())[form])
    assert [said(s) for s in found] == [
        ("spo2", "100", "demo", "pleth"), ("pr", "80", "demo", "pleth"),
        ("nibp_sys", "166", "demo", "nibp"), ("nibp_map", "122", "demo", "nibp"), ("nibp_dia", "100", "demo", "nibp"),
    ]  # fmt: skip
    assert {f"{s.device_time:%Y-%m-%d %H:%M:%S}" for s in found} == {"2020-02-12 12:55:41"}
    assert [f"{s.measured_at:%H:%M:%S}" for s in found] == ["12:55:41"] * 2 + ["12:50:08"] * 3
    assert decoder.unmapped == {"150488 MDC_BLD_PERF_INDEX": "12.00 MDC_DIM_PERCENT"}
    assert (decoder.good, decoder.bad, decoder.noise_bytes, decoder.held) == (1, 0, 0, 0)


@pytest.mark.parametrize("form", range(5))
def test_an_invalid_temperature_is_no_value(captures: Path, form: int) -> None:
    decoder = Hl7()
    (sample,) = decoder.feed(forms((captures / "invalid_INV_X.hl7").read_bytes())[form])
    assert (said(sample), sample.unit, sample.device_time) == (("temp", None, "invalid", "spot"), "°C", None)
    assert (decoder.good, decoder.bad, decoder.noise_bytes, decoder.held) == (1, 0, 0, 0)
