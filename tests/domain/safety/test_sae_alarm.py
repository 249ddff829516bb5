"""The clock of a serious adverse event as a condition: nothing, due soon, overdue; both ends are still in time."""

from datetime import timedelta

import msgspec
import pytest

from app.domain.infusion.facts import AlarmRaised
from app.domain.infusion.phases import Phase
from app.domain.log import Entry, encode
from app.domain.safety.sae_clock import SaeClock
from app.domain.streams import decode
from app.domain.trial.subject.subject_state import subject_of
from app.domain.watch.alarm_log import finding_of, restored
from app.domain.watch.alarm_words import to_do, what
from app.domain.watch.bed_seen import BedSeen
from app.domain.watch.conditions import verdicts
from app.domain.watch.latch import Finding
from app.domain.watch.priority import Priority
from tests.domain.cast import TRIAL
from tests.domain.trial.subjects import NOW, screened

CLOCK = SaeClock("e1", "S-001", "Sepsis", 4, NOW, NOW + timedelta(hours=24))


@pytest.mark.parametrize(
    ("hours", "expected"), [(19.99, None), (20, "sae_due:e1"), (24, "sae_due:e1"), (24.01, "sae_late:e1"), (400, "sae_late:e1")]
)
def test_due_soon_and_overdue(hours: float, expected: str | None) -> None:
    bed = BedSeen(TRIAL, Phase.ABANDONED, sae=(CLOCK,))
    found = [x for x in verdicts(bed, NOW + timedelta(hours=hours)) if isinstance(x, Finding)]
    assert [x.key for x in found] == ([expected] if expected else [])
    assert all(x.priority is Priority.LOW and "S-001" in str(x.text) for x in found)


def test_it_has_words_and_is_read_again_from_the_subject_s_stream() -> None:
    assert "overdue" in str(what("sae_late:e1", Priority.LOW))
    assert "report" in str(to_do("sae_due:e1"))
    assert not finding_of("sae_due:e1", Priority.LOW, NOW, None, None, None).latches
    raised = AlarmRaised("sae_late:e1", "low", NOW)
    assert decode("subject", encode(raised)) == raised
    state = screened()
    entries = [*state.entries, Entry("a", "subject:S-001", NOW, None, raised)]
    assert msgspec.structs.replace(subject_of(state.code, entries), entries=state.entries) == state
    standing, _ = restored(entries)
    assert list(standing.standing) == ["sae_late:e1"]
