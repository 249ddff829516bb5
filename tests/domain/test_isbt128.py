"""ISBT 128: the published check characters and dates, and every slip refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.products.isbt128 import check_character, parse


def one(text: str) -> dict[str, str]:
    (structure,) = parse(text)
    return structure.fields


@pytest.mark.parametrize(
    ("din", "check"),
    [
        ("G123417654321", "A"), ("G123498654321", "H"), ("W000009123456", "G"), ("A999917123456", "9"),
        ("A999818123456", "N"), ("A999917123654", "Y"), ("A999917345628", "*"), ("A999917345658", "O"),
        ("A999915000001", "M"), ("A999918000001", "8"), ("A999921123456", "3"),
        ("A999919000039", "0"), ("A999917000037", "1"),
    ],
)  # fmt: skip
def test_published_check_characters(din: str, check: str) -> None:
    """The last two are computed by hand: both ends of the table."""
    assert check_character(din) == check
    assert one(f"={din}00{check}")["check"] == check


def test_a_donation_number_in_its_parts() -> None:
    assert one("=G12341765432170") == {
        "din": "G123417654321", "facility": "G1234", "year": "2017", "serial": "654321", "flags": "70", "check": "A",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("=A99991712345600X", "check character"),
        ("=G12341765432171", "do not fit"),
        ("=A999917123456", "form"),
        ("=O99991712345600", "not an ISBT 128 structure"),
        ("hello", "not an ISBT 128 structure"),
        ("=%62", "form"),
        ("=<S12954", "form"),
        ("=>018029", None),
        ("=>018366", "not a date"),
        ("=>018000", "not a date"),
        ("=>01802", "form"),
        ("&>0180292460", "not a date"),
        ("&>0180292400", "not a date"),
        ("&>0180292399", "not a date"),
        ("&>0180292360", "not a date"),
        ("&>018029235", "form"),
        ("=(101202602300000", "not a date"),
        ("=(10120261301", "form"),
        ("=#0120260231", "not a date"),
        ("=#01202602", "form"),
        ("&#0105ABCD", "form"),
        ("&#xx", "form"),
        ("=)", "form"),
        ("&/CHA99991712345", "form"),
        ("=+xx000", "damaged"),
        ("=+01x00=%6200", "damaged"),
        ("=+02000=%6200", "announces 2 structures and holds 1"),
    ],
)
def test_a_slip_is_refused(text: str, why: str | None) -> None:
    if why is None:
        assert parse(text)
        return
    with pytest.raises(Refused, match=why):
        parse(text)


def test_published_dates() -> None:
    assert one("&>0180292359") == {"local": "2018-01-29T23:59"}
    assert one("=>018029") == {"local": "2018-01-29T23:59"}
    assert one("=>018001") == {"local": "2018-01-01T23:59"}
    assert one("=>098001") == {"local": "2098-01-01T23:59"}
    assert one("=>118029") == {"local": "2118-01-29T23:59"}
    assert one("=*999365") == {"local": "1999-12-31T23:59"}
    assert one("=>020366") == {"local": "2020-12-31T23:59"}
    assert one("=(201202612312359") == {"kind": "expiry", "utc": "2026-12-31T23:59"}
    assert one("=(102202601010000") == {"kind": "collection", "local": "2026-01-01T00:00"}
    assert one("=(103202601010000") == {"kind": "production", "local": "2026-01-01T00:00"}


def test_groups_products_and_people() -> None:
    assert one("=%6200") == {"code": "6200", "abo_rhd": "A RhD positive"}
    assert one("=%Ma00") == {"code": "Ma00"}
    assert one("=<S12954A0") == {"product_code": "S12954A0", "product": "S1295", "donation_type": "4", "division": "A0"}
    assert one("=#0119800229") == {"position": "01", "date_of_birth": "1980-02-29"}
    assert one("=#0119801229") == {"position": "01", "date_of_birth": "1980-12-29"}
    assert one("&#0104B001") == {"position": "01", "patient_id": "B001"}
    assert one("&/CHA999917123456") == {"coi": "A999917123456", "check": "9"}
    assert one("&)LOT7") == {"value": "LOT7"}


def test_reserved_flags_are_told() -> None:
    (structure,) = parse("=A99991712345698")
    assert [str(problem) for problem in structure.problems] == ["The flags 98 are reserved."]
    (structure,) = parse("=G12341765432170")
    assert structure.problems == ()


@pytest.mark.parametrize(
    ("text", "number", "name"),
    [("=G12341765432170", "001", "donation identification number"), ("&/CHA999917123456", "040", "chain of identity"),
     ("=%6200", "002", "ABO/RhD")],
)  # fmt: skip
def test_a_structure_is_called_as_the_standard_does(text: str, number: str, name: str) -> None:
    (structure,) = parse(text)
    assert (structure.number, structure.name) == (number, name)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("=A99991712345600X", "The check character of A999917123456 is X, and should be 9: there is a slip in it."),
        ("=G12341765432171", "The flags 71 of G123417654321 do not fit its check character."),
        ("hello", "“hello” is not an ISBT 128 structure that is known here."),
        ("=%62", "“62” does not have the form of its ISBT 128 structure. Scan it again."),
        ("=>018366", "“0183662359” is not a date that exists."),
        ("=(101202602300000", "“202602300000” is not a date that exists."),
        ("=#0120260231", "“20260231” is not a date that exists."),
    ],
)
def test_a_refusal_quotes_what_was_read(text: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text)
    assert str(refused.value.text) == why


def test_a_compound_message_is_taken_apart() -> None:
    found = parse("=+03000=A99991712345600=<S12954A0&>0261002359")
    assert [s.number for s in found] == ["001", "003", "005"]
    assert len(parse("=+10000" + "=%6200" * 10)) == 10


@given(st.from_regex(r"[A-NP-Z][0-9A-Z]{4}[0-9]{8}", fullmatch=True), st.integers(0, 12))
def test_one_digit_changed_is_found(din: str, place: int) -> None:
    check = check_character(din)
    other = "1" if din[place] != "1" else "2"
    changed = din[:place] + other + din[place + 1 :]
    assert check_character(changed) != check


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Refused):
        assert parse(text)
