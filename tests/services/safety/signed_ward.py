"""A ward whose one infusion is over and signed by both."""

from decimal import Decimal

from app.domain.infusion.chapters.ending import CloseObservation, End, FlushLine
from app.domain.infusion.chapters.signing import Sign
from tests.domain.cast import LI, ZHAO
from tests.kept import kept
from tests.services.ward import Ward
from tests.ui.pages import story


@kept
def signed_ward() -> Ward:
    """B-001 with one bag of 50 kg."""
    ward = Ward()
    story.released(ward, "50.0", ("UC-2611-039",))
    story.received(ward)
    story.verified(ward)
    story.premedicated(ward)
    story.joined(ward)
    story.watch(ward, 21)
    story.thawed(ward, "UC-2611-039")
    story.watch(ward, 5)
    story.hung(ward, "UC-2611-039")
    story.watch(ward, 4)
    story.started(ward)
    story.watch(ward, 15)
    story.stepped_up(ward, 48)
    story.watch(ward, 15)
    story.checked(ward)
    story.watch(ward, 6)
    ward.do(End(Decimal(0)), LI)
    story.checked(ward)
    ward.do(FlushLine(Decimal(20)), LI)
    for _ in range(4):
        story.watch(ward, 30)
        story.checked(ward)
    ward.do(CloseObservation("no_reaction"), LI)
    ward.do(Sign("performed"), LI)
    ward.do(Sign("reviewed"), ZHAO)
    assert ward.state.phase == "signed", ward.outcomes[-5:]
    return ward
