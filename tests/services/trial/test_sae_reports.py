"""The report of a serious adverse event as files: due, overdue, sent with its receipt."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from app.domain.safety.sae_clock import SaeClock
from app.domain.trial.subject.adverse_rules import clocks_of
from app.domain.trial.subject.subject_commands import NoteAdverseEvent, ReportSae
from app.domain.trial.subject.subject_facts import AdverseEventNoted
from app.domain.trial.subject.subject_state import SubjectState
from app.domain.trial.trial_data import TrialData
from app.services.ctcae_file import ctcae
from app.services.trial.sae_reports import sae_data_files, sae_pdfs
from app.services.trial.trial_desk import look_at
from app.services.trial.trial_report import ReportSource
from app.services.words.words import Words
from tests.domain.trial.subjects import NOW, PROTOCOL, RULES, SHANGHAI, TODAY, after, screened, setting
from tests.services.record.paper import text_of


def septic() -> SubjectState:
    event = AdverseEventNoted(
        "Sepsis", 4, TODAY, True, True, criteria=("hospital",), relatedness="possible", aware_at=NOW - timedelta(hours=20)
    )
    return after(screened(), NoteAdverseEvent(event), at=msgspec.structs.replace(setting(), ctcae=ctcae()))


def source(s: SubjectState, at: datetime = NOW) -> ReportSource:
    look = look_at(TrialData((s,), {}, {}, (), TODAY), PROTOCOL, RULES, SHANGHAI)
    return ReportSource(look, (), "12 · " + "ab" * 32, "0.1.0", at)


def clock(s: SubjectState) -> SaeClock:
    return clocks_of(s, 24)[0]


def said(s: SubjectState, at: datetime = NOW) -> str:
    files = dict(sae_pdfs(source(s, at), [Words("en")]))
    if out := os.environ.get("PICTURES"):
        Path(out, "sae.pdf").write_bytes(files["sae-S-001-1.pdf"])
    return text_of(files["sae-S-001-1.pdf"])


def test_before_it_is_sent() -> None:
    told = said(septic())
    for words in ("Sepsis", "grade 4, CTCAE 5.0", "in hospital for it", "possibly related", "not reported yet", "may still change"):
        assert words in told, words


def test_overdue() -> None:
    assert "overdue" in said(septic(), NOW + timedelta(hours=5))


@pytest.mark.parametrize("receipt", ["R-17", ""])
def test_sent_with_or_without_its_receipt(receipt: str) -> None:
    s = septic()
    s = after(s, ReportSae(clock(s).event_id, NOW, "sponsor", receipt))
    told = said(s, NOW + timedelta(days=3))
    assert "Signed: Zhao" in told
    assert ("R-17" in told) == bool(receipt)
    assert "reported too late" not in told
    data = json.loads(sae_data_files(source(s))["sae-S-001-1.json"])
    assert data["report"]["to"] == "sponsor"
    assert data["event"]["term"] == "Sepsis"


def test_sent_too_late() -> None:
    s = septic()
    s = after(s, ReportSae(clock(s).event_id, NOW + timedelta(hours=6), "sponsor"), now=NOW + timedelta(hours=6))
    assert "reported too late" in said(s, NOW + timedelta(days=3))


def test_where_nothing_is_serious_there_is_no_file() -> None:
    none = source(screened())
    assert (sae_data_files(none), list(sae_pdfs(none, [Words("en")]))) == ({}, [])
