"""What happens to the trial as a whole at its desk: decisions that were signed, and the monitoring committee's advice."""

from datetime import date

from app.domain.infusion.facts import Signing
from app.domain.log import Event, ReviewGroup
from app.domain.texts import Text, say


class DecisionSigned(Signing, frozen=True, kw_only=True):
    """What the rule allowed on a day, as an investigator signed it. `data_sha256`: of what it was decided on (`snapshot`)."""

    signed_as = "approved"
    reviewed_as = (ReviewGroup.SIGNATURES,)

    decision: str
    group: str | None
    mtd: str | None
    reason: Text
    freeze_on: date
    data_sha256: str


class AdviceGiven(Event, frozen=True):
    """What the monitoring committee advised, beside the data that it saw."""

    sentence = say("Advice of the data monitoring committee of {advised_on}: {text}")
    reviewed_as = (ReviewGroup.SIGNATURES,)

    advised_on: date
    text: str
    data_sha256: str


DeskDecision = DecisionSigned | AdviceGiven
