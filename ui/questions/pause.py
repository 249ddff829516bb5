"""A pause acts at once; why it was made is asked while it is paused already, and may be left open."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import commands as c
from app.domain.infusion.code_words import REASONS
from app.domain.texts import say
from ui.ask.answers import ReasonAnswer
from ui.ask.form import Field, ask_form, coded
from ui.frame.desk import Desk

from . import reaction

_WHY = ("line", "patient", "moved", "other_care", "doctor")
_REACTION = "reaction"


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    desk.submit(infusion_id, c.Pause(), then=lambda: explain(desk, infusion_id, parent))


def explain(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Why it is paused; a reaction leads to its own questions."""
    choices = ((_REACTION, say("a reaction: note it now")), *coded(REASONS, *_WHY))
    fields = (Field("reason", say("Why is it paused?"), "reason", choices=choices),)
    form = ask_form(desk, infusion_id, parent, say("Paused: shut the clamp"), say("Save the reason"), fields,
                    lambda a: c.ExplainPause(a["reason"]))  # fmt: skip
    answer = form.answers_by_key["reason"]
    assert isinstance(answer, ReasonAnswer)

    def chosen() -> None:
        if answer.choice.chosen() == _REACTION:
            form.accept()
            reaction.ask(desk, infusion_id, parent)

    answer.changed.connect(chosen)
