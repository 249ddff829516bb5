"""`decide`: a command by a person at a moment becomes events, or is refused with a reason."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion import commands as c
from app.domain.infusion.facts import InfusionEvent
from app.domain.infusion.phases import PHASE_NAMES, TABLE
from app.domain.infusion.state import Infusion
from app.domain.people.roles import CLINICAL, ROLE_NAMES, Person, Role
from app.domain.people.signatures import signed
from app.domain.texts import say

from . import after, anytime, bedside, dispense, reacting, running

Rule = Callable[[Infusion, Any, Person, datetime], list[InfusionEvent]]

_RULES: dict[type[c.Command], Rule] = {
    c.RecordWeight: dispense.record_weight,
    c.ConfirmWeight: dispense.confirm_weight,
    c.ChooseSet: dispense.choose_set,
    c.ScanBag: dispense.scan_bag,
    c.RejectBag: dispense.reject_bag,
    c.RecordCertificate: dispense.record_certificate,
    c.DrawSurplus: dispense.draw_surplus,
    c.Release: dispense.release,
    c.ReleaseBag: dispense.release_bag,
    c.SendRelease: dispense.send_release,
    c.Receive: bedside.receive,
    c.CheckIdentity: bedside.check_identity,
    c.VerifyBag: bedside.verify_bag,
    c.GivePremedication: bedside.give_premedication,
    c.OverrideLeadTime: bedside.override_lead_time,
    c.ThawBag: bedside.thaw_bag,
    c.CheckBag: bedside.check_bag,
    c.HangBag: bedside.hang_bag,
    c.Start: running.start,
    c.StepUp: running.step_up,
    c.SetRate: running.set_rate,
    c.MeasureRate: running.measure_rate,
    c.Pause: running.pause,
    c.ExplainPause: running.explain_pause,
    c.Resume: running.resume,
    c.ReportEmpty: running.report_empty,
    c.TakeDownBag: running.take_down_bag,
    c.ReportBroken: bedside.report_broken,
    c.ReadRemaining: running.read_remaining,
    c.NoteReaction: reacting.note_reaction,
    c.UpdateReaction: reacting.update_reaction,
    c.ResolveReaction: reacting.resolve_reaction,
    c.RecordVitals: anytime.record_vitals,
    c.End: running.end,
    c.Stop: running.stop,
    c.FlushLine: after.flush_line,
    c.DestroyLeftover: after.destroy_leftover,
    c.ReturnBag: after.return_bag,
    c.CloseObservation: after.close_observation,
    c.Sign: after.sign,
    c.Abandon: anytime.abandon,
    c.HandOver: anytime.hand_over,
    c.AddNote: anytime.add_note,
    c.Correct: anytime.correct,
    c.ConfirmElapsed: anytime.confirm_elapsed,
}


def _acting(command: c.Command, by: Person) -> Person:
    """In an emergency whoever stands at the bed acts as a nurse; who only reads or keeps accounts acts in nothing."""
    if by.role is Role.EMERGENCY and isinstance(command, c.IN_EMERGENCY):
        return replace(by, role=Role.NURSE)
    if by.role not in CLINICAL:
        raise Refused(say("The role “{role}” does not act on an infusion.", role=ROLE_NAMES[by.role]))
    return by


def decide(state: Infusion, command: c.Command, by: Person, now: datetime) -> list[InfusionEvent]:
    """The events that a command leads to; a signature is the first of them and signs for all that came before.

    Raises `Refused` with the reason; the state is never touched.
    """
    events = _RULES[type(command)](state, command, _acting(command, by), now)
    phase = state.phase
    for event in events:
        after_it = TABLE.get((phase, type(event)))
        if after_it is None:
            raise Refused(say("This is not possible now: the infusion is at “{phase}”.", phase=PHASE_NAMES[phase]))
        phase = after_it
    return [*(signed(state.entries, event, by) for event in events[:1]), *events[1:]]
