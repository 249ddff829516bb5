"""Where placed monitors are, by what their adapters call themselves."""

from app.services.placements import PlacedHow, Whereabouts, is_another, whereabouts
from devices.discovery import Port

A, B = PlacedHow(adapter="0403:6001 A"), PlacedHow(adapter="0403:6001 B")
NAMED = PlacedHow()


def test_one_that_is_where_it_was_or_nowhere_has_not_moved() -> None:
    ports = [Port("COM3", identity=A.adapter), Port("COM4", identity=A.adapter)]
    assert whereabouts({"COM3": A, "COM9": B, "COM8": NAMED}, ports) == Whereabouts({}, {})


def test_one_of_two_equal_ones_is_known_by_the_other_that_stayed() -> None:
    ports = [Port("COM3", identity=A.adapter), Port("COM5", identity=A.adapter)]
    assert whereabouts({"COM3": A, "COM4": A}, ports) == Whereabouts({"COM4": "COM5"}, {})


def test_two_equal_ones_that_both_moved_are_unclear_even_when_one_is_there() -> None:
    ports = [Port("COM5", identity=A.adapter)]
    assert whereabouts({"COM3": A, "COM4": A}, ports) == Whereabouts({}, {"COM3": ("COM5",), "COM4": ("COM5",)})


def test_a_port_that_is_known_by_name_is_not_taken_from_its_monitor() -> None:
    ports = [Port("COM8", identity=A.adapter)]
    assert whereabouts({"COM3": A, "COM8": NAMED}, ports) == Whereabouts({}, {})


def test_another_adapter_under_the_name_is_not_the_monitor() -> None:
    ports = [Port("COM3", identity=B.adapter)]
    assert is_another("COM3", A, ports)
    assert not is_another("COM3", B, ports)
    assert not is_another("COM3", NAMED, ports)
    assert not is_another("COM4", A, ports)
