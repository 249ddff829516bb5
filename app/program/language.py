"""The language the window speaks: chosen, kept for the next start."""

from app import settings
from app.services.words.words import LANGUAGES
from app.settings import Preferences
from ui.frame.shell import Shell
from ui.kit.look.fonts import has_chinese_font


def speak(shell: Shell, preferences: Preferences, language: str) -> bool:
    """False where this computer has no font for it."""
    if language == "zh_CN" and not has_chinese_font():
        return False
    shell.words.set_language(language)
    preferences.language = language
    settings.save_preferences(preferences)
    return True


def after(language: str) -> str:
    """The next one of all."""
    codes = list(LANGUAGES)
    return codes[(codes.index(language) + 1) % len(codes)]
