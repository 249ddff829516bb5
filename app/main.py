"""Builds the windowed program, connects its parts, runs it, and closes everything in reverse order."""

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app import settings
from app.domain.errors import Refused
from app.domain.texts import Text, say
from app.services import clock as clocks
from app.services.words.words import Words, system_language
from ui.frame.opening_screen import OpeningScreen, application
from ui.kit.look.fonts import has_chinese_font

if TYPE_CHECKING:
    from app.program.entrance_gates import Opened
    from app.program.window_program import Running
    from ui.frame.shell import Shell


def run(options: settings.Options) -> int:
    """Open the window and run until it is closed. Exit codes: 0, 2 when the store cannot be opened."""
    application()
    preferences = settings.load_preferences()
    opening = _opening(preferences, options.practice)
    from ui.frame.shell import Shell

    language = "en" if _lacks_font(preferences) else _language(preferences)
    shell = Shell(language, preferences.theme, options.practice, preferences.ward)
    with settings.store_of(options) as path:
        program = _Program(shell, options, preferences, path)
        try:
            program.open()
            opening.give_way(shell.window)
            _collect_from_now_on()
            code = shell.run()
        finally:
            program.close()
    return program.code or code


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
    words = Words("en" if _lacks_font(preferences) else _language(preferences))
    name = words.tr(say("Bedside practice") if practice else say("Bedside"))
    clock, doing = words.clock(clocks.wall_utc()), words.tr(say("Opening the record…"))
    return OpeningScreen(name, (("code", name), ("line", preferences.ward), ("clock", clock), ("line", doing)), preferences.theme)


class _Program:
    """Opens the parts after the first paint; what cannot be opened is said in the window."""

    def __init__(self, shell: "Shell", options: settings.Options, preferences: settings.Preferences, path: Path) -> None:
        self.shell, self.options, self.preferences, self.path = shell, options, preferences, path
        self.running: Running | None = None
        self.code = 0

    def open(self) -> None:
        why_not = self._run() if self.options.practice else self._at_the_gates()
        if why_not is not None:
            self.code = 2
            self._cannot_open(why_not)

    def _at_the_gates(self) -> Text | None:
        from app.program.entrance_gates import Gates

        self.gates = Gates(self.shell, self.preferences, self.path, self._run)
        try:
            self.gates.ask()
        except Refused as refusal:
            return refusal.text
        except OSError as error:
            return say("The record cannot be opened: {why}.", why=error.strerror or str(error))
        return None

    def _run(self, opened: "Opened | None" = None) -> Text | None:
        """Why the record cannot be opened; None once the program runs."""
        from app.program.window_program import Running
        from db.errors import StoreError

        try:
            self.running = Running(self.shell, self.options, self.preferences, self.path, opened)
        except (StoreError, Refused) as error:
            return error.text
        if _lacks_font(self.preferences):
            self.running.desk.tell(NO_FONT, to_do=INSTALL_FONT)
        return None

    def _cannot_open(self, text: Text) -> None:
        from ui.kit.message_strip import MessageState

        print(self.shell.words.tr(text), file=sys.stderr)
        self.shell.window.strip.set_state(MessageState(text, action=say("Close the program"), lasting=True))
        self.shell.window.strip.action_pressed.connect(self.shell.window.close)

    def close(self) -> None:
        if self.running is not None:
            self.running.close()


NO_FONT = say("This computer has no Chinese font, so Chinese cannot be shown.")
INSTALL_FONT = say("Install one (on Debian: fonts-noto-cjk) and start again.")
