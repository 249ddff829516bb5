"""The holder of the current look, passed to every widget; setting a theme restyles what is on screen."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from .fonts import font
from .style import stylesheet
from .tokens import LIGHT, Theme

_ICONS = Path(__file__).resolve().parents[3] / "resources" / "icons"


def palette(theme: Theme) -> QPalette:
    """Qt's palette for what the style sheet does not reach."""
    made = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, theme.ground),
        (role.Base, theme.card),
        (role.AlternateBase, theme.sunken),
        (role.Button, theme.card),
        (role.WindowText, theme.text),
        (role.Text, theme.text),
        (role.ButtonText, theme.text),
        (role.PlaceholderText, theme.quiet),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Link, theme.accent),
        (role.ToolTipBase, theme.text),
        (role.ToolTipText, theme.card),
    ):
        made.setColor(where, QColor(colour))
    return made


_MOST_WIDTHS = 1000


class Look(QObject):
    """The current theme, its fonts and icons; on `changed`, what paints itself must repaint."""

    changed = Signal()

    def __init__(self, theme: Theme = LIGHT, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.icons = _ICONS
        self._fonts: dict[str, QFont] = {}
        self._metrics: dict[str, QFontMetricsF] = {}
        self._widths: dict[tuple[str, str], float] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}

    def dress(self, app: QApplication) -> None:
        """Give the whole program this look, unless it has it already."""
        if app.styleSheet() != self._sheet:
            app.setStyle("Fusion")
            app.setFont(self.font("body"))
            self._paint(app)

    def set_theme(self, app: QApplication, theme: Theme) -> None:
        """Change the theme of everything on screen."""
        if theme == self.theme:
            return
        self.theme = theme
        self._pixmaps.clear()
        self._paint(app)
        self.changed.emit()

    def _paint(self, app: QApplication) -> None:
        app.setPalette(palette(self.theme))
        app.setStyleSheet(self._sheet)

    @property
    def _sheet(self) -> str:
        return stylesheet(self.theme, self.icons.as_posix())

    def font(self, role: str) -> QFont:
        """The font of a role (see `ui.kit.look.fonts.ROLES`)."""
        if role not in self._fonts:
            self._fonts[role] = font(role)
        return self._fonts[role]

    def metrics(self, role: str) -> QFontMetricsF:
        """The measures of a role's font, px."""
        if role not in self._metrics:
            self._metrics[role] = QFontMetricsF(self.font(role))
        return self._metrics[role]

    def width(self, role: str, text: str) -> float:
        """Of a text in a role's font, px; what is asked for each second is measured once."""
        width = self._widths.get((role, text))
        if width is None:
            if len(self._widths) >= _MOST_WIDTHS:
                self._widths.clear()
            width = self._widths[role, text] = self.metrics(role).horizontalAdvance(text)
        return width

    def curve(self, key: str) -> str:
        """The colour of a curve: a key of `Theme.curves`."""
        return self.theme.curves[key]

    def icon(self, name: str, colour: str, size_px: int, ratio: float = 1.0) -> QPixmap:
        """`resources/icons/<name>.svg` in one colour, a square of `size_px`, sharp on a screen of `ratio`."""
        key = (name, colour, size_px, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._drawn(*key)
        return self._pixmaps[key]

    def _drawn(self, name: str, colour: str, size_px: int, ratio: float) -> QPixmap:
        from PySide6.QtSvg import QSvgRenderer

        source = (self.icons / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
        pixmap = QPixmap(round(size_px * ratio), round(size_px * ratio))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(pixmap.rect()))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
