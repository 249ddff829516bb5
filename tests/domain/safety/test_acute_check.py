"""How is the patient 24 h after the infusion: what is owed, and what counts as an answer."""

from datetime import timedelta

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion.state import Infusion
from app.domain.log import Entry, Event
from app.domain.people.roles import Person
from app.domain.safety.acute_check import AcuteWatch, AnswerAcute, acute_results, acute_watch, answer_acute
from app.domain.safety.safety_facts import AcuteChecked
from tests.domain.cast import CHEN, LI, clock
from tests.domain.play import prepared

DUE = clock("14:58") + timedelta(hours=24)


def state(point: str) -> Infusion:
    return prepared(point).state


@pytest.fixture(scope="module")
def watch() -> AcuteWatch:
    found = acute_watch(state("signed"))
    assert found is not None
    return found


def answered(watch: AcuteWatch, by: Person = LI, again: bool = False, **other: object) -> AcuteChecked:
    told = AnswerAcute(DUE, "bedside", "no_reaction")
    return answer_acute(watch, again, msgspec.structs.replace(told, **other), by, DUE + timedelta(hours=1))


def test_a_signed_infusion_owes_its_result_24_h_after_its_end(watch: AcuteWatch) -> None:
    assert (watch.subject, watch.due_at, watch.hours) == ("S-001", DUE, 24)
    assert acute_watch(state("signed")) == watch


def test_before_the_signatures_the_record_itself_is_still_open() -> None:
    assert acute_watch(state("observed")) is None


def test_without_its_protocol_file_nobody_knows_how_long() -> None:
    signed = state("signed")
    signed.known_protocol = None
    assert acute_watch(signed) is None


def test_no_reaction_needs_no_more_words(watch: AcuteWatch) -> None:
    found = answered(watch)
    assert (found.infusion_id, found.outcome, found.text) == (watch.infusion_id, "no_reaction", "")
    assert [str(x) for x in found.further() if x] == ["no reaction", "seen at the bedside"]


@pytest.mark.parametrize("outcome", ["reaction", "not_reached"])
def test_anything_else_does(watch: AcuteWatch, outcome: str) -> None:
    with pytest.raises(Refused, match="Say what happened"):
        answered(watch, outcome=outcome, text="  ")
    assert answered(watch, outcome=outcome, text=" chills at 03:00 ").text == "chills at 03:00"


def test_what_is_seen_a_minute_before_its_time_is_no_result_yet(watch: AcuteWatch) -> None:
    with pytest.raises(Refused, match="The 24 h end") as refused:
        answered(watch, seen_at=DUE - timedelta(minutes=1))
    assert refused.value.text.params == {"hours": 24, "at": DUE}


def test_nobody_was_seen_in_the_future(watch: AcuteWatch) -> None:
    now, later = DUE + timedelta(hours=1), DUE + timedelta(hours=1, seconds=1)
    assert answered(watch, seen_at=now).seen_at == now
    with pytest.raises(Refused, match="future") as refused:
        answered(watch, seen_at=later)
    assert refused.value.text.params == {"at": later}


def test_a_pharmacist_does_not_answer(watch: AcuteWatch) -> None:
    with pytest.raises(Refused, match="another role"):
        answered(watch, CHEN)


def test_a_second_answer_says_why(watch: AcuteWatch) -> None:
    with pytest.raises(Refused, match="Give a reason"):
        answered(watch, again=True)
    found = answered(watch, again=True, reason="wrong patient asked")
    assert str(found.further()[-1]) == "changed: wrong patient asked"


def test_the_answers_of_one_infusion_are_found_among_the_subject_s(watch: AcuteWatch) -> None:
    mine = answered(watch)
    other = msgspec.structs.replace(mine, infusion_id="another dose")
    events: list[Event] = [other, mine]
    entries = [Entry(str(n), "subject:S-001", DUE, "N-01", event) for n, event in enumerate(events)]
    assert [x.event_id for x in acute_results(entries, watch.infusion_id)] == ["1"]
