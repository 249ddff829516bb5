"""Every word that may ever be said to a device: each asks for values, keeps a line alive, acknowledges or takes leave."""

import re
from collections.abc import Callable

from devices.protocols.datex_s5 import dri
from devices.protocols.dinamap.dialogue import READS
from devices.protocols.intellivue import association, mib
from devices.protocols.medibus.medibus_frames import CLOCK, DATA, ICC, IDENTITY, NOP, TIME_CHANGED, command, response

_SESSION = (association.ABORT, association.RELEASE)
_POLLS = re.compile(
    rb"\xe1\x00\x00\x02\x00\x01..(..)\x00\x07..\x00\x21\x00\x00\x00\x00\x00\x00\x00\x00(?:\x0c\x16\x00\x08|\xf1\x3b..)"
    rb"..\x00\x01\x00(?:\x06|\x21)..(?:\x00\x01\x00\x08\xf1\x3e\x00\x04....)?",
    re.DOTALL,
)
_BEGUN = re.compile(rb"\xe1\x00\x00\x02\x00\x02\x00\x14..\x00\x01\x00\x0e\x00\x21\x00\x00\x00\x00....\x0d\x06\x00\x00", re.DOTALL)


def _philips(sent: bytes) -> bool:
    """Association, the answer to the monitor's start, polls, release, abort."""
    frames = mib.MibFrames()
    messages = [data for _, data in frames.feed(sent)]
    is_framed = not (frames.bad or frames.noise_bytes or frames.held)
    return is_framed and all(
        data in _SESSION or data.startswith(b"\x0d\xec\x05\x08\x13") or _POLLS.fullmatch(data) or _BEGUN.fullmatch(data)
        for data in messages
    )


def _one_of(*words_: bytes) -> Callable[[bytes], bool]:
    allowed = re.compile(b"(?:" + b"|".join(map(re.escape, words_)) + b")*")
    return lambda sent: allowed.fullmatch(sent) is not None


def _like(pattern: bytes) -> Callable[[bytes], bool]:
    return lambda sent: re.fullmatch(b"(?:" + pattern + b")*", sent, re.DOTALL) is not None


_ACKNOWLEDGED = rb"\x0b?MSH\|\^~\\&\|[^\r]*\|ACK[^\r]*\rMSA\|A[AER]\|[^\r]*\r(?:\x1c\r)?"
_QUERY = rb"\x0b?MSH\|\^~\\&\|[^\r]*\|QRY\^R02\|[^\r]*\rQRD\|[^\r]*\r(?:QRF\|MON\|[^\r]*\r)*(?:\x1c\r)?"
_ECHO = rb"\x0bMSH\|\^~\\&\|\|\|\|\|\|\|ORU\^R01\|106\|P\|2\.3\.1\|\r\x1c\r"

ALLOWED: dict[str, Callable[[bytes], bool]] = {
    "datex-s5": _one_of(dri.request(5), dri.stop()),
    "intellivue": _philips,
    "masimo": _one_of(),
    "nellcor": _one_of(),
    "medibus": _one_of(
        *(command(code) for code in (ICC, IDENTITY, CLOCK, DATA, NOP)),
        *(response(code) for code in (ICC, NOP, IDENTITY, TIME_CHANGED)),
    ),
    "mt-sics": _one_of(b"S\r\n"),
    "nonin": _one_of(),
    "contec": _one_of(*(bytes((0x7D, 0x81, code)) + b"\x80" * 6 for code in (0xA1, 0xA2, 0xAF))),
    "contec-v5": _one_of(),
    "berry": _one_of(),
    "hl7": _like(_ACKNOWLEDGED),
    "hl7-pds": _like(b"|".join((_QUERY, _ECHO))),
    "hl7-efficia": _like(_QUERY),
    "hl7-suresigns": _like(_QUERY),
    "drop-sensor": _one_of(),
    "dinamap": _one_of(*READS),
}
