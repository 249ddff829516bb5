"""An infusion put together from its events: as it was, as it was corrected, as it was recorded, or not at all, with why."""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal as D

import pytest
from msgspec.structs import replace

from app.domain.errors import Broken
from app.domain.infusion import facts as e
from app.domain.infusion.corrected import as_corrected, changes_in, current, laid_over, patch
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import no_file
from app.domain.infusion.story import Unreadable, after, as_recorded, replay, unreadable
from app.domain.infusion.summary import summary
from app.domain.log import Entry
from app.domain.safety.safety_facts import SaeReported
from app.domain.texts import say
from app.domain.vitals.own_limits import OwnLimits

from .cast import LI, TRIAL, clock
from .play import Play, prepared, vitals
from .seeing import plain

# --- replayed


def test_a_record_begins_with_an_order_of_its_time_and_person() -> None:
    entry = Entry("e1", "inf", clock("13:00"), "n1", Play().state.order)
    state = replay("inf", [entry], TRIAL)
    assert (state.infusion_id, state.order, state.known_protocol) == ("inf", entry.event, TRIAL)
    assert (state.ordered_at, state.ordered_by, state.phase) == (clock("13:00"), "n1", Phase.ORDERED)
    assert (state.reached, state.entries, state.newest_at) == ({"ordered": clock("13:00")}, [entry], clock("13:00"))


def test_an_event_that_the_table_does_not_allow_is_broken() -> None:
    play = prepared("released")
    with pytest.raises(Broken) as broken:
        play.take(e.Started(D(20)), LI.person_id)
    assert str(broken.value) == "Started is not possible while released."


def test_each_phase_keeps_the_moment_at_which_it_was_first_reached() -> None:
    """Taken down before the start and hung again."""
    play = prepared("hung")
    play.now = clock("14:01")
    play.take(e.BagTakenDown("B1", D(100), "leak"), LI.person_id)
    assert play.state.phase is Phase.THAWED
    reached = {str(phase): f"{at:%H:%M}" for phase, at in prepared("stepped up").state.reached.items()}
    assert reached == {
        "ordered": "13:00", "released": "13:15", "received": "13:20", "verified": "13:22", "premedicated": "13:30",
        "thawed": "13:50", "hung": "13:57", "running": "14:00", "stage1": "14:15",
    }  # fmt: skip
    assert play.state.reached[Phase.THAWED] == clock("13:50")


NEXT: dict[str, tuple[e.InfusionEvent, ...]] = {
    "running": (
        e.LimitsChanged((OwnLimits("hr", D(50), D(110)),), (), "usual"), e.BagThawed("B2", clock("14:05")), e.BagEmptied("B1"),
        e.RateSet(D(40)), e.RateMeasured(D(40), "taps", 10), e.Paused("person"), e.SteppedUp(D(40)),
        e.WatchLost(clock("14:04"), "slept"),
        e.ReactionNoted(clock("14:05"), ("rash",), "continue"), e.RemainingRead("B1", D(90)), e.InfusionEnded(D(50)),
        e.VitalsRecorded("extra", None, (), None, None, discomfort=False), e.CertificateRecorded("B2", D(90), {}, True, True),
    ),
    "observation": (e.LineFlushed(D(20)), e.LeftoverDestroyed("B2", D(60), "n2"), e.BagKept("B2"), e.BagReturned("B2", "n2")),
    "observed": (e.SignatureGiven("performed"),),
    "hung": (e.NoteAdded("quiet"), e.SamplesSealed(clock("13:57"), 4, "f" * 64), e.Abandoned("no bag")),
    "verified": (e.ReactionSigned("performed"), e.ReactionNoted(clock("14:05"), ("rash",), "continue")),
}  # fmt: skip


@pytest.mark.parametrize(("point", "event"), [(point, event) for point, events in NEXT.items() for event in events])
def test_a_state_does_not_change_when_the_next_one_is_made_of_it(point: str, event: e.InfusionEvent) -> None:
    """Whatever happens next: to bags, flows, checks, limits, reactions, signatures."""
    play = prepared(point)
    before = play.state
    further = after(before, [Entry("next", "inf", clock("17:01"), LI.person_id, event)])
    assert before == replay("inf", play.entries, TRIAL)
    assert further.log == [*before.log, Entry("next", "inf", clock("17:01"), LI.person_id, event)]


def test_rows_and_plan_are_those_of_a_replay_after_each_event_with_notes_between() -> None:
    """Of a note nothing is worked out anew; of all else everything is."""
    entries = list(with_notes(prepared("signed").entries))
    state = replay("inf", entries[:1], TRIAL)
    for count, entry in enumerate(entries[1:], 2):
        state = after(state, [entry])
        again = replay("inf", entries[:count], TRIAL)
        assert (state, state.plan) == (again, again.plan)
        assert summary(state, entry.at) == summary(again, entry.at)


def test_of_an_event_that_is_only_kept_nothing_is_worked_out_anew() -> None:
    """Signed, given up: a phase without any other effect is a change too."""
    play = prepared("hung")
    further: tuple[e.InfusionEvent, ...] = (e.NoteAdded("quiet"), e.Abandoned("no bag"))
    noted, given_up = (after(play.state, [Entry("next", "inf", play.now, LI.person_id, event)]) for event in further)
    rows, plan = summary(play.state, play.now).infusion, play.state.plan
    assert (noted.plan, summary(noted, play.now).infusion) == (plan, rows)
    assert noted.plan is plan
    assert summary(noted, play.now).infusion is rows
    assert given_up.plan is not plan
    assert summary(given_up, play.now).infusion.phase == "abandoned"
    assert noted.changes + 1 == given_up.changes


def test_changes_are_counted_of_events_that_do_more_than_being_kept() -> None:
    entries = prepared("released").entries
    counted = [replay("inf", entries[:count], TRIAL).changes for count in range(1, len(entries) + 1)]
    assert counted == list(range(len(entries)))
    assert replay("inf", with_notes(entries), TRIAL).changes == len(entries) - 1


def test_the_row_of_a_check_stands_until_something_else_is_true_of_it() -> None:
    play = prepared("stepped up")
    first, noted = play.state, after(play.state, [Entry("next", "inf", clock("14:16"), LI.person_id, e.NoteAdded("quiet"))])
    (baseline, *_), (same, *_) = summary(first, clock("14:15")).checks, summary(noted, clock("14:16")).checks
    assert same is baseline
    at_once, later = summary(noted, clock("14:30")).checks, summary(noted, clock("14:41")).checks
    assert [check.status for check in at_once] != [check.status for check in later]


def with_notes(entries: Iterable[Entry]) -> Iterator[Entry]:
    for number, entry in enumerate(entries):
        yield entry
        yield Entry(f"note-{number}", "inf", entry.at, LI.person_id, e.NoteAdded("as before"))


def test_a_correction_among_further_events_is_laid_over_what_came_before_it() -> None:
    play = prepared("running")
    rate = e.RateSet(D(160), "typed in the dark")
    entries = [
        Entry("r1", "inf", clock("14:05"), "n1", rate), Entry("c1", "inf", clock("14:06"), "n1",
                                                              e.Corrected("r1", "rate_gtt_min", '"160"', '"20"', "it was 20")),
    ]  # fmt: skip
    state = after(play.state, entries)
    assert (state.rate_gtt_min, state.entries[-2:]) == (D(20), entries)
    assert (play.state.rate_gtt_min, play.state.last_at) == (D(20), clock("14:00"))
    assert after(play.state, entries[:1]).rate_gtt_min == 160


# --- without the protocol file


def test_as_recorded_has_the_events_and_the_phases_and_nothing_computed() -> None:
    play = prepared("signed")
    state = as_recorded("inf", play.entries)
    assert (state.infusion_id, state.known_protocol, state.order) == ("inf", None, play.state.order)
    assert (state.ordered_at, state.ordered_by) == (clock("13:00"), LI.person_id)
    assert (state.phase, state.entries, state.checks) == (Phase.SIGNED, play.entries, play.state.checks)
    assert state.signatures == play.state.signatures
    assert state.reached == {k: at for k, at in play.state.reached.items() if k != "stage1"}
    assert (state.last_at, state.newest_at) == (clock("17:00"), clock("17:00"))
    assert (state.bags, state.flows, state.weight, state.started_at) == ({}, [], None, None)


def test_an_order_that_was_given_up_at_once_is_recorded_so() -> None:
    play = Play()
    play.take(e.Abandoned("ordered twice"), LI.person_id)
    state = as_recorded("inf", play.entries)
    assert (state.phase, state.reached) == (Phase.ABANDONED, {"ordered": clock("13:00"), "abandoned": clock("13:00")})


def test_as_recorded_is_as_it_was_corrected() -> None:
    play = prepared("ready")
    play.correct("VitalsRecorded", "values", {"hr": 87}, "mistyped", LI)
    (check,) = as_recorded("inf", play.entries).checks
    assert isinstance(check.event, e.VitalsRecorded)
    assert check.event.values[0].value == 87


def test_an_infusion_without_its_file_says_which_one_it_is() -> None:
    order = replace(Play().state.order, protocol_sha256="0123456789abcdef" * 4)
    assert plain(no_file(order)) == (
        "The protocol file of this infusion is not at hand (msc-icaht 2, SHA-256 0123456789ab). It is shown as recorded, and "
        "nothing of it is computed."
    )


# --- what cannot be put together


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (None, "no order at its beginning"),
        (Broken(say("{event} is not possible while {phase}.", event="Started", phase="ordered")),
         "Started is not possible while ordered."),
        (KeyError("B9"), "KeyError: 'B9'"),
        (ValueError("no such day"), "ValueError: no such day"),
    ],
)  # fmt: skip
def test_an_infusion_that_is_left_out_says_why(error: BaseException | None, what: str) -> None:
    found = unreadable("inf", error)
    assert found == Unreadable("inf", what)
    assert plain(found.text) == f"The events of infusion inf cannot be put together: {what}"


# --- limits of a patient's own


def test_a_value_is_judged_by_the_limits_in_force_at_its_moment() -> None:
    play = prepared("running")
    for at, low in (("14:10", 45), ("14:20", 42)):
        play.now = clock(at)
        play.take(e.LimitsChanged((OwnLimits("hr", D(low), D(120)),), (), "usual for this patient"), LI.person_id)
    lows = [limits.low for at in ("14:09:59", "14:10", "14:19:59", "14:20")
            if (limits := play.state.vitals_at(clock(at)).limits_of("hr")) is not None]  # fmt: skip
    assert lows == [50, 45, 45, 42]
    other = play.state.vitals_at(clock("14:20")).limits_of("pr")
    assert other is not None
    assert other.low == 50


# --- corrections


def correction(event_id: str, field: str, new: object, stream: str = "inf", at: str = "14:20") -> Entry:
    return Entry(
        f"c {event_id} {field} {new}", stream, clock(at), "n1", e.Corrected(event_id, field, "null", json.dumps(new), "slip")
    )


FLUSH = Entry("f1", "inf", clock("15:00"), "n1", e.LineFlushed(D(20)))


def test_without_a_correction_the_entries_are_as_they_were() -> None:
    assert as_corrected([FLUSH]) == [FLUSH]
    assert changes_in([FLUSH]) == {}
    assert laid_over(FLUSH, {}) is FLUSH


def test_the_last_of_several_corrections_holds_and_each_field_by_itself() -> None:
    bag = Entry("d1", "inf", clock("15:01"), "n1", e.LeftoverDestroyed("B2", D(60), "n2"))
    told = [
        FLUSH, bag, correction("d1", "volume_ml", "61"), correction("f1", "volume_ml", "21"),
        correction("d1", "reason", "measured"), correction("d1", "volume_ml", "62"),
    ]  # fmt: skip
    flush, destroyed, *rest = as_corrected(told)
    assert (flush.event, flush.event_id, flush.at, flush.by) == (e.LineFlushed(D(21)), "f1", clock("15:00"), "n1")
    assert destroyed.event == e.LeftoverDestroyed("B2", D(62), "n2", "measured")
    assert rest == told[2:]
    assert set(changes_in(told)) == {("inf", "f1"), ("inf", "d1")}
    assert [x.new for x in changes_in(told)["inf", "d1"]] == ['"61"', '"measured"', '"62"']
    assert current(told, bag) == destroyed.event
    assert current(told, FLUSH) == e.LineFlushed(D(21))
    assert current([], FLUSH) == FLUSH.event


def test_a_correction_on_another_stream_changes_nothing_here() -> None:
    told = [FLUSH, correction("f1", "volume_ml", "21", stream="other")]
    assert as_corrected(told) == told
    assert laid_over(FLUSH, changes_in(told)) == FLUSH


def test_a_correction_of_a_subject_is_read_as_one() -> None:
    stream = "subject:S-001"
    sent = Entry("s1", stream, clock("15:00"), "i1", SaeReported(event_id="a1", reported_at=clock("14:30"), to="sponsor"))
    told = [sent, correction("s1", "reported_at", "2026-03-02T14:40:00Z", stream)]
    mended = SaeReported(event_id="a1", reported_at=clock("14:40"), to="sponsor")
    assert (as_corrected(told)[0].event, current(told, sent)) == (mended, mended)


def test_a_check_that_was_corrected_is_scored_anew() -> None:
    """Consciousness, oxygen, a value, by the scale it was scored by; of a part that is missing there is no score."""
    play = prepared("running")
    play.do(vitals(), LI, clock("14:15"))
    check = play.state.checks[-1].event
    assert isinstance(check, e.VitalsRecorded)
    spo2 = {"vital": "spo2", "value": "90", "source": "typed"}
    values = [spo2 if v.vital == "spo2" else {"vital": v.vital, "value": str(v.value), "source": "typed"} for v in check.values]
    for field, new, score in (
        ("consciousness", "C", 3), ("oxygen", True, 2), ("consciousness", None, None), ("discomfort_text", "cold", 0),
        ("values", values, 3),
    ):  # fmt: skip
        mended = patch(check, field, json.dumps(new))
        assert isinstance(mended, e.VitalsRecorded)
        assert mended.news2 == score
    by_second = patch(replace(check, scale=2), "values", json.dumps(values))
    assert isinstance(by_second, e.VitalsRecorded)
    assert (by_second.news2, by_second.scale) == (0, 2)
