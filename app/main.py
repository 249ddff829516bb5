"""Builds the windowed program, connects its parts, runs it, and closes everything in reverse order."""

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app import settings
from app.services import clock as clocks
from app.services.words.catalogue import catalogue, system_language
from ui.frame.opening_screen import OpeningScreen, application
from ui.kit.look.fonts import has_chinese_font

if TYPE_CHECKING:
    from app.domain.texts import Text
    from app.domain.watch.laptop_seen import LaptopSeen
    from app.program.entrance import WayIn
    from app.program.window_program import WindowProgram
    from ui.frame.shell import Shell


#: A thread that works (imports, a record, a backup) keeps the interpreter to itself but for moments like this one: the window
#: takes its turn in between.
_TURN_S = 0.0005


def run(options: settings.Options) -> int:
    """Open the window and run until it is closed. Exit codes: 0, 2 when the store cannot be opened."""
    sys.setswitchinterval(_TURN_S)
    application()
    preferences = settings.load_preferences()
    opening = _opening(preferences, options.practice)
    from ui.frame.shell import Shell

    language = "en" if _lacks_font(preferences) else _language(preferences)
    shell = Shell(language, preferences.theme, options.practice, preferences.ward)
    with settings.store_of(options) as path:
        start = ProgramStart(shell, options, preferences, path)
        try:
            start.open()
            opening.give_way(shell.window)
            _collect_from_now_on()
            code = shell.run()
        finally:
            start.close()
    return start.code or code


def _collect_from_now_on() -> None:
    """What the program is made of stays until its end: to look through it again and again would hold up the screen."""
    gc.freeze()
    gc.enable()


def _language(preferences: settings.Preferences) -> str:
    return preferences.language or system_language()


def _lacks_font(preferences: settings.Preferences) -> bool:
    """Chinese without a font for it would be boxes."""
    return _language(preferences) == "zh_CN" and not has_chinese_font()


def _opening(preferences: settings.Preferences, practice: bool) -> OpeningScreen:
    """Painted before anything slow is imported."""
    # As everywhere it marks a text for the catalogue; here it is also said at once, for what carries texts is not loaded yet.
    say = catalogue("en" if _lacks_font(preferences) else _language(preferences)).gettext
    name = say("Bedside practice") if practice else say("Bedside")
    clock, doing = f"{clocks.wall_utc().astimezone():%H:%M:%S}", say("Opening the record…")
    lines = (("code", name), ("line", preferences.ward), ("clock", clock), ("line", doing))
    return OpeningScreen(name, lines, preferences.theme, preferences.place)


class ProgramStart:
    """Opens the record after the first paint; what cannot be opened is said in the window."""

    def __init__(self, shell: "Shell", options: settings.Options, preferences: settings.Preferences, path: Path) -> None:
        from ui.frame.appearance import Appearance

        self.shell, self.options, self.preferences, self.path = shell, options, preferences, path
        self.appearance = Appearance(shell, preferences)
        self.program: WindowProgram | None = None
        self.code = 0

    def open(self) -> None:
        why_not = self.run() if self.options.practice else self._ask_at_the_entrance()
        if why_not is not None:
            self.code = 2
            self._cannot_open(why_not)

    def _ask_at_the_entrance(self) -> "Text | None":
        from app.domain.errors import Refused
        from app.domain.texts import say
        from app.program.entrance import Entrance

        self.entrance = Entrance(self.shell, self.appearance, self.path, self.run)
        try:
            self.entrance.ask()
        except Refused as refusal:
            return refusal.text
        except OSError as error:
            return say("The record cannot be opened: {why}.", why=error.strerror or str(error))
        return None

    def run(self, way_in: "WayIn | None" = None) -> "Text | None":
        """Why the record cannot be opened; None once the program runs."""
        from app.domain.errors import Refused
        from app.domain.texts import say
        from db.store_errors import StoreError

        try:
            program = self.program = self._build(way_in.key if way_in else None)
        except (StoreError, Refused) as error:
            return error.text
        if way_in is not None:
            program.come_in(way_in)
        if _lacks_font(self.preferences):
            from ui.frame.appearance import NO_FONT

            program.desk.tell(NO_FONT, to_do=say("Install one (on Debian: fonts-noto-cjk) and start again."))
        return None

    def _build(self, key: bytes | None) -> "WindowProgram":
        """On the open record. Raises `StoreError` or `Refused` where it cannot be opened."""
        from concurrent.futures import ThreadPoolExecutor

        from app.jobs.laptop.awake import SystemAwake
        from app.jobs.laptop.laptop_watch import LaptopReader, LaptopWatch
        from app.jobs.record_maker import RecordMaker
        from app.program.open_record import open_record
        from app.program.ward_monitors import WardMonitors
        from app.program.window_program import WindowProgram
        from app.services.protocol_files import DEFAULT, load
        from ui.frame.bridge import Bridge
        from ui.frame.desk import Desk
        from ui.frame.scans import take_scan

        shell, options, clock = self.shell, self.options, clocks.ScaledClock()
        window, trial = shell.window, load(options.protocol or DEFAULT)
        record = open_record(self.path, trial, clock, Bridge(window).post, practice=options.practice, key=key, rest_later=True)
        root = settings.data_dir() / ("practice" if options.practice else "records")
        making = RecordMaker(record.file, root, record.bedside, record.people, record.executor, record.post)

        def seen(found: "LaptopSeen") -> None:
            record.bedside.watch.take_laptop(found)
            record.bedside.news.wake()

        laptop = LaptopWatch(
            LaptopReader(self.path.parent, clocks.local_hour).read, SystemAwake(), ThreadPoolExecutor(1, "laptop"),
            record.post, record.bedside.now, seen,
        )  # fmt: skip
        desk = Desk(shell.kit, record.bedside, record.people, record.exchange, making, window)
        if options.practice:
            from app.practice.practice_window import PracticeWindow

            record.people.practise(record.store.info().store_id)
            if options.trial_seed is not None:
                from app.practice.trial_store import seed_trial

                seed_trial(record.recorder, options.trial_seed, record.bedside.now())
            practice = PracticeWindow(record, clock, desk, window, options)
            return WindowProgram(shell, self.appearance, record, desk, practice, None, laptop)
        ward = WardMonitors(record.ports, record.settings, record.bedside, lambda code: take_scan(code, desk, window), desk.tell)
        return WindowProgram(shell, self.appearance, record, desk, ward, ward, laptop)

    def _cannot_open(self, text: "Text") -> None:
        from app.domain.texts import say
        from ui.kit.message_strip import MessageState

        print(self.shell.words.tr(text), file=sys.stderr)
        self.shell.window.strip.set_state(MessageState(text, action=say("Close the program"), lasting=True))
        self.shell.window.strip.action_pressed.connect(self.shell.window.close)

    def close(self) -> None:
        if self.program is not None:
            self.program.close()
