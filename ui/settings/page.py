"""Language, theme, sound, people, backups, the protocol's site settings, and what this program is."""

from collections.abc import Mapping

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.people.roles import ROLE_NAMES, Role
from app.domain.texts import Text, say
from app.jobs.backups import BackingUp
from app.services.codes.exchange import Exchange
from app.services.words.words import LANGUAGES
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import Card, button, clear_page, label
from ui.kit.look.tokens import SPACE_8

from .backup_card import BackupCard
from .laptops_card import LaptopsCard

THEMES: dict[str, Text] = {"light": say("Light"), "dark": say("Dark")}


class SettingsPage(QWidget):
    """Signals `language_chosen(str)`, `theme_chosen(str)`, `sound_tested`, and what an account wants:

    `person_wanted`, `account_wanted`, `secrets_wanted`, `recovery_wanted`.
    """

    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    sound_tested = Signal()
    person_wanted = Signal()
    account_wanted = Signal()
    secrets_wanted = Signal()
    recovery_wanted = Signal()

    def __init__(
        self, desk: Desk, about: dict[str, str], backing: BackingUp, exchange: Exchange, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.desk, self.kit = desk, desk.kit
        inner = clear_page(QWidget())
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, SPACE_8, 0)
        self.column.setSpacing(SPACE_8)
        self._look()
        self._people()
        self.backup = BackupCard(desk, backing)
        self.column.addWidget(self.backup)
        self.laptops = LaptopsCard(desk, exchange)
        self.column.addWidget(self.laptops)
        self._site()
        self._about(about)
        self.column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        desk.kit.words.changed.connect(self.refresh)

    def _look(self) -> None:
        card = Card(self.kit, say("Look and sound"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        self.languages = self._choices(row, LANGUAGES)
        row.addSpacing(SPACE_8 * 2)
        self.themes = self._choices(row, THEMES)
        row.addSpacing(SPACE_8 * 2)
        test = button(self.kit, say("Play a sound"))
        test.clicked.connect(self.sound_tested)
        row.addWidget(test)
        row.addStretch(1)
        card.body.addLayout(row)
        self.heard = label(self.kit, say("Play a sound and listen: a laptop without sound still shows everything."),
                           "body", "quiet", wrap=True)  # fmt: skip
        card.body.addWidget(self.heard)
        self.languages.buttonClicked.connect(self._language)
        self.themes.buttonClicked.connect(self._theme)
        self.column.addWidget(card)

    def _language(self, chosen: QAbstractButton) -> None:
        self.language_chosen.emit(chosen.objectName())

    def _theme(self, chosen: QAbstractButton) -> None:
        self.theme_chosen.emit(chosen.objectName())

    def _choices(self, row: QHBoxLayout, choices: Mapping[str, Text | str]) -> QButtonGroup:
        group = QButtonGroup(self)
        for key, text in choices.items():
            made = button(self.kit, text, "secondary")
            made.setObjectName(key)
            made.setCheckable(True)
            group.addButton(made)
            row.addWidget(made)
        return group

    def _people(self) -> None:
        card = Card(self.kit, say("People"))
        self.people = label(self.kit, "", "body", wrap=True)
        card.body.addWidget(self.people)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        wanted: tuple[tuple[Text, SignalInstance], ...] = (
            (say("My password and PIN"), self.secrets_wanted),
            (say("Add a person"), self.person_wanted),
            (say("Change an account"), self.account_wanted),
            (say("New recovery key"), self.recovery_wanted),
        )
        self.keeping = []
        for text, signal in wanted:
            made = button(self.kit, text)
            made.clicked.connect(signal)
            row.addWidget(made)
            self.keeping.append(made)
        row.addStretch(1)
        card.body.addLayout(row)
        self.column.addWidget(card)

    def _site(self) -> None:
        card = Card(self.kit, say("Site settings, not in the protocol"))
        self.site = label(self.kit, "", "body", wrap=True)
        card.body.addWidget(self.site)
        self.column.addWidget(card)

    def _about(self, about: dict[str, str]) -> None:
        card = Card(self.kit, say("About"))
        text = "   ".join(f"{name} {value}" for name, value in about.items())
        card.body.addWidget(label(self.kit, text, "body", wrap=True))
        not_a_monitor = say("It does not replace the patient monitor or the physician's order.")
        card.body.addWidget(label(self.kit, not_a_monitor, "body", "quiet", wrap=True))
        self.column.addWidget(card)

    def refresh(self) -> None:
        words = self.kit.words
        self.backup.refresh()
        self.laptops.refresh()
        for group, current in ((self.languages, words.language), (self.themes, self.kit.look.theme.name)):
            next(made for made in group.buttons() if made.objectName() == current).setChecked(True)
        own, *of_administrator = self.keeping
        own.setVisible(not self.desk.practice)
        for made in of_administrator:
            made.setVisible(self.desk.has_role(Role.ADMINISTRATOR))
        named = (f"{words.tr(ROLE_NAMES[p.role])} {p.name} ({p.person_id})" for p in self.desk.people.all)
        self.people.setText("\n".join(named) or "—")
        protocol = self.desk.bedside.trial.protocol
        self.site.setText("\n".join(f"{item.key}: {words.catalogue.pick(item)}" for item in protocol.decided))
