"""The record as an inspector gets it: PDF/A, whole in both languages, the same bytes each time."""

import json
import re
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
import typst
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from app.domain.errors import Refused
from app.domain.protocol import Protocol
from app.services.record.paper_fonts import FontSet, choose, installed, unprintable
from app.services.record.record_pdf import pdf_bytes, record_pdf
from app.services.record.source import RecordSource
from app.services.words.words import Words

from . import story
from .paper import first_half_of, page_count, read, text_of

needs_chinese = pytest.mark.skipif(installed().chinese is None, reason="no Chinese font on this computer")
STRANGE = "<b> #let $x$ \\ `{0}` é e\u0301 \u202ertl\u202c \u200d\ufeff\x00\x07 \ue000 𠮷 한국어 ไทย 😀 \u2028 line\nbreak"


@pytest.fixture(scope="module")
def latin_only() -> FontSet:
    return choose(typst.Fonts(include_system_fonts=False))


@pytest.fixture(scope="module")
def english_pdf(source: RecordSource) -> bytes:
    return pdf_bytes(source, Words("en"))


def test_every_page_is_numbered_and_says_whose_it_is(english_pdf: bytes, source: RecordSource) -> None:
    found = read(english_pdf).pages
    for number, page in enumerate(found, start=1):
        assert f"Page {number} of {len(found)}" in page
        assert "S-017 · bed 12 · group B, dose 1" in page
        assert source.head.hash in page


@pytest.mark.parametrize(
    "said",
    [
        "70.0 kg × 2,000,000 cells/kg = 140,000,000 cells (1.40 × 10⁸)",
        "100.0 + 40.0 = 140.0 ml",
        "140.0 ml × 20 drops/ml = 2800 drops",
        "yes, at 55.6 to 60 drops/min in the last stage",
        "UC-2611-043 L2611-07 100,000,000",
        "Dexamethasone 5 mg",
        "penicillin (rash, 2019)",
        "Started 2026-11-22 14:00:00 Lin Mei",
        "62.5 min; 30–60 min are allowed",
        "at least 134.0 ml, at most 144.0 ml",
        "Given of bag UC-2611-044",
        "±10 % of its drops per ml",
        "9 checks came due: 7 on time, 1 late, 1 missed.",
        "reason for lateness: attending to the reaction",
        "Respiratory rate missing: sensor off",
        "Reaction since 14:25: chills, flushing",
        "Ran 62.5 min; 60 are allowed.",
        "Vital signs of 14:45 missed.",
        "Nobody watched from 14:51 on: the computer slept",
        "Connection to the monitor lost (GE / Datex-Ohmeda S/5, ttyUSB0)",
        "The computer's clock was moved by -3600 s",
        "dose 2 of 2: 2026-11-29, allowed 2026-11-28 to 2026-11-30",
        "Addendum: result after 24 h Due 2026-11-23 15:02:30 Result not yet recorded",
        "±10 % of the plan is the site's reading. 10 %",
        "Performed: I carried out this infusion as recorded Lin Mei Nurse 2026-11-22 17:05:30",
        "Reviewed: I have reviewed this record Zhao Ming Investigator",
        "does not replace the patient monitor",
        "Bedside 0.1.0",
        "6 seals of samples are left out here",
        story.NOTE,
    ],
)
def test_the_record_says(said: str, english_pdf: bytes) -> None:
    assert said in text_of(english_pdf)


def test_every_check_stands_with_its_times(english_pdf: bytes) -> None:
    found = text_of(english_pdf)
    for check in ("Start + 0 min 14:00:00 13:58:00 on time", "Start + 15 min 14:15:00 14:15:24 on time",
                  "Start + 30 min 14:30:00 14:37:00 late 07:00", "Start + 45 min 14:45:00 — missed",
                  "Start + 60 min 15:00:00", "End + 30 min 15:32:30", "End + 60 min 16:02:30",
                  "End + 90 min 16:32:30", "End + 120 min 17:02:30"):  # fmt: skip
        assert check in found


def test_a_correction_keeps_the_old_value(english_pdf: bytes) -> None:
    found = text_of(english_pdf)
    assert "† values: HR 84 HR 88 (typing error; Lin Mei, 14:16:00)" in found
    assert "† time given: 2026-11-22 13:24 2026-11-22 13:20 (read off the wrong clock" in found


def test_it_is_pdf_a_with_every_font_inside(english_pdf: bytes) -> None:
    reader = PdfReader(BytesIO(english_pdf))
    xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    assert re.search(r"pdfaid:part[^0-9]*3", xmp)
    assert re.search(r"pdfaid:conformance[^A-Z]*B", xmp)
    embedded = [_embedded(font) for font in _fonts(reader)]
    assert embedded
    assert all(embedded)


def _fonts(reader: PdfReader) -> list[DictionaryObject]:
    found = []
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            found += [child.get_object() for child in font.get_object()["/DescendantFonts"]]
    return found


def _embedded(font: DictionaryObject) -> bool:
    descriptor = font["/FontDescriptor"]
    assert isinstance(descriptor, DictionaryObject)
    return any(key in descriptor for key in ("/FontFile2", "/FontFile3"))


def test_its_own_data_is_attached(english_pdf: bytes) -> None:
    attached = PdfReader(BytesIO(english_pdf)).attachments["record.json"][0]
    assert json.loads(attached)["order"]["subject"] == "S-017"


def test_the_same_record_is_the_same_bytes(source: RecordSource, english_pdf: bytes) -> None:
    assert pdf_bytes(source, Words("en")) == english_pdf


def test_practice_is_marked_on_every_page(protocol: Protocol) -> None:
    for page in read(pdf_bytes(story.source(protocol, practice=True, to_the_end=False), Words("en"))).pages:
        assert "PRACTICE · simulated patient" in page


def test_a_real_record_is_not_marked(english_pdf: bytes) -> None:
    assert "PRACTICE" not in text_of(english_pdf)


@needs_chinese
def test_both_languages_in_one_file_and_nothing_is_lost(
    source: RecordSource, english: Words, chinese: Words, english_pdf: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "record.pdf"
    record_pdf(source, english, out, also=chinese)
    both = out.read_bytes()
    first, *in_chinese = read(both, 0, *range(page_count(english_pdf), page_count(both))).pages
    assert "Record of one cell infusion" in first
    assert f"Page 1 of {page_count(both)}" in first
    assert "译【Record of one cell infusion】" in in_chinese[0]
    found = " ".join(in_chinese)
    assert "脐带血间充质干细胞" in found
    assert "译【Signatures】" in found
    assert "140,000,000" in found
    assert "\ufffd" not in found


def test_chinese_without_a_font_is_refused(source: RecordSource, chinese: Words, latin_only: FontSet) -> None:
    with pytest.raises(Refused, match="no Chinese font"):
        pdf_bytes(source, chinese, fonts=latin_only)


def test_what_cannot_be_printed_is_said(protocol: Protocol, english: Words, latin_only: FontSet) -> None:
    found = text_of(pdf_bytes(story.source(protocol, note="坐起饮水", to_the_end=False), english, fonts=latin_only))
    assert "Note: [U+5750][U+8D77][U+996E][U+6C34]" in found
    assert "4 typed characters cannot be printed" in found


def test_any_text_can_stand_in_a_record(protocol: Protocol, english: Words, latin_only: FontSet) -> None:
    strange = story.source(protocol, note=STRANGE, to_the_end=False)
    for fonts in (latin_only, installed()):
        found = text_of(pdf_bytes(strange, english, fonts=fonts))
        assert "<b> #let $x$ \\ `{0}` é" in found
        assert "[U+1F600]" in found


def test_only_what_no_font_has_is_unprintable(latin_only: FontSet) -> None:
    assert unprintable("aé₂⁸†≥±×−◆→·", latin_only) == frozenset()
    assert unprintable("a中é😀", latin_only) == {"中", "😀"}


def test_a_record_can_be_made_at_any_moment(source: RecordSource, english: Words) -> None:
    """Every 15th event: the record of an infusion that is still going on, down to the order alone."""
    from app.domain.infusion.story import replay

    for count in range(1, len(source.entries), 15):
        entries = source.entries[:count]
        state = replay("i-1", entries, source.state.protocol)
        now = entries[-1].at
        part = msgspec.structs.replace(source, state=state, entries=entries, made_at=now)
        assert "Not signed: this record may still change" in first_half_of(pdf_bytes(part, english))
