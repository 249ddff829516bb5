"""A gravity drip that does not quite keep the rate it was set to. Seeded; times in seconds of record time."""

import math
import random
from datetime import datetime
from decimal import Decimal

_SWAY_S = 420.0


class GravityDrip:
    """Flows from a bag of known content. Each new setting misses its rate by its own few per cent and sways slowly."""

    def __init__(self, drop_factor: int, seed: int) -> None:
        self._factor = drop_factor
        self._random = random.Random(seed)
        self._set = 0.0
        self._bias = 0.0
        self._since: datetime | None = None
        self._left_ml = 0.0
        self._last: datetime | None = None

    def hang(self, content_ml: Decimal, now: datetime) -> None:
        self._flow(now)
        self._left_ml = float(content_ml)

    def set_rate(self, rate_gtt_min: Decimal, now: datetime) -> None:
        """Set the clamp; 0 shuts it."""
        self._flow(now)
        self._set = float(rate_gtt_min)
        self._bias = self._random.uniform(-0.04, 0.03)
        self._since = now

    def rate_gtt_min(self, now: datetime) -> float:
        if self._since is None or self._left_ml <= 0:
            return 0.0
        sway = 0.015 * math.sin((now - self._since).total_seconds() / _SWAY_S * 2 * math.pi)
        return self._set * (1 + self._bias + sway)

    def left_ml(self, now: datetime) -> float:
        """What is left in the hanging bag."""
        self._flow(now)
        return self._left_ml

    def taps(self, now: datetime, drops: int = 8) -> list[float]:
        """The seconds at which a person taps along with so many drops."""
        rate = self.rate_gtt_min(now)
        if rate <= 0:
            return []
        return [n * 60 / rate + self._random.uniform(-0.03, 0.03) for n in range(drops)]

    def _flow(self, now: datetime) -> None:
        if self._last is not None:
            seconds = (now - self._last).total_seconds()
            self._left_ml -= min(self._left_ml, self.rate_gtt_min(now) * seconds / 60 / self._factor)
        self._last = now
