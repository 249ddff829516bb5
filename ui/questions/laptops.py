"""Laptops with which releases are exchanged: an administrator adds one by its code, and removes it."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.texts import Text, say
from app.services.access import seals
from app.services.codes.exchange import Exchange
from ui.ask.form import Field, FormQuestion
from ui.ask.gather import GatherQuestion
from ui.frame.desk import Desk

from . import codes

Done = Callable[[], object]


class AddLaptopQuestion(GatherQuestion):
    """The fingerprint is compared by eye: a code from elsewhere would be believed for ever."""

    def __init__(self, desk: Desk, exchange: Exchange, done: Done, parent: QWidget) -> None:
        how = say("On the other laptop, in Settings, choose “Show this laptop's code”, and scan it or bring it as a file.")
        super().__init__(desk, say("Add a laptop"), say("They are the same: add it"), how, "BEDSIDE-LAPTOP", parent)
        self._exchange, self._done = exchange, done
        self._card: seals.Card | None = None
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


def add(desk: Desk, exchange: Exchange, done: Done, parent: QWidget) -> None:
    AddLaptopQuestion(desk, exchange, done, parent).open()


def remove(desk: Desk, exchange: Exchange, done: Done, parent: QWidget) -> None:
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


def show_own(desk: Desk, exchange: Exchange, parent: QWidget) -> None:
    card = exchange.own.card
    why = say("{fingerprint}\nThe administrator of the other laptop scans this code there, and compares these letters.",
              fingerprint=seals.fingerprint(card.store_id, card.public_key))  # fmt: skip
    codes.show(desk, say("This laptop: {name}", name=card.name), why, exchange.card_lines(), f"laptop-{card.store_id[:8]}", parent)
