"""Before the start and after the end: two people, allergies, thaw, hanging, observation, signatures."""

from decimal import Decimal

from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.ending import DestroyLeftover, End, unused
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.chapters.reaction import NoteReaction
from app.domain.infusion.chapters.thaw import CheckBag, HangBag
from app.domain.infusion.deviations import deviations
from app.domain.infusion.phases import Phase
from app.domain.infusion.task_kinds import TaskKind
from tests.domain.cast import GAO, LI, WANG
from tests.services.ward import Ward
from tests.ui.pages import story
from tests.ui.questions import stops
from tests.ui.questions.conftest import At, Bedside
from tests.ui.scanner import send
from ui.ask.answers import ChoiceAnswer, NumberAnswer, ReasonAnswer, TextAnswer
from ui.ask.form import WHY_TYPED, FormQuestion
from ui.ask.who import WhoQuestion
from ui.questions.actions import ACTIONS, more_actions
from ui.questions.ending import LeftoverQuestion
from ui.questions.premedication import PremedicationQuestion
from ui.questions.signing import ObservationQuestion
from ui.questions.vital_checks import VitalsQuestion


def line(form: FormQuestion, key: str) -> TextAnswer:
    answer = form.answers_by_key[key]
    assert isinstance(answer, TextAnswer)
    return answer


def choice(form: FormQuestion, key: str) -> ChoiceAnswer:
    answer = form.answers_by_key[key]
    assert isinstance(answer, ChoiceAnswer)
    return answer


def texts(dialog: FormQuestion | WhoQuestion) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(QLabel))


def signed(bed: Bedside, key: str, person_id: str) -> FormQuestion:
    """The form in which this person has typed the PIN or password already."""
    form = bed.ask(key, FormQuestion)
    assert form.signer is not None
    form.signer.choose(person_id)
    form.signer.pin.setText(story.SECRET)
    return form


def test_another_bag_comes_next_with_a_second_persons_signature(at: At) -> None:
    bed = at(stops.premedicated())
    assert "next_bag" in {key for key, _ in more_actions(bed.ward.state, bed.ward.bedside.now())}
    form = bed.ask("next_bag", FormQuestion)
    assert "mixed" not in form.answers_by_key
    reason = form.answers_by_key["reason"]
    assert isinstance(reason, ReasonAnswer)
    bed.press(form)
    assert reason.error.text() == "▲ Give a reason."
    reason.choice.choose("expires_first")
    bed.press(form)
    who = bed.dialog(WhoQuestion)
    assert f"Bag {stops.BAGS[1]} comes next, instead of bag {stops.BAGS[0]}" in texts(who)
    bed.is_fit_for_gloves(who)
    bed.signs(who, "n2")
    chosen = bed.ward.state.entries[-1].event
    assert isinstance(chosen, e.NextBagChosen)
    assert (chosen.bag_id, chosen.witness, chosen.reason, chosen.is_mix_up) == (stops.BAGS[1], "n2", "expires_first", False)


def test_a_bag_thawed_by_mistake_is_gone_on_with_by_two(at: At) -> None:
    ward = stops.thawed()
    ward.do(CheckBag(stops.BAGS[0], stops.BAGS[1], appearance_ok=True), LI)
    bed = at(ward)
    form = bed.ask(TaskKind.CLEAR_MISMATCH, FormQuestion)
    bed.is_fit_for_gloves(form)
    choice(form, "what").choose(True)
    bed.press(form)
    form = bed.dialog(FormQuestion)
    assert (choice(form, "bag").chosen(), choice(form, "mixed").chosen()) == (stops.BAGS[1], True)
    bed.is_fit_for_gloves(form)
    reason = form.answers_by_key["reason"]
    assert isinstance(reason, ReasonAnswer)
    reason.choice.choose("thawed_by_mistake")
    bed.press(form)
    bed.signs(bed.dialog(WhoQuestion), "n2")
    state = bed.ward.state
    assert state.mismatch is None
    assert [state.bags[b].thawed_at is not None for b in stops.BAGS] == [False, True]


def test_the_bag_is_looked_at_again_where_it_was_only_read_wrongly(at: At) -> None:
    ward = stops.thawed()
    ward.do(CheckBag(stops.BAGS[0], stops.BAGS[1], appearance_ok=True), LI)
    bed = at(ward)
    form = bed.ask(TaskKind.CLEAR_MISMATCH, FormQuestion)
    bed.press(form)
    assert choice(form, "what").error.text()
    choice(form, "what").choose(False)
    bed.press(form)
    assert "First person: look at the thawed bag" in bed.dialog(FormQuestion).windowTitle()


def test_a_scanner_leads_from_line_to_line_and_the_last_enter_confirms(at: At) -> None:
    bed = at(stops.received())
    form = signed(bed, TaskKind.VERIFY, "n1")
    for key, code in (("subject", "B-007"), ("bag1", stops.BAGS[0]), ("bag2", stops.BAGS[1])):
        assert line(form, key).field.hasFocus()
        send(line(form, key).field, f"\x02{code}\r")
        bed.settle()
    assert not bed.open_dialogs()
    assert bed.ward.state.identity_checked_by == ("n1",)


def test_codes_typed_by_hand_are_asked_why(at: At) -> None:
    bed = at(stops.received())
    form = signed(bed, TaskKind.VERIFY, "n1")
    why = form.answers_by_key[WHY_TYPED]
    assert isinstance(why, ReasonAnswer)
    assert why.isHidden()
    for key, code in (("subject", "B-007"), ("bag1", stops.BAGS[0]), ("bag2", stops.BAGS[1])):
        bed.type_in(line(form, key).field, code)
        bed.press(line(form, key).field)
    assert not why.isHidden()
    assert why.choice.grid.focusWidget() is bed.app.focusWidget()
    form.primary.click()
    assert why.error.text() == "▲ Give a reason."
    bed.is_fit_for_gloves(form)
    why.choice.choose("code_damaged")
    bed.press(form)
    assert not bed.open_dialogs()
    checked = bed.ward.state.entries[-1].event
    assert isinstance(checked, e.IdentityChecked)
    assert (checked.entry, checked.reason) == ("typed", "code_damaged")


def test_the_second_person_sees_nothing_of_the_first(at: At) -> None:
    ward = stops.received()
    ward.do(CheckIdentity("B-007", stops.BAGS), LI)
    ward.bedside.practice = False
    bed = at(ward)
    form = bed.ask(TaskKind.VERIFY, FormQuestion)
    assert form.signer is not None
    assert "n1" not in form.signer.names.codes.values()
    assert form.title.text().startswith("Second person")
    shown = texts(form) + "".join(line(form, key).field.text() for key in ("subject", "bag1", "bag2"))
    assert "B-007" not in shown
    assert not any(bag in shown for bag in stops.BAGS)


def test_in_practice_the_question_says_what_stands_on_wristband_and_bags(at: At) -> None:
    form = signed(at(stops.received()), TaskKind.VERIFY, "n1")
    assert "the wristband says B-007, the bags say UC-2611-043, UC-2611-044" in texts(form)


def test_what_is_missing_is_said_below_each_line(at: At) -> None:
    bed = at(stops.received())
    form = signed(bed, TaskKind.VERIFY, "n1")
    form.primary.click()
    assert [a.error.text() for a in form.answers_by_key.values() if not a.isHidden()] == ["▲ Answer this."] * 3 + [""]
    assert line(form, "subject").field.hasFocus()
    bed.type_in(line(form, "subject").field, "B")
    assert line(form, "subject").error.isHidden()


def test_allergies_are_asked_and_dmso_by_itself(at: At) -> None:
    bed = at(stops.verified())
    form = bed.ask(TaskKind.PREMEDICATE, PremedicationQuestion)
    assert form.title.text() == "Pre-medication: Dexamethasone 5 mg"
    bed.press(form)
    assert form.isVisible()
    choice(form, "any").grid._toggles[0].click()
    assert not line(form, "allergies").isHidden()
    bed.type_in(line(form, "allergies").field, "penicillin")
    choice(form, "dmso").choose(False)
    choice(form, "blood").choose("drawn")
    bed.press(form)
    given = bed.ward.state.premedication
    assert given is not None
    assert (given.allergies, given.dmso_allergy, given.dose_mg) == ("penicillin", False, Decimal(5))


def test_no_allergy_is_an_answer_too(at: At) -> None:
    bed = at(stops.verified())
    form = bed.ask(TaskKind.PREMEDICATE, PremedicationQuestion)
    choice(form, "any").grid._toggles[1].click()
    choice(form, "dmso").choose(False)
    choice(form, "blood").choose("drawn")
    bed.press(form)
    assert bed.ward.state.premedication is not None
    assert bed.ward.state.premedication.allergies == "none"
    said = next(r.text for r in bed.page.sheet.timeline._rows.rows if "Dexamethasone" in bed.kit.words.shown(r.text))
    assert "allergies: none" in bed.kit.words.shown(said)
    bed.kit.words.set_language("zh_CN")
    assert "none" not in bed.kit.words.shown(said)
    bed.kit.words.set_language("en")


def test_an_allergy_to_dmso_ends_the_way_here(at: At) -> None:
    bed = at(stops.verified())
    form = bed.ask(TaskKind.PREMEDICATE, PremedicationQuestion)
    choice(form, "any").grid._toggles[1].click()
    choice(form, "dmso").grid._toggles[0].click()
    assert choice(form, "dmso").error.text() == "▲ Do not go on. Call the investigator."
    choice(form, "blood").choose("drawn")
    bed.press(form)
    assert form.isVisible()
    assert bed.ward.state.premedication is None
    assert "do not go on" in form.strip._lines[0].text()


def test_another_dose_than_the_protocol_says_is_questioned(at: At) -> None:
    bed = at(stops.verified())
    form = bed.ask(TaskKind.PREMEDICATE, PremedicationQuestion)
    dose = form.answers_by_key["dose"]
    assert isinstance(dose, NumberAnswer)
    dose.number.field.clear()
    bed.type_in(dose.number.field, "10")
    assert dose.error.text() == "▲ The protocol says 5 mg; another dose is a deviation."


def test_a_thawed_bag_is_found_right_by_two_people(at: At) -> None:
    bed = at(stops.thawed())
    for person_id, title in (("n1", "First person"), ("n2", "Second person")):
        form = signed(bed, TaskKind.CHECK_BAG, person_id)
        assert form.title.text().startswith(title)
        for key, code in (("subject", "\x02B-007\r"), ("found", f"\x02{stops.BAGS[0]}\r")):
            send(line(form, key).field, code)
            bed.settle()
        choice(form, "looks").choose(True)
        bed.press(form)
    bed.press(bed.ask(TaskKind.HANG, FormQuestion))
    assert bed.ward.state.phase is Phase.HUNG


def test_a_bag_that_looks_wrong_is_set_aside(at: At) -> None:
    bed = at(stops.thawed())
    form = signed(bed, TaskKind.CHECK_BAG, "n1")
    for key, code in (("subject", "\x02B-007\r"), ("found", f"\x02{stops.BAGS[0]}\r")):
        send(line(form, key).field, code)
        bed.settle()
    choice(form, "looks").choose(False)
    bed.press(form)
    assert bed.ward.state.bags[stops.BAGS[0]].broken == "appearance"


def test_a_wrong_bag_while_it_runs_is_looked_at_again(at: At) -> None:
    ward = stops.started()
    story.watch(ward, 5)
    story.thawed(ward, stops.BAGS[1])
    ward.do(CheckBag(stops.BAGS[1], "UC-2611-999", True), LI)
    bed = at(ward)
    form = signed(bed, TaskKind.CLEAR_MISMATCH, "n1")
    for key, code in (("subject", "\x02B-007\r"), ("found", f"\x02{stops.BAGS[1]}\r")):
        send(line(form, key).field, code)
        bed.settle()
    choice(form, "looks").choose(True)
    bed.press(form)
    assert ward.state.mismatch is None
    assert ward.state.bags[stops.BAGS[1]].checked_by == ("n1",)


def test_an_investigator_allows_an_early_start(at: At) -> None:
    bed = at(stops.premedicated())
    form = signed(bed, "override", "i1")
    assert form.signer is not None
    assert list(form.signer.names.codes.values()) == ["i1"]
    bed.press(form)
    assert line(form, "reason").error.text() == "▲ Answer this."
    bed.type_in(line(form, "reason").field, "theatre waits")
    bed.press(form)
    assert bed.ward.state.lead_time_overridden_by == "i1"


def test_given_up_with_a_reason(at: At) -> None:
    bed = at(stops.received())
    form = bed.ask("abandon", FormQuestion)
    form.answers_by_key["reason"].choice.choose("withdrew")  # type: ignore[attr-defined]
    bed.press(form)
    assert bed.ward.state.phase is Phase.ABANDONED


def test_flushed_and_destroyed_before_a_witness(at: At) -> None:
    bed = at(stops.ended())
    form = bed.ask(TaskKind.FLUSH, LeftoverQuestion)
    bed.type_in(form.answers_by_key["flush"].number.field, "20")  # type: ignore[attr-defined]
    choice(form, "now").grid._toggles[1].click()
    assert form.witness.isHidden()
    bed.press(form)
    assert bed.ward.state.flushed_ml == 20
    form = bed.ask(TaskKind.DESTROY, LeftoverQuestion)
    assert "58 ml were left in the bag." in texts(form)
    assert form.answers_by_key["reason"].isHidden()
    assert f"Bag {stops.BAGS[1]}: 58 ml destroyed by Li" in texts(form)
    assert "n1" not in form.witness.names.codes.values()
    bed.press(form)
    assert bed.ward.state.bags[stops.BAGS[1]].destroyed_ml is None, "nobody has signed for it"
    bed.signs(form, "n2")
    assert bed.ward.state.bags[stops.BAGS[1]].destroyed_ml is not None
    destroyed = bed.ward.state.entries[-1]
    assert isinstance(destroyed.event, e.LeftoverDestroyed)
    assert (destroyed.by, destroyed.event.witness, destroyed.event.printed_name) == ("n1", "n2", "Wang")
    assert destroyed.event.signed_sha256


def test_another_volume_than_was_left_is_destroyed_with_a_reason_that_the_witness_sees(at: At) -> None:
    bed = at(stops.ended())
    form = signed(bed, TaskKind.DESTROY, "n2")
    ml = form.answers_by_key["ml"]
    assert isinstance(ml, NumberAnswer)
    ml.number.field.clear()
    bed.type_in(ml.number.field, "12")
    bed.press(form)
    assert form.isVisible()
    why = form.answers_by_key["reason"]
    assert isinstance(why, ReasonAnswer)
    assert not why.isHidden()
    why.choice.choose("spilt")
    ml.number.field.clear()
    bed.type_in(ml.number.field, "101")
    bed.press(form)
    assert "Between 0 and 100 ml." in texts(form)
    ml.number.field.clear()
    bed.type_in(ml.number.field, "12")
    for told in (f"Bag {stops.BAGS[1]}: 12 ml destroyed by Li", "58 ml were left in the bag."):
        assert told in texts(form)
    bed.press(form)
    assert bed.ward.state.bags[stops.BAGS[1]].destroyed_ml == 12
    assert "58 ml were left." in str(deviations(bed.ward.state, bed.ward.bedside.now())[-1].text)


def test_where_nobody_read_the_bag_the_counted_drops_say_what_was_left(at: At) -> None:
    ward = stops.running()
    story.watch(ward, 5)
    ward.do(HangBag(stops.BAGS[1]), LI)
    story.watch(ward, 10)
    ward.do(End(None), LI)
    form = at(ward).ask(TaskKind.DESTROY, LeftoverQuestion)
    assert "were left in the bag, by the counted drops." in texts(form)


def test_what_was_missed_is_done_now_or_the_closing_says_why(at: At) -> None:
    bed = at(stops.observed())
    form = bed.ask(TaskKind.CLOSE_OBSERVATION, ObservationQuestion)
    assert "Left undone: vital signs missed. Do it now, or give a reason." in texts(form)
    assert "Vital signs missed at: 14:20" in texts(form)
    choice(form, "outcome").choose("no_reaction")
    form.primary.click()
    assert line(form, "reason").error.text() == "▲ Answer this."
    now = form.findChild(QPushButton, "checks")
    assert isinstance(now, QPushButton)
    now.click()
    assert bed.dialog(VitalsQuestion) is not None
    story.checked(bed.ward)
    bed.dialog(VitalsQuestion).reject()
    bed.settle()
    form = bed.ask(TaskKind.CLOSE_OBSERVATION, ObservationQuestion)
    assert "Left undone" not in texts(form)
    assert form.answers_by_key["reason"].isHidden()


def test_the_observation_is_closed_with_what_is_watched_further(at: At) -> None:
    ward = stops.observed()
    story.checked(ward)
    bed = at(ward)
    form = bed.ask(TaskKind.CLOSE_OBSERVATION, ObservationQuestion)
    assert form.answers_by_key["reason"].isHidden()
    choice(form, "outcome").grid._toggles[-1].click()
    assert not form.answers_by_key["reason"].isHidden()
    choice(form, "outcome").grid._toggles[0].click()
    choice(form, "flags").grid.choose(frozenset({"0", "3"}))
    bed.press(form)
    closed = bed.ward.state.observation
    assert closed is not None
    assert (closed.outcome, closed.flags) == ("no_reaction", ("fever", "urine_dark"))


def test_closed_early_it_asks_why(at: At) -> None:
    bed = at(stops.ended())
    form = bed.ask(TaskKind.CLOSE_OBSERVATION, ObservationQuestion)
    choice(form, "outcome").choose("transferred")
    form.primary.click()
    assert line(form, "reason").error.text() == "▲ Answer this."
    bed.type_in(line(form, "reason").field, "to intensive care")
    bed.press(form)
    assert bed.ward.state.phase is Phase.OBSERVED


def test_after_a_reaction_no_reaction_is_no_choice(at: At) -> None:
    ward = stops.ended()
    ward.do(NoteReaction(ward.bedside.now(), ("rash",), "continue"), LI)
    bed = at(ward)
    form = bed.ask(TaskKind.CLOSE_OBSERVATION, ObservationQuestion)
    assert "no_reaction" not in choice(form, "outcome").codes.values()


def test_what_is_signed_stands_above_the_signature(at: At) -> None:
    ward = stops.closed()
    ward.do(DestroyLeftover(stops.BAGS[1], Decimal(58), WANG), LI)
    bed = at(ward)
    who = bed.ask(TaskKind.SIGN_PERFORMED, WhoQuestion)
    shown = texts(who)
    assert "of 140 million cells (97.8–105.0 %), 137.0–147.0 ml" in shown
    assert "Vital signs: 9 due, 8 on time, 0 late, 1 missed" in shown
    assert "Deviations: 2" in shown
    assert "Vital signs of 14:20 missed." in shown
    assert "Closed with this left undone: vital signs missed." in shown
    who.accept()
    who._then(GAO)
    form = bed.dialog(FormQuestion)
    assert "recorded nothing at the bed of this infusion: say why you sign." in texts(form)
    why = form.answers_by_key["reason"]
    assert isinstance(why, ReasonAnswer)
    why.choice.choose("on_behalf")
    bed.press(form)
    performed = ward.state.signatures["performed"]
    assert isinstance(performed.event, e.SignatureGiven)
    assert (performed.by, performed.event.reason) == ("n3", "on_behalf")
    who = bed.ask(TaskKind.SIGN_REVIEWED, WhoQuestion)
    assert list(who.names.codes.values()) == ["i1"]
    bed.signs(who, "i1")
    assert ward.state.phase is Phase.SIGNED


def test_handed_over_with_what_comes_next(at: At) -> None:
    bed = at(stops.running())
    who = bed.ask("hand_over", WhoQuestion)
    assert "B-007, bed 12. Next:" in texts(who)
    assert "n1" not in who.names.codes.values()
    bed.signs(who, "n2")
    assert bed.desk.person is not None
    assert bed.desk.person.person_id == "n2"


def test_nobody_signs_without_being_chosen(at: At) -> None:
    bed = at(stops.running())
    who = bed.ask("hand_over", WhoQuestion)
    who.primary.click()
    assert who.signer.error.text() == "▲ Choose who it is."


def test_a_note_and_the_bags_received(at: At) -> None:
    bed = at(stops.released())
    who = bed.ask(TaskKind.RECEIVE, WhoQuestion)
    assert stops.BAGS[0] in texts(who)
    bed.signs(who, "n1")
    assert bed.ward.state.phase is Phase.RECEIVED
    form = bed.ask("note", FormQuestion)
    bed.type_in(line(form, "text").field, "daughter present")
    bed.press(form)
    assert isinstance(bed.ward.state.entries[-1].event, e.NoteAdded)


def given_up() -> Ward:
    ward = stops.received()
    ward.do(Abandon("fever"), LI)
    return ward


def test_a_bag_that_was_not_used_goes_back_to_the_pharmacy(at: At) -> None:
    bed = at(given_up())
    form = bed.ask("unused", FormQuestion)
    bed.is_fit_for_gloves(form)
    choice(form, "bag").choose(stops.BAGS[1])
    choice(form, "what").choose("returned")
    bed.press(form)
    bed.signs(bed.dialog(WhoQuestion), "p1")
    returned = bed.ward.state.entries[-1]
    assert isinstance(returned.event, e.BagReturned)
    assert (returned.by, returned.event.handed_by, returned.event.bag_id) == ("p1", "n1", stops.BAGS[1])
    assert [bag.bag.bag_id for bag in unused(bed.ward.state)] == [stops.BAGS[0]]


def test_a_bag_that_was_not_used_is_destroyed_before_a_witness(at: At) -> None:
    bed = at(given_up())
    form = bed.ask("unused", FormQuestion)
    choice(form, "bag").choose(stops.BAGS[0])
    choice(form, "what").choose("destroyed")
    bed.press(form)
    bed.signs(bed.dialog(WhoQuestion), "n2")
    destroyed = bed.ward.state.entries[-1]
    assert isinstance(destroyed.event, e.LeftoverDestroyed)
    assert (destroyed.by, destroyed.event.witness, destroyed.event.volume_ml) == ("n1", "n2", Decimal(100))


def test_a_thawed_bag_of_an_infusion_given_up_is_only_destroyed(at: At) -> None:
    ward = stops.thawed()
    ward.do(Abandon("fever"), LI)
    bed = at(ward)
    form = bed.ask("unused", FormQuestion)
    choice(form, "bag").choose(stops.BAGS[0])
    choice(form, "bag").changed.emit()
    assert form.answers_by_key["what"].isHidden()
    assert "It was thawed: it does not go back, it is destroyed." in texts(form)
    bed.press(form)
    bed.signs(bed.dialog(WhoQuestion), "n2")
    assert bed.ward.state.bags[stops.BAGS[0]].destroyed_ml == 100


def test_where_every_bag_was_used_nothing_is_asked(at: At) -> None:
    bed = at(stops.ended())
    ACTIONS["unused"](bed.desk, bed.ward.infusion_id, bed.window)
    assert not bed.open_dialogs()
    assert "unused" not in [key for key, _text in more_actions(bed.ward.state, bed.ward.bedside.now())]
    gone = given_up()
    assert "unused" in [key for key, _text in more_actions(gone.state, gone.bedside.now())]
