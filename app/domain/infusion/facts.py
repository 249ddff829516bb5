"""Everything that can happen to one infusion, in the past tense. Only these are saved.

Times are record time (UTC, see `app/services/clock.py`), volumes ml, rates drops/min, weights kg.
"""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal

import msgspec

from app.domain.log import Event, ReviewGroup
from app.domain.protocol import SiteSetting
from app.domain.texts import Text, say
from app.domain.vitals.news2 import Scale
from app.domain.vitals.own_limits import OwnLimits

Meaning = Literal["performed", "verified", "reviewed", "approved", "dispensed", "received"]
"""What a signature means."""

Range = tuple[Decimal, Decimal]
#: Beyond these a number is a slip of the pen.
RATES_GTT_MIN: Range = (Decimal(1), Decimal(300))
DOSES_MG: Range = (Decimal("0.1"), Decimal(1000))
FLUSHES_ML: Range = (Decimal(0), Decimal(500))

Entered = Literal["scan", "typed", "mixed"] | None
"""How the codes of one answer were entered; `mixed`: some scanned, some typed; None: not known (older records)."""


class Fact(Event, frozen=True):
    """Base of what happens to an infusion.

    `corrected_within`: what its corrected number may lie between, None for what the bag holds. `milestone`: its name among
    the stages of the record; `rate_change`: its name among the drip rates, of what starts, sets or stops one.
    """

    corrected_within: ClassVar[Range | None] = None
    milestone: ClassVar[Text | None] = None
    rate_change: ClassVar[Text | None] = None


class Signing(Fact, frozen=True, kw_only=True):
    """Base of what somebody signs for (`signatures.py`): the signer's printed name, the hash of what was signed.

    `is_for_one_moment`: an approval, or a witness; of the others a later one for the same takes the place of the one before.
    """

    signed_as: ClassVar[Meaning]
    is_for_one_moment: ClassVar[bool] = False

    printed_name: str = ""
    signed_sha256: str = ""

    @property
    def meaning_signed(self) -> Meaning | None:
        """None where nobody signed."""
        return self.signed_as

    def signer(self, by: str | None) -> str | None:
        """The id of who signed, of what `by` recorded."""
        return by


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


class DrugGiven(msgspec.Struct, frozen=True):
    """A drug given for a reaction: its name and dose as a person wrote them, and when."""

    drug: str
    dose: str
    given_at: datetime


# --- dispensing


class Ordered(Fact, frozen=True):
    """By which protocol file, and what the site had set otherwise by then: an infusion keeps both for ever.

    `prescriber`: who orders it and signs (`OrderSigned`); None in older records. `irregular`: what speaks against this dose
    (`found/dose_order.py`), which takes the prescriber's `reason`.
    """

    milestone = say("Ordered")

    subject: str
    bed: str
    group: str
    dose_number: int
    protocol_id: str
    protocol_version: str
    protocol_sha256: str
    practice: bool
    prescriber: str | None = None
    irregular: tuple[Literal["second", "sequence", "window", "unenrolled", "group", "left"], ...] = ()
    reason: str = ""
    site_settings: tuple[SiteSetting, ...] = ()


class OrderSigned(Signing, frozen=True):
    """By the prescriber: with the order, or later for one that was written down for them."""

    sentence = say("The prescriber signed the order")
    signed_as = "approved"
    reviewed_as = (ReviewGroup.SIGNATURES,)


class WeightRecorded(Fact, frozen=True):
    """`typed_twice`: it is unusual, was asked a second time and confirmed."""

    weight_kg: Decimal
    previous_kg: Decimal | None = None
    typed_twice: bool = False


class WeightConfirmed(Signing, frozen=True):
    """A second person agrees with a weight that changed much."""

    sentence = say("Weight confirmed by a second person")
    signed_as = "verified"


class SetChosen(Fact, frozen=True):
    sentence = say("Giving set chosen: {drop_factor} drops/ml")

    drop_factor: int


class BagScanned(Fact, frozen=True):
    bag: Bag


class BagRejected(Fact, frozen=True):
    sentence = say("Bag {bag_id} rejected: {reason}")
    reviewed_as = (ReviewGroup.REFUSALS,)

    bag_id: str
    reason: str


class CertificateRecorded(Fact, frozen=True):
    """`second`: who read it again with whoever recorded it, after it was entered as one that does not pass."""

    bag_id: str
    viability_pct: Decimal
    tests: dict[str, bool]
    appearance_ok: bool
    storage_ok: bool
    second: str | None = None


class SurplusDrawn(Signing, frozen=True):
    """Drawn off at the bench before release (site setting); the signature is the witness's, none in older records."""

    sentence = say("{volume_ml} ml drawn off bag {bag_id} at the bench, witness {witness}")
    signed_as = "verified"
    is_for_one_moment = True

    bag_id: str
    volume_ml: Decimal
    witness: str

    @property
    def meaning_signed(self) -> Meaning | None:
        return self.signed_as if self.printed_name else None

    def signer(self, _by: str | None) -> str | None:
        return self.witness


class Released(Signing, frozen=True):
    sentence = say("Released by the pharmacy")
    signed_as = "dispensed"
    reviewed_as = (ReviewGroup.SIGNATURES,)
    milestone = say("Released")


class ReleaseSent(Fact, frozen=True):
    """From the pharmacy's laptop to the ward's, where it goes on; `sha256` names the parcel (`parcel.py`)."""

    sentence = say("Release sent to the laptop {to_name}")

    to_store: str
    to_name: str
    sha256: str


class ReleaseArrived(Fact, frozen=True):
    """Everything before it was recorded on another laptop, the pharmacy's."""

    sentence = say("Release taken in from the laptop {from_name}")

    from_store: str
    from_name: str
    sha256: str


class Received(Signing, frozen=True):
    sentence = say("Received on the ward")
    signed_as = "received"
    reviewed_as = (ReviewGroup.SIGNATURES,)
    milestone = say("Received on the ward")


class BagReleased(Signing, frozen=True):
    """A bag that came after the release, to replace another, is released by itself."""

    sentence = say("Bag {bag_id} released by the pharmacy")
    signed_as = "dispensed"
    reviewed_as = (ReviewGroup.SIGNATURES,)

    bag_id: str


# --- at the bed, before the start


class IdentityChecked(Signing, frozen=True):
    """One person's own answers; the other person never sees them before giving theirs. `reason`: why a code was typed."""

    sentence = say("Identity check: patient {subject}, bags {bag_ids}")
    signed_as = "verified"

    subject: str
    bag_ids: tuple[str, ...]
    entry: Entered = None
    reason: str = ""


class IdentityVerified(Fact, frozen=True):
    sentence = say("Patient, order and bags verified by two people")
    reviewed_as = (ReviewGroup.SIGNATURES,)
    milestone = say("Verified by two")


class BagVerified(Signing, frozen=True):
    """One of two people checks patient and unthawed bag, for a bag that came after the first check."""

    sentence = say("Before the thaw: patient {subject}, bag {found_id}")
    signed_as = "verified"
    reviewed_as = (ReviewGroup.SIGNATURES,)

    bag_id: str
    subject: str
    found_id: str
    entry: Entered = None
    reason: str = ""


class MismatchFound(Fact, frozen=True):
    """Patient or bag did not match: a full stop; both checks begin again.

    `differs`: what of a bag; for a lot or an expiry (ISO 8601) `bag_id` names the bag, else `expected` does.
    """

    reviewed_as = (ReviewGroup.REFUSALS,)

    what: Literal["patient", "bag"]
    expected: str
    found: str
    entry: Entered = None
    differs: Literal["number", "lot", "expiry"] = "number"
    bag_id: str = ""

    @property
    def expected_bag(self) -> str:
        return self.bag_id or self.expected


class PremedicationGiven(Fact, frozen=True):
    correctable = ("dose_mg", "given_at", "allergies", "baseline_blood")
    corrected_within = DOSES_MG
    milestone = say("Pre-medication recorded")

    drug: str
    dose_mg: Decimal
    given_at: datetime
    allergies: str
    dmso_allergy: bool
    baseline_blood: Literal["drawn", "not_due", "not_drawn"]


class LeadTimeOverridden(Signing, frozen=True):
    """An investigator lets the infusion start before the pre-medication's time is over."""

    sentence = say("Start allowed before the pre-medication's time is over")
    signed_as = "approved"
    is_for_one_moment = True
    reviewed_as = (ReviewGroup.REFUSALS,)

    reason: str


class BagThawed(Fact, frozen=True):
    sentence = say("Bag {bag_id} thawed at {thawed_at}")
    correctable = ("thawed_at",)
    milestone = say("First bag thawed")

    bag_id: str
    thawed_at: datetime


class BagChecked(Signing, frozen=True):
    """One of two people looks at a thawed bag before it is hung; `subject`: as read off the wristband, None: it was not asked."""

    signed_as = "verified"

    bag_id: str
    found_id: str
    appearance_ok: bool
    entry: Entered = None
    reason: str = ""
    subject: str | None = None


class NextBagChosen(Signing, frozen=True):
    """Two people let another bag come next than the planned one; the signature is the second person's, the witness.

    `is_mix_up`: the thaw recorded of `instead_of` was this bag's, thawed by mistake.
    """

    signed_as = "verified"
    is_for_one_moment = True
    reviewed_as = (ReviewGroup.SIGNATURES,)

    bag_id: str
    instead_of: str
    witness: str
    reason: str
    is_mix_up: bool = False

    def signer(self, _by: str | None) -> str | None:
        return self.witness


class BagHung(Fact, frozen=True):
    sentence = say("Bag {bag_id} hung")
    milestone = say("First bag hung")

    bag_id: str


# --- running


class Gated(Signing, frozen=True, kw_only=True):
    """Base of what passes the gate (`found/gate.py`). `found`: what needed the investigator who signed, and who says
    `why_allowed`. Nobody signs where nothing was found.
    """

    signed_as = "approved"
    is_for_one_moment = True

    found: tuple[Text, ...] = ()
    why_allowed: str = ""

    @property
    def meaning_signed(self) -> Meaning | None:
        return None if self.signer(None) is None else self.signed_as


PreflightKey = Literal["power", "sleep", "updates", "disk", "clock", "monitor", "sound", "backup"]


class PreflightItem(msgspec.Struct, frozen=True):
    """One line of the list before a start; `asked`: the program could not read it, a person said that it is well."""

    key: PreflightKey
    is_amber: bool
    said: Text
    asked: bool = False


class PreflightDone(Fact, frozen=True):
    """How the laptop was found before a start. Amber never blocks: `reason` says why it starts all the same.

    `clock_off_min`: by how much the ward clock was behind (negative: ahead) of the laptop's; None: nobody compared.
    """

    reviewed_as = (ReviewGroup.WATCH,)

    items: tuple[PreflightItem, ...]
    clock_off_min: int | None = None
    reason: str = ""

    @property
    def ambers(self) -> tuple[PreflightItem, ...]:
        return tuple(item for item in self.items if item.is_amber)


class Started(Gated, frozen=True):
    """`weight_reason`: why with a weight of an earlier day."""

    milestone = say("Started")
    rate_change = say("start")

    rate_gtt_min: Decimal
    reason: str = ""
    authorised_by: str | None = None
    weight_reason: str = ""

    def signer(self, _by: str | None) -> str | None:
        return self.authorised_by


class SteppedUp(Gated, frozen=True):
    milestone = say("Stepped up")
    rate_change = say("step up")

    rate_gtt_min: Decimal
    reason: str = ""
    authorised_by: str | None = None

    def signer(self, _by: str | None) -> str | None:
        return self.authorised_by


class RateSet(Fact, frozen=True):
    sentence = say("Rate set to {rate_gtt_min} drops/min")
    correctable = ("rate_gtt_min", "reason")
    corrected_within = RATES_GTT_MIN
    rate_change = say("rate set")

    rate_gtt_min: Decimal
    reason: str = ""


class RateMeasured(Fact, frozen=True):
    correctable = ("rate_gtt_min",)
    corrected_within = RATES_GTT_MIN

    rate_gtt_min: Decimal
    method: Literal["taps", "count", "scale", "sensor"]
    drops: int
    spread_pct: Decimal | None = None


class Paused(Fact, frozen=True):
    rate_change = say("paused")

    cause: Literal["person", "reaction", "bag"]
    reason: str = ""


class PauseExplained(Fact, frozen=True):
    """Why it was paused, said afterwards: the pause itself never waits for a reason."""

    sentence = say("Why it was paused")
    correctable = ("reason",)

    reason: str


class Resumed(Gated, frozen=True):
    """After a reaction stop only with an investigator, named in `authorised_by`."""

    rate_change = say("resumed")

    rate_gtt_min: Decimal
    authorised_by: str | None = None
    reason: str = ""

    def signer(self, _by: str | None) -> str | None:
        return self.authorised_by


class BagEmptied(Fact, frozen=True):
    sentence = say("Bag {bag_id} empty")

    bag_id: str


class BagTakenDown(Fact, frozen=True):
    """A hung bag taken away before it was empty, with what a person reads is left in it."""

    sentence = say("Bag {bag_id} taken down with {left_ml} ml left")

    bag_id: str
    left_ml: Decimal
    reason: str


class BagBroken(Fact, frozen=True):
    """A bag that was never hung is unusable."""

    sentence = say("Bag {bag_id} is unusable")

    bag_id: str
    reason: str


class RemainingRead(Fact, frozen=True):
    sentence = say("{left_ml} ml left in bag {bag_id}, read by a person")
    correctable = ("left_ml",)

    bag_id: str
    left_ml: Decimal


class ReactionNoted(Fact, frozen=True):
    correctable = ("onset_at", "symptoms", "grade", "called", "text")
    reviewed_as = (ReviewGroup.REACTIONS,)

    onset_at: datetime
    symptoms: tuple[str, ...]
    action: Literal["stop", "slow", "continue"]
    grade: int | None = None
    steps: tuple[str, ...] = ()
    called: str = ""
    text: str = ""


class ReactionUpdated(Fact, frozen=True):
    """All that is known of the open reaction by now; it takes the place of what was known before."""

    correctable = ("onset_at", "symptoms", "grade", "called", "text")
    reviewed_as = (ReviewGroup.REACTIONS,)

    onset_at: datetime
    symptoms: tuple[str, ...]
    steps: tuple[StepDone, ...] = ()
    grade: int | None = None
    called: str = ""
    text: str = ""
    called_at: datetime | None = None
    drugs: tuple[DrugGiven, ...] = ()


ReactionOutcome = Literal["recovered", "sequelae", "died", ""]


class ReactionResolved(Fact, frozen=True):
    """`outcome` "": an older record has none."""

    correctable = ("resolved_at", "text")
    reviewed_as = (ReviewGroup.REACTIONS,)

    resolved_at: datetime
    text: str = ""
    outcome: ReactionOutcome = ""


class BagKept(Fact, frozen=True):
    """The bag and its set are kept for examination: nothing of it is destroyed meanwhile."""

    sentence = say("Bag {bag_id} and its set are kept for examination")
    reviewed_as = (ReviewGroup.REACTIONS,)

    bag_id: str


class BagFreed(Fact, frozen=True):
    sentence = say("Bag {bag_id} need not be kept any more: {reason}")
    reviewed_as = (ReviewGroup.REACTIONS,)
    correctable = ("reason",)

    bag_id: str
    reason: str


class ReactionSigned(Signing, frozen=True):
    """The report of a reaction: first by the nurse, then by an investigator."""

    sentence = say("Reaction report signed: {meaning}")
    reviewed_as = (ReviewGroup.SIGNATURES, ReviewGroup.REACTIONS)
    is_for_one_moment = True

    meaning: Literal["performed", "reviewed"]

    @property
    def meaning_signed(self) -> Meaning:
        return self.meaning


class VitalsRecorded(Fact, frozen=True):
    """A check. `slot_min` is its scheduled minute (from start or from end); None is an end or extra check.

    `scale`: the SpO₂ scale by which `news2` counts.
    """

    correctable = ("values", "oxygen", "consciousness", "discomfort", "discomfort_text", "late_reason")

    period: Literal["infusion", "observation", "extra"]
    slot_min: int | None
    values: tuple[VitalEntry, ...]
    oxygen: bool | None
    consciousness: str | None
    discomfort: bool
    discomfort_text: str = ""
    news2: int | None = None
    late_reason: str = ""
    scale: Scale = 1


class InfusionEnded(Fact, frozen=True):
    """The dose is in, or what there was of it. `left_ml` is read by a person, None when it cannot be read."""

    correctable = ("left_ml", "reason")
    milestone = say("Infusion ended, observation opened")

    left_ml: Decimal | None
    reason: str = ""


class InfusionStopped(Fact, frozen=True):
    """Ended early for good."""

    correctable = ("left_ml", "reason")
    milestone = say("Infusion stopped for good, observation opened")

    left_ml: Decimal | None
    reason: str


class LineFlushed(Fact, frozen=True):
    sentence = say("Line flushed with {volume_ml} ml")
    correctable = ("volume_ml",)
    corrected_within = FLUSHES_ML

    volume_ml: Decimal


class LeftoverDestroyed(Signing, frozen=True):
    """The signature is the witness's; older records have none. `reason`: why it is not what was left."""

    sentence = say("{volume_ml} ml of bag {bag_id} destroyed, witness {witness}")
    signed_as = "verified"
    is_for_one_moment = True
    correctable = ("volume_ml", "reason")

    bag_id: str
    volume_ml: Decimal
    witness: str
    reason: str = ""

    @property
    def meaning_signed(self) -> Meaning | None:
        return self.signed_as if self.printed_name else None

    def signer(self, _by: str | None) -> str | None:
        return self.witness


# --- observation and after


class BagReturned(Signing, frozen=True):
    """An unopened bag goes back to the pharmacy, whose pharmacist takes it over; `handed_by` gave it."""

    sentence = say("Bag {bag_id} returned to the pharmacy unopened by {handed_by}")
    signed_as = "received"

    bag_id: str
    handed_by: str


class ObservationClosed(Fact, frozen=True):
    """`left_undone`: codes of what was missed or unsigned then, accepted with the reason (`code_words.LEFT_UNDONE`)."""

    correctable = ("outcome", "flags", "reason")
    milestone = say("Observation closed")

    outcome: Literal["no_reaction", "reaction_resolved", "reaction_ongoing", "transferred"]
    flags: tuple[str, ...] = ()
    reason: str = ""
    left_undone: tuple[str, ...] = ()


class SignatureGiven(Signing, frozen=True):
    """`reason`: why somebody signs “performed” who recorded nothing at the bed."""

    sentence = say("Signed: {meaning}")
    reviewed_as = (ReviewGroup.SIGNATURES,)

    meaning: Literal["performed", "reviewed"]
    reason: str = ""

    @property
    def meaning_signed(self) -> Meaning:
        return self.meaning


class InfusionSigned(Fact, frozen=True):
    sentence = say("The record is signed by both")
    reviewed_as = (ReviewGroup.SIGNATURES,)
    milestone = say("Signed by both")


class Abandoned(Fact, frozen=True):
    """Given up before the start."""

    sentence = say("Given up before the start")
    milestone = say("Given up")

    reason: str


# --- at any time


class HandedOver(Fact, frozen=True):
    sentence = say("Handed over to {to}")

    to: str


class NoteAdded(Fact, frozen=True):
    sentence = say("Note: {text}")
    correctable = ("text",)

    text: str


class Corrected(Fact, frozen=True):
    """A field of an earlier event was wrong. `old` and `new` are the field's JSON."""

    reviewed_as = (ReviewGroup.CORRECTIONS,)

    event_id: str
    field: str
    old: str
    new: str
    reason: str


class WatchLost(Fact, frozen=True):
    """Nobody watched from `from_at` until this event. `unknown`: not even how long is known."""

    reviewed_as = (ReviewGroup.WATCH,)

    from_at: datetime
    cause: Literal["stopped", "slept", "power"]
    unknown: bool = False


class ElapsedConfirmed(Fact, frozen=True):
    """A person says how late it really is after an unknown gap; the record time moved on to this event."""

    reviewed_as = (ReviewGroup.WATCH,)

    gap_s: int


class ClockStepped(Fact, frozen=True):
    sentence = say("The computer's clock was moved by {step_s} s")
    reviewed_as = (ReviewGroup.WATCH,)

    step_s: Decimal


class LinkLost(Fact, frozen=True):
    sentence = say("Connection to the monitor lost ({protocol}, {port})")
    reviewed_as = (ReviewGroup.WATCH,)

    port: str
    protocol: str


class LinkFound(Fact, frozen=True):
    reviewed_as = (ReviewGroup.WATCH,)

    port: str
    protocol: str
    simulated: bool


class CommandRefused(Fact, frozen=True):
    reviewed_as = (ReviewGroup.REFUSALS,)

    command: str
    why: Text


class SamplesSealed(Fact, frozen=True):
    """Samples of a minute bound into the chain: how many and their SHA-256.

    `only`: which ones, as (vital sign, ms since 1970 UTC); empty: all of the minute that no other seal names. `form` 1 was
    written by versions that went by the clock, so that samples could come after their minute was sealed.
    """

    sentence = say("{count} samples of {minute} sealed")
    is_quiet = True

    minute: datetime
    count: int
    sha256: str
    only: tuple[tuple[str, int], ...] = ()
    form: int = 1


# --- alarms (`app/domain/watch/`)

AlarmPriority = Literal["high", "medium", "low"]


class AlarmRaised(Fact, frozen=True):
    """An alarm since `since`; again in one that stands: it grew, or came back after somebody had acknowledged it.

    `value`, `limit`, `before`: what was found, what it passed, the baseline that it is compared with. `text`: its own
    words, where the key does not say enough.
    """

    reviewed_as = (ReviewGroup.ALARMS,)

    key: str
    priority: AlarmPriority
    since: datetime
    value: Decimal | None = None
    limit: Decimal | None = None
    before: Decimal | None = None
    text: Text | None = None


class AlarmAcknowledged(Fact, frozen=True):
    reviewed_as = (ReviewGroup.ALARMS,)

    key: str
    priority: AlarmPriority


class AlarmReset(Fact, frozen=True):
    """A person ended an alarm whose value was gone."""

    reviewed_as = (ReviewGroup.ALARMS,)

    key: str


class AlarmCleared(Fact, frozen=True):
    """It has ended `since`; meanwhile it came `count` times, never a minute apart. `worst`: the value furthest off."""

    reviewed_as = (ReviewGroup.ALARMS,)

    key: str
    priority: AlarmPriority
    since: datetime
    count: int = 1
    worst: Decimal | None = None


class LimitsChanged(Fact, frozen=True):
    """From now on this patient has other near limits. `before`: those until then, in the same order.

    `from_baseline`: as the baseline suggests them; a person confirmed it.
    """

    reviewed_as = (ReviewGroup.ALARMS,)
    correctable = ("reason",)

    limits: tuple[OwnLimits, ...]
    before: tuple[OwnLimits, ...]
    reason: str
    from_baseline: bool = False


class ScaleOrdered(Signing, frozen=True):
    """By which SpO₂ scale NEWS2 counts from now on: scale 2 for a target of 88–92 %, which an investigator orders."""

    reviewed_as = (ReviewGroup.ALARMS, ReviewGroup.SIGNATURES)
    signed_as = "approved"
    is_for_one_moment = True

    scale: Scale
    reason: str


class SoundPaused(Fact, frozen=True):
    """The sound of what may be paused, until then or until a new or higher alarm at any bed."""

    sentence = say("Sound paused until {until}")
    reviewed_as = (ReviewGroup.ALARMS,)

    until: datetime


RateGiven = Started | SteppedUp | RateSet | Resumed
"""From then on it is to drip at `rate_gtt_min`."""

InfusionEvent = (
    Ordered | OrderSigned | WeightRecorded | WeightConfirmed | SetChosen | BagScanned | BagRejected | CertificateRecorded
    | SurplusDrawn | Released | ReleaseSent | ReleaseArrived | Received | BagReleased
    | IdentityChecked | IdentityVerified | BagVerified | MismatchFound | PremedicationGiven
    | LeadTimeOverridden | BagThawed | BagChecked | NextBagChosen | BagHung | Started | SteppedUp | RateSet | RateMeasured | Paused
    | PauseExplained | Resumed | BagEmptied | BagTakenDown | BagBroken | RemainingRead | ReactionNoted
    | ReactionUpdated | ReactionResolved | BagKept | BagFreed | ReactionSigned
    | VitalsRecorded | InfusionEnded | InfusionStopped | LineFlushed | LeftoverDestroyed | BagReturned
    | ObservationClosed
    | SignatureGiven | InfusionSigned | Abandoned | HandedOver | NoteAdded | Corrected | WatchLost
    | ElapsedConfirmed | ClockStepped | LinkLost | LinkFound | CommandRefused | SamplesSealed
    | AlarmRaised | AlarmAcknowledged | AlarmReset | AlarmCleared | LimitsChanged | ScaleOrdered | SoundPaused
    | PreflightDone
)  # fmt: skip
