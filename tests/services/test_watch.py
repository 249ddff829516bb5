"""One look at the ward: held until the next tick, and anew at once where something happened."""

from datetime import datetime
from decimal import Decimal

import pytest

from app.domain.infusion.chapters.alarms import ChangeLimits
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.phases import Phase
from app.domain.infusion.task_kinds import TaskKind
from app.domain.vitals.own_limits import OwnLimits
from app.domain.vitals.vital_signs import Quality
from app.domain.watch.bed_seen import BedSeen
from app.services.ward.watch import most_urgent
from devices.link import LinkState
from tests.domain.cast import LI
from tests.services.ward import PORT, Ward, running


@pytest.fixture
def ward() -> Ward:
    made = running()
    made.bedside.connect(made.infusion_id, PORT)
    made.link(LinkState.LIVE)
    return made


def test_a_look_is_held_until_the_next_tick(ward: Ward) -> None:
    seen = ward.bedside.bed(ward.infusion_id)
    assert ward.bedside.look()[ward.infusion_id] is seen
    ward.bedside.tick()
    assert ward.bedside.bed(ward.infusion_id) is not seen


def test_a_command_between_two_ticks_is_seen_at_once(ward: Ward) -> None:
    assert ward.bedside.bed(ward.infusion_id).state.phase is Phase.RUNNING
    ward.do(Pause(), LI)
    seen = ward.bedside.bed(ward.infusion_id)
    assert seen.state is ward.state
    assert TaskKind.RESUME in [task.kind for task in seen.tasks]


def test_a_value_and_a_link_between_two_ticks_are_seen_at_once(ward: Ward) -> None:
    assert ward.bedside.bed(ward.infusion_id).alarms == ()
    ward.hear("hr", 130)
    seen = ward.bedside.bed(ward.infusion_id)
    assert ([a.key for a in seen.alarms], [*seen.values]) == (["hr"], ["hr"])
    ward.link(LinkState.LOST)
    seen = ward.bedside.bed(ward.infusion_id)
    assert [(a.key, a.alarm.signal.value) for a in seen.alarms] == [("hr", "latched"), ("link", "active")]
    assert seen.link is not None
    assert seen.link.state is LinkState.LOST


@pytest.mark.parametrize(("value", "told"), [(120, 0), (121, 1), (50, 0), (49, 1)])
def test_a_value_beyond_its_limit_for_less_than_a_tick_is_raised(ward: Ward, value: int, told: int) -> None:
    ward.hear("hr", 84)
    ward.bedside.tick()
    before = ward.bedside.alarms.news
    ward.hear("hr", value)
    ward.hear("hr", 84)
    assert ward.bedside.alarms.news - before == told


@pytest.mark.parametrize(("value", "told"), [(98, 0), (99, 1), (121, 1)])
def test_a_patients_own_limits_are_looked_at_at_once_too(ward: Ward, value: int, told: int) -> None:
    ward.do(ChangeLimits((OwnLimits("hr", Decimal(62), Decimal(98)),), "usual_for_patient"), LI)
    ward.hear("hr", 84)
    ward.bedside.tick()
    before = ward.bedside.alarms.news
    ward.hear("hr", value)
    ward.hear("hr", 84)
    assert ward.bedside.alarms.news - before == told


class CountedLooks:
    """How often a bed's alarms were judged."""

    def __init__(self, ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count, self._look = 0, ward.bedside.alarms.beds[ward.infusion_id].look
        monkeypatch.setattr(ward.bedside.alarms.beds[ward.infusion_id], "look", self.look)

    def look(self, bed: BedSeen, now: datetime) -> None:
        self.count += 1
        self._look(bed, now)


def test_only_what_crosses_a_limit_comes_or_goes_is_looked_at_between_two_ticks(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An S/5 repeats its last cuff pressure in every record, and says of each empty socket that nothing is there."""
    for vital, value in {"hr": 84, "spo2": 97, "nibp_sys": 120, "nibp_dia": 75, "nibp_map": 90}.items():
        ward.hear(vital, value)
    ward.bedside.tick()
    looks = CountedLooks(ward, monkeypatch)
    for value in range(80, 90):
        ward.hear("hr", value)
        ward.hear("nibp_sys", 120, Quality.STALE)
        ward.hear("nibp_dia", None, Quality.MEASURING)
        ward.hear("temp", None, Quality.UNAVAILABLE)
        ward.hear("weight", 70)
    assert looks.count == 0
    for vital, found, quality in (
        ("hr", 121, Quality.OK), ("hr", 84, Quality.OK), ("spo2", None, Quality.SENSOR_OFF), ("spo2", 97, Quality.OK),
        ("temp", "36.5", Quality.OK),
    ):  # fmt: skip
        before = looks.count
        for _ in range(3):
            ward.hear(vital, found, quality)
        assert looks.count == before + 1, vital


def test_a_value_in_another_band_of_news2_is_looked_at_at_once(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within all limits: 91 and 111 a minute score, 90 and 110 less; 95 % scores, 96 % does not, and with oxygen on scale 2 less
    than 97 %.
    """
    for vital, value in {"hr": 90, "spo2": 98}.items():
        ward.hear(vital, value)
    ward.bedside.tick()
    looks = CountedLooks(ward, monkeypatch)
    for vital, value, is_looked_at in (
        ("hr", 89, False), ("hr", 90, False), ("hr", 91, True), ("hr", 110, False), ("hr", 111, True),
        ("spo2", 97, False), ("spo2", 96, True), ("spo2", 95, True), ("spo2", 94, True), ("spo2", 93, True),
    ):  # fmt: skip
        before = looks.count
        ward.hear(vital, value)
        assert looks.count == before + is_looked_at, (vital, value)


def test_a_write_that_fails_alarms_at_once_and_since_it_failed(ward: Ward) -> None:
    assert ward.bedside.bed(ward.infusion_id).alarms == ()
    ward.store.broken = True
    ward.do(Pause(), LI)
    failed_at = ward.bedside.now()
    ward.wait(seconds=20)
    (alarm,) = ward.bedside.bed(ward.infusion_id).alarms
    assert (alarm.key, alarm.since, alarm.alarm.finding.can_pause) == ("unsaved", failed_at, False)
    ward.store.broken = False
    ward.wait(seconds=5)
    assert ward.bedside.bed(ward.infusion_id).alarms == ()


def test_a_bed_without_a_monitor_is_not_silent() -> None:
    made = running()
    assert made.bedside.bed(made.infusion_id).link is None
    assert made.bedside.bed(made.infusion_id).alarms == ()


def test_a_closed_infusion_alarms_no_more_and_nothing_is_soonest_in_it() -> None:
    made = Ward()
    assert most_urgent(made.bedside.look().values(), made.bedside.now()) is not None
    made.do(Abandon("ordered twice"), LI)
    seen = made.bedside.bed(made.infusion_id)
    assert (seen.is_open, seen.alarms, seen.next) == (False, (), None)
    assert most_urgent(made.bedside.look().values(), made.bedside.now()) is None
