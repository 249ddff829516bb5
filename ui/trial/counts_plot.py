"""One subject's counts on the screen: three lanes on one time axis, to be zoomed, and a cursor that reads each count.

Drawn from what the SVG and the report draw (`counts_curves`). It loads pyqtgraph: import it when a subject is opened.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pyqtgraph
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy

from app.domain.texts import Text, joined, listed, say
from app.domain.trial.counts import LINEAGES, Count
from app.domain.trial.subject.subject_facts import TEST_NAMES
from app.services.trial.counts_curves import CountsCurves, months
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit

pg: Any = pyqtgraph
_UNITS = {"hb": "g/L", "anc": "×10⁹/L", "plt": "×10⁹/L"}
_COLOURS = {"hb": "heart", "anc": "oxygen", "plt": "breath"}
_FEWEST_DAYS, _NAME_WIDTH, _FOOT_HEIGHT, _HEAD = 5, 230, 54, 28
_HOW = say("Point at a count to read it; turn the wheel or press + and − to zoom, arrow keys go from count to count.")


class CountsPlot(pyqtgraph.GraphicsView):
    """Wheel, drag, + and − zoom the time; Left and Right go from count to count, Escape shows all again."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        super().__init__(background=None)  # type: ignore[no-untyped-call]
        self.grid: Any = pg.GraphicsLayout()
        self.setCentralItem(self.grid)  # type: ignore[no-untyped-call]
        self._shown: CountsCurves | None = None
        self._at: Count | None = None
        self._code = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.grid.layout.setContentsMargins(0, _HEAD, SPACE_8, 0)
        self.grid.layout.setSpacing(2)
        self.lanes = {x: self.grid.addPlot(row=n, col=0, enableMenu=False) for n, x in enumerate(LINEAGES)}
        self.foot = self.grid.addPlot(row=len(LINEAGES), col=0, enableMenu=False)
        self.foot.setFixedHeight(_FOOT_HEIGHT)
        self.cursors: list[Any] = []
        for plot in self._plots():
            plot.hideButtons()
            plot.setMouseEnabled(x=True, y=False)
            plot.getAxis("left").setWidth(_NAME_WIDTH)
            plot.setXLink(None if plot is self.foot else self.foot)
            if plot is not self.foot:
                plot.hideAxis("bottom")
        self.readout = label(kit, _HOW, "body", "quiet")
        self.names = {x: label(kit, TEST_NAMES[x], "strong") for x in LINEAGES}
        for made in (self.readout, *self.names.values()):
            made.setParent(self)
        self.foot.vb.sigXRangeChanged.connect(lambda *_: self._write())
        self.sigSceneMouseMoved.connect(self._pointed)
        kit.look.changed.connect(self._redraw)
        kit.words.changed.connect(self._redraw)

    def _plots(self) -> Iterator[Any]:
        yield from self.lanes.values()
        yield self.foot

    def sizeHint(self) -> QSize:
        return QSize(900, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 160)

    def set_state(self, code: str, shown: CountsCurves) -> None:
        """Another subject is shown whole; the same one keeps its zoom."""
        if shown == self._shown:
            return
        is_new, self._code = code != self._code, code
        self._shown, self._at = shown, None
        self.kit.words.bind(self, accessibleName=say("Counts of {subject} against time", subject=code))
        self._redraw()
        if is_new:
            self._all()

    # --- what is drawn

    def _redraw(self) -> None:
        shown, theme = self._shown, self.kit.look.theme
        self.setBackground(QColor(theme.card))  # type: ignore[no-untyped-call]
        if shown is None:
            return
        self.cursors = []
        for plot in self._plots():
            plot.clear()
            line = pg.InfiniteLine(angle=90, pen=QPen(QColor(theme.quiet), 0))
            line.hide()
            plot.addItem(line, ignoreBounds=True)
            self.cursors.append(line)
            for name in ("left", "bottom"):
                axis = plot.getAxis(name)
                axis.setPen(QPen(QColor(theme.line), 0))
                axis.setTextPen(QColor(theme.quiet))
                axis.setStyle(tickFont=self.kit.look.font("hint"), tickLength=0)
            plot.setLimits(xMin=shown.begin.timestamp(), xMax=shown.end.timestamp(), minXRange=_FEWEST_DAYS * 86400)
        for lineage, plot in self.lanes.items():
            self._lane(plot, lineage, shown)
        self._foot(shown)
        self._write()
        self._say()

    def _lane(self, plot: Any, lineage: str, shown: CountsCurves) -> None:
        theme, points, top = self.kit.look.theme, shown.points(lineage), float(shown.top(lineage))
        ink = QColor(theme.curves[_COLOURS[lineage]])
        wanted = {name: float(value) for name, value in shown.wanted(lineage).items()}
        for value in wanted.values():
            plot.addItem(pg.InfiniteLine(value, angle=0, pen=QPen(QColor(theme.edge), 0, Qt.PenStyle.DashLine)), ignoreBounds=True)
        x, y = [at.timestamp() for at, _ in points], [float(value) for _, value in points]
        plot.plot(x, y, pen=QPen(ink, 0), symbol="o", symbolSize=6, symbolBrush=ink, symbolPen=None)
        plot.setYRange(0, top, padding=0.02)
        named = [(value, f"{name} {value:g}") for name, value in wanted.items()]
        if len(named) > 1 and abs(named[0][0] - named[1][0]) < top / 5:
            named = [(max(v for v, _ in named), " · ".join(words for _, words in named))]
        plot.getAxis("left").setTicks([named])
        self.names[lineage].setStyleSheet(f"color: {ink.name()}")

    def _foot(self, shown: CountsCurves) -> None:
        """Infusions above, transfusions below, on the lines that the axis names."""
        ink = QColor(self.kit.look.theme.text)
        for times, y, symbol, size in ((shown.doses, 1, "d", 12), (shown.transfusions, 0, "o", 5)):
            x = [at.timestamp() for at in times]
            self.foot.addItem(pg.ScatterPlotItem(x, [y] * len(x), symbol=symbol, size=size, brush=ink, pen=None))
        self.foot.setYRange(-0.6, 1.6, padding=0)
        tr = self.kit.words.tr
        self.foot.getAxis("left").setTicks([[(1, tr(say("infusions"))), (0, tr(say("transfusions")))]])

    def _write(self) -> None:
        """Months, or weeks and days where it is zoomed in so far."""
        shown = self._shown
        if shown is None:
            return
        left, right = (datetime.fromtimestamp(t, shown.begin.tzinfo) for t in self.foot.vb.viewRange()[0])
        days = (right - left).days
        most = max(2, self.width() // 110)
        if days > 92:
            found, form = months(left, right), "%Y-%m"
        else:
            first = left.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            found, form = [first + timedelta(days=n) for n in range(days)], "%Y-%m-%d"
        kept = found[:: 1 + len(found) // most]
        self.foot.getAxis("bottom").setTicks([[(at.timestamp(), f"{at:{form}}") for at in kept]])

    # --- what is read

    def _pointed(self, at: QPointF) -> None:
        if self._shown is not None and self.sceneRect().contains(at):
            self._read(self._nearest(self.foot.vb.mapSceneToView(at).x()))

    def _nearest(self, t: float) -> Count | None:
        counts = self._shown.counts if self._shown else ()
        return min(counts, key=lambda c: abs(c.at.timestamp() - t), default=None)

    def _read(self, count: Count | None) -> None:
        self._at = count
        for line in self.cursors:
            line.setVisible(count is not None)
            if count is not None:
                line.setValue(count.at.timestamp())
        self._say()

    def _say(self) -> None:
        self.kit.words.bind(self.readout, text=_HOW if self._at is None else count_words(self._at))
        self.readout.setGeometry(SPACE_8, 2, max(0, self.width() - 2 * SPACE_8), _HEAD - 4)

    def event(self, event: QEvent) -> bool:
        """Escape is kept from the page while there is something here to put away."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride and self._is_changed():
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        counts = self._shown.counts if self._shown else ()
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        zooms = {Qt.Key.Key_Plus: 0.7, Qt.Key.Key_Equal: 0.7, Qt.Key.Key_Minus: 1 / 0.7}
        key = Qt.Key(event.key())
        if key in moves and counts:
            here = counts.index(self._at) + moves[key] if self._at in counts else 0
            self._read(counts[min(len(counts) - 1, max(0, here))])
        elif key in zooms and counts:
            middle = (self._at or counts[0]).at.timestamp()
            self.foot.vb.scaleBy(x=zooms[key], center=QPointF(middle, 0))
        elif key == Qt.Key.Key_Escape and self._is_changed():
            self._read(None)
            self._all()
        else:
            event.ignore()

    def _is_changed(self) -> bool:
        """Whether there is a cursor or a zoom to put away; else Escape goes back to the board."""
        shown = self._shown
        if shown is None:
            return False
        left, right = self.foot.vb.viewRange()[0]
        return self._at is not None or right - left < (shown.end - shown.begin).total_seconds() - 1

    def _all(self) -> None:
        if self._shown is not None:
            self.foot.setXRange(self._shown.begin.timestamp(), self._shown.end.timestamp(), padding=0)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)  # type: ignore[no-untyped-call]
        self._read(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)  # type: ignore[no-untyped-call]
        if hasattr(self, "readout"):
            self._write()
            self._say()
            self._place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()

    def _place(self) -> None:
        """Each lane's name in the middle of its height."""
        self.grid.layout.activate()
        for lineage, name in self.names.items():
            lane = self.mapFromScene(self.lanes[lineage].sceneBoundingRect()).boundingRect()
            high = name.sizeHint().height()
            name.setGeometry(SPACE_8, lane.center().y() - high // 2, name.sizeHint().width(), high)


def count_words(count: Count) -> Text:
    """Moment and values of one count; what is missing is not said."""
    values: list[tuple[str, Decimal | None]] = [(x, count.value(x)) for x in LINEAGES]
    said = [joined(" ", (TEST_NAMES[x], f"{v:f}", _UNITS[x])) for x, v in values if v is not None]
    return joined(" · ", (f"{count.at:%Y-%m-%d %H:%M}", listed(said)))
