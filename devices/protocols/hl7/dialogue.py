"""What an HL7 monitor is told: acknowledgements as it asks for them, and the queries of monitors that wait for one."""

from datetime import datetime, timedelta

from devices.protocols import NEVER

from .decoder import Hl7
from .hl7_message import Hl7Header, acknowledgement
from .mllp import HEADER, enveloped

_FIRST_STAMP = datetime(2000, 1, 1)


class AcknowledgingDialogue:
    """Acknowledges each message once. A bare one, whose end nothing marks, is over after `QUIET_S` without more of it."""

    QUIET_S = 1.0

    def __init__(self, decoder: Hl7) -> None:
        self._decoder = decoder
        self._number = 0
        self._segments = 0
        self._quiet_from_s = 0.0

    def on_open(self, now_s: float, /) -> bytes:
        self._quiet_from_s = now_s
        return b""

    def tick(self, now_s: float, /) -> bytes:
        return b"".join(self._answer(header) for header in (*self._decoder.owed(), *self._over(now_s)) if header.is_answered)

    def due_s(self, _now_s: float, /) -> float:
        return NEVER if self._decoder.unended is None else self._quiet_from_s + self.QUIET_S

    def on_close(self) -> bytes:
        return b""

    def _over(self, now_s: float) -> list[Hl7Header]:
        if self._decoder.segments != self._segments:
            self._segments, self._quiet_from_s = self._decoder.segments, now_s
        header = self._decoder.unended
        if header is None or now_s - self._quiet_from_s < self.QUIET_S:
            return []
        self._decoder.unended = None
        return [header]

    def _answer(self, header: Hl7Header) -> bytes:
        message = acknowledgement(header, self._next())
        return enveloped(message) if header.is_enveloped else message

    def _next(self) -> int:
        self._number += 1
        return self._number


def stamp(now_s: float) -> str:
    """A query bears a time that no monitor uses: steady seconds, so that no clock of ours is told."""
    return f"{_FIRST_STAMP + timedelta(seconds=int(now_s)):%Y%m%d%H%M%S}"


class EfficiaDialogue(AcknowledgingDialogue):
    """Asks a Philips Efficia or SureSigns for what its screen shows (QRY^R02; Efficia CM Data Export Guide, 2014).

    Whether its serial line is enveloped is not told: bare and enveloped queries take turns until one is answered.
    The guides contradict each other twice, so a site decides: whether the subject is STA (Data Export Guide, p. 3-1) or RES
    (Network Configuration Guide, p. 4-1), where the other one asks for the last closed record; and whether an acknowledgement
    is sent, which may clear the numbers on the monitor's screen. Left alone, nothing is acknowledged.
    """

    EVERY_S = 5.0

    def __init__(self, decoder: Hl7, subject: str = "STA", acknowledges: bool = False) -> None:
        super().__init__(decoder)
        self._subject = subject
        self._acknowledges = acknowledges
        self._asked_s = 0.0
        self._good = 0
        self._is_enveloped = True

    def on_open(self, now_s: float, /) -> bytes:
        return super().on_open(now_s) + self._query(now_s)

    def tick(self, now_s: float, /) -> bytes:
        answers = super().tick(now_s)
        said = answers if self._acknowledges else b""
        return said + self._query(now_s) if now_s - self._asked_s >= self.EVERY_S else said

    def due_s(self, now_s: float, /) -> float:
        return min(super().due_s(now_s), self._asked_s + self.EVERY_S)

    def _query(self, now_s: float) -> bytes:
        if self._decoder.good == self._good:
            self._is_enveloped = not self._is_enveloped
        self._asked_s, self._good = now_s, self._decoder.good
        number, at = self._next(), stamp(now_s)
        asked = f"QRD|{at}|R|I|{number}|||||{self._subject}"
        query = f"{HEADER.decode()}|||||{at}||QRY^R02|{number}|P|2.4\r{asked}\r".encode()
        return enveloped(query) if self._is_enveloped else query


class PdsDialogue:
    """Subscribes to a Mindray monitor's own values (QRY^R02, no more than four codes a line), and again after a silence.

    An echo every second keeps the connection, as the monitor's own echoes do; nothing else is acknowledged.
    """

    ECHO_S = 1.0
    RETRY_S = 10.0
    _CODES = ("101&151&160&200", "170&171&172&201")
    _ECHO = enveloped(HEADER + b"|||||||ORU^R01|106|P|2.3.1|\r")

    def __init__(self, decoder: Hl7) -> None:
        self._decoder = decoder
        self._good = 0
        self._heard_s = 0.0
        self._echoed_s = 0.0

    def on_open(self, now_s: float, /) -> bytes:
        self._heard_s = self._echoed_s = now_s
        lines = "".join(f"QRF|MON||||0&0^1^1^0^{codes}\r" for codes in self._CODES)
        at = stamp(now_s)
        query = f"{HEADER.decode()}|||||||QRY^R02|1203|P|2.3.1\rQRD|{at}|R|I|Q{at[-6:]}|||||RES\r{lines}"
        return enveloped(query.encode())

    def tick(self, now_s: float, /) -> bytes:
        if self._decoder.good != self._good:
            self._good, self._heard_s = self._decoder.good, now_s
        if now_s - self._heard_s >= self.RETRY_S:
            return self.on_open(now_s)
        if now_s - self._echoed_s < self.ECHO_S:
            return b""
        self._echoed_s = now_s
        return self._ECHO

    def due_s(self, _now_s: float, /) -> float:
        return min(self._heard_s + self.RETRY_S, self._echoed_s + self.ECHO_S)

    def on_close(self) -> bytes:
        return b""
