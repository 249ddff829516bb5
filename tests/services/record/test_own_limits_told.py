"""The record of a patient with limits of their own: each check judged by those of its time, and what was set and why."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.alarms import ChangeLimits, OrderScale
from app.domain.vitals.own_limits import OwnLimits
from app.services.record.answered import told_beyond
from app.services.record.blocks import Run, TableBlock
from app.services.record.parts.part_alarms import alarms
from app.services.record.parts.part_checks import score_cell, vital_cell
from app.services.record.sheets.handover import handover
from app.services.record.source import ChainHead, RecordSource
from app.services.record.telling import Teller
from app.services.words.words import Words
from tests.domain.cast import EVERYBODY, LI, ZHAO
from tests.domain.play import prepared, vitals


@pytest.fixture
def teller() -> Teller:
    play = prepared("running")
    minute = timedelta(minutes=1)
    play.do(vitals(hr=78, spo2=89), LI, play.now + minute)
    play.do(ChangeLimits((OwnLimits("spo2", D(88)),), "usual_for_patient"), LI, play.now + minute)
    play.do(OrderScale(2, "chronic lung failure"), ZHAO, play.now + minute)
    play.do(vitals(hr=78, spo2=89), LI, play.now + minute)
    people, head = {person.person_id: person for person in EVERYBODY}, ChainHead(len(play.entries), "b0" * 32)
    return Teller(RecordSource(play.state, play.entries, people, [], head, "s", "0.1.0", play.now), Words("en"))


def test_a_value_is_judged_by_the_limits_of_its_own_time(teller: Teller) -> None:
    first, second = teller.state.checks[-2:]
    told = told_beyond(teller, first)
    assert told is not None
    assert "SpO₂ 89 ▼ low (limit 90)" in told.beyond
    assert told_beyond(teller, second) is None
    shown = [vital_cell(teller, x.event, ("spo2",), x.at) for x in (first, second) if isinstance(x.event, e.VitalsRecorded)]
    assert shown == [(Run("89 ▼", "strong"),), "89"]


def test_what_was_set_stands_on_the_alarm_page_with_who_and_why(teller: Teller) -> None:
    *_, table = alarms(teller).blocks
    assert isinstance(table, TableBlock)
    assert [row[1:] for row in table.rows] == [
        ("Alarm limits of this patient: SpO₂ ≥ 90 → ≥ 88 · usual for this patient", "Li"),
        ("NEWS2 counts SpO₂ by scale 2 · chronic lung failure", "Zhao"),
    ]


def test_the_next_nurse_is_told(teller: Teller) -> None:
    assert "('Limits of this patient', 'SpO₂ ≥ 88 %')" in str(handover(teller).sections)


def test_a_check_by_scale_2_says_so(teller: Teller) -> None:
    scored = [score_cell(teller, x.event.news2, x.event.scale) for x in teller.state.checks[-2:]
              if isinstance(x.event, e.VitalsRecorded) and x.event.news2 is not None]  # fmt: skip
    assert scored == ["3", "0 (scale 2)"]
