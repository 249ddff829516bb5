"""The card of Settings about the rules: which protocol file is in force since when, what the site set, and how both are changed."""

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout

from app.domain.people.roles import Role
from app.domain.texts import Dated, Text, say
from app.jobs.alarm_tuning import AlarmTuning
from app.services.site_rules import SiteRules
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import Card, button, label
from ui.kit.look.tokens import SPACE_8


class RulesCard(Card):
    """New orders follow what is in force; every infusion keeps the file and the settings that it was ordered by."""

    def __init__(self, desk: Desk, site: SiteRules, tuning: AlarmTuning) -> None:
        super().__init__(desk.kit, say("Protocol and site settings"))
        self.desk, self.kit, self._site, self._tuning = desk, desk.kit, site, tuning
        self.file = label(self.kit, "", "strong", wrap=True)
        self.by = label(self.kit, "", "body", "quiet", wrap=True)
        self.set = label(self.kit, "", "body", wrap=True)
        kept = say(
            "Every infusion keeps the file and the settings that it was ordered by; what is changed here counts for new orders."
        )
        for widget in (self.file, self.by, self.set, label(self.kit, kept, "body", "quiet", wrap=True)):
            self.body.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        self.take = button(self.kit, say("Take a new protocol file"))
        self.change = button(self.kit, say("Change a site setting"))
        for made in (self.take, self.change):
            row.addWidget(made)
        row.addStretch(1)
        self.body.addLayout(row)
        self.take.clicked.connect(lambda _checked=False: self._take())
        self.change.clicked.connect(lambda _checked=False: self._change())
        self.refresh()

    def _take(self, file: Path | None = None) -> None:
        from ui.settings.rule_questions import ask_protocol_file

        ask_protocol_file(self.desk, self._site, self.refresh, self, file)

    def _change(self) -> None:
        from ui.settings.rule_questions import ask_setting

        ask_setting(self.desk, self._site, self._tuning, self.refresh, self)

    def refresh(self) -> None:
        now, bind = self._site.in_force, self.kit.words.bind
        bind(self.file, text=self._site.trial.missing or say("In force since {at}: {id}, version {version}", at=Dated(now.since),
                                                             id=now.protocol_id, version=now.protocol_version))  # fmt: skip
        bind(self.by, text=say("{who} · SHA-256 {hash}", who=self._who(), hash=now.protocol_sha256))
        bind(self.set, text="\n".join(f"{setting.key} = {setting.value or '—'}" for setting in now.settings))
        self.set.setVisible(bool(now.settings))
        self.take.setVisible(self.desk.has_role(Role.ADMINISTRATOR, Role.INVESTIGATOR))
        self.change.setVisible(self.desk.has_role(Role.ADMINISTRATOR, Role.INVESTIGATOR) and self._site.trial.missing is None)

    def _who(self) -> Text:
        by = self._site.in_force.by
        if by is None:
            return say("came with the program")
        return say("signed by an administrator and by {name}", name=self.desk.people.name(by))
