"""Commands, readings and the watch over one bed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.drip import Start
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.found.dose_order import DoseBefore, local_day
from app.domain.people.signatures import covered
from app.domain.texts import say
from app.domain.vitals.vital_signs import Quality
from app.services.ward.dispensing import Past
from app.services.ward.ward import ASLEEP_S
from app.services.ward.watch import most_urgent
from devices.link import LinkState, LinkStatus
from tests.domain.cast import CHEN, LI, ZHAO
from tests.domain.play import vitals
from tests.services.ward import PORT, Ward, hung, receive, running, weighed


def names(ward: Ward) -> list[str]:
    return [type(x.event).__name__ for x in ward.state.entries]


def test_one_open_infusion_a_bed() -> None:
    ward = Ward()
    with pytest.raises(Refused, match="Bed 12 has an infusion open"):
        ward.bedside.order("B-002", "12", "B", 1, ZHAO)


@pytest.mark.parametrize(("group", "dose", "why"), [("D", 1, "Group D"), ("A", 2, "1 doses"), ("C", 0, "4 doses")])
def test_an_order_the_protocol_does_not_know_is_refused(group: str, dose: int, why: str) -> None:
    with pytest.raises(Refused, match=why):
        Ward().bedside.order("X-001", "13", group, dose, ZHAO)


def test_a_laptop_that_slept_is_recorded_as_lost_watch() -> None:
    ward = running()
    ward.wait(minutes=2)
    before = ward.bedside.now()
    ward.clock.move(minutes=7)
    ward.bedside.tick()
    lost = next(x.event for x in ward.state.entries if isinstance(x.event, e.WatchLost))
    assert lost.cause == "slept"
    assert lost.from_at == before
    assert ward.state.unconfirmed_gap


def test_ten_seconds_without_a_tick_is_not_yet_sleep() -> None:
    ward = running()
    ward.clock.move(seconds=ASLEEP_S)
    ward.bedside.tick()
    assert "WatchLost" not in names(ward)


def test_a_wall_clock_set_back_an_hour_moves_nothing_and_is_recorded() -> None:
    ward = running()
    ward.wait(minutes=5)
    before = ward.bedside.now()
    ward.clock.wall_off = timedelta(hours=-1)
    ward.bedside.tick()
    assert ward.bedside.now() == before
    stepped = next(x.event for x in ward.state.entries if isinstance(x.event, e.ClockStepped))
    assert stepped.step_s == Decimal("-3600.0")


def test_a_simulated_value_never_enters_a_wards_own_store() -> None:
    ward = Ward(practice=False)
    ward.bedside.connect(ward.infusion_id, PORT)
    ward.hear("hr", 80, simulated=True)
    assert ward.bedside.watched(ward.infusion_id).newest("hr") is None
    ward.hear("hr", 81, simulated=False)
    newest = ward.bedside.watched(ward.infusion_id).newest("hr")
    assert newest is not None
    assert newest.sample.value == 81


def test_samples_are_saved_as_they_arrive_at_most_one_a_second() -> None:
    ward = hung()
    ward.bedside.connect(ward.infusion_id, PORT)
    for step in range(6):
        ward.hear("hr", 80 + step)
        ward.clock.move(seconds=0.5)
    assert [row.value for row in ward.store.samples] == [80, 82, 84]


def test_a_sensor_that_falls_off_is_saved_once_as_no_value() -> None:
    ward = hung()
    ward.bedside.connect(ward.infusion_id, PORT)
    for value, quality in ((97, Quality.OK), (None, Quality.SENSOR_OFF), (None, Quality.SENSOR_OFF), (96, Quality.OK)):
        ward.hear("spo2", value, quality)
        ward.clock.move(seconds=5)
    assert [(r.value, r.quality) for r in ward.store.samples] == [(97, "ok"), (None, "sensor_off"), (96, "ok")]


def test_each_minute_of_samples_is_sealed_into_the_chain() -> None:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT)
    ward.wait(minutes=1)
    for _ in range(36):
        ward.hear("hr", 80)
        ward.wait(seconds=5)
    sealed = [x.event for x in ward.state.log if isinstance(x.event, e.SamplesSealed)]
    assert len(sealed) == 2
    assert all(s.minute.second == 0 and s.count == 12 and len(s.sha256) == 64 for s in sealed)


def test_what_happened_while_nothing_could_be_saved_is_saved_later() -> None:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT)
    ward.link(LinkState.LIVE)
    ward.store.broken = True
    ward.link(LinkState.LOST)
    for _ in range(3):
        ward.wait(seconds=30)
    assert "LinkLost" not in names(ward)
    ward.store.broken = False
    ward.wait(seconds=5)
    assert names(ward).count("LinkLost") == 1


def test_a_lost_monitor_is_an_event_and_so_is_its_return() -> None:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT)
    for state in (LinkState.OPENING, LinkState.LIVE, LinkState.LOST, LinkState.OPENING, LinkState.LIVE):
        ward.link(state)
    assert [n for n in names(ward) if n.startswith("Link")] == ["LinkFound", "LinkLost", "LinkFound"]


def test_a_monitor_that_was_live_before_the_record_took_it_is_found_then_so_that_losses_pair() -> None:
    ward = weighed()
    ward.bedside.connect(ward.infusion_id, PORT)
    ward.link(LinkState.LIVE)
    ward.link(LinkState.LOST)
    ward.link(LinkState.LIVE)
    assert not {"LinkFound", "LinkLost"} & set(ward.store.events)
    receive(ward)
    for state in (LinkState.LIVE, LinkState.LIVE, LinkState.LOST, LinkState.LOST, LinkState.LIVE):
        ward.link(state)
    assert [name for name in ward.store.events if name.startswith("Link")] == ["LinkFound", "LinkLost", "LinkFound"]


def test_after_an_unknown_gap_a_person_says_what_time_it_is() -> None:
    ward = running()
    ward.wait(minutes=5)
    ward.bedside.resumed(ward.bedside.now(), "power", known=False)
    unknown = [ward.state.elapsed_unknown]
    real = ward.bedside.now() + timedelta(minutes=12)
    ward.bedside.confirm_time(ward.infusion_id, real, LI)
    assert [*unknown, ward.state.elapsed_unknown] == [True, False]
    assert ward.bedside.now() == real


def test_a_time_that_is_refused_moves_no_clock() -> None:
    ward = running()
    ward.bedside.resumed(ward.bedside.now(), "power", known=False)
    before, told = ward.bedside.now(), list[str]()
    for who, ahead in ((CHEN, timedelta(minutes=12)), (LI, timedelta(days=8))):
        ward.bedside.confirm_time(ward.infusion_id, before + ahead, who, lambda o: told.append(str(o.refused)))
    assert told == ["This needs another role: Nurse or Investigator.", "An infusion does not wait that long. Check the date."]
    assert ward.bedside.now() == before


def test_a_high_alarm_that_stands_needs_an_investigator_at_the_gate() -> None:
    ward = hung()
    ward.do(vitals(), LI)
    ward.bedside.latched = lambda _infusion_id: (say("SpO₂ low"),)
    refused = ward.do(Start(Decimal(20)), LI).refused
    assert str(refused) == "Only an investigator with a reason lets it go on: SpO₂ low."
    assert ward.do(Start(Decimal(20), "", ZHAO, "sensor had slipped"), LI).ok
    started = ward.state.entries[-1].event
    assert isinstance(started, e.Started)
    assert started.found == (say("SpO₂ low"),)


# --- orders


def test_an_order_holds_the_prescribers_signature_for_what_was_written() -> None:
    ward = Ward()
    order, signature = ward.state.entries
    assert isinstance(signature.event, e.OrderSigned)
    assert (signature.by, signature.event.signed_sha256) == (ZHAO.person_id, covered([order]).hex())


def test_the_next_dose_is_counted_from_the_one_before_also_after_it_was_closed() -> None:
    ward = running()
    today = local_day(ward.bedside.now())
    again = ("B-001", "14", "B", 1)
    assert ward.bedside.orders.irregular(again, ward.bedside.now()) == ("second",)
    second = ("B-001 ", "14", "B", 2)
    assert ward.bedside.orders.irregular(second, ward.bedside.now()) == ("window",)
    past = Past(doses={"B-001": [DoseBefore("B", 1, today - timedelta(days=7))]})
    other = ("B-002", "14", "B", 2)
    assert ward.bedside.orders.irregular(other, ward.bedside.now()) == ("sequence",)
    past = Past(doses={"B-002": [DoseBefore("B", 1, today - timedelta(days=7))]})
    later = Ward(past=past)
    assert later.bedside.orders.irregular(other, later.bedside.now()) == ()


def test_what_was_given_up_counts_for_nothing() -> None:
    ward = Ward()
    ward.do(Abandon("fever"), LI)
    assert ward.bedside.orders.irregular(("B-001", "14", "B", 1), ward.bedside.now()) == ()


def test_a_nurse_without_a_prescriber_orders_nothing() -> None:
    ward = Ward()
    with pytest.raises(Refused, match="Name the investigator who orders it"):
        ward.bedside.order("B-002", "14", "B", 1, LI)
    assert len(ward.bedside.infusions) == 1


def test_time_does_not_run_backwards_when_a_person_says_so() -> None:
    ward = running()
    ward.bedside.resumed(ward.bedside.now(), "power", known=False)
    answers: list[object] = []
    earlier = ward.bedside.now() - timedelta(minutes=1)
    ward.bedside.confirm_time(ward.infusion_id, earlier, LI, lambda o: answers.append(o.refused))
    assert [str(a) for a in answers] == ["Time does not run backwards."]


def test_the_ward_names_the_soonest_task_of_all_beds() -> None:
    ward = running()
    other = ward.bedside.order("A-002", "14", "A", 1, ZHAO)
    found = most_urgent(ward.bedside.look().values(), ward.bedside.now())
    assert found is not None
    assert found[0].state.infusion_id in (ward.infusion_id, other)


def test_an_order_that_cannot_be_written_opens_nothing() -> None:
    ward = Ward()
    ward.store.broken = True
    told: list[str] = []
    ward.bedside.order("A-009", "15", "A", 1, ZHAO, lambda o: told.append(str(o.failed)))
    assert told == ["The disk is full."]
    assert len(ward.bedside.infusions) == 1


def test_a_note_is_kept_for_good() -> None:
    ward = running()
    ward.do(AddNote("patient asleep"), LI)
    assert names(ward)[-1] == "NoteAdded"


def test_a_link_lost_behind_the_end_of_the_record_is_let_go() -> None:
    ward = Ward()
    ward.bedside.connect(ward.infusion_id, PORT)
    ward.store.holding = True
    ward.do(Abandon("wrong subject"), LI)
    ward.bedside.resumed(ward.bedside.now(), "stopped", known=True)
    ward.store.holding = False
    ward.store.release()
    assert names(ward)[-1] == "Abandoned"


@pytest.mark.parametrize(("practice", "taken"), [(True, True), (False, False)])
@pytest.mark.parametrize("quality", [Quality.DEMO, Quality.TEST])
def test_a_demo_value_is_charted_in_practice_only(practice: bool, taken: bool, quality: Quality) -> None:
    ward = Ward(practice=practice)
    ward.bedside.connect(ward.infusion_id, PORT)
    ward.hear("hr", 80, quality, simulated=False)
    assert (ward.bedside.watched(ward.infusion_id).newest("hr") is not None) is taken


def test_one_bed_takes_what_two_monitors_give_and_one_silent_of_them_is_told() -> None:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT, "COM8")
    watched = ward.bedside.watched(ward.infusion_id)
    ward.link(LinkState.LIVE)
    ward.bedside.take_link(LinkStatus("COM8", "nellcor", True, LinkState.LIVE, ward.bedside.now()))
    ward.hear("hr", 80)
    ward.hear("spo2", 97)
    assert watched.link is not None
    assert watched.link.state is LinkState.LIVE
    ward.bedside.take_link(LinkStatus("COM8", "nellcor", True, LinkState.LOST, ward.bedside.now()))
    assert watched.link.port == "COM8"
    lost = [x.event for x in ward.state.entries if isinstance(x.event, e.LinkLost)]
    assert [x.port for x in lost] == ["COM8"]
    ward.bedside.connect(ward.infusion_id, PORT)
    assert watched.link.port == PORT
