"""The whole program in a real window on a real store: signed in, ordered, shown on every page."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QButtonGroup, QWidget
from pytestqt.qtbot import QtBot

from app import settings
from app.domain.log import Entry
from app.domain.people.accounts import NameKept, NameShown
from app.domain.trial.subject.subject_facts import AdverseEventNoted
from app.jobs.record_clock import stamp
from app.practice.pictures import Pictures
from app.practice.practice_monitors import PracticeMonitors
from app.program.window_program import WindowProgram
from app.services.access.practice_people import PRACTICE
from app.services.clock import moment, wall_utc
from db.log.batch import Batch
from db.recorder import Recorder
from devices.byte_ring import ByteRing
from devices.simulators.faults import DURATIONS_S
from tests.ui.chinese import needs_chinese
from tests.ui.cut import assert_nothing_cut
from tests.ui.house import started
from ui.devices.page import DevicesPage
from ui.entrance.record_gone import RecordGone
from ui.frame.bar.practice_controls import FAULTS
from ui.frame.opening_screen import OpeningScreen
from ui.frame.pages import PageKey
from ui.frame.shell import Shell
from ui.kit.look.tokens import DARK
from ui.questions.identity import GiveNameQuestion, NameQuestion
from ui.records.page import RecordsPage
from ui.settings.page import SettingsPage
from ui.trail.page import TrailPage

NURSE, INVESTIGATOR = PRACTICE[0][0], PRACTICE[3][0]


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WindowProgram:
    """Practice without its simulated monitor."""
    monkeypatch.setattr(settings, "data_dir", lambda: tmp_path)
    monkeypatch.setattr(PracticeMonitors, "attend", lambda _self, _infusion_id: None)
    shell = Shell("en", "light", practice=True, ward="Ward 3")
    qtbot.addWidget(shell.window)
    shell.window.show()
    made = started(shell, settings.Options(practice=True), tmp_path / "practice.db")
    shell.window.may_close = lambda: True
    qtbot.addWidget(shell.window, before_close_func=lambda _window: made.close())
    return made


def test_the_window_is_painted_before_anything_slow_is_imported() -> None:
    """The trend alone needs pyqtgraph, and it is there after the first paint (a program of its own: modules stay)."""
    program = (
        "import sys; from app import main, settings; main.application();"
        "main._opening(settings.Preferences(), practice=True);"
        "print(sorted({'pyqtgraph', 'numpy', 'sqlalchemy', 'msgspec', 'ui.frame.window'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("before", ["", "import PySide6.QtCore; "])
def test_qt_reads_no_source_of_ours_whoever_imported_it_first(before: str) -> None:
    program = f"import linecache; {before}import ui, ui.kit.look.fonts; print(*linecache.cache)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert "fonts.py" not in done.stdout


def test_qt_leaves_pythons_own_import_alone() -> None:
    program = "import builtins; import ui; print(builtins.__import__.__name__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "__import__"


def test_the_window_takes_the_place_of_what_was_painted_first(qtbot: QtBot, qapp: QApplication) -> None:
    qapp.setStyleSheet("")  # it is painted before the program is dressed
    opening = OpeningScreen("Bedside", (("code", "Bedside"), ("clock", "12:00:00")), "dark")
    window = QWidget()
    for one in (opening, window):
        qtbot.addWidget(one)
    opening.showNormal()
    opening.resize(1366, 768)
    picture = opening.grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(500, 860) for y in range(300, 460)}
    assert DARK.ground.lower() in colours
    assert max(QColor(colour).lightness() for colour in colours) > 0.8 * QColor(DARK.text).lightness()
    opening.give_way(window)
    assert window.isVisible()
    assert window.geometry() == opening.geometry()
    assert not opening.isVisible()


def test_a_nurse_signs_in_orders_and_finds_every_page(running: WindowProgram, qtbot: QtBot, subtests: pytest.Subtests) -> None:
    window = running.shell.window
    assert window.page == "sign_in"
    assert window.focusWidget() is running.sign_in.secret
    running.session.let_in(NURSE)
    assert window.page == "ward"
    infusion_id = running.desk.bedside.order("B-001", "01", "B", 1, INVESTIGATOR)
    qtbot.waitUntil(lambda: running.desk.bedside.knows(infusion_id), timeout=60_000)
    for key in ("ward", "dispense", "infusion", "records", "devices", "settings"):
        running.desk.show_page.emit(key, infusion_id)
        assert window.page == key
    page = settings_page(running)
    choose(page.themes, "dark")
    with subtests.test("in Chinese"):
        needs_chinese()
        choose(page.languages, "zh_CN")
        assert running.shell.words.language == "zh_CN"
        running.desk.show_page.emit("settings", "")
        assert chosen(page.languages, page.themes) == ["zh_CN", "dark"]
        window.top.language_pressed.emit()
    assert chosen(page.languages, page.themes) == ["en", "dark"]
    choose(page.themes, "light")
    window.lock_wanted.emit()
    assert window.page == "sign_in"
    assert running.desk.person is None


def settings_page(running: WindowProgram) -> SettingsPage:
    page = running.pages.page(PageKey.SETTINGS)
    assert isinstance(page, SettingsPage)
    return page


def choose(group: QButtonGroup, name: str) -> None:
    next(made for made in group.buttons() if made.objectName() == name).click()


def chosen(*groups: QButtonGroup) -> list[str]:
    return [made.objectName() for group in groups for made in group.buttons() if made.isChecked()]


class OwnWindows(QObject):
    """What is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


def test_no_part_of_a_page_that_is_made_ahead_stands_on_the_screen_by_itself(running: WindowProgram, qapp: QApplication) -> None:
    running.session.let_in(INVESTIGATOR)
    own = OwnWindows()
    qapp.installEventFilter(own)
    while running.pages.make_piece():
        qapp.processEvents()
    qapp.removeEventFilter(own)
    assert {"dispense", "trial", "settings"} <= running.shell.window.pages.keys()
    assert own.shown == []


def test_pictures_begin_with_a_page_that_has_much_to_show(running: WindowProgram, qtbot: QtBot, tmp_path: Path) -> None:
    """As practice without a display takes them: the first page of an empty window is not shown while it is made."""
    infusion_id = running.desk.bedside.order("B-001", "01", "B", 1, INVESTIGATOR)
    qtbot.waitUntil(lambda: running.desk.bedside.knows(infusion_id), timeout=60_000)
    pictures = Pictures(tmp_path / "pages")
    qtbot.addWidget(pictures._shell.window)
    pages = ("dispense", "infusion", "ward", "records", "trail", "settings")
    for page in pages:
        pictures.take(running.record, infusion_id, page)
    pictures._shell.set_theme("light")
    taken = {path.name.split("-")[0]: path.read_bytes() for path in (tmp_path / "pages").glob("*-light-en.png")}
    assert sorted(taken) == sorted(pages)
    assert len(set(taken.values())) == len(pages)


def test_an_investigator_reads_the_trail_and_it_is_backed_up(running: WindowProgram, qtbot: QtBot, tmp_path: Path) -> None:
    running.session.let_in(INVESTIGATOR)
    infusion_id = running.desk.bedside.order("B-001", "01", "B", 1, INVESTIGATOR)
    qtbot.waitUntil(lambda: running.desk.bedside.knows(infusion_id), timeout=60_000)
    running.record.recorder.flush().result()
    running._go("trail")
    page = running.pages.page(PageKey.TRAIL)
    assert isinstance(page, TrailPage)
    qtbot.waitUntil(lambda: bool(page.leaf.rows), timeout=60_000)
    said = [running.shell.words.tr(line.said) for line in page.leaf.rows]
    assert said[0].startswith("Enrolled in group B")
    assert said[1] == "The prescriber signed the order"
    assert said[2].startswith("Ordered: subject B-001")
    assert "I-01 signed in" in said
    (tmp_path / "stick").mkdir()
    running.backups.choose(tmp_path / "stick")
    qtbot.waitUntil(lambda: running.backups.state().last_at is not None, timeout=60_000)
    assert list(tmp_path.glob("stick/bedside-*/manifest.json"))


def ask_name(running: WindowProgram, qtbot: QtBot) -> None:
    """Of B-001, on the Records page."""
    bedside = running.desk.bedside
    if not bedside.infusions:
        infusion_id = bedside.order("B-001", "01", "B", 1, INVESTIGATOR)
        qtbot.waitUntil(lambda: bedside.knows(infusion_id), timeout=60_000)
    running._go("records")
    page = running.pages.page(PageKey.RECORDS)
    assert isinstance(page, RecordsPage)
    qtbot.waitUntil(page.table.view.selectionModel().hasSelection, timeout=60_000)  # the first one, in sight
    page.table.choose(bedside.infusions[0].infusion_id)
    page.name.click()


def test_a_patients_name_is_shown_when_asked_for_and_written_down(running: WindowProgram, qtbot: QtBot) -> None:
    running.session.let_in(NURSE)
    running.record.settings.put_patient_name("B-001", "Zhang Weiming").result()
    ask_name(running, qtbot)
    (dialog,) = running.shell.window.findChildren(NameQuestion)
    assert dialog.name.text() == "Zhang Weiming"
    assert "Zhang" not in dialog.windowTitle()
    assert_nothing_cut(dialog)
    running.record.recorder.flush().result()
    assert (NURSE.person_id, NameShown("B-001")) in [(x.by, x.event) for x in running.record.store.account_entries()]
    running.shell.window.lock_wanted.emit()
    assert not dialog.isVisible()


def test_a_name_is_given_corrected_and_erased_and_only_that_stands_in_the_log(
    running: WindowProgram, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = running.shell.window
    running.session.let_in(NURSE)

    def typed(name: str) -> GiveNameQuestion:
        (question,) = [q for q in window.findChildren(GiveNameQuestion) if q.isVisible()]
        question.line.setText(name)
        assert_nothing_cut(question)
        question.primary.click()
        return question

    ask_name(running, qtbot)
    plain = typed("Zhang Weiming")
    assert "encrypted record only" in str(plain.strip._state)
    plain.reject()
    assert running.record.settings.patient_name("B-001") is None
    monkeypatch.setattr(running.record.patient_names, "_is_encrypted", True)
    ask_name(running, qtbot)
    assert not typed(" Zhang Weiming ").isVisible()
    assert running.record.settings.patient_name("B-001") == "Zhang Weiming"
    ask_name(running, qtbot)
    (shown,) = [q for q in window.findChildren(NameQuestion) if q.isVisible()]
    shown.change.click()
    typed("")
    assert running.record.settings.patient_name("B-001") == ""
    running.record.recorder.flush().result()
    events = [x.event for x in running.record.store.account_entries() if isinstance(x.event, NameKept | NameShown)]
    assert events == [NameKept("B-001"), NameShown("B-001"), NameKept("B-001", is_erased=True)]


@pytest.mark.qt_log_ignore("openDocument", "propagateSizeHints")
def test_a_record_is_made_while_the_program_goes_on(running: WindowProgram, qtbot: QtBot, tmp_path: Path) -> None:
    running.session.let_in(NURSE)
    infusion_id = running.desk.bedside.order("B-001", "01", "B", 1, INVESTIGATOR)
    qtbot.waitUntil(lambda: running.desk.bedside.knows(infusion_id), timeout=60_000)
    with qtbot.waitSignal(running.desk.message, timeout=60_000) as told:
        running.desk.records.open(infusion_id)
    assert "The record is ready" in str(told.args[0].happened)
    assert list(tmp_path.rglob("record.pdf"))


def test_practice_offers_every_fault_there_is() -> None:
    assert set(FAULTS) == set(DURATIONS_S)


def test_a_sealed_recording_is_told_how_it_plays(running: WindowProgram, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ring = ByteRing(tmp_path / "raw", moment, b"k" * 32)
    ring.take("COM3", "datex-s5", b"bytes")
    ring.close()
    (sealed,) = (tmp_path / "raw").iterdir()
    told: list[str] = []
    running.desk.message.connect(lambda state: told.append(f"{state.happened} {state.to_do}"))
    monkeypatch.setattr("ui.devices.page.choose_file", lambda *_: sealed)
    page = running.pages.page(PageKey.DEVICES)
    assert isinstance(page, DevicesPage)
    page.replay.click()
    assert told == [
        f"{sealed.name} is encrypted like its record: it plays with the recovery key. "
        f'bedside replay "{sealed}" --recovery-key FILE'
    ]  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file be deleted")
def test_a_record_whose_file_is_gone_is_saved_where_a_person_says(running: WindowProgram, qtbot: QtBot, tmp_path: Path) -> None:
    record = running.record
    record.file.path.unlink()
    qtbot.waitUntil(lambda: bool(running.shell.window.findChildren(RecordGone)))
    (asked,) = running.shell.window.findChildren(RecordGone)
    assert str(record.file.path) in asked.place.text()
    asked._choose = lambda *_: tmp_path / "nowhere" / "x.db" / "y.db"
    (tmp_path / "nowhere").write_text("no folder")
    asked.elsewhere.click()
    asked.primary.click()
    qtbot.waitUntil(lambda: asked.strip.isVisible() and asked.primary.isEnabled())
    asked._choose = lambda *_: tmp_path / "stick.db"
    asked.elsewhere.click()
    asked.primary.click()
    qtbot.waitUntil(lambda: not running.shell.window.findChildren(RecordGone))
    assert record.rescue.path == tmp_path / "stick.db"
    qtbot.waitUntil(lambda: record.rescue.health.gone is None)
    record.recorder.flush().result()
    assert record.store.info().practice


def test_an_overdue_report_is_the_first_thing_seen_after_a_restart(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "data_dir", lambda: tmp_path)
    aware_at = wall_utc() - timedelta(hours=25)
    event = AdverseEventNoted("Sepsis", 4, aware_at.date(), True, True, aware_at=aware_at)
    recorder = Recorder(tmp_path / "practice.db", stamp, practice=True)
    recorder.append(Batch((Entry("sae", "subject:S-001", aware_at, INVESTIGATOR.person_id, event),))).result()
    recorder.close()
    shell = Shell("en", "light", practice=True, ward="Ward 3")
    qtbot.addWidget(shell.window)
    shell.window.show()
    made = started(shell, settings.Options(practice=True), tmp_path / "practice.db")
    qtbot.addWidget(shell.window, before_close_func=lambda _window: made.close())
    window = shell.window
    assert window.page == "sign_in"
    assert window.sae.words.text().startswith("▲ SAE S-001 · Sepsis, grade 4 · report overdue by 1:00:")
    assert "SAE of S-001: Sepsis, the report is overdue" in window.alarm.text.text()
    assert not window.sae.report.isVisible()
    made.session.let_in(INVESTIGATOR)
    qtbot.waitUntil(window.sae.report.isVisible)
    if out := os.environ.get("PICTURES"):
        window.grab().save(f"{out}/sae_restart.png")
    assert_nothing_cut(window)
    made.desk.alarm_bed_wanted.emit()
    assert window.page == "trial"
