"""The frame of every dialog: one question, its answer, one primary button; a refusal keeps what was typed.

Asked at a bed it stands in the window's drawer, under the frame's own alarm bar; elsewhere in a box of its own, with one.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayoutItem, QScrollArea, QVBoxLayout, QWidget

from app.domain.infusion.chapters.chapter import Command
from app.domain.people.roles import Person
from app.domain.texts import Text, say
from ui.ask.bed import infusion_of, say_bed
from ui.ask.bed_head import BedHead
from ui.ask.big_number import NumberKeys
from ui.frame.bar.alarm_bar import AlarmBar
from ui.frame.desk import Desk, Then, nothing
from ui.frame.drawer import Asked, Drawer
from ui.frame.pages import BEDSIDE_PAGES
from ui.frame.window import Window
from ui.kit.labels_and_buttons import button, clear_page, label
from ui.kit.look.tokens import SPACE_8, SPACE_16, SPACE_24
from ui.kit.message_strip import MessageState, MessageStrip

Refusal = Callable[[Text], None]
_MARGIN, _EDGE = 80, 2
_WIDE = 1000


class Question(Asked):
    """Put the answer's widgets into `body`; connect `confirmed` to what happens then.

    Enter presses the primary button (unless a text box that takes lines has the focus), Esc goes back, F8 stops the drip.
    `about`: the infusion that is asked about, None where it is about no bed; its subject, bed and dose stand on top.
    """

    confirmed = Signal()
    #: Whether it is kept half filled in while the screen is locked.
    keeps_draft = True
    #: Whether the most pressing alarm stands on top of its box.
    shows_alarm = True
    #: Whether it stands in a box even over a page of the beds.
    is_box = False

    def __init__(self, desk: Desk, title: Text | str, primary: Text | str, parent: QWidget | None = None, width: int = 760) -> None:
        super().__init__(parent)
        self.desk, self.kit, self.owner = desk, desk.kit, desk.owner
        self.about, self.title_words = infusion_of(parent), title
        self.drawer = self._drawer(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        say_bed(self, self.about)
        if self.drawer is None:
            self.setModal(True)
            self.setMinimumWidth(width)
        else:
            self.drawer.take(self)
        self.kit.words.bind(self, windowTitle=title, accessibleName=title)
        self.title = label(self.kit, title, "title", wrap=True)
        self.strip = MessageStrip(self.kit)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_16)
        self.primary = button(self.kit, primary, "primary")
        self.cancel = button(self.kit, say("Back"), "secondary")
        self.primary.clicked.connect(self.confirmed)
        self.cancel.clicked.connect(self.reject)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(key), self).activated.connect(self.enter)
        self._lay_out()
        if self.drawer is None:
            self._have_frame()
        else:
            QShortcut(QKeySequence(Qt.Key.Key_Escape), self).activated.connect(self.reject)
        desk.opened()
        self.finished.connect(self._finished)

    def returned(self) -> None:
        """It was put aside and is open again."""

    def _drawer(self, parent: QWidget | None) -> Drawer | None:
        """Where it stands in the window; None: it is a box of its own, as whatever is asked from a box."""
        asker = _asker(parent)
        if asker is not None:
            if asker.drawer is not None:  # else Qt itself ends the one with the other
                asker.finished.connect(self._asker_gone)
            return asker.drawer
        window = parent.window() if parent else None
        if self.is_box or not isinstance(window, Window):
            return None
        return window.drawer if self.about is not None or window.page in BEDSIDE_PAGES else None

    def _asker_gone(self) -> None:
        if self.isVisible():
            self.reject()

    def _have_frame(self) -> None:
        """A box hides the frame: F8 and the most pressing alarm stay in reach while it is open."""
        QShortcut(QKeySequence(Qt.Key.Key_F8), self).activated.connect(self.desk.stop_wanted)
        if not self.shows_alarm:
            return
        self.alarm = AlarmBar(self.kit)
        self.column.insertWidget(0, self.alarm)
        self.alarm.set_state(self.desk.alarm)
        self.desk.alarm_shown.connect(self.alarm.set_state)
        for pressed, wanted in (
            (self.alarm.acknowledge_pressed, self.desk.acknowledge_wanted),
            (self.alarm.reset_pressed, self.desk.reset_wanted),
            (self.alarm.bed_pressed, self.desk.alarm_bed_wanted),
        ):
            pressed.connect(wanted)
        self.alarm.more_pressed.connect(self._want_alarms)

    def _want_alarms(self) -> None:
        self.desk.alarms_wanted.emit(self)

    def enter(self) -> None:
        """What Enter does."""
        self.primary.click()

    def _lay_out(self) -> None:
        self.column = column = QVBoxLayout(self)
        beside = SPACE_24 if self.drawer is None else SPACE_16
        column.setContentsMargins(beside, SPACE_16, beside, SPACE_16)
        column.setSpacing(SPACE_16)
        column.addLayout(self._on_top())
        inner = clear_page(QWidget())
        at_top = QVBoxLayout(inner)  # an alignment would cut what is higher at its width than it hints
        at_top.setContentsMargins(0, 0, SPACE_8, 0)
        at_top.addLayout(self.body)
        at_top.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setMinimumHeight(1)  # or a question without fields would squeeze its title
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inner)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner.installEventFilter(self)
        column.addWidget(self.area, 1)
        column.addWidget(self.strip)
        self.keys = NumberKeys(self.kit, self)
        column.addWidget(self.keys)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.cancel)
        row.addStretch(1)
        row.addWidget(self.primary)
        column.addLayout(row)

    def _on_top(self) -> QBoxLayout:
        """Whose it is above what is asked; beside it where the question is wide."""
        is_wide = self.minimumWidth() >= _WIDE
        top = QBoxLayout(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)
        top.setSpacing(SPACE_24 if is_wide else SPACE_8)
        self.head: BedHead | None = None
        if self.about is not None and self.desk.bedside.knows(self.about):
            self.head = BedHead(self.kit, self.desk.infusion(self.about))
            top.addWidget(self.head)
        top.addWidget(self.title)
        return top

    def hide_subject(self) -> None:
        """Bed and colour mark still say whose it is."""
        if self.head is not None:
            self.head.subject.clear()
            self.head.subject.hide()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.keys.follow()
        self.fit()
        inner, at = self.area.widget(), self.focusWidget()
        if inner is not None and (at is None or not inner.isAncestorOf(at)):
            # by Tab: what is typed replaces what stands there
            (self._first_in(inner) or self.primary).setFocus(Qt.FocusReason.TabFocusReason)

    @staticmethod
    def _first_in(inner: QWidget) -> QWidget | None:
        """Where the keys go first, if nothing else was said."""
        found = (one for one in inner.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus)
        return next((one for one in found if one.isVisibleTo(inner) and one.isEnabled()), None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What appears while it is open makes room for itself."""
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.keys.follow()
            self.fit()
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """As large as its content, within the screen; it grows and never shrinks under the hand."""
        if self.drawer is not None:
            self.drawer.fit()
            return
        inner = self.area.widget()
        assert inner is not None
        screen = self.screen().availableGeometry()
        wide = max(self.width(), inner.minimumSizeHint().width() + 2 * SPACE_24 + SPACE_16)
        high = min(max(self.height(), self.wanted_height(wide)), screen.height() - _MARGIN)
        if (wide, high) != (self.width(), self.height()):
            self.resize(wide, high)
            self._centre(screen)

    def wanted_height(self, wide: int) -> int:
        inner = self.area.widget()
        assert inner is not None
        parts = [part for at in range(self.column.count()) if (part := self.column.itemAt(at)) is not None]
        around = [_height(part, wide - 2 * SPACE_16) for part in parts if not part.isEmpty() and part.widget() is not self.area]
        return sum(around) + SPACE_16 * (len(around) + 2) + self._content_height(inner, wide) + 2 * _EDGE

    def _centre(self, screen: QRect) -> None:
        """In the middle of the window it belongs to, whole on the screen."""
        parent = self.parentWidget()
        wanted = self.frameGeometry()
        wanted.moveCenter(parent.window().frameGeometry().center() if parent else screen.center())
        left = max(screen.left(), min(wanted.left(), screen.right() - wanted.width()))
        self.move(left, max(screen.top(), min(wanted.top(), screen.bottom() - wanted.height())))

    @staticmethod
    def _content_height(inner: QWidget, wide: int) -> int:
        layout = inner.layout()
        width = wide - 2 * SPACE_24
        return layout.totalHeightForWidth(width) if layout and layout.hasHeightForWidth() else inner.sizeHint().height()

    def _finished(self) -> None:
        self.desk.closed()

    def say_no(self, text: Text) -> None:
        """A refusal stands in the dialog; what was typed stays, and what it speaks of stays in sight."""
        self.strip.set_state(MessageState(text))
        self.primary.setEnabled(True)
        QTimer.singleShot(0, self, self.see_focus)

    def see_focus(self) -> None:
        """Where the keys go, above the message that took room."""
        at, inner = self.focusWidget(), self.area.widget()
        if at is not None and inner is not None and inner.isAncestorOf(at):
            self.area.ensureWidgetVisible(at)

    def send(self, infusion_id: str, command: Command, by: Person | None = None, then: Then = nothing) -> None:
        """Submit; close when it is saved, stay with the reason when it is refused."""
        self.primary.setEnabled(False)

        def saved() -> None:
            self.accept()
            then()

        self.desk.submit(infusion_id, command, by, saved, self.say_no)

    def send_in_turn(self, infusion_id: str, commands: Sequence[Command], by: Person | None) -> None:
        """Each once the one before is saved. Refused, the first keeps it open; a later one is told in the frame and stays to do."""
        first, *others = commands

        def go_on() -> None:
            if others:
                self.desk.submit(infusion_id, others.pop(0), by, go_on)

        self.send(infusion_id, first, by, go_on)


def _height(part: QLayoutItem, wide: int) -> int:
    return part.heightForWidth(wide) if part.hasHeightForWidth() else part.sizeHint().height()


def _asker(parent: QWidget | None) -> Question | None:
    """The question from which another is asked: they stand in the same place, and end together."""
    while parent is not None and not isinstance(parent, Question):
        parent = parent.parentWidget()
    return parent
