"""What the trial's desk reads of the log: all of it stream by stream and kind by kind, later only what is new."""

from collections.abc import Sequence
from typing import Any

from app.domain.log import TRIAL, stream_text
from db.statements import Driver

ENTRY = 'event_id, stream, at, "by", co, payload'
#: Streams of subjects lie between these, in the order of text.
_OF_SUBJECTS = "stream BETWEEN 'subject:' AND 'subject:\U0010ffff'"
#: Of those subjects of whom there is an event of a kind, all; and those of this kind alone.
OF_SUBJECTS = f"""
SELECT {ENTRY} FROM event WHERE {_OF_SUBJECTS} AND stream IN (SELECT stream FROM event WHERE type = ?) ORDER BY seq"""
OF_KIND = f"SELECT {ENTRY} FROM event WHERE {_OF_SUBJECTS} AND type = ? ORDER BY seq"
_OF_TRIAL = f"stream = '{stream_text(TRIAL)}'"


def desk_rows(raw: Driver, after_seq: int, kinds: Sequence[str]) -> Any:
    """Number and `ENTRY` of what stands after an event on the streams of subjects and of the trial, and of these kinds anywhere."""
    of_kinds = f"type IN ({', '.join('?' * len(kinds))})"
    if after_seq:
        # The plus keeps it to what is new: nothing is looked up by stream or kind.
        which, asked = f"seq > ? AND (+{_OF_SUBJECTS} OR +{_OF_TRIAL} OR +{of_kinds})", (after_seq, *kinds)
    else:
        parts = " UNION ".join(f"SELECT seq FROM event WHERE {part}" for part in (_OF_SUBJECTS, _OF_TRIAL, of_kinds))
        which, asked = f"seq IN ({parts})", tuple(kinds)
    return raw.execute(f"SELECT seq, {ENTRY} FROM event WHERE {which} ORDER BY seq", asked)
