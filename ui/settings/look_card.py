"""The card of Settings that is about this laptop: language, theme, and what is known of its sound."""

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout

from app.domain.texts import Text, parts, say
from app.domain.watch.preflight import sound_known
from app.services.words.catalogue import LANGUAGES
from ui.frame.appearance import NO_FONT
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import Card, button, label
from ui.kit.look.tokens import SPACE_8

THEMES: dict[str, Text] = {"light": say("Light"), "dark": say("Dark")}


class LookAndLanguage(Protocol):
    def set_language(self, language: str, /) -> bool:
        """False where this computer has no font for it."""

    def set_theme(self, theme: str, /) -> None: ...


class LookCard(Card):
    def __init__(self, desk: Desk, appearance: LookAndLanguage, test_sound: Callable[[], None]) -> None:
        super().__init__(desk.kit, say("Look and sound"))
        self.desk, self.kit, self._appearance = desk, desk.kit, appearance
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        self.languages = self._choices(row, LANGUAGES)
        row.addSpacing(SPACE_8 * 2)
        self.themes = self._choices(row, THEMES)
        row.addSpacing(SPACE_8 * 2)
        test = button(self.kit, say("Play a sound"))
        test.clicked.connect(test_sound)
        row.addWidget(test)
        row.addStretch(1)
        self.body.addLayout(row)
        self.heard = label(self.kit, "", "body", "quiet", wrap=True)
        self.body.addWidget(self.heard)
        self.languages.buttonClicked.connect(self._language)
        self.themes.buttonClicked.connect(self._theme)
        self.kit.look.changed.connect(self._mark)
        self.kit.words.changed.connect(self._mark)

    def _language(self, chosen: QAbstractButton) -> None:
        if not self._appearance.set_language(chosen.objectName()):
            self.desk.tell(NO_FONT)

    def _theme(self, chosen: QAbstractButton) -> None:
        self._appearance.set_theme(chosen.objectName())

    def _choices(self, row: QHBoxLayout, choices: Mapping[str, Text | str]) -> QButtonGroup:
        group = QButtonGroup(self)
        for key, text in choices.items():
            made = button(self.kit, text, "secondary")
            made.setObjectName(key)
            made.setCheckable(True)
            group.addButton(made)
            row.addWidget(made)
        return group

    @property
    def sound(self) -> Text:
        """What is known of it."""
        laptop = self.desk.bedside.watch.laptop
        return sound_known(laptop.sound, laptop.heard_at, self.desk.now()).said

    def _mark(self) -> None:
        """What is chosen, wherever it was."""
        for group, current in ((self.languages, self.kit.words.language), (self.themes, self.kit.look.theme.name)):
            next(made for made in group.buttons() if made.objectName() == current).setChecked(True)

    def refresh(self) -> None:
        self._mark()
        listen = say("Play a sound and listen: a laptop without sound still shows everything.")
        self.kit.words.bind(self.heard, text=parts(self.sound, listen))
