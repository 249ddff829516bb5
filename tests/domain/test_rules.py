"""Corners of the rules that no whole infusion passes through."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import Broken, Refused
from app.domain.infusion import facts as e
from app.domain.infusion.bench_steps import sets_that_fit, weight_needs_confirmation
from app.domain.infusion.chapters.bags import RecordCertificate, ReportBroken, ScanBag
from app.domain.infusion.chapters.bench import Release, ReleaseBag
from app.domain.infusion.chapters.identity import CheckIdentity, VerifyBag
from app.domain.infusion.chapters.pause import Pause, Resume
from app.domain.infusion.chapters.premedication import OverrideLeadTime
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.chapters.thaw import CheckBag, ReportEmpty
from app.domain.infusion.chapters.vital_checks import RecordVitals
from app.domain.infusion.chapters.weighing import ConfirmWeight
from app.domain.infusion.checks import baseline_at
from app.domain.infusion.deviations import deviations
from app.domain.infusion.drip_volume import bag_empty_at, dose_reached_at, needed_rate, outlook, stage_due_at
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import replay
from app.domain.infusion.task_kinds import TaskKind
from app.domain.infusion.tasks import due
from app.domain.log import Entry, Event
from app.domain.people.roles import Person, Role
from app.domain.texts import say

from .cast import CHEN, LI, SUN, TRIAL, ZHAO, clock, protocol
from .play import Play, certificate, label, prepared, vitals


def test_a_record_begins_with_its_order() -> None:
    entry = Entry("e1", "inf", clock("13:00"), None, e.Received())
    for entries in ([], [entry]):
        with pytest.raises(Broken, match="The record of inf does not begin with an order"):
            replay("inf", entries, TRIAL)


def test_a_certificate_with_a_test_left_out_is_not_taken() -> None:
    play = prepared("bags at the bench")
    told = certificate("B1")
    with pytest.raises(Refused, match="Answer every test of the certificate"):
        play.do(RecordCertificate("B1", told.viability_pct, {"purity": True}, True, True), CHEN)


def test_the_same_vital_sign_twice_or_an_unknown_one_is_refused() -> None:
    play = prepared("running")
    whole = vitals().values
    for values in ((*whole, whole[0]), (*whole, e.VitalEntry("etco2", Decimal(40), "typed"))):
        with pytest.raises(Refused, match="Each vital sign once"):
            play.do(RecordVitals(values, False, "A", False), LI)


def test_the_second_signature_is_another_person_also_under_another_role() -> None:
    play = prepared("observed")
    play.do(Sign("performed"), LI)
    with pytest.raises(Refused, match="The second signature needs another person"):
        play.do(Sign("reviewed"), Person(LI.person_id, LI.name, Role.INVESTIGATOR))


def test_the_sets_that_fit_are_known_once_there_is_a_weight() -> None:
    assert sets_that_fit(Play().state) == ()
    assert sets_that_fit(prepared("bags at the bench").state) == (10, 15, 20)


def test_before_the_start_there_is_nothing_to_plan_with() -> None:
    play = Play()
    assert outlook(play.state, play.now) == outlook(prepared("hung").state, clock("13:57"))
    assert needed_rate(play.state, play.now) is None
    assert dose_reached_at(play.state, play.now) is None
    assert stage_due_at(prepared("stepped up").state, clock("14:20")) is None


def test_a_bag_that_holds_the_whole_rest_is_not_waited_for() -> None:
    one_bag = prepared("running", weight="50.0")
    assert bag_empty_at(one_bag.state, clock("14:05")) is None
    assert bag_empty_at(prepared("running").state, clock("14:05")) == clock("14:37:46") + timedelta(microseconds=666666)


def test_the_baseline_is_found_among_later_checks() -> None:
    assert baseline_at(prepared("stepped up").state) == clock("13:58")
    assert baseline_at(prepared("hung").state) is None


def test_a_step_up_that_was_recorded_too_early_is_marked() -> None:
    """No rule lets it happen; a record from elsewhere may hold it."""
    play = prepared("running")
    play.now = clock("14:12:34")
    play.take(e.SteppedUp(Decimal(56), "told so"), LI.person_id)
    found = deviations(play.state, play.now)
    assert [(str(d.text), d.reason) for d in found] == [("Stepped up after 12.5 of 15 min.", "told so")]


def test_a_gap_that_seems_to_begin_before_the_rate_was_set_begins_with_it() -> None:
    play = prepared("running")
    play.now = clock("14:10")
    play.take(e.WatchLost(clock("13:55"), "slept"))
    assert [(f.start, f.basis) for f in play.state.flows] == [
        (clock("14:00"), "set"), (clock("14:00"), "lost"), (clock("14:10"), "set"),
    ]  # fmt: skip


def test_a_planned_dose_that_is_reached_while_time_is_unknown_is_due_since_the_last_event() -> None:
    play = prepared("running", weight="40.0", drops=20)
    play.now = clock("14:05")
    play.restart(timedelta(minutes=7), reboot=True, wall=timedelta(hours=-1))
    assert dose_reached_at(play.state, clock("14:06")) == clock("14:05")


def test_tasks_say_how_long_is_left() -> None:
    play = prepared("running")
    task = next(t for t in due(play.state, clock("14:05")) if t.kind is TaskKind.STEP_UP)
    assert task.left(clock("14:05")) == timedelta(minutes=10)
    assert not task.is_open(clock("14:14:59"))
    assert task.is_open(clock("14:15"))


def test_events_that_only_tell_change_nothing_but_the_record() -> None:
    play = prepared("running")
    told: list[Event] = [
        e.LinkLost("ttyUSB0", "datex-s5"),
        e.LinkFound("ttyUSB0", "datex-s5", False),
        e.CommandRefused("StepUp", say("Too early.")),
        e.SamplesSealed(play.now, 60, "0" * 64),
    ]
    before = _told(play.state)
    for event in told:
        play.take(event)
    assert _told(play.state) == before
    assert play.same_from_disk()


def _told(state: Infusion) -> object:
    return (
        state.phase,
        state.flows,
        state.spans,
        state.pins,
        state.checks,
        [t.kind for t in due(state, clock("14:05"))],
    )


def test_an_override_is_an_investigator_s() -> None:
    play = prepared("premedicated")
    play.do(OverrideLeadTime("urgent"), ZHAO)
    assert play.state.lead_time_overridden_by == ZHAO.person_id


def test_an_unusual_weight_of_an_older_record_was_typed_once_and_needs_a_second_person() -> None:
    play = Play()
    play.take(e.WeightRecorded(Decimal("29.9")), LI.person_id)
    assert weight_needs_confirmation(play.state)
    play.do(ConfirmWeight(), ZHAO)
    assert not weight_needs_confirmation(play.state)


def test_a_certificate_of_an_older_record_that_says_nothing_of_a_point_does_not_pass() -> None:
    play = prepared("bags at the bench")
    play.take(e.CertificateRecorded("B1", Decimal(94), {"purity": True, "microorganisms": True}, True, True), CHEN.person_id)
    with pytest.raises(Refused, match=r"The certificate of bag B1 does not tell: tumorigenicity.*GMP"):
        play.do(Release(), CHEN)
    assert play.same_from_disk()


def test_resumed_with_no_bag_hanging_nothing_flows() -> None:
    play = prepared("running")
    play.do(Pause(), LI, clock("14:05"))
    play.do(ReportEmpty(), LI, clock("14:06"))
    spans = len(play.state.spans)
    play.do(Resume(Decimal(20), None, "the next bag is being hung"), LI, clock("14:07"))
    assert play.state.rate_gtt_min == 20
    assert len(play.state.spans) == spans


@pytest.mark.parametrize("entry", ["typed", "mixed"])
def test_a_code_typed_at_the_bed_needs_a_reason_and_a_wrong_one_is_a_mismatch_all_the_same(entry: e.Entered) -> None:
    play = prepared("received")
    for reason in ("", "  "):
        with pytest.raises(Refused, match="Say why a code was typed"):
            play.do(CheckIdentity("S-001", ("B1", "B2"), entry, reason), LI)
    play.do(CheckIdentity("S-002", ("B1", "B2"), entry), LI)
    assert play.state.mismatch is not None
    play.do(CheckIdentity("S-001", ("B1", "B2"), entry, " no_scanner "), LI)
    checked = play.entries[-1].event
    assert isinstance(checked, e.IdentityChecked)
    assert checked.reason == "no_scanner"


def test_a_thawed_bag_whose_number_is_typed_needs_a_reason_too() -> None:
    play = prepared("thawed")
    with pytest.raises(Refused, match="Say why a code was typed"):
        play.do(CheckBag("B1", "B1", True, "typed"), LI)
    play.do(CheckBag("B1", "B1", True, "scan"), LI)
    play.do(CheckBag("B1", "B1", True, "typed", "code_damaged"), ZHAO)
    assert play.state.bags["B1"].checked_by == (LI.person_id, ZHAO.person_id)


@pytest.mark.parametrize(("pharmacists", "sun", "chen"), [("none", False, False), ("others", True, False), ("all", True, True)])
def test_which_pharmacists_check_at_the_bed_is_the_sites_to_say(pharmacists: str, sun: bool, chen: bool) -> None:
    """Chen released the bags, Sun did not."""
    rules = protocol(settings={"verification.pharmacists": pharmacists})
    for person, allowed in ((SUN, sun), (CHEN, chen)):
        play = prepared("received", rules=rules)
        look = CheckIdentity("S-001", ("B1", "B2"), "scan")
        if allowed:
            play.do(look, person)
            play.do(look, LI)
            assert play.state.bags["B1"].verified_by == (person.person_id, LI.person_id)
        else:
            with pytest.raises(Refused, match=r"another role|does not check them"):
                play.do(look, person)


def test_whoever_released_a_bag_that_came_later_checks_neither_it_nor_the_others() -> None:
    rules = protocol(settings={"verification.pharmacists": "others"})
    play = prepared("thawed", rules=rules)
    play.do(ReportBroken("B2", "leak"), LI)
    play.do(ScanBag(label("B3")), SUN)
    play.do(certificate("B3"), SUN)
    play.do(ReleaseBag("B3"), SUN)
    for command in (VerifyBag("B3", "S-001", "B3", "scan"), CheckBag("B1", "B1", True, "scan")):
        with pytest.raises(Refused, match="Whoever released the bags"):
            play.do(command, SUN)
