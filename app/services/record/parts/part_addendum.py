"""The result of the watch for acute reactions, which ends long after the signatures: an addendum."""

from datetime import timedelta

from app.domain.texts import say
from app.services.record.blocks import FactsBlock, NoteBlock, Section
from app.services.record.telling import Teller


def addendum(t: Teller) -> Section:
    s, tr = t.state, t.tr
    hours = s.protocol.clocks.acute_reactions_h
    title = tr(say("Addendum: result after {hours} h", hours=hours))
    if s.ended_at is None:
        return Section(title, (NoteBlock(tr(say("Known when the infusion has ended."))),))
    due = s.ended_at + timedelta(hours=hours)
    waits = say("not yet recorded") if t.source.made_at <= due else say("not recorded, though its time has passed")
    rows = (
        (tr(say("Due")), t.stamp(due)),
        (tr(say("Result")), tr(waits)),
    )
    after = say("It is recorded after the two signatures, with the name and the time of whoever saw the patient.")
    return Section(title, (FactsBlock(rows), NoteBlock(tr(after))), kept_together=True)
