"""The flowsheet, the hand-over sheet and the downtime sheet: one page of A4 each, in both languages."""

from datetime import datetime

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion.story import replay
from app.domain.protocol import Protocol
from app.services.record.blocks import TableBlock
from app.services.record.paper_fonts import FontSet, installed
from app.services.record.record_pdf import sheet_bytes
from app.services.record.sheets.flowsheet import flowsheet
from app.services.record.sheets.sheet import SHEETS
from app.services.record.sheets.sheet_names import SHEET_NAMES, sheets_of
from app.services.record.source import RecordSource
from app.services.record.telling import Teller
from app.services.words.words import Words

from .bad_day import bad_day
from .paper import body, page_count, text_of
from .story import at, source, story

LANGUAGES = ["en", *(["zh_CN"] if installed().chinese else [])]


def until(whole: RecordSource, when: datetime) -> RecordSource:
    """The same infusion as it stood then."""
    entries = [x for x in whole.entries if x.at <= when]
    samples = [row for row in whole.samples if row[1] <= when]
    state = replay(whole.state.infusion_id, entries, whole.state.protocol)
    return msgspec.structs.replace(whole, entries=entries, samples=samples, state=state, made_at=when)


def sheet(name: str, found: RecordSource) -> str:
    return text_of(sheet_bytes(found, name, Words("en")))


@pytest.fixture(scope="module")
def bad(protocol: Protocol) -> RecordSource:
    return bad_day(protocol)


@pytest.fixture(scope="module")
def flow(bad: RecordSource) -> str:
    return sheet("flowsheet", bad)


@pytest.fixture(scope="module")
def handed_over(bad: RecordSource) -> str:
    """While the reaction stops the drip."""
    return sheet("sbar", until(bad, at(34)))


@pytest.fixture(scope="module")
def written_by_hand(bad: RecordSource) -> str:
    return sheet("downtime", until(bad, at(-49)))


def test_each_name_has_its_sheet() -> None:
    assert list(SHEETS) == list(SHEET_NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "minute"), [("flowsheet", 150), ("sbar", 50), ("downtime", -47)])
def test_each_is_one_page_and_nothing_on_it_is_too_small(name: str, minute: float, language: str, bad: RecordSource) -> None:
    pdf = sheet_bytes(until(bad, at(minute)), name, Words(language))
    assert page_count(pdf) == 1
    assert min(p.size_pt for p in body(pdf)) > 8.99
    assert "S-019" in text_of(pdf)


@pytest.mark.parametrize(
    "said",
    [
        "Check Start + 0 min Start + 15 min Start + 30 min Start + 45 min",
        "Time 13:58:00 14:15:30 14:31:00 due 14:45",
        "on time on time on time missed",
        "HR /min 84 84 132 ▲ — 47 ▼ — 121 ▲",
        "78 ▼▼/74 (58 ▼)",
        "Drip rate, drops/min — 20.7 —",
        "14:31:00 beyond the limits: HR 132 ▲ high (limit 120)",
        "15:01:00 beyond the limits: HR 47 ▼ low (limit 50) · done: nothing recorded",
    ],
)
def test_the_flowsheet_says(said: str, flow: str) -> None:
    assert said in flow


def test_the_flowsheet_ends_with_what_the_monitor_shows_now(bad: RecordSource, flow: str) -> None:
    now = sheet("flowsheet", until(bad, at(35)))
    assert "Newest" in now
    assert "not confirmed" in now
    assert "Newest" not in flow


def test_before_the_first_check_the_flowsheet_says_so(bad: RecordSource) -> None:
    quiet = msgspec.structs.replace(until(bad, at(-47)), samples=[])
    assert "No vital signs were recorded yet." in sheet("flowsheet", quiet)
    assert "No vital signs were recorded yet." in sheet("sbar", quiet)


def test_more_checks_than_fit_side_by_side_begin_again_with_the_baseline(bad: RecordSource) -> None:
    extra = [msgspec.structs.replace(x, event_id=f"x{n}") for x in bad.state.checks[-1:] for n in range(9)]
    state = msgspec.structs.replace(bad.state, checks=[*bad.state.checks, *extra])
    many = msgspec.structs.replace(bad, state=state, entries=[*bad.entries, *extra])
    tables = [b for s in flowsheet(Teller(many, Words("en"))).sections for b in s.blocks if isinstance(b, TableBlock)]
    assert len(tables) > 1
    assert all(t.columns[1].head == "Start + 0 min" for t in tables)


@pytest.mark.parametrize(
    "said",
    [
        "S · Situation",
        "Stage Paused",
        "Drip rate paused: reaction",
        "chills, low blood pressure, grade 2, not over",
        "1.47 × 10⁸ cells for 73.3 kg",
        "UC-1 (hung 13:55:00), UC-2 (not thawed)",
        "Dexamethasone 5 mg, 13:20:00",
        "Beyond the limits 14:31:00 beyond the limits: HR 132 ▲ high",
        "Resume: an investigator signs",
        "hands over",
        "takes over",
    ],
)
def test_the_hand_over_sheet_says(said: str, handed_over: str) -> None:
    assert said in handed_over


@pytest.mark.parametrize(
    ("minute", "said"),
    [
        (-59.5, "no weight was recorded"),
        (-43, "Pre-medication Not given."),
        (20, "55.3 drops/min (measured)"),
        (47, "UC-1 (taken down 14:41:00), UC-2 (thawed 14:46:00)"),
        (16.5, "56 drops/min (as set)"),
        (100, "Observe until 17:17:00"),
        (100, "it is not dripping"),
        (100, "Missed 14:45, 15:15"),
        (150, "Nothing is due."),
    ],
)
def test_the_hand_over_sheet_can_be_made_at_any_time(minute: float, said: str, bad: RecordSource) -> None:
    assert said in sheet("sbar", until(bad, at(minute)))


def test_a_mismatch_stands_in_the_situation(protocol: Protocol) -> None:
    assert "Full stop patient or bag did not match" in sheet("sbar", until(source(protocol), at(-43.5)))


@pytest.mark.parametrize(
    "said",
    [
        "73.3 kg",
        "1.47 × 10⁸ cells in 150.1 ml",
        "UC-2 give 50.1 ml, 49.9 ml stay in it",
        "15 min at 20 drops/min (5 in 15 s) · then 40–60 drops/min (10–15 in 15 s)",
        "beyond HR 50–120 /min, SpO₂ ≥ 90 %",
        "Dexamethasone 5 mg given, allergies asked",
        "Bag UC-2 checked and hung",
        "Start + 45 min",
        "End + 120 min",
        "Released by Chen Jing",
        "Stay with the patient, call for help",
    ],
)
def test_the_downtime_sheet_is_filled_in_at_the_release(said: str, written_by_hand: str) -> None:
    assert said in written_by_hand


def test_before_the_release_there_is_no_downtime_sheet(bad: RecordSource) -> None:
    early = until(bad, at(-52))
    assert "downtime" not in sheets_of(early.state)
    assert "downtime" in sheets_of(until(bad, at(-49)).state)
    assert "downtime" not in sheets_of(bad.state)
    with pytest.raises(Refused, match="the bags are not released yet"):
        sheet_bytes(early, "downtime", Words("en"))


def test_practice_is_marked(protocol: Protocol) -> None:
    practised = source(protocol, practice=True)
    assert "PRACTICE · simulated patient" in sheet("flowsheet", practised)


@pytest.mark.parametrize("name", list(SHEET_NAMES))
def test_a_long_text_does_not_break_it(name: str, protocol: Protocol) -> None:
    long = "shivers and a long story " * 40
    told = story(protocol, note=long)
    order = msgspec.structs.replace(told.state.order, subject="S-" + "0123456789" * 5, bed="bed at the window " * 3)
    state = msgspec.structs.replace(told.state, order=order)
    made = msgspec.structs.replace(source(protocol), state=state, entries=tuple(told.entries))
    assert "0123456789" in sheet(name, made)


def test_a_sheet_in_chinese_needs_a_chinese_font(bad: RecordSource) -> None:
    bare = FontSet(installed().fonts, None)
    with pytest.raises(Refused, match="no Chinese font"):
        sheet_bytes(bad, "flowsheet", Words("zh_CN"), bare)
