"""The Infusion page's widgets in their places."""

from PySide6.QtCore import QRect
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
from ui.kit.labels_and_buttons import Card
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit
from ui.kit.message_strip import MessageState, MessageStrip
from ui.kit.stage_strip import StageStrip
from ui.kit.trend.chart import TrendChart

#: below this height a notice stands in the place of the stage strip
_TIGHT = 632


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
        self._lay_out()
        self.stop = StopPanel(kit, self)

    def _lay_out(self) -> None:
        drawer = Card(self.kit)
        drawer.body.setContentsMargins(SPACE_8, SPACE_8, SPACE_8, SPACE_8)
        drawer.body.addWidget(self.timeline)
        self.left.addWidget(self.trend)
        self.left.addWidget(drawer)
        middle = QHBoxLayout()
        middle.setSpacing(SPACE_8)
        middle.addWidget(self.left, 61)
        middle.addLayout(self._grid(), 39)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        for part in (self.identity, self.strip, self.notice):
            column.addWidget(part)
        column.addLayout(middle, 1)
        column.addWidget(self.delivery)
        column.addWidget(self.dock)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(SPACE_8)
        boxes: list[QWidget] = [*self.tiles, self.drip]
        for at, box in enumerate(boxes):
            grid.addWidget(box, at // 2, at % 2)
        for at in range(2):
            grid.setColumnStretch(at, 1)
        return grid

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
        self.strip.setHidden(not self.notice.isHidden() and self.height() < _TIGHT)
        self.stop.setGeometry(self._covered())

    def _covered(self) -> QRect:
        """All between banner and dock; while a bag drips, the tiles and what has flowed stay in sight."""
        top = self.identity.geometry().bottom() + 1 + SPACE_8
        drips = self.stop.state is not None and self.stop.state.drips
        below, beside = (self.delivery, self.left.geometry().right() + 1) if drips else (self.dock, self.width())
        if drips:
            top = self.left.geometry().top()
        return QRect(0, top, beside, below.geometry().top() - SPACE_8 - top)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
