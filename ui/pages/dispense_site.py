"""The mark of a value that the site decided, with its reason; and cards that carry it."""

from PySide6.QtWidgets import QHBoxLayout, QLabel

from app.domain.protocol import Protocol
from app.domain.texts import Text, say
from ui.look.tokens import SPACE_8
from ui.widgets.kit import Kit
from ui.widgets.parts import Card, label


class SiteMark(QLabel):
    """“Site setting, not in the protocol”; the tool tip gives the reasons. Hidden where nothing was decided."""

    def __init__(self, kit: Kit, protocol: Protocol, keys: tuple[str, ...]) -> None:
        super().__init__()
        self.kit = kit
        self._items = tuple(item for item in protocol.decided if item.key in keys)
        self.setFont(kit.look.font("hint"))
        self.setProperty("tone", "quiet")
        kit.words.bind(self, text=say("Site setting, not in the protocol"))
        kit.words.changed.connect(self._again)
        self._again()
        self.setVisible(bool(self._items))

    def _again(self) -> None:
        reasons = "\n".join(self.kit.words.catalogue.pick(item) for item in self._items)
        self.setToolTip(reasons)
        self.setAccessibleDescription(reasons)


def headed(kit: Kit, title: Text | str, mark: QLabel | None = None) -> tuple[Card, QHBoxLayout]:
    """A card with its title, room for what stands at its right, and the mark there."""
    card, row = Card(kit), QHBoxLayout()
    row.setSpacing(SPACE_8)
    row.addWidget(label(kit, title, "title"))
    row.addStretch(1)
    if mark is not None:
        row.addWidget(mark)
    card.body.addLayout(row)
    return card, row
