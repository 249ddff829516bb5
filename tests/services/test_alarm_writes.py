"""Alarms are shown and heard at once and written after; what cannot be written waits, and nothing is forgotten."""

from datetime import timedelta

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.log import Entry
from app.domain.watch.priority import Priority
from app.services.ward.alerts import Alerts
from app.services.ward.infusion_writes import RETRY_AFTER
from devices.link import LinkState
from tests.domain.cast import LI, WANG
from tests.services.ward import PORT, Ward, hung, running


def watched() -> tuple[Ward, Alerts]:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT)
    ward.link(LinkState.LIVE)
    ward.wait(seconds=70)
    return ward, Alerts(ward.bedside)


def alarm_events(ward: Ward) -> list[tuple[str, str | None]]:
    """What was written of alarms and by whom, but for the check before the start."""
    told = [x for x in saved(ward) if "Alarm" in type(x.event).__name__ or isinstance(x.event, e.SoundPaused)]
    return [(type(x.event).__name__, x.by) for x in told if getattr(x.event, "key", "") != "vitals"]


def saved(ward: Ward) -> list[Entry]:
    return [entry for batch in ward.store.batches for entry in batch.entries]


def test_an_alarm_is_written_with_who_did_what_to_it() -> None:
    ward, alerts = watched()
    ward.hear("hr", 130)
    alerts.pause_sound(WANG)
    alerts.acknowledge(alerts.active()[0], LI)
    ward.link(LinkState.LOST)
    hr = next(a for a in alerts.active() if a.key == "hr")
    alerts.reset(hr, LI)
    ward.wait(seconds=5)
    assert alarm_events(ward) == [
        ("AlarmRaised", None), ("SoundPaused", "n2"), ("AlarmAcknowledged", "n1"), ("AlarmRaised", None), ("AlarmReset", "n1"),
    ]  # fmt: skip


def test_no_disk_delays_or_silences_an_alarm() -> None:
    ward, alerts = watched()
    ward.store.broken = True
    ward.hear("spo2", 80)
    assert alerts.to_sound(alerts.active()) is Priority.HIGH
    ward.bedside.tick()
    assert {a.key for a in alerts.active()} == {"spo2", "unsaved"}
    alerts.acknowledge(next(a for a in alerts.active() if a.key == "spo2"), LI)
    assert alarm_events(ward) == []
    ward.store.broken = False
    ward.wait(seconds=RETRY_AFTER.total_seconds() + 5)
    assert {a.key for a in alerts.active()} == {"spo2"}
    raised = [(x.event.key, x.event.priority) for x in saved(ward) if isinstance(x.event, e.AlarmRaised)]
    assert raised[-2:] == [("spo2", "high"), ("unsaved", "high")]
    assert ("AlarmAcknowledged", "n1") in alarm_events(ward)


def test_a_store_that_hangs_delays_no_alarm_and_loses_none() -> None:
    ward, alerts = watched()
    ward.store.holding = True
    ward.hear("spo2", 80)
    ward.wait(seconds=5)
    ward.hear("spo2", 80)
    assert [a.key for a in alerts.active()] == ["spo2"]
    ward.store.holding = False
    ward.store.release()
    ward.wait(seconds=5)
    assert alarm_events(ward) == [("AlarmRaised", None)]


def test_after_a_restart_what_latched_and_who_acknowledged_stand() -> None:
    ward, alerts = watched()
    ward.hear("hr", 130)
    ward.hear("spo2", 80)
    alerts.acknowledge(next(a for a in alerts.active() if a.key == "hr"), LI)
    ward.bedside.tick()
    ward.bedside.adopt(ward.infusion_id, saved(ward))
    again = Alerts(ward.bedside)
    assert {a.key: (a.alarm.signal.value, a.alarm.acknowledged_by) for a in again.active()} == {
        "spo2": ("latched", None), "hr": ("latched", "n1"),
    }  # fmt: skip
    assert again.to_sound(again.active()) is Priority.HIGH


def test_a_pause_outlives_a_restart_and_no_new_alarm() -> None:
    ward, alerts = watched()
    ward.hear("hr", 130)
    ward.bedside.tick()
    alerts.pause_sound(LI)
    ward.bedside.adopt(ward.infusion_id, saved(ward))
    assert Alerts(ward.bedside).sound_paused_until() == alerts.sound_paused_until()
    alerts.resume_sound(LI)
    ward.bedside.adopt(ward.infusion_id, saved(ward))
    assert Alerts(ward.bedside).sound_paused_until() is None


def test_when_an_infusion_is_over_its_alarms_end_with_it() -> None:
    ward = hung()
    ward.bedside.connect(ward.infusion_id, PORT)
    ward.hear("spo2", 80)
    ward.bedside.tick()
    ward.do(Abandon("not today"), LI)
    ward.wait(seconds=10)
    assert ward.bedside.bed(ward.infusion_id).alarms == ()
    assert ward.store.events[-1] == "AlarmCleared"


def test_a_value_that_was_there_for_a_moment_is_judged() -> None:
    ward, alerts = watched()
    ward.hear("spo2", 80)
    ward.link(LinkState.LOST)
    assert [(a.key, a.alarm.signal.value) for a in alerts.active()] == [("spo2", "latched"), ("link", "active")]
    assert alerts.active()[0].since <= ward.bedside.now() + timedelta(0)
