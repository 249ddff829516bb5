"""The Dispense page: weight → dose and set → bags → certificates → release → receipt, one next step at a time."""

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.infusion.bench_steps import step_of
from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import TaskKind
from app.domain.infusion.task_rows import BenchStep
from app.domain.people.roles import Person, Role
from app.domain.texts import Text, say
from app.services.codes.bag_labels import BagLabel, read_entered
from app.services.ward.dispensing import Holder, held
from ui.ask.bed import at_bed
from ui.ask.code_field import when_scanned
from ui.ask.signer import MaySign
from ui.ask.who import with_role
from ui.dispense import view
from ui.dispense.bag_rows import checklist, table
from ui.dispense.bench_dock import dock
from ui.dispense.dispense_layout import DispenseSheet
from ui.dispense.dose_state import dose_state
from ui.dispense.set_rows import giving_set_bars
from ui.frame.desk import Desk
from ui.frame.pages import Later, Page, PageKey, at_once
from ui.infusion.notices import StopState
from ui.infusion.notices import stop as mismatch
from ui.kit.empty import EmptyPage, EmptyState
from ui.questions import bench, weighing
from ui.questions.bags import ask_scan_bag, practice_bag_number
from ui.questions.exchange import ask_send_release, show_release
from ui.questions.identity import ask_receive
from ui.questions.ordering import ask_abandon


class DispensePage(Page):
    """`show_infusion` chooses the order; the dock's primary button is the next step.

    A pharmacist who signs at a question stays at the bench for the labels and certificates that follow,
    until the page is left or the person signed in changes; a release is signed anew each time.
    """

    def __init__(self, desk: Desk, later: Later = at_once) -> None:
        super().__init__()
        self.desk, self.kit = desk, desk.kit
        self.infusion_id: str | None = None
        self._at_bench: Person | None = None
        self._foreign: StopState | None = None
        self._shown_step: tuple[str, BenchStep] | None = None
        self.empty = EmptyPage(self.kit)
        to_do = say("Order an infusion on the Ward page, then dispense it here.")
        self.empty.set_state(EmptyState(say("No order waits"), to_do, say("To the ward"), "dispense"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.sheet = DispenseSheet(self.kit, desk.bedside.trial.protocol, self.stack.addWidget, later)
        later(self._connect)

    def _connect(self) -> None:
        self.dock = self.sheet.dock
        self.desk.looked.connect(self._looked)
        self.empty.pressed.connect(self._to_ward)
        self.dock.chosen.connect(self.act)
        self.sheet.scan.taken.connect(self._taken)
        when_scanned(self.desk.bedside.trial.protocol.labels, self, self._scan_came)
        self.desk.changed.connect(self._changed)
        self.desk.person_changed.connect(self._leave_bench)
        self.kit.words.changed.connect(self.refresh)

    # --- which order

    def set_asked(self, covered: QRect) -> None:
        super().set_asked(covered)
        self.sheet.set_asked(covered)

    def show_infusion(self, infusion_id: str) -> None:
        self.infusion_id, self._foreign = infusion_id, None
        self.refresh()

    def _waiting(self) -> list[Infusion]:
        now = self.desk.now()
        return [s for s in self.desk.bedside.infusions if step_of(s, now) is not BenchStep.DONE]

    def _choose(self) -> None:
        """Nothing to do for the order shown: turn to one that waits."""
        known = self.infusion_id is not None and self.desk.bedside.knows(self.infusion_id)
        if known and step_of(self._state, self.desk.now()) is not BenchStep.DONE:
            return
        waiting = self._waiting()
        if waiting or not known:
            sent = (s for s in self.desk.bedside.known() if s.phase is Phase.SENT)
            shown = waiting[0] if waiting else max(sent, key=lambda s: s.reached_at, default=None)
            self.infusion_id = shown.infusion_id if shown else None

    def _next(self) -> None:
        ids = [s.infusion_id for s in self._waiting()]
        at = ids.index(self.infusion_id) + 1 if self.infusion_id in ids else 0
        self.show_infusion(ids[at % len(ids)])

    @property
    def _state(self) -> Infusion:
        assert self.infusion_id is not None
        return self.desk.infusion(self.infusion_id)

    # --- what is shown

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._choose()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self._leave_bench()
        super().hideEvent(event)

    def _looked(self) -> None:
        if self.isVisible():
            self.refresh()

    def _changed(self, infusion_id: str) -> None:
        if infusion_id == self.infusion_id:
            self.refresh()

    def refresh(self) -> None:
        if self.infusion_id is None or not self.desk.bedside.knows(self.infusion_id):
            self._choose()
        self.stack.setCurrentIndex(int(self.infusion_id is not None))
        if self.infusion_id is not None:
            self._show(self._state)

    def _show(self, s: Infusion) -> None:
        sheet, now, words = self.sheet, self.desk.now(), self.kit.words.catalogue
        sheet.follow(s.protocol)
        sheet.identity.set_state(view.identity(s, self.desk.people.name(s.weight_by), self._bench_name, words))
        sheet.strip.set_state(view.strip(s, now, words))
        sheet.chain.set_state(dose_state(s, words))
        sheet.sets.set_state(giving_set_bars(s))
        sheet.table.set_state(table(s, now, words))
        sheet.checklist.set_state(checklist(s, now, words))
        scanned, total = view.bag_counts(s)
        self.kit.words.bind(sheet.bags_card.title, text=self._bags_title(s, scanned, total))
        stop = self._foreign or mismatch(s) or view.stop(s, now, words)
        sheet.set_stop(stop)
        sheet.dock.set_state(dock(s, now, self._foreign is not None, len(self._waiting()) > 1, self._can_send()))
        self._offer_scan(step_of(s, now) is BenchStep.BAGS and stop is None)
        self._focus(s, step_of(s, now))

    def _bags_title(self, s: Infusion, scanned: int, total: int) -> Text:
        release = step_of(s, self.desk.now()) in (BenchStep.CERTIFICATE, BenchStep.RELEASE)
        self.sheet.show_checklist(release)
        if release:
            return say("Release checklist")
        return say("Bags scanned · {n} of {total}", n=scanned, total=total) if total else say("Bags")

    def _offer_scan(self, wanted: bool) -> None:
        number = practice_bag_number(self.desk) if self.desk.practice and wanted else ""
        hint = say("Practice label: {bag}", bag=number) if number else ""
        self.kit.words.bind(self.sheet.hint, text=hint)
        self.sheet.scan.setVisible(wanted)

    def _focus(self, s: Infusion, step: BenchStep) -> None:
        """While bags are expected the scan field has the focus: a scanner needs no hand."""
        if (s.infusion_id, step) != self._shown_step or (step is BenchStep.BAGS and self.focusWidget() is None):
            self._shown_step = (s.infusion_id, step)
            if step is BenchStep.BAGS:
                self.sheet.scan.setFocus()

    # --- who is at the bench

    @property
    def _bench_name(self) -> str:
        return self._at_bench.name if self._at_bench else ""

    def _leave_bench(self) -> None:
        self._at_bench = None

    @property
    def _here(self) -> QWidget:
        """The parent of what is asked about the order that is shown."""
        return at_bed(self._state.infusion_id, self)

    def _stay(self, person: Person) -> None:
        self._at_bench = person
        self.refresh()

    def _pharmacist(self) -> Person | MaySign:
        """Who is at the bench; nobody yet: whoever signs the sheet that is asked, and stays."""
        if self._at_bench is None and self.desk.person is not None and self.desk.has_role(Role.PHARMACIST):
            self._stay(self.desk.person)
        return self._at_bench or MaySign({Role.PHARMACIST}, say("Which pharmacist does this?"), proved=self._stay)

    def _as_pharmacist(self, then: Callable[[Person], None]) -> None:
        def stays(person: Person) -> None:
            self._stay(person)
            then(person)

        if self._at_bench is not None:
            then(self._at_bench)
        else:
            with_role(self.desk, self._here, {Role.PHARMACIST}, stays)

    # --- what is pressed

    def act(self, key: str) -> None:
        infusion_id = self._state.infusion_id
        here = self._here
        steps: dict[str, Callable[[], None]] = {
            TaskKind.WEIGH: lambda: weighing.ask_record_weight(self.desk, infusion_id, here),
            TaskKind.CONFIRM_WEIGHT: lambda: weighing.ask_confirm_weight(self.desk, infusion_id, here),
            TaskKind.CHOOSE_SET: lambda: bench.ask_choose_set(self.desk, infusion_id, here),
            TaskKind.TAKE_BAG: self._take,
            TaskKind.CERTIFY: lambda: bench.ask_record_certificates(self.desk, infusion_id, here, self._pharmacist()),
            TaskKind.RELEASE: lambda: bench.ask_release(self.desk, infusion_id, here, self._at_bench),
            "send": lambda: self._as_pharmacist(lambda p: ask_send_release(self.desk, self.desk.exchange, infusion_id, here, p)),
            "codes": self._codes,
            TaskKind.RECEIVE: lambda: ask_receive(self.desk, infusion_id, here),
            "reject": lambda: self._as_pharmacist(lambda p: bench.ask_reject_bag(self.desk, infusion_id, here, p)),
            "again": lambda: self._as_pharmacist(lambda p: bench.ask_read_again(self.desk, infusion_id, here, p)),
            "surplus": lambda: self._as_pharmacist(lambda p: bench.ask_draw_surplus(self.desk, infusion_id, here, p)),
            "abandon": lambda: ask_abandon(self.desk, infusion_id, here),
            "dismiss": self._dismiss,
            "downtime": lambda: self.desk.records.open_sheet(infusion_id, "downtime"),
            "next": self._next,
            "go": lambda: self.desk.show_page.emit(PageKey.INFUSION, infusion_id),
        }
        steps[key]()

    def _can_send(self) -> bool:
        return bool(self.desk.exchange.laptops)

    def _codes(self) -> None:
        show_release(self.desk, self.desk.exchange, self._state.infusion_id, self._here)

    def _dismiss(self) -> None:
        self._foreign = None
        self.refresh()
        self.sheet.scan.setFocus()

    def _take(self) -> None:
        self.sheet.scan.setFocus()
        self.sheet.scan.take()

    def _taken(self, text: str, scanned: bool) -> None:
        s, here = self._state, self._here
        try:
            label = read_entered(text, s.protocol.labels, scanned)
            if label.bag_id in s.bags:
                raise Refused(say("Bag {bag} is on this infusion already.", bag=label.bag_id))
        except Refused as refusal:
            self.desk.refuse(refusal.text, s.infusion_id)
            return
        holder = self.desk.bedside.holder_of(label.bag_id, s.infusion_id)
        if holder is not None:
            self._stop_for(label, holder)
        else:
            ask_scan_bag(self.desk, s.infusion_id, here, label, scanned, self._pharmacist())

    def _stop_for(self, label: BagLabel, holder: Holder) -> None:
        """Somebody else's bag: a full stop, and recorded."""
        s = self._state
        if self.desk.person is not None:
            self.desk.bedside.refused(s.infusion_id, ScanBag, held(label.bag_id, holder), self.desk.person)
        self._foreign = view.foreign(label.bag_id, holder, s, self.kit.words.catalogue)
        self.refresh()

    def _scan_came(self) -> None:
        """The scanner's prefix, while the focus was on something else."""
        if self.sheet.scan.isVisible():
            self.sheet.scan.begin_scan()

    def _to_ward(self) -> None:
        self.desk.show_page.emit(PageKey.WARD, "")
