"""The site's settings as a list: what each is for, its value, what the file says; the one chosen is told whole and changed."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.people.roles import ROLE_NAMES
from app.domain.site.site_settings import who_may_set
from app.domain.texts import Text, listed, parts, say
from app.jobs.alarm_tuning import AlarmTuning
from app.services.site_rules import SiteRules
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.table import Column, Table, TableLine, TableState

from .view import GROUPS, SettingRow, found_by, site_rows

_COLUMNS = (Column(say("Setting"), 3.6, strong=True), Column(say("Value"), 1.3), Column(say("Otherwise in the file"), 1.4))
#: Told where a search goes over all of them.
_OF_GROUP = Column(say("Group"), 1.4)
_GROUP_NAMES = {group.key: group.name for group in GROUPS}
#: Leads to a card of the page, not to a setting of the site.
LEADS_TO = "→ "


class SitePane(QWidget):
    """`cards`: what else of the page a search may find; `turn_to` is called with the group of the one that is opened."""

    def __init__(
        self, desk: Desk, site: SiteRules, tuning: AlarmTuning, cards: Callable[[], Sequence[SettingRow]],
        turn_to: Callable[[str], None],
    ) -> None:  # fmt: skip
        super().__init__()
        self.desk, self.kit, self._site, self._tuning = desk, desk.kit, site, tuning
        self._cards, self._turn_to = cards, turn_to
        self._group, self._typed = "", ""
        self.rows: dict[str, SettingRow] = {}
        self.table = Table(self.kit, say("Settings"))
        self.whole = label(self.kit, "", "body", wrap=True)
        self.change = button(self.kit, say("Change this setting"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self.table, 1)
        below = QHBoxLayout()
        below.setSpacing(SPACE_8)
        below.addWidget(self.whole, 1)
        below.addWidget(self.change)
        column.addLayout(below)
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(self._open)
        self.change.clicked.connect(lambda _checked=False: self._open(self.table.current()))

    def show_found(self, group: str, typed: str) -> None:
        """The settings of a group; where something is typed those of all groups that it finds."""
        self._group, self._typed = group, typed
        words, site = self.kit.words.catalogue, self._site
        rows = [*self._cards(), *site_rows(site.trial.protocol, site.stated, words)] if site.trial.missing is None else []
        found = [row for row in rows if (found_by(row, typed, words) if typed else row.group == group)]
        self.rows = {row.key: row for row in found}
        columns = (*_COLUMNS, _OF_GROUP) if typed else _COLUMNS
        self.table.set_state(TableState(columns, tuple(_line(row, len(columns)) for row in found)))
        if found and self.table.current() not in self.rows:
            self.table.choose(found[0].key)
        self._chosen(self.table.current())

    def refresh(self) -> None:
        self.show_found(self._group, self._typed)

    def _chosen(self, key: str) -> None:
        row = self.rows.get(key)
        self.kit.words.bind(self.whole, text=self._said(row) if row else say("Nothing found"))
        is_card = row is not None and row.key.startswith(LEADS_TO)
        self.kit.words.bind(self.change, text=say("Go there") if is_card else say("Change this setting"))
        self.change.setVisible(row is not None and (is_card or self._may_change(row)))

    def _said(self, row: SettingRow) -> Text:
        """All of it: a narrow column may cut it; who may change it, where nobody here may."""
        who, key = None, None if row.key.startswith(LEADS_TO) else row.key
        if key and not row.is_offered:
            who = say("Changed by a new protocol file alone.")
        elif key and not self._may_change(row):
            who = say("This needs another role: {who}.", who=listed([ROLE_NAMES[role] for role in sorted(who_may_set(key))]))
        stated = say("in the file {value}", value=row.stated) if row.stated else None
        reason = row.reason if row.reason != row.name else None
        return parts(row.name, row.value, stated, reason, key, who)

    def _may_change(self, row: SettingRow) -> bool:
        return row.is_offered and self.desk.has_role(*who_may_set(row.key))

    def _open(self, key: str) -> None:
        row = self.rows.get(key)
        if row is not None and row.key.startswith(LEADS_TO):
            self._turn_to(row.group)
        elif row is not None and self._may_change(row):
            from ui.settings.rule_questions import ask_setting

            ask_setting(self.desk, self._site, self._tuning, self.refresh, self, key)


def _line(row: SettingRow, columns: int) -> TableLine:
    return TableLine(row.key, (row.name, row.value, row.stated, _GROUP_NAMES[row.group])[:columns])
