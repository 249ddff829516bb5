"""The MEDIBUS ventilators' row of the table."""

from collections.abc import Callable

from app.domain.texts import say
from devices.device_rows import MonitorRow, on_demand
from devices.link import PortSettings
from devices.protocols import SimulatedDevice

from .decoder import Medibus
from .dialogue import MedibusDialogue


@on_demand
def _medibus_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import MedibusVentilator

    return MedibusVentilator


ROWS = (
    MonitorRow(
        protocol="medibus",
        label=say("Dräger ventilator (MEDIBUS)"),
        settings=PortSettings(19200, parity="E"),
        other_settings=(PortSettings(19200), PortSettings(9600, parity="E"), PortSettings(9600)),
        decoder=Medibus,
        dialogue=MedibusDialogue,
        silent_after_s=20.0,
        needs_request=True,
        wiring=say(
            "COM port of the ventilator, set to MEDIBUS on its own menu. Baud rate and parity as set there: an Evita often "
            "has 19200 with even or no parity, an Apollo 9600 with even. It sends no blood pressure, and its airway "
            "temperature is not the patient's."
        ),
        simulator=_medibus_simulator,
    ),
)
