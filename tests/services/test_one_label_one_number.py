"""One label, one bag number: read through scanners that are set up differently it is the same bag, or the scanner is named."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.products.isbt128 import check_character
from app.domain.protocol import Labels
from app.services.codes.bag_labels import BagLabel, read_bag
from app.services.codes.labels import SITE_PATTERN, read_label

SITE = Labels()
GS = "\x1d"
_US = "1234567890-=[];'\\,./qwertyuiopasdfghjklzxcvbnm!@#$%^&*()_+{}:\"|<>?QWERTYUIOPASDFGHJKLZXCVBNM"
_FRENCH = "&é\"'(-è_çà)=^$mù*;:!azertyuiopqsdfghjklmwxcvbn1234567890°+¨£M%µ./§AZERTYUIOPQSDFGHJKLWXCVBN"
_GERMAN = "1234567890ß´ü+öä#,.-qwertzuiopasdfghjklyxcvbnm!\"§$%&/()=?`Ü*ÖÄ';:_QWERTZUIOPASDFGHJKLYXCVBNM"


def keyboard(layout: str) -> Callable[[str], str]:
    """What a scanner that types for an American keyboard makes on another one."""
    keys = str.maketrans(dict(zip(_US, layout, strict=False)))
    return lambda text: text.translate(keys)


def aim(text: str) -> str:
    """The identifier of a Code 128, GS1's where the code is one."""
    return (f"]C1{text}" if text.startswith("01") else f"]C0{text}") if text[:1] != "]" else text


def full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


SET_UPS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "STX and CR": lambda text: f"\x02{text}\r",
    "SOH and ETX": lambda text: f"\x01{text}\x03",
    "TAB behind": lambda text: f"{text}\t",
    "AIM identifiers": aim,
    "Caps Lock": str.swapcase,
    "AIM and Caps Lock": lambda text: aim(text).swapcase(),
    "French keyboard": keyboard(_FRENCH),
    "French keyboard, AIM": lambda text: keyboard(_FRENCH)(aim(text)),
    "German keyboard": keyboard(_GERMAN),
    "German keyboard, AIM": lambda text: keyboard(_GERMAN)(aim(text)),
    "lost FNC1": lambda text: text.replace(GS, ""),
    "FNC1 in front too": lambda text: f"{GS}{text}" if GS in text else text,
    "FNC1 as <GS>": lambda text: text.replace(GS, "<GS>"),
    "FNC1 as {GS}": lambda text: text.replace(GS, "{GS}"),
    "FNC1 as ^FNC1": lambda text: text.replace(GS, "^FNC1"),
    "FNC1 as its picture": lambda text: text.replace(GS, "␝"),
    "stripped identifier": lambda text: text[1:] if text[:1] == "=" else text,
    "Chinese full width": full_width,
}
OF_THE_SCANNER = ("scanner", "Caps Lock")

_upper = "ABCDEFGHIJKLMNOPQRSTUVWX"
_code = st.text("0123456789" + _upper, min_size=1, max_size=9)


@st.composite
def donation(draw: st.DrawFn) -> str:
    din = draw(st.from_regex(r"[A-NP-X][0-9A-X]{4}[0-9]{8}", fullmatch=True))
    flags = draw(st.sampled_from(["00", "checked"]))
    return f"={din}{flags if flags == '00' else 60 + '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*'.index(check_character(din))}"


@st.composite
def compound(draw: st.DrawFn) -> str:
    division = draw(st.sampled_from(["00", "A0", "Ba", "Cb"]))
    return f"=+02000{draw(donation())}=<{draw(st.sampled_from(['E0017V', 'S1295r']))}{division}"


@st.composite
def gs1(draw: st.DrawFn) -> str:
    return f"01095060001343521726113010{draw(_code)}{GS}21{draw(_code)}"


@pytest.mark.parametrize("set_up", SET_UPS)
@given(label=donation() | compound() | gs1())
@example(label="=G12341765432170")
@example(label=f"01095060001343521726113010UC2611{GS}21S0001")
def test_one_bag_number_or_a_refusal_that_names_the_scanner(set_up: str, label: str) -> None:
    """Y and Z apart, which a German keyboard exchanges without a trace (docs/scanners.md)."""
    number, (read, told) = read_bag(label, SITE).bag_id, scanned(SET_UPS[set_up](label))
    names_the_scanner = any(word in text for text in told for word in OF_THE_SCANNER)
    if read is None:
        assert names_the_scanner, told
    else:
        assert read.bag_id == number or (names_the_scanner and not read.is_sure)


def scanned(text: str) -> tuple[BagLabel | None, list[str]]:
    """What was read, if anything, and what is said of it."""
    try:
        read = read_bag(text, SITE)
    except Refused as refusal:
        return None, [str(refusal)]
    return read, [str(problem) for problem in read.problems]


@pytest.mark.parametrize("set_up", ["as it is", "STX and CR", "AIM identifiers", "Caps Lock", "Chinese full width"])
def test_the_sites_own_label(set_up: str) -> None:
    assert read_bag(SET_UPS[set_up]("BAG-2026-001"), SITE).bag_id == "BAG-2026-001"


@pytest.mark.parametrize("text", ["]C0=G12341765432170", "]d1=G12341765432170", "]C4=G12341765432170", "]c0=g12341765432170"])
def test_an_identifier_is_taken_off_first(text: str) -> None:
    assert read_label(text).fields["din"] == "G123417654321"


@pytest.mark.parametrize("text", ["]d1010950600013435221S1", "]C00109506000134352", f"]Q1010950600013435210A{GS}21B"])
def test_what_the_scanner_says_is_no_gs1_is_not_read_as_one(text: str) -> None:
    with pytest.raises(Refused, match="no GS1 code"):
        read_label(text)


@pytest.mark.parametrize("sent", ["C1", "d2", "d5", "d8", "e0", "J1", "Q3", "Q4", "z1"])
def test_every_kind_of_code_that_holds_gs1_is_known_also_under_caps_lock(sent: str) -> None:
    text = f"]{sent}01095060001343521726113010UC2611{GS}21S0001"
    assert read_bag(text, SITE).bag_id == read_bag(text.swapcase(), SITE).bag_id == "S0001"


def documented() -> list[tuple[str, str]]:
    """Each test code of the document, and the bag number that it says is read."""
    table = (Path(__file__).parents[2] / "docs" / "scanners.md").read_text(encoding="utf-8")
    return re.findall(r"^\| !\[[^|]*\| `([^`]+)` \| `([^`]+)` \|", table, re.MULTILINE)


def test_the_codes_of_the_document_are_read_as_it_says() -> None:
    codes = documented()
    assert len(codes) == 3
    for printed, number in codes:
        assert read_bag(printed, SITE).bag_id == number


def test_a_line_as_it_is_printed_may_stand_in_any_code() -> None:
    for text in ("(01)09506000134352 (17)261130 (10)UC2611 (21)S0001", "]Q1(01)09506000134352(17)261130(10)UC2611(21)S0001"):
        label = read_label(text)
        assert (label.fields["lot"], label.fields["serial"], label.problems) == ("UC2611", "S0001", ())
    with pytest.raises(Refused, match="cannot be read"):
        read_label("]C1(01)09506000134352(21)S(1")


@pytest.mark.parametrize(
    ("text", "number"),
    [("G12341765432170", "G123417654321"), ("g12341765432170", "G123417654321"), ("G12341765432100A", "G123417654321")],
)
def test_a_bare_donation_number_that_its_check_confirms_is_one(text: str, number: str) -> None:
    assert (read_label(text).kind, read_label(text).fields["din"]) == ("isbt128", number)


@pytest.mark.parametrize(
    "text", ["G12341765432100", "G12341765432171", "G12341765432199", "+02000=G12341765432170=<E0017V00", "1726113010UC261121S0001"]
)
def test_what_may_have_lost_its_beginning_is_no_label_of_the_sites(text: str) -> None:
    with pytest.raises(Refused, match="beginning"):
        read_label(text)


@pytest.mark.parametrize("text", ["G12341765432100B", "123451234567899", "1713AB21", "13010100-21"])
def test_what_only_looks_a_little_like_one_is_the_sites(text: str) -> None:
    assert read_label(text).kind == "site"


@pytest.mark.parametrize("text", ["G12341765432170", "G12341765432100", "1726113010UC2611"])
def test_a_pattern_of_the_sites_own_goes_first(text: str) -> None:
    assert read_label(text, r"(?P<bag_id>[0-9A-Z]{15,16})").fields == {"bag_id": text}


@pytest.mark.parametrize("text", ['à&àçéàà&"\'"éé', "´G123417654321", "+C10109506000134352", "$C0=G1", "UCß2611", "\"'(-"])
def test_another_keyboard_is_named(text: str) -> None:
    with pytest.raises(Refused, match="keyboard"):
        read_label(text)


def test_a_site_whose_labels_have_such_letters_is_left_alone() -> None:
    assert read_label("Tüte-7", r"(?P<bag_id>T.te-\d)").fields == {"bag_id": "Tüte-7"}
    assert read_label("UC-2611-043", SITE_PATTERN).kind == "site"


@pytest.mark.parametrize("value", ["SER7791BATCH", "LOT721S1", "A3712", "A17261130", "S12024017610099"])
def test_a_value_that_could_hold_another_field_is_marked(value: str) -> None:
    assert read_label(f"010950600013435221{value}").problems


@pytest.mark.parametrize("value", ["UC2611", "S0001", "LOT-A", "A1726133", "X01123"])
def test_a_value_that_can_hold_none_is_not(value: str) -> None:
    assert read_label(f"010950600013435221{value}").problems == ()


def test_a_code_in_small_letters_alone_is_caps_lock() -> None:
    with pytest.raises(Refused, match="Caps Lock"):
        read_label(f"010950600013435210uc2611{GS}21s0001")
    assert read_label("]C10109506000134352" + "21s0001").fields["serial"] == "s0001"
