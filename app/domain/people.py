"""Who may do what."""

from enum import StrEnum

import msgspec

from .texts import Text, say


class Role(StrEnum):
    NURSE = "nurse"
    PHARMACIST = "pharmacist"
    INVESTIGATOR = "investigator"


ROLE_NAMES: dict[Role, Text] = {
    Role.NURSE: say("Nurse"),
    Role.PHARMACIST: say("Pharmacist"),
    Role.INVESTIGATOR: say("Investigator"),
}

#: Two bedside roles: whoever stands at the bed and may run an infusion.
BEDSIDE = frozenset({Role.NURSE, Role.INVESTIGATOR})


class Person(msgspec.Struct, frozen=True):
    """Somebody of the short list. `person_id` is never used again for another person."""

    person_id: str
    name: str
    role: Role
