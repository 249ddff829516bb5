"""An exchange with a real MP70, and the bytes that other programs send, read from outside the project (BEDSIDE_CAPTURES)."""

import csv
import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from app.domain.vitals.vital_signs import NIBP, Quality, Sample
from devices.protocols.intellivue import association as session
from devices.protocols.intellivue import data_pdu as pdu
from devices.protocols.intellivue import mib, polls
from devices.protocols.intellivue.decoder import IntelliVue

MEANT = {
    "NOM_PULS_OXIM_SAT_O2": ("spo2", "pleth"),
    "NOM_PLETH_PULS_RATE": ("pr", "pleth"),
    "NOM_ECG_CARD_BEAT_RATE": ("hr", "ecg"),
    "NOM_RESP_RATE": ("rr", "impedance"),
    "NOM_PRESS_BLD_NONINV_SYS": ("nibp_sys", "nibp"),
    "NOM_PRESS_BLD_NONINV_DIA": ("nibp_dia", "nibp"),
    "NOM_PRESS_BLD_NONINV_MEAN": ("nibp_map", "nibp"),
    "NOM_PRESS_BLD_NONINV_PULS_RATE": ("pr", "nibp"),
}


@pytest.fixture
def captures() -> Path:
    folder = os.environ.get("BEDSIDE_CAPTURES")
    if not folder:
        pytest.skip("BEDSIDE_CAPTURES is not set: real captures stay outside the project")
    return Path(folder) / "philips"


@pytest.fixture
def peers(captures: Path) -> dict[str, bytes]:
    lines = (captures / "peer_request_bytes.hex.txt").read_text().splitlines()
    return {line.split(" (")[0]: bytes.fromhex(line.split("): ")[1]) for line in lines if not line.startswith("#")}


@pytest.fixture
def expected(captures: Path) -> list[dict[str, str]]:
    with (captures / "mp70_expected.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def decoded(captures: Path) -> tuple[IntelliVue, list[Sample]]:
    decoder = IntelliVue()
    return decoder, decoder.feed((captures / "mp70_stamped.log").read_bytes())


def test_every_frame_of_the_real_exchange_is_read(captures: Path) -> None:
    decoder, _ = decoded(captures)
    assert (decoder.good, decoder.bad, decoder.noise_bytes, decoder.held) == (988, 0, 988 * 23, 0)


def test_every_expected_value_of_the_real_exchange(captures: Path, expected: list[dict[str, str]]) -> None:
    _, samples = decoded(captures)
    rows = [row for row in expected if row["physio_id"] in MEANT]
    wanted = [(int(r["frame_index"]), *MEANT[r["physio_id"]], round(float(r["value"]), 6)) for r in rows]
    assert sorted((s.frame, s.vital, s.source, float(s.value or 0)) for s in samples) == sorted(wanted)


def test_its_states_are_honoured(captures: Path, expected: list[dict[str, str]]) -> None:
    _, samples = decoded(captures)
    found = {(s.frame, s.vital, s.source): s for s in samples}
    for row in (row for row in expected if row["physio_id"] in MEANT):
        sample = found[int(row["frame_index"]), *MEANT[row["physio_id"]]]
        may_be = {Quality.MEASURING} if row["state"] in ("MSMT_ONGOING", "96") else {Quality.OK, Quality.STALE}
        assert sample.quality in may_be
        assert sample.quality is not Quality.STALE or sample.source == "nibp"


def test_rule_3_each_of_its_two_measurements_is_taken_once_with_its_own_time(captures: Path) -> None:
    _, samples = decoded(captures)
    taken = [s for s in samples if s.vital in NIBP and s.quality is Quality.OK]
    assert [(s.frame, str(s.value)) for s in taken] == [
        (34, "127"), (34, "84"), (34, "93"), (817, "127"), (817, "85"), (817, "93"),
    ]  # fmt: skip
    assert [f"{s.measured_at:%H:%M:%S} {s.device_time:%H:%M:%S.%f}" for s in taken[::3]] == [
        "17:22:10 17:22:13.464000",
        "17:23:23 17:23:26.168000",
    ]


def test_what_is_not_read_is_listed(captures: Path, expected: list[dict[str, str]]) -> None:
    decoder, _ = decoded(captures)
    unread = {row["physio_id"] for row in expected} - set(MEANT)
    numbers = [name for name in decoder.unmapped if not name.startswith(("model", "object"))]
    assert len(numbers) == len(unread)
    assert (decoder.unmapped["Perf 4BB0"], decoder.unmapped["model"]) == ("2.3", "Philips M8000")


def test_one_byte_at_a_time_and_any_pieces_give_the_same(captures: Path) -> None:
    data = (captures / "mp70_stamped.log").read_bytes()[:60_000]
    whole, random = IntelliVue().feed(data), Random(3)
    for size in (lambda: 1, lambda: random.randrange(1, 700)):
        assert pieces(data, size) == whole


def pieces(data: bytes, size: Callable[[], int]) -> list[Sample]:
    decoder, samples, place = IntelliVue(), [], 0
    while place < len(data):
        end = place + size()
        samples += decoder.feed(data[place:end])
        place = end
    return samples


def test_joined_in_the_middle_a_cuff_is_not_believed_before_it_measures(captures: Path) -> None:
    """Without the monitor's start there is no date for its ticks, so nothing tells how old a pressure is."""
    data = (captures / "mp70_stamped.log").read_bytes()
    samples = IntelliVue().feed(data[60_000:])
    seen = [s.quality for s in samples if s.vital == "nibp_sys"]
    assert seen[0] is Quality.STALE
    assert seen.count(Quality.OK) == 1
    assert [str(s.value) for s in samples if s.vital == "nibp_dia" and s.quality is Quality.OK] == ["85"]


def test_the_checksum_vectors_of_the_guide(captures: Path) -> None:
    for line in (captures / "fcs_vectors.txt").read_text().splitlines()[1:]:
        content, wire = map(bytes.fromhex, line.split("->"))
        assert mib.enclosed(content) == wire


def test_what_we_ask_equals_what_others_ask(peers: dict[str, bytes]) -> None:
    asked = peers["jvs aarq_msg"]
    assert session.terms(asked) == (2500, 2500, 1000, 0x8C000000)
    assert session.request(session.AssociationTerms(2500, 2500, 1000, 0x8C000000)) == asked
    assert session.RELEASE == peers["jvs rlrq_msg"] == peers["perseus ReleaseRequest"]
    assert peers["jvs rlrq_resp_msg"] == session.RELEASED
    assert session.ABORT == peers["jvs assoc_abort_resp_msg"] == peers["perseus AssociationAbort"]
    answer = polls.created_answer(pdu.MdsCreated(1, 0x000ABD00, {}))
    assert bytes((*peers["jvs mds_create_resp_msg"][:10], 0, 1)) + peers["jvs mds_create_resp_msg"][12:] == answer
    assert polls.poll(0, 1, pdu.MDS, 0) == peers["jvs poll_mds_request_msg"]
    assert polls.poll(0, 1, pdu.METRIC, 0) == peers["jvs poll_request_msg"]
    assert polls.extended_poll(1, 1, pdu.METRIC, 0, 0x3A980) == peers["jvs ext_poll_request_msg5"]


def test_what_others_ask_is_understood(peers: dict[str, bytes]) -> None:
    assert session.terms(peers["perseus AssociationRequest"]) == (480_000, 1400, 1400, 0x8B000000)
    assert session.terms(peers["jvs aarq_msg_wave_ext_poll2"]) == (4000, 1456, 1456, 0x8E000000)
    assert pdu.message(peers["jvs ext_poll_request_msg5"]) == (1, pdu.EXTENDED_POLL, 1, pdu.METRIC, 0, 0x3A980)
    assert pdu.message(peers["jvs keep_alive_msg2"]) == (8, pdu.POLL, 7, pdu.ALERTS, 0x0811, 0)


def test_the_acceptance_that_the_simulator_gives_is_the_real_one(captures: Path) -> None:
    first = mib.MibFrames().feed((captures / "mp70_stamped.log").read_bytes()[:300])[0].data
    terms = session.terms(first)
    assert terms == (800_000, 996, 996, 0x88000000)
    assert session.accept(terms) == first
