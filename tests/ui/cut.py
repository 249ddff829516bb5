"""No text may be cut: a walk over all that is visible in a widget."""

import re

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLabel, QLineEdit, QPushButton, QRadioButton, QWidget

from ui.frame.window import Window

_SLACK = 1.0


def assert_nothing_cut(widget: QWidget) -> None:
    """Fail with every visible text that does not fit its place; “…” is allowed where `mayElide` is set."""
    paint(widget)
    cut = cut_texts(widget)
    assert not cut, "cut texts:\n" + "\n".join(cut)


def paint(widget: QWidget) -> None:
    """As it is now; on the screen what has not changed stands painted already."""
    if _is_before_all(widget):
        for _ in range(2):
            QApplication.processEvents()
    else:
        widget.grab()


def _is_before_all(widget: QWidget) -> bool:
    """A window on the screen, or the question in its drawer that stands in front: nothing scrolls it out of sight or covers it."""
    handle = widget.window().windowHandle()
    stands = isinstance(widget, Window) or (isinstance(widget, QDialog) and (widget.isWindow() or widget.isEnabled()))
    return stands and widget.isVisible() and handle is not None and handle.isExposed()


def cut_texts(widget: QWidget) -> list[str]:
    """Where each text that is cut stands, and what it says; after it was painted."""
    return [f"cut: {_where(one)}: {text!r}" for one in _walk(widget) for text in _cut(one)]


def _walk(widget: QWidget) -> list[QWidget]:
    return [one for one in (widget, *widget.findChildren(QWidget)) if one is widget or one.isVisibleTo(widget)]


def _where(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()} {widget.width()}×{widget.height()}"


def _cut(widget: QWidget) -> list[str]:
    painted = list(getattr(widget, "cut_texts", ()))
    if isinstance(widget, QLabel) and widget.text() and not widget.property("mayElide"):
        return painted + ([] if _label_fits(widget) else [widget.text()])
    if isinstance(widget, QCheckBox | QRadioButton):
        return [] if widget.sizeHint().width() <= widget.width() + _SLACK else [widget.text()]
    if isinstance(widget, QLineEdit) and not widget.text() and widget.isEnabled():
        return [] if _prompt_fits(widget) else [widget.placeholderText()]
    if isinstance(widget, QPushButton) and widget.text() and not widget.property("paintsItself"):
        return painted + ([] if _button_fits(widget) else [widget.text()])
    return painted


def _label_fits(label: QLabel) -> bool:
    room = label.contentsRect()
    if label.textFormat() == Qt.TextFormat.RichText or label.wordWrap():
        return label.heightForWidth(label.width()) <= label.height() + _SLACK and _words_fit(label)
    lines = label.text().split("\n")
    metrics = QFontMetricsF(label.font())
    width = max(metrics.horizontalAdvance(line) for line in lines)
    return width <= room.width() + _SLACK and _tight(metrics, lines) <= room.height() + _SLACK


def _words_fit(label: QLabel) -> bool:
    """A word is not wrapped; Chinese is, between any two characters."""
    if label.textFormat() == Qt.TextFormat.RichText:
        return True
    metrics = QFontMetricsF(label.font())
    widest = max(map(metrics.horizontalAdvance, re.findall("[A-Za-z]+", label.text())), default=0.0)
    return widest <= label.contentsRect().width() + _SLACK


def _prompt_fits(field: QLineEdit) -> bool:
    """What stands in it until something is typed; a style's frame and padding take 22 px."""
    return QFontMetricsF(field.font()).horizontalAdvance(field.placeholderText()) <= max(0, field.width() - 22) + _SLACK


def _tight(metrics: QFontMetricsF, lines: list[str]) -> float:
    """The height that ink can reach: generous line spacing may be clipped, letters may not."""
    return metrics.lineSpacing() * (len(lines) - 1) + metrics.capHeight() + 2 * metrics.descent() * 0.7


def _button_fits(button: QPushButton) -> bool:
    hint = button.sizeHint()
    room = QRect(button.rect())
    return hint.width() <= room.width() + _SLACK and hint.height() <= room.height() + _SLACK
