"""A bag is thawed, looked at by two people, put before another, hung, and taken away empty or not."""

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.identity import releasing, verifiers
from app.domain.infusion.chapters.thaw import CheckBag, ChooseNextBag, HangBag, ReportEmpty, TakeDownBag, ThawBag, others_to_hang
from app.domain.infusion.code_words import REASONS
from app.domain.infusion.state import Infusion
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import Text, number, say
from ui.ask.code_answer import entered
from ui.ask.form import WHY_TYPED, Answers, Field, FormQuestion, ask_form, ask_unseen, coded
from ui.ask.signer import MaySign
from ui.ask.who import ask_who, with_role
from ui.frame.desk import Desk

from .bags import bag_code, bag_in_question, practice_labels, why_typed, wristband

_LOOKS: tuple[tuple[bool, Text], ...] = ((True, say("As it should be")), (False, say("Not right: set it aside")))
_WHY_TAKEN_DOWN = ("bag_fault", "appearance", "line", "thawed_too_long", "doctor")
_WHY_NEXT = ("thawed_by_mistake", "expires_first", "bag_fault", "doctor")


def ask_thaw_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """A bag is thawed: from when its thaw clock runs."""
    bag_id = bag_in_question(desk, infusion_id)
    fields = (Field("at", say("Thawed at"), "time"),)
    notes = (say("Thaw and mix it as the protocol says. Its thaw clock runs from this time."),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Bag {bag} is thawed", bag=bag_id), say("Thawed"), fields,
                 lambda a: ThawBag(bag_id, a["at"]), person, notes)  # fmt: skip

    with_role(desk, parent, BEDSIDE, opened)


def ask_check_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """One of two people reads wristband and thawed bag before it is hung; a bag that looks wrong is set aside for good."""
    bag_id = bag_in_question(desk, infusion_id)
    state = desk.infusion(infusion_id)
    bag = state.bags[bag_id]
    title = say("Second person: look at the thawed bag") if bag.checked_by else say("First person: look at the thawed bag")
    fields = (
        wristband("subject"),
        bag_code(state.protocol, "found", say("Number on the thawed bag")),
        why_typed(),
        Field("looks", say("Intact, no clumps, no leak, colour"), "choice", None, _LOOKS, columns=2),
    )
    notes = [say("Thawed at {at}.", at=bag.thawed_at)] if bag.thawed_at else []
    if desk.practice:
        notes.append(practice_labels(state))

    def make(a: Answers) -> Command:
        subject, found = a["subject"], a["found"]
        how = entered(subject, found)
        return CheckBag(bag_id, found.text, a["looks"], how, a[WHY_TYPED] or "", found.read, subject.text)

    others = {*bag.checked_by, *releasing(state)}
    may = MaySign(verifiers(state), say("Who checks the thawed bag?"), others, likely=state.identity_checked_by)
    ask_unseen(desk, infusion_id, parent, title, say("Checked"), fields, make, may, notes)


def ask_hang_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """A checked bag is hung; one that still hangs is thereby reported empty."""
    bag_id, state = bag_in_question(desk, infusion_id), desk.infusion(infusion_id)
    thawed_at = state.bags[bag_id].thawed_at
    notes = [say("Thawed at {at}.", at=thawed_at)] if thawed_at else []
    if state.hanging:
        notes.append(say("Bag {bag} is empty; the next one is hung.", bag=state.hanging.bag.bag_id))

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Hang bag {bag}", bag=bag_id), say("Hung"), (),
                 lambda _a: HangBag(bag_id), person, notes)  # fmt: skip

    with_role(desk, parent, BEDSIDE, opened)


def ask_report_empty(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The hanging bag has run in."""
    hanging = desk.infusion(infusion_id).hanging
    if hanging is None:
        desk.refuse(say("No bag hangs."), infusion_id)
        return
    title = say("Is bag {bag} empty?", bag=hanging.bag.bag_id)
    notes = (say("All of its {ml} ml then count as given.", ml=hanging.volume_ml),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, title, say("It is empty"), (), lambda _a: ReportEmpty(), person, notes)

    with_role(desk, parent, BEDSIDE, opened)


def ask_take_down_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The hanging bag is taken away before it is empty."""
    fields = (
        Field("left", say("Left in the bag"), "number", unit=say("ml"), decimals=1),
        Field("reason", say("Why is it taken down?"), "reason", choices=coded(REASONS, *_WHY_TAKEN_DOWN)),
    )

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Take the bag down"), say("Taken down"), fields,
                 lambda a: TakeDownBag(a["left"], a["reason"]), person)  # fmt: skip

    with_role(desk, parent, BEDSIDE, opened)


def ask_choose_next_bag(desk: Desk, infusion_id: str, parent: QWidget, found: str | None = None) -> None:
    """Two people let another bag come next than the planned one. `found`: the one that may have been thawed by mistake."""
    state = desk.infusion(infusion_id)
    next_bag, others = state.next_bag, [bag.bag.bag_id for bag in others_to_hang(state)]
    if next_bag is None or not others:
        return
    instead_of, first = next_bag.bag.bag_id, found or (others[0] if len(others) == 1 else None)
    fields = [
        Field("bag", say("Which bag comes next?"), "choice", first, tuple((b, b) for b in others)),
        Field("reason", say("Why?"), "reason", choices=coded(REASONS, *_WHY_NEXT)),
    ]
    if next_bag.thawed_at is not None:
        fields.insert(
            1, Field("mixed", say("Which bag lies thawed?"), "choice", True if found else None, _which_thawed(instead_of))
        )
    title = say("Another bag in place of bag {bag}", bag=instead_of)
    form = FormQuestion(desk, title, say("Go on: second person"), fields, parent, _planned_notes(state))

    def opened(by: Person) -> None:
        def confirm() -> None:
            try:
                a = form.answers()
            except Refused:
                return
            form.accept()
            _second_person(desk, infusion_id, parent, by, instead_of, a)

        form.confirmed.connect(confirm)
        form.open()

    with_role(desk, parent, BEDSIDE, opened)


def _which_thawed(instead_of: str) -> tuple[tuple[bool, Text], ...]:
    return (
        (False, say("Bag {bag}, as recorded", bag=instead_of)),
        (True, say("The other one: it was thawed by mistake, bag {bag} was not", bag=instead_of)),
    )


def _planned_notes(state: Infusion) -> tuple[Text, ...]:
    """The plan that is left: it stays in the record beside the new one."""
    draws = state.plan.draws if state.plan else ()
    planned = tuple(say("Planned: bag {bag}, {ml} ml", bag=d.bag_id, ml=number(d.volume_ml)) for d in draws)
    return (*planned, say("The plan is made anew by the bags' own counts. Both plans stay in the record."))


def _second_person(desk: Desk, infusion_id: str, parent: QWidget, by: Person, instead_of: str, a: Answers) -> None:
    state, bag_id, is_mix_up = desk.infusion(infusion_id), a["bag"], bool(a.get("mixed"))
    what = say("Bag {bag} comes next, instead of bag {other}", bag=bag_id, other=instead_of)
    if is_mix_up:
        what = say("Bag {bag} was thawed by mistake for bag {other}, and comes next", bag=bag_id, other=instead_of)

    def signed(who: Person) -> None:
        desk.submit(infusion_id, ChooseNextBag(bag_id, a["reason"], who, is_mix_up), by)

    ask_who(desk, parent, verifiers(state), signed, {by.person_id, *releasing(state)}, say("Who is the second person?"), (what,))
