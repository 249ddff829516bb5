"""The rows that a statistician reads."""

from decimal import Decimal

from app.domain.infusion.chapters.ending import CloseObservation
from app.domain.infusion.summary import infusion_minutes, summary

from .cast import LI, clock
from .play import Play, prepared


def test_the_rows_of_a_whole_infusion() -> None:
    play = prepared("signed")
    rows = summary(play.state, play.now)
    row = rows.infusion
    assert (row.subject, row.bed, row.grp, row.dose_number, row.phase) == ("S-001", "12", "A", 1, "signed")
    assert (row.dose_cells, row.bags, row.drop_factor) == (140_000_000, 2, 20)
    given = (row.given_least_ml, row.given_most_ml)
    assert [str(x) for x in (row.weight_kg, row.volume_ml, *given, row.infusion_min)] == [
        "70.0", "140.0", "135.0", "145.0", "58.0",
    ]  # fmt: skip
    assert (row.started_at, row.stepped_up_at, row.ended_at) == (clock("14:00"), clock("14:15"), clock("14:58"))
    assert (row.outcome, row.signed_at, row.practice) == ("no_reaction", clock("17:00"), False)


def test_one_row_a_check() -> None:
    play = prepared("observed")
    rows = summary(play.state, play.now).checks
    assert [(r.period, r.slot_min, r.status) for r in rows] == [
        *[("infusion", slot, "on_time") for slot in (0, 15, 30, 45, 60)],
        *[("observation", slot, "on_time") for slot in (30, 60, 90, 120)],
    ]
    first = rows[0]
    assert (first.hr, first.temp, first.pr, first.news2) == (Decimal(78), Decimal("36.7"), None, 0)
    assert (first.recorded_by, first.recorded_at, first.late_s) == (LI.person_id, clock("13:58"), 0)
    assert (first.oxygen, first.consciousness, first.discomfort) == (False, "A", False)


def test_a_check_that_was_not_taken_has_an_empty_row() -> None:
    row = summary(prepared("running").state, clock("14:16")).checks[1]
    assert (row.slot_min, row.status, row.late_s, row.hr, row.recorded_at) == (15, "open", 60, None, None)


def test_the_observation_window() -> None:
    play = prepared("observation")
    assert summary(prepared("running").state, clock("14:01")).observation is None
    row = summary(play.state, clock("15:40")).observation
    assert row is not None
    assert (row.opened_at, row.due_at, row.closed_at) == (clock("14:58"), clock("16:58"), None)
    assert (row.checks_due, row.on_time, row.late, row.missed, row.outcome, row.flags) == (1, 0, 0, 1, None, "")
    play.do(CloseObservation("transferred", ("rash", "fever"), "intensive care"), LI, clock("15:41"))
    closed = summary(play.state, clock("15:41")).observation
    assert closed is not None
    assert (closed.closed_at, closed.outcome, closed.flags) == (clock("15:41"), "transferred", "rash, fever")


def test_before_a_weight_and_before_the_end_there_is_little_to_say() -> None:
    row = summary(Play().state, clock("13:00")).infusion
    assert (row.weight_kg, row.dose_cells, row.volume_ml, row.bags, row.infusion_min) == (None, None, None, 0, None)
    running = summary(prepared("running").state, clock("14:10")).infusion
    assert (running.given_least_ml, running.infusion_min, running.signed_at) == (None, None, None)
    assert infusion_minutes(prepared("observation").state) == 58
