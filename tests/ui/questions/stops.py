"""The stops of one infusion at which a question is asked: B-007, 70 kg, two bags."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from PySide6.QtWidgets import QLabel, QWidget

from app.domain.infusion.chapters.drip import Start
from app.domain.infusion.chapters.ending import CloseObservation, End, FlushLine
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.chapters.reaction import NoteReaction, ResolveReaction
from app.domain.infusion.chapters.thaw import HangBag
from app.services.ward.orders import Prescription
from tests.domain.cast import LI, ZHAO
from tests.domain.play import vitals
from tests.kept import kept
from tests.services.ward import Ward
from tests.ui.pages import story

BAGS = ("UC-2611-043", "UC-2611-044")


def texts(part: QWidget) -> str:
    """What stands in a dialog or window to be read."""
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisibleTo(part))


@kept
def released() -> Ward:
    ward = story.new_ward()
    story.ordered(ward, "B-007", "12")
    story.released(ward, "70.0", BAGS)
    return ward


@kept
def received() -> Ward:
    ward = released()
    story.received(ward)
    return ward


@kept
def verified() -> Ward:
    ward = received()
    story.verified(ward)
    return ward


@kept
def premedicated() -> Ward:
    """21 min after dexamethasone, its monitor live."""
    ward = verified()
    story.premedicated(ward)
    story.joined(ward)
    story.watch(ward, 21)
    return ward


@kept
def thawed() -> Ward:
    ward = premedicated()
    story.thawed(ward, BAGS[0])
    return ward


@kept
def checked() -> Ward:
    ward = thawed()
    story.looked_at(ward, BAGS[0])
    return ward


@kept
def hung() -> Ward:
    """Ready to start."""
    ward = checked()
    ward.do(HangBag(BAGS[0]), LI)
    story.watch(ward, 9)
    story.checked(ward)
    return ward


@kept
def another_started() -> Ward:
    """Ready to start while bed 7 was started two minutes ago."""
    ward = hung()
    here = ward.infusion_id
    story.running(ward, "B-009", "7", "B", "70.0", ("UC-2611-051", "UC-2611-052"))
    ward.wait(minutes=2)
    ward.infusion_id = here
    story.checked(ward)
    return ward


@kept
def started() -> Ward:
    """10 min at the starting rate."""
    ward = hung()
    ward.do(Start(Decimal(20)), LI)
    story.watch(ward, 10)
    return ward


@kept
def ready_to_step() -> Ward:
    ward = started()
    story.watch(ward, 5)
    story.measured(ward, 20)
    story.checked(ward)
    return ward


def running() -> Ward:
    """43½ min in, at 56 drops/min; the 45-min check is open."""
    return story.infusing()


@kept
def paused() -> Ward:
    ward = running()
    ward.do(Pause(), LI)
    return ward


@kept
def reacted() -> Ward:
    """Stopped for chills three minutes ago."""
    ward = running()
    ward.do(NoteReaction(ward.bedside.now(), ("chills",), "stop"), LI)
    story.watch(ward, 3)
    return ward


@kept
def calmed() -> Ward:
    """The reaction is over; the drip still stands."""
    ward = reacted()
    story.checked(ward)
    ward.do(ResolveReaction(ward.bedside.now()), LI)
    return ward


@kept
def feverish() -> Ward:
    """Ready to start but for a pulse that an investigator must answer for."""
    ward = hung()
    ward.do(vitals(hr=131, temp="39.1"), LI)
    return ward


@kept
def racing() -> Ward:
    """The 15-min check, before the step up, has found a fast pulse."""
    ward = ready_to_step()
    ward.do(vitals(hr=131), LI)
    return ward


@kept
def racing_paused() -> Ward:
    ward = racing()
    ward.do(Pause(), LI)
    return ward


@kept
def uneasy() -> Ward:
    ward = hung()
    ward.do(vitals(discomfort="itching"), LI)
    return ward


@kept
def written_down() -> Ward:
    """Ordered by a nurse for an investigator who has not signed yet."""
    ward = story.new_ward()
    ward.infusion_id = ward.bedside.order("B-007", "12", "B", 1, LI, prescription=Prescription(ZHAO))
    return ward


@kept
def unwatched() -> Ward:
    """The laptop was off, and nobody knows how long."""
    ward = running()
    ward.bedside.resumed(ward.bedside.now() - timedelta(minutes=2), "power", False)
    return ward


@kept
def ended() -> Ward:
    ward = running()
    story.watch(ward, 5)
    ward.do(HangBag(BAGS[1]), LI)
    story.watch(ward, 10)
    ward.do(End(Decimal(58)), LI)
    return ward


@kept
def observed() -> Ward:
    """Two hours later, all checks of the observation done; one during the infusion was missed."""
    ward = ended()
    story.checked(ward)
    ward.do(FlushLine(Decimal(20)), LI)
    for _ in range(4):
        story.watch(ward, 30)
        story.checked(ward)
    return ward


@kept
def closed() -> Ward:
    ward = observed()
    ward.do(CloseObservation("no_reaction", (), "busy"), LI)
    return ward


Stop = Callable[[], Ward]
