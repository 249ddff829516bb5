"""Questions before the start: receipt, two-person checks, pre-medication, thaw, hanging, start."""

from PySide6.QtWidgets import QWidget

from app.domain import commands as c
from app.domain.due import next_task
from app.domain.infusion import Phase
from app.domain.people import BEDSIDE, Person, Role
from app.domain.texts import Text, say
from ui.desk import Desk

from .form import YES_NO, Field, ask_form
from .who import ask_who, desk_as

_BLOOD: tuple[tuple[str, Text], ...] = (
    ("drawn", say("drawn")), ("not_due", say("not due")), ("not_drawn", say("not drawn")),
)  # fmt: skip


def _bag_id(desk: Desk, infusion_id: str) -> str:
    state = desk.infusion(infusion_id)
    if state.mismatch is not None:
        return state.mismatch.expected
    task = next_task(state, desk.now())
    return (task.bag_id if task else None) or ""


def receive(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    ask_who(desk, parent, {Role.NURSE}, lambda p: desk.submit(infusion_id, c.Receive(), p),
            why=say("A nurse receives the bags"))  # fmt: skip


def verify(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """One person's own answers, read from wristband and bags; nothing is filled in beforehand."""
    checked = desk.infusion(infusion_id).identity_checked_by
    plan = desk.infusion(infusion_id).plan
    bags = len(plan.draws) if plan else 0
    fields = [Field("subject", say("Subject code on the wristband"))]
    fields += [Field(f"bag{n}", say("Number on bag {n}", n=n)) for n in range(1, bags + 1)]
    title = say("Second person: read wristband and bags") if checked else say("First person: read wristband and bags")

    def opened(person: Person) -> None:
        ask_form(
            desk, infusion_id, parent, title, say("All read"), fields,
            lambda a: c.CheckIdentity(a["subject"], tuple(a[f"bag{n}"] for n in range(1, bags + 1))), person,
        )  # fmt: skip

    ask_who(desk, parent, BEDSIDE, opened, checked, say("Who reads wristband and bags?"))


def check_again(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """After a mismatch: both people read wristband and bags anew, or look at the thawed bag anew."""
    before_thaw = desk.infusion(infusion_id).phase is Phase.RECEIVED
    (verify if before_thaw else check_bag)(desk, infusion_id, parent)


def premedicate(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    rules = desk.infusion(infusion_id).protocol.premedication
    fields = (
        Field("allergies", say("Allergies (ask; “none” if none)")),
        Field("dmso", say("Allergy to DMSO"), "choice", None, YES_NO),
        Field("blood", say("Baseline blood"), "choice", None, _BLOOD),
        Field("dose", say("Dose in mg"), "number", rules.dose_mg),
        Field("at", say("Given at"), "time"),
    )
    title = say("Pre-medication: {drug} {dose} mg", drug=desk.kit.words.catalogue.pick(rules.drug), dose=rules.dose_mg)
    desk_as(desk, parent, BEDSIDE, lambda p: _premedicate(desk, infusion_id, parent, title, fields, p))


def _premedicate(desk: Desk, infusion_id: str, parent: QWidget, title: Text, fields: tuple[Field, ...], by: Person) -> None:
    ask_form(
        desk, infusion_id, parent, title, say("Given"), fields,
        lambda a: c.GivePremedication(a["dose"], a["at"], a["allergies"], a["dmso"], a["blood"]), by,
    )  # fmt: skip


def thaw(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    bag_id = _bag_id(desk, infusion_id)
    fields = (Field("at", say("Thawed at"), "time"),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Bag {bag} is thawed", bag=bag_id), say("Thawed"), fields,
                 lambda a: c.ThawBag(bag_id, a["at"]), person)  # fmt: skip

    desk_as(desk, parent, BEDSIDE, opened)


def check_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    bag_id = _bag_id(desk, infusion_id)
    checked = desk.infusion(infusion_id).bags[bag_id].checked_by
    looks = say("Intact, no clumps, no leak, colour as it should be")
    fields = (Field("found", say("Number on the thawed bag")), Field("looks", looks, "choice", None, YES_NO))

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Look at the thawed bag"), say("Checked"), fields,
                 lambda a: c.CheckBag(bag_id, a["found"], a["looks"]), person)  # fmt: skip

    ask_who(desk, parent, BEDSIDE, opened, checked, say("Who checks the thawed bag?"))


def hang(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    bag_id = _bag_id(desk, infusion_id)
    hanging = desk.infusion(infusion_id).hanging
    notes = (say("Bag {bag} is empty; the next one is hung.", bag=hanging.bag.bag_id),) if hanging else ()

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Hang bag {bag}", bag=bag_id), say("Hung"), (),
                 lambda _a: c.HangBag(bag_id), person, notes)  # fmt: skip

    desk_as(desk, parent, BEDSIDE, opened)


def start(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    rate = desk.infusion(infusion_id).protocol.infusion.stages[0].rate_gtt_min[0]
    fields = (
        Field("rate", say("Drops/min"), "number", rate),
        Field("reason", say("Reason, if the rate is another"), needed=False),
    )

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Open the clamp and start"), say("Started"), fields,
                 lambda a: c.Start(a["rate"], a["reason"]), person)  # fmt: skip

    desk_as(desk, parent, BEDSIDE, opened)


def override(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """An investigator lets the start come before the pre-medication's time."""

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("Start before the waiting time is over"), say("Allow"),
                 (Field("reason", say("Reason")),), lambda a: c.OverrideLeadTime(a["reason"]), person)  # fmt: skip

    ask_who(desk, parent, {Role.INVESTIGATOR}, opened)


def abandon(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    ask_form(desk, infusion_id, parent, say("Give up this infusion before its start"), say("Give up"),
             (Field("reason", say("Reason")),), lambda a: c.Abandon(a["reason"]))  # fmt: skip
