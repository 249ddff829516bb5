"""What can be broken, when, and for how long."""

import pytest

from app.domain.errors import Refused
from devices.simulators.faults import DURATIONS_S, MonitorFaults, parsed

FRAME = b"~" + bytes(200) + b"~"


@pytest.mark.parametrize("name", [name for name in DURATIONS_S if name != "reaction"])
def test_a_fault_holds_for_its_time_and_then_no_more(name: str) -> None:
    faults = MonitorFaults()
    faults.add(name, 100.0)
    assert [faults.holds(name, at) for at in (99.9, 100.0, 99.9 + DURATIONS_S[name], 100.0 + DURATIONS_S[name])] == [
        False, True, True, False,
    ]  # fmt: skip


def test_the_next_change_is_a_beginning_or_an_end() -> None:
    faults = MonitorFaults()
    assert faults.next_change_s(0.0) is None
    faults.add("unplug", 100.0)
    assert [faults.next_change_s(at) for at in (0.0, 100.0, 160.0)] == [100.0, 160.0, None]


def test_who_looks_late_is_told_of_every_change() -> None:
    faults = MonitorFaults()
    faults.add("unplug", 100.0)
    faults.add("noise", 100.0)
    assert faults.changes(0.0, 99.0) == []
    assert faults.changes(99.0, 500.0) == [100.0, 160.0]
    assert faults.changes(100.0, 160.0) == [160.0]


def test_a_clock_that_is_set_neither_ends_a_fault_nor_brings_one_back() -> None:
    faults = MonitorFaults()
    for name, at_s in (("noise", 0.0), ("unplug", 100.0), ("silence", 500.0)):
        faults.add(name, at_s)
    faults.clock_set(110.0, 40.0)
    assert [faults.holds("unplug", at) for at in (29.9, 30.0, 40.0, 89.9, 90.0)] == [False, True, True, True, False]
    assert not faults.holds("noise", 40.0)
    assert faults.holds("silence", 500.0)


def test_what_is_mended_is_well_at_once_and_may_break_again() -> None:
    faults = MonitorFaults()
    faults.add("unplug", 100.0)
    faults.mend(110.0)
    assert [faults.holds("unplug", at) for at in (109.9, 110.0)] == [True, False]
    assert faults.changes(105.0, 120.0) == [110.0]
    faults.add("unplug", 130.0)
    assert faults.holds("unplug", 130.0)


def test_either_spelling_is_understood_and_no_other() -> None:
    assert MonitorFaults().add("sensor_off", 0.0).name == "sensor-off"
    with pytest.raises(Refused, match="Known: unplug"):
        MonitorFaults().add("earthquake", 0.0)


def test_damage_to_a_frame() -> None:
    assert MonitorFaults().damaged(FRAME, 0.0) == FRAME
    for name in ("half-frames", "flip-bit", "noise", "silence"):
        faults = MonitorFaults()
        faults.add(name, 0.0)
        assert faults.damaged(FRAME, 0.0) != FRAME


def test_noise_surrounds_a_frame_and_a_flipped_bit_is_one() -> None:
    noisy, flipped = MonitorFaults(), MonitorFaults()
    noisy.add("noise", 0.0)
    flipped.add("flip-bit", 0.0)
    assert FRAME in noisy.damaged(FRAME, 0.0)
    changed = [a ^ b for a, b in zip(FRAME, flipped.damaged(FRAME, 0.0), strict=True) if a != b]
    assert [bits.bit_count() for bits in changed] == [1]


def test_damage_is_the_same_for_the_same_seed() -> None:
    assert [MonitorFaults(4).garbled(FRAME) for _ in range(2)] == [MonitorFaults(4).garbled(FRAME)] * 2


def test_a_fault_at_a_minute() -> None:
    assert parsed("unplug@20") == ("unplug", 1200.0)
    assert parsed("noise") == ("noise", 0.0)
    for text in ("unplug@x", "unplug@-1", "unplug@inf", "unplug@nan"):
        with pytest.raises(Refused, match="unplug@20"):
            parsed(text)


def test_even_the_shortest_answer_may_be_damaged() -> None:
    faults = MonitorFaults()
    faults.add("half-frames", 0.0)
    faults.add("flip-bit", 0.0)
    for answer in (b"\x06", b"\x0c\x80", FRAME):
        assert len(faults.damaged(answer, 0.0)) <= len(answer)
