"""What watches: the monitors at the beds, which one comes first, and the time after the laptop was off."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from PySide6.QtCore import QDateTime, QTimeZone
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.texts import Dated, Text, say
from app.domain.vitals.vital_signs import VITALS
from app.services.clock import wall_utc
from app.services.placements import AS_DELIVERED
from app.services.ward.ports import Outcome
from devices.discovery import Port
from devices.link import PortSettings
from devices.models import MODELS
from devices.protocols.scanner.row import SCANNER
from ui.ask.question import Question
from ui.devices.how_read import HowRead
from ui.devices.view import line_words, source_of
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8

PlaceMonitor = Callable[[str, str, str, PortSettings | None, Sequence[str]], None]
"""Port or URL, protocol, bed, line, choices."""
Tested = Callable[[Text, PortSettings | None], None]
"""What was heard in words, and with which setting of the line; None where nothing could be read."""
_HOW_A_PORT_IS_WRITTEN = say(
    "A port such as COM3 or /dev/ttyUSB0, socket://host:port for a serial server, or listen://:port where the monitor "
    "connects to this computer."
)
Placed = Mapping[str, Sequence[tuple[str, str]]]
Prefer = Callable[[str, str, str | None], None]
"""Bed, vital sign (or “nibp”), port or None."""
_WHAT_IS_MEASURED: dict[str, Text] = {code: vital.name for code, vital in VITALS.items() if not code.startswith("nibp")}
_WHAT_IS_MEASURED["nibp"] = say("Blood pressure")


class PortTester(Protocol):
    """Tries a port without holding up the screen."""

    def test(self, url: str, protocol: str, line: PortSettings | None, told: Tested) -> None: ...

    def listen(self, url: str, told: Tested) -> None: ...

    def stop(self) -> None: ...


class MonitorQuestion(Question):
    def __init__(
        self, desk: Desk, ports: Sequence[Port], port: str, testing: PortTester, chosen: PlaceMonitor, parent: QWidget
    ) -> None:
        super().__init__(desk, say("Which monitor is at this bed?"), say("Connect"), parent, width=960)
        self._chosen, self._testing = chosen, testing
        self.port, self.model, self.bed = QComboBox(), QComboBox(), QLineEdit()
        self.port.setEditable(True)
        for one in ports:
            self.port.addItem(f"{one.name}  {one.says or one.usb}".strip(), one.name)
        for protocol, model in MODELS.items():
            self.model.addItem(self.kit.words.tr(model.label), protocol)
        self.model.addItem(self.kit.words.tr(SCANNER.label), SCANNER.protocol)
        self.wiring = label(self.kit, "", "body", "quiet", wrap=True)
        self.how = HowRead(self.kit)
        self.heard = label(self.kit, "", "strong", wrap=True)
        self._lay_fields()
        self.port.setEditText(port or (ports[0].name if ports else ""))
        self.port.activated.connect(self._port_chosen)
        self.port.editTextChanged.connect(self.how.hide_line)
        self.model.currentIndexChanged.connect(self._model_chosen)
        self.confirmed.connect(self._confirm)
        self.finished.connect(testing.stop)
        self._model_chosen()

    def _lay_fields(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(SPACE_8)
        for text, field in ((say("Port or address"), self.port), (say("Model"), self.model), (say("Bed"), self.bed)):
            self.kit.words.bind(field, accessibleName=text)
            self.bed_name = label(self.kit, text)
            form.addRow(self.bed_name, field)
        self.body.addLayout(form)
        self.body.addWidget(label(self.kit, _HOW_A_PORT_IS_WRITTEN, "body", "quiet", wrap=True))
        self.body.addWidget(self.wiring)
        self.body.addWidget(self.how)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        self.listen, self.test = button(self.kit, say("Only listen")), button(self.kit, say("Test this monitor"))
        self.listen.clicked.connect(self._listen)
        self.test.clicked.connect(self._test)
        row.addWidget(self.listen)
        row.addWidget(self.test)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.heard)

    def _port_chosen(self, at: int) -> None:
        self.port.setEditText(self.port.itemData(at))

    def _model_chosen(self) -> None:
        model = source_of(self.model.currentData())
        self.how.show_model(model, AS_DELIVERED)
        self.how.hide_line(self._url())
        for widget in (self.bed, self.bed_name, self.how, self.listen, self.test):
            widget.setVisible(not self._is_scanner())
        self.kit.words.bind(self.wiring, text=say("{wiring} {line}", wiring=model.wiring, line=line_words(model.settings)))

    def _is_scanner(self) -> bool:
        return bool(self.model.currentData() == SCANNER.protocol)

    def _url(self) -> str:
        return self.port.currentText().strip()

    def _listen(self) -> None:
        self._begin(lambda url: self._testing.listen(url, self._answered))

    def _test(self) -> None:
        try:
            line = self.how.settings()
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        self._begin(lambda url: self._testing.test(url, self.model.currentData(), line, self._answered))

    def _begin(self, ask_monitor: Callable[[str], None]) -> None:
        if not self._url():
            self.say_no(say("Choose a port first."))
            return
        self._enable(False)
        self.kit.words.bind(self.heard, text=say("Listening… up to a minute."))
        ask_monitor(self._url())

    def _answered(self, text: Text, found: PortSettings | None) -> None:
        """A setting that was found is the one to connect with, whoever listens or asks."""
        self._enable(True)
        if found is not None:
            self.how.show_line(found)
        self.kit.words.bind(self.heard, text=text)

    def _enable(self, enabled: bool) -> None:
        for one in (self.listen, self.test):
            one.setEnabled(enabled)

    def _confirm(self) -> None:
        port, bed = self._url(), self.bed.text().strip()
        if not port or not (bed or self._is_scanner()):
            self.say_no(say("Choose a port first.") if self._is_scanner() else say("A port and a bed are needed."))
            return
        try:
            line = None if self._is_scanner() else self.how.settings()
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        self._chosen(port, self.model.currentData(), bed, line, self.how.choices())
        self.accept()


def ask_monitor(desk: Desk, ports: Sequence[Port], port: str, testing: PortTester, chosen: PlaceMonitor, parent: QWidget) -> None:
    """Which monitor stands at which bed, and on which port; listened to or tested before it is connected."""
    MonitorQuestion(desk, ports, port, testing, chosen, parent).open()


class SourcesQuestion(Question):
    def __init__(
        self, desk: Desk, placed: Placed, preferred: Mapping[str, Mapping[str, str]], prefer: Prefer, parent: QWidget
    ) -> None:
        super().__init__(desk, say("Which monitor for what"), say("Save"), parent)
        self._placed, self._preferred, self._prefer = placed, preferred, prefer
        self.bed = QComboBox()
        self.bed.addItems([bed for bed, there in placed.items() if len(there) > 1])
        self.kit.words.bind(self.bed, accessibleName=say("Bed"))
        self.choices = {key: QComboBox() for key in _WHAT_IS_MEASURED}
        self.none = label(self.kit, say("No bed has two monitors."), "body", wrap=True)
        self.none.setVisible(self.bed.count() == 0)
        self.primary.setEnabled(self.bed.count() > 0)
        self._lay_fields()
        self.bed.currentTextChanged.connect(self._show)
        self.confirmed.connect(self._confirm)
        self._show(self.bed.currentText())

    def _lay_fields(self) -> None:
        form = QFormLayout()
        form.addRow(label(self.kit, say("Bed")), self.bed)
        for key, choice in self.choices.items():
            self.kit.words.bind(choice, accessibleName=_WHAT_IS_MEASURED[key])
            choice.setEnabled(self.bed.count() > 0)
            form.addRow(label(self.kit, _WHAT_IS_MEASURED[key]), choice)
        why = say("Another monitor stands in while the first one has no value that may be charted.")
        self.body.addWidget(label(self.kit, why, "body", "quiet", wrap=True))
        self.body.addWidget(self.none)
        self.body.addLayout(form)

    def _show(self, bed: str) -> None:
        for key, choice in self.choices.items():
            choice.clear()
            choice.addItem(self.kit.words.tr(say("in the order they were connected")), None)
            for port, protocol in self._placed.get(bed, ()):
                choice.addItem(f"{port} · {protocol}", port)
            at = choice.findData(self._preferred.get(bed, {}).get(key))
            choice.setCurrentIndex(max(0, at))

    def _confirm(self) -> None:
        for key, choice in self.choices.items():
            self._prefer(self.bed.currentText(), key, choice.currentData())
        self.accept()


def ask_sources(desk: Desk, placed: Placed, preferred: Mapping[str, Mapping[str, str]], prefer: Prefer, parent: QWidget) -> None:
    """Where several monitors stand at one bed: which one comes first for which vital sign."""
    SourcesQuestion(desk, placed, preferred, prefer, parent).open()


class TimeQuestion(Question):
    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget) -> None:
        super().__init__(desk, say("What time is it now, by the ward's clock?"), say("It is this time"), parent)
        self._infusion_id = infusion_id
        last = desk.now().astimezone()
        self.time = QDateTimeEdit(QDateTime.fromSecsSinceEpoch(int(last.timestamp()), QTimeZone.systemTimeZone()))
        self.time.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.time.setFont(self.kit.look.font("code"))
        self.time.setMinimumHeight(56)
        self.kit.words.bind(self.time, accessibleName=say("Time"))
        told = say("The record ends at {at}. Until the time is known the worst case is shown.", at=desk.now())
        wall = say("This computer's clock says {at}.", at=Dated(wall_utc()))
        for text in (told, wall):
            self.body.addWidget(label(self.kit, text, "body", wrap=True))
        self.body.addWidget(self.time)
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        person = self.desk.person
        if person is None:
            return
        seconds = self.time.dateTime().toSecsSinceEpoch() - int(self.desk.now().timestamp())
        real = self.desk.now() + timedelta(seconds=seconds)
        self.desk.bedside.confirm_time(self._infusion_id, real, person, self._answered)

    def _answered(self, outcome: Outcome) -> None:
        text = outcome.refused or outcome.failed
        if text is None:
            self.accept()
        else:
            self.say_no(text)


def ask_confirm_time(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """What time it really is, after the laptop was off and its clock cannot be trusted."""
    TimeQuestion(desk, infusion_id, parent).open()
