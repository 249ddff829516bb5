"""The language and the theme of the window: chosen, and kept for the next start."""

from typing import Any

from app import settings
from app.domain.texts import say
from app.services.words.catalogue import LANGUAGES
from app.settings import Preferences
from ui.frame.opening_screen import place_of
from ui.frame.shell import Shell
from ui.kit.look.fonts import has_chinese_font

NO_FONT = say("This computer has no Chinese font, so Chinese cannot be shown.")


class Appearance:
    def __init__(self, shell: Shell, preferences: Preferences) -> None:
        self._shell, self._preferences = shell, preferences
        shell.window.closing.connect(self._keep_place)

    def _keep_place(self) -> None:
        """The next start opens where this window is left."""
        self._keep(place=place_of(self._shell.window))

    def _keep(self, **chosen: Any) -> None:
        self._preferences = self._preferences._replace(**chosen)
        settings.save_preferences(self._preferences)

    def set_language(self, language: str) -> bool:
        """False where this computer has no font for it."""
        if language == "zh_CN" and not has_chinese_font():
            return False
        self._shell.words.set_language(language)
        self._keep(language=language)
        return True

    def next_language(self) -> bool:
        """The next one of all; False as above."""
        codes = list(LANGUAGES)
        return self.set_language(codes[(codes.index(self._shell.words.language) + 1) % len(codes)])

    def set_theme(self, theme: str) -> None:
        self._shell.set_theme(theme)
        self._keep(theme=theme)
