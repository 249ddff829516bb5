"""What a record is made from: data that somebody else has read, and nothing that must be asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.infusion.state import Infusion
from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.people.signed_heads import SignedHead
from app.domain.texts import Text

SampleRow = tuple[str, datetime, Decimal | float | None]
"""Code of the vital sign, arrival (UTC), value in the unit of `VITALS`; None where there was no value to chart."""


class ChainHead(msgspec.Struct, frozen=True):
    """The link of the store's hash chain with the record's last event: its number and its SHA-256 (hex).

    What happens to the store later does not change a record that is over.
    """

    seq: int
    hash: str


class RecordSource(msgspec.Struct, frozen=True):
    """One infusion as it stands. `people` by person id; `samples` and `entries` in order of time; times UTC.

    `monitors`: what a monitor is called, by the protocol that it speaks. `founder`: the fingerprint of the key that the store was
    founded with; "" in a store of before people had keys.

    `addenda`: what was recorded of this infusion after its signatures, on the subject's own stream.

    `witness`: `head`, signed by its laptop; None where it has no key yet.

    `made_at` dates the record and is the moment to which anything unfinished is reckoned.
    """

    state: Infusion
    entries: Sequence[Entry]
    people: Mapping[str, Person]
    samples: Sequence[SampleRow]
    head: ChainHead
    store_id: str
    version: str
    made_at: datetime
    monitors: Mapping[str, Text] = {}
    founder: str = ""
    addenda: Sequence[Entry] = ()
    witness: SignedHead | None = None

    @property
    def names(self) -> dict[str, str]:
        """Names by person id."""
        return {person_id: person.name for person_id, person in self.people.items()}

    @property
    def simulated(self) -> bool:
        """Whether any monitor of this infusion was a simulated one."""
        return any(getattr(entry.event, "simulated", False) for entry in self.entries)
