"""All that is in a store beside its events, held against them: taken in row by row, judged at the end."""

from collections.abc import Callable, Iterator

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.facts import Ordered
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import UNREADABLE, unreadable
from app.domain.infusion.summary import FORM
from app.domain.log import Entry, stream_of
from app.domain.people.proofs import RecordDescribed, RowsRebuilt
from app.domain.texts import Text, say
from db.log.batch import Projection, projection
from db.log.chain import Row
from db.log.genesis import OwnRow, first_form, fits, names_its_store
from db.statements import Driver

from .accounts_kept import account_faults
from .rows_anew import row_faults
from .schema_check import made_by_migrations
from .settings_kept import setting_faults

PutTogether = Callable[[str, list[Entry]], Infusion]
"""An infusion of its events."""
ByFiles = Callable[[Callable[[str], bytes | None]], PutTogether]
"""Handed what gives a kept protocol file by its hash."""
#: The migration that gave each setting its seal.
_SEALED_SINCE = "0004"
_OWN_ROW = "SELECT store_id, created_at, app_version, practice, genesis FROM store"


class BesideTheLog:
    """`people`: what happened to them and to the record as a whole. `notes` are there once `faults` was read to its end."""

    def __init__(self, put_together: PutTogether) -> None:
        self._put_together = put_together
        self._infusions: dict[str, list[Entry]] = {}
        self.people: list[Entry] = []
        self._undecoded: set[str] = set()
        self.notes: list[Text] = []

    def take(self, stream: str, entry: Entry | None) -> None:
        """The next event; None: it could not be decoded, and is named elsewhere or here."""
        kind = stream_of(stream).kind
        if entry is None:
            self._undecoded.add(stream)
        elif kind == "infusion":
            self._infusions.setdefault(stream, []).append(entry)
        elif kind == "people":
            self.people.append(entry)

    @property
    def infusions(self) -> set[str]:
        """Of which events were taken in."""
        return set(self._infusions) | self._undecoded

    def faults(self, raw: Driver, revision: str, last: Row | None, after_key: int | None = None) -> Iterator[Text]:
        """`last`: the last event. `after_key`: not all events were taken in, but those of infusions that go on, and all of
        infusions whose small key is higher; of others nothing is held against them.
        """
        *own, genesis = raw.execute(_OWN_ROW).fetchone()
        row = OwnRow(*own)
        yield from self._identity(row, genesis)
        yield from account_faults(raw, self.people)
        if revision >= _SEALED_SINCE:
            yield from setting_faults(raw, genesis, last, bool(row.practice), None if after_key is None else self._subjects())
        if self._form(genesis) == FORM:
            yield from self._rows(raw, revision, after_key)
        else:
            self.notes.append(say("The tables for people's tools are in the form of another version. They are made anew when the "
                                  "record is next opened, or by bedside rebuild."))  # fmt: skip

    def _subjects(self) -> list[str]:
        """Of the infusions that events were taken in of."""
        orders = (entries[0].event for entries in self._infusions.values())
        return sorted({order.subject for order in orders if isinstance(order, Ordered)})

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

    def _form(self, genesis: str) -> int:
        rebuilt = [x.event.form for x in self.people if isinstance(x.event, RowsRebuilt)]
        return rebuilt[-1] if rebuilt else first_form(genesis)

    def _rows(self, raw: Driver, revision: str, after_key: int | None) -> Iterator[Text]:
        wanted: list[Projection] = []
        unread = set(self._undecoded)
        for infusion, entries in self._infusions.items():
            if infusion in unread:
                continue
            if not isinstance(entries[0].event, Ordered):
                self.notes.append(unreadable(infusion).text)
                continue
            try:
                wanted.append(projection(self._put_together(infusion, entries)))
            except Refused:
                unread.add(infusion)  # its protocol file is not at hand, which is named
            except UNREADABLE as error:
                unread.add(infusion)
                yield unreadable(infusion, error).text
        yield from row_faults(raw, made_by_migrations(revision), wanted, unread, self.infusions, after_key)
