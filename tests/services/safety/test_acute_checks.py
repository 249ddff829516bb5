"""The result after an infusion is asked for over days and restarts, and answered once."""

from datetime import timedelta

import pytest

from app.domain.infusion.state import Infusion
from app.domain.log import Entry, stream_of
from app.domain.people.signatures import misfits
from app.domain.safety.acute_check import AnswerAcute
from app.domain.safety.safety_facts import AcuteChecked
from app.services.safety.acute_checks import AcuteChecks
from app.services.ward.ports import Outcome
from tests.domain.cast import LI
from tests.fakes import FakeStore, at_once
from tests.services.safety.signed_ward import signed_ward
from tests.services.ward import Ward


class Log:
    """What the store took, read back."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def entries(self, stream: str) -> list[Entry]:
        return [x for batch in self._store.batches for x in batch.entries if x.stream == stream]

    def subject_entries(self, _kind: str) -> list[Entry]:
        return [x for batch in self._store.batches for x in batch.entries if stream_of(x.stream).kind == "subject"]


def opened(ward: Ward, *signed: str) -> AcuteChecks:
    return AcuteChecks(Log(ward.store), ward.store, at_once, ward.bedside, signed)


@pytest.fixture
def ward() -> Ward:
    return signed_ward()


def state(ward: Ward) -> Infusion:
    return ward.state


def no_reaction(ward: Ward) -> AnswerAcute:
    return AnswerAcute(ward.bedside.now(), "bedside", "no_reaction")


def answer(ward: Ward, checks: AcuteChecks) -> Outcome:
    told: list[Outcome] = []
    checks.answer(checks.waiting()[0], no_reaction(ward), LI, told.append)
    return told[0]


def test_an_infusion_that_cannot_be_put_together_keeps_no_other_closed(ward: Ward) -> None:
    checks = opened(ward, "nobody's", ward.infusion_id)
    assert [watch.infusion_id for watch in checks.waiting()] == [ward.infusion_id]


def test_after_the_signatures_it_waits_and_a_day_later_it_is_due(ward: Ward) -> None:
    checks = opened(ward)
    assert checks.waiting() == []
    checks.took(ward.state)
    assert [watch.infusion_id for watch in checks.waiting()] == [ward.infusion_id]
    assert checks.due() == []
    ward.clock.move(seconds=24 * 3600)
    assert [watch.subject for watch in checks.due()] == ["B-001"]


def test_the_laptop_was_off_for_a_week_and_still_asks(ward: Ward) -> None:
    ward.clock.move(seconds=7 * 24 * 3600)
    checks = opened(ward, ward.infusion_id)
    watch = checks.watch(ward.infusion_id)
    assert watch is not None
    assert watch in checks.due()


def test_too_early_is_refused_and_it_still_waits(ward: Ward) -> None:
    checks = opened(ward, ward.infusion_id)
    assert answer(ward, checks).refused is not None
    assert checks.waiting()


def test_the_answer_is_signed_on_the_subject_s_stream_and_asked_no_more(ward: Ward) -> None:
    checks = opened(ward, ward.infusion_id)
    looked: list[bool] = []
    checks.when_changed(lambda: looked.append(True))
    ward.clock.move(seconds=25 * 3600)
    assert answer(ward, checks).ok
    entries = Log(ward.store).entries("subject:B-001")
    event = entries[-1].event
    assert isinstance(event, AcuteChecked)
    assert (event.printed_name, entries[-1].by) == (LI.name, LI.person_id)
    assert list(misfits(entries)) == []
    assert (checks.waiting(), looked) == ([], [True])
    checks.took(ward.state)
    assert checks.waiting() == []
    assert opened(ward, ward.infusion_id).waiting() == []


def test_a_full_disk_loses_no_answer_silently(ward: Ward) -> None:
    checks = opened(ward, ward.infusion_id)
    ward.clock.move(seconds=25 * 3600)
    ward.store.broken = True
    assert answer(ward, checks).failed is not None
    assert checks.waiting()
    ward.store.broken = False
    assert answer(ward, checks).ok


def test_two_presses_are_one_answer(ward: Ward) -> None:
    checks = opened(ward, ward.infusion_id)
    ward.clock.move(seconds=25 * 3600)
    ward.store.holding = True
    told: list[Outcome] = []
    watch = checks.waiting()[0]
    checks.answer(watch, no_reaction(ward), LI, told.append)
    checks.answer(watch, no_reaction(ward), LI, told.append)
    assert told[0].failed is not None
    ward.store.release()
    assert told[1].ok


def test_an_answer_once_more_needs_a_reason(ward: Ward) -> None:
    checks = opened(ward, ward.infusion_id)
    ward.clock.move(seconds=25 * 3600)
    watch = checks.waiting()[0]
    answer(ward, checks)
    told: list[Outcome] = []
    checks.answer(watch, no_reaction(ward), LI, told.append)
    assert told[0].refused is not None


def test_time_of_due_is_from_the_end(ward: Ward) -> None:
    checks = opened(ward, ward.infusion_id)
    ended = ward.state.ended_at
    assert ended is not None
    assert checks.waiting()[0].due_at == ended + timedelta(hours=24)
