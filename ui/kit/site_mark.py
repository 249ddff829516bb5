"""The mark of values that the site decided, with their reasons; and cards that carry it in their head."""

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolTip, QWidget

from app.domain.protocol import Protocol
from app.domain.texts import Text, say
from ui.kit.live_words import plain_tip
from ui.kit.look.tokens import SPACE_8, SPACE_16, TARGET

from .canvas import Canvas
from .labels_and_buttons import Card, label
from .look_and_words import Kit

_MARK = say("◇ site setting")
_WHAT = say("Site setting, not in the protocol")


class SiteMark(QLabel):
    """A few quiet words; the tool tip says what was decided and why, by mouse, by a press or, with the focus, by Space."""

    def __init__(self, kit: Kit, protocol: Protocol, keys: tuple[str, ...]) -> None:
        super().__init__()
        self.kit, self._keys = kit, keys
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(kit.look.font("hint"))
        self.setProperty("tone", "quiet")
        self.setMinimumSize(TARGET, TARGET)
        kit.words.bind(self, text=_MARK, accessibleName=_WHAT)
        self.follow(protocol)
        kit.words.changed.connect(self._again)

    def follow(self, protocol: Protocol) -> None:
        """Another infusion may have been ordered by another file."""
        self._items = tuple(item for item in protocol.decided if item.key in self._keys)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if self._items else Qt.FocusPolicy.NoFocus)
        self._again()
        if self.parent() is not None or not self._items:  # alone it would be shown as a window of its own
            self.setVisible(bool(self._items))

    def _again(self) -> None:
        reasons = [self.kit.words.catalogue.pick(item) for item in self._items]
        told = "\n".join([self.kit.words.tr(_WHAT), *(f"• {reason}" for reason in reasons)])
        self.setToolTip(plain_tip(told))
        self.setAccessibleDescription(told)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The only way by touch."""
        super().mousePressEvent(event)
        self._tell()

    def _tell(self) -> None:
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.toolTip(), self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._tell()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            with Canvas(self, self.kit) as canvas:
                canvas.focus_ring(QRectF(self.rect()), radius=4)


class MarkedCard(Card):
    """A card with its title, `between` for what stands beside it, and the mark at the right."""

    def __init__(self, kit: Kit, title: Text, protocol: Protocol, decided: tuple[str, ...]) -> None:
        super().__init__(kit)
        self.title = label(kit, title, "title")
        self._beside: list[QWidget] = []
        self.between = QHBoxLayout()
        self.between.setSpacing(SPACE_8)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.title)
        row.addStretch(1)
        row.addLayout(self.between)
        self.mark = SiteMark(kit, protocol, decided)
        row.addWidget(self.mark)
        self.body.addLayout(row)
        self.body.setContentsMargins(SPACE_16, 0, SPACE_16, 1)  # the mark is as high as a finger: what is around it gives way
        self.body.setSpacing(2)

    def beside(self, *widgets: QWidget) -> None:
        """Put these to the right of the title."""
        for widget in widgets:
            self.between.addWidget(widget)
            self._beside.append(widget)

    def showEvent(self, event: QShowEvent) -> None:
        """Tab comes to the mark last, as one reads."""
        super().showEvent(event)
        for widget in self._beside:
            QWidget.setTabOrder(widget, self.mark)
