"""What is asked at the trial desk. Whoever may not decide sees no question; what is signed takes the person's PIN."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.people.roles import Person, Role
from app.domain.texts import Text, parts, say
from app.domain.trial.criteria import Criterion, criteria
from app.domain.trial.due import DueItem, due_name
from app.domain.trial.eligibility import WORDS
from app.domain.trial.subject import subject_commands as c
from app.domain.trial.subject import subject_facts as f
from app.services.ctcae_file import ctcae
from app.services.trial.suggestions import Suggestion, suggestion
from app.services.trial.trial_desk import DeskLook, TrialDesk
from app.services.ward.ports import Done, Outcome
from app.services.words.desk_words import MEDICINES
from ui.ask.form import YES_NO, Answers, Field, FormQuestion, coded
from ui.ask.question import Question
from ui.ask.who import ask_who
from ui.frame.desk import Desk
from ui.safety.adverse_question import ask_adverse_event
from ui.trial.correct_question import EntryCorrection, correctable, correction_of, needs_second
from ui.trial.decision_table import DecisionTable
from ui.trial.lab_question import ask_laboratory, ask_second_person
from ui.trial.typed_answers import a_day, a_decimal, a_moment, now_words, perhaps

Make = Callable[[Answers], c.DeskCommand | Sequence[c.DeskCommand]]


class DeskForms:
    """Opens the desk's questions for one page; `done` is called after each thing saved."""

    def __init__(self, desk: Desk, trial: TrialDesk, parent: QWidget) -> None:
        self.desk, self.trial, self.parent = desk, trial, parent

    def _ask(
        self, code: str, title: Text, primary: Text, fields: Sequence[Field], make: Make, notes: Sequence[Text] = (),
        signs: Text | None = None,
    ) -> None:  # fmt: skip
        """`signs`: what an investigator signs by answering, with their PIN."""
        form = FormQuestion(self.desk, title, primary, fields, self.parent, notes)

        def confirm() -> None:
            person = self.desk.person
            try:
                answers = form.answers()
            except Refused:
                return
            try:
                commands = make(answers)
            except Refused as refusal:
                form.say_no(refusal.text)
                return
            about = code or answers["code"]
            if signs is not None:
                ask_who(self.desk, form, {Role.INVESTIGATOR}, lambda who: self.trial.submit(about, commands, who, _closing(form)),
                        why=signs)  # fmt: skip
            elif person is not None:
                self.trial.submit(about, commands, person, _closing(form))

        form.confirmed.connect(confirm)
        form.open()

    def _sign(self, why: Text, notes: Sequence[Text], then: Callable[[Person, Done], None]) -> None:
        """With the investigator's own PIN; a refusal stands in the frame."""
        ask_who(self.desk, self.parent, {Role.INVESTIGATOR}, lambda person: then(person, self._told), why=why, notes=notes)

    # --- the trial

    def sign_decision(self, look: DeskLook, headline: Text) -> None:
        notes = (headline, look.answer.reason, say("Data of {day}, {n} subjects enrolled", day=look.today, n=len(look.subjects)))
        self._sign(say("Investigator: I sign this decision"), notes, self.trial.sign_decision)

    def advice(self) -> None:
        fields = (
            Field("on", say("Day of the advice"), first=str(self.trial.today)),
            Field("text", say("What the committee advised")),
        )  # fmt: skip
        form = FormQuestion(self.desk, say("Advice of the data monitoring committee"), say("Keep"), fields, self.parent)

        def confirm() -> None:
            try:
                answers = form.answers()
            except Refused:
                return
            try:
                on = a_day(answers["on"])
            except Refused as refusal:
                form.say_no(refusal.text)
                return
            if self.desk.person is not None:
                self.trial.advise(answers["text"], on, self.desk.person, _closing(form))

        form.confirmed.connect(confirm)
        form.open()

    def decision_table(self, look: DeskLook, group: str) -> None:
        DecisionTable(self.desk, look, group, self.parent).open()

    # --- a subject

    def screen(self) -> None:
        today = str(self.trial.today)
        fields = (
            Field("code", say("Subject code")),
            Field("sex", say("Sex"), "choice", choices=coded(WORDS, "female", "male")),
            Field("age", say("Age in years"), "number", decimals=0),
            Field("disease", say("Disease"), "choice", choices=coded(WORDS, "all", "lymphoma", "myeloma", "other"), columns=2),
            Field("car_t", say("Day of CAR-T")),
            Field("consent", say("Day of consent"), first=today),
            Field("grade", say("ICAHT grade, if known"), "number", needed=False, decimals=0),
        )  # fmt: skip

        def make(a: Answers) -> c.DeskCommand:
            grade = None if a["grade"] is None else int(a["grade"])
            practice = self.desk.practice
            return c.Screen(a["sex"], int(a["age"]), a["disease"], a_day(a["car_t"]), a_day(a["consent"]), grade, practice)

        notes = (say("De-identified code only: no name, no number of the clinic."),)
        self._ask("", say("Screen a subject"), say("Keep"), fields, make, notes)

    def criterion(self, code: str, criterion_code: str) -> None:
        found = next(k for k in criteria(self.trial.protocol, self.trial.rules) if k.code == criterion_code)
        if found.is_derived:
            self.desk.tell(say("It follows from the rows of the three counts."))
            return
        fields = [_value_field(found)]
        if found.is_number:
            fields.append(Field("unit", say("Unit"), first=found.units[0] if found.units else None, needed=False))
        if found.limit.of_uln:
            fields += [Field("uln", say("Upper limit of normal"), needed=False)]
        fields.append(Field("source", say("Source"), needed=False))

        def make(a: Answers) -> c.DeskCommand:
            uln = perhaps(a.get("uln"), a_decimal)
            return c.RecordCriterion(criterion_code, a["value"] or None, a.get("unit") or "", None, uln, a["source"] or "")

        self._ask(code, found.title, say("Keep"), fields, make)

    def sign_verdict(self, code: str, said: Text) -> None:
        why = say("Investigator: I have judged every row")
        self._sign(why, (said,), lambda person, done: self.trial.submit(code, c.SignVerdict(), person, done))

    def enrol(self, code: str, look: DeskLook) -> None:
        why = say("Investigator: I enrol {subject}", subject=code)
        self._sign(why, (look.answer.reason,), lambda person, done: self.trial.submit(code, c.Enrol(), person, done))

    def leave(self, code: str) -> None:
        fields = (Field("on", say("Day"), first=str(self.trial.today)), Field("reason", say("Reason")))
        self._ask(code, say("{subject} leaves the trial", subject=code), say("Keep"), fields,
                  lambda a: c.LeaveTrial(a_day(a["on"]), a["reason"]))  # fmt: skip

    def dlt(self, code: str, is_again: bool) -> None:
        kinds = ((True, say("a dose-limiting toxicity")), (False, say("no dose-limiting toxicity")))
        fields = (
            Field("is_dlt", say("It is"), "choice", None if is_again else True, kinds if is_again else kinds[:1], columns=2),
            Field("on", say("Day"), first=str(self.trial.today)),
            Field("term", say("Adverse event")),
            Field("grade", say("Grade (CTCAE 5.0)"), "number", needed=False, decimals=0),
            Field("reason", say("Reason")),
        )  # fmt: skip
        self._ask(code, say("Judge a dose-limiting toxicity"), say("Sign"), fields, _dlt,
                  (say("The board counts anew at once."),), say("Investigator: I judge this adverse event"))  # fmt: skip

    def adverse(self, code: str) -> None:
        """What and when, then how bad in the table's words; whoever is signed in keeps it."""

        def keep(event: f.AdverseEventNoted) -> None:
            if self.desk.person is not None:
                self.trial.submit(code, c.NoteAdverseEvent(event), self.desk.person, self._told)

        def suggest(term: str, first_on: date, last_on: date | None) -> Suggestion:
            return suggestion(self.trial, code, term, first_on, last_on)

        ask_adverse_event(self.desk, ctcae(), str(self.trial.today), suggest, keep, self.parent)

    def _told(self, outcome: Outcome) -> None:
        """A refusal stands in the frame."""
        text = outcome.refused or outcome.failed
        if text is not None:
            self.desk.tell(text)

    def laboratory(self, code: str) -> None:
        ask_laboratory(self.desk, self.trial, code, self.parent)

    def medication(self, code: str) -> None:
        """Growth factors stand apart: they count for the response."""
        fields = (
            Field("kind", say("Kind"), "choice", choices=coded(MEDICINES), columns=2),
            Field("what", say("Medicine and dose")),
            Field("from_on", say("First day"), first=str(self.trial.today)),
            Field("until_on", say("Last day"), needed=False),
        )  # fmt: skip

        def make(a: Answers) -> c.DeskCommand:
            until_on = perhaps(a["until_on"], a_day)
            return c.RecordCourse(f.MedicationGiven(a["kind"], a["what"], a_day(a["from_on"]), until_on))

        self._ask(code, say("Growth factor or other medicine"), say("Keep"), fields, make)

    def correct(self, code: str, event_id: str) -> None:
        """One part of an entry; what happened at an infusion is corrected in its own record."""
        state = self.trial.look().data.subject(code)
        entry = correctable(state, event_id) if state is not None else None
        if entry is None:
            self.desk.tell(say("This entry is not corrected here: record it anew; what happened at an infusion, on its own page."))
            return
        form = EntryCorrection(self.desk, entry.event, ctcae(), self.parent)

        def confirm() -> None:
            try:
                answers = form.answers()
            except Refused:
                return
            person = self.desk.person
            if person is None:
                return

            def keep(second: Person | None) -> None:
                self.trial.submit(code, correction_of(event_id, answers, second), person, _closing(form))

            if needs_second(answers):
                ask_second_person(self.desk, form, answers["to values"][0], keep)
            else:
                keep(None)

        form.confirmed.connect(confirm)
        form.open()

    def transfusion(self, code: str) -> None:
        fields = (
            Field("at", say("Given at"), first=now_words(self.desk)),
            Field("product", say("Blood product"), "choice", choices=coded(f.PRODUCT_NAMES), columns=3),
            Field("units", say("Units"), "number", 1, decimals=1),
            Field("irradiated", say("Irradiated?"), "choice", True, YES_NO),
        )  # fmt: skip

        def make(a: Answers) -> c.DeskCommand:
            return c.RecordCourse(f.TransfusionGiven(a_moment(a["at"]), a["product"], a["units"], a["irradiated"]))

        self._ask(code, say("A transfusion"), say("Keep"), fields, make)

    def visit(self, item: DueItem) -> None:
        """Done on a day, or not done with a reason; of a sample how many tubes."""
        if item.kind not in ("visit", "delayed", "immunology"):
            self.desk.tell(say("Doses come from the bedside by themselves."))
            return
        kind: Any = item.kind
        fields = [
            Field("done", say("Done?"), "choice", True, YES_NO),
            Field("on", say("When"), first=now_words(self.desk) if kind == "immunology" else str(self.trial.today)),
            Field("reason", say("Reason, if it was not done"), needed=False),
        ]  # fmt: skip
        if kind == "immunology":
            fields.insert(2, Field("tubes", say("Tubes"), "number", 1, decimals=0))

        def make(a: Answers) -> c.DeskCommand:
            if not a["done"]:
                return c.RecordCourse(f.VisitMissed(kind, item.week, a["reason"] or ""))
            if kind == "immunology":
                return c.RecordCourse(f.SampleDrawn(item.week, a_moment(a["on"]), int(a["tubes"]), True if item.hint else None))
            return c.RecordCourse(f.VisitDone(kind, item.week, a_day(a["on"])))

        self._ask(item.subject, parts(item.subject, due_name(item)), say("Keep"), fields, make, (item.hint,) if item.hint else ())

    def note(self, code: str) -> None:
        self._ask(code, say("A note"), say("Keep"), (Field("text", say("Note")),), lambda a: c.NoteSubject(a["text"]))


def _dlt(a: Answers) -> c.DeskCommand:
    return c.MarkDlt(a["is_dlt"], a_day(a["on"]), a["term"], a["reason"], None if a["grade"] is None else int(a["grade"]))


def _value_field(found: Criterion) -> Field:
    if found.is_number:
        words = say("Value, or {words}", words=", ".join(found.words)) if found.words else say("Value")
        return Field("value", words, needed=False)
    return Field("value", say("Answer"), "choice", choices=coded(WORDS, *found.words), columns=3)


def _closing(form: Question) -> Done:
    def told(outcome: Outcome) -> None:
        text = outcome.refused or outcome.failed
        if text is None:
            form.accept()
        else:
            form.say_no(text)

    return told
