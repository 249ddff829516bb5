"""An enrolment goes to the laptop where the subject is infused, and is taken in there."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.people.laptops import LaptopAdded
from app.domain.texts import Dated, Text, listed, parts, say
from app.domain.trial.subject.enrolment_parcel import EnrolmentParcel
from app.domain.trial.subject.subject_facts import COHORT_NAMES
from app.services.trial.enrolment_exchange import EnrolmentExchange
from app.services.ward.ports import Outcome
from ui.ask.form import Field, FormQuestion
from ui.ask.read_codes import ReadCodesQuestion
from ui.ask.show_codes import show_codes
from ui.frame.desk import Desk
from ui.questions.exchange import founded_with, lines_of

Taken = Callable[[EnrolmentParcel], object]


def other_laptops(desk: Desk) -> list[LaptopAdded]:
    """Those that enrolments are exchanged with."""
    return [] if desk.enrolments is None else desk.enrolments.laptops


def ask_send_enrolment(desk: Desk, code: str, parent: QWidget) -> None:
    """To which laptop; then the codes: those of before where there is nothing new to say."""
    exchange = desk.enrolments
    if exchange is None:
        return
    known = {laptop.store_id: laptop for laptop in exchange.laptops}
    choices = tuple((store_id, laptop.name) for store_id, laptop in known.items())
    field = Field("to", say("Laptop"), "choice", choices[0][0] if len(choices) == 1 else None, choices)
    note = say("The doses given so far go with it. After a further dose here, send it again: the newest counts there.")
    form = FormQuestion(desk, say("{subject}: to which laptop?", subject=code), say("Send"), (field,), parent, (note,))

    def confirm() -> None:
        try:
            to = known[form.answers()["to"]]
        except Refused:
            return

        def told(outcome: Outcome) -> None:
            text = outcome.refused or outcome.failed
            if text is not None:
                form.say_no(text)
                return
            form.accept()
            _show(desk, exchange, code, to.store_id, to.name, parent)

        if exchange.is_sent(code, to.store_id):
            told(Outcome())
        elif desk.person is not None:
            exchange.send(code, to, desk.person, told)

    form.confirmed.connect(confirm)
    form.open()


def _show(desk: Desk, exchange: EnrolmentExchange, code: str, store_id: str, name: str, parent: QWidget) -> None:
    why = say("On the laptop {name} choose “Take in an enrolment” and scan each code. It counts there once.", name=name)
    lines, founded = exchange.sent_lines(code, store_id), founded_with(exchange.founder)
    title = say("Enrolment of {subject}", subject=code)
    show_codes(desk, title, lines_of(why, founded), lines, f"enrolment-{code}", parent, founded)


class TakeInEnrolment(ReadCodesQuestion):
    """`taken` is called once it is saved."""

    def __init__(self, desk: Desk, exchange: EnrolmentExchange, taken: Taken, parent: QWidget) -> None:
        how = say("Scan the codes on the investigator's screen or paper, in any order, or choose the file on its stick.")
        super().__init__(desk, say("Take in an enrolment"), say("Take in"), how, "BEDSIDE-ENROLMENT", parent)
        self._exchange, self._taken = exchange, taken
        self._parcel: EnrolmentParcel | None = None
        self.confirmed.connect(self._take_in)

    def understood(self, data: bytes) -> Text:
        self._parcel = None
        parcel = self._exchange.opened(data)
        self._exchange.judge(parcel)
        self._parcel = parcel
        found = self._exchange.found(parcel)
        told = () if found is None else (founded_with(found.head.founder), *found.told())
        return lines_of(_in_words(parcel), *told)

    def _take_in(self) -> None:
        parcel, person = self._parcel, self.desk.person
        if parcel is None or person is None:
            return
        found = self._exchange.found(parcel)
        told = () if found is None else found.told()

        def done(outcome: Outcome) -> None:
            if outcome.failed is not None:
                self.say_no(outcome.failed)
                return
            self.accept()
            self._taken(parcel)
            if told:
                self.desk.tell(parts(*told))

        try:
            self._exchange.take_in(parcel, person, done)
        except Refused as refusal:
            self.say_no(refusal.text)


def ask_take_in_enrolment(desk: Desk, taken: Taken, parent: QWidget) -> None:
    """Read, checked, shown, and then taken, once."""
    if desk.enrolments is not None:
        TakeInEnrolment(desk, desk.enrolments, taken, parent).open()


def _in_words(parcel: EnrolmentParcel) -> Text:
    doses = listed([say("{n} on {at}", n=d.number, at=Dated(d.started_at)) for d in parcel.doses]) if parcel.doses else say("none")
    return say(
        "Subject {subject}, group {group} ({cohort}), enrolled on {on}\nSigned by {name} ({number}) on {at}\n"
        "Doses so far: {doses}\nSent on {as_of}, laptop {laptop}\nThe signature of this laptop is valid, and nothing was changed.",
        subject=parcel.subject, group=parcel.group, cohort=COHORT_NAMES[parcel.cohort], on=parcel.on, name=parcel.printed_name,
        number=parcel.signed_by, at=Dated(parcel.signed_at), doses=doses, as_of=Dated(parcel.as_of), laptop=parcel.sender.name,
    )  # fmt: skip
