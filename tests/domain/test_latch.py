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


# --- what is told of each change, at whose hand, and since when


SECOND = timedelta(seconds=1)
LATER = AT + 30 * SECOND


def slow(priority: Priority, since: Any = AT, **more: Any) -> Finding:
    """It must have held for a minute."""
    return found(priority, since=since, hold_s=60, **{"reason": "baseline", **more})


def raised(*findings: Finding) -> Alarms:
    return looked(Alarms(), findings, AT)[0]


def test_each_change_tells_its_alarm_its_moment_and_its_person() -> None:
    alarms, (new,) = looked(Alarms(), [found(Priority.MEDIUM)], LATER)
    assert (new.became, new.alarm, new.at, new.by, new.is_news) == ("raised", alarms.standing["spo2"], AT, None, True)
    alarms, (grew,) = looked(alarms, [found(Priority.HIGH, since=LATER)], LATER + SECOND)
    assert (grew.became, grew.alarm, grew.at, grew.is_news) == ("grew", alarms.standing["spo2"], LATER, True)
    assert (grew.alarm.since, grew.alarm.finding.since) == (LATER, LATER)
    alarms, (silent,) = acknowledged(alarms, "spo2", "n1", LATER + SECOND)
    assert (silent.became, silent.alarm, silent.at, silent.by) == ("acknowledged", alarms.standing["spo2"], LATER + SECOND, "n1")
    assert (silent.alarm.acknowledged_by, silent.is_news) == ("n1", False)
    alarms, (sank,) = looked(alarms, [found(Priority.LOW, since=LATER + SECOND)], LATER + 2 * SECOND)
    assert (sank.became, sank.alarm, sank.at, sank.is_news) == ("sank", alarms.standing["spo2"], LATER + SECOND, False)
    assert (sank.alarm.since, sank.alarm.priority, sank.alarm.acknowledged_by) == (LATER + SECOND, Priority.LOW, "n1")
    was = alarms.standing["spo2"]
    alarms, (ended,) = looked(alarms, [Inside("spo2", LATER + 2 * SECOND)], LATER + 3 * SECOND)
    assert (ended.became, ended.alarm, ended.at, ended.is_news) == ("cleared", was, LATER + 2 * SECOND, False)
    assert not alarms.standing


def test_a_reset_and_the_end_of_the_watch_tell_what_they_ended() -> None:
    gone, _ = looked(raised(found(Priority.MEDIUM)), [], LATER)
    after, (change,) = reset(gone, "spo2", "n1", LATER)
    assert (change.became, change.alarm, change.at, change.by) == ("reset", gone.standing["spo2"], LATER, "n1")
    assert not after.standing
    two = raised(found(Priority.MEDIUM), Finding(key="link", priority=Priority.LOW, since=AT))
    after, changed = closed(two, LATER)
    assert after == Alarms()
    assert [(c.became, c.alarm, c.at, c.by) for c in changed] == [("cleared", x, LATER, None) for x in two.standing.values()]


def test_what_does_not_latch_ends_when_it_is_no_longer_seen() -> None:
    alarms, (change,) = looked(raised(found(Priority.MEDIUM, latches=False)), [], LATER)
    assert (alarms.standing, change.became, change.at) == ({}, "cleared", LATER)


def test_no_alarm_ends_before_it_began() -> None:
    """The link is back; of its values none has come since it was lost."""
    link = Finding(key="link", priority=Priority.MEDIUM, since=LATER)
    for well_since, ended_at in ((AT, LATER + SECOND), (LATER, LATER), (LATER + SECOND, LATER + SECOND)):
        _, (change,) = looked(raised(link), [Inside("link", well_since)], LATER + SECOND)
        assert (change.became, change.at) == ("cleared", ended_at)


def test_a_value_that_returns_bad_is_no_longer_gone() -> None:
    gone, _ = looked(raised(found(Priority.MEDIUM)), [], LATER)
    back, told = looked(gone, [found(Priority.MEDIUM, since=LATER)], LATER)
    assert (back.standing["spo2"].signal, told) == (Signal.ACTIVE, ())
    silent, _ = acknowledged(back, "spo2", "n1", LATER)
    assert silent.standing["spo2"].signal is Signal.ACKNOWLEDGED
    assert looked(silent, [], LATER)[0].standing["spo2"].signal is Signal.LATCHED


def test_the_most_pressing_of_several_reasons_is_the_alarm() -> None:
    low, high = found(Priority.LOW, reason="a"), found(Priority.HIGH, reason="b")
    for order in ([low, high], [high, low]):
        assert raised(*order).standing["spo2"].finding is high


def test_a_reason_alarms_from_the_second_on_in_which_its_time_has_come() -> None:
    """It is told since then, not since it began; one that must not hold alarms at once, and since it began."""
    alarms, told = looked(Alarms(), [slow(Priority.MEDIUM)], AT + 59 * SECOND)
    assert (alarms.standing, told) == ({}, ())
    alarms, (change,) = looked(alarms, [slow(Priority.MEDIUM)], AT + 60 * SECOND)
    assert change.at == alarms.standing["spo2"].since == alarms.standing["spo2"].finding.since == AT + 60 * SECOND
    assert raised(found(Priority.MEDIUM)).standing["spo2"].since == AT


def test_a_reason_holds_since_it_was_first_seen_however_new_its_value_is() -> None:
    alarms, _ = looked(Alarms(), [slow(Priority.MEDIUM)], AT)
    assert alarms.held == {("spo2", "baseline"): AT}
    alarms, _ = looked(alarms, [slow(Priority.MEDIUM, LATER)], LATER)
    assert alarms.held == {("spo2", "baseline"): AT}
    other = slow(Priority.MEDIUM, LATER, reason="limit")
    alarms, _ = looked(alarms, [slow(Priority.MEDIUM, LATER), other], LATER)
    assert alarms.held == {("spo2", "baseline"): AT, ("spo2", "limit"): LATER}
    alarms, _ = looked(alarms, [other, found(Priority.LOW)], AT + 60 * SECOND)
    assert alarms.held == {("spo2", "limit"): LATER}


def test_what_stands_needs_no_time_to_stay_and_only_to_grow() -> None:
    standing = raised(found(Priority.MEDIUM))
    for priority, stays in ((Priority.LOW, True), (Priority.MEDIUM, True), (Priority.HIGH, False)):
        after, told = looked(standing, [slow(priority, LATER)], LATER)
        assert ([x.became for x in told], after.standing["spo2"].priority) == (
            (["sank"], Priority.LOW) if priority is Priority.LOW else ([], Priority.MEDIUM)
        )
        assert (after.standing["spo2"].finding.reason == "baseline") is stays
    assert changes(looked(looked(standing, [slow(Priority.HIGH)], AT)[0], [slow(Priority.HIGH)], AT + 60 * SECOND)) == ["grew"]


def test_no_other_alarm_is_touched_by_a_person() -> None:
    two = looked(raised(found(Priority.MEDIUM), _heart()), [], LATER)[0]
    silent, _ = acknowledged(two, "spo2", "n1", LATER)
    assert (silent.standing["hr"], silent.held) == (two.standing["hr"], two.held)
    left, _ = reset(silent, "spo2", "n1", LATER)
    assert left.standing == {"hr": two.standing["hr"]}
    assert reset(silent, "rr", "n1", LATER) == (silent, ())


def _heart() -> Finding:
    return Finding(key="hr", priority=Priority.LOW, since=AT, latches=True)


def test_the_highest_that_may_be_heard_sounds() -> None:
    both = raised(found(Priority.HIGH), _heart())
    assert heard(both.standing.values(), paused=False) is Priority.HIGH
    silent, _ = acknowledged(both, "spo2", "n1", AT)
    assert heard(silent.standing.values(), paused=False) is Priority.LOW
    assert heard((), paused=False) is None


def test_of_two_alike_the_older_is_shown_first_and_the_silent_one_last() -> None:
    first, then = found(Priority.MEDIUM, of_patient=True), Finding(key="hr", priority=Priority.MEDIUM, since=LATER, of_patient=True)
    both = raised(then, first)
    assert [a.key for a in sorted(both.standing.values(), key=rank)] == ["spo2", "hr"]
    silent, _ = acknowledged(both, "spo2", "n1", LATER)
    assert [a.key for a in sorted(silent.standing.values(), key=rank)] == ["hr", "spo2"]
    higher = raised(first, Finding(key="link", priority=Priority.HIGH, since=LATER))
    assert [a.key for a in sorted(higher.standing.values(), key=rank)] == ["link", "spo2"]
