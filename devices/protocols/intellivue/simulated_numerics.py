"""What a simulated IntelliVue measures: the objects of its numerics, their states and units."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from devices.protocols.intellivue.data_pdu import (
    COMPOUND,
    HANDLE,
    LABEL,
    MEASURED_AT,
    METRIC_SPEC,
    NUMERIC,
    TYPE,
    Attributes,
    NuObsValue,
    PolledObject,
)
from devices.protocols.intellivue.observed_values import (
    BREATHS,
    CELSIUS,
    CUFF,
    CUFF_PULSE,
    FAHRENHEIT,
    KPA,
    MMHG,
    NONE,
    PER_MIN,
    PERCENT,
    MeasurementState,
)
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

from . import simulated_messages as words

Dates: TypeAlias = Callable[[float], datetime]
"""The monitor's date at a simulated second."""

_FIRST_MEASUREMENT_S = 20.0
_MEASUREMENT_S = 30.0
_EARLY_FROM_S = 20.0
"""From here on a measurement that is going on shows a systolic pressure alone."""
_MMHG_PER_KPA = 7.5006
_MILLIMETRE = 0x0512
_LEADS = (0x0301, 0x0302, 0x033D, 0x033E, 0x033F, 0x0340, 0x0303, 0x0304, 0x0305, 0x0306, 0x0307, 0x0308)
_NUMERIC_TYPE = bytes.fromhex("00 01 00 06")
_SPEC = bytes.fromhex("00 00 20 00 00 01 42 28 00 00 00 00")
_FIRST_HANDLE = 0x8700


class SimulatedNumerics:
    """The numerics of one patient. `mark` is set on every number, so that nobody takes them for a patient's."""

    def __init__(self, patient: Patient, faults: MonitorFaults, nibp_every_s: float, mark: int) -> None:
        self._patient = patient
        self._faults = faults
        self._nibp_every_s = nibp_every_s
        self._mark = mark

    def objects(self, now_s: float, dates: Dates) -> list[PolledObject]:
        """All of them, as a poll of every attribute group gives them."""
        groups = (self._oximeter(now_s), self._heart(now_s), self._cuff(now_s, dates), self._temperatures(now_s))
        listed = [attributes for group in groups for attributes in group]
        return [
            PolledObject(handle, {HANDLE: handle.to_bytes(2, "big"), TYPE: _NUMERIC_TYPE, METRIC_SPEC: _SPEC} | attributes)
            for handle, attributes in enumerate(listed, _FIRST_HANDLE)
        ]

    def _marks(self, now_s: float) -> int:
        demo = MeasurementState.DEMO if self._faults.holds("demo", now_s) else 0
        test = MeasurementState.TEST if self._faults.holds("test", now_s) else 0
        return self._mark | demo | test

    def _one(self, label: str, code: int, value: str | None, unit: int, now_s: float, state: int = 0) -> Attributes:
        """An object with a single number; without one where `value` is None."""
        number = None if value is None else Decimal(value)
        seen = NuObsValue(code, self._marks(now_s) | state, unit, number)
        return {LABEL: words.label_string(label), NUMERIC: words.number(seen)}

    def _gone(self, label: str, code: int, unit: int, now_s: float) -> Attributes:
        return self._one(label, code, None, unit, now_s, MeasurementState.UNAVAILABLE)

    def _oximeter(self, now_s: float) -> Iterator[Attributes]:
        named = (("SpO2", 0x4BB8, PERCENT), ("Pulse", 0x4822, PER_MIN), ("Perf", 0x4BB0, NONE))
        if self._faults.holds("sensor-off", now_s):
            yield from (self._gone(label, code, unit, now_s) for label, code, unit in named)
            return
        state = MeasurementState.QUESTIONABLE if self._faults.holds("searching", now_s) else 0
        vitals = self._patient.vitals(now_s)
        for (label, code, unit), value in zip(named, (f"{vitals.spo2}.0", str(vitals.hr), "2.3"), strict=True):
            yield self._one(label, code, value, unit, now_s, state)

    def _heart(self, now_s: float) -> Iterator[Attributes]:
        is_off = self._faults.holds("lead-off", now_s)
        state = MeasurementState.INVALID if is_off else 0
        vitals = self._patient.vitals(now_s)
        yield self._one("HR", 0x4182, None if is_off else str(vitals.hr), PER_MIN, now_s, state)
        yield self._one("RR", 0x500A, None if is_off else str(vitals.rr), BREATHS, now_s, state)
        yield self._gone("awRR", 0x5012, BREATHS, now_s)
        segments = [NuObsValue(lead, self._marks(now_s) | state, _MILLIMETRE, Decimal("0.0")) for lead in _LEADS]
        yield {LABEL: words.label_string("ST"), COMPOUND: words.compound(segments)}

    def _temperatures(self, now_s: float) -> Iterator[Attributes]:
        celsius = self._patient.vitals(now_s).temp
        is_american = self._faults.holds("fahrenheit", now_s)
        shown = f"{celsius * 9 / 5 + 32:.1f}" if is_american else f"{celsius:.1f}"
        unit = FAHRENHEIT if is_american else CELSIUS
        yield self._one("Temp", 0x4B48, shown, unit, now_s)
        yield from (self._gone(f"T{n}", 0xF0C6 + n, unit, now_s) for n in (1, 2))

    # --- the cuff

    def _cuff(self, now_s: float, dates: Dates) -> Iterator[Attributes]:
        """The last measurement, one that is going on, or its first number; a failed one leaves the old standing."""
        cycle, into_s = divmod(now_s - _FIRST_MEASUREMENT_S, self._nibp_every_s)
        is_measuring, is_early = into_s < _MEASUREMENT_S, _EARLY_FROM_S <= into_s < _MEASUREMENT_S
        found_s = self._found_s(int(cycle) - is_measuring)
        state = (MeasurementState.ONGOING if is_measuring else 0) | (MeasurementState.EARLY if is_early else 0)
        measured = {MEASURED_AT: words.dated(dates(found_s))}
        pressures = self._pressures(found_s, now_s, state)
        yield {LABEL: words.label_string("NBP"), COMPOUND: words.compound(pressures[:1] if is_early else pressures)} | measured
        pulse = str(self._patient.vitals(found_s).hr)
        yield self._one("PulNBP", CUFF_PULSE, pulse, PER_MIN, now_s, state & MeasurementState.ONGOING) | measured

    def _pressures(self, found_s: float, now_s: float, state: int) -> list[NuObsValue]:
        is_metric = self._faults.holds("kpa", now_s)
        pressure = self._patient.pressure(found_s)
        shown = [f"{value / _MMHG_PER_KPA:.1f}" if is_metric else str(value) for value in pressure]
        unit, state = KPA if is_metric else MMHG, self._marks(now_s) | state
        return [NuObsValue(code, state, unit, Decimal(value)) for code, value in zip(CUFF, shown, strict=True)]

    def _found_s(self, cycle: int) -> float:
        """When the last measurement that did not fail was done, counting back from this one."""
        ended_s = _FIRST_MEASUREMENT_S + cycle * self._nibp_every_s + _MEASUREMENT_S
        return self._found_s(cycle - 1) if self._faults.holds("nibp-fail", ended_s) else ended_s
