"""What is written of alarms, and what is read from it again."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.phases import Phase
from app.domain.infusion.story import WORDS
from app.domain.log import Entry
from app.domain.texts import say
from app.domain.vitals.vital_signs import Quality, Reading, Sample
from app.domain.watch.active_alarm import ActiveAlarm, alarm_text
from app.domain.watch.alarm_log import Acknowledged, OpenEntry, alarm_list, ended, paused_until, restored, worse
from app.domain.watch.alarm_replay import SavedSample, replayed
from app.domain.watch.bed_seen import BedSeen
from app.domain.watch.conditions import verdicts
from app.domain.watch.laptop_seen import LaptopSeen, SoundFault
from app.domain.watch.latch import Finding, Signal, looked
from app.domain.watch.played_bed import MONITOR, PlayedBed
from app.domain.watch.priority import Priority

from .cast import CHEN, LI, TRIAL, ZHAO, clock
from .play import Play, prepared
from .seeing import plain

AT = clock("14:10")
SECOND = timedelta(seconds=1)


class Bed:
    """One bed whose values are said by the second."""

    def __init__(self) -> None:
        self.played = PlayedBed("inf")

    def hear(self, at_s: float, value: object | None, code: str = "spo2") -> datetime:
        now = AT + timedelta(seconds=at_s)
        number = None if value is None else Decimal(str(value))
        self.played.hear(code, number, Quality.OK if number is not None else Quality.SENSOR_OFF, now)
        self.look(now)
        return now

    def look(self, now: datetime) -> None:
        self.played.look(BedSeen(TRIAL, Phase.OBSERVED, self.played.newest, self.played.gone), now)

    @property
    def written(self) -> list[str]:
        return [type(x.event).__name__.removeprefix("Alarm") for x in self.played.entries]


def test_crossings_less_than_a_minute_apart_are_one_entry_with_a_count_and_the_worst_value() -> None:
    bed = Bed()
    for at_s, value in ((0, 89), (10, 95), (69, 86), (80, 95), (100, 88), (110, 95), (169, 95)):
        bed.hear(at_s, value)
    assert bed.written == ["Raised"]
    bed.hear(170, 95)
    assert bed.written == ["Raised", "Cleared"]
    cleared = bed.played.entries[-1].event
    assert cleared == e.AlarmCleared("spo2", "medium", AT + timedelta(seconds=110), 3, Decimal(86))
    bed.hear(171, 89)
    assert bed.written == ["Raised", "Cleared", "Raised"], "a minute apart it is another entry"


@pytest.mark.uncounted
def test_a_day_of_a_wandering_value_is_few_events() -> None:
    bed = Bed()
    for n in range(0, 24 * 3600, 30):
        bed.hear(n, 89 if n % 60 else 91)
    assert bed.written == ["Raised"]


def test_what_grows_or_comes_back_after_it_was_acknowledged_is_told_again() -> None:
    bed = Bed()
    bed.hear(0, 89)
    bed.hear(5, 84)
    now = bed.hear(6, 84)
    bed.played.acknowledge("spo2", "n1", now)
    bed.hear(7, 95)
    bed.hear(8, 89)
    assert bed.written == ["Raised", "Raised", "Acknowledged", "Raised"]
    (line,) = alarm_list(bed.played.entries)
    assert (line.priority, line.value, line.ended) == (Priority.HIGH, Decimal(84), None)
    assert plain(line.said) == "SpO₂ low: 84 % (limit 85)"
    assert [(x.by, x.at) for x in line.acknowledged] == [("n1", now)]


def test_a_reset_and_the_end_of_the_watch_end_an_entry() -> None:
    bed = Bed()
    bed.hear(0, 89)
    now = bed.hear(5, None)
    bed.played.reset("spo2", "n1", now)
    (line,) = alarm_list(bed.played.entries)
    assert (line.ended, line.reset_by, line.ended_at) == ("reset", "n1", now)
    bed.hear(10, 80)
    bed.hear(15, 95)
    bed.played.close(AT + timedelta(seconds=20))
    assert [x.ended for x in alarm_list(bed.played.entries)] == ["reset", "cleared"]
    assert bed.written[-2:] == ["Raised", "Cleared"]


def test_after_a_restart_everything_stands_as_it_was() -> None:
    bed = Bed()
    bed.hear(0, 78)
    bed.hear(1, 130, "hr")
    now = bed.hear(2, None)
    bed.played.acknowledge("hr", "n1", now)
    before = {k: (a.priority, a.is_silenced) for k, a in bed.played.alarms.standing.items()}
    bed.played.restart()
    after = bed.played.alarms.standing
    assert {k: (a.priority, a.is_silenced) for k, a in after.items()} == before
    assert {a.signal for a in after.values()} == {Signal.LATCHED}
    bed.played.newest.clear()
    bed.hear(3, 97)
    assert set(bed.played.alarms.standing) == {"hr"}


@pytest.mark.parametrize("key", ["link", "sensor_off:spo2", "stale:spo2"])
def test_what_the_monitor_said_stays_after_a_restart_until_it_speaks(key: str) -> None:
    raised = Entry("a", "inf", AT, None, e.AlarmRaised(key, "medium", AT))
    standing, _ = restored([raised, Entry("b", "inf", AT, "n1", e.AlarmAcknowledged(key, "medium"))])
    nobody = BedSeen(TRIAL, Phase.RUNNING)
    later = AT + timedelta(minutes=1)
    silent, _ = looked(standing, verdicts(nobody, later), later)
    (alarm,) = silent.standing.values()
    assert (alarm.key, alarm.signal, alarm.acknowledged_by) == (key, Signal.LATCHED, "n1")
    reading = Reading(Sample(0, "spo2", Decimal(97), "%", Quality.OK, "x"), later, later, "COM7", "datex-s5", False)
    heard, _ = looked(silent, verdicts(BedSeen(TRIAL, Phase.RUNNING, {"spo2": reading}), later), later)
    assert heard.standing == {}


@pytest.mark.parametrize(("later_s", "is_left"), [(5, True), (6, False)])
def test_the_mean_of_an_older_cuff_does_not_stand_beside_a_new_pressure(later_s: int, is_left: bool) -> None:
    bed = PlayedBed("inf")
    bed.hear("nibp_map", Decimal(87), Quality.OK, AT)
    bed.hear("hr", Decimal(80), Quality.OK, AT + timedelta(minutes=1))
    assert set(bed.newest) == {"nibp_map", "hr"}
    bed.hear("nibp_sys", Decimal(120), Quality.OK, AT + timedelta(seconds=later_s))
    assert ("nibp_map" in bed.newest) is is_left


def test_what_a_played_monitor_said_is_a_reading_of_that_moment() -> None:
    bed = PlayedBed("inf")
    bed.hear("spo2", Decimal(97), Quality.OK, AT)
    sample = Sample(0, "spo2", Decimal(97), "%", Quality.OK, "")
    assert bed.newest == {"spo2": Reading(sample, AT, AT, MONITOR, "", simulated=False)}


@pytest.mark.parametrize("quality", Quality)
def test_what_a_monitor_says_instead_of_a_value_is_kept_beside_the_last_one(quality: Quality) -> None:
    """A cuff that rests or works has lost nothing."""
    bed = PlayedBed("inf")
    bed.hear("nibp_sys", Decimal(120), Quality.OK, AT)
    later = AT + timedelta(seconds=9)
    bed.hear("nibp_sys", None, quality, later)
    assert bed.newest["nibp_sys"].sample.value == 120
    waits = quality in (Quality.STALE, Quality.MEASURING)
    assert [(x.sample.quality, x.received_at) for x in bed.gone.values()] == ([] if waits else [(quality, later)])
    bed.hear("nibp_sys", Decimal(118), Quality.OK, later)
    assert (bed.newest["nibp_sys"].sample.value, bed.newest["nibp_sys"].measured_at, bed.gone) == (Decimal(118), later, {})


@pytest.mark.parametrize(
    ("key", "can_pause", "of_patient"),
    [
        ("stop_dose_reached", False, False), ("unsaved", False, False), ("mismatch", False, False), ("vitals", True, False),
        ("step_up", True, False), ("thaw_age:B1", True, False), ("spo2", True, True), ("news2", True, True), ("link", True, False),
    ],
)  # fmt: skip
def test_what_no_pause_silences_is_heard_in_one_after_a_restart_too(key: str, can_pause: bool, of_patient: bool) -> None:
    standing, _ = restored([Entry("a", "inf", AT, None, e.AlarmRaised(key, "high", AT))])
    alarm = standing.standing[key]
    assert (alarm.is_heard(paused=True), alarm.finding.of_patient) == (not can_pause, of_patient)


def test_an_alarm_that_was_read_back_says_what_it_said() -> None:
    raised = Entry("a", "inf", AT, None, e.AlarmRaised("spo2", "high", AT, Decimal(84), Decimal(85), Decimal(98)))
    alarm = restored([raised])[0].standing["spo2"]
    found = alarm.finding
    assert (found.key, found.priority, found.since, alarm.since) == ("spo2", Priority.HIGH, AT, AT)
    assert plain(alarm_text(alarm)) == "SpO₂ low: 98 → 84 % (limit 85)"


def test_an_alarm_with_words_of_its_own_keeps_them_over_a_restart() -> None:
    """The list of the record has those of its highest priority."""
    first, then = say("Bag {bag} was thawed 50 min ago", bag="B1"), say("Bag {bag} was thawed 61 min ago", bag="B1")
    told = entries(
        (e.AlarmRaised("thaw_age:B1", "low", AT, text=first), None),
        (e.AlarmRaised("thaw_age:B1", "medium", AT + SECOND, text=then), None),
        (e.AlarmRaised("thaw_age:B1", "medium", AT + 2 * SECOND, text=first), None),
        (e.AlarmRaised("thaw_age:B1", "low", AT + 3 * SECOND, text=first), None),
    )
    (line,) = alarm_list(told)
    assert (line.priority, line.raised_at, plain(line.said)) == (Priority.MEDIUM, AT, "Bag B1 was thawed 61 min ago")
    alarm = restored(told[:2])[0].standing["thaw_age:B1"]
    assert (plain(alarm_text(alarm)), alarm.finding.text) == ("Bag B1 was thawed 61 min ago", then)
    assert plain(alarm_list(told[:1])[0].said) == "Bag B1 was thawed 50 min ago"


def test_the_list_has_the_limit_that_was_passed_last_and_what_it_was_before() -> None:
    told = entries(
        (e.AlarmRaised("hr", "medium", AT, Decimal(121), Decimal(120), Decimal(66)), None),
        (e.AlarmRaised("hr", "high", AT + SECOND, Decimal(151), Decimal(150), Decimal(67)), None),
        (e.AlarmAcknowledged("hr", "high"), "n1"),
        (e.AlarmRaised("hr", "high", AT + 3 * SECOND, Decimal(160), Decimal(150), Decimal(68)), None),
    )
    (line,) = alarm_list(told)
    assert (line.priority, line.raised_at) == (Priority.HIGH, AT)
    assert [line.value, line.limit, line.before] == [Decimal(151), Decimal(150), Decimal(67)]
    assert (line.acknowledged, line.ended, line.count) == ([Acknowledged("n1", AT + 2 * SECOND)], None, 1)
    (line,) = alarm_list([*told, *entries((e.AlarmCleared("hr", "high", AT + 9 * SECOND, 4, Decimal(163)), None))])
    assert (line.value, line.limit) == (Decimal(163), Decimal(150))
    assert (line.count, line.ended, line.ended_at) == (4, "cleared", AT + 9 * SECOND)


def test_an_entry_of_before_the_restart_goes_on_after_it() -> None:
    """Its count, its worst value, its highest priority, and that somebody has seen it."""
    bed = Bed()
    bed.hear(0, 88)
    bed.hear(1, 83)
    bed.played.acknowledge("spo2", "n1", AT + SECOND)
    bed.played.restart()
    bed.hear(2, 84)
    assert bed.written == ["Raised", "Raised", "Acknowledged"], "it stands, and is told no more"
    bed.hear(3, 95)
    bed.hear(63, 95)
    assert bed.played.entries[-1].event == e.AlarmCleared("spo2", "high", AT + 3 * SECOND, 1, Decimal(83))


def test_what_comes_back_after_somebody_saw_it_is_told_again_after_a_restart_too() -> None:
    bed = Bed()
    bed.hear(0, 83)
    bed.played.acknowledge("spo2", "n1", AT)
    bed.hear(1, 95)
    bed.hear(2, 89)
    assert bed.written == ["Raised", "Acknowledged", "Raised"]
    bed.played.acknowledge("spo2", "n1", AT + 2 * SECOND)
    bed.played.restart()
    bed.hear(3, 95)
    bed.hear(4, 88)
    assert bed.written == ["Raised", "Acknowledged", "Raised", "Acknowledged", "Raised"]
    bed.hear(5, 95)
    bed.hear(65, 95)
    assert bed.played.entries[-1].event == e.AlarmCleared("spo2", "high", AT + 5 * SECOND, 2, Decimal(83))


def test_what_still_stands_when_nobody_watches_any_more_is_over_then() -> None:
    book = {"hr": OpenEntry(seen_as(130, 120), Priority.MEDIUM, 3), "rr": OpenEntry(seen_as(31, 30), Priority.HIGH, over_since=AT)}
    assert ended(book, AT + SECOND) == [
        (e.AlarmCleared("hr", "medium", AT + SECOND, 3, Decimal(130)), None),
        (e.AlarmCleared("rr", "high", AT, 1, Decimal(31)), None),
    ]


def test_the_worst_value_is_that_of_the_whole_time_also_without_a_new_alarm() -> None:
    bed = Bed()
    for at_s, value in ((0, 88), (1, 86), (2, 87), (3, 95), (63, 95)):
        bed.hear(at_s, value)
    assert bed.played.entries[-1].event == e.AlarmCleared("spo2", "medium", AT + 3 * SECOND, 1, Decimal(86))


def test_what_is_new_or_higher_is_counted() -> None:
    bed, counted = Bed(), []
    for at_s, value in ((0, 95), (1, 88), (2, 87), (3, 84), (4, 88), (5, 95), (6, 89)):
        bed.hear(at_s, value)
        counted.append(bed.played.news)
    assert counted == [0, 1, 1, 2, 2, 2, 3]


def test_an_alarm_is_written_with_all_that_is_told_of_it() -> None:
    bed = PlayedBed("inf")
    bed.hear("spo2", Decimal(84), Quality.OK, AT)
    muted = LaptopSeen(AT, sound=SoundFault.MUTED)
    bed.look(BedSeen(TRIAL, Phase.RUNNING, bed.newest, baseline={"spo2": Decimal(98)}, laptop=muted), AT + SECOND)
    assert bed.entries == [
        Entry("", "inf", AT + SECOND, None, event)
        for event in (
            e.AlarmRaised("spo2", "high", AT, Decimal(84), Decimal(85), Decimal(98)),
            e.AlarmRaised("sound", "low", AT, text=say("The sound is muted")),
        )
    ]


def test_what_came_back_within_the_minute_counts_once_more_and_keeps_its_worst() -> None:
    bed = Bed()
    for at_s, value in ((0, 84), (1, 95), (60, 89), (61, 95), (119, 88), (120, 95), (180, 95)):
        bed.hear(at_s, value)
    assert [x.event for x in bed.played.entries] == [
        e.AlarmRaised("spo2", "high", AT, Decimal(84), Decimal(85)),
        e.AlarmCleared("spo2", "high", AT + 120 * SECOND, 3, Decimal(84)),
    ]
    assert [x.at for x in bed.played.entries] == [AT, AT + 180 * SECOND]


def test_when_nobody_watches_any_more_each_alarm_ends_when_it_was_last_seen() -> None:
    bed = Bed()
    bed.hear(0, 88)
    bed.hear(0, 130, "hr")
    bed.hear(15, 95)
    bed.played.close(AT + 20 * SECOND)
    assert [x.event for x in bed.played.entries[2:]] == [
        e.AlarmCleared("spo2", "medium", AT + 15 * SECOND, 1, Decimal(88)),
        e.AlarmCleared("hr", "medium", AT + 20 * SECOND, 1, Decimal(130)),
    ]
    bed.played.close(AT + 30 * SECOND)
    assert len(bed.played.entries) == 4


def seen_as(value: int | None, limit: int | None = 90, before: int | None = None, priority: Priority = Priority.MEDIUM) -> Finding:
    now, mark, then = (None if x is None else Decimal(x) for x in (value, limit, before))
    return Finding(key="spo2", priority=priority, since=AT, value=now, limit=mark, before=then)


@pytest.mark.parametrize(
    ("one", "other", "is_worse"),
    [
        (seen_as(88), seen_as(87), True), (seen_as(87), seen_as(88), False), (seen_as(88), seen_as(88), False),
        (seen_as(88, 90), seen_as(93, 90), True), (seen_as(88, 90, 98), seen_as(89, 90, 60), False),
        (seen_as(100, None, 66), seen_as(103, None, 66), True), (seen_as(103, None, 66), seen_as(100, None, 66), False),
        (seen_as(70), seen_as(84, 85, priority=Priority.HIGH), True), (seen_as(None), seen_as(89), True),
        (seen_as(89), seen_as(None), False), (seen_as(5, None), seen_as(9, None), False),
    ],
)  # fmt: skip
def test_the_worse_of_two_lies_further_off_its_limit_or_else_its_baseline(one: Finding, other: Finding, is_worse: bool) -> None:
    assert worse(one, other) is (other if is_worse else one)


def entries(*events: tuple[e.InfusionEvent, str | None]) -> list[Entry]:
    return [Entry(str(n), "inf", AT + timedelta(seconds=n), by, event) for n, (event, by) in enumerate(events)]


def test_what_the_log_says_of_alarms_that_it_did_not_raise_changes_nothing() -> None:
    odd = entries(
        (e.AlarmAcknowledged("hr", "low"), "n1"), (e.AlarmReset("hr"), "n1"), (e.NoteAdded("x"), "n1"),
        (e.AlarmCleared("hr", "low", AT), None),
    )  # fmt: skip
    assert restored(odd)[0].standing == {}
    assert alarm_list(odd) == []


def test_a_pause_is_read_again_unless_something_was_raised_since() -> None:
    until = AT + timedelta(minutes=2)
    paused = entries((e.SoundPaused(until), "n1"))
    assert paused_until(paused) == until
    assert paused_until([*paused, *entries((e.NoteAdded("x"), "n1"))]) == until
    assert paused_until([*paused, *entries((e.AlarmRaised("link", "medium", AT), None))]) is None


def test_events_of_alarms_are_told_in_words() -> None:
    run = prepared("running")
    for event, by in (
        (e.AlarmRaised("spo2", "high", AT, Decimal(84), Decimal(85), Decimal(98)), None),
        (e.AlarmAcknowledged("spo2", "high"), "n1"),
        (e.AlarmReset("spo2"), "n1"),
        (e.AlarmCleared("spo2", "high", AT, 3, Decimal(80)), None),
        (e.AlarmCleared("link", "medium", AT), None),
    ):
        run.take(event, by)

    def said(event: Any) -> str:
        return plain(WORDS[type(event)](event, run.state, {}))

    assert [said(x.event) for x in run.entries[-5:]] == [
        "Alarm: SpO₂ low: 98 → 84 % (limit 85) · High priority",
        "Alarm acknowledged: SpO₂ low: 98 → 84 % (limit 85)",
        "Alarm reset: SpO₂ low: 98 → 84 % (limit 85)",
        "Alarm over since 14:10: SpO₂ low: 98 → 84 % (limit 85) · came 3 times · worst 80",
        "Alarm over since 14:10: Monitor signal lost",
    ]


def test_an_alarm_is_shown_with_whose_it_is_and_what_to_do() -> None:
    bed = Bed()
    bed.hear(0, 89)
    shown = ActiveAlarm("inf", bed.played.alarms.standing["spo2"])
    assert (shown.key, shown.priority, shown.since, shown.is_acknowledged) == ("spo2", Priority.MEDIUM, AT, False)
    assert (plain(shown.text), plain(shown.to_do)) == ("SpO₂ low: 89 % (limit 90)", "Look at the patient, measure again")


# --- played again


def test_what_was_recorded_is_played_again_with_what_people_did() -> None:
    run = prepared("running")
    begin = run.now
    samples = [
        SavedSample("spo2", begin + timedelta(seconds=n), None if n == 40 else Decimal(88 if n > 20 else 97),
                    Quality.SENSOR_OFF if n == 40 else Quality.OK)
        for n in range(41)
    ]  # fmt: skip
    samples += [
        SavedSample("nibp_sys", begin, Decimal(120), Quality.OK), SavedSample("nibp_map", begin, Decimal(80), Quality.OK),
        SavedSample("nibp_sys", begin + timedelta(seconds=30), Decimal(118), Quality.OK),
        SavedSample("nibp_sys", begin + timedelta(seconds=31), None, Quality.MEASURING),
    ]  # fmt: skip
    run.now = begin + timedelta(seconds=25)
    run.take(e.AlarmRaised("spo2", "medium", begin + timedelta(seconds=21), Decimal(88), Decimal(90)), None)
    run.take(e.AlarmAcknowledged("spo2", "medium"), LI.person_id)
    run.now = begin + timedelta(seconds=50)
    run.take(e.AlarmReset("spo2"), ZHAO.person_id)
    run.now = begin + timedelta(seconds=55)
    run.take(e.LinkLost("COM7", "datex-s5"))
    run.now = begin + timedelta(seconds=57)
    run.take(e.LinkFound("COM7", "datex-s5", True))
    run.now = begin + timedelta(minutes=3)
    run.take(e.WatchLost(begin + timedelta(minutes=2), "stopped"))
    run.now = begin + timedelta(minutes=4)
    run.take(e.WatchLost(run.now - timedelta(seconds=30), "slept"))
    run.now = begin + timedelta(minutes=5)
    run.take(e.NoteAdded("the end"))
    found = replayed("inf", run.entries, sorted(samples, key=lambda x: x.at), TRIAL)
    assert [(x.key, x.priority, x.raised_at, x.ended, x.ended_at) for x in found.lines] == [
        ("spo2", Priority.MEDIUM, clock("14:00:21"), "reset", clock("14:00:50")),
        ("sensor_off:spo2", Priority.MEDIUM, clock("14:00:40"), None, None),
        ("link", Priority.MEDIUM, clock("14:00:55"), "cleared", clock("14:00:57")),
        ("read_remaining", Priority.LOW, clock("14:03"), None, None),
    ]
    spo2 = found.lines[0]
    assert [spo2.value, spo2.limit, spo2.before] == [Decimal(88), Decimal(90), Decimal(97)]
    assert spo2.reset_by == ZHAO.person_id
    assert [(x.by, x.at) for x in spo2.acknowledged] == [(LI.person_id, clock("14:00:25"))]
    assert found.watched_h * 60 == pytest.approx(45 - 1.5), "from the receipt on, but for what was lost"


@pytest.mark.uncounted
@pytest.mark.parametrize(("cause", "is_stale"), [("stopped", False), ("slept", True)])
def test_a_time_in_which_nobody_watched_is_neither_counted_nor_alarming(cause: Literal["stopped", "slept"], is_stale: bool) -> None:
    """14:02 to 14:08: after a sleep the value stands there, old; a program that begins anew knows none. Received at 13:20."""
    run = prepared("running")
    begin = run.now
    run.take(e.WatchLost(clock("13:00:01"), "slept"))  # spares the seconds between the events until then
    run.now = begin + timedelta(minutes=8)
    run.take(e.WatchLost(begin + timedelta(minutes=2), cause))
    run.now = begin + timedelta(minutes=10)
    run.take(e.NoteAdded("the end"))
    heard = [*range(121), *range(482, 601)]
    samples = [SavedSample("spo2", begin + timedelta(seconds=n), Decimal(97), Quality.OK) for n in heard]
    found = replayed("inf", run.entries, samples, TRIAL)
    assert found.watched_h * 60 == pytest.approx(50 - 6), "from the receipt on"
    stale = [(x.raised_at, x.ended_at) for x in found.lines if x.key == "stale:spo2"]
    assert stale == ([(clock("14:03"), clock("14:08:02"))] if is_stale else [])


def test_a_change_that_lasts_a_minute_is_found_again_to_the_second() -> None:
    """78 /min before the start; from 14:00:01 on 95, a fifth and more above."""
    run = prepared("running")
    begin = run.now
    run.now = begin + timedelta(seconds=70)
    run.take(e.NoteAdded("the end"))
    heard = [SavedSample("hr", begin + timedelta(seconds=n), Decimal(95), Quality.OK) for n in range(1, 71)]
    (line,) = replayed("inf", run.entries, heard, TRIAL, of_patient=True).lines
    assert (line.key, line.raised_at, line.value, line.before) == ("hr", clock("14:01:01"), Decimal(95), Decimal(78))


def test_all_that_happened_is_played_from_the_weight_on() -> None:
    """Without it nobody would know that the dose is in."""
    run = prepared("second bag")
    run.now = clock("14:59")
    run.take(e.WatchLost(clock("13:00:01"), "stopped"))
    run.now += SECOND
    run.take(e.NoteAdded("the end"))
    found = {line.key: line.priority for line in replayed("inf", run.entries, (), TRIAL).lines}
    assert found["stop_dose_reached"] is Priority.HIGH


@pytest.mark.uncounted
def test_a_signed_infusion_is_played_to_its_end() -> None:
    run = prepared("observed")
    found = replayed("inf", [*run.entries], [], TRIAL)
    assert {line.key for line in found.lines} >= {"vitals"}
    gone = prepared("ordered")
    from app.domain.infusion.chapters.ordering import Abandon

    gone.do(Abandon("ordered twice"), LI)
    assert replayed("inf", gone.entries, [], TRIAL).lines == []


def test_one_that_was_given_up_was_never_watched() -> None:
    play = Play()
    play.do(Abandon("ordered twice"), CHEN)
    again = replayed("inf", play.entries, (), TRIAL)
    assert (again.lines, again.watched_h) == ([], 0)
