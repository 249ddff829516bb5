"""The Infusion page's widgets in their places."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.texts import say
from ui.frame.pages import Later, at_once
from ui.infusion.delivery import DeliveryState, DeliveryStrip
from ui.infusion.drip_card import DripCard
from ui.infusion.notices import StopState
from ui.infusion.stop_panel import StopPanel
from ui.infusion.tile import Tile
from ui.infusion.timeline import Timeline
from ui.kit.dock import Dock
from ui.kit.identity_banner import IdentityBanner
from ui.kit.labels_and_buttons import Card, label, nowhere, scrolled
from ui.kit.look.tokens import SMALL, SPACE_8
from ui.kit.look_and_words import Kit
from ui.kit.message_strip import MessageState, MessageStrip
from ui.kit.stage_strip import StageStrip

if TYPE_CHECKING:
    from ui.kit.trend.chart import TrendChart
    from ui.kit.trend.plot import PlotParts

#: below this height a notice stands in the place of the stage strip; below the other one, under two bars, nothing does
_TIGHT, _LOWEST = 632, 548
_LEAST_TREND, _LEAST_BELOW = 260, 216
#: percent of the width
_TREND_SHARE = 61
_PRESSURE = 2


class InfusionSheet(QWidget):
    """Banner, strip, notice; trend or timeline beside the tiles; delivery and dock. A full stop covers the middle."""

    def __init__(self, kit: Kit, put: Callable[[QWidget], object] = nowhere, later: Later = at_once) -> None:
        super().__init__()
        self.kit = kit
        self.small = self._apart = self._plan_known = self._is_whole = False
        self.covered = QRect()
        self._column, self._head, self._row = _column(self), _row(), _row()
        self._column.addLayout(self._head)
        self._column.addLayout(self._row)
        put(self)
        for part in (self._put_head, self._put_left, self._put_tiles, self._put_foot):
            later(part)

    def _put_head(self) -> None:
        self.identity, self.strip, self.notice = IdentityBanner(self.kit), StageStrip(self.kit), MessageStrip(self.kit)
        self._head.addWidget(self.identity)
        inner = QWidget()
        inner.setProperty("ground", "clear")
        self.area = scrolled(inner, lambda area: self._column.addWidget(area, 1))
        self.area.setMinimumHeight(1)
        self._scrolled = _column(inner)
        for part in (self.strip, self.notice):
            self._scrolled.addWidget(part)

    def _put_left(self) -> None:
        """The trend or the timeline."""
        self.left = QStackedWidget()
        self._middle = QHBoxLayout()
        self._middle.setSpacing(SPACE_8)
        self._scrolled.addLayout(self._middle, 1)
        self._middle.addWidget(self.left, _TREND_SHARE)
        self._no_trend_yet, drawer = Card(self.kit), Card(self.kit)
        self._parts: PlotParts | None = None
        self.left.addWidget(self._no_trend_yet)
        self.left.addWidget(drawer)
        drawer.body.setContentsMargins(SPACE_8, SPACE_8, SPACE_8, SPACE_8)
        self.timeline = Timeline(self.kit)
        drawer.body.addWidget(self.timeline)
        self._no_trend_yet.body.addWidget(
            label(self.kit, say("The trend is being drawn…"), "hint"), 0, Qt.AlignmentFlag.AlignCenter
        )

    def _put_tiles(self) -> None:
        self.tiles, self.drip = [Tile(self.kit) for _ in range(5)], DripCard(self.kit)
        self.grid = QGridLayout()
        self.grid.setSpacing(SPACE_8)
        self._middle.addLayout(self.grid, 100 - _TREND_SHARE)
        self._place_tiles()
        for at in range(2):
            self.grid.setColumnStretch(at, 1)

    def _put_foot(self) -> None:
        self.delivery, self.dock = DeliveryStrip(self.kit), Dock(self.kit)
        self._scrolled.addWidget(self.delivery)
        self._column.addWidget(self.dock)
        self.stop = StopPanel(self.kit, self)
        self._is_whole = True

    @cached_property
    def trend(self) -> "TrendChart":
        """Made when it is first drawn: what it is drawn with takes longest of all to load."""
        from ui.kit.trend.chart import TrendChart

        made, at = TrendChart(self.kit, parts=self._parts), self.left.currentIndex()
        self.left.removeWidget(self._no_trend_yet)
        self._no_trend_yet.deleteLater()
        self.left.insertWidget(0, made)
        self.left.setCurrentIndex(at)
        return made

    def make_some_of_trend(self) -> bool:
        """Of what takes longest. False: that is all there, and the rest is quickly made."""
        if self._parts is None:
            from ui.kit.trend.chart_data import LANES
            from ui.kit.trend.plot import PlotParts

            self._parts = PlotParts(len(LANES))
        return self._parts.make_some()

    @property
    def has_trend(self) -> bool:
        return "trend" in self.__dict__

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
        self.dock.lend(self._scrolled if small else None)
        self.left.setMinimumHeight(_LEAST_TREND if small else 0)

    def set_asked(self, covered: QRect) -> None:
        """While a question stands at the right: who it is, tiles, what has flowed and Reaction beside it, the trend below it."""
        self.covered = covered
        self.area.setEnabled(not self.asked)
        self.dock.set_asked(self.asked)
        self._fit()

    def set_delivery(self, state: DeliveryState, known: bool) -> None:
        """`known`: there is a plan to hold it against."""
        self.delivery.set_state(state)
        self._plan_known = known
        self._fit()

    @property
    def asked(self) -> bool:
        return not self.covered.isEmpty()

    @property
    def _beside(self) -> bool:
        return self.asked and not self.small

    def _take_apart(self) -> None:
        """Trend and dock are laid around the question; the plots must keep their parent, or the window loses the focus."""
        self._middle.removeWidget(self.left)
        self._column.removeWidget(self.dock)
        self.dock.raise_()

    def _put_together(self) -> None:
        for part in (self._head, self._scrolled):
            part.setContentsMargins(0, 0, 0, 0)
        self._middle.insertWidget(0, self.left, _TREND_SHARE)
        self._column.addWidget(self.dock)
        self.left.show()

    def _place_around(self) -> None:
        """The trend only where the question leaves room enough, what has flowed only where the tiles do."""
        wide, dock = self.covered.left() - SPACE_8, self.dock.sizeHint().height()
        margin = self.width() - wide
        self._head.setContentsMargins(0, 0, margin, 0)
        self._scrolled.setContentsMargins(0, 0, margin, dock + SPACE_8)
        self.dock.setGeometry(0, self.height() - dock, wide, dock)
        top = self.covered.bottom() + 1 + SPACE_8
        below = QRect(self.covered.left(), top, self.covered.width(), self.height() - top)
        self.left.setVisible(below.height() >= _LEAST_BELOW)
        self.left.setGeometry(below.translated(-self.area.pos()))
        notice = 0 if self.notice.isHidden() else self.notice.height() + SPACE_8
        needed = self.grid.minimumSize().height() + notice + self.delivery.sizeHint().height() + 2 * SPACE_8 + dock
        self.delivery.setVisible(self._plan_known and needed <= self.height() - self.area.y())

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
        tight = self.height() < (_LOWEST if self.notice.isHidden() else _TIGHT)
        self.strip.setHidden((tight or self.asked) and not self.small)
        self.identity.set_one_row(self.asked or self.small)
        self.delivery.set_narrow(self._beside)
        if self._apart is not self._beside:
            self._apart = self._beside
            self._take_apart() if self._apart else self._put_together()
        if self._apart:
            self._place_around()
        else:
            self.delivery.setVisible(self._plan_known)
        self.stop.setGeometry(self._covered())
        self.stop.setVisible(self.stop.state is not None and not (self._apart and self.stop.state.drips))

    def _covered(self) -> QRect:
        """All between banner and dock; while a bag drips, the tiles and what has flowed stay in sight."""
        top = self.identity.geometry().bottom() + 1 + SPACE_8
        drips = self.stop.state is not None and self.stop.state.drips
        if not drips or self.small:
            wide = self.covered.left() - SPACE_8 if self._beside else self.width()
            return QRect(0, top, wide, self.dock.geometry().top() - SPACE_8 - top)
        left = QRect(self.left.mapTo(self, QPoint(0, 0)), self.left.size())
        below = self.delivery.mapTo(self, QPoint(0, 0)).y()
        return QRect(0, left.top(), left.right() + 1, below - SPACE_8 - left.top())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_whole:  # a window may be made larger while the page is still being made
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
