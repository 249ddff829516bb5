"""The pre-medication, and a start before its time is over."""

from decimal import Decimal

from PySide6.QtWidgets import QWidget

from app.domain.infusion.chapters.premedication import GivePremedication, OverrideLeadTime
from app.domain.infusion.code_words import BLOOD
from app.domain.infusion.tasks import start_from
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import Text, say
from ui.ask.answers import ChoiceAnswer, NumberAnswer, TextAnswer
from ui.ask.form import YES_NO, Field, FormQuestion, ask_form, submit_form
from ui.ask.signer import MaySign
from ui.ask.who import with_role
from ui.frame.desk import Desk


class PremedicationQuestion(FormQuestion):
    """An allergy to DMSO is said at once to end the way here; another dose than the protocol's is questioned."""

    def __init__(self, desk: Desk, title: Text, dose_mg: Decimal, parent: QWidget) -> None:
        fields = (
            Field("any", say("Any allergy? Ask the patient."), "choice", None, YES_NO),
            Field("allergies", say("Which allergies?")),
            Field("dmso", say("Allergy to DMSO?"), "choice", None, YES_NO),
            Field("blood", say("Baseline blood"), "choice", None, tuple(BLOOD.items())),
            Field("dose", say("Dose given"), "number", dose_mg, unit="mg", decimals=1),
            Field("at", say("Given at"), "time"),
        )
        super().__init__(desk, title, say("Given"), fields, parent)
        self._dose_mg = dose_mg
        for key in ("any", "dmso", "dose"):
            self.answers_by_key[key].changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        any_, dmso, dose = (self.answers_by_key[key] for key in ("any", "dmso", "dose"))
        assert isinstance(any_, ChoiceAnswer)
        assert isinstance(dmso, ChoiceAnswer)
        assert isinstance(dose, NumberAnswer)
        which = self.answers_by_key["allergies"]
        assert isinstance(which, TextAnswer)
        which.setVisible(any_.chosen() is True)
        dmso.complain(say("Do not go on. Call the investigator.") if dmso.chosen() is True else None)
        given = dose.number.value()
        other = given is not None and given != self._dose_mg
        dose.complain(say("The protocol says {dose} mg; another dose is a deviation.", dose=self._dose_mg) if other else None)


def ask_give_premedication(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The pre-medication: allergies asked first, DMSO by itself; then dose and time."""
    rules = desk.infusion(infusion_id).protocol.premedication
    title = say("Pre-medication: {drug} {dose} mg", drug=rules.drug, dose=rules.dose_mg)

    def opened(person: Person) -> None:
        form = PremedicationQuestion(desk, title, rules.dose_mg, parent)
        submit_form(
            form, infusion_id,
            lambda a: GivePremedication(a["dose"], a["at"], a["allergies"] or "none", a["dmso"], a["blood"]), person,
        )  # fmt: skip
        form.open()

    with_role(desk, parent, BEDSIDE, opened)


def ask_override_lead_time(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """An investigator lets the start come before the pre-medication's time is over."""
    fields = (Field("reason", say("Reason")),)
    notes = (say("Without it the start is possible from {at}. It is marked as a deviation.",
                 at=start_from(desk.infusion(infusion_id))),)  # fmt: skip

    may = MaySign({Role.INVESTIGATOR}, say("Which investigator allows the early start?"))
    ask_form(desk, infusion_id, parent, say("Start before the waiting time is over"), say("Allow"), fields,
             lambda a: OverrideLeadTime(a["reason"]), may, notes)  # fmt: skip
