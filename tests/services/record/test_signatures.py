"""Signatures as an inspector reads them: on paper, as data and as a table."""

import csv
import io
import json
import re
from typing import Any

import msgspec
import pytest
import typst

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.corrections import Correct
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.chapters.signing import Sign
from app.domain.log import Event
from app.domain.people.signatures import covered, misfits
from app.domain.protocol import Protocol
from app.services.record.blocks import NoteBlock, Run, TableBlock
from app.services.record.data.csv_files import events_csv
from app.services.record.data.record_json import record_json
from app.services.record.document import document
from app.services.record.paper_fonts import choose, installed
from app.services.record.record_pdf import pdf_bytes
from app.services.record.source import RecordSource
from app.services.words.words import Words

from . import story
from .paper import page_count, read, text_of

needs_chinese = pytest.mark.skipif(installed().chinese is None, reason="no Chinese font on this computer")
VOID = "VOID since 2026-11-22 18:10 by the correction of volume (ml): “20” is now “25” (read wrongly)"


def continued(source: RecordSource, *steps: tuple[Command | Event, Any, float]) -> RecordSource:
    """The same infusion some minutes later."""
    s = story.Story(source.state.protocol, practice=False)
    s.entries, s.state = list(source.entries), source.state
    for what, who, minute in steps:
        if isinstance(what, Event):
            s.happen(what, story.at(minute), who)
        else:
            s.do(what, who, story.at(minute))
    return msgspec.structs.replace(source, state=s.state, entries=tuple(s.entries), made_at=story.at(300))


def flush_corrected(source: RecordSource) -> tuple[Command, Any, float]:
    flush = next(x for x in source.entries if isinstance(x.event, e.LineFlushed))
    return Correct(flush.event_id, "volume_ml", '"25"', "misread"), story.WANG, 250


@pytest.fixture(scope="module")
def english_pdf(source: RecordSource) -> bytes:
    return pdf_bytes(source, Words("en"))


@pytest.fixture(scope="module")
def void(source: RecordSource) -> RecordSource:
    return continued(source, flush_corrected(source))


def rows(source: RecordSource) -> list[dict[str, str]]:
    found = csv.DictReader(io.StringIO(events_csv(source, Words("en")).decode("utf-8-sig"), newline=""))
    return [row for row in found if row["signature"]]


@needs_chinese
@pytest.mark.parametrize(
    "said",
    [
        "dispensed / 发放 Released by the pharmacy Chen Jing Pharmacist 2026-11-22 13:10:00",
        "received / 接收 Received on the ward Lin Mei Nurse 2026-11-22 13:15:00",
        "verified / 核对 Identity check: patient S-017, bags UC-2611-043, UC-2611-044 Wang Wei Nurse",
        "reviewed / 审核 Reviewed: I have reviewed this record Zhao Ming Investigator 2026-11-22 18:02:30",
    ],
)
def test_each_is_printed_with_both_meanings_and_its_time(said: str, english_pdf: bytes) -> None:
    assert said in text_of(english_pdf)


@needs_chinese
def test_a_chinese_record_says_the_meaning_in_both_languages_too(source: RecordSource) -> None:
    made = pdf_bytes(source, Words("zh_CN"))
    assert "审核 / reviewed" in " ".join(read(made, page_count(made) - 2, page_count(made) - 1).pages)


def test_without_a_chinese_font_the_meaning_stands_in_english_alone(source: RecordSource) -> None:
    made = pdf_bytes(source, Words("en"), fonts=choose(typst.Fonts(include_system_fonts=False)))
    (found,) = read(made, page_count(made) - 1).pages
    assert "dispensed Released by the pharmacy" in found
    assert "cannot be printed" not in found


def test_the_printed_digits_are_those_of_what_was_signed(source: RecordSource, english_pdf: bytes) -> None:
    reviewed = max(n for n, x in enumerate(source.entries) if isinstance(x.event, e.SignatureGiven))
    assert covered(source.entries[:reviewed]).hex()[:12] in text_of(english_pdf)
    assert not list(misfits(source.entries))


def test_a_void_signature_is_struck_through_and_says_since_when_and_why(void: RecordSource) -> None:
    (table, *_notes) = next(s for s in document(void, Words("en")).sections if s.title == "Signatures").blocks
    assert isinstance(table, TableBlock)
    struck = [row[0][0].text for row in table.rows if isinstance(row[0], tuple) and row[0][0].style == "old"]
    assert struck == ["performed / 执行", "reviewed / 审核"]
    told = [row[0] for row in table.rows if len(row) == 1]
    assert told == [(Run(f"{VOID} · to be given again", "strong"),)] * 2
    assert sum(row[1] == (Run("not signed", "strong"),) for row in table.rows if len(row) > 1) == 2
    assert document(void, Words("en")).status == "Not signed: this record may still change"


def test_a_corrected_end_makes_void_what_was_destroyed_on_it_too(source: RecordSource) -> None:
    """A witness of what was destroyed is not asked again; the two at the end are."""
    end = next(x for x in source.entries if isinstance(x.event, e.InfusionEnded))
    steps = (Correct(end.event_id, "left_ml", '"60"', "misread"), story.WANG, 250)
    (table, *_notes) = next(s for s in document(continued(source, steps), Words("en")).sections if s.title == "Signatures").blocks
    assert isinstance(table, TableBlock)
    early, *closing = [row[0] for row in table.rows if len(row) == 1]
    since = "VOID since 2026-11-22 18:10 by the correction of ml left: “61” is now “60” (read wrongly)"
    assert early == (Run(f"{since} · not asked for again: it was given for an act that is over", "strong"),)
    assert closing == [(Run(f"{since} · to be given again", "strong"),)] * 2


def test_given_again_the_record_is_whole_and_still_shows_the_void_ones(void: RecordSource) -> None:
    whole = continued(void, (Sign("performed"), story.WANG, 260), (Sign("reviewed"), story.ZHAO, 270))
    said = text_of(pdf_bytes(whole, Words("en")))
    assert "Signed by both" in said
    assert f"{VOID} · given again 2026-11-22 18:20" in said
    assert "not signed" not in said
    assert "Signed by both 2026-11-22 18:30:00" in said
    told = [(r["printed_name"], r["meaning_en"], r["signature"]) for r in rows(whole)][-4:]
    assert told == [
        ("Lin Mei", "performed", "replaced"), ("Zhao Ming", "reviewed", "replaced"),
        ("Wang Wei", "performed", "valid"), ("Zhao Ming", "reviewed", "valid"),
    ]  # fmt: skip


def test_a_release_made_void_says_that_it_is_not_asked_for_again(protocol: Protocol) -> None:
    started = story.source(protocol)
    bench = msgspec.structs.replace(started, entries=started.entries[:1], state=story.Story(protocol, False).state)
    steps: list[tuple[Command | Event, Any, float]]
    steps = [(AddNote("from cupboard 2"), story.CHEN, -59), (e.Released(), story.CHEN, -50), (e.Received(), story.LIN, -45)]
    noted = continued(bench, *steps)
    correction = Correct(noted.entries[1].event_id, "text", '"from cupboard 3"', "misread")
    section = next(
        s for s in document(continued(noted, (correction, story.CHEN, -40)), Words("en")).sections if s.title == "Signatures"
    )
    assert "not asked for again: it was given for an act that is over" in str(section)
    notes = [block.text for block in section.blocks if isinstance(block, NoteBlock)]
    assert notes[-1].startswith("Signatures of dispensing, receipt, checks and approvals are not asked for again")


def test_the_table_of_events_carries_each_signature(void: RecordSource) -> None:
    found = rows(void)
    assert [r["type"] for r in found].count("SignatureGiven") == 2
    released = found[0]
    assert (released["signed_by"], released["printed_name"], released["role"]) == ("p-chen", "Chen Jing", "pharmacist")
    assert (released["meaning_en"], released["meaning_zh"], released["signature"]) == ("dispensed", "发放", "valid")
    assert (released["at_utc"], released["at_local"]) == ("2026-11-22T05:10:00Z", "2026-11-22T13:10:00+08:00")
    assert re.fullmatch("[0-9a-f]{12}", released["signed_sha256"])
    assert (released["void_since_utc"], released["void_by"]) == ("", "")
    performed = found[-2]
    assert performed["signature"] == "void"
    assert performed["void_since_local"] == "2026-11-22T18:10:00+08:00"
    assert performed["void_by"] == void.entries[-1].event_id
    assert VOID in performed["words"]


def test_the_data_hold_the_whole_hash_and_what_made_it_void(void: RecordSource) -> None:
    data = json.loads(record_json(void))
    assert data["signatures"] == {}
    performed = data["signed"][-2]
    assert performed["meaning"] == {"code": "performed", "en": "performed", "zh_CN": "执行"}
    assert (performed["printed_name"], performed["role"], performed["status"]) == ("Lin Mei", "nurse", "void")
    assert (performed["at"], performed["at_local"]) == ("2026-11-22T09:05:30Z", "2026-11-22T17:05:30+08:00")
    assert len(performed["sha256"]) == 64
    assert performed["void_by"] == void.entries[-1].event_id
    assert performed["void_since"] == "2026-11-22T10:10:00Z"
    assert performed["state_words"] == [VOID, "to be given again"]
