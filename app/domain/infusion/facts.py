"""Everything that can happen to one infusion, in the past tense. Only these are saved.

Times are record time (UTC, see `app/services/clock.py`), volumes ml, rates drops/min, weights kg.
"""

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from app.domain.log import Event
from app.domain.texts import Text

Entered = Literal["scan", "typed", "mixed"] | None
"""How the codes of one answer were entered; `mixed`: some scanned, some typed; None: not known (older records)."""


class Signing(Event, frozen=True, kw_only=True):
    """Base of what somebody signs for (`signatures.py`): the signer's printed name, the hash of what was signed."""

    printed_name: str = ""
    signed_sha256: str = ""


class Bag(msgspec.Struct, frozen=True):
    """A bag as labelled. `cells` is the count on its own label; a number `typed` was typed twice, `reason` says why."""

    bag_id: str
    lot: str
    cells: int
    volume_ml: Decimal
    expires_at: datetime
    entry: Literal["scan", "typed"] = "typed"
    reason: str = ""


class VitalEntry(msgspec.Struct, frozen=True):
    """One value of a check, confirmed or typed by a person; `value` None needs `missing`."""

    vital: str
    value: Decimal | None
    source: Literal["monitor", "typed", "none"]
    age_s: int | None = None
    missing: str | None = None


class StepDone(msgspec.Struct, frozen=True):
    """An immediate step after a reaction: its code in the protocol, and when it was done."""

    code: str
    done_at: datetime


# --- dispensing


class Ordered(Event, frozen=True):
    subject: str
    bed: str
    group: str
    dose_number: int
    protocol_id: str
    protocol_version: str
    protocol_sha256: str
    practice: bool


class WeightRecorded(Event, frozen=True):
    """`typed_twice`: it is unusual, was asked a second time and confirmed."""

    weight_kg: Decimal
    previous_kg: Decimal | None = None
    typed_twice: bool = False


class WeightConfirmed(Signing, frozen=True):
    """A second person agrees with a weight that changed much."""


class SetChosen(Event, frozen=True):
    drop_factor: int


class BagScanned(Event, frozen=True):
    bag: Bag


class BagRejected(Event, frozen=True):
    bag_id: str
    reason: str


class CertificateRecorded(Event, frozen=True):
    bag_id: str
    viability_pct: Decimal
    tests: dict[str, bool]
    appearance_ok: bool
    storage_ok: bool


class SurplusDrawn(Signing, frozen=True):
    """Drawn off at the bench before release (site setting); the signature is the witness's, none in older records."""

    bag_id: str
    volume_ml: Decimal
    witness: str


class Released(Signing, frozen=True):
    pass


class ReleaseSent(Event, frozen=True):
    """From the pharmacy's laptop to the ward's, where it goes on; `sha256` names the parcel (`parcel.py`)."""

    to_store: str
    to_name: str
    sha256: str


class ReleaseArrived(Event, frozen=True):
    """Everything before it was recorded on another laptop, the pharmacy's."""

    from_store: str
    from_name: str
    sha256: str


class Received(Signing, frozen=True):
    pass


class BagReleased(Signing, frozen=True):
    """A bag that came after the release, to replace another, is released by itself."""

    bag_id: str


# --- at the bed, before the start


class IdentityChecked(Signing, frozen=True):
    """One person's own answers; the other person never sees them before giving theirs. `reason`: why a code was typed."""

    subject: str
    bag_ids: tuple[str, ...]
    entry: Entered = None
    reason: str = ""


class IdentityVerified(Event, frozen=True):
    pass


class BagVerified(Signing, frozen=True):
    """One of two people checks patient and unthawed bag, for a bag that came after the first check."""

    bag_id: str
    subject: str
    found_id: str
    entry: Entered = None
    reason: str = ""


class MismatchFound(Event, frozen=True):
    """Patient or bag did not match: a full stop; both checks begin again.

    `differs`: what of a bag; for a lot or an expiry (ISO 8601) `bag_id` names the bag, else `expected` does.
    """

    what: Literal["patient", "bag"]
    expected: str
    found: str
    entry: Entered = None
    differs: Literal["number", "lot", "expiry"] = "number"
    bag_id: str = ""

    @property
    def expected_bag(self) -> str:
        return self.bag_id or self.expected


class PremedicationGiven(Event, frozen=True):
    drug: str
    dose_mg: Decimal
    given_at: datetime
    allergies: str
    dmso_allergy: bool
    baseline_blood: Literal["drawn", "not_due", "not_drawn"]


class LeadTimeOverridden(Signing, frozen=True):
    """An investigator lets the infusion start before the pre-medication's time is over."""

    reason: str


class BagThawed(Event, frozen=True):
    bag_id: str
    thawed_at: datetime


class BagChecked(Signing, frozen=True):
    """One of two people looks at a thawed bag before it is hung."""

    bag_id: str
    found_id: str
    appearance_ok: bool
    entry: Entered = None
    reason: str = ""


class BagHung(Event, frozen=True):
    bag_id: str


# --- running


class Started(Event, frozen=True):
    rate_gtt_min: Decimal
    reason: str = ""


class SteppedUp(Event, frozen=True):
    rate_gtt_min: Decimal
    reason: str = ""


class RateSet(Event, frozen=True):
    rate_gtt_min: Decimal
    reason: str = ""


class RateMeasured(Event, frozen=True):
    rate_gtt_min: Decimal
    method: Literal["taps", "count", "scale"]
    drops: int
    spread_pct: Decimal | None = None


class Paused(Event, frozen=True):
    cause: Literal["person", "reaction", "bag"]
    reason: str = ""


class PauseExplained(Event, frozen=True):
    """Why it was paused, said afterwards: the pause itself never waits for a reason."""

    reason: str


class Resumed(Signing, frozen=True):
    """After a reaction stop only with an investigator, named in `authorised_by`."""

    rate_gtt_min: Decimal
    authorised_by: str | None = None
    reason: str = ""


class BagEmptied(Event, frozen=True):
    bag_id: str


class BagTakenDown(Event, frozen=True):
    """A hung bag taken away before it was empty, with what a person reads is left in it."""

    bag_id: str
    left_ml: Decimal
    reason: str


class BagBroken(Event, frozen=True):
    """A bag that was never hung is unusable."""

    bag_id: str
    reason: str


class RemainingRead(Event, frozen=True):
    bag_id: str
    left_ml: Decimal


class ReactionNoted(Event, frozen=True):
    onset_at: datetime
    symptoms: tuple[str, ...]
    action: Literal["stop", "slow", "continue"]
    grade: int | None = None
    steps: tuple[str, ...] = ()
    called: str = ""
    text: str = ""


class ReactionUpdated(Event, frozen=True):
    """All that is known of the open reaction by now; it takes the place of what was known before."""

    onset_at: datetime
    symptoms: tuple[str, ...]
    steps: tuple[StepDone, ...] = ()
    grade: int | None = None
    called: str = ""
    text: str = ""


class ReactionResolved(Event, frozen=True):
    resolved_at: datetime
    text: str = ""


class VitalsRecorded(Event, frozen=True):
    """A check. `slot_min` is its scheduled minute (from start or from end); None is an end or extra check."""

    period: Literal["infusion", "observation", "extra"]
    slot_min: int | None
    values: tuple[VitalEntry, ...]
    oxygen: bool | None
    consciousness: str | None
    discomfort: bool
    discomfort_text: str = ""
    news2: int | None = None
    late_reason: str = ""


class InfusionEnded(Event, frozen=True):
    """The dose is in, or what there was of it. `left_ml` is read by a person, None when it cannot be read."""

    left_ml: Decimal | None
    reason: str = ""


class InfusionStopped(Event, frozen=True):
    """Ended early for good."""

    left_ml: Decimal | None
    reason: str


class LineFlushed(Event, frozen=True):
    volume_ml: Decimal


class LeftoverDestroyed(Signing, frozen=True):
    """The signature is the witness's; older records have none."""

    bag_id: str
    volume_ml: Decimal
    witness: str


# --- observation and after


class BagReturned(Signing, frozen=True):
    """An unopened bag goes back to the pharmacy, whose pharmacist takes it over; `handed_by` gave it."""

    bag_id: str
    handed_by: str


class ObservationClosed(Event, frozen=True):
    outcome: Literal["no_reaction", "reaction_resolved", "reaction_ongoing", "transferred"]
    flags: tuple[str, ...] = ()
    reason: str = ""


class SignatureGiven(Signing, frozen=True):
    meaning: Literal["performed", "reviewed"]


class InfusionSigned(Event, frozen=True):
    pass


class Abandoned(Event, frozen=True):
    """Given up before the start."""

    reason: str


# --- at any time


class HandedOver(Event, frozen=True):
    to: str


class NoteAdded(Event, frozen=True):
    text: str


class Corrected(Event, frozen=True):
    """A field of an earlier event was wrong. `old` and `new` are the field's JSON."""

    event_id: str
    field: str
    old: str
    new: str
    reason: str


class WatchLost(Event, frozen=True):
    """Nobody watched from `from_at` until this event. `unknown`: not even how long is known."""

    from_at: datetime
    cause: Literal["stopped", "slept", "power"]
    unknown: bool = False


class ElapsedConfirmed(Event, frozen=True):
    """A person says how late it really is after an unknown gap; the record time moved on to this event."""

    gap_s: int


class ClockStepped(Event, frozen=True):
    step_s: Decimal


class LinkLost(Event, frozen=True):
    port: str
    protocol: str


class LinkFound(Event, frozen=True):
    port: str
    protocol: str
    simulated: bool


class CommandRefused(Event, frozen=True):
    command: str
    why: Text


class SamplesSealed(Event, frozen=True):
    """A minute of samples bound into the chain: how many and their SHA-256."""

    minute: datetime
    count: int
    sha256: str


InfusionEvent = (
    Ordered | WeightRecorded | WeightConfirmed | SetChosen | BagScanned | BagRejected | CertificateRecorded
    | SurplusDrawn | Released | ReleaseSent | ReleaseArrived | Received | BagReleased
    | IdentityChecked | IdentityVerified | BagVerified | MismatchFound | PremedicationGiven
    | LeadTimeOverridden | BagThawed | BagChecked | BagHung | Started | SteppedUp | RateSet | RateMeasured | Paused
    | PauseExplained | Resumed | BagEmptied | BagTakenDown | BagBroken | RemainingRead | ReactionNoted
    | ReactionUpdated | ReactionResolved
    | VitalsRecorded | InfusionEnded | InfusionStopped | LineFlushed | LeftoverDestroyed | BagReturned
    | ObservationClosed
    | SignatureGiven | InfusionSigned | Abandoned | HandedOver | NoteAdded | Corrected | WatchLost
    | ElapsedConfirmed | ClockStepped | LinkLost | LinkFound | CommandRefused | SamplesSealed
)  # fmt: skip
