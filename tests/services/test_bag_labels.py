"""One label, one bag number: what is read of each kind of label, and what is not believed."""

from datetime import datetime
from decimal import Decimal

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion.chapters.identity import CodeRead
from app.domain.protocol import Labels
from app.services.codes.bag_labels import read_at_bed, read_bag, read_entered, read_wristband
from app.services.codes.labels import NoLabel
from app.services.words.words import from_local
from tests.domain.cast import TRIAL

SITE = Labels()
OWN = Labels(site_pattern=r"BAG (?P<bag_id>\d+)(?: (?P<cells>\S+) (?P<expiry>\S+))?")


def test_the_sites_label_with_everything_behind_bars() -> None:
    label = read_bag("UC-2611-043|UC2611|2026-11-24 18:00|98000000|100.5", SITE)
    assert (label.bag_id, label.lot, label.expiry) == ("UC-2611-043", "UC2611", "2026-11-24 18:00")
    assert (label.cells, label.volume_ml, label.problems, label.is_sure) == (98_000_000, Decimal("100.5"), (), True)


def test_a_number_alone_says_no_more() -> None:
    label = read_bag("UC-2611-043", SITE)
    assert (label.lot, label.expiry, label.cells, label.volume_ml) == ("", "", None, None)


@pytest.mark.parametrize(("cells", "read"), [("98000000", 98_000_000), ("many", None), ("NaN", None), ("Infinity", None)])
def test_what_a_sites_own_pattern_finds_is_a_number_or_is_typed(cells: str, read: int | None) -> None:
    assert read_bag(f"BAG 7 {cells} 24.11.2026", OWN).cells == read


def test_gs1_is_known_by_its_serial_never_by_its_lot() -> None:
    assert read_bag("]d201095060001343521726120010LOT7\x1d21S-1", SITE).bag_id == "S-1"
    with pytest.raises(Refused, match="no single bag"):
        read_bag("]d201095060001343521726120010LOT7", SITE)


@pytest.mark.parametrize("dates", ["70032611241830\x1d17261124", "1726112470032611241830\x1d"])
def test_an_expiry_with_its_time_is_the_one_that_counts(dates: str) -> None:
    assert read_bag(f"]d20109506000134352{dates}21S-1", SITE).expiry == "2026-11-24 18:30"


@pytest.mark.parametrize(
    ("text", "number", "expiry"),
    [
        ("=A99991712345600", "A999917123456", ""),
        ("A9999 17 123456 00 9", "A999917123456", ""),
        ("=+02000=A99991712345600=<S12954A0", "A999917123456-S12954A0", ""),
        ("=+02000=A99991712345600=>026328", "A999917123456", "2026-11-24 23:59"),
        ("=+03000=A99991712345600=(102202611201200=(101202611241830", "A999917123456", "2026-11-24 18:30"),
        ("=+03000=A99991712345600=(101202611241830=(202202611201200", "A999917123456", "2026-11-24 18:30"),
    ],
)
def test_isbt_128_is_known_by_donation_and_product(text: str, number: str, expiry: str) -> None:
    label = read_bag(text, SITE)
    assert (label.bag_id, label.expiry) == (number, expiry)
    assert any("the donation only" in str(problem) for problem in label.problems) is ("=<" not in text)


def test_an_expiry_in_utc_is_told_in_the_wards_own_time() -> None:
    label = read_bag("=+02000=A99991712345600=(201202611241830", SITE)
    assert label.expiry.startswith("2026-11-2")


@pytest.mark.parametrize("text", ["A9999 17 123456 00 X", "=A99991712345600X", "UC-1|L|2026-13-01", "=<S12954A0"])
def test_a_slip_is_refused_at_bench_and_bed(text: str) -> None:
    for read in (lambda: read_entered(text, SITE, scanned=True), lambda: read_at_bed(text, TRIAL)):
        with pytest.raises(Refused):
            read()


def test_at_the_bench_a_scan_must_be_a_label_and_a_typed_number_need_not() -> None:
    assert read_entered("7", OWN, scanned=False).bag_id == "7"
    with pytest.raises(NoLabel):
        read_entered("7", OWN, scanned=True)


@pytest.mark.parametrize(
    ("entered", "number"),
    [("BAG 7", "7"), (" 7 ", "7"), ("\x02BAG 7\r", "7"), ("ＢＡＧ　７", "7"), ("ward fridge", "ward fridge")],
)
def test_at_the_bed_all_ways_lead_to_the_same_number(entered: str, number: str) -> None:
    assert read_at_bed(entered, msgspec.structs.replace(TRIAL, labels=OWN)) == CodeRead(number)


def test_a_swallowed_field_makes_the_number_unsure_and_the_bed_refuses_it() -> None:
    text = "010950600013435221S1041017261231"
    assert not read_bag(text, SITE).is_sure
    with pytest.raises(Refused, match="FNC1"):
        read_at_bed(text, TRIAL)


def test_a_wristband_is_read_without_what_stands_around_it() -> None:
    assert read_wristband("\x02Ｂ-001\r") == CodeRead("B-001")


@pytest.mark.parametrize(
    ("text", "lot", "first", "last"),
    [
        ("UC-1|L7|2026-11-24 18:30", "L7", (18, 30, 0), (18, 30, 59)),
        ("]d201095060001343521726112410L7\x1d21UC-1", "L7", (0, 0, 0), (23, 59, 59)),
    ],
)
def test_at_the_bed_a_whole_label_says_its_lot_and_when_it_may_expire(
    text: str, lot: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    read = read_at_bed(text, TRIAL)
    moments = tuple(from_local(datetime(2026, 11, 24, *at)) for at in (first, last))
    assert read == CodeRead("UC-1", lot, moments)  # type: ignore[arg-type]


def test_a_date_in_a_sites_own_way_is_not_compared() -> None:
    read = read_at_bed("BAG 7 98000000 24.11.26", msgspec.structs.replace(TRIAL, labels=OWN))
    assert read == CodeRead("7")
