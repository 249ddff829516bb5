"""What a machine can find wrong with a screen: cut, overlapping, faint, small, out of order, out of the window."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from tests.ui.cut import cut_texts
from ui.kit.look.contrast import contrast
from ui.kit.look.tokens import TARGET
from ui.kit.painted import Painted, PaintedButton

#: WCAG 2.2, 1.4.3
LEAST = 4.5
#: two pixels of a frame may touch
_SLACK = 2
#: at twice the size every stem has a pixel of its full colour
_RATIO = 2
_WRITTEN = (QLabel, QAbstractButton, QLineEdit)


def faults(shown: QWidget) -> list[str]:
    """Everything but contrast, which depends on the theme alone and costs more."""
    shown.grab()
    return [*cut_texts(shown), *small(shown), *overlapping(shown), *outside(shown), *out_of_order(shown), *guessed(shown)]


def guessed(shown: QWidget) -> list[str]:
    """Labels that would take a typed text with a tag in it for a page; tool tips are told letter for letter."""
    labels = (one for one in shown.findChildren(QLabel) if one.window() is shown)
    return [f"guessed: {_name(one)}" for one in labels if one.textFormat() == Qt.TextFormat.AutoText]


# --- which widgets


def _seen(shown: QWidget) -> Iterator[QWidget]:
    """All that belong to this window, or question in its drawer, and of which a part can be seen; those of a box are its own."""
    for one in shown.findChildren(QWidget):
        if one.isVisibleTo(shown) and one.window() is shown.window() and not place(one, shown).isEmpty():
            yield one


def place(one: QWidget, shown: QWidget) -> QRect:
    """What can be seen of it, in the window's pixels: cut by every scroll area it lies in."""
    box = QRect(one.mapTo(shown, QPoint(0, 0)), one.size())
    above = one.parentWidget()
    while above is not None and above is not shown:
        box &= QRect(above.mapTo(shown, QPoint(0, 0)), above.size())
        above = above.parentWidget()
    return box & shown.rect()


def _whole(one: QWidget, shown: QWidget) -> QRect:
    return QRect(one.mapTo(shown, QPoint(0, 0)), one.size())


def _scrolls(one: QWidget, shown: QWidget) -> bool:
    above = one.parentWidget()
    while above is not None and above is not shown:
        if isinstance(above.parentWidget(), QScrollArea):
            return True
        above = above.parentWidget()
    return False


def _is_pressed(one: QWidget) -> bool:
    """Whether a finger aims at it."""
    if isinstance(one.parent(), QAbstractSpinBox | QComboBox) or isinstance(one, QScrollBar | QScrollArea):
        return False
    fields = QAbstractButton | QLineEdit | QComboBox | QAbstractSpinBox
    return isinstance(one, fields) or bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _name(one: QWidget) -> str:
    return f"{type(one).__name__} {one.objectName() or one.accessibleName() or getattr(one, 'text', str)()!r}"


# --- targets


def hit(one: QWidget) -> QSize:
    """What a press finds: of a push button Qt leaves out the margin of its style."""
    if not isinstance(one, QPushButton):
        return one.size()
    option = QStyleOptionButton()
    one.initStyleOption(option)
    return one.style().subElementRect(QStyle.SubElement.SE_PushButtonBevel, option, one).size()


def small(shown: QWidget) -> list[str]:
    """Whatever is pressed and is lower or narrower than a gloved finger; rows of tables too."""
    found = []
    for one in _seen(shown):
        if isinstance(one, QAbstractItemView):
            row = one.visualRect(one.model().index(0, 0)).height()
            if 0 < row < TARGET:
                found.append(f"small: a row of {_name(one)} is {row} px high")
        elif _is_pressed(one) and one.isEnabled():
            size = hit(one)
            if min(size.width(), size.height()) < TARGET:
                found.append(f"small: {_name(one)} is {size.width()} × {size.height()} px")
    return found


# --- places


def _writes(one: QWidget) -> bool:
    if isinstance(one, QLabel):
        return bool(one.text())
    return isinstance(one, QAbstractButton | QLineEdit | Painted | QComboBox | QAbstractItemView)


def overlapping(shown: QWidget) -> list[str]:
    """Pairs of things to read or press that lie on each other; what covers on purpose says so by its property `covers`."""
    ones = [(one, place(one, shown), _cover(one, shown)) for one in _seen(shown) if _writes(one)]
    found = []
    for at, (one, box, over) in enumerate(ones):
        for other, second, beneath in ones[at + 1 :]:
            both = box & second
            if min(both.width(), both.height()) <= _SLACK or over is not beneath:
                continue
            if not one.isAncestorOf(other) and not other.isAncestorOf(one):
                found.append(f"overlap: {_name(one)} and {_name(other)} share {both.width()} × {both.height()} px")
    return found


def _cover(one: QWidget, shown: QWidget) -> QWidget | None:
    above: QWidget | None = one
    while above is not None and above is not shown:
        if above.property("covers"):
            return above
        above = above.parentWidget()
    return None


def _lies_beneath(one: QWidget, covers: list[QWidget], shown: QWidget) -> bool:
    """Whether any of it is hidden by what covers on purpose."""
    apart = (cover for cover in covers if cover is not one and not cover.isAncestorOf(one) and not one.isAncestorOf(cover))
    return any(place(cover, shown).intersects(place(one, shown)) for cover in apart)


def outside(shown: QWidget) -> list[str]:
    """What is read or pressed and lies partly beyond its window, where nothing scrolls to it."""
    return [
        f"outside: {_name(one)}"
        for one in _seen(shown)
        if (_writes(one) or _is_pressed(one)) and not _scrolls(one, shown) and not shown.rect().contains(_whole(one, shown))
    ]


def out_of_order(shown: QWidget) -> list[str]:
    """Tab goes as one reads: within one part of the screen never up, never back to the left."""
    chain = [one for one in _chain(shown) if _is_pressed(one) and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    found = []
    for one, following in pairwise(chain):
        if one.parentWidget() is not following.parentWidget():
            continue
        first, second = _whole(one, shown), _whole(following, shown)
        beside = min(first.bottom(), second.bottom()) - max(first.top(), second.top()) > min(first.height(), second.height()) / 2
        above = second.bottom() <= first.top() and second.left() <= first.right()
        if above or (beside and second.right() <= first.left()):
            found.append(f"order: Tab goes from {_name(one)} back to {_name(following)}")
    if isinstance(shown, QDialog) and chain and shown.focusWidget() is None:
        found.append("order: nothing has the focus")
    return found


def _chain(shown: QWidget) -> list[QWidget]:
    seen, found, one = set(_seen(shown)), [], shown.nextInFocusChain()
    while one is not shown and one is not None:
        if one in seen:
            found.append(one)
        one = one.nextInFocusChain()
    return found


# --- contrast

Pixels = npt.NDArray[np.uint32]


def faint(shown: QWidget) -> list[str]:
    """Texts with less than `LEAST` : 1 on what is painted under them; what cannot be pressed or is covered now is let pass."""
    pixels = _pixels(shown)
    found = []
    covers = [one for one in _seen(shown) if one.property("covers")]
    for one in _seen(shown):
        if not one.isEnabled() or _lies_beneath(one, covers, shown):
            continue
        if isinstance(one, Painted | PaintedButton):
            for written in one.written:
                box = written.box.toAlignedRect().translated(one.mapTo(shown, QPoint(0, 0))) & place(one, shown)
                ratio = contrast(_ground_of(pixels, box, written.ink), written.ink) if not box.isEmpty() else LEAST
                if ratio < LEAST:
                    found.append(f"faint: {written.text!r} of {type(one).__name__} has {ratio:.2f} : 1")
        elif isinstance(one, _WRITTEN) and one.text() and place(one, shown).height() > one.height() / 2:  # not scrolled away
            ratio = _strongest(_part(pixels, place(one, shown).adjusted(6, 4, -6, -4)))
            if ratio < LEAST:
                found.append(f"faint: {one.text()!r} of {type(one).__name__} has {ratio:.2f} : 1")
    return found


def _pixels(shown: QWidget) -> Pixels:
    """RGB of every pixel, at `_RATIO` pixels a px."""
    image = QImage(shown.size() * _RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_RATIO)
    shown.render(image, QPoint(0, 0))
    flat = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return flat & np.uint32(0xFFFFFF)


def _part(pixels: Pixels, box: QRect) -> Pixels:
    top, left = max(0, box.top()) * _RATIO, max(0, box.left()) * _RATIO
    return pixels[top : (box.bottom() + 1) * _RATIO, left : (box.right() + 1) * _RATIO]


def _ground(part: Pixels) -> str:
    colours, counts = np.unique(part, return_counts=True)
    return f"#{int(colours[counts.argmax()]):06X}"


def _ground_of(pixels: Pixels, box: QRect, ink: str) -> str:
    """Where letters fill most of a low box, what lies around them."""
    found = _ground(_part(pixels, box))
    return found if found != ink.upper() else _ground(_part(pixels, box.adjusted(-4, -4, 4, 4)))


def _strongest(part: Pixels) -> float:
    """The contrast one of its pixels has with its ground, the best unless one suffices; an empty or even part is let pass."""
    if part.size == 0:
        return LEAST
    ground, colours = _ground(part), np.unique(part).tolist()
    if len(colours) < 2:
        return LEAST
    best, here = 0.0, int(ground[1:], 16)
    for colour in sorted(colours, key=lambda colour: -abs(colour - here)):
        best = max(best, contrast(ground, f"#{colour:06X}"))
        if best >= LEAST:
            break
    return best


def settle() -> None:
    """Let everything that waits be laid out and painted."""
    for _ in range(3):
        QApplication.processEvents()


def composed(window: QWidget, dialog: QWidget | None) -> QImage:
    """The window with the question that stands in it, or in a box before it."""
    image = window.grab().toImage()
    if dialog is not None and dialog.isWindow():
        with QPainter(image) as painter:
            painter.drawPixmap(dialog.pos() - window.pos(), dialog.grab())
    return image
