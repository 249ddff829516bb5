"""A pause acts at once, why it was made is asked while it is paused already; and how the drip goes on."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.domain.infusion.chapters.pause import ExplainPause, Pause, Resume
from app.domain.infusion.chapters.reaction import slower_rate
from app.domain.infusion.code_words import REASONS
from app.domain.infusion.drip_volume import needed_rate
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import Text, say
from ui.ask.answers import ReasonAnswer
from ui.ask.form import Field, ask_form, coded, submit_form
from ui.ask.leave import WHY_ALLOWED, ask_why_allowed, with_leave
from ui.ask.who import with_role
from ui.frame.desk import Desk

from .rate_question import RateQuestion, Rates, rates_in_time
from .reaction import ask_note_reaction

_WHY_PAUSED = ("line", "patient", "moved", "other_care", "doctor")
_REACTION = "reaction"


def ask_pause(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """A pause acts at once; why it was made is asked while it is paused already, and may be left open."""
    desk.submit(infusion_id, Pause(), then=lambda: ask_explain_pause(desk, infusion_id, parent))


def ask_explain_pause(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Why it is paused; a reaction leads to its own questions."""
    choices = ((_REACTION, say("a reaction: note it now")), *coded(REASONS, *_WHY_PAUSED))
    fields = (Field("reason", say("Why is it paused?"), "reason", choices=choices),)
    form = ask_form(desk, infusion_id, parent, say("Paused: shut the clamp"), say("Save the reason"), fields,
                    lambda a: ExplainPause(a["reason"]))  # fmt: skip
    answer = form.answers_by_key["reason"]
    assert isinstance(answer, ReasonAnswer)

    def chosen() -> None:
        if answer.choice.chosen() == _REACTION:
            form.accept()
            ask_note_reaction(desk, infusion_id, parent)

    answer.changed.connect(chosen)


def ask_resume(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The drip goes on after a pause; after a reaction only with an investigator's own signature."""
    after_reaction = desk.infusion(infusion_id).needs_investigator
    why = (
        say("Which investigator lets it go on after the reaction?") if after_reaction else say("Which investigator lets it go on?")
    )
    with_leave(desk, infusion_id, parent, why,
               lambda who, lines: _ask_rate_to_resume(desk, infusion_id, parent, who, lines), after_reaction)  # fmt: skip


def _ask_rate_to_resume(desk: Desk, infusion_id: str, parent: QWidget, allowed_by: Person | None, lines: Sequence[Text]) -> None:
    state, now = desk.infusion(infusion_id), desk.now()
    needed = needed_rate(state, now)
    notes = [say("{name} lets it go on.", name=allowed_by.name), *lines] if allowed_by else []
    if needed:
        notes.append(say("To finish in time {rate} drops/min are needed.", rate=f"{needed:.0f}"))

    offered, said = rates_in_time(state, state.stage, now)
    first = state.rate_gtt_min
    half = slower_rate(state) if state.needs_investigator else None
    if half is not None:
        first, offered = half, (int(half), *(rate for rate in offered if rate != half))
        said = (say("After a reaction: at half the last rate first."), *said)

    def opened(person: Person) -> None:
        rates = Rates(state.stage, offered, first)
        form = RateQuestion(desk, say("Resume the infusion"), say("Resumed"), state, rates, parent, [*notes, *said])
        ask_why_allowed(form, lines)
        submit_form(form, infusion_id, lambda a: Resume(a["rate"], allowed_by, a["reason"] or "", a.get(WHY_ALLOWED) or ""), person)
        form.open()

    with_role(desk, parent, BEDSIDE, opened)
