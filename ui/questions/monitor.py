"""Which monitor stands at which bed, and on which port; listened to or tested before it is connected."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from app.domain.texts import Text, say
from devices.discovery import Port
from devices.models import MODELS
from devices.protocols.scanner.row import SCANNER
from ui.ask.question import Question
from ui.devices.view import line_words, source_of
from ui.frame.desk import Desk
from ui.kit.look.tokens import SPACE_8
from ui.kit.parts import button, label

Chosen = Callable[[str, str, str], None]
"""Port or URL, protocol, bed."""

_HOW = say(
    "A port such as COM3 or /dev/ttyUSB0, socket://host:port for a serial server, or listen://:port where the monitor "
    "connects to this computer."
)


class Testing(Protocol):
    """Tries a port without holding up the screen."""

    def test(self, url: str, protocol: str, told: Callable[[Text], None]) -> None: ...

    def listen(self, url: str, told: Callable[[Text], None]) -> None: ...

    def stop(self) -> None: ...


class MonitorQuestion(Question):
    def __init__(self, desk: Desk, ports: Sequence[Port], port: str, testing: Testing, chosen: Chosen, parent: QWidget) -> None:
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
        self.heard = label(self.kit, "", "strong", wrap=True)
        self._lay_fields()
        self.port.setEditText(port or (ports[0].name if ports else ""))
        self.port.activated.connect(self._port_chosen)
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
        self.body.addWidget(label(self.kit, _HOW, "body", "quiet", wrap=True))
        self.body.addWidget(self.wiring)
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
        for widget in (self.bed, self.bed_name, self.listen, self.test):
            widget.setVisible(not self._is_scanner())
        self.kit.words.bind(self.wiring, text=say("{wiring} {line}", wiring=model.wiring, line=line_words(model.settings)))

    def _is_scanner(self) -> bool:
        return bool(self.model.currentData() == SCANNER.protocol)

    def _url(self) -> str:
        return self.port.currentText().strip()

    def _listen(self) -> None:
        self._begin(lambda url: self._testing.listen(url, self._answered))

    def _test(self) -> None:
        self._begin(lambda url: self._testing.test(url, self.model.currentData(), self._answered))

    def _begin(self, ask: Callable[[str], None]) -> None:
        if not self._url():
            self.say_no(say("Choose a port first."))
            return
        self._enable(False)
        self.kit.words.bind(self.heard, text=say("Listening… up to half a minute."))
        ask(self._url())

    def _answered(self, text: Text) -> None:
        self._enable(True)
        self.kit.words.bind(self.heard, text=text)

    def _enable(self, enabled: bool) -> None:
        for one in (self.listen, self.test):
            one.setEnabled(enabled)

    def _confirm(self) -> None:
        port, bed = self._url(), self.bed.text().strip()
        if not port or not (bed or self._is_scanner()):
            self.say_no(say("Choose a port first.") if self._is_scanner() else say("A port and a bed are needed."))
            return
        self._chosen(port, self.model.currentData(), bed)
        self.accept()


def ask(desk: Desk, ports: Sequence[Port], port: str, testing: Testing, chosen: Chosen, parent: QWidget) -> None:
    MonitorQuestion(desk, ports, port, testing, chosen, parent).open()
