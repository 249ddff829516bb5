"""Settings and the heartbeat: each carries a seal, and the heartbeat is held against the last event."""

from collections.abc import Iterator

import msgspec

from app.domain.recordtime import Moment, Watched, heartbeat, is_believed
from app.domain.texts import Text, say
from db.log.canonical import utc_from_text
from db.log.chain import Row
from db.statements import Driver
from db.tables import setting_seal

HEARTBEAT = "watch"
_SETTINGS = "SELECT key, value, seal FROM setting ORDER BY key"


def setting_faults(raw: Driver, genesis: str, last: Row | None, practice: bool) -> Iterator[Text]:
    """`last`: the last event."""
    for key, value, seal in raw.execute(_SETTINGS).fetchall():
        if seal != setting_seal(genesis, str(key), _text(value)):
            yield say("The setting {key} was changed without the program: it does not bear its seal.", key=_text(key))
        elif key == HEARTBEAT and last is not None:
            yield from _heartbeat(_text(value), last, practice)


def _heartbeat(value: str, last: Row, practice: bool) -> Iterator[Text]:
    event = Watched(utc_from_text(str(last["at"])), Moment(utc_from_text(str(last["wall_utc"])), float(str(last["steady_s"])),
                                                          str(last["boot_id"])))  # fmt: skip
    mark = heartbeat(msgspec.json.decode(value))
    now = mark and mark.moment
    if mark is None or now is None or not is_believed(mark, event, now, practice):
        yield say("The mark until when somebody watched does not follow from the last event.")


def _text(value: object) -> str:
    return str(value).encode(errors="replace").decode()
