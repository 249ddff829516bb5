"""The Infusion page's widgets in their places."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.infusion.delivery import DeliveryStrip
from ui.infusion.drip_card import DripCard
from ui.infusion.notices import StopState
from ui.infusion.stop_panel import StopPanel
from ui.infusion.tile import Tile
from ui.infusion.timeline import Timeline
from ui.kit.dock import Dock
from ui.kit.identity_banner import IdentityBanner
from ui.kit.labels_and_buttons import Card, scrolled
from ui.kit.look.tokens import SMALL, SPACE_8
from ui.kit.look_and_words import Kit
from ui.kit.message_strip import MessageState, MessageStrip
from ui.kit.stage_strip import StageStrip
from ui.kit.trend.chart import TrendChart

#: below this height a notice stands in the place of the stage strip
_TIGHT = 632
_LEAST_TREND = 260
_PRESSURE = 2


class InfusionSheet(QWidget):
    """Banner, strip, notice; trend or timeline beside the tiles; delivery and dock. A full stop covers the middle."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.identity, self.strip, self.notice = IdentityBanner(kit), StageStrip(kit), MessageStrip(kit)
        self.trend, self.timeline = TrendChart(kit), Timeline(kit)
        self.tiles = [Tile(kit) for _ in range(5)]
        self.drip, self.delivery, self.dock = DripCard(kit), DeliveryStrip(kit), Dock(kit)
        self.left = QStackedWidget()
        self.small = False
        self._lay_out()
        self.stop = StopPanel(kit, self)

    def _lay_out(self) -> None:
        drawer = Card(self.kit)
        drawer.body.setContentsMargins(SPACE_8, SPACE_8, SPACE_8, SPACE_8)
        drawer.body.addWidget(self.timeline)
        self.left.addWidget(self.trend)
        self.left.addWidget(drawer)
        self._row = _row()
        self._middle = QHBoxLayout()
        self._middle.setSpacing(SPACE_8)
        self._middle.addWidget(self.left, 61)
        self._middle.addLayout(self._grid(), 39)
        inner = QWidget()
        inner.setProperty("ground", "clear")
        self._scrolled = _column(inner)
        for part in (self.strip, self.notice):
            self._scrolled.addWidget(part)
        self._scrolled.addLayout(self._middle, 1)
        self._scrolled.addWidget(self.delivery)
        self.area = scrolled(inner)
        self.area.setMinimumHeight(1)
        column = _column(self)
        column.addWidget(self.identity)
        column.addLayout(self._row)
        column.addWidget(self.area, 1)
        column.addWidget(self.dock)

    def _grid(self) -> QGridLayout:
        self.grid = QGridLayout()
        self.grid.setSpacing(SPACE_8)
        self._place_tiles()
        for at in range(2):
            self.grid.setColumnStretch(at, 1)
        return self.grid

    def _place_tiles(self) -> None:
        """Two in a row beside the trend; on a very small screen low ones in one row, never scrolled away."""
        for at, tile in enumerate(self.tiles):
            tile.set_low(self.small)
            if self.small:
                self._row.addWidget(tile, 3 if at == _PRESSURE else 2)
            else:
                self.grid.addWidget(tile, at // 2, at % 2)
        self.grid.addWidget(self.drip, 2, 1)

    def _suit(self) -> None:
        """As large as the window is: below `SMALL` all but identity, tiles, primary and Reaction scrolls."""
        window = self.window()
        small = window.width() < SMALL[0] or window.height() < SMALL[1]
        if small is self.small:
            return
        self.small = small
        self._place_tiles()
        self.identity.set_one_row(small)
        self.dock.lend(self._scrolled if small else None)
        self.left.setMinimumHeight(_LEAST_TREND if small else 0)

    def show_timeline(self, shown: bool) -> None:
        self.left.setCurrentIndex(int(shown))

    @property
    def timeline_shown(self) -> bool:
        return self.left.currentIndex() == 1

    def set_notice(self, state: MessageState | None) -> None:
        self.notice.set_state(state)
        self._fit()

    def set_stop(self, state: StopState | None) -> None:
        self.stop.set_state(state)
        self._fit()

    def _fit(self) -> None:
        self._suit()
        self.strip.setHidden(not self.notice.isHidden() and self.height() < _TIGHT and not self.small)
        self.stop.setGeometry(self._covered())

    def _covered(self) -> QRect:
        """All between banner and dock; while a bag drips, the tiles and what has flowed stay in sight."""
        top = self.identity.geometry().bottom() + 1 + SPACE_8
        drips = self.stop.state is not None and self.stop.state.drips
        if not drips or self.small:
            return QRect(0, top, self.width(), self.dock.geometry().top() - SPACE_8 - top)
        left = QRect(self.left.mapTo(self, QPoint(0, 0)), self.left.size())
        below = self.delivery.mapTo(self, QPoint(0, 0)).y()
        return QRect(0, left.top(), left.right() + 1, below - SPACE_8 - left.top())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _row() -> QHBoxLayout:
    made = QHBoxLayout()
    made.setSpacing(SPACE_8)
    return made


def _column(of: QWidget) -> QVBoxLayout:
    made = QVBoxLayout(of)
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(SPACE_8)
    return made
