"""What a person can ask for, in the imperative. Fields as in the events they lead to."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from app.domain.people.roles import Person
from app.domain.products.parcel import Laptop

from .facts import Bag, Entered, StepDone, VitalEntry


class Command(msgspec.Struct, frozen=True):
    pass


class CodeRead(msgspec.Struct, frozen=True):
    """What one code at the bed says: the number of a bag, or a subject; of a bag's whole label its lot and expiry too.

    `expires`: the first and the last moment that the label can mean. "" and None: it does not say.
    """

    number: str
    lot: str = ""
    expires: tuple[datetime, datetime] | None = None


class RecordWeight(Command, frozen=True):
    """`again_kg`: an unusual weight typed a second time."""

    weight_kg: Decimal
    previous_kg: Decimal | None = None
    again_kg: Decimal | None = None


class ConfirmWeight(Command, frozen=True):
    pass


class ChooseSet(Command, frozen=True):
    drop_factor: int


class ScanBag(Command, frozen=True):
    bag: Bag


class RejectBag(Command, frozen=True):
    bag_id: str
    reason: str


class RecordCertificate(Command, frozen=True):
    bag_id: str
    viability_pct: Decimal
    tests: dict[str, bool]
    appearance_ok: bool
    storage_ok: bool


class DrawSurplus(Command, frozen=True):
    bag_id: str
    volume_ml: Decimal
    witness: Person


class Release(Command, frozen=True):
    pass


class ReleaseBag(Command, frozen=True):
    bag_id: str


class SendRelease(Command, frozen=True):
    """`people`: those known here, of whom the ward is told who acted."""

    sender: Laptop
    to: Laptop
    people: tuple[Person, ...]


class VerifyBag(Command, frozen=True):
    bag_id: str
    subject: str
    found_id: str
    entry: Entered = None
    reason: str = ""
    label: CodeRead | None = None


class Receive(Command, frozen=True):
    pass


class CheckIdentity(Command, frozen=True):
    subject: str
    bag_ids: tuple[str, ...]
    entry: Entered = None
    reason: str = ""
    labels: tuple[CodeRead, ...] = ()


class GivePremedication(Command, frozen=True):
    dose_mg: Decimal
    given_at: datetime
    allergies: str
    dmso_allergy: bool
    baseline_blood: Literal["drawn", "not_due", "not_drawn"]


class OverrideLeadTime(Command, frozen=True):
    reason: str


class ThawBag(Command, frozen=True):
    bag_id: str
    thawed_at: datetime


class CheckBag(Command, frozen=True):
    bag_id: str
    found_id: str
    appearance_ok: bool
    entry: Entered = None
    reason: str = ""
    label: CodeRead | None = None


class HangBag(Command, frozen=True):
    bag_id: str


class Start(Command, frozen=True):
    rate_gtt_min: Decimal
    reason: str = ""


class StepUp(Command, frozen=True):
    rate_gtt_min: Decimal
    reason: str = ""


class SetRate(Command, frozen=True):
    rate_gtt_min: Decimal
    reason: str = ""


class MeasureRate(Command, frozen=True):
    rate_gtt_min: Decimal
    method: Literal["taps", "count", "scale"]
    drops: int
    spread_pct: Decimal | None = None


class Pause(Command, frozen=True):
    reason: str = ""


class ExplainPause(Command, frozen=True):
    reason: str


class Resume(Command, frozen=True):
    rate_gtt_min: Decimal
    authorised_by: Person | None = None
    reason: str = ""


class ReportEmpty(Command, frozen=True):
    pass


class TakeDownBag(Command, frozen=True):
    left_ml: Decimal
    reason: str


class ReportBroken(Command, frozen=True):
    bag_id: str
    reason: str


class ReadRemaining(Command, frozen=True):
    left_ml: Decimal


class NoteReaction(Command, frozen=True):
    onset_at: datetime
    symptoms: tuple[str, ...]
    action: Literal["stop", "slow", "continue"]
    grade: int | None = None
    steps: tuple[str, ...] = ()
    called: str = ""
    text: str = ""
    slower_gtt_min: Decimal | None = None


class UpdateReaction(Command, frozen=True):
    onset_at: datetime
    symptoms: tuple[str, ...]
    steps: tuple[StepDone, ...] = ()
    grade: int | None = None
    called: str = ""
    text: str = ""


class ResolveReaction(Command, frozen=True):
    resolved_at: datetime
    text: str = ""


class RecordVitals(Command, frozen=True):
    values: tuple[VitalEntry, ...]
    oxygen: bool | None
    consciousness: str | None
    discomfort: bool
    discomfort_text: str = ""
    late_reason: str = ""


class End(Command, frozen=True):
    left_ml: Decimal | None
    reason: str = ""


class Stop(Command, frozen=True):
    left_ml: Decimal | None
    reason: str


class FlushLine(Command, frozen=True):
    volume_ml: Decimal


class DestroyLeftover(Command, frozen=True):
    bag_id: str
    volume_ml: Decimal
    witness: Person


class ReturnBag(Command, frozen=True):
    bag_id: str
    handed_by: Person


class CloseObservation(Command, frozen=True):
    outcome: Literal["no_reaction", "reaction_resolved", "reaction_ongoing", "transferred"]
    flags: tuple[str, ...] = ()
    reason: str = ""


class Sign(Command, frozen=True):
    meaning: Literal["performed", "reviewed"]


class Abandon(Command, frozen=True):
    reason: str


class HandOver(Command, frozen=True):
    to: Person


class AddNote(Command, frozen=True):
    text: str


class Correct(Command, frozen=True):
    event_id: str
    field: str
    new: str
    reason: str


class ConfirmElapsed(Command, frozen=True):
    gap_s: int


#: These act at once, before they are saved, and nothing ever refuses them while the infusion runs.
NEVER_BLOCKED = (Pause, Stop, End, NoteReaction)
#: What somebody who could not sign in may do at the bed: look after the patient, and write it down.
IN_EMERGENCY = (Pause, ExplainPause, Stop, NoteReaction, UpdateReaction, RecordVitals, AddNote)
