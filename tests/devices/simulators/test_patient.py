"""A patient who can be met again: vital signs are a function of the simulated time."""

from decimal import Decimal

import pytest

from app.domain.vitals.vital_signs import Level, level, plausible, plausible_pressure
from devices.simulators.faults import MonitorFaults
from devices.simulators.monitor_on_line import break_at
from devices.simulators.patient import Patient
from tests.domain.cast import TRIAL

MINUTE_S = 60
TRIAL_VERY_LOW = 85


def test_the_same_seed_is_the_same_patient_at_any_moment_asked_in_any_order() -> None:
    first, second = Patient(7), Patient(7)
    later = second.vitals(900.0)
    assert first.vitals(0.0) == second.vitals(0.0)
    assert first.vitals(900.0) == later
    assert first.pressure(900.0) == second.pressure(900.0)


def test_another_seed_is_another_patient() -> None:
    assert Patient(1).vitals(0.0) != Patient(2).vitals(0.0)


@pytest.mark.parametrize("seed", range(20))
def test_a_well_patient_stays_inside_the_limits_for_four_hours(seed: int) -> None:
    patient = Patient(seed)
    for second in range(0, 4 * 3600, 97):
        vitals = patient.vitals(second)
        for code, value in zip(("hr", "spo2", "rr", "temp"), vitals, strict=True):
            assert level(TRIAL.vitals.limits_of(code), Decimal(str(value)))[0] is Level.INSIDE, (second, vitals)
        sys, dia, mean = map(Decimal, patient.pressure(second))
        assert plausible_pressure(sys, dia, mean)


def test_a_saturation_falls_for_its_time_and_nothing_else() -> None:
    well, low = Patient(3), Patient(3)
    break_at(MonitorFaults(), low, "low-spo2", 100.0)
    assert low.vitals(99.0) == well.vitals(99.0)
    assert low.vitals(100.0).spo2 < TRIAL_VERY_LOW <= well.vitals(100.0).spo2
    assert low.vitals(100.0)._replace(spo2=0) == well.vitals(100.0)._replace(spo2=0)
    assert low.vitals(220.0) == well.vitals(220.0)


def test_a_reaction_raises_heart_and_temperature_and_lowers_the_pressure() -> None:
    well, ill = Patient(3), Patient(3, reaction_at_s=20 * MINUTE_S)
    assert well.vitals(19 * MINUTE_S) == ill.vitals(19 * MINUTE_S)
    later = 50 * MINUTE_S
    assert ill.vitals(later).hr > well.vitals(later).hr + 30
    assert ill.vitals(later).rr > well.vitals(later).rr + 5
    assert ill.vitals(later).spo2 < well.vitals(later).spo2
    assert ill.vitals(later).temp > well.vitals(later).temp + 1
    assert ill.pressure(later).sys < well.pressure(later).sys - 25
    assert all(plausible("hr", Decimal(ill.vitals(s).hr)) for s in range(0, 7200, 60))
