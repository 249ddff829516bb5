"""The head of a record whose protocol file is not at hand: what was ordered, and that nothing is computed."""

from app.domain.infusion import facts as e
from app.domain.infusion.state import no_file
from app.domain.texts import say

from .blocks import FactsBlock, NoteBlock, Run, Section
from .parts.part_events import event_table
from .telling import DASH, Teller


def identity(t: Teller) -> Section:
    order, tr = t.state.order, t.tr
    protocol = say("{id} version {version}", id=order.protocol_id, version=order.protocol_version)
    rows = (
        (tr(say("Subject")), order.subject),
        (tr(say("Bed")), order.bed),
        (tr(say("Group and dose")), tr(say("group {group}, dose {dose}", group=order.group or DASH, dose=order.dose_number))),
        (tr(say("Ordered")), t.stamp(t.state.ordered_at)),
        (tr(say("Protocol")), tr(protocol)),
        (tr(say("Protocol file SHA-256")), (Run(order.protocol_sha256, "mono"),)),
    )
    return Section(tr(say("Shown as recorded")), (NoteBlock(tr(no_file(order))), FactsBlock(rows)))


def reactions(t: Teller) -> Section:
    """What was told of them, and nothing that was computed for their moments."""
    title, found = t.tr(say("Reactions")), t.entries(e.ReactionNoted, e.ReactionUpdated, e.ReactionResolved)
    return Section(title, (event_table(t, found) if found else NoteBlock(t.tr(say("No reaction was noted."))),))
