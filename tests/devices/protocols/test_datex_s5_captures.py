"""Bytes of a real S/5 and of the vendor's guide, read from outside the project (BEDSIDE_CAPTURES)."""

import os
from pathlib import Path

import pytest

from app.domain.vitals.vital_signs import Quality
from devices.protocols.datex_s5 import dri
from devices.protocols.datex_s5.decoder import DatexS5


@pytest.fixture
def captures() -> Path:
    folder = os.environ.get("BEDSIDE_CAPTURES")
    if not folder:
        pytest.skip("BEDSIDE_CAPTURES is not set: real captures stay outside the project")
    return Path(folder) / "ge_s5"


def test_four_records_of_a_real_monitor(captures: Path) -> None:
    decoder = DatexS5()
    samples = decoder.feed((captures / "first_records.raw").read_bytes())
    assert (decoder.good, decoder.bad, decoder.noise_bytes) == (4, 0, 0)
    valued = [s for s in samples if s.value is not None]
    assert [(s.vital, str(s.value), s.quality, s.source) for s in valued] == [("hr", "78", Quality.OK, "ecg")] * 4
    assert [s.device_time and s.device_time.timestamp() for s in valued] == [1625282059 + 5 * n for n in range(4)]
    assert {s.vital for s in samples} >= {"rr", "nibp_sys", "nibp_dia", "nibp_map", "temp", "spo2", "pr"}
    assert all(s.quality is not Quality.OK for s in samples if s.value is None)


def test_requests_equal_the_vendors_bytes(captures: Path) -> None:
    examples = vendor_examples(captures / "vendor_request_examples.hex.txt")
    assert dri.request(10) == examples["start DISPL every 10 s"]
    assert dri.stop() == examples["stop DISPL"]


def test_every_vendor_request_passes_the_checksum(captures: Path) -> None:
    frames = dri.DriFrames()
    examples = vendor_examples(captures / "vendor_request_examples.hex.txt")
    frames.feed(b"".join(examples.values()))
    assert (frames.good, frames.bad, len(examples)) == (6, 0, 6)


def vendor_examples(file: Path) -> dict[str, bytes]:
    """Title of each example to its bytes."""
    blocks = [block.partition("\n") for block in file.read_text().strip().split("\n\n")]
    return {title.lstrip("# ").partition(";")[0]: bytes.fromhex(body) for title, _, body in blocks}
