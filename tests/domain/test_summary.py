"""The rows that a statistician reads."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.ending import CloseObservation
from app.domain.infusion.summary import CheckRow, InfusionRow, ObservationRow, infusion_minutes, summary

from .cast import LI, clock, protocol
from .play import NORMAL, Play, prepared


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


# --- every column of a row


D = Decimal
ORDERED = InfusionRow(
    infusion_id="inf", subject="S-001", bed="12", grp="A", dose_number=1, phase="ordered", weight_kg=None, dose_cells=None,
    volume_ml=None, drop_factor=None, bags=0, started_at=None, stepped_up_at=None, ended_at=None, infusion_min=None,
    given_least_ml=None, given_most_ml=None, outcome=None, signed_at=None, practice=False,
)  # fmt: skip
RUNNING = replace(
    ORDERED, phase="running", weight_kg=D(70), dose_cells=140_000_000, volume_ml=D(140), drop_factor=20, bags=2,
    started_at=clock("14:00"),
)  # fmt: skip
OBSERVED = replace(
    RUNNING, phase="observed", stepped_up_at=clock("14:15"), ended_at=clock("14:58"), infusion_min=D(58), given_least_ml=D(135),
    given_most_ml=D(145), outcome="no_reaction",
)  # fmt: skip


@pytest.mark.parametrize(
    ("point", "row"),
    [
        ("ordered", ORDERED), ("running", RUNNING), ("observed", OBSERVED),
        ("signed", replace(OBSERVED, phase="signed", signed_at=clock("17:00"))),
    ],
)  # fmt: skip
def test_an_infusion_as_a_row(point: str, row: InfusionRow) -> None:
    """A dose read by eye to have 60 ml left of 200: 140 ± 5 ml."""
    assert summary(prepared(point).state, clock("17:01")).infusion == row


def test_a_signature_that_a_correction_took_back_is_none() -> None:
    play = prepared("signed")
    play.correct("LineFlushed", "volume_ml", D(21), "misread", LI)
    row = summary(play.state, play.now).infusion
    assert (row.phase, row.signed_at) == ("observed", None)


def test_a_dose_counted_from_the_second_stage_lasts_from_there() -> None:
    """As a site may set it."""
    play = prepared("observation", rules=protocol(settings={"infusion.duration_counts_from_stage": 2}))
    assert (infusion_minutes(play.state), summary(play.state, play.now).infusion.infusion_min) == (D(43), D(43))
    assert infusion_minutes(prepared("stepped up").state) is None


def test_tenths_alone_are_told_of_a_volume_and_a_time() -> None:
    play = prepared("second bag", weight="70.3")
    play.now = clock("14:58:20")
    play.take(e.InfusionEnded(D("60.25")), LI.person_id)
    row = summary(play.state, play.now).infusion
    told = (row.weight_kg, row.volume_ml, row.given_least_ml, row.given_most_ml, row.infusion_min)
    assert [str(x) for x in told] == ["70.3", "140.6", "134.8", "144.8", "58.3"]


def test_a_check_as_a_row() -> None:
    """Ten minutes late; and one that nobody took."""
    play = prepared("running")
    play.now = clock("14:24:30")
    values = (*(e.VitalEntry(code, D(str(value)), "typed") for code, value in NORMAL.items()), e.VitalEntry("pr", D(79), "typed"))
    play.take(e.VitalsRecorded("infusion", 15, values, True, "V", True, "cold", 5, "busy"), "n2")
    checks = summary(play.state, clock("14:41")).checks
    assert checks[1:] == (
        CheckRow("infusion", 15, clock("14:15"), clock("14:24:30"), "late", 570, D(78), D(79), D(97), D(118), D(72), D(87), D(16),
                 D("36.7"), True, "V", 5, True, "n2"),
        CheckRow("infusion", 30, clock("14:30"), None, "missed", 660, *[None] * 13),
        CheckRow("infusion", 45, clock("14:45"), None, "open", 0, *[None] * 13),
    )  # fmt: skip


def test_an_observation_as_a_row() -> None:
    play = prepared("observation")
    for at, slot in (("15:28", 30), ("16:05", 60)):
        play.now = clock(at)
        play.take(e.VitalsRecorded("observation", slot, (), None, None, discomfort=False), LI.person_id)
    play.now = clock("16:58")
    play.take(e.ObservationClosed("reaction_ongoing", ("fever", "drowsy"), "to the ward"), LI.person_id)
    assert summary(play.state, clock("17:08:01")).observation == ObservationRow(
        opened_at=clock("14:58"), due_at=clock("16:58"), closed_at=clock("16:58"), outcome="reaction_ongoing",
        flags="fever, drowsy", checks_due=4, on_time=1, late=1, missed=2,
    )  # fmt: skip
