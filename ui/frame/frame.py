"""Keeps the frame around the pages right: what is due, the clock, the monitors, the alarms, the sound."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.domain.infusion.task_kinds import Task
from app.domain.texts import Text, say
from app.domain.watch.active_alarm import ActiveAlarm
from app.domain.watch.laptop_seen import SoundFault
from app.domain.watch.priority import Priority
from app.services.ward.alerts import Alerts
from app.services.ward.watch import BedNow, due_now, most_urgent
from devices.link import LinkStatus
from ui.frame import view
from ui.frame.bar.rail import RailState
from ui.frame.bar.top_bar import TopBarState
from ui.frame.desk import Desk, nothing
from ui.frame.pages import Page, PageKey
from ui.frame.sound import LOOK_EVERY_S, REPEAT_S, Sounder
from ui.frame.window import Window
from ui.kit.message_strip import MessageState
from ui.questions.alarm_list import AlarmList
from ui.ward.view import open_beds

#: Whoever comes in sees the page first: what plays sounds is loaded once it stands.
_FIRST_LOOK_AFTER_MS = _TEST_AFTER_MS = 200


def nothing_of(_fault: SoundFault | None) -> None:
    """Where nobody keeps account of the laptop."""


class WindowFrame(QObject):
    """`refresh` is called after each look at the ward; it changes only what has changed, and the page follows."""

    sound_found = Signal()

    def __init__(
        self,
        desk: Desk,
        window: Window,
        alerts: Alerts,
        links: Callable[[], list[LinkStatus]],
        silent: bool = False,
        put_aside: Callable[[], object] = nothing,
        sound_is: Callable[[SoundFault | None], object] = nothing_of,
    ) -> None:
        super().__init__(window)
        self.desk, self.window, self.alerts, self._links = desk, window, alerts, links
        self._put_aside, self._sound_is = put_aside, sound_is
        self._sounder = Sounder(found=self.sound_found.emit)
        self._silent = silent
        self._sounding: Priority | None = None
        self._repeat = QTimer(self, singleShot=True)
        self._repeat.timeout.connect(self._sound_again)
        self._test = QTimer(self, singleShot=True, interval=_TEST_AFTER_MS)
        self._test.timeout.connect(lambda: self._sounder.play(Priority.MEDIUM))
        self._listen = QTimer(self, interval=_FIRST_LOOK_AFTER_MS)
        self._listen.timeout.connect(self._look_for_sound)
        if not silent:
            self._listen.start()
        self._active: list[ActiveAlarm] = []
        self._list: AlarmList | None = None
        self.sound_found.connect(desk.bedside.news.wake)
        self._found: list[Text] = []
        self._shows_found = False
        desk.message.connect(self._say)
        desk.found.connect(self._find)
        window.strip.closed.connect(self._closed)
        desk.person_changed.connect(self.refresh)
        window.top.sound_pressed.connect(self._sound_pressed)
        window.top.monitor_pressed.connect(self._to_devices)
        window.top.due_pressed.connect(self._to_due)
        window.top.more_pressed.connect(self._to_list)
        for pressed in (window.alarm.acknowledge_pressed, desk.acknowledge_wanted):
            pressed.connect(self._acknowledge_first)
        for pressed in (window.alarm.reset_pressed, desk.reset_wanted):
            pressed.connect(self._reset_first)
        for pressed in (window.alarm.bed_pressed, desk.alarm_bed_wanted):
            pressed.connect(self._to_alarm)
        window.next_bed_wanted.connect(self._to_next_bed)
        window.alarm.more_pressed.connect(lambda: self._list_alarms(window))
        desk.alarms_wanted.connect(self._list_alarms)
        window.help_wanted.connect(self._help)

    def refresh(self) -> None:
        self._sound_is(self._sounder.fault)
        self.window.sound.set_fault(self._sound_fault)
        self._active = self.alerts.active()
        self.desk.kit.attendance.on_battery = self.desk.bedside.watch.laptop.on_mains is False
        self._top()
        self.window.rail.set_state(RailState(view.rail_items(self.desk.person), self.window.page))
        self.window.show_rail(self.desk.person is not None)
        states = {s.infusion_id: s for s in self.desk.bedside.infusions}
        names = {person_id: person.name for person_id, person in self.desk.people.by_id.items()}
        now, words = self.desk.now(), self.desk.kit.words.catalogue
        shown = [view.alarm_state(a, states, names, now, words) for a in self._active]
        self.window.alarm.set_state(view.first_of(shown))
        self.desk.show_alarm(view.first_of(shown))
        if self._list is not None:
            self._list.show_alarms(list(zip(self._active, shown, strict=True)))
        self._sound()
        self.desk.looked.emit()

    def _top(self) -> None:
        words, now, laptop = self.desk.kit.words.catalogue, self.desk.now(), self.desk.bedside.watch.laptop
        self.window.top.set_state(
            TopBarState(
                ward=self.window.ward,
                clock=words.clock(now),
                due=view.due_state(self._next_of_ward(), due_now(self.desk.bedside.look().values(), now), now, words),
                sound=view.sound_state(self._sound_fault, laptop.heard_at, self.alerts.sound_paused_until(), now, words),
                monitor=view.monitor_state(self._links()),
                person=view.person_state(self.desk.person),
            )
        )

    def _say(self, state: MessageState | None) -> None:
        """Where nothing else is said, the first of what was found and nobody has closed yet."""
        self._shows_found = state is None and bool(self._found)
        self.window.strip.set_state(self._first_found() if self._shows_found else state)

    def _first_found(self) -> MessageState:
        first, *others = self._found
        return MessageState(first, to_do=say("Close it to see what else was found: {n}.", n=len(others)) if others else "")

    def _find(self, what: Text) -> None:
        if what not in self._found:
            self._found.append(what)
        if self._shows_found or self.window.strip.isHidden():
            self._say(None)

    def _closed(self) -> None:
        if self._shows_found:
            del self._found[0]
        self._say(None)

    def _help(self) -> None:
        """Of the page that is shown; once."""
        from ui.help.help_page import HelpPage, show_help

        if not any(one.isVisible() for one in self.window.findChildren(HelpPage)):
            page = self.window.pages.get(self.window.page)
            show_help(self.desk, self.window, self.window.page, page.infusion_id if isinstance(page, Page) else None)

    # --- alarms and their sound

    def _acknowledge_first(self) -> None:
        if self._active:
            self._acknowledge(self._active[0])

    def _reset_first(self) -> None:
        if self._active:
            self._reset(self._active[0])

    def _acknowledge(self, alarm: ActiveAlarm) -> None:
        if self.desk.person is not None:
            self.alerts.acknowledge(alarm, self.desk.person)
            self.refresh()

    def _reset(self, alarm: ActiveAlarm) -> None:
        if self.desk.person is not None:
            self.alerts.reset(alarm, self.desk.person)
            self.refresh()

    def _list_alarms(self, over: QWidget) -> None:
        self._list = AlarmList(self.desk, over)
        self._list.bed_wanted.connect(self._to_bed)
        self._list.acknowledged.connect(self._acknowledge)
        self._list.reset.connect(self._reset)
        self._list.finished.connect(self._list_closed)
        self._list.open()
        self.refresh()

    def _list_closed(self) -> None:
        self._list = None

    def _sound(self) -> None:
        wanted = self.alerts.to_sound(self._active)
        if wanted == self._sounding:
            return
        self._sounding = wanted
        self._repeat.stop()
        if wanted is not None:
            self._sound_again()

    def _sound_again(self) -> None:
        if self._sounding is not None and not self._silent:
            self._sounder.play(self._sounding)
            self._repeat.start(int(REPEAT_S[self._sounding] * 1000))

    def _look_for_sound(self) -> None:
        self._listen.setInterval(int(LOOK_EVERY_S * 1000))
        self._sounder.look()

    @property
    def _sound_fault(self) -> SoundFault | None:
        """As the system tells, or as somebody said who did not hear it."""
        return self._sounder.fault or self.desk.bedside.watch.laptop.sound

    @property
    def is_sounding(self) -> bool:
        return self._sounding is not None

    def test_sound(self) -> None:
        """Play three tones and ask whether they were heard."""
        self._test.start()
        self.window.sound.ask()
        self.refresh()

    def _sound_pressed(self) -> None:
        if self.desk.person is None:
            return
        if self.alerts.sound_paused_until() is None:
            self.alerts.pause_sound(self.desk.person)
        else:
            self.alerts.resume_sound(self.desk.person)
        self.refresh()

    # --- going where something is

    def _to_alarm(self) -> None:
        """What is half filled in stays at its own bed."""
        if self._active and self.desk.person is not None:
            self._to_bed(self._active[0].infusion_id)

    def _to_bed(self, infusion_id: str) -> None:
        """What alarms at no bed is the trial's."""
        self._put_aside()
        at_bed = self.desk.bedside.knows(infusion_id)
        self.desk.show_page.emit(*((PageKey.INFUSION, infusion_id) if at_bed else (PageKey.TRIAL, "")))

    def _to_next_bed(self) -> None:
        """From bed to bed, in the order of the Ward page; not away from a question."""
        ids = [bed.state.infusion_id for bed in open_beds(self.desk.bedside)]
        if ids and self.desk.person is not None and not self.window.drawer.is_open:
            page = self.window.pages.get(PageKey.INFUSION)
            shown = page.infusion_id if isinstance(page, Page) and self.window.page == PageKey.INFUSION else None
            following = ids[(ids.index(shown) + 1) % len(ids)] if shown in ids and shown is not None else ids[0]
            self.desk.show_page.emit(PageKey.INFUSION, following)

    def _to_devices(self) -> None:
        if self.desk.person is not None:
            self._put_aside()
            self.window.page_wanted.emit(PageKey.DEVICES)

    def _to_due(self) -> None:
        found = self._next_of_ward()
        if found is not None and self.desk.person is not None:
            self._to_bed(found[0].state.infusion_id)

    def _to_list(self) -> None:
        self._put_aside()
        self.window.page_wanted.emit(PageKey.WARD)

    def _next_of_ward(self) -> tuple[BedNow, Task] | None:
        return most_urgent(self.desk.bedside.look().values(), self.desk.now())

    def close(self) -> None:
        self._repeat.stop()
        self._test.stop()
        self._listen.stop()
        self._sounder.close()
