"""A scanner that is no keyboard: its codes reach the line that waits for one, in the running program."""

import socket
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import settings
from app.domain.infusion.chapters.bench import ChooseSet
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.people import accounts as a
from app.domain.people.roles import Person, Role
from app.domain.texts import say
from app.program.ward_monitors import WardMonitors
from app.program.window_program import WindowProgram
from app.services.ward.orders import Prescription
from devices.discovery import Port
from devices.link import LinkState
from tests.ui.cut import assert_nothing_cut
from tests.ui.house import started
from ui.ask.form import Field, FormQuestion
from ui.devices.page import DevicesPage
from ui.dispense.page import DispensePage
from ui.frame.pages import PageKey
from ui.frame.shell import Shell
from ui.questions.watching import MonitorQuestion

CHEN = Person("p1", "Chen", Role.PHARMACIST)
KG_70 = Decimal("70.0")
CODE = say("Bag")


class Untested:
    """No port is tried here."""

    def test(self, url: str, protocol: str, line: object, told: object) -> None: ...

    def listen(self, url: str, told: object) -> None: ...

    def stop(self) -> None: ...


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(60)
        yield made


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WindowProgram:
    monkeypatch.setattr(settings, "data_dir", lambda: tmp_path)
    shell = Shell("en", "light", practice=False, ward="Ward 3")
    qtbot.addWidget(shell.window)
    shell.window.show()
    made = started(shell, settings.Options(), tmp_path / "ward.db")
    qtbot.addWidget(shell.window, before_close_func=lambda _window: made.close())
    made.record.people.happened(a.PersonAdded(CHEN.person_id, CHEN.name, CHEN.role), None)
    made.record.people.accounts.apply(a.PinSet(CHEN.person_id))
    return made


def plug_in(running: WindowProgram, server: socket.socket, qtbot: QtBot) -> socket.socket:
    monitors = running.monitors
    assert isinstance(monitors, WardMonitors)
    monitors.place(f"socket://127.0.0.1:{server.getsockname()[1]}", "scanner", "")
    client, _ = server.accept()
    qtbot.waitUntil(lambda: any(link.state is LinkState.LISTENING for link in running.record.ports.links()), timeout=60_000)
    return client


def waiting(running: WindowProgram) -> FormQuestion:
    fields = (Field("patient", say("Subject code"), "code"), Field("bag", CODE, "code"))
    form = FormQuestion(running.desk, CODE, CODE, fields, running.shell.window)
    form.open()
    return form


def test_a_code_lands_in_the_line_that_waits_and_the_next_in_the_next(
    running: WindowProgram, server: socket.socket, qtbot: QtBot
) -> None:
    running.session.let_in(CHEN)
    form = waiting(running)
    patient, bag = (form.answers_by_key[key].code for key in ("patient", "bag"))  # type: ignore[attr-defined]
    with plug_in(running, server, qtbot) as scanner:
        scanner.sendall(b"B-001\r")
        qtbot.waitUntil(lambda: patient.text() == "B-001", timeout=60_000)
        scanner.sendall(b"UC-2611-001\r\n")
        qtbot.waitUntil(lambda: bag.text() == "UC-2611-001", timeout=60_000)
    assert (patient.is_scanned, bag.is_scanned) == (True, True)
    form.reject()


def test_at_the_bench_a_label_is_taken_as_scanned(running: WindowProgram, server: socket.socket, qtbot: QtBot) -> None:
    running.session.let_in(CHEN)
    bedside = running.desk.bedside
    zhao = Person("i1", "Zhao", Role.INVESTIGATOR)
    infusion_id = bedside.order("B-001", "01", "B", 1, zhao, prescription=Prescription(reason="enrolled elsewhere"))
    qtbot.waitUntil(lambda: bedside.knows(infusion_id), timeout=60_000)
    for command in (RecordWeight(KG_70), ChooseSet(20)):
        bedside.submit(infusion_id, command, CHEN)
    qtbot.waitUntil(lambda: bedside.infusion(infusion_id).drop_factor == 20, timeout=60_000)
    running.desk.show_page.emit("dispense", infusion_id)
    taken: list[tuple[str, bool]] = []
    page = running.pages.page(PageKey.DISPENSE)
    assert isinstance(page, DispensePage)
    page.sheet.scan.taken.disconnect()
    page.sheet.scan.taken.connect(lambda text, scanned: taken.append((text, scanned)))
    with plug_in(running, server, qtbot) as scanner:
        scanner.sendall(b"]C1010123456789012810L1\x1d21B7\r")
        qtbot.waitUntil(lambda: bool(taken), timeout=60_000)
    assert taken == [("]C1010123456789012810L1\x1d21B7", True)]


def test_a_code_that_nothing_waits_for_is_told_and_one_while_locked_is_not_shown(
    running: WindowProgram, server: socket.socket, qtbot: QtBot
) -> None:
    told: list[str] = []
    running.desk.message.connect(lambda state: told.append(str(state.happened)))
    with plug_in(running, server, qtbot) as scanner:
        scanner.sendall(b"B-001\r")
        qtbot.waitUntil(lambda: bool(told), timeout=60_000)
        assert told.pop() == "A code was scanned while the screen was locked: it was not taken."
        running.session.let_in(CHEN)
        told.clear()
        scanner.sendall(b"UC-2611-001\r")
        qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert told == ["Scanned: UC-2611-001. Nothing here waits for a code."]


def test_it_is_remembered_belongs_to_no_bed_and_is_let_go(running: WindowProgram, server: socket.socket, qtbot: QtBot) -> None:
    monitors = running.monitors
    assert isinstance(monitors, WardMonitors)
    running.session.let_in(CHEN)
    with plug_in(running, server, qtbot) as scanner:
        url = monitors.scanners()[0]
        assert (monitors.placed(), monitors.beds()) == ({}, {})
        scanner.sendall(b"UC-1\r")
        qtbot.waitUntil(lambda: any(link.good == 1 for link in running.record.ports.links()), timeout=60_000)
        page = running.pages.page(PageKey.DEVICES)
        assert isinstance(page, DevicesPage)
        page.table.choose(url)
        page.refresh()
        assert page.detail.verdict.text() == "Ready: 1 codes were read, 0 damaged."
        assert running.record.ports.ring.tails() == {}
        monitors.remove(url)
    assert (monitors.scanners(), running.record.ports.links()) == ([], [])


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_it_is_connected_without_a_bed(running: WindowProgram, language: str) -> None:
    running.session.let_in(CHEN)
    running.shell.words.set_language(language)
    chosen: list[tuple[object, ...]] = []
    question = MonitorQuestion(
        running.desk,
        [Port("COM7", "Scanner", "05f9:4204")],
        "COM7",
        Untested(),
        lambda *all_: chosen.append(all_),
        running.shell.window,
    )
    question.open()
    assert question.bed.isVisible()
    question.model.setCurrentIndex(question.model.findData("scanner"))
    assert [widget.isVisible() for widget in (question.bed, question.test, question.listen)] == [False] * 3
    assert_nothing_cut(question)
    question.primary.click()
    assert chosen == [("COM7", "scanner", "", None, ())]
