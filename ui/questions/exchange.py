"""A release goes to another laptop and is taken in there; which laptops are known."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.infusion.state import Infusion
from app.domain.people.laptops import LaptopAdded
from app.domain.people.roles import Person
from app.domain.people.signed_heads import HeadKept
from app.domain.products.parcel import Parcel
from app.domain.texts import Dated, Text, joined, listed, parts, say
from app.services.access import seals
from app.services.codes.release_exchange import Exchange
from app.services.ward.ports import Outcome
from ui.ask.form import Field, FormQuestion
from ui.ask.read_codes import ReadCodesQuestion
from ui.ask.show_codes import show_codes
from ui.frame.desk import Desk
from ui.frame.pages import PageKey

Done = Callable[[], object]


def ask_send_release(desk: Desk, exchange: Exchange, infusion_id: str, parent: QWidget, by: Person) -> None:
    """To which laptop; then the codes."""
    known = {laptop.store_id: laptop for laptop in exchange.laptops}
    choices = tuple((store_id, laptop.name) for store_id, laptop in known.items())
    field = Field("to", say("Laptop"), "choice", choices[0][0] if len(choices) == 1 else None, choices)
    note = say("From then on this infusion goes on at that laptop alone; here it is closed. Bags and laptop belong together.")
    form = FormQuestion(desk, say("To which laptop?"), say("Send"), (field,), parent, (note,))

    def confirm() -> None:
        try:
            command = exchange.command(known[form.answers()["to"]])
        except Refused:
            return
        form.send(infusion_id, command, by, lambda: show_release(desk, exchange, infusion_id, parent))

    form.confirmed.connect(confirm)
    form.open()


def show_release(desk: Desk, exchange: Exchange, infusion_id: str, parent: QWidget) -> None:
    state = desk.infusion(infusion_id)
    name = state.sent.to_name if state.sent else ""
    why = say("On the laptop {name} choose “Take in a release” and scan each code. It counts there once.", name=name)
    founded = founded_with(exchange.heads.founder)
    title = say("Release for {subject}, bed {bed}", subject=state.order.subject, bed=state.order.bed)
    try:
        lines = exchange.release_lines(state)
    except Refused as refusal:
        desk.refuse(refusal.text, infusion_id)
        return
    show_codes(desk, title, lines_of(why, founded), lines, f"release-{infusion_id[:8]}", parent, founded)


def founded_with(founder: str) -> Text | str:
    """Which record it comes from, for people to compare; "" for one of before keys."""
    return say("Its record was founded with the key {fingerprint}.", fingerprint=founder) if founder else ""


def lines_of(*found: Text | str) -> Text:
    return joined("\n", [line for line in found if line])


class TakeInQuestion(ReadCodesQuestion):
    def __init__(self, desk: Desk, exchange: Exchange, parent: QWidget) -> None:
        how = say("Scan the codes on the pharmacy's screen or paper, in any order, or choose the file on its stick.")
        super().__init__(desk, say("Take in a release"), say("Take in"), how, "BEDSIDE-RELEASE", parent)
        self._exchange = exchange
        self._parcel: Parcel | None = None
        self.confirmed.connect(self._take_in)

    def understood(self, data: bytes) -> Text:
        self._parcel = None
        parcel = self._exchange.opened(data)
        state = self._exchange.judge(parcel)
        self._parcel = parcel
        found = self._exchange.found(parcel)
        told = () if found is None else (founded_with(found.head.founder), *found.told())
        return lines_of(_in_words(parcel, state), *told)

    def _take_in(self) -> None:
        if self._parcel is None or self.desk.person is None:
            return
        self.primary.setEnabled(False)
        taken: list[str] = []
        found = self._exchange.found(self._parcel)
        told = () if found is None else found.told()

        def done(outcome: Outcome) -> None:
            if outcome.failed is not None:
                self.say_no(outcome.failed)
                return
            self.accept()
            self.desk.show_page.emit(PageKey.INFUSION, taken[0])
            if told:
                self.desk.tell(parts(*told))

        try:
            taken.append(self._exchange.take_in(self._parcel, self.desk.person, done))
        except Refused as refusal:
            self.say_no(refusal.text)


def _in_words(parcel: Parcel, s: Infusion) -> Text:
    bags = listed([say("{bag} (lot {lot})", bag=b.bag.bag_id, lot=b.bag.lot) for b in s.planned_bags])
    kg = s.weight.weight_kg if s.weight else "—"
    released_by = next((p.name for p in parcel.people if p.person_id == s.released_by), "—")
    return say(
        "Subject {subject}, bed {bed}, group {group}, dose {dose}\nWeight {kg} kg\nBags: {bags}\n"
        "Released by {pharmacist} on {at}, laptop {laptop}\nThe signature of this laptop is valid, and nothing was changed.",
        subject=s.order.subject, bed=s.order.bed, group=s.order.group or "—", dose=s.order.dose_number, kg=kg, bags=bags,
        pharmacist=released_by, at=Dated(parcel.entries[-1].at), laptop=parcel.sender.name,
    )  # fmt: skip


def ask_take_in(desk: Desk, exchange: Exchange, parent: QWidget) -> None:
    """A release of the pharmacy's laptop is taken in on the ward: read, checked, shown, and then taken, once."""
    TakeInQuestion(desk, exchange, parent).open()


class AddLaptopQuestion(ReadCodesQuestion):
    """The fingerprint is compared by eye: a code from elsewhere would be believed for ever."""

    def __init__(self, desk: Desk, exchange: Exchange, done: Done, parent: QWidget) -> None:
        how = say("On the other laptop, in Settings, choose “Show this laptop's code”, and scan it or bring it as a file.")
        super().__init__(desk, say("Add a laptop"), say("They are the same: add it"), how, "BEDSIDE-LAPTOP", parent)
        self._exchange, self._done = exchange, done
        self._card: seals.LaptopCard | None = None
        self.confirmed.connect(self._add)

    def understood(self, data: bytes) -> Text:
        self._card = None
        card = seals.read(data)
        self._exchange.judge_card(card)
        self._card = card
        return say("{name}\n{fingerprint}\nCompare these letters with those on the other laptop's Settings page.",
                   name=card.name, fingerprint=seals.fingerprint(card.store_id, card.public_key))  # fmt: skip

    def _add(self) -> None:
        if self._card is None:
            return
        try:
            self._exchange.add(self._card, self.desk.person)
        except Refused as refusal:
            self.say_no(refusal.text)
            return
        self.accept()
        self._done()


def ask_add_laptop(desk: Desk, exchange: Exchange, done: Done, parent: QWidget) -> None:
    AddLaptopQuestion(desk, exchange, done, parent).open()


def ask_remove_laptop(desk: Desk, exchange: Exchange, done: Done, parent: QWidget) -> None:
    choices = tuple((laptop.store_id, laptop.name) for laptop in exchange.laptops)
    fields = (Field("which", say("Laptop"), "choice", None, choices), Field("reason", say("Why is it removed?")))
    form = FormQuestion(desk, say("Remove a laptop"), say("Remove"), fields, parent)

    def confirm() -> None:
        try:
            answers = form.answers()
            exchange.remove(answers["which"], answers["reason"], desk.person)
        except Refused as refusal:
            form.say_no(refusal.text)
            return
        form.accept()
        done()

    form.confirmed.connect(confirm)
    form.open()


def show_own_laptop(desk: Desk, exchange: Exchange, parent: QWidget) -> None:
    card = exchange.own.card
    why = say("{fingerprint}\nThe administrator of the other laptop scans this code there, and compares these letters.",
              fingerprint=seals.fingerprint(card.store_id, card.public_key))  # fmt: skip
    show_codes(desk, say("This laptop: {name}", name=card.name), why, exchange.card_lines(), f"laptop-{card.store_id[:8]}", parent)


class ReceiptQuestion(ReadCodesQuestion):
    """What another laptop keeps of this record, and what it says of its own, is read and remembered."""

    def __init__(self, desk: Desk, exchange: Exchange, done: Done, parent: QWidget) -> None:
        how = say("On the other laptop, in Settings, choose “Show a receipt”, and scan its codes or bring them as a file.")
        super().__init__(desk, say("Read a receipt"), say("Keep"), how, "BEDSIDE-RECEIPT", parent)
        self._exchange, self._done = exchange, done
        self._kept: HeadKept | None = None
        self.confirmed.connect(self._keep)

    def understood(self, data: bytes) -> Text:
        self._kept = None
        self._kept = kept = self._exchange.receipt(data)
        seen, not_yet = kept.seen, say("It has not seen this record yet.")
        return lines_of(
            say("{name}: its record stands at event {event}.", name=kept.name, event=kept.head.events),
            founded_with(kept.head.founder),
            say("It has seen this record up to event {event}.", event=seen.events) if seen else not_yet,
            *kept.told(),
        )

    def _keep(self) -> None:
        if self._kept is None:
            return
        self._exchange.heads.keep(self._kept, self.desk.person)
        self.accept()
        if told := self._kept.told():
            self.desk.tell(parts(*told))
        self._done()


def ask_receipt(desk: Desk, exchange: Exchange, done: Done, parent: QWidget) -> None:
    ReceiptQuestion(desk, exchange, done, parent).open()


def show_receipt(desk: Desk, exchange: Exchange, parent: QWidget) -> None:
    """For which laptop, where several are known; then its codes."""
    known = {laptop.store_id: laptop for laptop in exchange.laptops}
    if len(known) == 1:
        _show_receipt(desk, exchange, exchange.laptops[0], parent)
        return
    choices = tuple((store_id, laptop.name) for store_id, laptop in known.items())
    form = FormQuestion(desk, say("For which laptop?"), say("Show"), (Field("to", say("Laptop"), "choice", None, choices),), parent)

    def confirm() -> None:
        try:
            to = known[form.answers()["to"]]
        except Refused:
            return
        form.accept()
        _show_receipt(desk, exchange, to, parent)

    form.confirmed.connect(confirm)
    form.open()


def _show_receipt(desk: Desk, exchange: Exchange, to: LaptopAdded, parent: QWidget) -> None:
    why = say("On the laptop {name}, in Settings, choose “Read a receipt” and scan each code.", name=to.name)
    founded = founded_with(exchange.heads.founder)
    lines, title = exchange.receipt_lines(to), say("Receipt for {name}", name=to.name)
    show_codes(desk, title, lines_of(why, founded), lines, f"receipt-{to.store_id[:8]}", parent, founded)
