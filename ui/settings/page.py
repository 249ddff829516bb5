"""The settings in groups, with their values, found by a search: of this laptop, of people and backups, of the site."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import Refused
from app.domain.people.roles import ROLE_NAMES, Person, Role
from app.domain.texts import Text, say
from app.jobs.alarm_tuning import AlarmTuning
from app.jobs.backups import Backups
from app.services.access.recovery_key import new_secret, written
from app.services.site_rules import SiteRules
from app.services.words.catalogue import LANGUAGES
from ui.entrance.first_start import RecoveryPage
from ui.frame.desk import Desk
from ui.frame.pages import Later, Page, Piece, at_once
from ui.kit.labels_and_buttons import Card, button, clear_page, label
from ui.kit.look.tokens import SPACE_8, SPACE_16
from ui.kit.table import Column, Table, TableLine, TableState
from ui.questions.staff import ask_account_change, ask_new_person, ask_own_secrets

from .backup_card import BackupCard
from .laptops_card import LaptopsCard
from .look_card import THEMES, LookAndLanguage, LookCard
from .rules_card import RulesCard
from .site_pane import LEADS_TO, SitePane
from .view import GROUPS, NONE, SettingRow

_GROUPS_WIDTH = 232
_CARDS = tuple(group.key for group in GROUPS if not group.parts)


class SettingsPage(Page):
    """A group a card, or the site's settings of that group; a search goes over all of them.

    A new recovery key is shown in place of everything else until it is on paper; who leaves meanwhile keeps the old one.
    """

    def __init__(
        self,
        desk: Desk,
        appearance: LookAndLanguage,
        backups: Backups,
        site: SiteRules,
        tuning: AlarmTuning,
        keep_recovery_key: Callable[[bytes], None],
        test_sound: Callable[[], None],
        about: Mapping[str, str],
        later: Later = at_once,
    ) -> None:
        super().__init__()
        self.desk, self.kit, self._keep_recovery_key = desk, desk.kit, keep_recovery_key
        self.recovery: RecoveryPage | None = None
        self._cards: dict[str, QScrollArea] = {}
        self.search = QLineEdit()
        self.kit.words.bind(self.search, accessibleName=say("Search the settings"), placeholderText=say("Search the settings"))
        self.groups = Table(self.kit, say("Groups of settings"))
        self.groups.setFixedWidth(_GROUPS_WIDTH)
        self.groups.set_state(TableState((Column(say("Group"), 1.0, strong=True),),
                                         tuple(TableLine(group.key, (group.name,)) for group in GROUPS), head=False))  # fmt: skip
        self._lay_out()
        made: tuple[Callable[[], Card], ...] = (
            lambda: self._look(appearance, test_sound), self._people, lambda: self._backup(backups), self._laptops,
            lambda: self._rules(site, tuning), lambda: self._about(about),
        )  # fmt: skip
        for key, make in zip(_CARDS, made, strict=True):
            later(partial(self._put, key, make))
        later(lambda: self._put_site(site, tuning))
        later(self._connect)

    def _put(self, key: str, make: Callable[[], Card]) -> None:
        self._cards[key] = _scrolled(make(), self.shown.addWidget)

    def _put_site(self, site: SiteRules, tuning: AlarmTuning) -> None:
        self.site = SitePane(self.desk, site, tuning, lambda: list(self._rows_of_cards()), self.show_group)
        self.shown.addWidget(self.site)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._searched)
        self.groups.chosen.connect(self._turned)
        self.show_group("people" if self.desk.has_role(Role.ADMINISTRATOR) else "laptop")
        self.kit.words.changed.connect(self._show)

    def _lay_out(self) -> None:
        self.shown = QStackedWidget()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        head, below = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(SPACE_16)
        head.addWidget(label(self.kit, say("Settings"), "title"), 1)
        head.addWidget(self.search, 1)
        below.setSpacing(SPACE_8)
        below.addWidget(self.groups)
        below.addWidget(self.shown, 1)
        column.addLayout(head)
        column.addLayout(below, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.stack = QStackedWidget()
        self.stack.addWidget(inner)
        outer.addWidget(self.stack)

    # --- which group

    def show_group(self, key: str) -> None:
        self.groups.choose(key)
        self._turned(key)

    def _turned(self, key: str) -> None:
        """A search ends with it."""
        if self.search.text():
            blocked = self.search.blockSignals(True)
            self.search.clear()
            self.search.blockSignals(blocked)
        if key in self._cards:
            self.shown.setCurrentWidget(self._cards[key])
        else:
            self.site.show_found(key, "")
            self.shown.setCurrentWidget(self.site)

    def _searched(self, typed: str) -> None:
        if typed.strip():
            self.site.show_found("", typed)
            self.shown.setCurrentWidget(self.site)
        else:
            self._turned(self.groups.current())

    def _rows_of_cards(self) -> Iterator[SettingRow]:
        """What a search finds of the other groups, with its value."""
        words, plan = self.kit.words, self.backup.state.plan
        people = ", ".join(person.name for person in self.desk.people.all)
        values: tuple[tuple[str, Text, str], ...] = (
            ("laptop", say("Language"), words.shown(LANGUAGES[words.language])),
            ("laptop", say("Theme"), words.tr(THEMES[self.kit.look.theme.name])),
            ("laptop", say("Sound"), words.tr(self.look.sound)),
            ("people", say("People, passwords and PINs"), people),
            ("backup", say("Folder for backups"), plan.folder),
            ("protocol", say("Protocol file"), self.desk.bedside.trial.protocol.version),
        )
        for group, name, value in values:
            yield SettingRow(f"{LEADS_TO}{name.msgid}", group, name, value or NONE, "", "", is_offered=False)

    def _look(self, appearance: LookAndLanguage, test_sound: Callable[[], None]) -> Card:
        self.look = LookCard(self.desk, appearance, test_sound)
        self.languages, self.themes = self.look.languages, self.look.themes
        return self.look

    def _backup(self, backups: Backups) -> Card:
        self.backup = BackupCard(self.desk, backups)
        return self.backup

    def _laptops(self) -> Card:
        self.laptops = LaptopsCard(self.desk, self.desk.exchange)
        return self.laptops

    def _rules(self, site: SiteRules, tuning: AlarmTuning) -> Card:
        self.rules = RulesCard(self.desk, site, tuning)
        return self.rules

    def _people(self) -> Card:
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
        return card

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

    def _about(self, about: Mapping[str, str]) -> Card:
        card = Card(self.kit, say("About"))
        text = "   ".join(f"{name} {value}" for name, value in about.items())
        card.body.addWidget(label(self.kit, text, "body", wrap=True))
        not_a_monitor = say("It does not replace the patient monitor or the physician's order.")
        card.body.addWidget(label(self.kit, not_a_monitor, "body", "quiet", wrap=True))
        return card

    def ahead(self) -> Sequence[Piece]:
        return (self._show,)

    def refresh(self) -> None:
        self._drop_recovery_key()
        self._show()

    def _show(self) -> None:
        words = self.kit.words
        self.look.refresh()
        self.backup.refresh()
        self.laptops.refresh()
        self.rules.refresh()
        self.own_secrets.setVisible(not self.desk.practice)
        for made in (self.add_person, self.change_account, self.new_recovery_key):
            made.setVisible(self.desk.has_role(Role.ADMINISTRATOR))
        self.people.setText("\n".join(words.tr(_named(p)) for p in self.desk.people.all) or "—")
        self.site.refresh()


def _named(person: Person) -> Text:
    """With the staff number, where the name is another word."""
    name = say("{role} {name}", role=ROLE_NAMES[person.role], name=person.name)
    if person.name == person.person_id:
        return name
    return say("{name} ({number})", name=name, number=person.person_id)


def _scrolled(card: Card, put: Callable[[QWidget], object]) -> QScrollArea:
    """In its place while it is still empty: the card is dressed once."""
    inner, area = clear_page(QWidget()), QScrollArea()
    put(area)
    area.setWidgetResizable(True)
    area.setWidget(inner)
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, SPACE_8, 0)
    column.addWidget(card)
    column.addStretch(1)
    return area
