"""How one monitor's line is set, and what the site chooses for it; each choice with its reason."""

from collections.abc import Collection

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QVBoxLayout, QWidget

from app.domain.texts import say
from app.services.placements import PlacedHow
from devices.device_rows import MonitorRow, PortRow
from devices.link import PortSettings
from devices.settings_words import line_words, settings_of
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit

_NETWORK = ("socket://", "listen://")


class HowRead(QWidget):
    """`show_model` first. The line may be typed; as delivered it follows the model."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.line = QComboBox()
        self.line.setEditable(True)
        kit.words.bind(self.line, accessibleName=say("Line"))
        self.name = label(kit, say("Line"))
        form = QFormLayout()
        form.addRow(self.name, self.line)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_8)
        self._column.addLayout(form)
        self._choices = QWidget()
        self._column.addWidget(self._choices)
        self.boxes: dict[str, QCheckBox] = {}

    def show_model(self, row: PortRow, how: PlacedHow) -> None:
        """Offer what this model allows; `how` is what is chosen beforehand."""
        self.line.clear()
        delivered = say("{line} (as delivered)", line=line_words(row.settings))
        self.line.addItem(self.kit.words.tr(delivered), None)
        for settings in row.other_settings:
            self.line.addItem(line_words(settings), settings)
        self.show_line(how.line)
        self._offer(row, how.choices)

    def show_line(self, line: PortSettings | None) -> None:
        at = self.line.findData(line)
        self.line.setCurrentIndex(at)
        if at < 0 and line is not None:
            self.line.setEditText(line_words(line))

    def hide_line(self, url: str) -> None:
        """The network has none."""
        for widget in (self.line, self.name):
            widget.setVisible(not url.startswith(_NETWORK))

    def _offer(self, row: PortRow, chosen: Collection[str]) -> None:
        old, self._choices, self.boxes = self._choices, QWidget(), {}
        self._column.replaceWidget(old, self._choices)
        old.hide()
        old.deleteLater()
        column = QVBoxLayout(self._choices)
        column.setContentsMargins(0, 0, 0, 0)
        for choice in row.choices if isinstance(row, MonitorRow) else ():
            box = self.boxes[choice.key] = QCheckBox()
            self.kit.words.bind(box, text=choice.label)
            box.setChecked(choice.key in chosen)
            column.addWidget(box)
            column.addWidget(label(self.kit, choice.why, "body", "quiet", wrap=True))

    def settings(self) -> PortSettings | None:
        """As a person says it is set, None as delivered; raises `Refused` for what is no setting."""
        text = self.line.currentText().strip()
        at = self.line.findText(text)
        if at >= 0:
            found: PortSettings | None = self.line.itemData(at)
            return found
        return settings_of(text)

    def choices(self) -> tuple[str, ...]:
        return tuple(key for key, box in self.boxes.items() if box.isChecked())
