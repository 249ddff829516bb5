"""Which monitor a vital sign is taken from, where several stand at one bed."""

from collections.abc import Mapping, Sequence

from app.domain.protocol import VitalsRules

from .vital_signs import NIBP, Quality, Reading, usable

#: A cuff that rests or works has not lost its patient.
WAITS = (Quality.STALE, Quality.MEASURING)
_GROUPS = dict.fromkeys(NIBP, "nibp")
_OK = Quality.OK  # looked up once: it is asked for with every value


def group(vital: str) -> str:
    """Vital signs that come from one sensor and are never mixed: the three cuff pressures, else the vital itself."""
    return _GROUPS.get(vital, vital)


class Sources:
    """A bed's ports in their order. `preferred` puts one port first for a group.

    A group is held by one port: the best one that gives chartable values. Another takes over when the holder says it
    has none, is forgotten, or has been silent for longer than a check may use its value; a better port takes it back.
    """

    def __init__(self, rules: VitalsRules) -> None:
        self.ports: tuple[str, ...] = ()
        self.preferred: dict[str, str] = {}
        self._rules = rules
        self._held: dict[str, Reading] = {}

    def arrange(self, ports: Sequence[str], preferred: Mapping[str, str]) -> None:
        """The ports of the bed from now on."""
        self.ports, self.preferred = tuple(ports), dict(preferred)
        self._held = {key: reading for key, reading in self._held.items() if reading.port in self.ports}

    def holder(self, vital: str) -> str | None:
        """The port that gives this vital sign now."""
        held = self._held.get(group(vital))
        return held.port if held else None

    def takes(self, reading: Reading) -> bool:
        """Whether this reading is the bed's; the others are shown on the Devices page only."""
        sample = reading.sample
        key = _GROUPS.get(sample.vital, sample.vital)
        held = self._held.get(key)
        is_good = sample.quality is _OK and sample.value is not None
        if held is not None and held.port != reading.port and not self._takes_over(reading, held, is_good):
            return False
        if is_good:
            self._held[key] = reading
        elif held is not None and sample.quality not in WAITS:
            del self._held[key]
        return True

    def _takes_over(self, reading: Reading, held: Reading, is_good: bool) -> bool:
        if not usable(held, reading.received_at, self._max_age_s(reading.sample.vital)):
            return True
        return is_good and self._rank(reading) < self._rank(held)

    def _max_age_s(self, vital: str) -> int:
        return self._rules.max_age_nibp_s if vital in NIBP else self._rules.max_age_s

    def _rank(self, reading: Reading) -> int:
        if self.preferred.get(group(reading.sample.vital)) == reading.port:
            return -1
        return self.ports.index(reading.port) if reading.port in self.ports else len(self.ports)

    def forget(self, port: str) -> list[str]:
        """A port fell silent: give up what it held. Returns those groups."""
        gone = [key for key, reading in self._held.items() if reading.port == port]
        for key in gone:
            del self._held[key]
        return gone
