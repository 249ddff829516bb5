"""The two signatures under the record, and what is signed: the dose, the checks, every deviation."""

from decimal import Decimal

from PySide6.QtWidgets import QWidget

from app.domain.infusion import code_words as codes
from app.domain.infusion.chapters.signing import Sign, took_part
from app.domain.infusion.checks import count, infusion_checks, observation_checks
from app.domain.infusion.deviations import deviations, within_tolerance
from app.domain.infusion.given.cells_given import MILLION, cells_given
from app.domain.people.roles import Person, Role
from app.domain.texts import Text, joined, number, say
from ui.ask.form import Field, ask_form, coded
from ui.ask.who import ask_who
from ui.frame.desk import Desk

_MOST_DEVIATIONS = 8
_WHY_ANOTHER_SIGNS = ("colleague_left", "on_behalf", "handover")


def ask_sign_performed(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The nurse signs that the infusion was carried out as recorded."""

    def opened(person: Person) -> None:
        if took_part(desk.infusion(infusion_id), person.person_id):
            desk.submit(infusion_id, Sign("performed"), person)
        else:
            _ask_why_they_sign(desk, infusion_id, parent, person)

    ask_who(desk, parent, {Role.NURSE}, opened,
            why=say("Nurse: I carried out this infusion as recorded"), notes=_signed_lines(desk, infusion_id))  # fmt: skip


def _ask_why_they_sign(desk: Desk, infusion_id: str, parent: QWidget, person: Person) -> None:
    """Who recorded nothing at the bed says why it is they who sign."""
    fields = (Field("reason", say("Why do you sign it?"), "reason", choices=coded(codes.REASONS, *_WHY_ANOTHER_SIGNS)),)
    notes = (say("{name} recorded nothing at the bed of this infusion: say why you sign.", name=person.name),)
    ask_form(desk, infusion_id, parent, say("Signed by who took no part"), say("Sign"), fields,
             lambda a: Sign("performed", a["reason"]), person, notes)  # fmt: skip


def ask_sign_reviewed(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """An investigator signs that the record was reviewed; another person than the nurse."""
    performed = desk.infusion(infusion_id).signatures.get("performed")
    ask_who(desk, parent, {Role.INVESTIGATOR}, lambda person: desk.submit(infusion_id, Sign("reviewed"), person),
            (performed.by or "",) if performed else (), say("Investigator: I reviewed this record"),
            _signed_lines(desk, infusion_id))  # fmt: skip


def _signed_lines(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    """Dose given against the plan, checks kept, outcome, and the deviations one by one."""
    s, now = desk.infusion(infusion_id), desk.now()
    found = cells_given(s, now)
    dose = say("Given {cells} of {planned} million cells ({share} %), {ml} ml",
               cells=found.cells.times(Decimal(1), MILLION).spread, ml=found.ml.spread,
               planned=number(found.planned_cells / MILLION) if found.planned_cells else "—",
               share=found.share_pct.spread if found.share_pct else "—")  # fmt: skip
    kept = say("within tolerance") if within_tolerance(s) else say("not surely within tolerance")
    checks = count([*infusion_checks(s, now), *observation_checks(s, now)], now)
    lines = [
        joined(" · ", (dose, kept)),
        say("Vital signs: {due} due, {on_time} on time, {late} late, {missed} missed",
            due=checks.due, on_time=checks.on_time, late=checks.late, missed=checks.missed),
    ]  # fmt: skip
    if s.observation is not None:
        lines.append(say("Observation closed: {outcome}", outcome=codes.word(s.observation.outcome, codes.OUTCOMES)))
    return (*lines, *_deviations(desk, infusion_id))


def _deviations(desk: Desk, infusion_id: str) -> tuple[Text, ...]:
    found = deviations(desk.infusion(infusion_id), desk.now())
    if not found:
        return (say("No deviations."),)
    shown = [joined(" ", ("▪", d.text, codes.word(d.reason))) for d in found[:_MOST_DEVIATIONS]]
    more = [say("and {n} more deviations in the record", n=len(found) - _MOST_DEVIATIONS)] if len(found) > _MOST_DEVIATIONS else []
    return (say("Deviations: {n}", n=len(found)), *shown, *more)
