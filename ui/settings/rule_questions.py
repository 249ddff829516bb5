"""A new protocol file is read, its difference shown, and signed by two; a site setting is changed with a reason."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.people.roles import Person, Role
from app.domain.protocol import Protocol
from app.domain.site.difference import Change
from app.domain.site.site_settings import who_may_set, why
from app.domain.texts import Text, parts, say
from app.jobs.alarm_tuning import AlarmTuning, Tried, is_tried
from app.services.site_rules import NewFile, SiteRules
from app.services.ward.ports import Outcome
from ui.ask.answers import TextAnswer
from ui.ask.question import Question
from ui.ask.who import ask_who
from ui.frame.desk import Desk
from ui.frame.shell import choose_file
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.table import Column, Table, TableLine, TableState

from .view import limit_name, tried_words

Done = Callable[[], object]
_COLUMNS = (
    Column(say("Key"), 1.6, strong=True),
    Column(say("Before"), 1.0),
    Column(say("From now on"), 1.0),
    Column(say("Reason"), 2.4),
)
_ROWS_SHOWN, _ROW_PX = 9, 44
_NONE = "—"


class DifferenceQuestion(Question):
    """Every value that differs from what is in force, with the reason that the new file gives."""

    keeps_draft = False

    def __init__(self, desk: Desk, site: SiteRules, new: NewFile, done: Done, parent: QWidget) -> None:
        super().__init__(desk, say("What does the new file change?"), say("Sign as administrator"), parent, width=1180)
        self._site, self._new, self._done, self._over = site, new, done, parent
        before, now = site.in_force, new.trial.protocol
        line = say("{id}, version {version} → {new_id}, version {new_version}. Values changed: {n}.", id=before.protocol_id,
                   version=before.protocol_version, new_id=now.id, new_version=now.version, n=len(new.changes))  # fmt: skip
        self.line = label(self.kit, line, "strong", wrap=True)
        self.table = Table(self.kit, say("What does the new file change?"))
        self.table.setMinimumHeight(_ROW_PX * (min(len(new.changes), _ROWS_SHOWN) + 2))
        self.table.set_state(TableState(_COLUMNS, tuple(self._row(change) for change in new.changes)))
        hint = say("New orders follow this file once an administrator and an investigator have signed. What runs keeps its own.")
        self.whole = label(self.kit, "", "body", wrap=True)
        for widget in (self.line, self.table, self.whole, label(self.kit, hint, "body", "quiet", wrap=True)):
            self.body.addWidget(widget)
        self.table.chosen.connect(self._chosen)
        self.confirmed.connect(self._administrator)

    def _chosen(self, key: str) -> None:
        """The whole of a row that a narrow column may cut."""
        change = next(change for change in self._new.changes if change.key == key)
        reason = self.kit.words.catalogue.pick(change.reason) if change.reason else None
        self.kit.words.bind(self.whole, text=parts(f"{key}: {change.before or _NONE} → {change.now or _NONE}", reason))

    def _row(self, change: Change) -> TableLine:
        reason = self.kit.words.catalogue.pick(change.reason) if change.reason else _NONE
        return TableLine(change.key, (change.key, change.before or _NONE, change.now or _NONE, reason))

    def _notes(self) -> tuple[Text, ...]:
        protocol = self._new.trial.protocol
        return (say("Protocol file {id}, version {version}, SHA-256 {hash}: {n} values changed.", id=protocol.id,
                    version=protocol.version, hash=self._new.trial.sha256[:12], n=len(self._new.changes)),)  # fmt: skip

    def _administrator(self) -> None:
        ask_who(self.desk, self, {Role.ADMINISTRATOR}, self._investigator, why=say("Name and password of the administrator"),
                notes=self._notes())  # fmt: skip

    def _investigator(self, administrator: Person) -> None:
        def signed(investigator: Person) -> None:
            try:
                self._site.take(self._new, administrator, investigator, self._taken)
            except Refused as refusal:
                self.say_no(refusal.text)

        ask_who(self.desk, self, {Role.INVESTIGATOR}, signed, why=say("Name and password of the investigator"), notes=self._notes())

    def _taken(self, outcome: Outcome) -> None:
        if outcome.failed is not None:
            self.say_no(outcome.failed)
            return
        self.accept()
        self._done()


def ask_protocol_file(desk: Desk, site: SiteRules, done: Done, parent: QWidget, file: Path | None = None) -> None:
    """Choose a file; what is wrong in it is told, else what it changes."""
    title = desk.kit.words.tr(say("Which protocol file?"))
    path = file or choose_file(parent, title, Path.home(), "TOML (*.toml)")
    if path is None:
        return
    try:
        new = site.read(path)
    except Refused as refusal:
        desk.tell(refusal.text, say("Nothing was changed."))
        return
    DifferenceQuestion(desk, site, new, done, parent).open()


class SettingQuestion(Question):
    """One value, as TOML writes it. New orders follow it. Limits of alarms can be tried on the record before they are set."""

    keeps_draft = False

    def __init__(self, desk: Desk, site: SiteRules, tuning: AlarmTuning, done: Done, parent: QWidget, key: str = "") -> None:
        super().__init__(desk, say("Which site setting is changed?"), say("Change it"), parent, width=720)
        self._site, self._tuning, self._done = site, tuning, done
        self.key = QComboBox()
        self.key.setMinimumHeight(48)
        self.key.addItems([known for known in site.offered if desk.has_role(*who_may_set(known))])
        self.kit.words.bind(self.key, accessibleName=say("Setting"))
        self.reason_of = label(self.kit, "", "body", "quiet", wrap=True)
        self.before = label(self.kit, "", "strong", wrap=True)
        self.now = TextAnswer(self.kit, say("New value"), None, needed=False)
        self.reason = TextAnswer(self.kit, say("Why is it changed?"), None, needed=True)
        trying = say("How many alarms the recorded infusions would have had.")
        self.try_it = button(self.kit, say("Try it on this record"), why=trying)
        self.tried = label(self.kit, "", "strong", wrap=True)
        self._lay_answers()
        if key:
            self.key.setCurrentText(key)
        self.key.currentTextChanged.connect(self._chosen)
        self.now.changed.connect(self._forget)
        self.try_it.clicked.connect(lambda _checked=False: self._try())
        self.confirmed.connect(self._confirm)
        self.finished.connect(tuning.stop)
        self._chosen()

    def _lay_answers(self) -> None:
        hint = say("A number, a list such as {list}, {yes} or {no}, or a text in quotes; nothing where there is to be none.",
                   list="[20, 250]", yes="true", no="false")  # fmt: skip
        for widget in (self.key, self.reason_of, self.before, self.now, label(self.kit, hint, "hint", "quiet", wrap=True)):
            self.body.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.try_it)
        row.addWidget(self.tried, 1)
        self.body.addLayout(row)
        self.body.addWidget(self.reason)

    def _chosen(self) -> None:
        key = self.key.currentText()
        bind, value = self.kit.words.bind, self._site.offered[key]
        bind(self.reason_of, text=self._why(self._site.trial.protocol, key))
        bind(self.before, text=parts(limit_name(key), say("In force: {value}", value=value or _NONE)))
        self.now.field.setText(value)
        self.try_it.setVisible(is_tried(key))
        self._forget()

    def _why(self, protocol: Protocol, key: str) -> Text | str:
        said = why(protocol, key)
        scanners = say("What scanners send counts everywhere from the next start of the program.")
        words = self.kit.words.catalogue.pick(said) if said else ""
        return parts(words, scanners if key.startswith("labels.") else None)

    # --- on the record, before it is set

    def _forget(self) -> None:
        """What was tried was another value."""
        self._tuning.stop()
        self.kit.words.bind(self.tried, text="")

    def _try(self) -> None:
        key, typed = self.key.currentText(), self.now.field.text().strip()
        try:
            new = self._site.read_setting(key, typed)
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        before = self._site.offered[key] or _NONE

        def told(tried: Tried) -> None:
            self.kit.words.bind(self.tried, text=tried_words(tried, before, typed or _NONE))

        self.kit.words.bind(self.tried, text=say("Reading the record…"))
        self._tuning.begin(self._site.trial.protocol, new.protocol, told)

    def _confirm(self) -> None:
        person = self.desk.person
        if person is None:
            return
        try:
            self._site.set(self.key.currentText(), self.now.field.text(), self.reason.value(), person, self._set)
        except Refused as refusal:
            self.say_no(refusal.text)

    def _set(self, outcome: Outcome) -> None:
        if outcome.failed is not None:
            self.say_no(outcome.failed)
            return
        self.accept()
        self._done()


def ask_setting(desk: Desk, site: SiteRules, tuning: AlarmTuning, done: Done, parent: QWidget, key: str = "") -> None:
    """Somebody whose role may sets a value that the protocol leaves to the site."""
    SettingQuestion(desk, site, tuning, done, parent, key).open()
