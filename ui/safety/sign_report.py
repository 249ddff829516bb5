"""The report of a reaction is signed by the nurse and by an investigator; a bag that was kept is let go."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion.chapters.reaction import FreeBag
from app.domain.infusion.chapters.signing import SignReaction, unsigned_report
from app.domain.infusion.code_words import GRADES
from app.domain.infusion.wording import symptoms
from app.domain.people.roles import Person, Role
from app.domain.texts import Text, say
from ui.ask.form import Field, ask_form
from ui.ask.who import ask_who
from ui.frame.desk import Desk


def ask_sign_reaction(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Whose signature comes next; nothing where both stand."""
    meaning = unsigned_report(desk.infusion(infusion_id))
    if meaning == "performed":
        ask_who(desk, parent, {Role.NURSE}, lambda person: desk.submit(infusion_id, SignReaction("performed"), person),
                why=say("Nurse: the report of this reaction is complete"), notes=_lines(desk, infusion_id))  # fmt: skip
    elif meaning == "reviewed":
        ask_who(desk, parent, {Role.INVESTIGATOR}, lambda person: desk.submit(infusion_id, SignReaction("reviewed"), person),
                why=say("Investigator: I reviewed the report of this reaction"), notes=_lines(desk, infusion_id))  # fmt: skip


def _lines(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    state = desk.infusion(infusion_id)
    known = state.reaction
    if known is None or known.grade is None:
        return ()
    return (
        say("Reaction since {at}: {symptoms}", at=known.onset_at, symptoms=symptoms(known.symptoms, state.protocol)),
        say("{grade} · {words}", grade=known.grade, words=GRADES[known.grade]),
    )


def ask_free_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """An investigator says why a kept bag need not be kept any more; then its rest is destroyed as ever."""
    kept = next((bag for bag in desk.infusion(infusion_id).bags.values() if bag.kept), None)
    if kept is None:
        return
    bag_id = kept.bag.bag_id

    def by(person: Person) -> None:
        fields = (Field("reason", say("Why need it not be kept any more?")),)
        ask_form(desk, infusion_id, parent, say("Bag {bag} and its set were kept", bag=bag_id), say("Let it go"), fields,
                 lambda a: FreeBag(bag_id, a["reason"]), person)  # fmt: skip

    ask_who(desk, parent, {Role.INVESTIGATOR}, by)
