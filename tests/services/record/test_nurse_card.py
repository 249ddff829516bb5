"""The nurse's card: the protocol's own numbers, line by line in both languages, on one page of A4."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli import main
from app.services.protocol_files import DEFAULT, load
from app.services.record.paper_fonts import FontSet, installed
from app.services.record.record_pdf import card_bytes

from .paper import page_count, text_of

AT = datetime(2026, 11, 22, 6, 32, tzinfo=UTC)
INVENTED = Path(__file__).parents[2] / "protocols" / "invented.toml"


@pytest.fixture(scope="module")
def card() -> bytes:
    return card_bytes(load(DEFAULT), "0.1", AT)


def test_one_page_with_the_protocol_s_own_numbers(card: bytes) -> None:
    said = text_of(card)
    assert page_count(card) == 1
    assert "15 min at 20 drops/min (5 in 15 s) · then 40–60 drops/min (10–15 in 15 s)" in said
    assert "Vital signs at the start, every 15 min after it, and at the end." in said
    assert "NEWS2 from 5: call the doctor now. From 7: stay with the patient" in said
    assert load(DEFAULT).sha256 in said


@pytest.mark.skipif(installed().chinese is None, reason="no Chinese font on this computer")
def test_beside_it_the_same_in_chinese(card: bytes) -> None:
    said = text_of(card).replace(" ", "")
    assert "护士卡" in said
    assert "达7分：守在患者身边，呼叫支援。" in said


def test_in_english_alone_where_there_is_no_chinese_font() -> None:
    made = card_bytes(load(DEFAULT), "0.1", AT, FontSet(installed().fonts, None))
    said = text_of(made)
    assert page_count(made) == 1
    assert "In a reaction" in said
    assert "Vital signs at the start, every 15 min after it, and at the end." in said
    assert "护" not in said


def test_another_protocol_has_its_own_card_and_tells_no_rule_that_it_lacks(tmp_path: Path) -> None:
    out = tmp_path / "card.pdf"
    assert main(["card", str(out), "--protocol", str(INVENTED)]) == 0
    made = out.read_bytes()
    assert page_count(made) == 1
    assert load(INVENTED).sha256 in text_of(made)
