"""The events of a store as they are read, one after the other, each handed to all that is held against it."""

from contextlib import suppress

import msgspec

from app.domain.infusion.facts import SamplesSealed
from app.domain.log import Entry, UnknownKind, stream_of
from app.domain.people.signatures import MEANING_NAMES, Covered, meaning_of
from app.domain.texts import Text, say
from db.log.canonical import utc_from_text, utc_ms
from db.log.chain import Row, is_whole
from db.log.named_files import NamedFiles
from db.log.readable import entry_of_row

from .beside_the_log import BesideTheLog
from .signed_events import SignedEvents
from .verified import StandingEvents


class LogTaken:
    """`infusions`: of which events were taken, in the order of their first; `new_seals`: how many seals of samples were not known
    before; `newest_ms`: record time of the newest.
    """

    def __init__(self, protocols: NamedFiles, signed: SignedEvents, beside: BesideTheLog | None) -> None:
        self._protocols, self._signed, self._beside = protocols, signed, beside
        self.infusions: dict[str, None] = {}
        self.new_seals = self.newest_ms = 0
        self.standing = StandingEvents()
        self._covered: dict[str, Covered] = {}
        self._unknown: list[Text] = []
        self._unfit: list[Text] = []

    @property
    def faults(self) -> list[Text]:
        return [*self._unknown, *self._unfit]

    def remember(self, row: Row) -> None:
        """One by which later ones are judged."""
        entry = entry_of_row(row)
        self._protocols.take(row)
        self._signed.take(row, entry)
        self.standing.take(row, entry)
        if self._beside is not None:
            self._beside.take(entry)

    def take(self, row: Row, is_new: bool = True) -> None:
        """The next event. Not new: of an infusion that goes on, whose signature was judged before."""
        if row["type"] == SamplesSealed.__name__:
            self._take_seal(row, is_new)
        self._protocols.take(row)
        try:
            stream = stream_of(str(row["stream"]))
        except UnknownKind as unknown:
            self._unknown.append(say("Event {seq} is of a kind that this version of Bedside does not know: “{kind}”.",
                                     seq=row["seq"], kind=unknown.kind))  # fmt: skip
            return
        if stream.kind == "infusion":
            self.infusions[str(row["stream"])] = None
        self._take_entry(row, is_new)

    def _take_seal(self, row: Row, is_new: bool) -> None:
        with suppress(ValueError):
            self.newest_ms = max(self.newest_ms, utc_ms(utc_from_text(str(row["at"]))))
        self.new_seals += is_new

    def _take_entry(self, row: Row, is_new: bool) -> None:
        """Whether it is a signature for something else than what its stream holds before it."""
        try:
            entry = entry_of_row(row)
            fits = self._covered.setdefault(entry.stream, Covered()).take(entry)
        except (msgspec.MsgspecError, ValueError):
            self._cannot_be_read(row, is_new)
            return
        if is_new:
            self._signed.take(row, entry)
            self.standing.take(row, entry)
        if self._beside is not None:
            self._beside.take(entry)
        if not fits:
            self._unfit.append(_unfit(entry, row))

    def _cannot_be_read(self, row: Row, is_new: bool) -> None:
        """Changed, and then it is named as that; or well chained, and then no version of ours wrote it."""
        if is_whole(row):
            self._unfit.append(say("Event {seq} cannot be read: no version of Bedside that is known here writes such an event.",
                                   seq=row["seq"]))  # fmt: skip
        if is_new:
            self._signed.take(row, None)


def _unfit(entry: Entry, row: Row) -> Text:
    meaning, name = meaning_of(entry.event), getattr(entry.event, "printed_name", "")
    return say("The signature “{meaning}” of {name} (event {seq}, infusion {infusion}) was given for something else than "
               "what is recorded before it.", meaning=MEANING_NAMES[meaning] if meaning else "—", name=name,
               seq=row["seq"], infusion=entry.stream)  # fmt: skip
