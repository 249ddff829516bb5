"""A bench played by hand: the Dispense page in its window, a pharmacist signed in, keys pressed as a person would."""

from datetime import timedelta
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.chapters.bench import ChooseSet
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.people.roles import Person
from app.services.protocol_files import Trial
from app.services.ward.dispensing import NO_PAST, Past
from tests.domain.cast import CHEN, LI, ZHAO, protocol
from tests.domain.play import certificate
from tests.services.ward import Ward
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.story import SECRET
from tests.ui.scanner import send
from ui.ask.signer import SignerAnswer
from ui.ask.toggle_grid import Toggle
from ui.dispense.page import DispensePage
from ui.frame.desk import Desk
from ui.kit.message_strip import MessageState

ENTER = Qt.Key.Key_Return


class Bench:
    """`ward` beneath, `page` in its window; `dialog` is the question that is open."""

    def __init__(self, ward: Ward, furnish: Furnish, by: Person = CHEN) -> None:
        self.ward = ward
        self.window, self.desk = furnish(ward, self._page_of)
        self.desk.sign_in(by)
        self.told: list[str] = []
        self.desk.message.connect(self._hear)
        self.page.show_infusion(ward.infusion_id)
        self.settle()

    def _hear(self, state: MessageState | None) -> None:
        if state is not None:
            self.told.append(str(state.happened))

    def _page_of(self, desk: Desk) -> QWidget:
        self.page = DispensePage(desk)
        return self.page

    def settle(self) -> None:
        """Let go of closed dialogs, lay out, paint."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()

    @property
    def step(self) -> str:
        self.settle()
        return self.page.dock.primary.objectName()

    @property
    def dialog(self) -> QDialog:
        self.settle()
        return self.dialogs[-1]

    @property
    def dialogs(self) -> list[QDialog]:
        return [d for d in self.page.window().findChildren(QDialog) if d.isVisible()]

    @property
    def actions(self) -> list[str]:
        return [button.objectName() for button in self.page.dock._others]

    def enter(self) -> None:
        """Enter, wherever the focus is."""
        window = self.dialogs[-1] if self.dialogs else self.window
        window.activateWindow()
        self.settle()
        QTest.keyClick(window.focusWidget() or window, ENTER)
        self.settle()

    def type(self, *texts: str) -> None:
        """Into the fields of the question from the first one on, Tab between them."""
        for text in texts:
            field = self.dialog.focusWidget()
            if isinstance(field, Toggle):
                self._toggle(text)
                continue
            if isinstance(field, QLineEdit):
                field.selectAll()
            QTest.keyClicks(field, text)
            QTest.keyClick(field, Qt.Key.Key_Tab)

    def _toggle(self, text: str) -> None:
        """By arrow keys to the toggle that begins so, Space where they have not chosen it, and Tab on."""
        for _ in range(12):
            if self.dialog.focusWidget().accessibleName().startswith(text):
                break
            QTest.keyClick(self.dialog.focusWidget(), Qt.Key.Key_Right)
        at = self.dialog.focusWidget()
        if isinstance(at, Toggle) and not at.isChecked():
            QTest.keyClick(at, Qt.Key.Key_Space)
        QTest.keyClick(at, Qt.Key.Key_Tab)

    def sign(self, person: Person = CHEN) -> None:
        """Choose the person in the question who does it, type the PIN."""
        signer = self.dialog.findChild(SignerAnswer)
        assert signer is not None
        signer.choose(person.person_id)
        signer.take_focus()
        QTest.keyClicks(signer.pin, SECRET)
        self.enter()

    def scanner(self, text: str, gap_ms: int = 4) -> None:
        """Letters as a scanner sends them, and Enter."""
        send(self.page.sheet.scan, f"{text}\r", gap_ms)
        self.settle()


def weighed(kg: str = "70.0", factor: int = 20, last: str | None = None, past: Past = NO_PAST) -> Ward:
    """An order with its weight and set."""
    ward = Ward(past=past)
    ward.do(RecordWeight(Decimal(kg), Decimal(last) if last else None), LI)
    ward.do(ChooseSet(factor), CHEN)
    return ward


def scan(ward: Ward, bag_id: str, cells: int = 100_000_000, hours: float = 48) -> None:
    expiry = ward.bedside.now() + timedelta(hours=hours)
    ward.do(ScanBag(e.Bag(bag_id, "UC2611", cells, Decimal(100), expiry, "scan")), CHEN)


def certify(ward: Ward, bag_id: str, viability: str = "91.2", **answers: bool) -> None:
    ward.do(certificate(bag_id, viability, rules=ward.bedside.trial.protocol, **answers), CHEN)


def with_bags(*bag_ids: str, kg: str = "70.0", factor: int = 20) -> Ward:
    """Up to the release."""
    ward = weighed(kg, factor)
    for bag_id in bag_ids:
        scan(ward, bag_id)
        certify(ward, bag_id)
    return ward


def site_that_draws_off() -> Ward:
    """A ward whose site lets the surplus be drawn off at the bench."""
    ward = Ward()
    ward.do(Abandon("ordered twice"), CHEN)
    ward.bedside.trial = Trial(protocol("msc-icaht", {"dose.surplus_drawn_at_bench": True}), "f" * 64)
    ward.bedside.files.know(ward.bedside.trial)
    ward.infusion_id = ward.bedside.order("B-002", "14", "B", 1, ZHAO)
    return ward
