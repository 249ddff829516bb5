"""The main window: the frame that is always there, and the page in it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.frame.bar.alarm_bar import AlarmBar
from ui.frame.bar.practice_banner import PracticeBanner
from ui.frame.bar.rail import WIDTH, Rail
from ui.frame.bar.sae_bar import SaeBar
from ui.frame.bar.sound_bar import SoundBar
from ui.frame.bar.top_bar import TopBar
from ui.frame.drawer import Drawer
from ui.frame.pages import Page
from ui.kit.labels_and_buttons import scrolled
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit
from ui.kit.message_strip import MessageStrip

#: logical pixels: half of 1280 × 720, without title and task bar
LEAST = (600, 320)


class Window(QWidget):
    """Painted at once with the program's name and clock; pages are put into it when they are there.

    Questions asked at a bed stand in its `drawer`.

    `may_close` is asked, then `closing` emitted, before it closes; a page may be asked for by `page_wanted(key)`.
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
        self.setMinimumSize(*LEAST)
        self.resize(1366, 768)
        name = say("Bedside practice") if practice else say("Bedside")
        kit.words.bind(self, windowTitle=name)
        self.top, self.alarm, self.rail = TopBar(kit), AlarmBar(kit), Rail(kit)
        self.strip, self.sae, self.sound = MessageStrip(kit), SaeBar(kit), SoundBar(kit)
        self.banner = PracticeBanner(kit) if practice else None
        self.stack = QStackedWidget()
        self.stack.addWidget(QWidget())  # the first in a stack is shown at once: no page, which would be seen while it is made
        self.may_close: Callable[[], bool] = lambda: True
        self.pages: dict[str, QWidget] = {}
        self._areas: dict[str, QScrollArea] = {}
        self._lay_out()
        self.drawer = Drawer(self, self.stack, (self.rail, self.sae), self._page_shown)
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
        for part in (self.alarm, self.banner, self.sae, self.sound, self.strip):
            if part is not None:
                self.column.addWidget(part)
        self.column.addWidget(self.stack, 1)
        side = QWidget()
        self.side = QVBoxLayout(side)
        self.side.setContentsMargins(0, 0, 0, 0)
        self.side.setSpacing(0)
        self.side.addWidget(self.rail, 1)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        self._beside = scrolled(side)
        self._beside.setFixedWidth(WIDTH)
        for bars in (self._beside.setVerticalScrollBarPolicy, self._beside.setHorizontalScrollBarPolicy):
            bars(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        below.addWidget(self._beside)
        below.addLayout(self.column, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.top)
        whole.addLayout(below, 1)

    def show_rail(self, shown: bool) -> None:
        """While nobody is signed in it has nothing to offer, but for what practice keeps below it."""
        self._beside.setVisible(shown or self.banner is not None)

    def add_page(self, key: str, page: QWidget) -> None:
        """It scrolls where the window is too small for it."""
        self.pages[key] = page
        self._areas[key] = scrolled(page, self.stack.addWidget)

    def show_page(self, key: str) -> None:
        self.stack.setCurrentWidget(self._areas[key])
        self.drawer.fit()

    def drop_page(self, key: str) -> None:
        """For what must not stay once it was seen; nothing where there is none."""
        self.pages.pop(key, None)
        area = self._areas.pop(key, None)
        if area is not None:
            self.stack.removeWidget(area)
            area.deleteLater()

    @property
    def page(self) -> str:
        """The key of the page that is shown."""
        shown = self.stack.currentWidget()
        return next((key for key, area in self._areas.items() if area is shown), "")

    def _page_shown(self) -> Page | None:
        page = self.pages.get(self.page)
        return page if isinstance(page, Page) else None

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)
