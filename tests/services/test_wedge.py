"""Keys of a scanner and keys of fingers."""

from collections.abc import Iterator
from itertools import product

import pytest

from app.domain.protocol import Labels
from app.services.codes.wedge import Key, Wedge

SITE = Labels()
NO_MARKS = Labels(scan_prefix="none", scan_suffix="none")
TAB = Labels(scan_prefix="SOH", scan_suffix="TAB")


def typed(wedge: Wedge, text: str, gap_ms: int = 4, at_ms: int = 1000, before: str = "") -> tuple[str, list[Key]]:
    """What stands in the field after these keys, and what each meant."""
    field, found = before, []
    for n, char in enumerate(text):
        key = wedge.key(char, at_ms + n * gap_ms, fresh=not field)
        field = "" if key is Key.BEGIN else field + char if key is Key.LETTER else field
        found.append(key)
    return field, found


@pytest.mark.parametrize(("site", "text"), [(SITE, "\x02UC-1\r"), (TAB, "\x01UC-1\t"), (SITE, "\x02]d210L\x1d21S\r")])
def test_what_stands_between_the_marks_is_a_scan_at_any_speed(site: Labels, text: str) -> None:
    wedge = Wedge(site)
    field, found = typed(wedge, text, gap_ms=300)
    assert (field, found[0], found[-1]) == (text[1:-1], Key.BEGIN, Key.WHOLE)
    assert wedge.is_scan(field)


def test_a_prefix_alone_begins_anew_whatever_stood_there() -> None:
    wedge = Wedge(SITE)
    field, _ = typed(wedge, "UC\x02UC-2611-001\r", gap_ms=200)
    assert field == "UC-2611-001"
    assert wedge.is_scan(field)


def test_an_unended_code_with_a_prefix_is_no_scan_unless_the_site_sends_no_suffix() -> None:
    wedge = Wedge(SITE)
    field, _ = typed(wedge, "\x02UC-1", gap_ms=200)
    assert not wedge.is_scan(field)
    wedge = Wedge(Labels(scan_suffix="none"))
    field, _ = typed(wedge, "\x02UC-1", gap_ms=200)
    assert wedge.is_scan(field)


def test_without_marks_speed_tells() -> None:
    for gap_ms, is_scan in ((4, True), (50, True), (51, False), (150, False)):
        wedge = Wedge(NO_MARKS)
        field, _ = typed(wedge, "UC-2611-001\r", gap_ms)
        assert wedge.is_scan(field) is is_scan


def test_enter_ends_a_code_whatever_the_suffix_is() -> None:
    wedge = Wedge(TAB)
    field, found = typed(wedge, "UC-2611-001\r")
    assert found[-1] is Key.WHOLE
    assert wedge.is_scan(field)


def test_a_prefix_typed_by_a_person_makes_no_scan_of_slow_letters() -> None:
    wedge = Wedge(SITE)
    field, _ = typed(wedge, "\x02UC-2611-001\r", gap_ms=1001)
    assert not wedge.is_scan(field)


@pytest.mark.parametrize("ending", ["x", "\x08"])
def test_what_is_changed_after_the_scan_is_none_any_more(ending: str) -> None:
    for text in ("\x02UC-2611-001\r", "UC-2611-001\r"):
        wedge = Wedge(SITE)
        field, _ = typed(wedge, text)
        field, _ = typed(wedge, ending, at_ms=5000, before=field)
        assert not wedge.is_scan(field)


def test_a_key_without_a_letter_and_a_clock_that_runs_backwards_end_a_scan() -> None:
    wedge = Wedge(SITE)
    typed(wedge, "\x02UC")
    assert wedge.key("", 1100, fresh=False) is Key.OTHER
    field, _ = typed(wedge, "-2611-001\r", at_ms=1104, before="UC")
    assert not wedge.is_scan(field)
    typed(wedge, "\x02UC")
    field, _ = typed(wedge, "-1\r", at_ms=500, before="UC")
    assert not wedge.is_scan(field)


def test_nothing_and_too_little_are_no_scan() -> None:
    wedge = Wedge(SITE)
    assert not wedge.is_scan("")
    for text in ("\x02\r", "UC1\r"):
        field, _ = typed(wedge, text)
        assert not wedge.is_scan(field)


def test_what_was_pasted_before_is_no_part_of_a_scan() -> None:
    wedge = Wedge(SITE)
    field, _ = typed(wedge, "2611-001\r", before="UC-")
    assert not wedge.is_scan(field)


def _orders() -> Iterator[str]:
    return ("".join(keys) for keys in product("A\x02\r", repeat=5))


def test_no_order_of_slow_keys_without_a_whole_frame_is_a_scan() -> None:
    for keys in _orders():
        wedge = Wedge(SITE)
        field, _ = typed(wedge, keys, gap_ms=400)
        framed = field and keys.rstrip("\r").endswith("\x02" + field) and keys.endswith("\r")
        assert wedge.is_scan(field) is bool(framed), repr(keys)
