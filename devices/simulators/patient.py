"""A patient: vital signs as a function of simulated time alone, the same for the same seed."""

import math
from random import Random
from typing import NamedTuple

#: So far the saturation falls, %.
_LOW_SPO2 = 15


class PatientVitals(NamedTuple):
    """What a monitor shows at one moment: /min, %, /min, °C."""

    hr: int
    spo2: int
    rr: int
    temp: float


class PatientPressure(NamedTuple):
    """One cuff measurement, mmHg."""

    sys: int
    dia: int
    mean: int


class Patient:
    """Slow waves and breathing over a seeded base; from `reaction_at_s` on heart up, pressure down, fever; `low_spo2_s`: from when
    until when the saturation is low.
    """

    def __init__(self, seed: int = 1, reaction_at_s: float | None = None) -> None:
        random = Random(seed)
        self._seed = seed
        self._hr = random.uniform(66, 82)
        self._spo2 = random.uniform(96.5, 98.0)
        self._rr = random.uniform(13, 17)
        self._temp = random.uniform(36.4, 36.9)
        self._sys = random.uniform(112, 130)
        self._dia = self._sys * random.uniform(0.60, 0.66)
        self._phase = random.uniform(0, 2 * math.pi)
        self.weight_kg = round(Random(f"{seed} weight").uniform(52, 84), 1)
        self.reaction_at_s = reaction_at_s
        self.low_spo2_s = (0.0, 0.0)
        self._drawn = self._chance(0)

    def vitals(self, now_s: float) -> PatientVitals:
        ill = self._reaction(now_s)
        slow = math.sin(now_s / 190 + self._phase)
        breath = math.sin(2 * math.pi * now_s * self._rr / 60)
        fallen = _LOW_SPO2 if self.low_spo2_s[0] <= now_s < self.low_spo2_s[1] else 0
        _, of_hr, of_spo2 = self._drawn = self._drawn if self._drawn[0] == int(now_s) else self._chance(int(now_s))
        return PatientVitals(
            hr=round(self._hr + 3 * slow + 2 * breath + of_hr + 38 * ill),
            spo2=min(100, round(self._spo2 + 0.5 * slow + of_spo2 - 5 * ill) - fallen),
            rr=round(self._rr + 1.2 * math.sin(now_s / 75 + self._phase) + 9 * ill),
            temp=round(self._temp + 0.06 * slow + 1.6 * self._reaction(now_s, slowness_s=900), 2),
        )

    def _chance(self, second: int) -> tuple[int, float, float]:
        """What chance adds to pulse and saturation within a second, which is asked for a hundred times."""
        random = Random(f"{self._seed} {second}")
        return second, random.gauss(0, 0.8), random.gauss(0, 0.2)

    def pressure(self, now_s: float) -> PatientPressure:
        """What a cuff finds if its measurement ends now."""
        ill = self._reaction(now_s)
        drift = 4 * math.sin(now_s / 700 + self._phase) + Random(f"{self._seed} cuff {int(now_s)}").gauss(0, 2)
        sys, dia = self._sys + drift - 34 * ill, self._dia + drift / 2 - 20 * ill
        return PatientPressure(round(sys), round(dia), round(dia + (sys - dia) / 3))

    def _reaction(self, now_s: float, slowness_s: float = 180) -> float:
        """0 before a reaction, nearing 1 after it."""
        if self.reaction_at_s is None or now_s < self.reaction_at_s:
            return 0.0
        return 1 - math.exp(-(now_s - self.reaction_at_s) / slowness_s)
