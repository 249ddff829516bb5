"""The alarm limits of one patient, with a reason; the scale by which NEWS2 counts SpO₂, which an investigator orders."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.infusion.chapters.alarms import ChangeLimits, OrderScale
from app.domain.infusion.code_words import REASONS
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import Text, say
from app.domain.vitals.own_limits import by_baseline, near
from app.domain.watch.bed_seen import baseline_of
from ui.ask.answers import ReasonAnswer
from ui.ask.form import Field, ask_form, coded
from ui.ask.question import Question
from ui.ask.who import ask_who, with_role
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8

from .limit_rows import LimitRows

_WHY = ("usual_for_patient", "by_baseline", "doctor")
_HINT = say("The far limits stay, with high priority. No limit is ever off.")
_NO_BASELINE = say("There is no baseline yet: record vital signs before the start.")
_SCALES: dict[int, Text] = {2: say("Scale 2: target 88–92 %"), 1: say("Scale 1: everybody else")}


class LimitsQuestion(Question):
    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget) -> None:
        super().__init__(desk, say("Alarm limits of this patient"), say("Set these limits"), parent, width=720)
        self._infusion_id = infusion_id
        state = desk.infusion(infusion_id)
        baseline = baseline_of(state)
        self._offered = by_baseline(state.protocol.vitals, baseline)
        self.rows = LimitRows(self.kit, state.protocol.vitals, state.vitals, baseline)
        self.offer = button(self.kit, say("Suggest from the baseline"), why="" if self._offered else _NO_BASELINE)
        self.offer.setEnabled(bool(self._offered))
        self.usual = button(self.kit, say("As in the protocol"))
        self.reason = ReasonAnswer(self.kit, say("Why?"), coded(REASONS, *_WHY), columns=2)
        keys = QHBoxLayout()
        keys.setSpacing(SPACE_8)
        for made in (self.offer, self.usual):
            keys.addWidget(made)
        keys.addWidget(label(self.kit, _HINT, "hint", "quiet", wrap=True), 1)
        self.body.addLayout(keys)
        self.body.addWidget(self.rows)
        self.body.addWidget(self.reason)
        self.offer.clicked.connect(lambda _checked=False: self.rows.show_limits(self._offered))
        self.usual.clicked.connect(self._as_stated)
        self.confirmed.connect(self._confirm)
        next(iter(self.rows.fields.values())).setFocus()

    def _as_stated(self) -> None:
        self.rows.show_limits({code: near(of) for code, of in self.rows.stated.items()})

    def _confirm(self) -> None:
        try:
            limits, reason = self.rows.limits(), self.reason.value()
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        from_baseline = bool(limits) and all(self._offered.get(own.vital) == own for own in limits)
        command = ChangeLimits(limits, reason, from_baseline)
        with_role(self.desk, self, BEDSIDE, lambda person: self.send(self._infusion_id, command, person))


def ask_limits(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Other near limits for this patient, from now on."""
    LimitsQuestion(desk, infusion_id, parent).open()


def ask_scale(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """An investigator orders the scale by which SpO₂ counts in NEWS2."""
    state = desk.infusion(infusion_id)
    other = 1 if state.scale == 2 else 2
    fields = (Field("scale", say("NEWS2 counts SpO₂ by"), "choice", other, tuple(_SCALES.items())), Field("reason", say("Reason")))
    notes = (
        say("In force: scale {n}. Scale 2 is for patients whose oxygen target is 88–92 %, such as in chronic lung failure.",
            n=state.scale),
        say("The alarm limits of SpO₂ stay as they are: set them too."),
    )  # fmt: skip

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("SpO₂ scale of NEWS2"), say("Order it"), fields,
                 lambda a: OrderScale(a["scale"], a["reason"]), person, notes)  # fmt: skip

    ask_who(desk, parent, {Role.INVESTIGATOR}, opened, why=say("Which investigator orders the SpO₂ scale?"))
