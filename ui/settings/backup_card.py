"""The card of Settings that is about backups: where to, how old the last one is, back up now, try the way back."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout

from app.domain.people.roles import Role
from app.domain.texts import Text, say
from app.jobs.backups import Backups, BackupState
from ui.frame.desk import Desk
from ui.frame.shell import choose_folder
from ui.kit.labels_and_buttons import Card, button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.progress import Progress, ProgressState


class BackupCard(Card):
    def __init__(self, desk: Desk, backups: Backups, choose: Callable[..., Path | None] = choose_folder) -> None:
        super().__init__(desk.kit, say("Backup"))
        self.desk, self.kit, self._backups, self._choose = desk, desk.kit, backups, choose
        self.folder = label(self.kit, "", "body", wrap=True)
        self.last = label(self.kit, "", "body", wrap=True)
        self.kept = label(self.kit, "", "body", "quiet", wrap=True)
        self.progress = Progress(self.kit)
        self.progress.cancel.hide()
        for widget in (self.folder, self.last, self.kept, self.progress):
            self.body.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        self.now = button(self.kit, say("Back up now"))
        self.drill = button(self.kit, say("Restore drill"), why=say("The newest backup is restored for a moment and examined."))
        self.choice = button(self.kit, say("Choose a folder"))
        for made in (self.now, self.drill, self.choice):
            row.addWidget(made)
        row.addStretch(1)
        self.body.addLayout(row)
        self.now.clicked.connect(lambda: backups.back_up(desk.person))
        self.drill.clicked.connect(lambda: backups.drill(desk.person))
        self.choice.clicked.connect(self._choose_one)
        backups.when_changed(self.refresh)
        self.refresh()

    def _choose_one(self) -> None:
        title = self.kit.words.tr(say("Where backups are to lie, such as a stick"))
        folder = self._choose(self, title, Path(self._backups.plan.folder or Path.home()))
        if folder is not None:
            self._backups.choose(folder)

    @property
    def state(self) -> BackupState:
        return self._backups.state()

    def refresh(self) -> None:
        state, bind = self.state, self.kit.words.bind
        plan = state.plan
        bind(self.folder, text=say("Backups go to {folder}, after each signed infusion and every day.", folder=plan.folder)
             if plan.folder else say("No folder is chosen: nothing is backed up."))  # fmt: skip
        bind(self.last, text=self._age(state))
        bind(self.kept, text=say("Records are kept {years} years. This program never deletes one, nor a backup.",
                                 years=plan.retention_years))  # fmt: skip
        self.choice.setVisible(self.desk.practice or self.desk.has_role(Role.ADMINISTRATOR))
        for made in (self.now, self.drill):
            made.setEnabled(bool(plan.folder) and state.share is None)
        self._show_work(state)

    def _age(self, state: BackupState) -> Text:
        if state.last_at is None:
            return say("There is no backup yet.")
        words = self.kit.words.catalogue
        seconds = (self.desk.now() - state.last_at).total_seconds()
        return say("Last backup: {age} ago, {at}", age=words.age(seconds), at=words.date_time(state.last_at))

    def _show_work(self, state: BackupState) -> None:
        self.progress.setVisible(state.share is not None)
        if state.share is not None:
            doing = say("Restoring and examining the newest backup…") if state.drilling else say("Copying and proving the record…")
            total = None if state.drilling or state.share >= 1 else 100
            self.progress.set_state(ProgressState(doing, int(state.share * 100), total, can_cancel=False))
