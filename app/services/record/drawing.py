"""A small drawing in millimetres: lines, boxes and marks as SVG, texts beside it. Black and greys only."""

from collections.abc import Sequence
from typing import Literal

from .blocks import PlotBlock, PlotLabel

Anchor = Literal["left", "right", "center"]
Point = tuple[float, float]


class Drawing:
    """Collects shapes; `y` grows downwards."""

    def __init__(self, width: float, height: float) -> None:
        self._size = (width, height)
        self._shapes: list[str] = []
        self._labels: list[PlotLabel] = []

    def plot(self, alt: str) -> PlotBlock:
        return PlotBlock(self.svg(), *self._size, tuple(self._labels), alt)

    def svg(self) -> str:
        width, height = self._size
        head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm"'
        return f'{head} viewBox="0 0 {width} {height}">{"".join(self._shapes)}</svg>'

    def line(self, a: Point, b: Point, width: float = 0.15, grey: int = 0, dash: str = "") -> None:
        self.path([a, b], width, grey, dash)

    def path(self, points: Sequence[Point], width: float = 0.2, grey: int = 0, dash: str = "") -> None:
        """A curve through the points; a single point is a dot."""
        if len(points) == 1:
            self.disc(points[0], width)
            return
        way = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._shapes.append(
            f'<path d="M{way}" fill="none" stroke="{_grey(grey)}" stroke-width="{width}" stroke-linejoin="round"{dashed}/>'
        )

    def box(self, corner: Point, width: float, height: float, fill: int | None = None, edge: int | None = None) -> None:
        paint = f'fill="{_grey(fill)}"' if fill is not None else 'fill="none"'
        stroke = f' stroke="{_grey(edge)}" stroke-width="0.15"' if edge is not None else ""
        x, y = corner
        self._shapes.append(f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" {paint}{stroke}/>')

    def disc(self, centre: Point, radius: float, filled: bool = True) -> None:
        paint = 'fill="#000"' if filled else 'fill="#fff" stroke="#000" stroke-width="0.2"'
        self._shapes.append(f'<circle cx="{_n(centre[0])}" cy="{_n(centre[1])}" r="{radius}" {paint}/>')

    def diamond(self, centre: Point, radius: float, filled: bool = True) -> None:
        x, y = centre
        corners = ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))
        points = " ".join(f"{_n(a)},{_n(b)}" for a, b in corners)
        self._shapes.append(f'<polygon points="{points}" fill="{"#000" if filled else "#fff"}" stroke="#000" stroke-width="0.2"/>')

    def cross(self, centre: Point, radius: float) -> None:
        x, y = centre
        self.line((x - radius, y - radius), (x + radius, y + radius), 0.25)
        self.line((x - radius, y + radius), (x + radius, y - radius), 0.25)

    def text(self, at: Point, text: str, anchor: Anchor = "left", size_pt: float = 6.5, strong: bool = False) -> None:
        """`at` is the middle of the text's height, at its left, right or centre."""
        self._labels.append(PlotLabel(round(at[0], 2), round(at[1], 2), text, anchor, size_pt, strong))


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _grey(percent: int) -> str:
    """0 black, 100 white."""
    level = round(255 * percent / 100)
    return f"#{level:02x}{level:02x}{level:02x}"
