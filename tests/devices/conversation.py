"""A simulated device and a client that asks it what its dialogue asks, without a line: all that went either way is kept."""

from collections.abc import Iterable

from app.domain.vitals.vital_signs import Sample
from devices.device_rows import MonitorRow
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient


class Conversation:
    """`wire` holds what the device said, `sent` what it was told, `samples` what was read of it."""

    STEP_S = 0.25

    def __init__(
        self, model: MonitorRow, faults: Iterable[str] = (), nibp_every_s: float = 300.0, fault_at_s: float = 30.0
    ) -> None:
        self._faults = MonitorFaults()
        for name in faults:
            self._faults.add(name, fault_at_s)
        self._device = model.simulator(Patient(1), self._faults, nibp_every_s=nibp_every_s)
        self._decoder = model.decoder()
        self._dialogue = model.dialogue(self._decoder)
        self._now_s = 0.0
        self.wire: list[bytes] = []
        self.sent: list[bytes] = []
        self.samples: list[Sample] = []
        self._say(self._dialogue.on_open(0.0))

    def until(self, end_s: float) -> "Conversation":
        while self._now_s < end_s:
            for frame in self._device.due(self._now_s):
                self.hear(self._faults.damaged(frame, self._now_s))
            self._say(self._dialogue.tick(self._now_s))
            self._now_s += self.STEP_S
        return self

    def hear(self, data: bytes) -> None:
        """Bytes from the device, or from nowhere."""
        self.wire.append(data)
        self.samples += self._decoder.feed(data)

    def end(self) -> "Conversation":
        self._say(self._dialogue.on_close())
        return self

    def _say(self, data: bytes) -> None:
        if data:
            self.sent.append(data)
            self._device.hear(data, self._now_s)
