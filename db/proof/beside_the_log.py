"""What a store knows beside its infusions, held against its events: taken in one by one, judged at the end."""

from collections.abc import Callable, Iterator

import msgspec

from app.domain.infusion.facts import Ordered
from app.domain.infusion.summary import FORM
from app.domain.log import Entry
from app.domain.people.accounts import PasswordSet, PersonAdded, PersonDisabled, PinSet
from app.domain.people.own_keys import KeyMade
from app.domain.people.proofs import RecordDescribed, RowsRebuilt
from app.domain.people.signed_heads import HeadKept
from app.domain.texts import Text, say
from db.log.chain import Row
from db.log.genesis import OwnRow, first_form, fits, names_its_store
from db.statements import Driver

from .accounts_kept import account_faults
from .each_infusion import PutTogether
from .settings_kept import setting_faults

ByFiles = Callable[[Callable[[str], bytes | None]], PutTogether]
"""Handed what gives a kept protocol file by its hash."""
#: The migration that gave each setting its seal.
_SEALED_SINCE = "0004"
_OWN_ROW = "SELECT store_id, created_at, app_version, practice, genesis FROM store"


#: What is held against something here; of the rest, as who signed in, there is ever more.
_MATTERS = PersonAdded | PersonDisabled | PasswordSet | PinSet | KeyMade | RecordDescribed | RowsRebuilt | HeadKept


class BesideTheLog:
    """`people`: of what happened to them and to the record as a whole, what matters. `notes` are there once `faults` was read to
    its end.
    """

    def __init__(self, put_together: PutTogether) -> None:
        self.put_together = put_together
        self.people: list[Entry] = []
        self._subjects: set[str] = set()
        self.notes: list[Text] = []

    def take(self, entry: Entry) -> None:
        if isinstance(entry.event, _MATTERS):
            self.people.append(entry)
        elif isinstance(entry.event, Ordered):
            self._subjects.add(entry.event.subject)

    def faults(self, raw: Driver, revision: str, last: Row | None, is_whole: bool) -> Iterator[Text]:
        """`last`: the last event. Not the whole: of patients' names only those of subjects that were taken in are looked at."""
        *own, genesis = raw.execute(_OWN_ROW).fetchone()
        row = OwnRow(*own)
        yield from self._identity(row, genesis)
        yield from account_faults(raw, self.people)
        if revision >= _SEALED_SINCE:
            yield from setting_faults(raw, genesis, last, bool(row.practice), None if is_whole else sorted(self._subjects))
        if not self.has_rows_of_now(genesis):
            self.notes.append(say("The tables for people's tools are in the form of another version. They are made anew when the "
                                  "record is next opened, or by bedside rebuild."))  # fmt: skip

    def has_rows_of_now(self, genesis: str) -> bool:
        """Whether the rows for people's tools say what this version would say of the same events."""
        rebuilt = [x.event.form for x in self.people if isinstance(x.event, RowsRebuilt)]
        return (rebuilt[-1] if rebuilt else first_form(genesis)) == FORM

    def _identity(self, row: OwnRow, genesis: str) -> Iterator[Text]:
        if names_its_store(genesis):
            if not fits(genesis, row):
                yield say("The row that names this record was changed: the beginning of its chain names another.")
            return
        described = next((x.event for x in self.people if isinstance(x.event, RecordDescribed)), None)
        if described is None:
            self.notes.append(say("This record is of before its beginning named it; it is described when it is next opened."))
        elif msgspec.structs.astuple(described) != (*row[:3], bool(row.practice)):
            yield say("The row that names this record was changed: an event describes it otherwise.")
