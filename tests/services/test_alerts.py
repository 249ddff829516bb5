"""Alarms over all beds: acknowledged, paused, broken through."""

from datetime import timedelta

from app.domain.vitals.vital_signs import Quality
from app.domain.watch.priority import Priority
from app.services.ward.alerts import Alerts
from devices.link import LinkState
from tests.domain.cast import LI
from tests.domain.play import vitals
from tests.services.ward import PORT, Ward, running


def watched() -> tuple[Ward, Alerts]:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT)
    return ward, Alerts(ward.bedside)


def keys(alerts: Alerts) -> list[str]:
    return [a.key for a in alerts.active()]


def test_a_value_equal_to_its_limit_is_no_alarm_and_one_beyond_is() -> None:
    ward, alerts = watched()
    ward.hear("hr", 120)
    assert keys(alerts) == []
    ward.wait(seconds=5)
    ward.hear("hr", 121)
    assert keys(alerts) == ["hr"]
    assert str(alerts.active()[0].text) == "Heart rate high: 78 → 121 /min (limit 120)"


def test_a_value_that_grows_old_latches_and_a_named_person_resets_it() -> None:
    ward, alerts = watched()
    ward.hear("hr", 130)
    ward.wait(seconds=60)
    assert [(a.key, a.alarm.signal.value) for a in alerts.active()] == [("hr", "active")]
    alerts.reset(alerts.active()[0], LI)
    assert keys(alerts) == ["hr"], "while the value is bad a reset does nothing"
    ward.wait(seconds=5)
    assert [(a.key, a.alarm.signal.value) for a in alerts.active()] == [("hr", "latched"), ("stale:hr", "active")]
    alerts.reset(alerts.active()[0], LI)
    assert keys(alerts) == ["stale:hr"]
    assert "AlarmReset" in ward.store.events


def test_an_acknowledged_alarm_is_silent_until_it_grows() -> None:
    ward, alerts = watched()
    ward.hear("spo2", 89)
    first = alerts.active()[0]
    assert alerts.to_sound([first]) is Priority.MEDIUM
    alerts.acknowledge(first, LI)
    assert alerts.to_sound(alerts.active()) is None
    ward.wait(seconds=5)
    ward.hear("spo2", 84)
    assert alerts.to_sound(alerts.active()) is Priority.HIGH


def test_an_alarm_that_cleared_and_came_back_sounds_again() -> None:
    ward, alerts = watched()
    ward.hear("hr", 130)
    alerts.acknowledge(alerts.active()[0], LI)
    ward.wait(seconds=5)
    ward.hear("hr", 90)
    assert keys(alerts) == []
    ward.wait(seconds=5)
    ward.hear("hr", 130)
    assert alerts.to_sound(alerts.active()) is Priority.MEDIUM


def test_a_new_alarm_breaks_through_a_pause_of_two_minutes() -> None:
    ward, alerts = watched()
    ward.hear("hr", 130)
    alerts.active()
    alerts.pause_sound(LI)
    assert alerts.to_sound(alerts.active()) is None
    ward.hear("spo2", 80)
    assert alerts.to_sound(alerts.active()) is Priority.HIGH


def test_a_pause_ends_by_itself_and_by_hand() -> None:
    ward, alerts = watched()
    alerts.pause_sound(LI)
    until = alerts.sound_paused_until()
    assert until == ward.bedside.now() + timedelta(minutes=2)
    ward.wait(minutes=2)
    assert alerts.sound_paused_until() is None
    alerts.pause_sound(LI)
    alerts.resume_sound(LI)
    assert alerts.sound_paused_until() is None


def test_a_monitor_that_falls_silent_alarms() -> None:
    ward, alerts = watched()
    ward.link(LinkState.LIVE)
    ward.link(LinkState.STALE)
    assert keys(alerts) == ["link"]


def test_a_cable_that_is_back_clears_no_alarm_before_the_monitor_speaks() -> None:
    ward, alerts = watched()
    for state in (LinkState.LIVE, LinkState.LOST, LinkState.NEGOTIATING):
        ward.link(state)
    assert keys(alerts) == ["link"]
    ward.link(LinkState.LIVE)
    assert keys(alerts) == []


def test_a_write_that_fails_sounds_through_a_pause() -> None:
    from app.domain.infusion.chapters.pause import Pause

    ward, alerts = watched()
    ward.store.broken = True
    ward.do(Pause(), LI)
    alerts.active()
    alerts.pause_sound(LI)
    assert alerts.to_sound(alerts.active()) is Priority.HIGH


def test_a_value_that_may_not_be_charted_never_alarms() -> None:
    ward, alerts = watched()
    ward.hear("hr", 200, Quality.QUESTIONABLE)
    assert keys(alerts) == []


def test_a_check_is_told_low_when_due_medium_after_two_minutes_and_until_it_is_answered() -> None:
    ward, alerts = watched()

    def told() -> list[Priority]:
        return [a.priority for a in alerts.active() if a.key == "vitals"]

    ward.wait(minutes=14, seconds=55)
    assert told() == []
    ward.wait(seconds=5)
    assert told() == [Priority.LOW]
    ward.wait(minutes=1, seconds=55)
    assert told() == [Priority.LOW]
    ward.wait(seconds=5)
    assert told() == [Priority.MEDIUM]
    ward.wait(minutes=20)
    assert told() == [Priority.MEDIUM], "one line, though two checks are missed"
    ward.do(vitals(late_reason="busy"), LI)
    assert told() == []


def test_an_alarm_stands_since_it_began_not_since_its_newest_value() -> None:
    ward, alerts = watched()
    ward.hear("hr", 125)
    began = alerts.active()[0].since
    for _ in range(3):
        ward.wait(seconds=5)
        ward.hear("hr", 126)
        assert alerts.active()[0].since == began
    ward.hear("hr", 90)
    ward.wait(seconds=5)
    assert keys(alerts) == []
    ward.hear("hr", 125)
    assert alerts.active()[0].since > began
