"""The clock of a serious adverse event, on every page until its report is out."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.safety.sae_clock import SaeClock
from app.domain.texts import Text, say
from app.services.words.words import Words
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit


def sae_words(clock: SaeClock, others: int, now: datetime, words: Words) -> Text:
    """“SAE · B-001 · Sepsis, grade 4 · report within 03:12:05”, and how many more wait."""
    left = words.left(now - clock.until if clock.is_overdue(now) else clock.until - now)
    which = {"subject": clock.subject, "term": clock.term, "grade": clock.grade, "left": left, "n": others}
    if clock.is_overdue(now):
        late = say("▲ SAE {subject} · {term}, grade {grade} · report overdue by {left}", **which)
        return late if not others else say("▲ SAE {subject} · {term}, grade {grade} · report overdue by {left} · {n} more", **which)
    if others:
        return say("SAE {subject} · {term}, grade {grade} · report within {left} · {n} more", **which)
    return say("SAE {subject} · {term}, grade {grade} · report within {left}", **which)


class SaeBar(QWidget):
    """Hidden where no clock runs. Signal `pressed`: somebody wants to report."""

    pressed = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.words = label(kit, "", "strong", wrap=True)
        self.report = button(kit, say("Report it"), "primary")
        self.report.clicked.connect(self.pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_8, 0, SPACE_8, 0)
        row.setSpacing(SPACE_8)
        row.addWidget(self.words, 1)
        row.addWidget(self.report)
        self.hide()

    def show_text(self, text: Text | None, may_report: bool = False) -> None:
        self.setVisible(text is not None)
        self.report.setVisible(may_report)
        if text is not None:
            self.kit.words.bind(self.words, text=text)
