"""The Infusion page: whose it is, where it stands, the trend, the tiles, the drip, and the one next action."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.domain.due import Kind
from app.domain.texts import say
from ui.desk import Desk
from ui.pages.infusion_sheet import InfusionSheet
from ui.views import infusion as head
from ui.views.infusion_dock import can_check, dock, more
from ui.views.infusion_drip import delivery, drip
from ui.views.infusion_notices import notice, stop
from ui.views.infusion_rows import rows
from ui.views.infusion_tiles import tiles
from ui.views.trend import trend_data
from ui.widgets.empty import Empty, EmptyState

_EVERY_MS = 333
_NEVER = (-1, -1, -1, -1)


class InfusionPage(QWidget):
    """Pulls what it shows a few times a second while it is on screen, and at once when something happened."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.kit = desk, desk.kit
        self.infusion_id: str | None = None
        self._drawn = _NEVER
        self.empty, self.sheet = Empty(self.kit), InfusionSheet(self.kit)
        to_do = say("Choose a bed on the Ward page, or order a new infusion there.")
        self.empty.set_state(EmptyState(say("No infusion is open here"), to_do, say("To the ward"), "infusion"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.sheet)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._check_key = QShortcut(QKeySequence("F2"), self)
        self._connect()

    def _connect(self) -> None:
        self._timer.timeout.connect(self.refresh)
        self.empty.pressed.connect(self._to_ward)
        self.sheet.dock.chosen.connect(self.act)
        self._check_key.activated.connect(self._check)
        self.desk.changed.connect(self._changed)
        self.kit.words.changed.connect(self._again)

    def show_infusion(self, infusion_id: str) -> None:
        """Turn to another infusion; the drawer is closed and the trend shows its last hour."""
        if infusion_id != self.infusion_id:
            self.infusion_id = infusion_id
            self.sheet.show_timeline(False)
            self.sheet.trend.set_span(3600.0)
            self.sheet.trend.point(float("nan"))
        self._again()

    def _again(self) -> None:
        self._drawn = _NEVER
        self.refresh()

    def _changed(self, infusion_id: str) -> None:
        if infusion_id == self.infusion_id and self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def refresh(self) -> None:
        known = self.infusion_id is not None and self.desk.bedside.knows(self.infusion_id)
        self.stack.setCurrentIndex(int(known))
        self._check_key.setEnabled(False)
        if known and self.infusion_id is not None:
            self._show(self.infusion_id)
            self._draw(self.infusion_id)

    def _show(self, infusion_id: str) -> None:
        sheet, bedside, now, words = self.sheet, self.desk.bedside, self.desk.now(), self.kit.words.catalogue
        line = bedside.line(infusion_id)
        state = line.state
        sheet.identity.set_state(head.identity(state, now, words, line.unsaved))
        sheet.strip.set_state(head.strip(state, now, words))
        for tile, shown in zip(sheet.tiles, tiles(state, bedside.watched(infusion_id), now, words), strict=True):
            tile.set_state(shown)
        sheet.drip.set_state(drip(state, now, words))
        sheet.delivery.set_state(delivery(state, now))
        shown_dock = dock(state, now, words, sheet.timeline_shown)
        sheet.dock.set_state(shown_dock)
        self._check_key.setEnabled(can_check(state) and all(x.hint != "F2" for x in shown_dock.others))
        sheet.set_notice(notice(line))
        sheet.set_stop(stop(state))

    def _draw(self, infusion_id: str) -> None:
        """The trend when a value came or a second went by, the timeline when something happened."""
        line, watched, now = self.desk.bedside.line(infusion_id), self.desk.bedside.watched(infusion_id), self.desk.now()
        key = (len(line.state.entries), line.unsaved, watched.trend.version, int(now.timestamp()))
        if key == self._drawn:
            return
        self.sheet.trend.set_data(trend_data(line.state, watched.trend, now))
        if key[:2] != self._drawn[:2]:
            names = {person_id: person.name for person_id, person in self.desk.people.by_id.items()}
            self.sheet.timeline.set_state(rows(line.state, names, self.kit.words.catalogue, line.unsaved))
        self._drawn = key

    # --- what is pressed

    def act(self, key: str) -> None:
        """Carry out a key of the dock or of “More”: ask the question that belongs to it."""
        from ui.dialogs.actions import ACTIONS

        if self.infusion_id is None:
            return
        if key == "timeline":
            self.sheet.show_timeline(not self.sheet.timeline_shown)
            self.refresh()
        elif key == "more":
            self._more(set(ACTIONS))
        else:
            ACTIONS[key](self.desk, self.infusion_id, self)

    def _check(self) -> None:
        self.act(Kind.VITALS.value)

    def _more(self, known: set[str]) -> None:
        assert self.infusion_id is not None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key, text in more(self.desk.infusion(self.infusion_id)):
            if key in known:
                made = menu.addAction(self.kit.words.tr(text))
                made.setObjectName(key)
                made.triggered.connect(self._chosen)
        button = self.sheet.dock.findChild(QWidget, "more") or self.sheet.dock
        above = button.mapToGlobal(button.rect().topLeft())
        above.setY(above.y() - menu.sizeHint().height())
        menu.popup(above)

    def _chosen(self) -> None:
        self.act(self.sender().objectName())

    def _to_ward(self) -> None:
        self.desk.show_page.emit("ward", "")
