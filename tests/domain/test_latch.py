"""The one machine for every alarm: what holds whatever happens."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.watch.latch import (
    LONGEST_PAUSE,
    Alarms,
    Finding,
    Inside,
    Signal,
    Stepped,
    acknowledged,
    closed,
    heard,
    looked,
    rank,
    reset,
)
from app.domain.watch.priority import Priority

from .cast import clock

AT = clock("14:00")
STEADY = settings(deadline=None, derandomize=True, database=None)
KEYS = ("spo2", "hr", "link")
#: What may be seen of one key: bad at a priority, well, or nothing known.
SEEN = st.sampled_from([None, "well", *Priority])
STEPS = st.lists(
    st.tuples(
        st.fixed_dictionaries(dict.fromkeys(KEYS, SEEN)), st.sampled_from(["", "acknowledge", "reset"]), st.sampled_from(KEYS)
    )
)


def verdict(key: str, seen: Any) -> list[Finding | Inside]:
    if seen is None:
        return []
    if seen == "well":
        return [Inside(key, AT)]
    return [Finding(key=key, priority=seen, since=AT, latches=key != "link", of_patient=key != "link")]


def step(before: Alarms, seen: dict[str, Any], do: str, key: str) -> tuple[Alarms, Alarms]:
    """The alarms after the look, and after what the person did."""
    look, _ = looked(before, [x for k, s in seen.items() for x in verdict(k, s)], AT)
    if do == "acknowledge":
        return look, acknowledged(look, key, "n1", AT)[0]
    if do == "reset":
        return look, reset(look, key, "n1", AT)[0]
    return look, look


@STEADY
@given(STEPS)
def test_an_alarm_whose_value_never_came_back_inside_is_never_inactive_without_a_reset(steps: list[Any]) -> None:
    alarms, bad = Alarms(), set[str]()
    for seen, do, key in steps:
        look, alarms = step(alarms, seen, do, key)
        for code in ("spo2", "hr"):
            if isinstance(seen[code], Priority):
                bad.add(code)
            elif seen[code] == "well":
                bad.discard(code)
        assert bad <= set(look.standing)
        if do == "reset" and seen[key] is None:
            bad.discard(key)
        assert bad <= set(alarms.standing)
        assert {k for k, a in alarms.standing.items() if a.is_gone} == {k for k in alarms.standing if seen[k] is None}


@STEADY
@given(STEPS, st.sampled_from(KEYS))
@pytest.mark.uncounted
def test_acknowledging_or_resetting_one_changes_no_other(steps: list[Any], key: str) -> None:
    alarms = Alarms()
    for seen, do, on in steps:
        _, alarms = step(alarms, seen, do, on)
    for after, _ in (acknowledged(alarms, key, "n1", AT), reset(alarms, key, "n1", AT)):
        assert {k: v for k, v in after.standing.items() if k != key} == {k: v for k, v in alarms.standing.items() if k != key}


@STEADY
@given(STEPS)
def test_what_is_acknowledged_is_heard_again_only_when_it_grew_or_returned(steps: list[Any]) -> None:
    alarms = Alarms()
    for seen, do, key in steps:
        before = alarms
        look, alarms = step(alarms, seen, do, key)
        for code, alarm in look.standing.items():
            old = before.standing.get(code)
            if old is not None and old.is_silenced:
                assert alarm.is_silenced is (alarm.priority <= old.priority)


def found(priority: Priority, **more: Any) -> Finding:
    return Finding(key="spo2", priority=priority, since=more.pop("since", AT), **{"latches": True, **more})


def changes(stepped: Stepped) -> list[str]:
    return [change.became for change in stepped[1]]


def test_what_became_of_an_alarm_is_told() -> None:
    raised = looked(Alarms(), [found(Priority.MEDIUM)], AT)
    grew = looked(raised[0], [found(Priority.HIGH)], AT)
    sank = looked(grew[0], [found(Priority.MEDIUM)], AT)
    gone = looked(sank[0], [], AT)
    assert [changes(x) for x in (raised, grew, sank, gone)] == [["raised"], ["grew"], ["sank"], []]
    assert gone[0].standing["spo2"].signal is Signal.LATCHED
    assert changes(looked(gone[0], [Inside("spo2", AT)], AT)) == ["cleared"]
    assert changes(closed(gone[0], AT)) == ["cleared"]
    assert changes(reset(gone[0], "spo2", "n1", AT)) == ["reset"]
    assert changes(reset(sank[0], "spo2", "n1", AT)) == []
    assert changes(acknowledged(gone[0], "hr", "n1", AT)) == []
    silent = acknowledged(gone[0], "spo2", "n1", AT)
    assert changes(silent) == ["acknowledged"]
    assert changes(acknowledged(silent[0], "spo2", "n2", AT)) == [], "it stays the first person's"


def test_since_is_told_of_the_present_priority() -> None:
    later = AT + timedelta(seconds=30)
    alarms, _ = looked(Alarms(), [found(Priority.MEDIUM)], AT)
    alarms, _ = looked(alarms, [found(Priority.MEDIUM, since=later)], later)
    assert alarms.standing["spo2"].since == AT
    alarms, _ = looked(alarms, [found(Priority.HIGH, since=later)], later)
    assert alarms.standing["spo2"].since == later


def test_an_older_good_value_ends_nothing() -> None:
    alarms, _ = looked(Alarms(), [found(Priority.MEDIUM)], AT)
    for at, left in ((AT - timedelta(seconds=1), {"spo2"}), (AT, set())):
        assert set(looked(alarms, [Inside("spo2", at)], AT)[0].standing) == left


def test_a_reason_must_hold_without_a_break() -> None:
    slow = found(Priority.MEDIUM, hold_s=60, reason="baseline")
    alarms, _ = looked(Alarms(), [slow], AT)
    alarms, _ = looked(alarms, [Inside("spo2", AT)], AT + timedelta(seconds=59))
    alarms, _ = looked(alarms, [found(Priority.MEDIUM, hold_s=60, reason="baseline", since=AT + timedelta(seconds=60))],
                       AT + timedelta(seconds=60))  # fmt: skip
    assert not alarms.standing
    alarms, told = looked(alarms, [slow], AT + timedelta(seconds=120))
    assert [x.at for x in told] == [AT + timedelta(seconds=120)]


def test_a_pause_silences_what_may_be_paused() -> None:
    may, never = found(Priority.MEDIUM), Finding(key="mismatch", priority=Priority.HIGH, since=AT, can_pause=False)
    alarms, _ = looked(Alarms(), [may], AT)
    assert heard(alarms.standing.values(), paused=True) is None
    alarms, _ = looked(alarms, [may, never], AT)
    assert heard(alarms.standing.values(), paused=True) is Priority.HIGH
    assert timedelta(seconds=120) == LONGEST_PAUSE


def test_the_patient_ranks_above_the_protocol_within_a_priority_and_above_reminders_when_acknowledged() -> None:
    patient, link = found(Priority.MEDIUM, of_patient=True), Finding(key="link", priority=Priority.MEDIUM, since=AT)
    unsaved = Finding(key="unsaved", priority=Priority.HIGH, since=AT)
    alarms, _ = looked(Alarms(), [link, patient], AT)
    alarms, _ = acknowledged(alarms, "spo2", "n1", AT)
    assert [a.key for a in sorted(alarms.standing.values(), key=rank)] == ["spo2", "link"]
    alarms, _ = looked(alarms, [link, patient, unsaved], AT)
    assert [a.key for a in sorted(alarms.standing.values(), key=rank)] == ["unsaved", "spo2", "link"]
    alarms, _ = acknowledged(alarms, "unsaved", "n1", AT)
    assert [a.key for a in sorted(alarms.standing.values(), key=rank)] == ["spo2", "link", "unsaved"]
