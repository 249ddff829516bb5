"""What scales say: a patient's weight to be confirmed by a person, a hanging bag's weight as a check of the drip."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from app.domain.errors import Refused
from app.domain.infusion.given.drip_check import Estimate, Weighed, drip_check
from app.domain.infusion.state import Infusion
from app.domain.products.offered_weight import WEIGHT, offered_kg
from app.domain.protocol import Protocol
from app.domain.vitals.vital_signs import Quality, Reading

_KEPT = 20_000


class Scales:
    """The stable weights of each port, the newest last; nothing of it is stored."""

    def __init__(self) -> None:
        self._newest: dict[str, Reading] = {}
        self._series: dict[str, deque[Weighed]] = {}

    def take(self, readings: Iterable[Reading]) -> None:
        for reading in readings:
            if reading.sample.vital == WEIGHT:
                self._newest[reading.port] = reading
                if reading.sample.quality is Quality.OK and reading.sample.value is not None:
                    weighed = Weighed(reading.received_at, reading.sample.value)
                    self._series.setdefault(reading.port, deque(maxlen=_KEPT)).append(weighed)

    def offered_kg(self, now: datetime, protocol: Protocol) -> Decimal | None:
        """A patient's weight that stands still on a scale now; one that cannot be a patient's is no offer."""
        for reading in self._newest.values():
            try:
                kg = offered_kg(reading, now, protocol.vitals.max_age_s, protocol.weight)
            except Refused:
                continue
            if kg is not None:
                return kg
        return None

    def drip_check(self, state: Infusion, ports: Iterable[str]) -> Estimate | None:
        """What a scale under the hanging bag says; None without one. Raises `Refused` when the bag was touched."""
        hanging = state.hanging
        if hanging is None or hanging.hung_at is None or state.drop_factor is None:
            return None
        for port in ports:
            since = [w for w in self._series.get(port, ()) if w.at >= hanging.hung_at]
            if since:
                return drip_check(since, state.drop_factor, state.protocol.gravimetry)
        return None
