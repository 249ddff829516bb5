"""One infusion after the other, so that never more than one is in memory: its samples held against its seals, its rows against its
events.
"""

from collections.abc import Callable, Iterator
from functools import cached_property

import msgspec
from sqlalchemy import bindparam, select

from app.domain.errors import Refused
from app.domain.infusion.facts import Ordered, SamplesSealed
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import UNREADABLE, unreadable
from app.domain.log import Entry
from app.domain.texts import Text
from db.log.batch import projection
from db.log.chain import Fault, Row
from db.log.readable import entry_of_row, row_of
from db.schema import event
from db.sealed_minutes import Seal, SealedInfusion
from db.statements import Driver, compiled

from .rows_anew import RowsAnew
from .samples_there import SamplesThere
from .schema_check import made_by_migrations

PutTogether = Callable[[str, list[Entry]], Infusion]
"""An infusion of its events."""
_OF_STREAM = compiled(select(event).where(event.c.stream == bindparam("stream")).order_by(event.c.seq))


class EachInfusion:
    """`newest_ms`: record time of the newest seal in the whole record. `notes` and `waiting` (infusions with samples that wait for
    their seal) are of those that were looked at to their end.
    """

    def __init__(self, raw: Driver, samples: SamplesThere, newest_ms: int, revision: str) -> None:
        self._raw, self._samples, self._newest_ms, self._revision = raw, samples, newest_ms, revision
        self._entries: list[Entry] = []
        self.notes: list[Text] = []
        self.waiting: list[str] = []

    @cached_property
    def rows(self) -> RowsAnew:
        return RowsAnew(self._raw, made_by_migrations(self._revision))

    def close(self) -> None:
        if "rows" in self.__dict__:
            self.rows.close()

    def seal_faults(self, infusion: str) -> Iterator[Fault]:
        """Also takes up its events, for `differences`."""
        self._entries = []
        rows = [row_of(values) for values in self._raw.execute(_OF_STREAM, {"stream": infusion}).fetchall()]
        found = SealedInfusion(infusion, _seals(rows), self._samples)
        yield from found.faults(self._newest_ms)
        self.notes += found.notes
        self.waiting += [infusion] * found.is_waiting
        self._entries = _entries(rows)

    def differences(self, infusion: str, put_together: PutTogether) -> Iterator[Text]:
        """Of the rows; of an infusion that cannot be put together nothing is held against them."""
        self._samples.done_with(infusion)
        if not self._entries:
            return
        if not isinstance(self._entries[0].event, Ordered):
            self.notes.append(unreadable(infusion).text)
            yield from self.rows.faults(infusion, None)
            return
        try:
            wanted = projection(put_together(infusion, self._entries))
        except Refused:
            return  # its protocol file is not at hand, which is named
        except UNREADABLE as error:
            yield unreadable(infusion, error).text
            return
        yield from self.rows.faults(infusion, wanted)


def _seals(rows: list[Row]) -> list[Seal]:
    found = []
    for row in rows:
        if row["type"] == SamplesSealed.__name__:
            try:
                found.append(Seal(int(row["seq"] or 0), msgspec.json.decode(str(row["payload"]), type=SamplesSealed)))
            except (msgspec.MsgspecError, UnicodeEncodeError):
                continue  # the event itself was changed, and is named
    return found


def _entries(rows: list[Row]) -> list[Entry]:
    """Empty where one of them cannot be read, which is named elsewhere."""
    try:
        return [entry_of_row(row) for row in rows]
    except (msgspec.MsgspecError, ValueError):
        return []
