"""Language, theme, sound, people, backups, the protocol's site settings, and what this program is."""

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import Refused
from app.domain.people.roles import ROLE_NAMES, Person, Role
from app.domain.texts import Text, say
from app.jobs.backups import Backups
from app.services.access.recovery_key import new_secret, written
from app.services.site_rules import SiteRules
from app.services.words.words import LANGUAGES
from ui.entrance.first_start import RecoveryPage
from ui.frame.appearance import NO_FONT
from ui.frame.desk import Desk
from ui.frame.pages import Page
from ui.kit.labels_and_buttons import Card, button, clear_page, label
from ui.kit.look.tokens import SPACE_8
from ui.questions.staff import ask_account_change, ask_new_person, ask_own_secrets

from .backup_card import BackupCard
from .laptops_card import LaptopsCard
from .rules_card import RulesCard

THEMES: dict[str, Text] = {"light": say("Light"), "dark": say("Dark")}


class LookAndLanguage(Protocol):
    def set_language(self, language: str, /) -> bool:
        """False where this computer has no font for it."""

    def set_theme(self, theme: str, /) -> None: ...


class SettingsPage(Page):
    """A new recovery key is shown in place of everything else until it is on paper; who leaves meanwhile keeps the old one."""

    def __init__(
        self,
        desk: Desk,
        appearance: LookAndLanguage,
        backups: Backups,
        site: SiteRules,
        keep_recovery_key: Callable[[bytes], None],
        test_sound: Callable[[], None],
        about: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk, self.kit, self._appearance = desk, desk.kit, appearance
        self._keep_recovery_key, self._test_sound = keep_recovery_key, test_sound
        self.recovery: RecoveryPage | None = None
        inner = clear_page(QWidget())
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, SPACE_8, 0)
        self.column.setSpacing(SPACE_8)
        self._look()
        self._people()
        self.backup = BackupCard(desk, backups)
        self.column.addWidget(self.backup)
        self.laptops = LaptopsCard(desk, desk.exchange)
        self.column.addWidget(self.laptops)
        self.rules = RulesCard(desk, site)
        self.column.addWidget(self.rules)
        self._site()
        self._about(about)
        self.column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.stack = QStackedWidget()
        self.stack.addWidget(area)
        outer.addWidget(self.stack)
        desk.kit.words.changed.connect(self._show)

    def _look(self) -> None:
        card = Card(self.kit, say("Look and sound"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        self.languages = self._choices(row, LANGUAGES)
        row.addSpacing(SPACE_8 * 2)
        self.themes = self._choices(row, THEMES)
        row.addSpacing(SPACE_8 * 2)
        test = button(self.kit, say("Play a sound"))
        test.clicked.connect(self._test_sound)
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

    def _people(self) -> None:
        card = Card(self.kit, say("People"))
        self.people = label(self.kit, "", "body", wrap=True)
        card.body.addWidget(self.people)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        self.own_secrets = self._button(row, say("My password and PIN"), self._change_own_secrets)
        self.add_person = self._button(row, say("Add a person"), self._add_person)
        self.change_account = self._button(row, say("Change an account"), self._change_account)
        self.new_recovery_key = self._button(row, say("New recovery key"), self._make_recovery_key)
        row.addStretch(1)
        card.body.addLayout(row)
        self.column.addWidget(card)

    def _button(self, row: QHBoxLayout, text: Text, pressed: Callable[[], None]) -> QPushButton:
        made = button(self.kit, text)
        made.clicked.connect(lambda _checked=False: pressed())
        row.addWidget(made)
        return made

    def _change_own_secrets(self) -> None:
        if self.desk.person is not None:
            ask_own_secrets(self.desk, self.desk.person, self.refresh, self)

    def _add_person(self) -> None:
        ask_new_person(self.desk, self.refresh, self)

    def _change_account(self) -> None:
        ask_account_change(self.desk, self.refresh, self)

    def _make_recovery_key(self) -> None:
        """The old one counts until the new one is on paper."""
        secret = new_secret()
        page = self.recovery = RecoveryPage(self.kit, written(secret), founder=self.desk.people.keys.ring.founder)

        def on_paper() -> None:
            try:
                self._keep_recovery_key(secret)
            except Refused as refusal:
                page.say_here(refusal.text)
            else:
                self.refresh()

        page.done.connect(on_paper)
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.setFocus()

    def _drop_recovery_key(self) -> None:
        """It must not stay once it was seen."""
        if self.recovery is not None:
            self.stack.removeWidget(self.recovery)
            self.recovery.deleteLater()
            self.recovery = None

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self._drop_recovery_key()
        super().hideEvent(event)

    def _site(self) -> None:
        card = Card(self.kit, say("Site settings, not in the protocol"))
        self.site = label(self.kit, "", "body", wrap=True)
        card.body.addWidget(self.site)
        self.column.addWidget(card)

    def _about(self, about: Mapping[str, str]) -> None:
        card = Card(self.kit, say("About"))
        text = "   ".join(f"{name} {value}" for name, value in about.items())
        card.body.addWidget(label(self.kit, text, "body", wrap=True))
        not_a_monitor = say("It does not replace the patient monitor or the physician's order.")
        card.body.addWidget(label(self.kit, not_a_monitor, "body", "quiet", wrap=True))
        self.column.addWidget(card)

    def refresh(self) -> None:
        self._drop_recovery_key()
        self._show()

    def _show(self) -> None:
        words = self.kit.words
        self.backup.refresh()
        self.laptops.refresh()
        self.rules.refresh()
        for group, current in ((self.languages, words.language), (self.themes, self.kit.look.theme.name)):
            next(made for made in group.buttons() if made.objectName() == current).setChecked(True)
        self.own_secrets.setVisible(not self.desk.practice)
        for made in (self.add_person, self.change_account, self.new_recovery_key):
            made.setVisible(self.desk.has_role(Role.ADMINISTRATOR))
        self.people.setText("\n".join(words.tr(_named(p)) for p in self.desk.people.all) or "—")
        protocol = self.desk.bedside.trial.protocol
        self.site.setText("\n".join(f"{item.key}: {words.catalogue.pick(item)}" for item in protocol.decided))


def _named(person: Person) -> Text:
    """With the staff number, where the name is another word."""
    name = say("{role} {name}", role=ROLE_NAMES[person.role], name=person.name)
    if person.name == person.person_id:
        return name
    return say("{name} ({number})", name=name, number=person.person_id)
