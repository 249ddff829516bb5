"""What is on a port: listen first, and ask only what the chosen protocol allows. Blocks; run it on a thread of its own."""

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import Quality, Sample

from .device_rows import MonitorRow
from .line_search import ENOUGH, CautiousDialogue
from .link import LinkError, PortSettings
from .protocols import Decoder, Dialogue, ListeningDialogue
from .settings_words import line_words
from .transport import PortLink, open_link

_READ_S = 0.25

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
        self.dialogue: Dialogue = ListeningDialogue()
        if may_ask:
            self.dialogue = CautiousDialogue(model.dialogue(self.decoder), self.decoder, model.needs_request)
        self.vitals: dict[str, Sample] = {}

    def hear(self, data: bytes) -> None:
        for sample in self.decoder.feed(data):
            if sample.quality is Quality.OK:
                self.vitals[sample.vital] = sample

    @property
    def is_sure(self) -> bool:
        return self.decoder.good >= ENOUGH and self.decoder.good > self.decoder.bad

    def found(self, settings: PortSettings, bytes_read: int) -> ProbeResult:
        decoder, model = self.decoder, self.model
        return ProbeResult(settings, bytes_read, model.protocol, model.label, decoder.good, decoder.bad, tuple(self.vitals))


class Probe:
    """`now` counts time, `stop` says that nobody waits for the answer any more. Raises `LinkError` where no port opens."""

    def __init__(self, now: Callable[[], datetime], stop: Callable[[], bool] = lambda: False, opening: Open = open_link) -> None:
        self._now, self._stop, self._open = now, stop, opening

    def listen(self, url: str, models: Iterable[MonitorRow], seconds_each: float = 4.0) -> ProbeResult:
        """Without sending a byte: which of the monitors that talk by themselves is there, at each of their settings."""
        at: dict[PortSettings, list[MonitorRow]] = {}
        for model in models:
            for settings in () if model.needs_request else (model.settings, *model.other_settings):
                at.setdefault(settings, []).append(model)
        heard: list[ProbeResult] = []
        for settings in sorted(at, key=_sort_key):
            heard.append(self._hear(url, settings, [ProbeCandidate(model, may_ask=False) for model in at[settings]], seconds_each))
            if heard[-1].protocol is not None or self._stop():
                break
        return _best(heard)

    def test(self, url: str, model: MonitorRow, seconds_each: float = 10.0, line: PortSettings | None = None) -> ProbeResult:
        """With the setting that is told, the model's own, then its other ones; asks what its protocol allows."""
        heard: list[ProbeResult] = []
        told = () if line is None else (line,)
        for settings in dict.fromkeys((*told, model.settings, *model.other_settings)):
            heard.append(self._hear(url, settings, [ProbeCandidate(model, may_ask=True)], seconds_each))
            if heard[-1].protocol is not None or self._stop():
                break
        return _best(heard)

    def _hear(self, url: str, settings: PortSettings, ears: list[ProbeCandidate], seconds: float) -> ProbeResult:
        link = self._open(url, settings)
        try:
            return self._converse(link, settings, ears, seconds)
        except LinkError:
            if not settings.rtscts:
                raise
            return ProbeResult(settings, 0)  # a cable of three wires lets nothing be sent
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


def verdict(found: ProbeResult) -> Text:
    """In plain words, what was heard and what to do."""
    line = line_words(found.settings)
    if found.label is not None:
        return say("{line}: {label}, {good} whole records, {bad} refused.",
                   line=line, label=found.label, good=found.good, bad=found.bad)  # fmt: skip
    if found.bytes_read:
        return say("{line}: {n} bytes came, but no record could be read. Check the model and its baud rate.",
                   line=line, n=found.bytes_read)  # fmt: skip
    return say("Silence. Check that the monitor is on, the cable fits, and its output is switched on in its menu.")
