"""What follows from every number of evaluable subjects and DLTs in one group, to be read and printed."""

from PySide6.QtWidgets import QWidget

from app.domain.texts import Text, parts, say
from app.domain.trial.escalation import Decision, TableRow, decision_table
from app.services.trial.trial_desk import DeskLook
from app.services.words.desk_words import DECISIONS
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label
from ui.kit.table import Column, Table, TableLine, TableState


class DecisionTable(Question):
    """Asked of the board's own rule."""

    def __init__(self, desk: Desk, look: DeskLook, group: str, parent: QWidget) -> None:
        super().__init__(desk, say("Decision table, group {group}", group=group), say("Close"), parent)
        table = Table(self.kit, say("Decision table"))
        most = look.rule.stop_at_dlts
        columns = (Column(say("Evaluable"), 1.0, strong=True), *(Column(say("{n} DLT", n=n), 1.6) for n in range(most + 1)))
        found = {(row.evaluable, row.dlts): row for row in decision_table(group, look.today, look.rule)}
        rows = [
            TableLine(str(n), (str(n), *(_decided(found.get((n, dlts))) for dlts in range(most + 1))))
            for n in range(look.rule.expanded_cohort + 1)
        ]
        table.set_state(TableState(columns, tuple(rows)))
        table.setMinimumHeight((len(rows) + 1) * 46)
        self.body.addWidget(
            label(self.kit, say("All of them through their DLT window, nobody pending."), "body", "quiet", wrap=True)
        )
        self.body.addWidget(table)
        self.cancel.hide()
        self.confirmed.connect(self.accept)


def _decided(row: TableRow | None) -> Text | str:
    if row is None:
        return "—"
    where = row.group if row.decision is not Decision.ENROL else None
    return parts(DECISIONS[row.decision.value], where)
