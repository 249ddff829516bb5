"""Which field of which entry may become what, what is then recorded, and how it is told in the timeline."""

import json
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.chapters.corrections import Correct, correction, corrections_of
from app.domain.infusion.chapters.drip import SetRate
from app.domain.infusion.chapters.ending import End
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.chapters.reaction import NoteReaction, ResolveReaction
from app.domain.infusion.phases import Phase
from app.domain.infusion.story import WORDS
from app.domain.log import Event

from .cast import CHEN, LI, ZHAO, clock, protocol
from .play import Play, label, prepared
from .seeing import plain
from .whole_answers import facts, refusal

WHY = "typed wrongly"
NEVER = "This entry cannot be corrected."


def newest(play: Play, kind: type[Event]) -> str:
    return next(x.event_id for x in reversed(play.entries) if type(x.event) is kind)


def mend(play: Play, kind: type[Event], field: str, new: object, reason: str = WHY) -> Correct:
    """The newest of that kind."""
    return Correct(newest(play, kind), field, json.dumps(new), reason)


def unfit(new: object) -> str:
    return f"“{json.dumps(new)}” does not fit here."


# --- what may be corrected at all


def test_only_what_a_person_may_have_mistaken_is_corrected_and_with_a_reason() -> None:
    play = prepared("stepped up")
    assert refusal(play, Correct("e999", "reason", '"x"', WHY)) == NEVER
    assert refusal(play, mend(play, e.Started, "rate_gtt_min", "40")) == NEVER
    assert refusal(play, mend(play, e.PremedicationGiven, "drug", "x")) == NEVER
    assert refusal(play, mend(play, e.PremedicationGiven, "allergies", "nuts", " ")) == "Give a reason."
    assert refusal(play, mend(play, e.PremedicationGiven, "allergies", "none")) == "Nothing has changed."


def test_what_was_and_what_is_now_stand_side_by_side() -> None:
    play = prepared("stepped up")
    event_id = newest(play, e.PremedicationGiven)
    told = e.Corrected(event_id, "allergies", '"none"', '"nuts"', "misread")
    assert facts(play, mend(play, e.PremedicationGiven, "allergies", "nuts", " misread "), CHEN) == [told]
    assert play.state.premedication is not None
    assert play.state.premedication.allergies == "nuts"
    again = e.Corrected(event_id, "allergies", '"nuts"', '"none"', WHY)
    assert facts(play, mend(play, e.PremedicationGiven, "allergies", "none")) == [again]
    assert [x.event for x in corrections_of(event_id, play.state)] == [told, again]
    assert corrections_of(newest(play, e.Started), play.state) == []


def test_of_a_check_all_values_are_kept_in_one_layout() -> None:
    play = prepared("ready")
    check = play.state.checks[-1].event
    assert isinstance(check, e.VitalsRecorded)
    values = [{"vital": v.vital, "value": str(v.value), "source": v.source} for v in check.values]
    shuffled = [dict(reversed(one.items())) for one in values]
    assert refusal(play, mend(play, e.VitalsRecorded, "values", shuffled)) == "Nothing has changed."
    (told,) = facts(play, mend(play, e.VitalsRecorded, "values", [{**values[0], "value": "80"}, *shuffled[1:]]))
    assert isinstance(told, e.Corrected)
    assert told.new.startswith('[{"age_s":null,"missing":null,"source":"typed","value":"80","vital":"hr"},')
    assert told.old == told.new.replace('"80"', '"78"', 1)
    for no_number in ("NaN", "sNaN"):
        numberless = [{**values[0], "value": no_number}, *values[1:]]
        assert refusal(play, mend(play, e.VitalsRecorded, "values", numberless)) == unfit(numberless)
    wrong = [{**values[0], "value": "500"}, *values[1:]]
    impossible = "Heart rate 500 /min is not possible (20–300). Measure again."
    assert refusal(play, mend(play, e.VitalsRecorded, "values", wrong)) == impossible
    assert refusal(play, mend(play, e.VitalsRecorded, "values", values[1:])) == "Heart rate: measure it, or say why it is missing."


# --- what it may become


@pytest.mark.parametrize("new", [5, "x", [], {}, None])
def test_what_is_of_another_kind_does_not_fit(new: object) -> None:
    play = prepared("premedicated")
    assert refusal(play, mend(play, e.PremedicationGiven, "given_at", new)) == unfit(new)


def test_what_is_no_json_does_not_fit() -> None:
    play = prepared("premedicated")
    event_id = newest(play, e.PremedicationGiven)
    assert refusal(play, Correct(event_id, "allergies", "{nuts", WHY)) == "“{nuts” does not fit here."


def test_a_time_lies_not_after_the_correction_and_has_a_zone() -> None:
    play = prepared("premedicated")
    play.now = clock("13:40")
    assert refusal(play, mend(play, e.PremedicationGiven, "given_at", "2026-03-02T13:40:01Z")) == unfit("2026-03-02T13:40:01Z")
    assert refusal(play, mend(play, e.PremedicationGiven, "given_at", "2026-03-02T13:25:00")) == unfit("2026-03-02T13:25:00")
    for fitting in ("2026-03-02T13:40:00Z", "2026-03-02T13:25:00+00:00"):
        assert len(facts(play, mend(play, e.PremedicationGiven, "given_at", fitting))) == 1


def checked(play: Play, kind: type[Event], field: str, fits: list[str], does_not: list[str]) -> None:
    for value in does_not:
        assert refusal(play, mend(play, kind, field, value)) == unfit(value)
    for value in fits:
        (told,) = facts(play, mend(play, kind, field, value))
        assert isinstance(told, e.Corrected)
        assert told.new == f'"{value}"'


def test_a_dose_a_rate_and_a_flush_lie_within_what_can_be() -> None:
    checked(prepared("premedicated"), e.PremedicationGiven, "dose_mg", ["0.1", "1000"], ["0", "1000.1", "NaN", "sNaN", "Infinity"])
    play = prepared("stepped up")
    play.do(SetRate(D(50)), LI)
    checked(play, e.RateSet, "rate_gtt_min", ["1", "300"], ["0.9", "300.1", "NaN"])
    checked(prepared("observed"), e.LineFlushed, "volume_ml", ["0", "500"], ["-0.1", "500.1"])


def two_bags() -> Play:
    """Of 100 and of 60 ml; the smaller one hangs."""
    play = prepared("stepped up", bags=[ScanBag(label("B1")), ScanBag(label("B2", ml=60))])
    play.take(e.RemainingRead("B1", D(40)), LI.person_id)
    play.take(e.BagEmptied("B1"), LI.person_id)
    play.take(e.BagHung("B2"), LI.person_id)
    return play


def test_what_was_left_lies_within_the_bag_it_was_read_off() -> None:
    checked(two_bags(), e.RemainingRead, "left_ml", ["0", "100"], ["-0.1", "100.1"])
    play = two_bags()
    play.do(End(D(30)), LI, clock("14:58"))
    checked(play, e.InfusionEnded, "left_ml", ["0", "60"], ["-0.1", "60.1"])
    play.take(e.LeftoverDestroyed("B1", D(1), "n2"), LI.person_id)
    checked(play, e.LeftoverDestroyed, "volume_ml", ["0", "100"], ["100.1"])


def test_with_no_bag_hanging_nothing_was_left() -> None:
    play = prepared("stepped up")
    play.take(e.BagEmptied("B1"), LI.person_id)
    play.do(End(None), LI, clock("14:58"))
    checked(play, e.InfusionEnded, "left_ml", ["0"], ["0.1"])


def test_a_grade_is_one_to_five_or_not_given() -> None:
    play = prepared("stepped up")
    play.do(NoteReaction(play.now, ("chills",), "continue", 2), LI)
    for wrong in (0, 6):
        assert refusal(play, mend(play, e.ReactionNoted, "grade", wrong)) == unfit(wrong)
    for grade in (1, 5, None):
        assert len(facts(play, mend(play, e.ReactionNoted, "grade", grade))) == 1


def test_after_a_reaction_the_outcome_is_not_none() -> None:
    play = prepared("observed")
    assert len(facts(play, mend(play, e.ObservationClosed, "outcome", "transferred"))) == 1
    assert len(facts(play, mend(play, e.ObservationClosed, "outcome", "no_reaction"))) == 1
    play.do(NoteReaction(play.now, ("fever",), "continue"), LI)
    play.do(ResolveReaction(play.now), LI)
    play.do(mend(play, e.ObservationClosed, "outcome", "transferred"), LI)
    assert refusal(play, mend(play, e.ObservationClosed, "outcome", "no_reaction")) == unfit("no_reaction")


# --- what stays signed


def signed_at(play: Play) -> object:
    return play.state.phase, play.state.reached.get(Phase.SIGNED), sorted(play.state.signatures)


def test_a_correction_of_what_was_signed_for_takes_the_signatures_back() -> None:
    play = prepared("signed")
    play.now += timedelta(minutes=5)
    (told,) = facts(play, mend(play, e.LineFlushed, "volume_ml", "30"))
    assert isinstance(told, e.Corrected)
    assert signed_at(play) == (Phase.OBSERVED, None, [])


def test_of_what_was_written_after_both_the_record_stays_signed_since_then() -> None:
    play = prepared("signed")
    before = signed_at(play)
    play.do(AddNote("moved to bed 41"), LI, play.now + timedelta(minutes=5))
    told = facts(play, mend(play, e.NoteAdded, "text", "moved to bed 14"), LI, play.now + timedelta(minutes=5))
    assert told == [
        e.Corrected(newest(play, e.NoteAdded), "text", '"moved to bed 41"', '"moved to bed 14"', WHY),
        e.InfusionSigned(),
    ]
    assert signed_at(play) == before


def test_what_came_between_the_two_signatures_was_signed_for_by_one() -> None:
    play = prepared("observed")
    play.take(e.SignatureGiven("performed", printed_name="Li"), LI.person_id)
    play.do(AddNote("moved to bed 41"), LI)
    play.take(e.SignatureGiven("reviewed", printed_name="Zhao"), ZHAO.person_id)
    play.take(e.InfusionSigned())
    told = facts(play, mend(play, e.NoteAdded, "text", "moved to bed 14"))
    assert [type(x) for x in told] == [e.Corrected]
    assert signed_at(play) == (Phase.OBSERVED, None, ["performed"])


def test_before_both_signatures_nothing_is_signed_anew() -> None:
    play = prepared("running")
    play.do(AddNote("asleep"), LI)
    assert [type(x) for x in facts(play, mend(play, e.NoteAdded, "text", "awake"))] == [e.Corrected]


# --- how it is told


def told(play: Play, event: e.Corrected) -> str:
    return plain(WORDS[e.Corrected](event, play.state, {}))


def test_the_line_of_a_correction() -> None:
    play = prepared("signed")
    assert told(play, e.Corrected(newest(play, e.LineFlushed), "volume_ml", '"20"', '"30"', "mistyped")) == (
        "Correction of 16:58: volume (ml) “20” is now “30” · typed wrongly"
    )
    assert told(play, e.Corrected("e999", "not_known", "null", "[]", "by hand")) == (
        "Correction of —: not_known “—” is now “—” · by hand"
    )


def rigors(field: str, old: Any, new: Any) -> tuple[str, str]:
    """By a protocol that calls chills otherwise."""
    rules = protocol(settings={"reaction.symptoms[0].en": "rigors"})
    found = correction(e.Corrected("e1", field, json.dumps(old), json.dumps(new), WHY), rules)
    return plain(found.old), plain(found.new)


def test_symptoms_are_told_in_the_words_of_the_infusions_own_protocol() -> None:
    assert rigors("symptoms", ["chills", "fever"], ["fever", "chills"]) == ("rigors, fever", "fever, rigors")
    assert rigors("flags", ["chills"], ["fever"]) == ("chills", "fever"), "no symptom of a reaction"
    play = Play(protocol(settings={"reaction.symptoms[0].en": "rigors"}))
    line = told(play, e.Corrected("e1", "symptoms", '["chills"]', '["rash"]', WHY))
    assert line == f"Correction of 13:00: symptoms “rigors” is now “rash” · {WHY}"


@pytest.mark.parametrize(
    ("field", "old", "new", "words"),
    [
        ("outcome", "no_reaction", "transferred", ("no reaction", "transferred")),
        ("consciousness", "A", "C", ("awake and alert", "new confusion")),
        ("baseline_blood", "drawn", "not_due", ("drawn", "not due")),
        ("reason", "A", "busy", ("A", "busy with another patient")),
        ("allergies", "chills", "none", ("chills", "none")),
        ("grade", 2, 3, ("2", "3")),
        ("grade", 0, 1, ("0", "1")),
        ("oxygen", False, True, ("no", "yes")),
        ("oxygen", None, True, ("—", "yes")),
    ],
)
def test_each_field_is_told_by_its_own_table(field: str, old: Any, new: Any, words: tuple[str, str]) -> None:
    assert rigors(field, old, new) == words


def test_a_check_with_nothing_at_all_is_told_as_such() -> None:
    heart = {"vital": "hr", "value": "82", "source": "typed"}
    assert rigors("values", [], [heart]) == ("—", "HR 82")
    assert rigors("values", [heart], [heart | {"source": "monitor"}]) == ("HR 82", "HR 82")
