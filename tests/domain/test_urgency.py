"""The one order of beds and tasks, and the missed check that stands until somebody looks and says why."""

from datetime import timedelta

from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.checks import missed_count, missed_unanswered
from app.domain.infusion.found.urgency import place, standing
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.infusion.task_rows import Reminder
from app.domain.infusion.tasks import due, most_pressing
from app.domain.texts import say
from app.domain.watch.priority import Priority

from .cast import LI
from .play import Play, prepared, vitals
from .seeing import plain

HOUR = timedelta(hours=1)


def check_task(play: Play) -> Task:
    return next(task for task in standing(play.state, play.now) if task.kind is TaskKind.VITALS)


def test_the_patient_a_passed_limit_what_was_missed_what_is_late_what_has_a_time_what_can_wait() -> None:
    play = prepared("running")
    now = play.now
    play.now += timedelta(minutes=30)
    missed = check_task(play)
    over = Task(TaskKind.THAW, now, now, reminder=Reminder(Priority.MEDIUM, say("A thawed bag grows old")))
    order = [
        Task(TaskKind.CLEAR_MISMATCH, now, now),
        over,
        Task(TaskKind.END, now - HOUR, now - HOUR),
        missed,
        Task(TaskKind.MEASURE, now - HOUR, now - HOUR),
        Task(TaskKind.MEASURE, now + HOUR, now),
        Task(TaskKind.FLUSH, now - 3 * HOUR, now - 3 * HOUR),
    ]
    assert [place(task, now)[0] for task in order] == [0, 1, 1, 2, 3, 4, 5]
    assert place(Task(TaskKind.END, now + HOUR, now + HOUR), now)[0] == 4
    assert place(replace(order[0], opens_at=now + HOUR, due_at=now + HOUR), now)[0] == 4


def test_a_missed_check_is_the_next_thing_to_do_until_one_is_taken_with_a_reason() -> None:
    play = prepared("running")
    play.now += timedelta(minutes=27)
    assert missed_count(play.state, play.now) == 1
    task = check_task(play)
    assert (task.is_missed, task.is_late(play.now)) == (True, True)
    assert most_pressing(standing(play.state, play.now), play.now) == task
    assert plain(task.short_words(play.state)) == "Missed: Vital signs 15 min"
    assert plain(task.full_words(play.state)) == "Take vital signs now · missed: Vital signs 15 min"
    play.do(vitals(), LI)
    assert [check.slot_min for check in missed_unanswered(play.state, play.now)] == [15]
    play.do(replace(vitals(), late_reason="busy"), LI)
    assert missed_unanswered(play.state, play.now) == []
    play.now += timedelta(minutes=4)
    assert not check_task(play).is_missed
    assert missed_count(play.state, play.now) == 1


def test_the_oldest_missed_check_stands_alone_among_all_else_that_is_due() -> None:
    play = prepared("running")
    play.now += timedelta(minutes=41)
    assert [check.slot_min for check in missed_unanswered(play.state, play.now)] == [15, 30]
    tasks = standing(play.state, play.now)
    assert [task.check.slot_min for task in tasks if task.check is not None] == [15]
    others = [task for task in due(play.state, play.now) if task.kind is not TaskKind.VITALS]
    assert others
    assert [task for task in tasks if task.kind is not TaskKind.VITALS] == others


def test_once_the_observation_is_closed_no_missed_check_waits_for_anybody() -> None:
    play = prepared("observation")
    play.now += timedelta(minutes=125)
    assert check_task(play).is_missed
    play.take(e.ObservationClosed("no_reaction", reason="moved"), LI.person_id)
    assert missed_unanswered(play.state, play.now) != []
    assert [task for task in standing(play.state, play.now) if task.is_missed] == []


def test_the_end_is_a_passed_limit_from_its_very_moment_on() -> None:
    now = prepared("running").now
    assert [place(Task(TaskKind.END, at, now - HOUR), now)[0] for at in (now, now + timedelta(seconds=1))] == [1, 4]


def test_it_stands_while_the_drip_is_paused_too() -> None:
    play = prepared("running")
    play.do(Pause(), LI)
    play.now += timedelta(minutes=40)
    assert check_task(play).is_missed


def test_a_check_without_a_name_of_its_own_is_named_as_the_last_one() -> None:
    play = prepared("running")
    play.now += timedelta(minutes=27)
    missed = check_task(play)
    assert missed.check is not None
    unnamed = replace(missed, check=replace(missed.check, slot_min=None))
    assert plain(unnamed.full_words(play.state)) == "Take vital signs now · missed: Vital signs at the end"
