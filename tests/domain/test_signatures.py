"""Signatures: bound to all that came before, void once any of it is corrected, and asked for again at the end."""

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bench import DrawSurplus, Release
from app.domain.infusion.chapters.corrections import Correct
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.chapters.pause import Pause, Resume
from app.domain.infusion.chapters.premedication import OverrideLeadTime
from app.domain.infusion.chapters.reaction import NoteReaction, ResolveReaction
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.phases import Phase
from app.domain.infusion.story import replay
from app.domain.infusion.summary import summary
from app.domain.infusion.task_kinds import TaskKind
from app.domain.infusion.tasks import due, most_pressing
from app.domain.log import Entry, Event, encode
from app.domain.people.roles import Person, Role
from app.domain.people.signatures import canonical, covered, meaning_of, misfits, signatures, to_give_again, touches, void_by
from app.domain.streams import decode
from app.domain.texts import say

from .cast import CHEN, DAY, LI, TRIAL, WANG, ZHAO, protocol
from .play import Play, prepared, vitals
from .test_properties import STEADY

SIGNED = prepared("signed").entries
Path = tuple[int | str, ...]


# --- who signed for what


def test_every_signature_names_its_signer_and_what_it_means() -> None:
    told = [(s.meaning, s.printed_name, s.status) for s in signatures(SIGNED)]
    assert told == [
        ("dispensed", CHEN.name, "valid"),
        ("received", LI.name, "valid"),
        *[("verified", who.name, "valid") for who in (LI, WANG) * 3],
        ("verified", WANG.name, "valid"),
        ("performed", LI.name, "valid"),
        ("reviewed", ZHAO.name, "valid"),
    ]
    assert [s.by for s in signatures(SIGNED)][-3:] == [WANG.person_id, LI.person_id, ZHAO.person_id]


def test_a_signature_is_bound_to_everything_before_it_and_nothing_after() -> None:
    released = next(n for n, x in enumerate(SIGNED) if isinstance(x.event, e.Released))
    first = signatures(SIGNED)[0]
    assert first.sha256 == covered(SIGNED[:released]).hex()
    assert first.short_sha256 == first.sha256[:12]
    assert first.at == SIGNED[released].at
    assert len({s.sha256 for s in signatures(SIGNED)}) == len(signatures(SIGNED))


def test_an_investigator_approves_what_only_an_investigator_may_allow() -> None:
    play = prepared("thawed")
    play.do(OverrideLeadTime("short of time"), ZHAO)
    (approved,) = [s for s in signatures(play.entries) if s.meaning == "approved"]
    assert (approved.by, approved.printed_name) == (ZHAO.person_id, ZHAO.name)


def test_going_on_after_a_reaction_is_signed_by_the_investigator_not_by_the_nurse() -> None:
    play = prepared("running")
    play.do(NoteReaction(play.now, ("fever",), "stop"), LI)
    play.do(vitals(), LI, play.now + timedelta(minutes=3))
    play.do(ResolveReaction(play.now), LI)
    play.do(Resume(Decimal(20), ZHAO), LI)
    (approved,) = [s for s in signatures(play.entries) if s.meaning == "approved"]
    assert (approved.entry.by, approved.by, approved.printed_name) == (LI.person_id, ZHAO.person_id, ZHAO.name)
    assert not list(misfits(play.entries))


def test_an_ordinary_resume_is_nobodys_signature() -> None:
    play = prepared("running")
    play.do(Pause(), LI)
    (resumed,) = play.do(Resume(Decimal(20), None), LI)
    assert meaning_of(resumed) is None
    assert b'"signed_sha256":""' in encode(resumed)


def test_a_record_of_before_is_read_and_has_no_hash() -> None:
    old = decode("infusion", '{"type":"Released"}')
    entries = [SIGNED[0], Entry("e2", "inf", DAY, CHEN.person_id, old)]
    (released,) = signatures(entries)
    assert (released.printed_name, released.sha256, released.status) == ("", "", "valid")
    assert not list(misfits(entries))


# --- the hash


def test_the_hash_is_the_same_before_and_after_the_disk() -> None:
    refused = e.CommandRefused("Start", say("Too early, {why} at {at}.", why=say("wait"), at=DAY))
    entry = Entry("e1", "inf", DAY.astimezone(timezone(timedelta(hours=8))), None, refused)
    read = msgspec.structs.replace(entry, at=DAY, event=decode("infusion", encode(refused)))
    assert canonical(entry) == canonical(read)


@pytest.mark.usefixtures("in_shanghai")
def test_the_hash_is_the_same_on_a_laptop_in_any_zone() -> None:
    assert b'"at":"2026-03-02T00:00:00Z"' in canonical(Entry("e1", "inf", DAY, None, e.NoteAdded("x")))


def test_what_stands_at_its_default_is_left_out_so_that_a_later_field_changes_no_hash() -> None:
    rate = Entry("e1", "inf", DAY, LI.person_id, e.RateSet(Decimal("20.0")))
    at = f"{DAY:%Y-%m-%dT%H:%M:%SZ}"
    assert json.loads(canonical(rate)) == {
        "event_id": "e1", "stream": "inf", "at": at, "by": LI.person_id,
        "event": {"type": "RateSet", "rate_gtt_min": "20.0"},
    }  # fmt: skip
    assert canonical(rate).startswith(b'{"at":')


def test_what_stands_at_its_default_is_left_out_all_the_way_down_and_free_parts_stay_whole() -> None:
    bag = e.Bag("B1", "L1", 100, Decimal(100), DAY)
    told = {"bag_id": "B1", "lot": "L1", "cells": 100, "volume_ml": "100", "expires_at": f"{DAY:%Y-%m-%dT%H:%M:%SZ}"}
    values = e.VitalEntry("hr", Decimal(80), "typed", 3), e.VitalEntry("rr", None, "none")
    taken = [
        (e.BagScanned(bag), {"type": "BagScanned", "bag": told}),
        (e.BagScanned(msgspec.structs.replace(bag, reason="torn")), {"type": "BagScanned", "bag": {**told, "reason": "torn"}}),
        (e.VitalsRecorded("infusion", 15, values, False, "A", False),
         {"type": "VitalsRecorded", "period": "infusion", "slot_min": 15, "oxygen": False, "consciousness": "A",
          "discomfort": False, "values": [{"vital": "hr", "value": "80", "source": "typed", "age_s": 3},
                     {"vital": "rr", "value": None, "source": "none"}]}),
        (e.CommandRefused("Start", say("x", a=say("y"))),
         {"type": "CommandRefused", "command": "Start", "why": {"msgid": "x", "params": {"a": {"msgid": "y", "params": {}}}}}),
    ]  # fmt: skip
    for event, expected in taken:
        assert json.loads(canonical(Entry("e1", "inf", DAY, None, event)))["event"] == expected


def _leaves(value: Any, path: Path = ()) -> list[Path]:
    """The path of every single field, down to those of a bag or a vital sign."""
    if isinstance(value, msgspec.Struct):
        return [leaf for name in value.__struct_fields__ for leaf in _leaves(getattr(value, name), (*path, name))]
    if isinstance(value, tuple) and value:
        return [leaf for n, item in enumerate(value) for leaf in _leaves(item, (*path, n))]
    return [path]


LAST = max(n for n, x in enumerate(SIGNED) if meaning_of(x.event))
LEAVES = [(n, path) for n, entry in enumerate(SIGNED[:LAST]) for path in _leaves(entry)]


def _with(value: Any, path: Path, data: st.DataObject) -> Any:
    if not path:
        return _other(value, data)
    head, *rest = path
    if isinstance(head, int):
        return (*value[:head], _with(value[head], tuple(rest), data), *value[head + 1 :])
    return msgspec.structs.replace(value, **{head: _with(getattr(value, head), tuple(rest), data)})


def _other(value: Any, data: st.DataObject) -> Any:
    """Another value of the same kind."""
    steps = st.integers(1, 10**6)
    if isinstance(value, bool):
        return not value
    if isinstance(value, dict):
        name = data.draw(st.sampled_from(sorted(value)))
        return {**value, name: not value[name]}
    if isinstance(value, datetime):
        return value + timedelta(microseconds=data.draw(steps))
    if isinstance(value, int | Decimal):
        return value + data.draw(steps)
    return data.draw(st.text(max_size=8).filter(lambda text: text != value)) if value else data.draw(st.text(min_size=1))


@STEADY
@given(st.sampled_from(LEAVES), st.data())
@pytest.mark.uncounted
def test_one_changed_field_of_one_entry_is_found_by_every_later_signature(where: tuple[int, Path], data: st.DataObject) -> None:
    n, path = where
    changed = [*SIGNED[:n], _with(SIGNED[n], path, data), *SIGNED[n + 1 :]]
    later = [x.event_id for x in SIGNED[n + 1 :] if meaning_of(x.event)]
    found = [x.event_id for x in misfits(changed)]
    assert [event_id for event_id in found if event_id in later] == later
    assert set(found) - set(later) <= {changed[n].event_id}


@STEADY
@given(st.integers(0, LAST - 1))
def test_a_missing_or_moved_entry_is_found_by_the_last_signature(n: int) -> None:
    last = SIGNED[LAST]
    assert last in list(misfits([*SIGNED[:n], *SIGNED[n + 1 :]]))
    if n + 1 < LAST:
        assert last in list(misfits([*SIGNED[:n], SIGNED[n + 1], SIGNED[n], *SIGNED[n + 2 :]]))


def test_another_weight_is_found_by_every_signature_after_it() -> None:
    at = next(n for n, x in enumerate(SIGNED) if isinstance(x.event, e.WeightRecorded))
    heavier = msgspec.structs.replace(SIGNED[at], event=e.WeightRecorded(Decimal(71)))
    found = list(misfits([*SIGNED[:at], heavier, *SIGNED[at + 1 :]]))
    assert found == [x for x in SIGNED if meaning_of(x.event)]


def test_an_untouched_record_fits() -> None:
    assert not list(misfits(SIGNED))


# --- corrections


TARGETS = [x.event_id for x in SIGNED if x.event.correctable]
ACTS = st.one_of(
    st.tuples(st.just("correct"), st.integers(0, 60)),
    st.tuples(st.just("note"), st.just(0)),
    st.tuples(st.just("performed"), st.just(0)),
    st.tuples(st.just("reviewed"), st.just(0)),
)


def _act(play: Play, what: str, which: int) -> None:
    try:
        if what == "correct":
            _correct(play, which)
        elif what == "note":
            play.do(AddNote(f"note {len(play.entries)}"), LI)
        else:
            play.do(Sign("performed" if what == "performed" else "reviewed"), LI if what == "performed" else ZHAO)
    except Refused as refusal:
        assert str(refusal)  # noqa: PT017


def _correct(play: Play, which: int) -> None:
    found = [x for x in play.entries if isinstance(x.event, e.NoteAdded | e.LineFlushed | e.VitalsRecorded)]
    target = found[which % len(found)]
    new = f"as of {len(play.entries)}"
    field = {e.NoteAdded: "text", e.LineFlushed: "volume_ml", e.VitalsRecorded: "late_reason"}[type(target.event)]
    text = str(len(play.entries)) if field == "volume_ml" else new
    play.do(Correct(target.event_id, field, json.dumps(text), "read again"), WANG)


@STEADY
@given(st.lists(ACTS, max_size=14))
@pytest.mark.uncounted
def test_any_order_of_corrections_leaves_exactly_the_later_signatures(acts: list[tuple[str, int]]) -> None:
    play = prepared("observed")
    for what, which in [("performed", 0), ("reviewed", 0), *acts]:
        play.now += timedelta(minutes=1)
        _act(play, what, which)
    place = {x.event_id: n for n, x in enumerate(play.entries)}
    corrections = [(n, place[x.event.event_id]) for n, x in enumerate(play.entries) if isinstance(x.event, e.Corrected)]
    for s in signatures(play.entries):
        n = place[s.entry.event_id]
        hits = [at for at, target in corrections if target < n < at and s.closes_the_record]
        assert (s.void_by is None) is (not hits)
        assert (s.void_by is None) or place[s.void_by.event_id] == hits[0]
    _stands_as_the_signatures_do(play)


def _stands_as_the_signatures_do(play: Play) -> None:
    closing = [s for s in signatures(play.entries) if s.closes_the_record]
    standing = {s.meaning for s in closing if s.status == "valid"}
    assert set(play.state.signatures) == standing
    assert (play.state.phase is Phase.SIGNED) is (standing == {"performed", "reviewed"})
    task = most_pressing(due(play.state, play.now), play.now)
    wanted = {frozenset[str](): TaskKind.SIGN_PERFORMED, frozenset({"performed"}): TaskKind.SIGN_REVIEWED}
    assert (task.kind if task else None) is wanted.get(frozenset(standing))
    again = {s.meaning for s in to_give_again(play.entries)}
    assert again == {s.meaning for s in closing} - standing
    assert not list(misfits(play.entries))
    assert play.same_from_disk()


def test_a_signature_given_again_takes_the_place_of_the_void_one() -> None:
    play = prepared("signed")
    play.correct("LineFlushed", "volume_ml", Decimal(25), "read again", WANG)
    void = [s for s in signatures(play.entries) if s.status == "void"]
    assert [s.meaning for s in void] == ["performed", "reviewed"]
    assert all(s.void_by is play.entries[-1] for s in void)
    assert Phase.SIGNED not in play.state.reached
    play.do(Sign("performed"), WANG)
    assert [s.status for s in signatures(play.entries)][-3:] == ["replaced", "void", "valid"]
    play.now += timedelta(hours=1)
    play.do(Sign("reviewed"), ZHAO)
    assert play.state.phase is Phase.SIGNED
    assert summary(play.state, play.now).infusion.signed_at == play.now
    assert to_give_again(play.entries) == ()
    old = next(s for s in signatures(play.entries) if s.meaning == "performed")
    assert old.replaced_by is not None
    assert old.replaced_by.by == WANG.person_id


def test_what_was_written_after_both_signatures_is_corrected_without_them() -> None:
    play = prepared("signed")
    play.do(AddNote("moved to bed 14"), LI)
    play.correct("NoteAdded", "text", "moved to bed 15", "mistyped", LI)
    assert play.state.phase is Phase.SIGNED
    assert [type(x.event) for x in play.entries[-2:]] == [e.Corrected, e.InfusionSigned]
    assert all(s.status == "valid" for s in signatures(play.entries))


def test_such_a_correction_in_a_record_of_before_is_closed_by_the_investigator_alone() -> None:
    play = prepared("signed")
    play.do(AddNote("moved to bed 14"), LI)
    play.take(e.Corrected(play.entries[-1].event_id, "text", '"moved to bed 14"', '"moved to bed 15"', "mistyped"), LI.person_id)
    task = most_pressing(due(play.state, play.now), play.now)
    assert task is not None
    assert task.kind is TaskKind.SIGN_REVIEWED
    play.do(Sign("reviewed"), ZHAO)
    assert play.state.phase is Phase.SIGNED


def test_a_note_of_the_bench_corrected_later_voids_release_and_all_that_followed() -> None:
    play = prepared("bags at the bench")
    play.do(AddNote("from cupboard 2"), CHEN)
    play.do(Release(), CHEN)
    play.do(Receive(), LI)
    play.correct("NoteAdded", "text", "from cupboard 3", "mistyped", CHEN)
    assert [(s.meaning, s.status) for s in signatures(play.entries)] == [("dispensed", "void"), ("received", "void")]
    assert play.state.phase is Phase.RECEIVED, "the bags were released and received all the same"
    assert to_give_again(play.entries) == ()


def test_a_correction_of_what_came_later_leaves_an_early_signature_alone() -> None:
    play = prepared("signed")
    play.correct("LeftoverDestroyed", "volume_ml", Decimal(25), "read again", WANG)
    early = [s for s in signatures(play.entries) if not s.closes_the_record][:-1]
    assert early
    assert all(s.status == "valid" for s in early)
    assert void_by(play.entries, early[0].entry) is None


def test_a_witness_signs_for_what_was_done_and_a_correction_of_it_makes_that_void() -> None:
    play = prepared("signed")
    destroyed = [s for s in signatures(play.entries) if isinstance(s.entry.event, e.LeftoverDestroyed)]
    assert [(s.by, s.entry.by, s.printed_name, s.status) for s in destroyed] == [(WANG.person_id, LI.person_id, WANG.name, "valid")]
    at = play.entries.index(destroyed[0].entry)
    assert destroyed[0].sha256 == covered(play.entries[:at]).hex()
    play.correct("LeftoverDestroyed", "volume_ml", Decimal(25), "read again", WANG)
    assert next(s for s in signatures(play.entries) if s.entry is destroyed[0].entry).status == "void"


def test_a_correction_makes_void_what_was_signed_on_it_and_nothing_else() -> None:
    """A bag's check rests on its own thaw, an override on the pre-medication, a witness on what was left; none on a flush."""
    play = prepared("premedicated")
    play.do(OverrideLeadTime("doctor"), ZHAO)
    early = prepared("observed")
    assert _void_after(play, "PremedicationGiven", "dose_mg", Decimal(6)) == [e.LeadTimeOverridden]
    assert _void_after(early, "LineFlushed", "volume_ml", Decimal(25)) == []
    assert _void_after(early, "VitalsRecorded", "discomfort_text", "x") == []
    assert _void_after(early, "InfusionEnded", "left_ml", Decimal(58)) == [e.LeftoverDestroyed]
    assert _void_after(prepared("second bag"), "BagThawed", "thawed_at", "2026-03-02T14:35:00Z") == [e.BagChecked] * 2


def test_a_bag_s_check_rests_on_its_own_thaw_and_on_no_other_bag_s() -> None:
    entries = prepared("second bag").entries
    thawed = {x.event.bag_id: x.event_id for x in entries if isinstance(x.event, e.BagThawed)}
    checked = [x for x in entries if isinstance(x.event, e.BagChecked)]
    assert list(thawed) == ["B1", "B2"]
    for check in checked:
        assert isinstance(check.event, e.BagChecked)
        rests_on = [bag for bag, event_id in thawed.items() if touches(entries, event_id, check)]
        assert rests_on == [check.event.bag_id]
    assert {x.event.bag_id for x in checked if isinstance(x.event, e.BagChecked)} == {"B1", "B2"}
    assert not touches([], checked[0].event_id, checked[0])


def _void_after(play: Play, kind: str, field: str, new: object) -> list[type[Event]]:
    play.correct(kind, field, new, "read again", WANG)
    return [type(s.entry.event) for s in signatures(play.entries) if s.status == "void"]


def test_surplus_drawn_twice_has_two_witnesses() -> None:
    play = prepared("bags at the bench", rules=protocol("msc-icaht", {"dose.surplus_drawn_at_bench": True}))
    for witness in (LI, WANG):
        play.do(DrawSurplus("B2", Decimal(10), witness), CHEN)
    assert [(s.by, s.printed_name, s.status) for s in signatures(play.entries)] == [
        (LI.person_id, LI.name, "valid"),
        (WANG.person_id, WANG.name, "valid"),
    ]


@pytest.mark.parametrize("role", [Role.MONITOR, Role.ADMINISTRATOR, Role.EMERGENCY])
def test_who_acts_on_no_infusion_witnesses_nothing(role: Role) -> None:
    play = prepared("bags at the bench", rules=protocol("msc-icaht", {"dose.surplus_drawn_at_bench": True}))
    with pytest.raises(Refused, match="needs another role"):
        play.do(DrawSurplus("B2", Decimal(10), Person("x1", "Wu", role)), CHEN)


@pytest.mark.parametrize(
    "told",
    [
        b'{"type":"SurplusDrawn","bag_id":"B2","volume_ml":"10","witness":"n1"}',
        b'{"type":"LeftoverDestroyed","bag_id":"B2","volume_ml":"10","witness":"n1"}',
    ],
)
def test_a_witness_of_an_older_record_is_named_and_has_not_signed(told: bytes) -> None:
    event = decode("infusion", told)
    assert isinstance(event, e.SurplusDrawn | e.LeftoverDestroyed)
    assert (event.witness, event.printed_name, meaning_of(event)) == ("n1", "", None)


def test_a_check_of_two_people_done_again_takes_the_place_of_the_first() -> None:
    play = prepared("received")
    bags = tuple(d.bag_id for d in play.state.plan.draws) if play.state.plan else ()
    play.do(CheckIdentity("S-001", bags), LI)
    play.do(CheckIdentity("S-002", bags), WANG)
    play.do(CheckIdentity("S-001", bags), LI)
    play.do(CheckIdentity("S-001", bags), WANG)
    told = [(s.by, s.status) for s in signatures(play.entries) if s.meaning == "verified"]
    assert told == [(LI.person_id, "replaced"), (LI.person_id, "valid"), (WANG.person_id, "valid")]


def test_replay_and_order_stay_whole() -> None:
    assert replay("inf", SIGNED, TRIAL).phase is Phase.SIGNED
    assert all(a.at <= b.at for a, b in pairwise(SIGNED))


@pytest.mark.parametrize(
    "kind",
    [*(k for k in e.Signing.__subclasses__() if k is not e.Gated), *e.Gated.__subclasses__()],
    ids=lambda kind: kind.__name__,
)
def test_whatever_carries_a_hash_has_a_meaning(kind: type[e.Signing]) -> None:
    fields = {f.name: "performed" if f.name == "meaning" else "x" for f in msgspec.structs.fields(kind)}
    assert meaning_of(kind(**fields)) is not None
