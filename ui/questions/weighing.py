"""What the subject weighs today, the set in hand that goes with it, and a second person's word where it changed much."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.infusion.chapters.bench import ChooseSet
from app.domain.infusion.chapters.weighing import ConfirmWeight, RecordWeight
from app.domain.people.roles import CLINICAL
from app.domain.products.dose import is_unusual, read_weight
from app.domain.products.drip_rates import feasible_drop_factors
from app.domain.texts import Text, number, say
from ui.ask.big_number import takes_a_number
from ui.ask.question import Question
from ui.ask.toggle_grid import ToggleGrid, ToggleItem, ToggleState
from ui.ask.who import ask_who
from ui.dispense.set_rows import joined_with_or, nominal_ml
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import button, label

_LOOK_MS = 500


class WeightQuestion(Question):
    """An unusual weight is asked a second time before it is taken; what it leads to is shown while it is typed.

    Of the sets that it makes possible the one in hand may be chosen at once; nothing is chosen beforehand.
    """

    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget) -> None:
        super().__init__(desk, say("What is the weight today?"), say("Record"), parent)
        self._infusion_id, self._rules = infusion_id, desk.infusion(infusion_id).protocol.weight
        self.kg, self.last, self.again = (takes_a_number(QLineEdit()) for _ in range(3))
        known = desk.bedside.last_weight_kg(infusion_id)
        self.last.setText("" if known is None else f"{known:f}")
        self._form = QFormLayout()
        self._form.setVerticalSpacing(8)
        names = (say("Weight today, kg"), say("Last weight, kg (empty: not known)"), say("Weight today a second time, kg"))
        for name, field in zip(names, (self.kg, self.last, self.again), strict=True):
            self.kit.words.bind(field, accessibleName=name)
            self._form.addRow(label(self.kit, name), field)
        self.follows = label(self.kit, "", "body", "quiet", wrap=True)
        self.sets = ToggleGrid(self.kit)
        self.sets_name = label(self.kit, say("Which giving set is used? As printed on the set; it can be chosen later"), wrap=True)
        self.scale = button(self.kit, "")
        self.scale.clicked.connect(self._take)
        self.body.addLayout(self._form)
        self.body.addWidget(self.scale)
        for widget in (self.follows, self.sets_name, self.sets):
            self.body.addWidget(widget)
        self._offer_sets(())
        self._form.setRowVisible(self.again, False)
        self.kg.textEdited.connect(self._typed)
        self.confirmed.connect(self._confirm)
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._offer)
        self._look.start()
        self._offer()
        self.kg.setFocus()

    def _offer(self) -> None:
        """What stands still on a scale is offered; it is the person who takes it and records it."""
        offered = self.desk.bedside.scales.offered_kg(self.desk.now(), self.desk.infusion(self._infusion_id).protocol)
        self.scale.setVisible(offered is not None)
        if offered is not None:
            self.scale.setProperty("kg", f"{offered:f}")
            text = say("Take {kg} kg from the scale", kg=offered)
            self.kit.words.bind(self.scale, text=text, accessibleName=text)

    def _take(self) -> None:
        self.kg.setText(self.scale.property("kg"))
        self._typed()
        self.primary.setFocus()

    @property
    def asks_again(self) -> bool:
        return self._form.isRowVisible(self.again)

    def _typed(self) -> None:
        self.again.clear()
        self._form.setRowVisible(self.again, False)
        self.strip.set_state(None)
        self.kit.words.bind(self.primary, text=say("Record"))
        self.kit.words.bind(self.follows, text=self._leads_to())

    def _offer_sets(self, fits: Sequence[int]) -> None:
        items = tuple(ToggleItem(str(factor), say("{factor} gtt/ml", factor=factor)) for factor in fits)
        self.sets.set_state(ToggleState(items, max(1, len(items)), exclusive=True))
        self.sets.setVisible(bool(fits))
        self.sets_name.setVisible(bool(fits))

    def enter(self) -> None:
        """From the weight to the set, where one may be chosen, and then the primary button."""
        if self.focusWidget() is self.kg and not self.sets.isHidden() and not self.sets.chosen():
            self.sets.take_focus()
        else:
            self.primary.click()

    def _leads_to(self) -> Text | str:
        self._offer_sets(())
        try:
            kg = read_weight(self.kg.text(), self._rules)
        except Refused:
            return ""
        protocol = self.desk.infusion(self._infusion_id).protocol
        volume_ml = nominal_ml(kg, protocol)
        fits = feasible_drop_factors(volume_ml, protocol.infusion)
        self._offer_sets(fits)
        if not fits:
            return say("About {ml} ml: no set in use can give that in time.", ml=number(volume_ml))
        return say("About {ml} ml; possible with a {sets} gtt/ml set.", ml=number(volume_ml), sets=joined_with_or(fits))

    def _confirm(self) -> None:
        try:
            kg = read_weight(self.kg.text(), self._rules)
            again = read_weight(self.again.text(), self._rules) if self.asks_again else None
            last = read_weight(self.last.text(), self._rules) if self.last.text().strip() else None
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        sets = [ChooseSet(int(factor)) for factor in self.sets.chosen()]
        self.send_in_turn(self._infusion_id, (RecordWeight(kg, last, again), *sets), None)
        if is_unusual(kg, self._rules) and not self.asks_again:
            self._ask_again(kg)

    def _ask_again(self, kg: Decimal) -> None:
        self._form.setRowVisible(self.again, True)
        self.kit.words.bind(self.primary, text=say("Confirm {kg} kg", kg=kg))
        self.again.setFocus()
        self.area.setMinimumHeight(self.body.sizeHint().height())


def ask_record_weight(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    WeightQuestion(desk, infusion_id, parent).open()


def ask_confirm_weight(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Another person than the one who weighed, who is told both weights."""
    s = desk.infusion(infusion_id)
    assert s.weight is not None
    today, last = s.weight.weight_kg, s.weight.previous_kg
    why = say("A second person confirms {kg} kg; the last weight is not known", kg=today)
    if last is not None:
        why = say("A second person confirms {kg} kg; last time {last} kg", kg=today, last=last)
    ask_who(desk, parent, CLINICAL, lambda p: desk.submit(infusion_id, ConfirmWeight(), p),
            (s.weight_by,) if s.weight_by else (), why)  # fmt: skip
