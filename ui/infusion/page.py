"""The Infusion page: whose it is, where it stands, the trend, the tiles, the drip, and the one next action."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from app.domain.infusion.state import Infusion
from app.domain.people.roles import Role
from app.domain.texts import say
from app.services.ward.series import KEPT_S, NOTHING_OLD, OldPart, Trend
from app.services.ward.watch import BedNow, urgency
from ui.ask.bed import at_bed
from ui.frame.desk import Desk
from ui.frame.pages import Later, Page, PageKey, at_once
from ui.infusion import view as head
from ui.infusion.dock_actions import dock, keys
from ui.infusion.drip_state import delivery, drip
from ui.infusion.infusion_layout import InfusionSheet
from ui.infusion.more_menu import show_more
from ui.infusion.notices import left_half_filled, notice, stop
from ui.infusion.tile_states import tiles
from ui.infusion.timeline_rows import rows
from ui.kit.empty import EmptyPage, EmptyState

if TYPE_CHECKING:
    from ui.infusion.trend_points import ShownTrend

#: What the trend is drawn with.
TREND = "ui.infusion.trend_points"
_NEVER = (-1, -1)


class InfusionPage(Page):
    """Pulls what it shows after each look at the ward while it is on screen, and at once when something happened."""

    is_fresh_when_shown = True

    def __init__(self, desk: Desk, later: Later = at_once) -> None:
        super().__init__()
        self.desk, self.kit = desk, desk.kit
        self.infusion_id: str | None = None
        self._listed = _NEVER
        self.empty = EmptyPage(self.kit)
        self._trend: ShownTrend | None = None
        self._waited = self._makes_trend = False
        to_do = say("Choose a bed on the Ward page, or order a new infusion there.")
        self.empty.set_state(EmptyState(say("No infusion is open here"), to_do, say("To the ward"), "infusion"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.empty.setMinimumHeight(1)  # or the sheet could be no lower than it
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.sheet = InfusionSheet(self.kit, self.stack.addWidget, later)
        later(self._connect)

    def _connect(self) -> None:
        self._keys = {key: QShortcut(QKeySequence(key), self) for key in ("F2", "F3")}
        self.desk.looked.connect(self._looked)
        self.desk.heard.connect(self._heard)
        self.empty.pressed.connect(self._to_ward)
        self.sheet.dock.chosen.connect(self.act)
        self.sheet.timeline.correct_wanted.connect(self._correct)
        for shortcut in self._keys.values():
            shortcut.activated.connect(self._key_pressed)
        self.desk.changed.connect(self._changed)
        self.kit.words.changed.connect(self._again)

    def show_infusion(self, infusion_id: str) -> None:
        """Turn to another infusion; the drawer is closed and the trend shows its last hour."""
        if infusion_id != self.infusion_id:
            self.infusion_id = infusion_id
            self.sheet.show_timeline(False)
            if self.sheet.has_trend:
                self.sheet.trend.set_span(3600.0)
                self.sheet.trend.point(float("nan"))
        self._again()

    def set_asked(self, covered: QRect) -> None:
        is_another = covered != self.sheet.covered
        self.sheet.set_asked(covered)
        if is_another:  # a question says it again whenever it is laid out
            self._again()

    @property
    def head_height(self) -> int:
        return self.sheet.identity.height()

    def _again(self) -> None:
        if self._trend is not None:
            self._trend.again()
        self._listed = _NEVER
        self.refresh()

    def _looked(self) -> None:
        if self.isVisible():
            self.refresh()

    def _changed(self, infusion_id: str) -> None:
        if infusion_id == self.infusion_id and self.isVisible():
            self.refresh()

    def _heard(self, infusion_id: str) -> None:
        """A value stands on its tile as soon as it came; the rest waits for the next look."""
        if infusion_id == self.infusion_id and self.isVisible():
            self._show_values(self.desk.bedside.bed(infusion_id))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        if self.infusion_id is None:
            self.infusion_id = self._most_urgent()
        known = self.infusion_id is not None and self.desk.bedside.knows(self.infusion_id)
        self.stack.setCurrentIndex(int(known))
        self._lend_keys(set())
        if known and self.infusion_id is not None:
            self._show(self.infusion_id)
            self._draw(self.infusion_id)

    def _most_urgent(self) -> str | None:
        """What the page opens after a restart: the bed that comes first in the one order of beds."""
        now = self.desk.now()
        beds = [bed for bed in self.desk.bedside.look().values() if bed.is_open]
        first = min(beds, key=lambda bed: urgency(bed, now), default=None)
        return first.state.infusion_id if first else None

    def _show(self, infusion_id: str) -> None:
        sheet, bedside, now, words = self.sheet, self.desk.bedside, self.desk.now(), self.kit.words.catalogue
        line, bed = bedside.line(infusion_id), bedside.bed(infusion_id)
        state = bed.state
        sheet.identity.set_state(head.identity(state, now, words, line.unsaved))
        sheet.strip.set_state(head.strip(bed, now, words))
        self._show_values(bed)
        sheet.drip.set_state(drip(state, bed.drops, now, words, bed.tasks))
        sheet.set_delivery(delivery(state, now), state.planned_ml is not None)
        shown_dock = dock(bed, now, words, sheet.timeline_shown, self._is_guest)
        sheet.dock.set_state(shown_dock)
        lent = keys(state, self._is_guest).keys() - {action.hint for action in shown_dock.others}
        self._lend_keys(set() if sheet.asked else lent)
        sheet.set_notice(notice(line) or left_half_filled(self.desk.left_here(infusion_id)))
        sheet.set_stop(stop(state))

    def _show_values(self, bed: BedNow) -> None:
        watched = self.desk.bedside.watched(bed.state.infusion_id)
        shown = tiles(bed.state, watched, self.desk.now(), self.kit.words.catalogue, bed.alarms)
        for tile, state in zip(self.sheet.tiles, shown, strict=True):
            tile.set_state(state)

    @property
    def _is_guest(self) -> bool:
        return self.desk.has_role(Role.EMERGENCY)

    def _lend_keys(self, wanted: set[str]) -> None:
        """Keys whose button is hidden because the primary one does the same."""
        for key, shortcut in self._keys.items():
            shortcut.setEnabled(key in wanted)

    def _draw(self, infusion_id: str) -> None:
        """The trend when a pixel of it is another one, the timeline when something happened; neither while it is not seen."""
        line, watched, now = self.desk.bedside.line(infusion_id), self.desk.bedside.watched(infusion_id), self.desk.now()
        is_seen = not (self.sheet.has_trend and self.sheet.timeline_shown)
        if self.desk.is_coming(TREND):
            self._waited = True
        elif self._waited and not self.sheet.has_trend:
            self._make_in_turns()
        elif is_seen:
            self._draw_trend(line.state, watched.trend, now)
        listed = (len(line.state.entries), line.unsaved)
        if listed != self._listed:
            names = {person_id: person.name for person_id, person in self.desk.people.by_id.items()}
            self.sheet.timeline.set_state(rows(line.state, names, self.kit.words.catalogue, line.unsaved))
            self._listed = listed

    def _make_in_turns(self) -> None:
        """A piece on each turn of the window's loop, then the trend, which is drawn on the last one."""
        if self._makes_trend or self.sheet.has_trend:
            return
        self._makes_trend = self.sheet.make_some_of_trend()
        if not self._makes_trend:
            self._make_trend()
        QTimer.singleShot(0, self, self._draw_first if self.sheet.has_trend else self._go_on_making)

    def _go_on_making(self) -> None:
        self._makes_trend = False
        self._make_in_turns()

    def _draw_first(self) -> None:
        if self.infusion_id is not None and self.desk.bedside.knows(self.infusion_id):
            bedside = self.desk.bedside
            self._draw_trend(bedside.line(self.infusion_id).state, bedside.watched(self.infusion_id).trend, self.desk.now())

    def _make_trend(self) -> "ShownTrend":
        if self._trend is None:
            from ui.infusion.trend_points import ShownTrend

            self._trend = ShownTrend(self.sheet.trend)
        return self._trend

    def _draw_trend(self, state: Infusion, trend: Trend, now: datetime) -> None:
        old = self.desk.old_curves
        self._make_trend().show(state, trend, now, old.version if old else 0, partial(self._old_part, state, now))

    def _old_part(self, state: Infusion, now: datetime) -> OldPart:
        """Asked for where more is shown than memory has."""
        begins = min(state.ordered_at, state.started_at or now)
        is_old = (now - begins).total_seconds() > KEPT_S and self.sheet.trend.span_s is None
        return self.desk.old_curves.of(state.infusion_id) if self.desk.old_curves and is_old else NOTHING_OLD

    # --- what is pressed

    def act(self, key: str) -> None:
        """Carry out a key of the dock or of “More”: ask the question that belongs to it."""
        from ui.questions.actions import ACTIONS, more_actions

        if self.infusion_id is None:
            return
        if self.sheet.asked:
            self.desk.stop_wanted.emit()  # Reaction alone is in reach: as its key
        elif key == "timeline":
            self.sheet.show_timeline(not self.sheet.timeline_shown)
            self.refresh()
        elif key == "more":
            offered = more_actions(self.desk.infusion(self.infusion_id), self.desk.now(), self._is_guest)
            show_more(self.kit, offered, self.sheet.dock, self.act)
        else:
            ACTIONS[key](self.desk, self.infusion_id, self)

    def _correct(self, event_id: str) -> None:
        from ui.questions.notes import ask_correct_entry

        if self.infusion_id is not None:
            ask_correct_entry(self.desk, self.infusion_id, event_id, at_bed(self.infusion_id, self))

    def _key_pressed(self) -> None:
        pressed = next(key for key, shortcut in self._keys.items() if shortcut is self.sender())
        if self.infusion_id is not None:
            self.act(keys(self.desk.infusion(self.infusion_id))[pressed])

    def _to_ward(self) -> None:
        self.desk.show_page.emit(PageKey.WARD, "")
