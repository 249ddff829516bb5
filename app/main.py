"""Builds the windowed program, connects its parts, runs it, and closes everything in reverse order."""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from app import settings
from app.domain.errors import Refused
from app.domain.texts import Text, say
from app.services import clock as clocks
from app.services.words import Words, system_language
from ui.shell import Shell, has_chinese_font

if TYPE_CHECKING:
    from app.running import Running


def run(options: settings.Options) -> int:
    """Open the window and run until it is closed. Exit codes: 0, 2 when the store cannot be opened."""
    preferences = settings.load_preferences()
    shell = Shell(preferences.language or system_language(), preferences.theme, options.practice, preferences.ward)
    shell.paint(Words().clock(clocks.wall_utc()))
    with tempfile.TemporaryDirectory(prefix="bedside-practice-", ignore_cleanup_errors=True) as scratch:
        path = Path(scratch) / "practice.db" if options.practice else (options.store or settings.store_path())
        program = _Program(shell, options, preferences, path)
        shell.soon(program.open, 1)
        try:
            code = shell.run()
        finally:
            program.close()
    return program.code or code


class _Program:
    """Opens the parts after the first paint; what cannot be opened is said in the window."""

    def __init__(self, shell: Shell, options: settings.Options, preferences: settings.Preferences, path: Path) -> None:
        self.shell, self.options, self.preferences, self.path = shell, options, preferences, path
        self.running: Running | None = None
        self.code = 0

    def open(self) -> None:
        from app.running import Running
        from db.errors import StoreError

        try:
            self.running = Running(self.shell, self.options, self.preferences, self.path)
        except (StoreError, Refused) as error:
            self.code = 2
            self._cannot_open(error.text)
            return
        if self.shell.words.language == "zh_CN" and not has_chinese_font():
            self.running.desk.tell(NO_FONT, to_do=INSTALL_FONT)
            self.shell.words.set_language("en")

    def _cannot_open(self, text: Text) -> None:
        from ui.widgets.message_strip import MessageState

        print(self.shell.words.tr(text), file=sys.stderr)
        self.shell.window.strip.set_state(MessageState(text, action=say("Close the program"), lasting=True))
        self.shell.window.strip.action_pressed.connect(self.shell.window.close)

    def close(self) -> None:
        if self.running is not None:
            self.running.close()


NO_FONT = say("This computer has no Chinese font, so Chinese cannot be shown.")
INSTALL_FONT = say("Install one (on Debian: fonts-noto-cjk) and start again.")
