"""One bed on the locked screen: where it stands, its tiles, the drip and the trend. Nothing acts here, and nobody is named."""

from datetime import datetime

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.services.ward.bed_watch import BedWatch
from app.services.ward.watch import BedNow
from ui.infusion import view as head
from ui.infusion.drip_card import DripCard
from ui.infusion.drip_state import drip
from ui.infusion.tile import Tile
from ui.infusion.tile_states import tiles
from ui.infusion.trend_points import ShownTrend
from ui.kit.look.tokens import SMALL, SPACE_8
from ui.kit.look_and_words import Kit
from ui.kit.stage_strip import StageStrip
from ui.kit.trend.chart import TrendChart

#: logical pixels from which the trend stands beside the tiles, and three tiles beside each other
_BESIDE, _THREE = 800, 590
_LEAST_TREND = 390
_PRESSURE = 2
_Shape = tuple[int, bool]


class LockedBed(QWidget):
    """Tiles come first: where there is little room they stay in sight, and the trend is scrolled to."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.strip, self.trend, self.drip = StageStrip(kit), TrendChart(kit), DripCard(kit)
        self.tiles = [Tile(kit) for _ in range(5)]
        self.trend.setMinimumWidth(_LEAST_TREND)
        self._shown = ShownTrend(self.trend)
        self._shape: _Shape | None = None
        self._is_short = False
        self.grid = QGridLayout()
        self.grid.setSpacing(SPACE_8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self.strip)
        column.addLayout(self.grid, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._arrange((2, False))

    def show_bed(self, bed: BedNow, watched: BedWatch, now: datetime) -> None:
        """After each look at the ward; the trend when a pixel of it is another one."""
        state, words = bed.state, self.kit.words.catalogue
        self.strip.set_state(head.strip(bed, now, words))
        for tile, shown in zip(self.tiles, tiles(state, watched, now, words, bed.alarms), strict=True):
            tile.set_state(shown)
        self.drip.set_state(drip(state, bed.drops, now, words, bed.tasks))
        self._shown.show(state, watched.trend, now)

    def set_short(self, short: bool) -> None:
        """Where the sign-in stands below it: tiles alone."""
        self._is_short = short
        self._suit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._suit()

    def _suit(self) -> None:
        """As large as the window is: low tiles in one row on a very small screen, whose stages the line of the bed tells."""
        window = self.window()
        low = window.width() < SMALL[0] or window.height() < SMALL[1]
        columns = 5 if low else 2 if self.width() >= _BESIDE or self.width() < _THREE else 3
        self._arrange((columns, not low and self.width() >= _BESIDE))
        self.strip.setVisible(not low)
        for part in (self.drip, self.trend):
            part.setHidden(low and self._is_short)

    def _arrange(self, shape: _Shape) -> None:
        """So many tiles beside each other, the drip after them, the trend before or below."""
        if shape == self._shape:
            return
        self._shape = columns, beside = shape
        low, first = columns == len(self.tiles), int(beside)
        for at, tile in enumerate(self.tiles):
            tile.set_low(low)
            self.grid.addWidget(tile, at // columns, first + at % columns)
        self.grid.addWidget(self.drip, 5 // columns, first + 5 % columns, 1, columns if low else 1)
        rows = 5 // columns + 1
        if beside:
            self.grid.addWidget(self.trend, 0, 0, rows, 1)
        else:
            self.grid.addWidget(self.trend, rows, 0, 1, columns)
        widths = [2] * columns if not low else [3 if at == _PRESSURE else 2 for at in range(columns)]
        for at, width in enumerate(([columns * 2] if beside else []) + widths + [0] * 3):
            self.grid.setColumnStretch(at, width)
