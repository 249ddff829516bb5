"""Questions while it runs: rates, pause, resume, bags, reaction, end."""

from decimal import Decimal
from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain import commands as c
from app.domain.delivered import needed_rate, offered_rates
from app.domain.people import BEDSIDE, Person, Role
from app.domain.rules.running import step_up_waits_for
from app.domain.texts import Text, say
from app.services.code_words import SYMPTOMS
from ui.desk import Desk

from .form import Field, ask_form
from .who import ask_who, desk_as

_REASON = Field("reason", say("Reason"), needed=False)
_ACTIONS: tuple[tuple[str, Text], ...] = (
    ("stop", say("Stop the infusion")), ("slow", say("Slow it down")), ("continue", say("Let it run")),
)  # fmt: skip


def step_up(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Only rates that finish in time are offered, those that can be counted in 15 s first."""
    state, now = desk.infusion(infusion_id), desk.now()
    waits = step_up_waits_for(state, now)
    if waits is not None:
        desk.tell(waits)
        return
    stage = state.stage + 1
    rates = offered_rates(state, stage, now) or (int(state.protocol.infusion.stages[stage].rate_gtt_min[1]),)
    choices = tuple((Decimal(r), say("{rate} drops/min", rate=r)) for r in rates)
    fields = (Field("rate", say("New rate"), "choice", choices[0][0], choices),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Step up the drip"), say("Stepped up"), fields,
                 lambda a: c.StepUp(a["rate"]), person)  # fmt: skip

    desk_as(desk, parent, BEDSIDE, opened)


def change_rate(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    state = desk.infusion(infusion_id)
    needed = needed_rate(state, desk.now())
    notes = (say("To finish in time {rate} drops/min are needed.", rate=f"{needed:.0f}"),) if needed else ()
    fields = (Field("rate", say("Drops/min"), "number", state.rate_gtt_min), _REASON)
    desk_as(desk, parent, BEDSIDE, lambda p: ask_form(
        desk, infusion_id, parent, say("Change the rate"), say("Set rate"), fields,
        lambda a: c.SetRate(a["rate"], a["reason"]), p, notes))  # fmt: skip


def pause(desk: Desk, infusion_id: str, _parent: QWidget) -> None:
    """Acts at once."""
    desk.submit(infusion_id, c.Pause())


def resume(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """After a reaction an investigator signs for it."""
    state = desk.infusion(infusion_id)
    fields = (Field("rate", say("Drops/min"), "number", state.rate_gtt_min), _REASON)
    reaction = state.reaction_open or (state.pause is not None and state.pause.cause == "reaction")

    def opened(person: Person | None) -> None:
        ask_form(desk, infusion_id, parent, say("Resume the infusion"), say("Resume"), fields,
                 lambda a: c.Resume(a["rate"], person, a["reason"]))  # fmt: skip

    if reaction:
        ask_who(desk, parent, {Role.INVESTIGATOR}, opened, why=say("An investigator lets it go on"))
    else:
        opened(None)


def bag_empty(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    ask_form(desk, infusion_id, parent, say("The bag is empty"), say("Empty"), (), lambda _a: c.ReportEmpty())


def take_down(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    fields = (Field("left", say("Left in the bag, ml"), "number"), Field("reason", say("Reason")))
    ask_form(desk, infusion_id, parent, say("Take the bag down"), say("Taken down"), fields,
             lambda a: c.TakeDownBag(a["left"], a["reason"]))  # fmt: skip


def read_remaining(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    fields = (Field("left", say("Left in the bag, ml"), "number"),)
    ask_form(desk, infusion_id, parent, say("Read what is left in the bag"), say("Read"), fields,
             lambda a: c.ReadRemaining(a["left"]))  # fmt: skip


def reaction(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Stop is sent at once; what is added afterwards goes into a note of its own."""
    fields = (
        Field("action", say("What now?"), "choice", "stop", _ACTIONS),
        Field("symptom", say("What happened?"), "choice", None, tuple(SYMPTOMS.items())),
        Field("onset", say("Since"), "time"),
        Field("slower", say("Slower rate, drops/min"), "number", needed=False),
        Field("called", say("Who was called"), needed=False),
        Field("text", say("More"), needed=False),
    )
    ask_form(
        desk, infusion_id, parent, say("Reaction"), say("Note the reaction"), fields,
        lambda a: c.NoteReaction(
            a["onset"], (a["symptom"],), a["action"], called=a["called"], text=a["text"], slower_gtt_min=a["slower"]
        ),
    )  # fmt: skip


def resolve_reaction(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    fields = (Field("at", say("Over since"), "time"), Field("text", say("More"), needed=False))
    ask_form(desk, infusion_id, parent, say("The reaction is over"), say("Over"), fields,
             lambda a: c.ResolveReaction(a["at"], a["text"]))  # fmt: skip


def end(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    _finish(desk, infusion_id, parent, say("End the infusion"), partial(_command, c.End))


def stop(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    _finish(desk, infusion_id, parent, say("Stop for good"), partial(_command, c.Stop))


def _command(kind: type[c.End] | type[c.Stop], answers: dict[str, object]) -> c.Command:
    return kind(answers["left"], answers["reason"])  # type: ignore[arg-type]


def _finish(desk: Desk, infusion_id: str, parent: QWidget, title: Text, make: "partial[c.Command]") -> None:
    fields = (
        Field("left", say("Left in the bag, ml (empty if it cannot be read)"), "number", needed=False),
        _REASON,
    )
    ask_form(desk, infusion_id, parent, title, say("The clamp is shut"), fields, make)
