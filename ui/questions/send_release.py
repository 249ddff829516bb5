"""A pharmacist sends a release to the ward's laptop, and its codes are shown, as often as needed."""

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.people.roles import Person
from app.domain.texts import say
from app.services.codes.exchange import Exchange
from ui.ask.form import Field, FormQuestion
from ui.frame.desk import Desk

from . import codes


def ask(desk: Desk, exchange: Exchange, infusion_id: str, parent: QWidget, by: Person) -> None:
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
        form.send(infusion_id, command, by, lambda: show(desk, exchange, infusion_id, parent))

    form.confirmed.connect(confirm)
    form.open()


def show(desk: Desk, exchange: Exchange, infusion_id: str, parent: QWidget) -> None:
    state = desk.infusion(infusion_id)
    name = state.sent.to_name if state.sent else ""
    why = say("On the laptop {name} choose “Take in a release” and scan each code. It counts there once.", name=name)
    title = say("Release for {subject}, bed {bed}", subject=state.order.subject, bed=state.order.bed)
    try:
        lines = exchange.release_lines(state)
    except Refused as refusal:
        desk.tell(refusal.text)
        return
    codes.show(desk, title, why, lines, f"release-{infusion_id[:8]}", parent)
