"""What must stand on the Infusion page until it is dealt with: a full stop, a failing disk, an unknown time."""

from collections.abc import Sequence

import msgspec

from app.domain.infusion.chapters.identity import mismatch_values
from app.domain.infusion.phases import INFUSING, Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import symptoms
from app.domain.people.signatures import MEANING_NAMES, to_give_again
from app.domain.texts import Text, listed, say
from app.services.ward.infusion_writes import InfusionWrites
from ui.kit.message_strip import MessageState


def differing(text: str, other: str) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, each with whether it differs from the other, place by place; what is longer differs at its end."""
    pieces: list[tuple[str, bool]] = []
    for at, char in enumerate(text):
        differs = at >= len(other) or other[at] != char
        if pieces and pieces[-1][1] is differs:
            pieces[-1] = (pieces[-1][0] + char, differs)
        else:
            pieces.append((char, differs))
    return tuple(pieces)


class StopState(msgspec.Struct, frozen=True):
    """A mismatch. `drips`: a bag runs meanwhile."""

    title: Text
    expected: Text | str
    found: Text | str
    to_do: tuple[Text, ...]
    drips: bool


def stop(s: Infusion) -> StopState | None:
    """The full stop while a patient or bag does not match."""
    if s.mismatch is None:
        return None
    patient = s.mismatch.what == "patient"
    drips = s.phase in INFUSING
    title: Text = say("STOP: this is not the patient of this order") if patient else say("STOP: this is not the bag of this order")
    if s.mismatch.differs != "number":
        title = say("STOP: the label of bag {bag} is not as it was dispensed", bag=s.mismatch.bag_id)
    expected, found = mismatch_values(s.mismatch)
    return StopState(
        title,
        expected,
        found,
        (
            say("Do not hang or start anything."),
            say("The bag that hangs is not meant: it may run on, or be paused.") if drips else say("Nothing has been given."),
            say("Both people read wristband and bags again. If it still does not match, call the pharmacy."),
        ),
        drips,
    )


def notice(line: InfusionWrites) -> MessageState | None:
    """The most pressing of what is wrong with the record or open with the patient."""
    s = line.state
    if line.trouble is not None:
        happened = say("Not yet saved ({n}): {why}", n=line.unsaved, why=line.trouble)
        return _lasting(happened, say("They stand here and are tried again. Go on; do not close the program."))
    if s.elapsed_unknown:
        worst = say("The worst case is shown: everything hung may have run in. Enter what time it is.")
        return _lasting(say("How long nobody watched is not known."), worst)
    if s.unconfirmed_gap:
        unsure = say("The delivered volume is unsure until somebody reads what is left in the bag.")
        return _lasting(say("Nobody watched for a while."), unsure)
    return _reaction(s) if s.reaction_open else _void(s)


def _reaction(s: Infusion) -> MessageState:
    known = s.reaction
    assert known is not None
    happened = say("Reaction since {at}: {symptoms}", at=known.onset_at, symptoms=symptoms(known.symptoms, s.protocol))
    return _lasting(happened, say("When it is over: More → The reaction is over."))


def _void(s: Infusion) -> MessageState | None:
    """A correction since the signatures: they are to be given again."""
    void = [MEANING_NAMES[x.meaning] for x in to_give_again(s.entries)] if s.phase is Phase.OBSERVED else []
    if not void:
        return None
    happened = say("An entry was corrected after it was signed for. Void: {meanings}.", meanings=listed(void))
    return _lasting(happened, say("Both sign again for the corrected record: first the nurse, then the investigator."))


def left_half_filled(left: Sequence[Text]) -> MessageState | None:
    """What a colleague left at this bed; it comes back for that colleague alone."""
    if not left:
        return None
    return MessageState(listed(left), to_do=say("It comes back here when that person signs in. What is due can be done anew."))


def _lasting(happened: Text, to_do: Text) -> MessageState:
    return MessageState(happened, "", to_do, lasting=True)
