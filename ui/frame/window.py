"""The main window: the frame that is always there, and the page in it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.frame.bar.alarm_bar import AlarmBar
from ui.frame.bar.practice_banner import PracticeBanner
from ui.frame.bar.rail import Rail
from ui.frame.bar.sae_bar import SaeBar
from ui.frame.bar.top_bar import TopBar
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit
from ui.kit.message_strip import MessageStrip


class Window(QWidget):
    """Painted at once with the program's name and clock; pages are put into it when they are there.

    `closing` is emitted before it closes; a page may be asked for by `page_wanted(key)`.
    """

    closing = Signal()
    page_wanted = Signal(str)
    lock_wanted = Signal()
    help_wanted = Signal()
    stop_wanted = Signal()
    next_bed_wanted = Signal()

    def __init__(self, kit: Kit, practice: bool, ward: Text | str) -> None:
        super().__init__()
        self.kit, self.ward = kit, ward
        self.setObjectName("window")
        self.setProperty("ground", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(1024, 640)
        self.resize(1366, 768)
        name = say("Bedside practice") if practice else say("Bedside")
        kit.words.bind(self, windowTitle=name)
        self.top, self.alarm, self.rail = TopBar(kit), AlarmBar(kit), Rail(kit)
        self.strip, self.sae = MessageStrip(kit), SaeBar(kit)
        self.banner = PracticeBanner(kit) if practice else None
        self.stack = QStackedWidget()
        self.pages: dict[str, QWidget] = {}
        self._lay_out()
        self.rail.chosen.connect(self.page_wanted)
        self.top.lock_pressed.connect(self.lock_wanted)
        for key, signal in (
            ("F12", self.lock_wanted),
            ("F1", self.help_wanted),
            ("F8", self.stop_wanted),
            ("Ctrl+Tab", self.next_bed_wanted),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(signal)

    def _lay_out(self) -> None:
        self.column = QVBoxLayout()
        self.column.setContentsMargins(12, SPACE_8, 12, 10)
        self.column.setSpacing(SPACE_8)
        for part in (self.alarm, self.banner, self.sae, self.strip):
            if part is not None:
                self.column.addWidget(part)
        self.column.addWidget(self.stack, 1)
        self.side = QVBoxLayout()
        self.side.setContentsMargins(0, 0, 0, 0)
        self.side.setSpacing(0)
        self.side.addWidget(self.rail, 1)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addLayout(self.side)
        below.addLayout(self.column, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.top)
        whole.addLayout(below, 1)

    def add_page(self, key: str, page: QWidget) -> None:
        self.pages[key] = page
        self.stack.addWidget(page)

    def show_page(self, key: str) -> None:
        self.stack.setCurrentWidget(self.pages[key])

    def drop_page(self, key: str) -> None:
        """For what must not stay once it was seen; nothing where there is none."""
        page = self.pages.pop(key, None)
        if page is not None:
            self.stack.removeWidget(page)
            page.deleteLater()

    @property
    def page(self) -> str:
        """The key of the page that is shown."""
        shown = self.stack.currentWidget()
        return next((key for key, page in self.pages.items() if page is shown), "")

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
