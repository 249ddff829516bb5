"""Settings and the heartbeat: each carries a seal, and the heartbeat is held against the last event."""

from collections.abc import Iterable, Iterator

import msgspec

from app.domain.recordtime import Moment, Watched, heartbeat, is_believed
from app.domain.texts import Text, say
from db.log.canonical import utc_from_text
from db.log.chain import Row
from db.statements import Driver
from db.tables import setting_seal

HEARTBEAT = "watch"
#: There is one for every subject.
_NAME = "patient name: "
_SETTINGS = "SELECT key, value, seal FROM setting ORDER BY key"
_WITHOUT_NAMES = f"""
SELECT key, value, seal FROM setting
WHERE key < '{_NAME}' OR key > '{_NAME}􏿿' OR key IN (SELECT value FROM json_each(?)) ORDER BY key"""


def setting_faults(
    raw: Driver, genesis: str, last: Row | None, practice: bool, subjects: Iterable[str] | None = None
) -> Iterator[Text]:
    """`last`: the last event. `subjects`: only their names are looked at, else everybody's."""
    if subjects is None:
        found = raw.execute(_SETTINGS)
    else:
        found = raw.execute(_WITHOUT_NAMES, (msgspec.json.encode([_NAME + subject for subject in subjects]).decode(),))
    for key, value, seal in found.fetchall():
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
