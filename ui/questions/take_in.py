"""A release of the pharmacy's laptop is taken in on the ward: read, checked, shown, and then taken, once."""

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.infusion.state import Infusion
from app.domain.products.parcel import Parcel
from app.domain.texts import Dated, Text, listed, say
from app.services.codes.exchange import Exchange
from app.services.ward.ports import Outcome
from ui.ask.gather import GatherQuestion
from ui.frame.desk import Desk


class TakeInQuestion(GatherQuestion):
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
        return _in_words(parcel, state)

    def _take_in(self) -> None:
        if self._parcel is None or self.desk.person is None:
            return
        self.primary.setEnabled(False)
        taken: list[str] = []

        def done(outcome: Outcome) -> None:
            if outcome.failed is not None:
                self.say_no(outcome.failed)
                return
            self.accept()
            self.desk.show_page.emit("infusion", taken[0])

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
        subject=s.order.subject, bed=s.order.bed, group=s.order.group, dose=s.order.dose_number, kg=kg, bags=bags,
        pharmacist=released_by, at=Dated(parcel.entries[-1].at), laptop=parcel.sender.name,
    )  # fmt: skip


def ask(desk: Desk, exchange: Exchange, parent: QWidget) -> None:
    TakeInQuestion(desk, exchange, parent).open()
