"""The protocol files that events name: each kept, each with the bytes of its hash."""

import hashlib
from collections.abc import Callable, Container, Iterator

import msgspec

from app.domain.infusion.facts import Ordered
from app.domain.site.site_facts import ProtocolCame, ProtocolTaken
from app.domain.texts import Text, say
from db.schema import protocol_file
from db.statements import Driver

from .chain import Row

_TAKEN = {ProtocolCame.__name__, ProtocolTaken.__name__}
_FILES = f"SELECT sha256, data FROM {protocol_file.name}"
_FILE = f"{_FILES} WHERE sha256 = ?"
_THERE = "SELECT count(*) FROM sqlite_master WHERE name = ?"


class _Names(msgspec.Struct):
    """What an order, and what the taking of a file name it by."""

    protocol_sha256: str = ""


class NamedFiles:
    """Takes the log's rows one after the other; those of before files were kept name files that come with the program."""

    def __init__(self) -> None:
        self._orders: dict[str, str] = {}
        self._taken: dict[str, int] = {}

    def take(self, row: Row) -> None:
        if row["type"] != Ordered.__name__ and row["type"] not in _TAKEN:
            return
        try:
            names = msgspec.json.decode(str(row["payload"]), type=_Names)
        except (msgspec.MsgspecError, UnicodeEncodeError):
            return  # the event itself was changed, and is named
        if row["type"] == Ordered.__name__:
            self._orders[str(row["stream"])] = names.protocol_sha256
        else:
            self._taken.setdefault(names.protocol_sha256, int(row["seq"] or 0))

    def reading(self, raw: Driver) -> Callable[[str], bytes | None]:
        """What gives a kept file by its hash."""

        def kept(sha256: str) -> bytes | None:
            (there,) = raw.execute(_THERE, (protocol_file.name,)).fetchone()
            found = raw.execute(_FILE, (sha256,)).fetchone() if there else None
            return found[1] if found and isinstance(found[1], bytes) else None

        return kept

    def judged(self, raw: Driver, shipped: Container[str]) -> tuple[list[Text], list[Text], list[Text]]:
        """Faults, infusions that nothing can be computed of, and notes of what is no fault."""
        (there,) = raw.execute(_THERE, (protocol_file.name,)).fetchone()
        kept = dict(raw.execute(_FILES).fetchall()) if there else {}
        faults = [*_changed(kept), *self._gone(kept)]
        unread, notes = [], []
        for infusion, sha256 in self._orders.items():
            if sha256 in kept or sha256 in self._taken:
                continue
            if sha256 in shipped:
                notes.append(say("The protocol file of infusion {infusion} ({hash}) is not kept in the record; it comes with the "
                                 "program.", infusion=infusion, hash=sha256[:12]))  # fmt: skip
            else:
                unread.append(say("The protocol file of infusion {infusion} is missing ({hash}): it is shown as recorded, and "
                                  "nothing of it is computed.", infusion=infusion, hash=sha256))  # fmt: skip
        return faults, unread, notes

    def _gone(self, kept: Container[str]) -> Iterator[Text]:
        for sha256, seq in self._taken.items():
            if sha256 not in kept:
                infusions = [name for name, wanted in self._orders.items() if wanted == sha256]
                yield say("The protocol file {hash} that was taken with event {seq} is missing. Infusions ordered by it: "
                          "{infusions}.", hash=sha256, seq=seq, infusions=", ".join(infusions) or "—")  # fmt: skip


def _changed(kept: dict[str, object]) -> Iterator[Text]:
    for sha256, data in kept.items():
        if not isinstance(data, bytes) or hashlib.sha256(data).hexdigest() != sha256:
            yield say("The protocol file {hash} was changed in the record.", hash=str(sha256))
