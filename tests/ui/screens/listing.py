"""Every screen by name: pages at their stops, and each question where its task stands."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtWidgets import QWidget

from app.domain.texts import say
from app.domain.watch.preflight import Looked
from app.jobs.laptop.laptop_watch import LaptopRead
from app.jobs.laptop.power import PowerRead
from devices.link import LinkState
from tests.domain.cast import CHEN, LI, ZHAO
from tests.laptop import FakeLaptop
from tests.services.ward import Ward
from tests.ui.pages import bench, story
from tests.ui.questions import stops
from tests.ui.questions.test_every_question import ASKED
from tests.ui.screens.stage import Scene
from ui.frame.desk import Desk
from ui.frame.pages import PageKey
from ui.handover.page import HandoverPage
from ui.help.help_page import show_help
from ui.preflight.before_start import BeforeStart
from ui.questions import bench as at_bench
from ui.questions import drip, identity, ordering, signing, staff, weighing


def alarmed() -> Ward:
    """Oxygen and pulse far outside, the monitor's line lost after it, a reaction open."""
    ward = stops.reacted()
    for code, value in (("hr", 141), ("spo2", 84)):
        ward.hear(code, value)
    ward.bedside.tick()
    ward.wait(seconds=20)
    for code, value in (("hr", 141), ("spo2", 84)):
        ward.hear(code, value)
    ward.bedside.tick()
    return ward


def lost() -> Ward:
    ward = stops.running()
    ward.link(LinkState.LOST)
    ward.wait(minutes=2)
    ward.bedside.tick()
    return ward


def on_battery(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The start on a laptop of which all that can be is amber."""
    bedside = desk.bedside
    laptop = FakeLaptop(bedside.now, bedside.watch.take_laptop, can_stay_awake=False)
    unknown = Looked(None, say("Cannot be read"))
    laptop.says = LaptopRead(PowerRead(False, 14), 10**8, unknown, unknown)
    laptop.watch.tick(0.0, bedside.infusions)
    desk.before_start = BeforeStart(laptop.watch, bedside, lambda: None)
    drip.ask_start(desk, infusion_id, parent)


def _nobody(*_who: object) -> None: ...


PAGES: Mapping[str, Scene] = MappingProxyType(
    {
        "infusion": Scene(stops.running),
        "infusion-alarmed": Scene(alarmed),
        "infusion-lost": Scene(lost),
        "infusion-premedicated": Scene(stops.premedicated),
        "infusion-paused": Scene(stops.paused),
        "infusion-observed": Scene(stops.observed),
        "infusion-closed": Scene(stops.closed),
        "ward": Scene(story.full_ward, PageKey.WARD),
        "ward-empty": Scene(story.new_ward, PageKey.WARD),
        "handover": Scene(story.full_ward, PageKey.HANDOVER),
        "handover-empty": Scene(story.new_ward, PageKey.HANDOVER),
        "dispense": Scene(lambda: bench.with_bags("UC-2611-051", "UC-2611-052"), PageKey.DISPENSE, by=CHEN),
        "dispense-weighed": Scene(bench.weighed, PageKey.DISPENSE, by=CHEN),
    }
)


#: at the bed, by the page's own table; the same key at two stops has the stop in its name
AT_THE_BED: Mapping[str, Scene] = MappingProxyType(
    {f"ask-{key}-{stop.__name__}": Scene(stop, ask=str(key)) for key, stop, _ in ASKED}
)

ELSEWHERE: Mapping[str, Scene] = MappingProxyType(
    {
        "ask-start-amber": Scene(stops.hung, ask=on_battery),
        "ask-help": Scene(stops.running, ask=lambda desk, infusion_id, parent: show_help(desk, parent, "infusion", infusion_id)),
        "ask-help-bench": Scene(Ward, PageKey.DISPENSE, lambda desk, _id, parent: show_help(desk, parent, "dispense")),
        "ask-help-locked": Scene(stops.running, PageKey.WARD, lambda desk, _id, parent: show_help(desk, parent, "sign_in")),
        "ask-weight": Scene(Ward, PageKey.DISPENSE, weighing.ask_record_weight),
        "ask-set": Scene(bench.weighed, PageKey.DISPENSE, at_bench.ask_choose_set, CHEN),
        "ask-certificate": Scene(
            lambda: bench.with_bags("UC-2611-051"),
            PageKey.DISPENSE,
            lambda desk, infusion_id, parent: at_bench.ask_record_certificates(desk, infusion_id, parent, CHEN),
            CHEN,
        ),
        "ask-reject": Scene(
            lambda: bench.with_bags("UC-2611-051", "UC-2611-052"),
            PageKey.DISPENSE,
            lambda desk, infusion_id, parent: at_bench.ask_reject_bag(desk, infusion_id, parent, CHEN),
            CHEN,
        ),
        "ask-release": Scene(lambda: bench.with_bags("UC-2611-051", "UC-2611-052"), PageKey.DISPENSE, at_bench.ask_release, CHEN),
        "ask-order": Scene(stops.running, PageKey.WARD, lambda desk, _id, parent: ordering.ask_order(desk, parent), ZHAO),
        "ask-take-over": Scene(
            story.full_ward, PageKey.HANDOVER, lambda _desk, _id, parent: parent.findChildren(HandoverPage)[0].take_over.click()
        ),
        "ask-name": Scene(
            stops.running,
            PageKey.WARD,
            lambda desk, _id, parent: identity.ask_patient_name(desk, "B-007", "", _nobody, parent),
        ),
        "ask-emergency": Scene(
            stops.running, PageKey.WARD, lambda desk, _id, parent: staff.ask_emergency_access(desk, _nobody, parent)
        ),
        "ask-why-emergency": Scene(
            stops.running, PageKey.WARD, lambda desk, _id, parent: staff.ask_why_emergency(desk, LI.person_id, LI.name, parent)
        ),
        "ask-new-person": Scene(stops.running, PageKey.WARD, lambda desk, _id, parent: staff.ask_new_person(desk, _nobody, parent)),
        "ask-own-secrets": Scene(
            stops.running, PageKey.WARD, lambda desk, _id, parent: staff.ask_own_secrets(desk, LI, lambda: None, parent)
        ),
        "ask-review": Scene(stops.closed, ask=signing.ask_sign_reviewed, by=ZHAO),
        "ask-unused": Scene(stops.ended, ask="unused"),
    }
)

QUESTIONS: Mapping[str, Scene] = MappingProxyType({**AT_THE_BED, **ELSEWHERE})
