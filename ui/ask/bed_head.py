"""Whose bed a question is about: the bed's colour mark, subject, bed and dose; on top of every question, witness and signature."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import group_words
from app.domain.texts import Text, parts, say
from app.services.words.words import Words
from ui.kit.bed_mark import SIZE, BedMark
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_8, SPACE_16
from ui.kit.look_and_words import Kit


def dose_words(s: Infusion, words: Words) -> Text:
    """“B · 1 of 2 · 1.40 × 10⁸ · 140.0 ml”; what is not known yet is left out."""
    group = group_words(s) if s.order.group else say("Dose {dose}", dose=s.order.dose_number)
    if s.plan is None or s.planned_ml is None:
        return parts(group)
    return parts(group, say("{cells} · {ml} ml", cells=words.cells(s.plan.dose_cells), ml=f"{s.planned_ml:.1f}"))


class BedHead(QWidget):
    """One line."""

    def __init__(self, kit: Kit, s: Infusion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mark = BedMark(kit, s.order.bed)
        self.subject = label(kit, s.order.subject, "title")
        self.bed = label(kit, say("Bed {bed}", bed=s.order.bed), "title")
        self.dose = label(kit, dose_words(s, kit.words.catalogue), "strong", "quiet", wrap=True)
        self.setMinimumHeight(SIZE)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_8)
        row.addWidget(self.mark)
        row.addWidget(self.subject)
        row.addSpacing(SPACE_8)
        row.addWidget(self.bed)
        row.addSpacing(SPACE_16)
        row.addWidget(self.dose, 1)
