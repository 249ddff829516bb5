"""Hands the catalogue to widgets and switches the language while they stand on the screen."""

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import Qt as QtText

from app.domain.texts import Text
from app.services.words.words import Words


def plain_tip(text: str) -> str:
    """What to set as a tool tip so that this text is read in it letter for letter: Qt would take one with a tag for a page."""
    return f"<div style='white-space: pre-wrap'>{escape(text)}</div>" if QtText.mightBeRichText(text) else text


class _BoundTexts(QObject):
    """The texts of one object, kept as its child: it dies with it and leaves nothing behind."""

    def __init__(self, owner: QObject, words: "LiveWords") -> None:
        super().__init__(owner)
        self.setObjectName("words")
        self._words = words
        self._texts: dict[str, Text | str] = {}
        words.changed.connect(self.refresh)

    def hold(self, texts: dict[str, Text | str]) -> None:
        changed = [name for name, text in texts.items() if self._texts.get(name) != text]
        self._texts |= texts
        self._set(changed)

    def refresh(self) -> None:
        self._set(list(self._texts))

    def _set(self, names: list[str]) -> None:
        owner = self.parent()
        if owner is not None:
            for name in names:
                shown = self._words.shown(self._texts[name])
                owner.setProperty(name, plain_tip(shown) if name == "toolTip" else shown)


class LiveWords(QObject):
    """The catalogue of the chosen language; `changed` follows every switch."""

    changed = Signal()

    def __init__(self, language: str = "en", make: Callable[[str], Words] = Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._words = make(language)

    @property
    def language(self) -> str:
        return self._words.language

    @property
    def catalogue(self) -> Words:
        """The Qt-free catalogue now in use, for times and numbers."""
        return self._words

    def set_language(self, language: str) -> None:
        if language != self._words.language:
            self._words = self._make(language)
            self.changed.emit()

    def tr(self, text: Text | str) -> str:  # type: ignore[override]
        """The text in the language in use."""
        return self._words.tr(text)

    def shown(self, text: Text | str) -> str:
        """A `Text` in the language in use; a `str` is a finished value and stays as it is."""
        return text if isinstance(text, str) else self._words.tr(text)

    def bind(self, target: QObject, **texts: Text | str) -> None:
        """Keep Qt properties in the language in use: `bind(button, text=…, toolTip=…, accessibleName=…)`."""
        kept = target.findChild(_BoundTexts, "words", Qt.FindChildOption.FindDirectChildrenOnly)
        (kept or _BoundTexts(target, self)).hold(texts)
