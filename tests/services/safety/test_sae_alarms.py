"""The clock of a serious adverse event alarms at no bed: raised, acknowledged, remembered over a restart, ended by the report."""

from datetime import timedelta

import pytest

from app.domain.infusion import facts as e
from app.domain.log import Entry
from app.domain.safety.sae_clock import SAE_SOON
from app.domain.trial.subject.subject_commands import NoteAdverseEvent, ReportSae
from app.domain.trial.subject.subject_facts import AdverseEventNoted
from app.domain.watch.priority import Priority
from app.services.safety.sae_alarms import SaeAlarms
from app.services.safety.sae_watch import SaeWatch
from app.services.trial.trial_desk import TrialDesk
from app.services.ward.alerts import Alerts
from app.services.ward.infusion_writes import RETRY_AFTER
from tests.domain.cast import LI, ZHAO
from tests.domain.trial.subjects import enrolled
from tests.services.safety.test_acute_checks import Log
from tests.services.trial.memory import desk_on
from tests.services.ward import Ward

HOURS = 24


class Clocked:
    """A ward whose only trouble is one serious adverse event, known for 19 h."""

    def __init__(self) -> None:
        self.ward = Ward()
        self.desk = desk_on(self.ward, enrolled("S-001").entries)
        aware_at = self.ward.bedside.now() - timedelta(hours=19)
        event = AdverseEventNoted("Sepsis", 4, self.desk.today, True, True, criteria=("hospital",), aware_at=aware_at)
        self.desk.submit("S-001", NoteAdverseEvent(event), ZHAO)
        self.alerts = self.restarted(self.desk)

    def restarted(self, desk: TrialDesk) -> Alerts:
        self.watch = SaeWatch(Log(self.ward.store), lambda: HOURS, self.ward.bedside.now)
        desk.when_changed(self.watch.read)
        return Alerts(self.ward.bedside, SaeAlarms(self.watch, Log(self.ward.store), desk))

    def keys(self) -> list[str]:
        return [a.key.partition(":")[0] for a in self.alerts.active() if a.key.startswith("sae")]

    def wait(self, hours: float) -> None:
        self.ward.clock.move(seconds=hours * 3600)

    def written(self) -> list[tuple[str, str | None]]:
        entries: list[Entry] = [x for batch in self.ward.store.batches for x in batch.entries]
        told = (e.AlarmRaised, e.AlarmAcknowledged, e.AlarmCleared)
        return [(type(x.event).__name__, x.by) for x in entries if isinstance(x.event, told) and x.stream == "subject:S-001"]


@pytest.fixture
def clocked() -> Clocked:
    return Clocked()


def test_low_from_four_hours_before_its_end_and_anew_once_it_is_over(clocked: Clocked) -> None:
    assert clocked.keys() == []
    clocked.wait(1)
    assert (clocked.keys(), SAE_SOON) == (["sae_due"], timedelta(hours=4))
    (alarm,) = [a for a in clocked.alerts.active() if a.key.startswith("sae")]
    assert (alarm.priority, str(alarm.text)) == (Priority.LOW, "SAE of S-001: Sepsis, the report is due soon")
    clocked.alerts.acknowledge(alarm, LI)
    clocked.alerts.reset(alarm, LI)
    assert clocked.alerts.active()[0].is_acknowledged
    clocked.wait(4)
    assert clocked.keys() == ["sae_due"]
    clocked.wait(0.01)
    assert clocked.keys() == ["sae_late"]
    assert not clocked.alerts.active()[0].is_acknowledged
    assert clocked.written() == [("AlarmRaised", None), ("AlarmAcknowledged", LI.person_id), ("AlarmRaised", None)]


def test_after_a_restart_it_is_as_it_was(clocked: Clocked) -> None:
    clocked.wait(1)
    clocked.alerts.acknowledge(clocked.alerts.active()[0], LI)
    clocked.alerts = clocked.restarted(desk_on(clocked.ward))
    (alarm,) = clocked.alerts.active()
    assert (alarm.key.partition(":")[0], alarm.alarm.acknowledged_by) == ("sae_due", LI.person_id)
    assert len(clocked.written()) == 2


def test_the_report_ends_it(clocked: Clocked) -> None:
    clocked.wait(6)
    assert clocked.keys() == ["sae_late"]
    clocked.desk.submit("S-001", ReportSae(clocked.watch.running[0].event_id, clocked.ward.bedside.now(), "sponsor"), ZHAO)
    assert clocked.keys() == []
    clocked.wait(0.1)
    clocked.alerts.active()
    assert clocked.written()[-1] == ("AlarmCleared", None)


def test_what_cannot_be_written_is_shown_and_written_later(clocked: Clocked) -> None:
    clocked.ward.store.broken = True
    clocked.wait(1)
    assert (clocked.keys(), clocked.written()) == (["sae_due"], [])
    clocked.alerts.pause_sound(LI)
    clocked.ward.store.broken = False
    clocked.wait(RETRY_AFTER.total_seconds() / 3600)
    assert clocked.keys() == ["sae_due"]
    assert clocked.written() == [("AlarmRaised", None)]


def test_the_window_is_told_when_it_alarms_next(clocked: Clocked) -> None:
    (clock,) = clocked.watch.running
    assert clocked.alerts.due_at() == clock.until - SAE_SOON
    clocked.wait(1)
    assert clocked.alerts.due_at() == clock.until
    clocked.wait(5)
    assert clocked.alerts.due_at() is None
