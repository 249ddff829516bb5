"""The Dispense page: weight → dose → set → bags → certificates → release, one next step at a time."""

from datetime import datetime, timedelta
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain import commands as c
from app.domain.dose import BagPlan, dose_cells, nominal_bags, plan_bags, read_weight
from app.domain.drip import feasibility, usable_weights_kg, why_not
from app.domain.errors import Refused
from app.domain.events import Bag
from app.domain.infusion import BagState, Infusion, Phase
from app.domain.people import Person, Role
from app.domain.rules.dispense import certified, sets_that_fit, weight_needs_confirmation
from app.domain.texts import Text, say
from ui.desk import Desk
from ui.dialogs.before import receive
from ui.dialogs.form import YES_NO, Answers, Field, ask_form
from ui.dialogs.who import ask_who, desk_as
from ui.look.tokens import SPACE_8
from ui.views.infusion import identity
from ui.widgets.dock import Action, Dock, DockState
from ui.widgets.dose_chain import DoseChain, DoseState, Span
from ui.widgets.empty import Empty, EmptyState
from ui.widgets.identity import IdentityBanner
from ui.widgets.parts import Card, label
from ui.widgets.set_bars import SetBars, SetBarsState, SetRow
from ui.widgets.table import Column, Row, Table, TableState

_COLUMNS = (Column(say("Bag"), 1.2, strong=True), Column(say("Lot"), 1.0), Column(say("Content"), 1.4),
            Column(say("Viability"), 0.8), Column(say("Expiry"), 1.2))  # fmt: skip
_TESTS = {"microorganisms": say("Micro-organisms: passed"), "purity": say("Purity: passed"),
          "tumorigenicity": say("Tumorigenicity: passed")}  # fmt: skip


class DispensePage(QWidget):
    """`show_infusion` chooses the order; the dock's primary button is the next step."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.kit = desk, desk.kit
        self.infusion_id: str | None = None
        self.empty = Empty(self.kit)
        to_do = say("Order an infusion on the Ward page, then dispense it here.")
        self.empty.set_state(EmptyState(say("No order waits"), to_do, say("To the ward"), "dispense"))
        self.empty.pressed.connect(self._to_ward)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._content())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        desk.changed.connect(self._changed)
        desk.kit.words.changed.connect(self.refresh)

    def _content(self) -> QWidget:
        content = QWidget()
        self.identity, self.chain, self.sets = IdentityBanner(self.kit), DoseChain(self.kit), SetBars(self.kit)
        self.table, self.dock = Table(self.kit, say("Bags")), Dock(self.kit)
        self.dock.chosen.connect(self._act)
        dose, sets = Card(self.kit, say("Dose")), Card(self.kit, say("Which giving set makes the time possible"))
        for card, part in ((dose, self.chain), (sets, self.sets)):
            card.body.addWidget(part)
            card.body.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(SPACE_8)
        middle.addWidget(dose, 1)
        middle.addWidget(sets, 1)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self.identity)
        column.addLayout(middle, 1)
        column.addWidget(label(self.kit, say("Bags"), "title"), 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.table, 1)
        column.addWidget(self.dock)
        return content

    def show_infusion(self, infusion_id: str) -> None:
        self.infusion_id = infusion_id
        self.refresh()

    def _changed(self, infusion_id: str) -> None:
        if infusion_id == self.infusion_id:
            self.refresh()

    def refresh(self) -> None:
        bedside = self.desk.bedside
        if self.infusion_id is None:
            waiting = [s for s in bedside.infusions if s.phase is Phase.ORDERED]
            self.infusion_id = waiting[0].infusion_id if waiting else None
        if self.infusion_id is None or not bedside.knows(self.infusion_id):
            self.stack.setCurrentIndex(0)
            return
        self.stack.setCurrentIndex(1)
        state, words = bedside.infusion(self.infusion_id), self.kit.words.catalogue
        self.identity.set_state(identity(state, self.desk.now(), words))
        self.chain.set_state(self._dose(state))
        self.sets.setVisible(state.weight is not None)
        if state.weight is not None:
            self.sets.set_state(self._sets(state, float(state.weight.weight_kg)))
        self.table.set_state(TableState(_COLUMNS, tuple(map(self._bag_row, state.bags.values()))))
        self.dock.set_state(self._dock(state))

    def _plan(self, s: Infusion) -> BagPlan | None:
        """By the scanned bags' own counts; by nominal bags until they are scanned."""
        if s.weight is None:
            return None
        if s.plan is not None and s.plan.complete:
            return s.plan
        cells = dose_cells(s.weight.weight_kg, s.protocol)
        return plan_bags(cells, nominal_bags(cells, s.protocol))

    def _dose(self, s: Infusion) -> DoseState:
        plan = self._plan(s)
        if plan is None or s.weight is None:
            return DoseState(((Span(say("Record the weight of today first."), "quiet"),),), ())
        words = self.kit.words.catalogue
        per_kg = words.cells(s.protocol.dose.cells_per_kg)
        cells = say("{cells} cells", cells=words.cells(plan.dose_cells))
        left = say(", {ml} ml left over", ml=f"{plan.leftover_ml:.1f}")
        lines = (
            (Span(f"{s.weight.weight_kg} kg × {per_kg}"), Span("=", "operator"), Span(cells, "result")),
            (Span(" + ".join(f"{d.volume_ml:.1f} ml" for d in plan.draws)), Span("=", "operator"),
             Span(f"{plan.volume_ml:.1f} ml", "result")),
            (Span(say("{n} bags", n=len(plan.draws)), "result"), Span(left), Span(say("(destroy, witnessed)"), "quiet")),
        )  # fmt: skip
        viable = plan.viable_cells
        note = say("Viable cells at release: {cells}.", cells=words.cells(viable)) if viable else ""
        return DoseState(lines, (note,) if note else ())

    def _sets(self, s: Infusion, weight_kg: float) -> SetBarsState:
        protocol, fits = s.protocol, sets_that_fit(s)
        per_kg = protocol.product.volume_per_bag_ml * protocol.dose.cells_per_kg / protocol.product.cells_per_bag
        rows = []
        for factor in protocol.infusion.drop_factors_gtt_per_ml:
            low, high = usable_weights_kg(factor, per_kg, protocol.infusion)
            rows.append(SetRow(f"{factor} gtt/ml", float(low), float(high), factor in fits))
        return SetBarsState(tuple(rows), weight_kg, (0.0, 160.0), self._advice(s, fits))

    def _advice(self, s: Infusion, fits: tuple[int, ...]) -> Text | str:
        volume = s.planned_ml
        if volume is None:
            return ""
        if s.drop_factor is not None:
            found = feasibility(volume, s.drop_factor, s.protocol.infusion)
            return why_not(found, volume, s.protocol.infusion) or say(
                "With {factor} drops/ml: {low}–{high} drops/min in the last stage.",
                factor=s.drop_factor, low=found.rate_min_gtt_min, high=found.rate_max_gtt_min,
            )  # fmt: skip
        return say("Use a set with {sets} drops/ml.", sets=", ".join(map(str, fits)))

    def _bag_row(self, b: BagState) -> Row:
        words = self.kit.words.catalogue
        content = f"{b.bag.volume_ml} ml · {words.cells(b.bag.cells)}"
        viability = f"{b.certificate.viability_pct} %" if b.certificate else "—"
        name: Text | str = b.bag.bag_id if b.usable else say("{bag} (set aside)", bag=b.bag.bag_id)
        return Row(b.bag.bag_id, (name, b.bag.lot, content, viability, words.date_time(b.bag.expires_at)))

    # --- the steps

    def _step(self, s: Infusion) -> tuple[str, Text]:
        """The first step that is not done."""
        plan = s.plan
        uncertified = any(b.certificate is None for b in s.bags.values() if b.usable)
        unfit = _unfit(s, self.desk.now())
        steps = (
            ("receive", say("Nurse receives the bags"), s.phase is Phase.RELEASED),
            ("go", say("Go to the infusion"), s.phase is not Phase.ORDERED),
            ("weight", say("Record the weight"), s.weight is None),
            ("confirm", say("Second person confirms the weight"), weight_needs_confirmation(s)),
            ("set", say("Choose the giving set"), s.drop_factor not in sets_that_fit(s)),
            ("reject", say("Set bag {bag} aside", bag=unfit or ""), unfit is not None),
            ("certificate", say("Enter the certificate"), uncertified),
            ("bag", say("Scan the next bag"), plan is None or not plan.complete),
            ("release", say("Release: pharmacist signs"), True),
        )
        return next((key, text) for key, text, wanted in steps if wanted)

    def _dock(self, s: Infusion) -> DockState:
        key, text = self._step(s)
        others = [Action("weight", say("Weigh again")), Action("reject", say("Reject a bag"))]
        return DockState(Action(key, text, "Enter"), tuple(others) if s.phase is Phase.ORDERED else (), reaction=False)

    def _act(self, key: str) -> None:
        assert self.infusion_id is not None
        steps = {"weight": self._weight, "confirm": self._confirm, "set": self._set, "bag": self._bag,
                 "certificate": self._certificate, "release": self._release, "reject": self._reject}  # fmt: skip
        if key == "go":
            self.desk.show_page.emit("infusion", self.infusion_id)
        elif key == "receive":
            receive(self.desk, self.infusion_id, self)
        else:
            steps[key](self.infusion_id)

    def _weight(self, infusion_id: str) -> None:
        rules = self.desk.bedside.trial.protocol.weight

        def make(a: Answers) -> c.Command:
            previous = read_weight(a["last"], rules) if a["last"] else None
            return c.RecordWeight(read_weight(a["kg"], rules), previous)

        fields = (Field("kg", say("Weight today, kg")), Field("last", say("Last weight, kg"), needed=False))
        ask_form(self.desk, infusion_id, self, say("What is the weight today?"), say("Record"), fields, make)

    def _confirm(self, infusion_id: str) -> None:
        by = self.desk.infusion(infusion_id).weight_by
        ask_who(self.desk, self, set(Role), lambda p: self.desk.submit(infusion_id, c.ConfirmWeight(), p),
                (by,) if by else (), say("A second person confirms the weight"))  # fmt: skip

    def _set(self, infusion_id: str) -> None:
        s = self.desk.infusion(infusion_id)
        fits = sets_that_fit(s)
        choices = tuple((f, f"{f} gtt/ml") for f in s.protocol.infusion.drop_factors_gtt_per_ml)
        fields = (Field("factor", say("Giving set"), "choice", fits[-1] if fits else None, choices),)
        ask_form(self.desk, infusion_id, self, say("Which giving set is used?"), say("Choose"), fields,
                 lambda a: c.ChooseSet(a["factor"]))  # fmt: skip

    def _bag(self, infusion_id: str) -> None:
        product = self.desk.bedside.trial.protocol.product
        number = sum(len(s.bags) for s in self.desk.bedside.infusions) + 1
        first = f"UC-2611-{number:03}" if self.desk.practice else None
        fields = (
            Field("id", say("Bag number (scan)"), first=first),
            Field("again", say("Bag number again"), first=first),
            Field("lot", say("Lot"), first="UC2611" if self.desk.practice else None),
            Field("cells", say("Cells on the label, × 10⁸"), "number", Decimal(product.cells_per_bag) / 10**8),
            Field("ml", say("Volume, ml"), "number", product.volume_per_bag_ml),
            Field("days", say("Days until expiry"), "number", 2 if self.desk.practice else None),
        )

        def make(a: Answers) -> c.Command:
            if a["id"] != a["again"]:
                raise Refused(say("The two bag numbers differ. Type them again."))
            if any(a["id"] in s.bags for s in self.desk.bedside.infusions):
                raise Refused(say("Bag {bag} is on an infusion already.", bag=a["id"]))
            expires = self.desk.now() + timedelta(days=float(a["days"]))
            return c.ScanBag(Bag(a["id"], a["lot"], _count(a["cells"], product.cells_per_bag), a["ml"], expires))

        desk_as(self.desk, self, {Role.PHARMACIST}, lambda p: ask_form(
            self.desk, infusion_id, self, say("What does the label say?"), say("Take this bag"), fields, make, p))  # fmt: skip

    def _certificate(self, infusion_id: str) -> None:
        s = self.desk.infusion(infusion_id)
        bag_id = next(b.bag.bag_id for b in s.bags.values() if b.usable and b.certificate is None)
        tests = s.protocol.product.certificate_tests
        fields = (
            Field("viability", say("Viability, %"), "number"),
            *(Field(t, _TESTS.get(t, say("{test}: passed", test=t)), "choice", None, YES_NO) for t in tests),
            Field("looks", say("Appearance as it should be"), "choice", None, YES_NO),
            Field("kept", say("Storage and transport as they should be"), "choice", None, YES_NO),
        )

        def make(a: Answers) -> c.Command:
            return c.RecordCertificate(bag_id, a["viability"], {t: a[t] for t in tests}, a["looks"], a["kept"])

        desk_as(self.desk, self, {Role.PHARMACIST}, lambda p: ask_form(
            self.desk, infusion_id, self, say("Certificate of bag {bag}", bag=bag_id), say("Enter"), fields, make, p))  # fmt: skip

    def _reject(self, infusion_id: str) -> None:
        s = self.desk.infusion(infusion_id)
        choices = tuple((b.bag.bag_id, b.bag.bag_id) for b in s.bags.values() if b.usable)
        fields = (Field("bag", say("Bag"), "choice", _unfit(s, self.desk.now()), choices), Field("reason", say("Reason")))
        desk_as(self.desk, self, {Role.PHARMACIST}, lambda p: ask_form(
            self.desk, infusion_id, self, say("Set a bag aside"), say("Set aside"), fields,
            lambda a: c.RejectBag(a["bag"], a["reason"]), p))  # fmt: skip

    def _release(self, infusion_id: str) -> None:
        def signed(person: Person) -> None:
            self.desk.submit(infusion_id, c.Release(), person)

        ask_who(self.desk, self, {Role.PHARMACIST}, signed, why=say("A pharmacist releases these bags"))

    def _to_ward(self) -> None:
        self.desk.show_page.emit("ward", "")


def _unfit(s: Infusion, now: datetime) -> str | None:
    """The first bag that expired or whose certificate does not pass: it must be set aside before anything else."""
    for bag in s.bags.values():
        if bag.usable and (bag.bag.expires_at <= now or not _passes(s, bag)):
            return bag.bag.bag_id
    return None


def _passes(s: Infusion, bag: BagState) -> bool:
    """Whether nothing on the certificate stands against the bag; one not entered yet does not."""
    if bag.certificate is None:
        return True
    try:
        certified(s, bag)
    except Refused:
        return False
    return True


def _count(typed: Decimal, nominal: int) -> int:
    """Cells of the bag. A slip of the decimal point is refused: it would change the dose tenfold."""
    cells = typed * 10**8
    if not (cells.is_finite() and nominal < cells * 10 and cells < nominal * 10):
        raise Refused(say("{count} × 10⁸ cells cannot be right. Read the label again.", count=typed))
    return int(cells)
