"""Who may do what."""

from enum import StrEnum

import msgspec

from app.domain.texts import Text, say


class Role(StrEnum):
    NURSE = "nurse"
    PHARMACIST = "pharmacist"
    INVESTIGATOR = "investigator"
    MONITOR = "monitor"
    ADMINISTRATOR = "administrator"
    EMERGENCY = "emergency"


ROLE_NAMES: dict[Role, Text] = {
    Role.NURSE: say("Nurse"),
    Role.PHARMACIST: say("Pharmacist"),
    Role.INVESTIGATOR: say("Investigator"),
    Role.MONITOR: say("Study monitor"),
    Role.ADMINISTRATOR: say("Administrator"),
    Role.EMERGENCY: say("Emergency"),
}

#: Roles that a person can have; “emergency” is whoever could not sign in.
GIVEN = tuple(role for role in Role if role is not Role.EMERGENCY)

#: Who may act on an infusion at all: a study monitor only reads, an administrator keeps the accounts.
CLINICAL = frozenset({Role.NURSE, Role.PHARMACIST, Role.INVESTIGATOR})

#: Two bedside roles: whoever stands at the bed and may run an infusion.
BEDSIDE = frozenset({Role.NURSE, Role.INVESTIGATOR})


class Person(msgspec.Struct, frozen=True):
    """Somebody with an account. `person_id` is never used again for another person."""

    person_id: str
    name: str
    role: Role
