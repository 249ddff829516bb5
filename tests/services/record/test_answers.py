"""Vital signs beyond the infusion's own limits are marked by shape and word, with what was done; each reaction has its onset."""

from decimal import Decimal as D

import msgspec
import pytest

from app.domain.infusion import facts as e
from app.domain.protocol import Limits, Protocol
from app.domain.vitals.worrying import JudgedBy
from app.services.record.answered import marked, worry_of
from app.services.record.paper_fonts import installed
from app.services.record.parts.part_checks import vital_signs
from app.services.record.parts.part_reactions import reactions
from app.services.record.record_pdf import pdf_bytes
from app.services.record.source import RecordSource
from app.services.record.telling import Teller
from app.services.words.words import Words

from .bad_day import bad_day
from .paper import text_of

needs_chinese = pytest.mark.skipif(installed().chinese is None, reason="no Chinese font on this computer")


@pytest.fixture(scope="module")
def bad(protocol: Protocol) -> RecordSource:
    return bad_day(protocol)


@pytest.fixture(scope="module")
def english(bad: RecordSource) -> str:
    return text_of(pdf_bytes(bad, Words("en")))


def value(code: str, number: str | None) -> e.VitalEntry:
    return e.VitalEntry(code, None if number is None else D(number), "monitor", 4)


def only(limits: Limits, protocol: Protocol) -> JudgedBy:
    return JudgedBy(msgspec.structs.replace(protocol.vitals, limits=(limits,)))


@pytest.mark.parametrize(
    ("number", "shown", "word"),
    [
        ("39", "39 ▼▼", "far too low"),
        ("40", "40 ▼", "low"),
        ("50", "50", None),
        ("120", "120", None),
        ("121", "121 ▲", "high"),
        ("151", "151 ▲▲", "far too high"),
    ],
)
def test_a_value_on_a_limit_lies_inside(number: str, shown: str, word: str | None, protocol: Protocol) -> None:
    rules = only(Limits("hr", low=D(50), high=D(120), very_low=D(40), very_high=D(150)), protocol)
    found = worry_of(value("hr", number), rules)
    assert marked(value("hr", number), rules) == shown
    assert (None if found is None else str(found.word)) == word


def test_what_has_no_limit_or_no_value_is_not_marked(protocol: Protocol) -> None:
    rules = only(Limits("hr", low=D(50)), protocol)
    assert marked(value("hr", None), rules) == "—"
    assert marked(value("hr", "190"), rules) == "190"
    assert marked(value("spo2", "70"), rules) == "70"


def test_what_moved_from_the_baseline_as_in_a_reaction_is_marked(protocol: Protocol) -> None:
    by = JudgedBy(protocol.vitals, protocol.triggers, {"hr": D(84)})
    assert [marked(value("hr", number), by) for number in ("100", "101")] == ["100", "101 ↑"]


@pytest.mark.parametrize(
    "said",
    [
        "132 ▲",
        "78 ▼▼/74 (58 ▼)",
        "beyond the limits: HR 132 ▲ high (limit 120), SpO₂ 88 ▼ low (limit 90), Sys 78 ▼▼ far too low (limit 80)",
        "done: 14:24:30 Reaction since 14:24: chills, low blood pressure",
        "14:40:00 Resumed at 40 drops/min",
        "beyond the limits: HR 47 ▼ low (limit 50) · done: nothing recorded",
        "beyond the limits: HR 121 ▲ high (limit 120) · done: nothing recorded",
    ],
)
def test_it_is_marked_with_what_was_done(said: str, english: str) -> None:
    assert said in english


def test_a_former_protocol_without_limits_marks_nothing(bad: RecordSource) -> None:
    rules = msgspec.structs.replace(bad.state.protocol.vitals, limits=())
    protocol = msgspec.structs.replace(bad.state.protocol, vitals=rules, decided=())
    former = msgspec.structs.replace(bad, state=msgspec.structs.replace(bad.state, known_protocol=protocol))
    assert "beyond the limits:" not in str(vital_signs(Teller(former, Words("en"))))


@pytest.mark.parametrize(
    "said",
    [
        "At the onset, 14:24:00 55.3 drops/min (measured)",
        "Given until then at least 35.4 ml, at most 41.9 ml = 3.29 × 10⁷–3.90 × 10⁷ cells",
        "Monitor's vital signs then HR 96, SpO₂ 93 %",
        "Check before it 14:15:30 HR 84, SpO₂ 97 %",
        "Check after it 14:31:00 HR 132, SpO₂ 88 %",
    ],
)
def test_a_reaction_has_what_was_known_at_its_onset(said: str, english: str) -> None:
    assert said in english


def test_no_more_was_given_at_an_onset_than_a_bag_read_exactly_gave(read_exactly: Protocol) -> None:
    said = "at least 35.4 ml, at most 37.3 ml = 3.29 × 10⁷–3.47 × 10⁷ cells"
    assert said in str(reactions(Teller(bad_day(read_exactly), Words("en"))))


def test_without_a_monitor_the_onset_says_so(bad: RecordSource) -> None:
    alone = msgspec.structs.replace(bad, samples=[])
    assert "none from a monitor" in str(reactions(Teller(alone, Words("en"))))


@needs_chinese
def test_in_chinese(bad: RecordSource) -> None:
    found = text_of(pdf_bytes(bad, Words("zh_CN")))
    for said in ("超出限值：心率 132 ▲ 偏高（限值 120）", "过低（限值 80）", "无记录", "发生时，14:24:00", "至少 35.4 mL"):
        assert said in found
