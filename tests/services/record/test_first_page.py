"""What a reader looks for first stands on the first half page; what nobody reads stands nowhere; nothing is too small."""

import re

import msgspec
import pytest

from app.domain.infusion.story import replay
from app.domain.protocol import Bilingual, Product, Protocol
from app.services.record.document import document
from app.services.record.paper_fonts import installed
from app.services.record.parts.part_settings import site_settings
from app.services.record.record_pdf import pdf_bytes
from app.services.record.source import RecordSource
from app.services.record.telling import Teller
from app.services.words.words import Words

from .bad_day import bad_day
from .paper import NOT_EMPTY, body, first_half_of, last_page_filled, text_of
from .story import source as told

LANGUAGES = ["en", *(["zh_CN"] if installed().chinese else [])]
TRIAL_DESK = ("escalation.", "response.", "eligibility.", "followup.", "clocks.dlt", "clocks.sae")


@pytest.fixture(scope="module")
def bad(protocol: Protocol) -> RecordSource:
    return bad_day(protocol)


@pytest.fixture(scope="module")
def bad_pdfs(bad: RecordSource) -> dict[str, bytes]:
    """By language."""
    return {language: pdf_bytes(bad, Words(language)) for language in LANGUAGES}


@pytest.fixture(scope="module")
def good_pdfs(source: RecordSource) -> dict[str, bytes]:
    return {language: pdf_bytes(source, Words(language)) for language in LANGUAGES}


@pytest.fixture(params=LANGUAGES)
def both_days(request: pytest.FixtureRequest, good_pdfs: dict[str, bytes], bad_pdfs: dict[str, bytes]) -> list[bytes]:
    return [good_pdfs[request.param], bad_pdfs[request.param]]


@pytest.mark.parametrize(
    "said",
    [
        "Subject S-019",
        "Bed 7",
        "group A, dose 1 of 1",
        "Given 5.47 × 10⁷–7.48 × 10⁷ cells = 37.3–51.0 % of the dose "
        "7.47 × 10⁵–1.02 × 10⁶ per kg · 4.98 × 10⁷–6.81 × 10⁷ viable · 55.4–75.4 ml",
        "2026-11-22 14:00:00 – 15:17:00 (77.0 min)",
        "infusion 4 of 6 (2 missed); observation 1 of 2 (1 missed)",
        "14:24:00 chills, low blood pressure, grade 2, over 14:38:00",
        "Deviations (7) Resumed in spite of: NEWS2 10, SpO₂ 88 %: 3 points in NEWS2 by itself,",
        "Vital signs of 14:45 missed. Vital signs of 15:15 missed. Ran 77.0 min; 60 are allowed. and 3 more, see below",
        "State of this record Signed",
        "Site Haematology hospital, Tianjin",
        "Trial MSC-ICAHT · NCT07212335",
        "Product's maker not in the protocol file",
        "Monitor GE / Datex-Ohmeda S/5",
        "serial number not told by the monitor",
        "Ordered by Zhao Ming",
        "All times are local time, UTC+08:00",
    ],
)
def test_the_first_half_page_says(said: str, bad_pdfs: dict[str, bytes]) -> None:
    assert said in first_half_of(bad_pdfs["en"])


def test_what_is_known_exactly_is_said_once(read_exactly: Protocol) -> None:
    exact = "Given 6.48 × 10⁷ cells = 44.2 % of the dose 8.83 × 10⁵ per kg · 5.89 × 10⁷ viable · 65.4 ml"
    assert exact in first_half_of(pdf_bytes(bad_day(read_exactly), Words("en")))


@pytest.mark.skipif(installed().chinese is None, reason="no Chinese font on this computer")
@pytest.mark.parametrize(
    "said",
    ["受试者 S-019", "为剂量的 37.3–", "漏测 2 次", "寒战", "7 项", "研究中心", "监护仪未提供", "UTC+08:00"],
)
def test_the_first_half_page_says_it_in_chinese(said: str, bad_pdfs: dict[str, bytes]) -> None:
    assert said in first_half_of(bad_pdfs["zh_CN"])


def test_a_maker_that_the_file_names_is_printed(bad: RecordSource) -> None:
    made_by = Bilingual("Cell Works Ltd", "细胞制品有限公司")
    product: Product = msgspec.structs.replace(bad.state.protocol.product, maker=made_by)
    protocol = msgspec.structs.replace(bad.state.protocol, product=product, site=None, acronym=None)
    other = msgspec.structs.replace(bad, state=msgspec.structs.replace(bad.state, known_protocol=protocol))
    found = first_half_of(pdf_bytes(other, Words("en")))
    assert "Product's maker Cell Works Ltd" in found
    assert "Site not in the protocol file" in found
    assert "Trial NCT07212335" in found


def test_nothing_in_the_body_is_smaller_than_9_pt(both_days: list[bytes]) -> None:
    """But the marks of the drawing, on the page of the trend."""
    for pdf in both_days:
        trend = next(p.page for p in body(pdf) if p.size_pt > 10 and p.text.strip() in ("Trend", "趋势"))
        small = [p for p in body(pdf) if p.size_pt < 8.99 and p.page != trend]
        assert not small


def test_the_last_page_is_not_nearly_empty(both_days: list[bytes]) -> None:
    assert min(map(last_page_filled, both_days)) > NOT_EMPTY


def test_the_signatures_stand_at_the_end(source: RecordSource) -> None:
    assert [s.title for s in document(source, Words("en")).sections][-3:] == [
        "Addendum: result after 24 h", "Proof of this record", "Signatures",
    ]  # fmt: skip


def test_no_number_has_more_decimals_than_anybody_reads(both_days: list[bytes]) -> None:
    for pdf in both_days:
        assert re.findall(r"\d+\.\d{3,}", text_of(pdf)) == []
    assert "2845.2" in text_of(both_days[1])


def test_utc_stands_once(both_days: list[bytes]) -> None:
    for pdf in both_days:
        assert text_of(pdf).count("06:00:00") == 1
        assert text_of(pdf).count("+08:00") == 1


def test_no_path_no_key_and_nothing_of_the_trial_desk(both_days: list[bytes], protocol: Protocol) -> None:
    keys = [d.key for d in protocol.decided]
    foreign = [text for d in protocol.decided if d.key.startswith(TRIAL_DESK) for text in (d.en[:40], d.zh[:14])]
    for pdf in both_days:
        found = text_of(pdf)
        assert not [key for key in keys if key in found]
        assert not [text for text in foreign if text in found]
        assert "/tmp" not in found
        assert "/dev" not in found
        assert "datex-s5" not in found


@pytest.mark.parametrize(
    "said", ["10 %", "30–150 kg", "until the end of that day", "HR 50–120 (far 40–150) /min", "SpO₂ ≥ 90 (far ≥ 85) %", "none"]
)
def test_a_setting_has_its_unit(said: str, source: RecordSource) -> None:
    assert said in str(site_settings(Teller(source, Words("en"))))


def test_a_protocol_that_decided_nothing(bad: RecordSource) -> None:
    protocol = msgspec.structs.replace(bad.state.protocol, decided=())
    other = msgspec.structs.replace(bad, state=msgspec.structs.replace(bad.state, known_protocol=protocol))
    assert "None." in str(site_settings(Teller(other, Words("en"))))


def test_the_plan_as_signed_stays_beside_each_one_after_it(good_pdfs: dict[str, bytes], bad_pdfs: dict[str, bytes]) -> None:
    found = text_of(bad_pdfs["en"])
    assert "as signed 13:10:00 Chen Jing: Released by the pharmacy UC-1: 100.0 ml, 9.30 × 10⁷ cells UC-2: 50.1 ml" in found
    assert "re-plan 1 14:41:00 Lin Mei: Bag UC-1 taken down with 62.7 ml left" in found
    assert "without a bag: 4,910,997 cells" in found
    assert "re-plan 2 14:43:00" in found
    assert "UC-3: 5.0 ml, 4.91 × 10⁶ cells" in found
    assert "The plan stood as it was signed." in text_of(good_pdfs["en"])


def test_a_record_of_an_order_alone_says_so(source: RecordSource, protocol: Protocol) -> None:
    entries = source.entries[:1]
    only = msgspec.structs.replace(source, entries=entries, state=replay("i-1", entries, protocol), made_at=entries[0].at)
    found = first_half_of(pdf_bytes(only, Words("en")))
    for line in ("no weight was recorded", "Nothing was given.", "not started", "none came due", "none was connected",
                 "Reactions none", "Deviations none", "the order was at 2026-11-22 05:00:00 UTC"):  # fmt: skip
        assert line in found


LONG = "a very long story about the drip and the line " * 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_text_is_printed_whole(language: str, protocol: Protocol) -> None:
    found = text_of(pdf_bytes(told(protocol, note=f"BEGIN {LONG} END", to_the_end=False), Words(language)))
    assert "BEGIN a very long story" in found
    assert found.count("a very long story about the drip") == 60
    assert "END" in found
