"""The Infusion page: whose it is, where it stands, the trend, the tiles, the drip, and the one next action."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.domain import events as e
from app.domain.texts import Text, say
from app.services.event_words import describe
from ui.desk import Desk
from ui.dialogs.actions import ACTIONS, MORE
from ui.look.tokens import SPACE_8
from ui.views import infusion as view
from ui.views.trend import trend_data
from ui.widgets.delivery import DeliveryStrip
from ui.widgets.dock import Dock
from ui.widgets.drip_card import DripCard
from ui.widgets.empty import Empty, EmptyState
from ui.widgets.identity import IdentityBanner
from ui.widgets.message_strip import MessageState, MessageStrip
from ui.widgets.parts import Card
from ui.widgets.stage_strip import StageStrip
from ui.widgets.tile import Tile
from ui.widgets.timeline import Timeline, TimelineRow
from ui.widgets.trend import Trend

_EVERY_MS = 333


class InfusionPage(QWidget):
    """Pulls what it shows a few times a second while it is on screen, and at once when something happened."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.kit = desk, desk.kit
        self.infusion_id: str | None = None
        self._drawn: tuple[int, int, int] = (-1, -1, -1)
        self.empty = Empty(self.kit)
        to_do = say("Choose a bed on the Ward page, or order a new infusion there.")
        self.empty.set_state(EmptyState(say("No infusion is open here"), to_do, say("To the ward"), "infusion"))
        self.empty.pressed.connect(self._to_ward)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._content())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.refresh)
        desk.changed.connect(self._changed)
        self.kit.words.changed.connect(self._again)

    def _content(self) -> QWidget:
        content = QWidget()
        self.identity, self.strip = IdentityBanner(self.kit), StageStrip(self.kit)
        self.warning = MessageStrip(self.kit)
        self.trend, self.timeline = Trend(self.kit), Timeline(self.kit)
        self.tiles = [Tile(self.kit) for _ in range(5)]
        self.drip, self.delivery, self.dock = DripCard(self.kit), DeliveryStrip(self.kit), Dock(self.kit)
        self.dock.chosen.connect(self._act)
        self.left = QStackedWidget()
        card = Card(self.kit)
        card.body.setContentsMargins(4, 4, 4, 4)
        card.body.addWidget(self.trend)
        self.left.addWidget(card)
        self.left.addWidget(self.timeline)
        grid = QGridLayout()
        grid.setSpacing(SPACE_8)
        boxes: list[QWidget] = [*self.tiles, self.drip]
        for at, tile in enumerate(boxes):
            grid.addWidget(tile, at // 2, at % 2)
        middle = QHBoxLayout()
        middle.setSpacing(SPACE_8)
        middle.addWidget(self.left, 61)
        middle.addLayout(grid, 39)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        for part in (self.identity, self.strip, self.warning):
            column.addWidget(part)
        column.addLayout(middle, 1)
        column.addWidget(self.delivery)
        column.addWidget(self.dock)
        return content

    def show_infusion(self, infusion_id: str) -> None:
        self.infusion_id = infusion_id
        self._again()

    def _again(self) -> None:
        self._drawn = (-1, -1, -1)
        self.refresh()

    def _changed(self, infusion_id: str) -> None:
        if infusion_id == self.infusion_id and self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def refresh(self) -> None:
        bedside = self.desk.bedside
        if self.infusion_id is None or not bedside.knows(self.infusion_id):
            self.stack.setCurrentIndex(0)
            return
        self.stack.setCurrentIndex(1)
        state, now = bedside.infusion(self.infusion_id), self.desk.now()
        watched = bedside.watched(self.infusion_id)
        words = self.kit.words.catalogue
        self.identity.set_state(view.identity(state, now, words))
        self.strip.set_state(view.strip(state, now, words))
        for widget, shown in zip(self.tiles, view.tiles(state, watched, now, words), strict=True):
            widget.set_state(shown)
        self.drip.set_state(view.drip(state, now, words))
        self.delivery.set_state(view.delivery(state, now))
        self.dock.set_state(view.dock(state, now, words))
        self._warn()
        self._draw(len(state.entries), watched.trend.version, int(now.timestamp()))

    def _draw(self, events: int, version: int, second: int) -> None:
        """The trend once a second, the timeline when something happened."""
        assert self.infusion_id is not None
        if (events, version, second) == self._drawn:
            return
        state, watched = self.desk.infusion(self.infusion_id), self.desk.bedside.watched(self.infusion_id)
        self.trend.set_data(trend_data(state, watched.trend, self.desk.now()))
        if events != self._drawn[0]:
            self.timeline.set_state(self._rows())
        self._drawn = (events, version, second)

    def _rows(self) -> tuple[TimelineRow, ...]:
        assert self.infusion_id is not None
        state = self.desk.infusion(self.infusion_id)
        people, words = self.desk.people.by_id, self.kit.words.catalogue
        names = {person_id: person.name for person_id, person in people.items()}
        shown = [x for x in state.entries if not isinstance(x.event, e.SamplesSealed)]
        return tuple(TimelineRow(words.clock(x.at), describe(x, state, names), names.get(x.by or "", "")) for x in reversed(shown))

    def _warn(self) -> None:
        """A mismatch is a full stop; what is not saved yet says so; an unknown time shows the worst case."""
        assert self.infusion_id is not None
        line = self.desk.bedside.line(self.infusion_id)
        state = line.state
        told: MessageState | None = None
        if state.mismatch is not None:
            told = MessageState(
                say("STOP: patient or bag does not match"),
                say("Expected {expected}, found {found}.", expected=state.mismatch.expected, found=state.mismatch.found),
                say("Do not go on. Check wristband and bags again, both people."),
                lasting=True,
            )
        elif line.trouble is not None:
            text: Text = say("{n} entries are not yet saved", n=line.unsaved)
            told = MessageState(text, line.trouble, say("Go on; writing is tried again."), lasting=True)
        elif state.elapsed_unknown:
            told = MessageState(say("How long nobody watched is not known"), say("The worst case is shown."),
                                say("Enter what time it is."), lasting=True)  # fmt: skip
        self.warning.set_state(told)

    def _act(self, key: str) -> None:
        if self.infusion_id is None:
            return
        if key == "timeline":
            self.left.setCurrentIndex(1 - self.left.currentIndex())
        elif key == "more":
            self._more()
        else:
            ACTIONS[key](self.desk, self.infusion_id, self)

    def _more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key, text in MORE:
            action = menu.addAction(self.kit.words.tr(text))
            action.setObjectName(key)
            action.triggered.connect(self._chosen)
        menu.popup(self.dock.mapToGlobal(self.dock.rect().center()))

    def _chosen(self) -> None:
        self._act(self.sender().objectName())

    def _to_ward(self) -> None:
        self.desk.show_page.emit("ward", "")


def _found(mismatch: e.MismatchFound) -> Text:
    return say("Expected {expected}, found {found}.", expected=mismatch.expected, found=mismatch.found)
