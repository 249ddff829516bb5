"""The list before a start: all green it costs no further act; amber takes one press and never blocks."""

from datetime import timedelta

from app.domain.infusion import facts as e
from app.domain.infusion.phases import Phase
from app.domain.infusion.task_kinds import TaskKind
from app.domain.texts import say
from app.domain.watch.preflight import Looked
from app.jobs.laptop.laptop_watch import LaptopRead
from app.jobs.laptop.power import PowerRead
from devices.link import LinkState, LinkStatus
from tests.domain.cast import DAY
from tests.laptop import GOOD, FakeLaptop
from tests.ui.questions import stops
from tests.ui.questions.conftest import At, Bedside
from tests.ui.questions.stops import texts
from ui.preflight.before_start import BeforeStart, monitor
from ui.preflight.preflight_answer import PreflightAnswer
from ui.questions.rate_question import RateQuestion

DUMB = GOOD._replace(sleep=Looked(None, say("Cannot be read")), updates=Looked(None, say("Cannot be read")))


class Prepared:
    """A hung bag and a laptop that is looked after."""

    def __init__(
        self, at: At, says: LaptopRead = GOOD, heard: bool = True, can_stay_awake: bool = True, practice: bool = False
    ) -> None:
        self.bed: Bedside = at(stops.hung())
        bedside = self.bed.ward.bedside
        self.laptop = FakeLaptop(bedside.now, bedside.watch.take_laptop, can_stay_awake)
        self.laptop.says = says
        if heard:
            self.laptop.watch.tested(heard=True)
        self.laptop.watch.tick(0.0, bedside.infusions)
        self.bed.desk.before_start = BeforeStart(self.laptop.watch, bedside, bedside.now, practice)

    def ask(self) -> tuple[RateQuestion, PreflightAnswer]:
        form = self.bed.ask(TaskKind.START, RateQuestion)
        answer = form.answers_by_key["preflight"]
        assert isinstance(answer, PreflightAnswer)
        return form, answer

    def type_clock(self, answer: PreflightAnswer, behind_min: int = 0) -> None:
        ward_clock = self.bed.desk.now().astimezone() - timedelta(minutes=behind_min)
        self.bed.type_in(answer.clock, f"{ward_clock:%H%M}")

    @property
    def kept(self) -> e.PreflightDone:
        return next(x.event for x in self.bed.ward.state.entries if isinstance(x.event, e.PreflightDone))

    def is_running(self) -> bool:
        return self.bed.ward.state.phase is Phase.RUNNING


def test_all_green_costs_no_act_but_the_ward_clock_once_in_a_shift(at: At) -> None:
    one = Prepared(at)
    form, answer = one.ask()
    assert "▲\nClock\nNot compared yet" in texts(form)
    one.type_clock(answer)
    assert "▲" not in texts(form)
    one.bed.ward.wait(minutes=5)
    answer.refresh()
    assert "▲" not in texts(form), "it was compared when it was typed"
    assert "✓\nSleep\nHeld off; leave the lid open" in texts(form)
    one.bed.press(form)
    assert one.is_running()
    assert (one.kept.ambers, one.kept.clock_off_min, one.kept.reason) == ((), 0, "")
    assert one.laptop.watch.clock_off_min() == 0


def test_what_was_compared_in_this_shift_is_not_asked_again(at: At) -> None:
    one = Prepared(at)
    one.laptop.watch.answer((), 1)
    form, answer = one.ask()
    assert not answer.clock.isVisibleTo(form)
    one.bed.press(form)
    assert one.is_running()
    assert one.kept.clock_off_min == 1


def test_practice_has_a_clock_of_its_own(at: At) -> None:
    one = Prepared(at, practice=True)
    form, answer = one.ask()
    assert not answer.clock.isVisibleTo(form)
    assert "▲" not in texts(form)


def test_amber_takes_one_press_and_is_kept_with_its_reason(at: At) -> None:
    one = Prepared(at, GOOD._replace(power=PowerRead(False, 40)), heard=False)
    form, answer = one.ask()
    one.type_clock(answer, behind_min=7)
    one.bed.press(form)
    assert "▲ Give a reason." in texts(form)
    assert not one.is_running()
    answer.reason.choice.grid._toggles[1].click()
    one.bed.press(form)
    assert one.is_running()
    assert [(x.key, str(x.said)) for x in one.kept.ambers] == [
        ("power", "On battery, 40 %: plug it in"),
        ("clock", "7 min ahead of the ward clock"),
        ("sound", "Not tested in this shift"),
    ]
    assert one.kept.reason == "seen_to"


def test_what_is_plugged_in_meanwhile_turns_green(at: At) -> None:
    one = Prepared(at, GOOD._replace(power=PowerRead(False, 40)))
    form, answer = one.ask()
    one.type_clock(answer)
    assert answer.reason.isVisibleTo(form)
    one.laptop.says = GOOD
    one.laptop.watch.tick(100.0, one.bed.ward.bedside.infusions)
    answer.refresh()
    assert "▲" not in texts(form)
    assert not answer.reason.isVisibleTo(form)


def test_what_cannot_be_read_is_asked_once_in_a_shift(at: At) -> None:
    one = Prepared(at, DUMB, can_stay_awake=False)
    form, answer = one.ask()
    one.type_clock(answer)
    for toggle in answer.asked.grid._toggles:
        toggle.click()
    assert "▲" not in texts(form)
    one.bed.press(form)
    assert one.is_running()
    assert [x.key for x in one.kept.items if x.asked] == ["sleep", "updates"]
    assert one.bed.desk.before_start is not None
    assert one.bed.desk.before_start.to_ask(one.bed.ward.infusion_id) == ()


def test_what_is_no_time_is_refused_and_stays(at: At) -> None:
    one = Prepared(at)
    form, answer = one.ask()
    one.bed.type_in(answer.clock, "25:00")
    one.bed.press(form)
    assert "▲ Type the time as 14:05." in texts(form)
    assert answer.clock.text() == "25:00"
    assert not one.is_running()


def test_it_can_be_used_with_gloves_and_read_in_both_languages(at: At) -> None:
    one = Prepared(at, DUMB._replace(power=PowerRead(False, 40), free_bytes=1), heard=False, can_stay_awake=False)
    form, _answer = one.ask()
    one.bed.is_fit_for_gloves(form)


def test_a_monitor_by_its_port_and_last_byte() -> None:
    def said(state: LinkState, age_s: int | None) -> tuple[bool | None, str]:
        last = None if age_s is None else DAY - timedelta(seconds=age_s)
        found = monitor(LinkStatus("COM3", "datex-s5", False, state, DAY, last), DAY)
        return found.is_well, str(found.said)

    assert said(LinkState.LIVE, 1) == (True, "COM3: last byte 1 s ago")
    assert said(LinkState.LOST, 75) == (False, "COM3: last byte 75 s ago")
    assert said(LinkState.ABSENT, None) == (False, "COM3: nothing came yet")
    assert monitor(None, DAY).is_well is False
