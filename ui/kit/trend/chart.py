"""The trend: stacked plots on one time axis, 15 min / 1 h / all, and a cursor that reads every value."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy

from app.domain.texts import Text, say
from ui.kit.canvas import Canvas
from ui.kit.labels_and_buttons import Card, button
from ui.kit.look.tokens import SPACE_8, TARGET
from ui.kit.look_and_words import Kit

from .chart_data import LANES, Lane, TrendData
from .cursor_reading import reading
from .gutter import BandHead, Gutter
from .lane_scale import LaneScale
from .plot import PlotParts, TrendPlot
from .readout import Readout, ReadoutState

SPANS: tuple[tuple[Text, float | None], ...] = ((say("15 min"), 900.0), (say("1 h"), 3600.0), (say("All"), None))


class TrendChart(Card):
    """`set_data` may be called a few times a second. Left and Right move the cursor, Esc hides it. `parts`: of its plot."""

    def __init__(self, kit: Kit, lanes: tuple[Lane, ...] = LANES, parts: PlotParts | None = None) -> None:
        super().__init__(kit)
        self.kit = kit
        self.scales = [LaneScale(lane) for lane in lanes]
        self.span_s: float | None = 3600.0
        self._data = TrendData(0.0)
        self._at_s = float("nan")
        self.gutter = Gutter(kit, self.scales)
        self.head = BandHead(kit)
        self.plot = TrendPlot(kit, self.scales, parts)
        self.readout = Readout(kit, self)
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.plot.pointed.connect(self.point)
        kit.words.changed.connect(self._fit_head)
        kit.words.bind(self, accessibleName=say("Trend of the vital signs and the drip rate"))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        self.body.setContentsMargins(SPACE_8, 0, SPACE_8, 2)
        self.body.addLayout(grid)
        grid.addWidget(self.head, 0, 1)
        grid.addWidget(self.gutter, 1, 0)
        grid.addWidget(self.plot, 1, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(1, 1)
        row = QHBoxLayout(self.head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_8)
        row.addStretch(1)
        self.head.setFixedHeight(TARGET)
        self._spans = QButtonGroup(self)
        for at, (text, span_s) in enumerate(SPANS):
            pill = button(self.kit, text, "pill")
            pill.setCheckable(True)
            pill.setChecked(span_s == self.span_s)
            self._spans.addButton(pill, at)
            row.addWidget(pill)
        self._spans.idClicked.connect(self._zoom)
        self._fit_head()

    def minimumSizeHint(self) -> QSize:
        return QSize(420, TARGET + 36 * len(self.scales) + 28)

    def pills(self) -> list[QPushButton]:
        """The buttons of the zoom, for tests and pages."""
        return [one for one in self._spans.buttons() if isinstance(one, QPushButton)]

    def set_data(self, data: TrendData) -> None:
        """Redraw with this; the arrays are only read."""
        self._data = data
        before = [(scale.style, scale.shown, scale.limits) for scale in self.scales]
        self.plot.redraw(data, self.span_s)
        if before != [(scale.style, scale.shown, scale.limits) for scale in self.scales]:
            self.gutter.update()
        self.head.show_bands(data.bands, *self.plot.range_s)
        if not np.isnan(self._at_s):
            self.point(self._at_s)

    def column_of(self, now_s: float) -> int:
        """In which px column now stands; the cursor reads each second."""
        left, right = self.plot.range_s
        return int(now_s * (max(1, self.plot.width()) / (right - left) if np.isnan(self._at_s) else 1.0))

    def heights_of(self, newest: Mapping[str, float]) -> dict[str, float]:
        """Where values stand, px from the top, by code of their curve."""
        lanes = zip(self.scales, self.plot.rows(), strict=False)
        return {code: scale.y(newest[code], row) for scale, row in lanes for code in scale.lane.styles if code in newest}

    def set_span(self, span_s: float | None) -> None:
        """900 s, 3600 s, or None for all."""
        for at, (_, offered) in enumerate(SPANS):
            self._spans.button(at).setChecked(offered == span_s)
        self.span_s = span_s
        self.set_data(self._data)

    def _zoom(self, at: int) -> None:
        self.set_span(SPANS[at][1])

    def _fit_head(self) -> None:
        self.head.room = sum(pill.sizeHint().width() + SPACE_8 for pill in self.pills())
        self.head.update()

    def point(self, t_s: float) -> None:
        """Read every value at a time, s since start; NaN puts the cursor away."""
        self._at_s = t_s
        readings = [] if np.isnan(t_s) else [reading(scale.lane, self._data, t_s) for scale in self.scales]
        self.plot.point(t_s, readings)
        self.readout.setVisible(bool(readings))
        if readings:
            self.readout.set_state(ReadoutState(t_s, tuple(readings)))
            self._place(t_s)

    def _place(self, t_s: float) -> None:
        x = self.plot.pos().x() + self.plot.x_of(t_s)
        self.readout.adjustSize()
        beside = x + 12 if x + 12 + self.readout.width() < self.width() else x - 12 - self.readout.width()
        self.readout.move(round(beside), self.plot.pos().y() + 4)
        self.readout.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        """A press beside the plot puts the cursor away: the only way by touch."""
        self.point(float("nan"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            with Canvas(self, self.kit) as canvas:
                canvas.focus_ring(QRectF(self.rect()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        left, right = self.plot.range_s
        step = (right - left) / 120
        start = self._data.now_s if np.isnan(self._at_s) else self._at_s
        moves = {Qt.Key.Key_Left: -step, Qt.Key.Key_Right: step}
        if event.key() in moves:
            self.point(min(right, max(left, start + moves[Qt.Key(event.key())])))
        elif event.key() == Qt.Key.Key_Escape and not np.isnan(self._at_s):
            self.point(float("nan"))
        else:
            super().keyPressEvent(event)
