"""What the plot pulls: one growing series a vital sign. A gap in time is a gap in the series."""

from array import array

_GAP_S = 30.0
_NAN = float("nan")


class Series:
    """Times (Unix seconds of record time) and values of equal length; NaN marks a gap."""

    def __init__(self) -> None:
        self.t_s = array("d")
        self.values = array("d")

    def add(self, t_s: float, value: float) -> None:
        if self.t_s and t_s <= self.t_s[-1]:
            return
        if self.t_s and t_s - self.t_s[-1] > _GAP_S:
            self._append(self.t_s[-1] + 1.0, _NAN)
        self._append(t_s, value)

    def break_off(self, t_s: float) -> None:
        """No value from here on: the line went dead or the sensor fell off."""
        if self.values and self.values[-1] == self.values[-1]:
            self._append(max(t_s, self.t_s[-1] + 0.001), _NAN)

    def _append(self, t_s: float, value: float) -> None:
        self.t_s.append(t_s)
        self.values.append(value)


class Trend:
    """All series of one infusion. `version` grows with every change, so that a plot can skip a redraw.

    `t_s`: Unix seconds of record time.
    """

    def __init__(self) -> None:
        self.series: dict[str, Series] = {}
        self.version = 0

    def add(self, vital: str, t_s: float, value: float) -> None:
        series = self.series.get(vital)
        if series is None:
            series = self.series[vital] = Series()
        series.add(t_s, value)
        self.version += 1

    def break_off(self, vital: str, t_s: float) -> None:
        if vital in self.series:
            self.series[vital].break_off(t_s)
            self.version += 1
