"""One redraw of the trend with new data, against pyqtgraph's own plots of the same curves on the same time axis."""

from collections.abc import Callable
from itertools import cycle
from time import process_time
from typing import Any

import numpy as np
import pyqtgraph
from PySide6.QtWidgets import QApplication, QWidget

from tests.bench.timing import RUNS, Found, in_turn
from ui.kit.live_words import LiveWords
from ui.kit.look.holder import Look
from ui.kit.look_and_words import Kit
from ui.kit.trend.chart import TrendChart
from ui.kit.trend.chart_data import CheckMark, Curve, DripCurve, PressureCurve, ProtocolBand, TrendData
from ui.kit.trend.lane_scale import window

pg: Any = pyqtgraph
_WIDTH, _HEIGHT = 764, 420
_DAY_S, _REDRAWS, _SETTLED = 90_000, 5, 3
#: So many that time never goes back.
_FRAMES = _SETTLED + RUNS * _REDRAWS
_LEVELS = {"hr": (84, 3, 0.8), "spo2": (97, 0, 0.5), "rr": (17, 0.5, 0.7), "temp": (36.8, 0.1, 0.02)}


def _data(seconds: int) -> TrendData:
    """Four curves at 1 Hz with a gap of two minutes, the cuff every five, and all else that the page shows.

    One second more makes one sample more and leaves the others as they are.
    """
    rng = np.random.default_rng(7)
    t_s = np.arange(float(seconds))
    gap = (t_s > 1440) & (t_s < 1560)
    curves = {
        code: Curve(t_s, np.where(gap, np.nan, middle + swing * np.sin(t_s / 150) + rng.normal(0, noise, _DAY_S)[:seconds]))
        for code, (middle, swing, noise) in _LEVELS.items()
    }
    cuff_s = np.arange(60.0, seconds, 300.0)
    sys = 118 + rng.normal(0, 4, 300)[: cuff_s.size]
    drip = DripCurve(Curve(np.array([0.0, 900.0]), np.array([20.0, 56.0])), Curve(cuff_s[:12], np.full(12, 55.0)[: cuff_s.size]))
    checks = tuple(CheckMark(at, "done") for at in range(0, seconds, 900))
    return TrendData(seconds, curves, PressureCurve(cuff_s, sys, sys - 44, sys - 29), drip, (ProtocolBand(0, 900, "20"),), checks)


def _ours(app: QApplication, frames: list[TrendData], span_s: float | None) -> tuple[QWidget, Callable[[], object]]:
    look = Look()
    look.dress(app)
    trend = TrendChart(Kit(look, LiveWords("en")))
    trend.resize(_WIDTH, _HEIGHT)
    trend.set_span(span_s)
    trend.show()
    turn = cycle(frames)

    def redraw() -> None:
        trend.set_data(next(turn))
        app.processEvents()

    return trend, redraw


def _floor(app: QApplication, frames: list[TrendData], span_s: float | None) -> tuple[QWidget, Callable[[], object]]:
    """Auto peak down-sampling, clip to view, pen width 1, no antialias; nothing but the curves and their axes."""
    view = pg.GraphicsLayoutWidget()
    view.resize(_WIDTH, _HEIGHT)
    plots = [view.addPlot(row=at, col=0) for at in range(len(_LEVELS))]
    lines = []
    for plot in plots:
        plot.setXLink(plots[0])
        plot.setDownsampling(auto=True, mode="peak")
        plot.setClipToView(True)
        lines.append(plot.plot(pen=pg.mkPen("#2E7D32", width=1), connect="finite"))
    view.show()
    turn = cycle(frames)

    def redraw() -> None:
        data = next(turn)
        plots[0].setXRange(*window(data, span_s), padding=0)
        for line, curve in zip(lines, data.curves.values(), strict=True):
            line.setData(curve.t_s, curve.value)
        app.processEvents()

    return view, redraw


def _several(redraw: Callable[[], object]) -> None:
    for _ in range(_REDRAWS):
        redraw()


def _measure(hours: int, span_s: float | None) -> Found:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    frames = [_data(hours * 3600 + more) for more in range(_FRAMES)]
    (trend, ours), (view, floor) = _ours(app, frames, span_s), _floor(app, frames, span_s)
    for _ in range(_SETTLED):
        ours()
        floor()
    found = in_turn(lambda: _several(ours), lambda: _several(floor), process_time)
    for window_ in (trend, view):
        window_.close()
    return found


def trend(hours: int) -> dict[str, Found]:
    """The last hour of one hour; all of four hours, or of a day."""
    return {f"trend_{hours}h": _measure(hours, 3600.0 if hours == 1 else None)}
