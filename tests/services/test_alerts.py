"""Alarms over all beds: acknowledged, paused, broken through."""

from datetime import timedelta

from app.domain.vitals.vital_signs import Quality
from app.domain.watch.priority import Priority
from app.services.ward.alerts import Alerts
from devices.link import LinkState
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
    assert keys(alerts) == ["value:hr"]
    assert str(alerts.active()[0].text) == "Heart rate high: 121 /min (limit 120)"


def test_a_value_too_old_to_use_is_no_alarm_any_more() -> None:
    ward, alerts = watched()
    ward.hear("hr", 130)
    ward.wait(seconds=60)
    assert keys(alerts) == ["value:hr"]
    ward.wait(seconds=5)
    assert keys(alerts) == []


def test_an_acknowledged_alarm_is_silent_until_it_grows() -> None:
    ward, alerts = watched()
    ward.hear("spo2", 89)
    first = alerts.active()[0]
    assert alerts.to_sound([first]) is Priority.MEDIUM
    alerts.acknowledge(first)
    assert alerts.to_sound(alerts.active()) is None
    ward.wait(seconds=5)
    ward.hear("spo2", 84)
    assert alerts.to_sound(alerts.active()) is Priority.HIGH


def test_an_alarm_that_cleared_and_came_back_sounds_again() -> None:
    ward, alerts = watched()
    ward.hear("hr", 130)
    alerts.acknowledge(alerts.active()[0])
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
    alerts.pause_sound()
    assert alerts.to_sound(alerts.active()) is None
    ward.hear("spo2", 80)
    assert alerts.to_sound(alerts.active()) is Priority.HIGH


def test_a_pause_ends_by_itself_and_by_hand() -> None:
    ward, alerts = watched()
    alerts.pause_sound()
    until = alerts.sound_paused_until()
    assert until == ward.bedside.now() + timedelta(minutes=2)
    ward.wait(minutes=2)
    assert alerts.sound_paused_until() is None
    alerts.pause_sound()
    alerts.resume_sound()
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
    from tests.domain.cast import LI

    ward, alerts = watched()
    ward.store.broken = True
    ward.do(Pause(), LI)
    alerts.active()
    alerts.pause_sound()
    assert alerts.to_sound(alerts.active()) is Priority.HIGH


def test_a_value_that_may_not_be_charted_never_alarms() -> None:
    ward, alerts = watched()
    ward.hear("hr", 200, Quality.QUESTIONABLE)
    assert keys(alerts) == []


def test_overdue_vital_signs_remind_after_two_minutes() -> None:
    ward, alerts = watched()
    ward.wait(minutes=16, seconds=55)
    assert "task:vitals" not in keys(alerts)
    ward.wait(seconds=5)
    assert "task:vitals" in keys(alerts)


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
