"""Every screen by name: pages at their stops, and each question where its task stands."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from PySide6.QtWidgets import QWidget

from app.domain.infusion.chapters.ending import End
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.reaction import NoteReaction
from app.domain.infusion.chapters.thaw import CheckBag
from app.domain.infusion.task_kinds import TaskKind
from app.domain.people.roles import Person
from app.domain.texts import say
from app.domain.watch.preflight import Looked
from app.jobs.laptop.laptop_watch import LaptopRead
from app.jobs.laptop.power import PowerRead
from app.practice.made_up_trial import MadeUpTrial
from app.services.protocol_files import load
from devices.link import LinkState
from tests.domain.cast import CHEN, LI, ZHAO
from tests.domain.trial.subjects import RULES, SHANGHAI
from tests.fakes import BEGIN
from tests.laptop import FakeLaptop
from tests.services.trial.memory import desk_on
from tests.services.ward import Ward
from tests.ui.pages import bench, story
from tests.ui.pages.test_trial import KeptInMemory, NoFiles
from tests.ui.questions import stops
from tests.ui.questions.test_every_question import ASKED
from tests.ui.screens.faults import settle
from tests.ui.screens.stage import Ask, Scene
from ui.ask.bed import at_bed
from ui.ask.who import WhoQuestion
from ui.frame.bar.alarm_bar import AlarmBar
from ui.frame.desk import Desk
from ui.frame.leaving import LeaveQuestion
from ui.frame.pages import PageKey
from ui.handover.page import HandoverPage
from ui.help.help_page import show_help
from ui.preflight.before_start import BeforeStart
from ui.questions import bench as bench_asks
from ui.questions import drip, identity, ordering, signing, staff, weighing
from ui.questions.actions import ACTIONS
from ui.trial.page import TrialPage


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


def reacting() -> Ward:
    """The reaction runs on, and so does the drip."""
    ward = stops.running()
    ward.do(NoteReaction(ward.bedside.now(), ("chills",), "continue"), LI)
    story.watch(ward, 2)
    return ward


def read_once() -> Ward:
    """Wristband and bags were read by one person; the other one is awaited."""
    ward = stops.received()
    ward.do(CheckIdentity("B-007", stops.BAGS), LI)
    return ward


def one_bag_alone() -> Ward:
    """Ended with the second bag still frozen."""
    ward = stops.started()
    ward.do(End(Decimal(80)), LI)
    return ward


def wrong_patient() -> Ward:
    ward = stops.received()
    ward.do(CheckIdentity("B-008", stops.BAGS), LI)
    return ward


def wrong_bag() -> Ward:
    """The second one, while the first runs."""
    ward = stops.started()
    story.thawed(ward, stops.BAGS[1])
    ward.do(CheckBag(stops.BAGS[1], "UC-2611-999", True), LI)
    return ward


def scanned() -> Ward:
    """Two bags whose certificates nobody has read."""
    ward = bench.weighed()
    for bag_id in ("UC-2611-051", "UC-2611-052"):
        bench.scan(ward, bag_id)
    return ward


def unfit() -> Ward:
    """A full stop at the bench: too few of its cells live."""
    ward = bench.weighed()
    bench.scan(ward, "UC-2611-051")
    bench.certify(ward, "UC-2611-051", viability="80")
    return ward


def ask_scale_itself(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Past the investigator's signature."""
    ACTIONS["scale"](desk, infusion_id, parent)
    who = parent.findChildren(WhoQuestion)[0]
    who.signer.choose(ZHAO.person_id)
    who.signer.pin.setText(story.SECRET)
    who.primary.click()
    settle()


def ask_leave(desk: Desk, _infusion_id: str, parent: QWidget) -> None:
    LeaveQuestion(desk, [bed for bed in desk.bedside.look().values() if bed.is_open], parent).open()


def at_bench(ask: Callable[..., object], *by: Person) -> Ask:
    """As the page asks it: whose order it is stands on top."""
    return lambda desk, infusion_id, parent: ask(desk, infusion_id, at_bed(infusion_id, parent), *by)


def on_battery(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The start on a laptop of which all that can be is amber."""
    bedside = desk.bedside
    laptop = FakeLaptop(bedside.now, bedside.watch.take_laptop, can_stay_awake=False)
    unknown = Looked(None, say("Cannot be read"))
    laptop.says = LaptopRead(PowerRead(False, 14), 10**8, unknown, unknown)
    laptop.watch.tick(0.0, bedside.infusions)
    desk.before_start = BeforeStart(laptop.watch, bedside, lambda: None)
    drip.ask_start(desk, infusion_id, at_bed(infusion_id, parent))


@cache
def made_up() -> MadeUpTrial:
    return MadeUpTrial(24, BEGIN, 1, load(), RULES, SHANGHAI, whole=False)


def full_trial(ward: Ward, desk: Desk) -> TrialPage:
    """A board with two dozen subjects."""
    return TrialPage(desk, desk_on(ward, made_up().entries), KeptInMemory(), NoFiles())


def trial(do: str = "", subject: bool = True, tab: str = "") -> Scene:
    """One subject's page, and what can be done there."""

    def turn(_desk: Desk, _id: str, parent: QWidget) -> None:
        (page,) = parent.findChildren(TrialPage)
        assert page.look is not None
        if subject:
            page.open_subject(next(s.code for s in page.look.data.infused if s.dlt is None))
        if tab:
            page.turn(tab)
        if do:
            page.subject.doing[do].click()

    return Scene(Ward, PageKey.TRIAL, turn, ZHAO, full_trial)


def _nobody(*_who: object) -> None: ...


PAGES: Mapping[str, Scene] = MappingProxyType(
    {
        "infusion": Scene(stops.running),
        "infusion-alarmed": Scene(alarmed),
        "infusion-lost": Scene(lost),
        "infusion-premedicated": Scene(stops.premedicated),
        "infusion-paused": Scene(stops.paused),
        "infusion-reacting": Scene(reacting),
        "infusion-wrong-patient": Scene(wrong_patient),
        "infusion-wrong-bag": Scene(wrong_bag),
        "infusion-ended": Scene(stops.ended),
        "infusion-observed": Scene(stops.observed),
        "infusion-closed": Scene(stops.closed),
        "ward": Scene(story.full_ward, PageKey.WARD),
        "ward-empty": Scene(story.new_ward, PageKey.WARD),
        "handover": Scene(story.full_ward, PageKey.HANDOVER),
        "handover-empty": Scene(story.new_ward, PageKey.HANDOVER),
        "dispense": Scene(lambda: bench.with_bags("UC-2611-051", "UC-2611-052"), PageKey.DISPENSE, by=CHEN),
        "dispense-weighed": Scene(bench.weighed, PageKey.DISPENSE, by=CHEN),
        "dispense-unfit": Scene(unfit, PageKey.DISPENSE, by=CHEN),
        "trial-full": trial(subject=False),
        "trial-subject": trial(),
        **{f"trial-{tab}": trial(tab=tab) for tab in ("eligibility", "calendar", "course")},
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
        "ask-weight": Scene(Ward, PageKey.DISPENSE, at_bench(weighing.ask_record_weight)),
        "ask-set": Scene(bench.weighed, PageKey.DISPENSE, at_bench(bench_asks.ask_choose_set), CHEN),
        "ask-certificate": Scene(scanned, PageKey.DISPENSE, at_bench(bench_asks.ask_record_certificates, CHEN), CHEN),
        "ask-read-again": Scene(unfit, PageKey.DISPENSE, at_bench(bench_asks.ask_read_again, CHEN), CHEN),
        "ask-reject": Scene(
            lambda: bench.with_bags("UC-2611-051", "UC-2611-052"),
            PageKey.DISPENSE,
            at_bench(bench_asks.ask_reject_bag, CHEN),
            CHEN,
        ),
        "ask-release": Scene(
            lambda: bench.with_bags("UC-2611-051", "UC-2611-052"), PageKey.DISPENSE, at_bench(bench_asks.ask_release), CHEN
        ),
        "ask-second-reader": Scene(read_once, ask=str(TaskKind.VERIFY)),
        "ask-mismatch": Scene(wrong_bag, ask=str(TaskKind.CLEAR_MISMATCH)),
        "ask-scale-itself": Scene(stops.running, ask=ask_scale_itself),
        **{f"ask-trial-{do}": trial(do) for do in ("laboratory", "transfusion", "medication", "adverse", "dlt", "leave", "note")},
        "ask-leave": Scene(reacting, ask=ask_leave),
        "ask-alarms": Scene(alarmed, ask=lambda _desk, _id, parent: parent.findChildren(AlarmBar)[0].more.click()),
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
        "ask-unused": Scene(one_bag_alone, ask="unused"),
    }
)

QUESTIONS: Mapping[str, Scene] = MappingProxyType({**AT_THE_BED, **ELSEWHERE})
