"""Which monitor stands at which bed, and on which port."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from app.domain.texts import say
from devices.discovery import Port
from devices.models import MODELS
from ui.desk import Desk
from ui.widgets.parts import label

from .question import Question

Chosen = Callable[[str, str, str], None]
"""Port or URL, protocol, bed."""


class MonitorQuestion(Question):
    def __init__(self, desk: Desk, ports: Sequence[Port], chosen: Chosen, parent: QWidget) -> None:
        super().__init__(desk, say("Which monitor is at this bed?"), say("Connect"), parent)
        self._chosen = chosen
        self.port, self.model, self.bed = QComboBox(), QComboBox(), QLineEdit()
        self.port.setEditable(True)
        for port in ports:
            self.port.addItem(port.name)
            self.port.setItemData(self.port.count() - 1, port.says, Qt.ItemDataRole.ToolTipRole)
        for protocol, model in MODELS.items():
            self.model.addItem(self.kit.words.tr(model.label), protocol)
        form = QFormLayout()
        for text, field in ((say("Port or address"), self.port), (say("Model"), self.model), (say("Bed"), self.bed)):
            self.kit.words.bind(field, accessibleName=text)
            form.addRow(label(self.kit, text), field)
        self.body.addLayout(form)
        how = say("A port such as COM3 or /dev/ttyUSB0, or socket://host:port for a serial server.")
        self.body.addWidget(label(self.kit, how, "body", "quiet", wrap=True))
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        port, bed = self.port.currentText().strip(), self.bed.text().strip()
        if not port or not bed:
            self.say_no(say("A port and a bed are needed."))
            return
        self._chosen(port, self.model.currentData(), bed)
        self.accept()


def ask(desk: Desk, ports: Sequence[Port], chosen: Chosen, parent: QWidget) -> None:
    MonitorQuestion(desk, ports, chosen, parent).open()
