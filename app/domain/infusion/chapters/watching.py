"""Whether anybody watched: gaps, how late it really is after one, and the monitor's cable."""

from datetime import datetime, timedelta

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion import flows
from app.domain.infusion.state import Flow, Infusion
from app.domain.infusion.wording import People
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import Text, parts, say

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings

_MOST_GAP_S = 7 * 24 * 3600
#: Before the start bags may lie for weeks; beyond this it is a wrong year.
_MOST_WAIT_S = 365 * 24 * 3600


class ConfirmElapsed(Command, frozen=True):
    title = say("confirm the elapsed time")

    gap_s: int


def confirm_elapsed(state: Infusion, command: ConfirmElapsed, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    if not state.elapsed_unknown:
        raise Refused(say("The elapsed time is known."))
    if command.gap_s < 0:
        raise Refused(say("Time does not run backwards."))
    if command.gap_s > (_MOST_WAIT_S if state.started_at is None else _MOST_GAP_S):
        raise Refused(say("An infusion does not wait that long. Check the date."))
    return [e.ElapsedConfirmed(command.gap_s)]


def _lost(s: Infusion, entry: Entry, ev: e.WatchLost) -> None:
    s.elapsed_unknown, s.watch_lost_at = s.elapsed_unknown or ev.unknown, entry.at
    flow = s.flows[-1] if s.flows else None
    if flow is None or flow.end is not None:
        return
    s.unconfirmed_gap = True
    rate = flow.rate_gtt_min
    flows.flow(s, max(ev.from_at, flow.start), rate, "unknown" if ev.unknown else "lost")
    flows.flow(s, entry.at, rate, "set")


def _confirmed(s: Infusion, entry: Entry, ev: e.ElapsedConfirmed) -> None:
    """What was unknown becomes a gap of known length, though the drip was paused or set meanwhile.

    After the end it stays unknown: the gap cannot be put back before it. A reading since then covers it.
    """
    s.elapsed_unknown = False
    if s.ended_at is not None:
        return
    gap_from = entry.at - timedelta(seconds=ev.gap_s)
    drips = s.rate_gtt_min if s.flows and s.flows[-1].end is None else None
    flows.stop_flow(s, gap_from)
    for flow in [f for f in s.flows if f.basis == "unknown"]:
        flow.basis = "lost"
        if s.pins[-1].at <= flow.start:
            s.flows.append(Flow(max(gap_from, flow.start), flow.rate_gtt_min, "lost", entry.at))
    if drips is not None:
        flows.flow(s, entry.at, drips, "set")


def _stepped(s: Infusion, entry: Entry, ev: e.ClockStepped) -> None:
    s.clock_stepped = entry.at, ev.step_s


def _lost_words(ev: e.WatchLost, _s: Infusion, _p: People) -> Text:
    line = say("Nobody watched from {at} on: {cause}", at=ev.from_at, cause=codes.word(ev.cause, codes.CAUSES))
    return parts(line, say("how long is not known") if ev.unknown else None)


def _confirmed_words(ev: e.ElapsedConfirmed, _s: Infusion, _p: People) -> Text:
    gap = say("{minutes} min {seconds} s", minutes=ev.gap_s // 60, seconds=ev.gap_s % 60)
    return say("A person says that {gap} went by unwatched", gap=gap)


def _link_words(ev: e.LinkFound, _s: Infusion, _p: People) -> Text:
    line = say("Monitor connected ({protocol}, {port})", protocol=ev.protocol, port=ev.port)
    return parts(line, say("simulated") if ev.simulated else None)


RULES: Rules = {ConfirmElapsed: confirm_elapsed}
EFFECTS: Effects = {e.WatchLost: _lost, e.ElapsedConfirmed: _confirmed, e.ClockStepped: _stepped}
WORDS: Wordings = {e.WatchLost: _lost_words, e.ElapsedConfirmed: _confirmed_words, e.LinkFound: _link_words}
