"""What is on a port: listen first, and ask only what the chosen protocol allows. Blocks; run it on a thread of its own."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby

import msgspec

from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import Quality, Sample

from .device_rows import MonitorRow
from .link import PortSettings
from .protocols import Decoder, Dialogue, ListeningDialogue
from .transport import PortLink, open_link

_READ_S = 0.25
#: Fewer whole frames may be chance. So many are believed where they also outnumber the refused ones.
_ENOUGH = 3

Open = Callable[[str, PortSettings], PortLink]


class ProbeResult(msgspec.Struct, frozen=True):
    """What was heard with one setting of the port. `protocol` None: nothing that could be read."""

    settings: PortSettings
    bytes_read: int
    protocol: str | None = None
    label: Text | None = None
    good: int = 0
    bad: int = 0
    vitals: tuple[str, ...] = ()


class ProbeCandidate:
    """One model's decoder and dialogue on an open line."""

    def __init__(self, model: MonitorRow, may_ask: bool) -> None:
        self.model = model
        self.decoder: Decoder = model.decoder()
        self.dialogue: Dialogue = model.dialogue(self.decoder) if may_ask else ListeningDialogue()
        self.vitals: dict[str, Sample] = {}

    def hear(self, data: bytes) -> None:
        for sample in self.decoder.feed(data):
            if sample.quality is Quality.OK:
                self.vitals[sample.vital] = sample

    @property
    def is_sure(self) -> bool:
        return self.decoder.good >= _ENOUGH and self.decoder.good > self.decoder.bad

    def found(self, settings: PortSettings, bytes_read: int) -> ProbeResult:
        decoder, model = self.decoder, self.model
        return ProbeResult(settings, bytes_read, model.protocol, model.label, decoder.good, decoder.bad, tuple(self.vitals))


class Probe:
    """`now` counts time, `stop` says that nobody waits for the answer any more. Raises `LinkError` where no port opens."""

    def __init__(self, now: Callable[[], datetime], stop: Callable[[], bool] = lambda: False, opening: Open = open_link) -> None:
        self._now, self._stop, self._open = now, stop, opening

    def listen(self, url: str, models: Iterable[MonitorRow], seconds_each: float = 4.0) -> ProbeResult:
        """Without sending a byte: which of the monitors that talk by themselves is there."""
        talking = sorted((m for m in models if not m.needs_request), key=lambda m: _sort_key(m.settings))
        heard = [
            self._hear(url, settings, [ProbeCandidate(model, may_ask=False) for model in same], seconds_each)
            for settings, same in groupby(talking, key=lambda m: m.settings)
            if not self._stop()
        ]
        return _best(heard)

    def test(self, url: str, model: MonitorRow, seconds_each: float = 10.0) -> ProbeResult:
        """With the chosen monitor's own settings, then its other ones; asks what its protocol allows."""
        heard: list[ProbeResult] = []
        for settings in (model.settings, *model.other_settings):
            heard.append(self._hear(url, settings, [ProbeCandidate(model, may_ask=True)], seconds_each))
            if heard[-1].protocol is not None or self._stop():
                break
        return _best(heard)

    def _hear(self, url: str, settings: PortSettings, ears: list[ProbeCandidate], seconds: float) -> ProbeResult:
        link = self._open(url, settings)
        try:
            return self._converse(link, settings, ears, seconds)
        finally:
            link.close()

    def _converse(self, link: PortLink, settings: PortSettings, ears: list[ProbeCandidate], seconds: float) -> ProbeResult:
        began, bytes_read = self._now(), 0
        for ear in ears:
            link.write(ear.dialogue.on_open(0.0))
        while (elapsed := (self._now() - began).total_seconds()) < seconds and not self._stop():
            data = link.read(_READ_S)
            bytes_read += len(data)
            for ear in ears:
                ear.hear(data)
                link.write(ear.dialogue.tick(elapsed))
            sure = next((ear for ear in ears if ear.is_sure), None)
            if sure is not None:
                link.write(sure.dialogue.on_close())
                return sure.found(settings, bytes_read)
        for ear in ears:
            link.write(ear.dialogue.on_close())
        return ProbeResult(settings, bytes_read)


def _best(heard: list[ProbeResult]) -> ProbeResult:
    """What could be read, else where most bytes came."""
    return max(heard, key=lambda found: (found.protocol is not None, found.bytes_read))


def _sort_key(settings: PortSettings) -> tuple[int, int, str, int, bool]:
    return settings.baud, settings.bits, settings.parity, settings.stop_bits, settings.rtscts


def settings_words(settings: PortSettings) -> str:
    """“19200 8E1”, as on a monitor's own menu."""
    return f"{settings.baud} {settings.bits}{settings.parity}{settings.stop_bits}"


def verdict(found: ProbeResult) -> Text:
    """In plain words, what was heard and what to do."""
    line = settings_words(found.settings)
    if found.label is not None:
        return say("{line}: {label}, {good} whole records, {bad} refused.",
                   line=line, label=found.label, good=found.good, bad=found.bad)  # fmt: skip
    if found.bytes_read:
        return say("{line}: {n} bytes came, but no record could be read. Check the model and its baud rate.",
                   line=line, n=found.bytes_read)  # fmt: skip
    return say("Silence. Check that the monitor is on, the cable fits, and its output is switched on in its menu.")
