"""Whose bags these are: received, read by two people, checked anew after a mismatch; and the patient's name."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity, VerifyBag, releasing, verifiers
from app.domain.infusion.chapters.thaw import mixed_up
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import BagState, Infusion
from app.domain.people.roles import Role
from app.domain.texts import Text, say
from ui.ask.code_answer import entered
from ui.ask.form import WHY_TYPED, Answers, Field, FormQuestion, ask_unseen
from ui.ask.question import Question
from ui.ask.signer import MaySign
from ui.ask.who import ask_who
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import button, label

from .bags import bag_code, practice_labels, why_typed, wristband
from .thaw import ask_check_bag, ask_choose_next_bag

KeepName = Callable[[str], None]
"""Keep this name in place of what was kept; "" erases it. Raises `Refused`."""
_LONGEST_NAME = 100


def ask_receive(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """A nurse takes the bags over from the pharmacy."""
    ask_who(desk, parent, {Role.NURSE}, lambda person: desk.submit(infusion_id, Receive(), person),
            why=say("Which nurse receives the bags?"), notes=_received_bags(desk, infusion_id))  # fmt: skip


def _received_bags(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    state = desk.infusion(infusion_id)
    bags = tuple(bag.bag for bag in state.bags.values() if bag.usable)
    return tuple(say("Bag {bag}, lot {lot}, for {subject}", bag=b.bag_id, lot=b.lot, subject=state.order.subject) for b in bags)


def ask_check_identity(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Two people read wristband and bags, each by themselves; nothing is filled in, and neither sees the other's answers."""
    state = desk.infusion(infusion_id)
    checked, plan = state.identity_checked_by, state.plan
    bags = len(plan.draws) if plan else 0
    fields = [wristband("subject")]
    fields += [bag_code(state.protocol, f"bag{n}", say("Number on bag {n}", n=n)) for n in range(1, bags + 1)]
    title = say("Second person: read wristband and bags") if checked else say("First person: read wristband and bags")
    notes = [say("Scan each code, or type what you read. Do not copy from a list or from the other person.")]
    if desk.practice:
        notes.append(practice_labels(state))

    def make(a: Answers) -> Command:
        read = [a[field.key] for field in fields]
        bags = tuple(code.read for code in read[1:])
        return CheckIdentity(read[0].text, tuple(bag.number for bag in bags), entered(*read), a[WHY_TYPED] or "", bags)

    may = MaySign(verifiers(state), say("Who reads wristband and bags?"), {*checked, *releasing(state)})
    ask_unseen(desk, infusion_id, parent, title, say("All read"), (*fields, why_typed()), make, may, notes)


def _waiting_bag(state: Infusion) -> BagState | None:
    """The first planned bag that was released after the others and not yet checked by two."""
    return next((b for b in state.planned_bags if b.released_by is not None and not b.ready), None)


def ask_verify_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """One person's own answers, read from wristband and bag; nothing is filled in beforehand."""
    state = desk.infusion(infusion_id)
    bag = _waiting_bag(state)
    if bag is None:
        return
    bag_id, checked = bag.bag.bag_id, bag.verified_by
    fields = (wristband("subject"), bag_code(state.protocol, "found", say("Number on the unthawed bag")), why_typed())
    title = say("Second person: read wristband and bag") if checked else say("First person: read wristband and bag")

    def make(a: Answers) -> Command:
        subject, found = a["subject"], a["found"]
        return VerifyBag(bag_id, subject.text, found.text, entered(subject, found), a[WHY_TYPED] or "", found.read)

    may = MaySign(verifiers(state), say("Who reads wristband and bag?"), {*checked, *releasing(state)})
    ask_unseen(desk, infusion_id, parent, title, say("All read"), fields, make, may)


def ask_check_again(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """After a mismatch the check in which it was found begins anew: two people read, or look at the thawed bag."""
    state = desk.infusion(infusion_id)
    wrong, bag = state.mismatch, _waiting_bag(state)
    unthawed = wrong is not None and bag is not None and (wrong.what == "patient" or wrong.expected_bag == bag.bag.bag_id)
    if state.phase is Phase.RECEIVED:
        ask_check_identity(desk, infusion_id, parent)
    elif unthawed:
        ask_verify_bag(desk, infusion_id, parent)
    elif (found := mixed_up(state)) is not None:
        _ask_mixed_up(desk, infusion_id, parent, found.bag.bag_id)
    else:
        ask_check_bag(desk, infusion_id, parent)


def _ask_mixed_up(desk: Desk, infusion_id: str, parent: QWidget, found: str) -> None:
    """Another bag of this patient was found where the next one was to be: read wrongly, or thawed by mistake."""
    again, go_on = say("Look at the bag again"), say("Bag {bag} was thawed by mistake: go on with it", bag=found)
    fields = (Field("what", say("What is so?"), "choice", None, ((False, again), (True, go_on)), columns=1),)
    title = say("Bag {bag} was found instead", bag=found)
    form = FormQuestion(desk, title, say("Go on"), fields, parent, (say("Going on with it takes two people."),))

    def confirm() -> None:
        try:
            goes_on = form.answers()["what"]
        except Refused:
            return
        form.accept()
        if goes_on:
            ask_choose_next_bag(desk, infusion_id, parent, found)
        else:
            ask_check_bag(desk, infusion_id, parent)

    form.confirmed.connect(confirm)
    form.open()


class NameQuestion(Question):
    keeps_draft = False

    def __init__(self, desk: Desk, subject: str, name: str, keep: KeepName, parent: QWidget) -> None:
        super().__init__(desk, say("Subject {subject}", subject=subject), say("Hide the name"), parent)
        self._subject, self._name, self._keep, self._parent = subject, name, keep, parent
        self.name = label(self.kit, name, "title", wrap=True)
        self.body.addWidget(self.name)
        self.body.addWidget(label(self.kit, say("That it was shown stands in the audit trail."), "body", "quiet", wrap=True))
        self.change = button(self.kit, say("Correct or erase it"))
        self.change.clicked.connect(self._change)
        self.body.addWidget(self.change)
        self.cancel.hide()
        self.confirmed.connect(self.accept)

    def _change(self) -> None:
        self.accept()
        ask_patient_name(self.desk, self._subject, self._name, self._keep, self._parent)


class GiveNameQuestion(Question):
    """Half typed it is not kept: whoever comes next must not read it."""

    keeps_draft = False

    def __init__(self, desk: Desk, subject: str, name: str, keep: KeepName, parent: QWidget) -> None:
        super().__init__(desk, say("Name of subject {subject}", subject=subject), say("Keep it"), parent)
        self._keep = keep
        self.line = QLineEdit(name)
        self.line.setMaxLength(_LONGEST_NAME)
        self.line.setFont(self.kit.look.font("line"))
        self.kit.words.bind(self.line, accessibleName=say("Full name"), placeholderText=say("Full name"))
        how = say(
            "Optional. It lies encrypted in this record and goes into no file, export or printed record. An empty line erases it."
        )
        self.body.addWidget(label(self.kit, how, "body", wrap=True))
        self.body.addWidget(self.line)
        self.confirmed.connect(self._confirm)
        self.line.setFocus()

    def _confirm(self) -> None:
        try:
            self._keep(self.line.text().strip())
        except Refused as refusal:
            self.say_no(refusal.text)
        else:
            self.accept()


def show_patient_name(desk: Desk, subject: str, name: str, keep: KeepName, parent: QWidget) -> None:
    NameQuestion(desk, subject, name, keep, parent).open()


def ask_patient_name(desk: Desk, subject: str, name: str, keep: KeepName, parent: QWidget) -> None:
    GiveNameQuestion(desk, subject, name, keep, parent).open()
