"""The observation is closed; the two signatures under the record, and what is signed: the dose, the checks, every deviation."""

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion.chapters.ending import CloseObservation, left_undone, undone_words
from app.domain.infusion.chapters.signing import Sign, took_part
from app.domain.infusion.checks import count, infusion_checks, missed_checks, observation_checks
from app.domain.infusion.code_words import FLAGS, OUTCOMES
from app.domain.infusion.deviations import deviations, within_tolerance
from app.domain.infusion.given.cells_given import MILLION, cells_given
from app.domain.infusion.state import Infusion
from app.domain.infusion.tasks import is_accounted_for, observation_due_at
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import Text, joined, listed, number, say
from ui.ask.answers import ChoiceAnswer
from ui.ask.form import YES_NO, Field, FormQuestion, ask_form, coded
from ui.ask.signer import MaySign
from ui.ask.who import ask_who, with_role
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import button, label

from .reaction import ask_resolve_reaction
from .vital_checks import ask_record_vitals
from .watching import ask_confirm_time

_WITH_REASON = ("reaction_ongoing", "transferred")
_SIGN = "sign"
_CARRIED_OUT = say("Nurse: I carried out this infusion as recorded")
_MOST_DEVIATIONS = 8
_WHY_ANOTHER_SIGNS = ("colleague_left", "on_behalf", "handover")


def ask_sign_performed(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The nurse signs that the infusion was carried out as recorded."""

    def opened(person: Person) -> None:
        if took_part(desk.infusion(infusion_id), person.person_id):
            desk.submit(infusion_id, Sign("performed"), person)
        else:
            _ask_why_they_sign(desk, infusion_id, parent, person)

    ask_who(desk, parent, {Role.NURSE}, opened,
            why=_CARRIED_OUT, notes=_signed_lines(desk, infusion_id))  # fmt: skip


def _ask_why_they_sign(desk: Desk, infusion_id: str, parent: QWidget, person: Person) -> None:
    """Who recorded nothing at the bed says why it is they who sign."""
    fields = (Field("reason", say("Why do you sign it?"), "reason", choices=coded(codes.REASONS, *_WHY_ANOTHER_SIGNS)),)
    notes = (say("{name} recorded nothing at the bed of this infusion: say why you sign.", name=person.name),)
    ask_form(desk, infusion_id, parent, say("Signed by who took no part"), say("Sign"), fields,
             lambda a: Sign("performed", a["reason"]), person, notes)  # fmt: skip


def ask_sign_reviewed(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """An investigator signs that the record was reviewed; another person than the nurse."""
    performed = desk.infusion(infusion_id).signatures.get("performed")
    ask_who(desk, parent, {Role.INVESTIGATOR}, lambda person: desk.submit(infusion_id, Sign("reviewed"), person),
            (performed.by or "",) if performed else (), say("Investigator: I reviewed this record"),
            _signed_lines(desk, infusion_id))  # fmt: skip


def _signed_lines(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    """Dose given against the plan, checks kept, outcome, and the deviations one by one."""
    s, now = desk.infusion(infusion_id), desk.now()
    found = cells_given(s, now)
    dose = say("Given {cells} of {planned} million cells ({share} %), {ml} ml",
               cells=found.cells.times(Decimal(1), MILLION).spread, ml=found.ml.spread,
               planned=number(found.planned_cells / MILLION) if found.planned_cells else "—",
               share=found.share_pct.spread if found.share_pct else "—")  # fmt: skip
    kept = say("within tolerance") if within_tolerance(s) else say("not surely within tolerance")
    checks = count([*infusion_checks(s, now), *observation_checks(s, now)], now)
    lines = [
        joined(" · ", (dose, kept)),
        say("Vital signs: {due} due, {on_time} on time, {late} late, {missed} missed",
            due=checks.due, on_time=checks.on_time, late=checks.late, missed=checks.missed),
    ]  # fmt: skip
    if s.observation is not None:
        lines.append(say("Observation closed: {outcome}", outcome=codes.word(s.observation.outcome, codes.OUTCOMES)))
    return (*lines, *_deviations(desk, infusion_id))


def _deviations(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    found = deviations(desk.infusion(infusion_id), desk.now())
    if not found:
        return (say("No deviations."),)
    shown = [joined(" ", ("▪", d.text, codes.word(d.reason))) for d in found[:_MOST_DEVIATIONS]]
    more = [say("and {n} more deviations in the record", n=len(found) - _MOST_DEVIATIONS)] if len(found) > _MOST_DEVIATIONS else []
    return (say("Deviations: {n}", n=len(found)), *shown, *more)


class ObservationQuestion(FormQuestion):
    """A reason is asked for before the time is over, where something is left undone, and where somebody goes on watching.

    Where nothing is owed any more, a nurse who took part may sign the record on the same sheet.
    """

    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget, by: Person) -> None:
        state = desk.infusion(infusion_id)
        self._by = by
        outcomes = tuple((code, words) for code, words in OUTCOMES.items() if code != "no_reaction" or not state.reactions)
        self._infusion_id, self._parent = infusion_id, parent
        self._undone = left_undone(state, desk.now())
        fields = (
            Field("outcome", say("Outcome"), "choice", None, outcomes, columns=2),
            Field("flags", say("What is to be watched further?"), "several", choices=tuple(FLAGS.items()), columns=3),
            Field("reason", say("Reason, and who watches further")),
        )
        notes = _observation_notes(desk, infusion_id)
        super().__init__(desk, say("Close the observation"), say("Close it"), fields, parent, notes)
        self._told = len(notes)
        self._early = desk.now() < observation_due_at(state)
        self._offer_to_do_now()
        self._offer_to_sign(state)
        self.confirmed.connect(self._confirm)
        self.answers_by_key["outcome"].changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        outcome = self.answers_by_key["outcome"]
        assert isinstance(outcome, ChoiceAnswer)
        needed = self._early or bool(self._undone) or outcome.chosen() in _WITH_REASON
        self.answers_by_key["reason"].setVisible(needed)
        sign = self.answers_by_key.get(_SIGN)
        if isinstance(sign, ChoiceAnswer) and self.signer is not None:
            sign.setVisible(not needed)
            for part in (*self._lines, self.signer):
                part.setVisible(self._signs)

    def _offer_to_sign(self, state: Infusion) -> None:
        """What is signed stands there; the signature is the nurse's own, of what stands in the record after the closing."""
        by, may_sign = self._by, is_accounted_for(state) and took_part(state, self._by.person_id)
        if by.role is not Role.NURSE or not may_sign or self._early or self._undone:
            return
        sign = ChoiceAnswer(self.kit, say("Sign the record now?"), YES_NO)
        self.add(_SIGN, sign)
        self._lines = [label(self.kit, line, "body", wrap=True) for line in _signed_lines(self.desk, self._infusion_id)]
        for line in self._lines:
            self.body.addWidget(line)
        others = {person.person_id for person in self.desk.people.of(Role.NURSE)} - {by.person_id}
        self.ask_to_sign(MaySign({Role.NURSE}, _CARRIED_OUT, others))
        sign.changed.connect(self._show)

    @property
    def _signs(self) -> bool:
        sign = self.answers_by_key.get(_SIGN)
        return isinstance(sign, ChoiceAnswer) and not sign.isHidden() and sign.chosen() is True

    def _confirm(self) -> None:
        try:
            a = self.answers()
        except Refused:
            return
        close = CloseObservation(a["outcome"], a["flags"], a["reason"] or "")
        if self.signer is None or not self._signs:
            self.send(self._infusion_id, close, self._by)
            return
        self.prove(self.signer, lambda person: self.send_in_turn(self._infusion_id, (close, Sign("performed")), person))

    def _offer_to_do_now(self) -> None:
        """A button each for what can still be done, above the answers."""
        for place, code in enumerate((code for code in self._undone if code in _DONE_NOW), start=self._told):
            words, _ask = _DONE_NOW[code]
            do = button(self.kit, words)
            do.setObjectName(code)
            do.clicked.connect(self._do_now)
            self.body.insertWidget(place, do)

    def _do_now(self) -> None:
        _words, ask = _DONE_NOW[self.sender().objectName()]
        self.reject()
        ask(self.desk, self._infusion_id, self._parent)


_DONE_NOW: dict[str, tuple[Text, Callable[[Desk, str, QWidget], None]]] = {
    "checks": (say("Take vital signs now"), ask_record_vitals),
    "time": (say("Enter what time it is"), ask_confirm_time),
    "reaction": (say("The reaction is over"), ask_resolve_reaction),
}


def _observation_notes(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    """Why closing it now takes a reason."""
    state, now = desk.infusion(infusion_id), desk.now()
    due_at, undone = observation_due_at(state), left_undone(state, now)
    early = (say("The observation lasts until {at}: closing it now takes a reason.", at=due_at),) if now < due_at else ()
    if not undone:
        return early
    missed = missed_checks(state, now)
    times = (say("Vital signs missed at: {times}", times=listed([check.due_at for check in missed])),) if missed else ()
    return (*early, say("Left undone: {what}. Do it now, or give a reason.", what=undone_words(undone)), *times)


def ask_close_observation(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The observation is over: how it went, and what is to be watched further."""
    with_role(desk, parent, BEDSIDE, lambda person: ObservationQuestion(desk, infusion_id, parent, person).open())
