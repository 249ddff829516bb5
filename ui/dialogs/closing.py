"""Questions after the end, and those that may be asked at any time."""

from PySide6.QtWidgets import QWidget

from app.domain import commands as c
from app.domain.deviations import deviations
from app.domain.due import leftover_ml, leftovers
from app.domain.people import BEDSIDE, Person, Role
from app.domain.texts import Text, say
from ui.desk import Desk

from .form import Field, ask_form
from .who import ask_who, desk_as

_OUTCOMES: tuple[tuple[str, Text], ...] = (
    ("no_reaction", say("No reaction")), ("reaction_resolved", say("Reaction, resolved")),
    ("reaction_ongoing", say("Reaction, still going on")), ("transferred", say("Transferred")),
)  # fmt: skip
_REASON = Field("reason", say("Reason"), needed=False)


def flush(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    fields = (Field("ml", say("Flushed with, ml"), "number"),)
    desk_as(desk, parent, BEDSIDE, lambda p: ask_form(
        desk, infusion_id, parent, say("Flush the line"), say("Flushed"), fields,
        lambda a: c.FlushLine(a["ml"]), p))  # fmt: skip


def destroy(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Before a witness, who signs."""
    state = desk.infusion(infusion_id)
    bag = next(iter(leftovers(state)), None)
    if bag is None or desk.person is None:
        return
    bag_id = bag.bag.bag_id
    fields = (Field("ml", say("Destroyed, ml"), "number", leftover_ml(state, bag)),)
    title = say("Destroy the rest of bag {bag}", bag=bag_id)

    def opened(witness: Person) -> None:
        ask_form(desk, infusion_id, parent, title, say("Destroyed"), fields,
                 lambda a: c.DestroyLeftover(bag_id, a["ml"], witness))  # fmt: skip

    ask_who(desk, parent, set(Role), opened, (desk.person.person_id,), say("Who is the witness?"))


def close_observation(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    reacted = bool(desk.infusion(infusion_id).reactions)
    first = None if reacted else "no_reaction"
    fields = (Field("outcome", say("Outcome"), "choice", first, _OUTCOMES), _REASON)
    desk_as(desk, parent, BEDSIDE, lambda p: ask_form(
        desk, infusion_id, parent, say("Close the observation"), say("Close it"), fields,
        lambda a: c.CloseObservation(a["outcome"], (), a["reason"]), p))  # fmt: skip


def sign_performed(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    why = say("I performed this infusion: {n} deviations", n=_deviations(desk, infusion_id))
    ask_who(desk, parent, {Role.NURSE}, lambda p: desk.submit(infusion_id, c.Sign("performed"), p), why=why)


def sign_reviewed(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    performed = desk.infusion(infusion_id).signatures.get("performed")
    why = say("I reviewed this infusion: {n} deviations", n=_deviations(desk, infusion_id))
    ask_who(desk, parent, {Role.INVESTIGATOR}, lambda p: desk.submit(infusion_id, c.Sign("reviewed"), p),
            (performed[0],) if performed else (), why)  # fmt: skip


def _deviations(desk: Desk, infusion_id: str) -> int:
    return len(deviations(desk.infusion(infusion_id), desk.now()))


def note(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    ask_form(desk, infusion_id, parent, say("Note"), say("Save"), (Field("text", say("Text")),),
             lambda a: c.AddNote(a["text"]))  # fmt: skip


def hand_over(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """To another nurse, who signs and goes on."""
    here = (desk.person.person_id,) if desk.person else ()

    def taken(person: Person) -> None:
        desk.submit(infusion_id, c.HandOver(person), then=lambda: desk.sign_in(person))

    ask_who(desk, parent, BEDSIDE, taken, here, say("Who takes over?"))


def confirm_time(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """After an unknown gap: what time it really is."""
    from .time import ask

    ask(desk, infusion_id, parent)
