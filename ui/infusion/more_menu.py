"""The menu behind “More”: what else may be done in this phase."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.texts import Text
from ui.kit.look_and_words import Kit


class MoreMenu(QMenu):
    """Calls `then(key)` with what was chosen and is gone when it closes."""

    def __init__(self, kit: Kit, offered: Iterable[tuple[str, Text]], then: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._then = then
        for key, text in offered:
            made = self.addAction(kit.words.tr(text))
            made.setObjectName(key)
            made.triggered.connect(self._chosen)

    def _chosen(self) -> None:
        self._then(self.sender().objectName())


def show_more(kit: Kit, offered: Iterable[tuple[str, Text]], dock: QWidget, then: Callable[[str], None]) -> MoreMenu:
    """Open the menu above the dock's own button."""
    menu = MoreMenu(kit, offered, then, dock)
    button = dock.findChild(QWidget, "more") or dock
    above = button.mapToGlobal(button.rect().topLeft())
    above.setY(above.y() - menu.sizeHint().height())
    menu.popup(above)
    return menu
