"""What is recorded of a subject's safety, on the subject's own stream: the result after an infusion."""

from datetime import datetime
from typing import Literal

from app.domain.infusion.facts import Fact, Signing
from app.domain.log import Remarks, ReviewGroup
from app.domain.texts import Text, say

AcuteOutcome = Literal["no_reaction", "reaction", "not_reached"]
Contact = Literal["bedside", "phone", "notes"]

ACUTE_OUTCOMES: dict[str, Text] = {
    "no_reaction": say("no reaction"),
    "reaction": say("a reaction: see the text"),
    "not_reached": say("the patient could not be reached"),
}
CONTACTS: dict[str, Text] = {
    "bedside": say("seen at the bedside"),
    "phone": say("asked by phone"),
    "notes": say("read in the ward's notes"),
}


class SafetyFact(Fact, frozen=True):
    """Base of what is recorded of a subject's safety."""


class AcuteChecked(SafetyFact, Signing, frozen=True, kw_only=True):
    """The result of the watch for acute reactions to one infusion: an addendum to its record, signed by who saw the patient.

    A later one takes the place of the one before and says why: `reason`.
    """

    signed_as = "performed"
    reviewed_as = (ReviewGroup.SIGNATURES, ReviewGroup.REACTIONS)
    sentence = say("Result of the watch for acute reactions, patient seen or asked at {seen_at}")

    infusion_id: str
    seen_at: datetime
    contact: Contact
    outcome: AcuteOutcome
    text: str = ""
    reason: str = ""

    def further(self) -> Remarks:
        changed = say("changed: {reason}", reason=self.reason) if self.reason else None
        return ACUTE_OUTCOMES[self.outcome], CONTACTS[self.contact], self.text, changed


class SaeReported(SafetyFact, Signing, frozen=True, kw_only=True):
    """A serious adverse event was reported: when, to whom, and what came back as a receipt."""

    signed_as = "performed"
    reviewed_as = (ReviewGroup.SIGNATURES, ReviewGroup.REACTIONS)
    sentence = say("Serious adverse event reported at {reported_at} to {to}")
    correctable = ("reported_at", "to", "receipt")

    event_id: str
    reported_at: datetime
    to: str
    receipt: str = ""

    def further(self) -> Remarks:
        return (say("receipt: {receipt}", receipt=self.receipt) if self.receipt else say("no receipt yet"),)


SafetyHappened = AcuteChecked | SaeReported
