"""The card of Settings that is about other laptops: this one's name and fingerprint, and those that are known."""

from PySide6.QtWidgets import QHBoxLayout

from app.domain.people.roles import Role
from app.domain.texts import say
from app.services.access.seals import fingerprint
from app.services.codes.release_exchange import Exchange
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import Card, button, label
from ui.kit.look.tokens import SPACE_8


class LaptopsCard(Card):
    """From the pharmacy's laptop a release goes to the ward's, if each knows the other."""

    def __init__(self, desk: Desk, exchange: Exchange) -> None:
        super().__init__(desk.kit, say("Other laptops"))
        self.desk, self.kit, self._exchange = desk, desk.kit, exchange
        self.own = label(self.kit, "", "body", wrap=True)
        self.known = label(self.kit, "", "body", wrap=True)
        for widget in (self.own, self.known):
            self.body.addWidget(widget)
        self.show_own = button(self.kit, say("Show this laptop's code"))
        self.add, self.remove = button(self.kit, say("Add a laptop")), button(self.kit, say("Remove a laptop"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        self.show_receipt, self.read_receipt = button(self.kit, say("Show a receipt")), button(self.kit, say("Read a receipt"))
        for made in (self.show_own, self.add, self.remove, self.show_receipt, self.read_receipt):
            row.addWidget(made)
        row.addStretch(1)
        self.body.addLayout(row)
        self.show_own.clicked.connect(self._show_own)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.show_receipt.clicked.connect(self._show_receipt)
        self.read_receipt.clicked.connect(self._read_receipt)
        self.refresh()

    def _show_own(self) -> None:
        from ui.questions.exchange import show_own_laptop

        show_own_laptop(self.desk, self._exchange, self)

    def _add(self) -> None:
        from ui.questions.exchange import ask_add_laptop

        ask_add_laptop(self.desk, self._exchange, self.refresh, self)

    def _remove(self) -> None:
        from ui.questions.exchange import ask_remove_laptop

        ask_remove_laptop(self.desk, self._exchange, self.refresh, self)

    def _show_receipt(self) -> None:
        from ui.questions.exchange import show_receipt

        show_receipt(self.desk, self._exchange, self)

    def _read_receipt(self) -> None:
        from ui.questions.exchange import ask_receipt

        ask_receipt(self.desk, self._exchange, self.refresh, self)

    def refresh(self) -> None:
        card, bind = self._exchange.own.card, self.kit.words.bind
        bind(self.own, text=say("This laptop is {name}: {fingerprint}", name=card.name,
                                fingerprint=fingerprint(card.store_id, card.public_key)))  # fmt: skip
        known = [f"{one.name}: {fingerprint(one.store_id, one.public_key)}" for one in self._exchange.laptops]
        nobody = say("No other laptop is known: a release is given on this one.")
        bind(self.known, text="\n".join(known) if known else nobody)
        may = self.desk.practice or self.desk.has_role(Role.ADMINISTRATOR)
        self.add.setVisible(may)
        self.remove.setVisible(may and bool(known))
        for made in (self.show_receipt, self.read_receipt):
            made.setVisible(bool(known))
