"""What happens to the rules of the site, on the stream `trial`: a protocol file is taken, a setting is changed.

`protocol_sha256` names a file that the store keeps, byte for byte. What is in force follows from these alone (`in_force`).
"""

from typing import Literal

from app.domain.infusion.facts import Signing
from app.domain.log import Event, Remarks, ReviewGroup
from app.domain.texts import Text, say

_HOW: dict[str, Text] = {"program": say("came with the program"), "practice": say("given for practice")}


def _taking(changes: int, sha256: str) -> Remarks:
    return say("values changed: {n}", n=changes), f"SHA-256 {sha256[:12]}"


class ProtocolCame(Event, frozen=True):
    """The file that a store begins with; of a practice store also one that was given to it. No person took it."""

    sentence = say("Protocol file in force: {protocol_id}, version {protocol_version}")
    reviewed_as = (ReviewGroup.RULES,)

    protocol_sha256: str
    protocol_id: str
    protocol_version: str
    before_sha256: str = ""
    how: Literal["program", "practice"] = "program"

    def further(self) -> Remarks:
        return _HOW[self.how], f"SHA-256 {self.protocol_sha256[:12]}"


class ProtocolProposed(Signing, frozen=True, kw_only=True):
    """An administrator read in a new file and signed what it changes; it is in force once an investigator took it.

    `changes`: how many of its values are other than those in force before.
    """

    sentence = say("New protocol file signed by an administrator: {protocol_id}, version {protocol_version}")
    reviewed_as = (ReviewGroup.RULES, ReviewGroup.SIGNATURES)
    signed_as = "performed"
    is_for_one_moment = True

    protocol_sha256: str
    protocol_id: str
    protocol_version: str
    before_sha256: str
    changes: int

    def further(self) -> Remarks:
        return _taking(self.changes, self.protocol_sha256)


class ProtocolTaken(Signing, frozen=True, kw_only=True):
    """An investigator signed it too: from here on new orders follow this file, and no site setting of before."""

    sentence = say("New protocol file in force, signed by an investigator: {protocol_id}, version {protocol_version}")
    reviewed_as = (ReviewGroup.RULES, ReviewGroup.SIGNATURES)
    signed_as = "approved"
    is_for_one_moment = True

    protocol_sha256: str
    protocol_id: str
    protocol_version: str
    before_sha256: str
    changes: int

    def further(self) -> Remarks:
        return _taking(self.changes, self.protocol_sha256)


class SettingChanged(Event, frozen=True):
    """A value that the site decides, as TOML writes it; empty: none. New orders follow it."""

    sentence = say("Site setting {setting}: {value_before} → {value_now} ({reason})")
    reviewed_as = (ReviewGroup.RULES,)

    setting: str
    value_before: str
    value_now: str
    reason: str


SiteEvent = ProtocolCame | ProtocolProposed | ProtocolTaken | SettingChanged
