"""An adverse event: first what and when, then how bad it is, in the table's words, and what follows from it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.errors import Refused
from app.domain.protocol import Bilingual
from app.domain.safety.adverse_event import (
    ACTIONS_TAKEN,
    EVENT_OUTCOMES,
    RELATED,
    RELATEDNESS,
    SERIOUSNESS,
    possible_grades,
    term_name,
)
from app.domain.safety.ctcae_terms import Ctcae
from app.domain.texts import Text, joined, say
from app.domain.trial.subject.subject_facts import AdverseEventNoted
from app.services.trial.suggestions import Suggestion
from ui.ask.answers import Answer, ChoiceAnswer, SeveralAnswer, TextAnswer
from ui.ask.form import Answers, FormQuestion, lead_on
from ui.frame.desk import Desk
from ui.kit.look_and_words import Kit
from ui.safety.dated_answer import DatedAnswer
from ui.trial.typed_answers import a_day, perhaps

_HEIGHT = 52
_MOST_SHOWN = 12


class TermAnswer(Answer):
    """A term of the table, or one's own words; typing finds it in both languages."""

    def __init__(self, kit: Kit, ctcae: Ctcae, first: str = "") -> None:
        self._ctcae = ctcae
        self.field = QComboBox()
        self.field.setEditable(True)
        self.field.setMinimumHeight(_HEIGHT)
        self.field.setMaxVisibleItems(_MOST_SHOWN)
        for term in ctcae.terms:
            self.field.addItem(term.en if kit.words.catalogue.language == "en" else f"{term.zh} · {term.en}", term.en)
        self.field.setCurrentIndex(self.field.findData(first))
        if first and self.field.currentIndex() < 0:
            self.field.setCurrentText(first)
        super().__init__(kit, say("Term, or your own words"), self.field)

    def value(self) -> str:
        typed = self.field.currentText().strip()
        at = self.field.findText(typed)
        term = str(self.field.itemData(at)) if at >= 0 else typed
        if not term:
            raise self.missing()
        return term_name(self._ctcae, term)


def grade_choices(ctcae: Ctcae, term: str) -> tuple[tuple[int, Text], ...]:
    """The grades that exist, each with the table's words; of one's own words the numbers alone."""
    found = ctcae.term(term)
    if found is None:
        return tuple((grade, say("grade {grade}", grade=grade)) for grade in possible_grades(ctcae, term))
    return tuple(
        (x.grade, say("{grade} · {words}", grade=x.grade, words=joined("", [Bilingual(x.en, x.zh)]))) for x in found.grades
    )


Suggest = Callable[[str, date, date | None], Suggestion]
"""What the numbers known here say of a term, for an event of these days."""


def ask_adverse_event(
    desk: Desk, ctcae: Ctcae, today: str, suggest: Suggest, keep: Callable[[AdverseEventNoted], object], parent: QWidget
) -> None:
    """`keep` is given the event."""
    first = FormQuestion(desk, say("An adverse event"), say("Then how bad it is"), (), parent)
    first.add("term", TermAnswer(desk.kit, ctcae))
    first.add("on", TextAnswer(desk.kit, say("First day"), today))
    first.add("over", TextAnswer(desk.kit, say("Last day"), needed=False))
    first.add("aware_at", DatedAnswer(desk.kit, say("Site aware at"), desk.now()))

    def then(told: Answers) -> None:
        onset_on, over_on = a_day(told["on"]), perhaps(told["over"], a_day)
        suggested = suggest(told["term"], onset_on, over_on)
        _ask_grade(desk, ctcae, suggested, {**told, "onset_on": onset_on, "over_on": over_on}, keep, parent)

    lead_on(first, then)
    first.open()


def _ask_grade(
    desk: Desk, ctcae: Ctcae, suggested: Suggestion, told: dict[str, Any], keep: Callable[[AdverseEventNoted], object],
    parent: QWidget,
) -> None:  # fmt: skip
    form = FormQuestion(desk, say("How bad is it: {term}", term=told["term"]), say("Keep"), (), parent, suggested.words)
    kit = desk.kit
    form.add("grade", ChoiceAnswer(kit, say("Grade (CTCAE 5.0): you judge, the program does not."),
                                   grade_choices(ctcae, told["term"]), columns=1, above=True))  # fmt: skip
    form.add(
        "criteria", SeveralAnswer(kit, say("Serious because of; none: it is not serious"), tuple(SERIOUSNESS.items()), columns=3)
    )
    form.add("relatedness", ChoiceAnswer(kit, say("Related to the treatment?"), tuple(RELATEDNESS.items()), columns=3))
    form.add("action", ChoiceAnswer(kit, say("What changed in the treatment"), tuple(ACTIONS_TAKEN.items()), columns=3))
    form.add("outcome", ChoiceAnswer(kit, say("Outcome"), tuple(EVENT_OUTCOMES.items()), columns=3))
    form.add("text", TextAnswer(kit, say("More to say"), needed=False))

    def confirm(answers: Answers) -> None:
        keep(event_of(told, answers, suggested.grade))

    lead_on(form, confirm)
    form.open()


def event_of(told: Answers, answers: Answers, suggested: int | None) -> AdverseEventNoted:
    """Raises `Refused` where the grade is missing."""
    if answers["grade"] is None:
        raise Refused(say("Answer this."))
    return AdverseEventNoted(
        told["term"], answers["grade"], told["onset_on"], answers["relatedness"] in RELATED, bool(answers["criteria"]),
        told["over_on"], criteria=tuple(answers["criteria"]), relatedness=answers["relatedness"], action=answers["action"],
        outcome=answers["outcome"], aware_at=told["aware_at"], suggested=suggested, text=answers["text"] or "",
    )  # fmt: skip
