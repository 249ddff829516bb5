"""From the pharmacy's window to the ward's: laptops made known to each other, codes shown, scanned, taken in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
import zxingcpp
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.domain.infusion.phases import Phase
from app.domain.people.roles import Person
from app.domain.people.signed_heads import HeadKept, SignedHead
from app.jobs.backups import LastBackup
from tests.domain.cast import CHEN, LI
from tests.fakes import NoRecords
from tests.ui.cut import assert_nothing_cut
from tests.ui.scanner import send
from tests.whole.test_bench_to_bed import ADMIN, knows, release
from tests.whole.ward_life import BAGS, Life
from ui.ask.form import FormQuestion
from ui.ask.question import Question
from ui.ask.show_codes import CodesQuestion, draw_codes
from ui.dispense.page import DispensePage
from ui.frame.desk import Desk
from ui.frame.window import Window
from ui.kit.look_and_words import Kit
from ui.questions.exchange import AddLaptopQuestion, ReceiptQuestion, TakeInQuestion
from ui.records.view import seen_elsewhere
from ui.settings.laptops_card import LaptopsCard
from ui.ward.page import WardPage

Q = TypeVar("Q", bound=QDialog)


class Laptop:
    """A laptop with its record, its window, and who sits at it."""

    def __init__(self, path: Path, kit: Kit, person: Person) -> None:
        path.parent.mkdir()
        self.life, self.kit = Life(path), kit
        self.window = Window(kit, False, "Ward 3")
        record = self.life.record
        self.desk = Desk(kit, record.bedside, record.people, record.exchange, NoRecords(), self.window)
        self.desk.sign_in(person)
        self.told: list[str] = []
        self.desk.message.connect(lambda state: self.told.append(str(state.happened)))

    def show(self, name: str, page: QWidget) -> None:
        self.window.add_page(name, page)
        self.window.show_page(name)
        self.window.show()

    def open(self, kind: type[Q]) -> Q:
        """The question that is open."""
        found = [q for q in self.window.findChildren(kind) if q.isVisible()]
        assert len(found) == 1
        return found[0]

    def until(self, comes: Callable[[], bool]) -> None:
        while not comes():
            self.life._posted.get(timeout=60)()

    @property
    def phase(self) -> Phase:
        return self.life.record.bedside.infusion(self.life.infusion_id).phase

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        self.life.close()


def press(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.fixture
def pharmacy(tmp_path: Path, kit: Kit) -> Iterator[Laptop]:
    made = Laptop(tmp_path / "pharmacy" / "bedside.db", kit, CHEN)
    release(made.life)
    yield made
    made.close()


@pytest.fixture
def ward(tmp_path: Path, kit: Kit) -> Iterator[Laptop]:
    made = Laptop(tmp_path / "ward" / "bedside.db", kit, LI)
    yield made
    made.close()


def said(question: Question) -> str:
    """What stands in the dialog's strip."""
    state = question.strip._state
    return str(state.happened) if state else ""


def assert_whole(question: Question) -> None:
    """Once the layout has come to rest."""
    QApplication.processEvents()
    assert_nothing_cut(question)


def at_bench(pharmacy: Laptop) -> DispensePage:
    page = DispensePage(pharmacy.desk)
    pharmacy.show("dispense", page)
    page.show_infusion(pharmacy.life.infusion_id)
    return page


def sent(pharmacy: Laptop, ward: Laptop) -> CodesQuestion:
    """The pharmacist sends it from the bench; the codes stand on the screen."""
    knows(pharmacy.life, ward.life)
    at_bench(pharmacy).act("send")
    pharmacy.open(FormQuestion).primary.click()
    pharmacy.until(lambda: pharmacy.phase is Phase.SENT)
    return pharmacy.open(CodesQuestion)


def seen(question: CodesQuestion) -> str:
    """What a scanner reads from the screen."""
    image = question.code.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    return read_codes(image)[0]


def read_codes(image: QImage) -> list[str]:
    flat = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = bytes(flat.constBits())
    view = memoryview(rows).cast("B", (flat.height(), flat.bytesPerLine()))
    return [found.text for found in zxingcpp.read_barcodes(view, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))]


def all_seen(question: CodesQuestion) -> list[str]:
    found = [seen(question)]
    while len(found) < len(question._codes):
        question.primary.click()
        found.append(seen(question))
    return found


def taking_in(ward: Laptop) -> TakeInQuestion:
    page = WardPage(ward.desk)
    ward.show("ward", page)
    press(page.empty.other)
    return ward.open(TakeInQuestion)


def test_where_no_other_laptop_is_known_nothing_of_it_is_offered(pharmacy: Laptop, ward: Laptop) -> None:
    page = at_bench(pharmacy)
    assert "send" not in [button.objectName() for button in page.dock._others]
    beds = WardPage(ward.desk)
    ward.show("ward", beds)
    assert not beds.empty.other.isVisible()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_is_scanned_from_the_pharmacys_screen_is_taken_in_on_the_ward(pharmacy: Laptop, ward: Laptop, language: str) -> None:
    knows(ward.life, pharmacy.life)
    shown = all_seen(sent(pharmacy, ward))
    pharmacy.kit.words.set_language(language)
    question = taking_in(ward)
    assert_whole(question)
    for code in reversed(shown):
        assert not question.primary.isEnabled()
        send(question.scan, code + "\r")
    assert question.primary.isEnabled()
    assert all(bag in question.what_they_say.text() for bag in BAGS)
    assert "B-001" in question.what_they_say.text()
    assert_whole(question)
    ward.life.infusion_id = pharmacy.life.infusion_id
    question.primary.click()
    ward.until(lambda: ward.life.record.bedside.knows(ward.life.infusion_id))
    assert ward.phase is Phase.RELEASED


def test_a_code_read_wrongly_is_told_and_nothing_is_taken(pharmacy: Laptop, ward: Laptop) -> None:
    knows(ward.life, pharmacy.life)
    shown = all_seen(sent(pharmacy, ward))
    question = taking_in(ward)
    send(question.scan, "UC-2611-043\r")
    assert "no code of Bedside" in said(question)
    send(question.scan, shown[0] + "\r")
    assert question.what_they_say.text() == f"1 of {len(shown)} codes are read"
    for code in shown[1:]:
        send(question.scan, code[:-1] + ("A" if code[-1] != "A" else "B") + "\r")
    assert "one was read wrongly" in said(question)
    assert not question.primary.isEnabled()
    for code in shown:
        send(question.scan, code + "\r")
    assert question.primary.isEnabled()


def test_by_a_file_on_a_stick(pharmacy: Laptop, ward: Laptop, tmp_path: Path) -> None:
    knows(ward.life, pharmacy.life)
    stick = tmp_path / "stick.bedside"
    shown = sent(pharmacy, ward)
    shown._choose = lambda *_: stick
    press(shown.save)
    assert "Saved as" in said(shown)
    question = taking_in(ward)
    question._choose = lambda *_: stick
    press(question.file)
    assert question.primary.isEnabled()
    for wrong in (tmp_path / "nothing.bedside", tmp_path):
        question._choose = lambda *_, wrong=wrong: wrong
        press(question.file)
        assert "The file cannot be read" in said(question)
        assert not question.primary.isEnabled()


def test_a_stick_that_cannot_be_written_is_told_and_the_codes_stay(pharmacy: Laptop, ward: Laptop, tmp_path: Path) -> None:
    shown = sent(pharmacy, ward)
    shown._choose = lambda *_: tmp_path / "no stick" / "x.bedside"
    press(shown.save)
    assert "The file cannot be written" in said(shown)
    assert seen(shown).startswith("BEDSIDE-RELEASE/1/")


def test_the_codes_are_shown_again_from_the_bench(pharmacy: Laptop, ward: Laptop) -> None:
    first = sent(pharmacy, ward)
    told = all_seen(first)
    first.primary.click()
    page = pharmacy.window.pages["dispense"]
    assert isinstance(page, DispensePage)
    page.refresh()
    assert page.dock.primary.objectName() == "codes"
    page.act("codes")
    assert all_seen(pharmacy.open(CodesQuestion)) == told


def test_printed_codes_are_read_back_from_the_paper(pharmacy: Laptop, ward: Laptop) -> None:
    shown = sent(pharmacy, ward)
    paper = QImage(1240, 1754, QImage.Format.Format_RGB32)  # A4 at 150 dots an inch
    paper.fill(Qt.GlobalColor.white)
    found: list[str] = []

    def new_page() -> None:
        found.extend(read_codes(paper))
        painter.fillRect(paper.rect(), Qt.GlobalColor.white)

    with QPainter(paper) as painter:
        draw_codes(painter, QRectF(paper.rect()).adjusted(70, 70, -70, -70), new_page, shown._codes * 3, "Release for B-001")
    assert len(found) == 6
    found += read_codes(paper)
    assert sorted(found) == sorted(shown._codes * 3)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_an_administrator_makes_another_laptop_known_by_its_code(pharmacy: Laptop, ward: Laptop, language: str) -> None:
    card = LaptopsCard(ward.desk, ward.life.record.exchange)
    ward.show("settings", card)
    assert not card.add.isVisible()
    ward.desk.sign_in(ADMIN)
    card.refresh()
    ward.kit.words.set_language(language)
    press(card.add)
    question = ward.open(AddLaptopQuestion)
    for code in pharmacy.life.record.exchange.card_lines():
        send(question.scan, code + "\r")
    assert_whole(question)
    own = LaptopsCard(pharmacy.desk, pharmacy.life.record.exchange)
    letters = own.own.text()[-19:]
    assert letters in question.what_they_say.text()
    question.primary.click()
    assert letters in card.known.text()
    press(card.remove)
    form = ward.open(FormQuestion)
    form.answers_by_key["which"].choose(pharmacy.life.record.exchange.own.card.store_id)  # type: ignore[attr-defined]
    form.answers_by_key["reason"].field.setText("broken")  # type: ignore[attr-defined]
    form.primary.click()
    assert ward.life.record.exchange.laptops == []
    own.deleteLater()


def test_its_own_code_is_not_added(ward: Laptop) -> None:
    ward.desk.sign_in(ADMIN)
    card = LaptopsCard(ward.desk, ward.life.record.exchange)
    ward.show("settings", card)
    press(card.add)
    question = ward.open(AddLaptopQuestion)
    for code in ward.life.record.exchange.card_lines():
        send(question.scan, code + "\r")
    assert "own code" in said(question)
    assert not question.primary.isEnabled()
    question.reject()
    press(card.show_own)
    assert seen(ward.open(CodesQuestion)) == ward.life.record.exchange.card_lines()[0]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_receipt_tells_the_pharmacy_how_far_its_record_was_seen(pharmacy: Laptop, ward: Laptop, language: str) -> None:
    knows(pharmacy.life, ward.life)
    knows(ward.life, pharmacy.life)
    there, here = ward.life.record.exchange, pharmacy.life.record.exchange
    of_pharmacy = here.heads.receipt(here.laptops[0], pharmacy.life.record.bedside.now())
    there.heads.keep(there.heads.judged(of_pharmacy.heads, "Pharmacy"), LI)
    card = LaptopsCard(ward.desk, there)
    ward.show("settings", card)
    press(card.show_receipt)
    codes = all_seen(ward.open(CodesQuestion))
    other = LaptopsCard(pharmacy.desk, here)
    pharmacy.show("settings", other)
    pharmacy.kit.words.set_language(language)
    press(other.read_receipt)
    question = pharmacy.open(ReceiptQuestion)
    for code in codes:
        send(question.scan, code + "\r")
    assert_whole(question)
    events = of_pharmacy.heads.own.events
    assert str(events) in question.what_they_say.text()
    question.primary.click()
    told = seen_elsewhere(here.heads.meetings, None)
    assert str(told.line).startswith("Seen elsewhere: ")
    assert f"up to event {events} (" in str(told.line)
    assert told.wrong == ""
    assert pharmacy.told == []


def test_records_say_who_has_seen_the_record_and_what_is_wrong_by_that() -> None:
    at = datetime(2026, 3, 1, 8, tzinfo=UTC)
    head = SignedHead("w", "", 412, "ab" * 32, at, "Ward 3", b"k")
    none, all_well = seen_elsewhere((), None), seen_elsewhere((HeadKept("Pharmacy", head, head),), LastBackup(at, 400))
    older = seen_elsewhere((HeadKept("Pharmacy", head, head, "older"),), None)
    assert (str(none.line)[:17], none.wrong, all_well.wrong) == ("Nobody else has s", "", "")
    assert "Pharmacy up to event 412 (" in str(all_well.line)
    assert "the backup up to event 400 (" in str(all_well.line)
    assert "an older copy was put in its place" in str(older.wrong)
