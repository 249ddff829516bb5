"""Which bag a question is about."""

from app.domain.infusion.code_words import UNREADABLE
from app.domain.infusion.state import Infusion
from app.domain.texts import Text, listed, say
from app.services.codes.bag_labels import read_at_bed, read_wristband
from ui.ask.form import WHY_TYPED, Field, coded
from ui.frame.desk import Desk


def bag_in_question(desk: Desk, infusion_id: str) -> str:
    """The bag that did not match, else the one the next task is about, else the next planned one; "" if none."""
    state = desk.infusion(infusion_id)
    if state.mismatch is not None:
        return state.mismatch.expected_bag
    task = desk.bedside.bed(infusion_id).next
    if task is not None and task.bag_id is not None:
        return task.bag_id
    return state.next_bag.bag.bag_id if state.next_bag else ""


def practice_labels(state: Infusion) -> Text:
    """What stands on the wristband and the bags of a patient who is not there."""
    bags = listed(bag.bag.bag_id for bag in state.planned_bags)
    return say("Practice: the wristband says {subject}, the bags say {bags}.", subject=state.order.subject, bags=bags)


def why_typed() -> Field:
    """Asked for once a code was typed."""
    return Field(WHY_TYPED, say("Why was it not scanned?"), "reason", choices=coded(UNREADABLE), columns=2)


def wristband(key: str) -> Field:
    return Field(key, say("Subject code on the wristband"), "code", read=read_wristband)


def bag_code(desk: Desk, key: str, name: Text) -> Field:
    """A line for a bag's label at the bed: scanned or typed, it is the bag's number and what else the label says."""
    rules = desk.bedside.trial.protocol
    return Field(key, name, "code", read=lambda text: read_at_bed(text, rules))
