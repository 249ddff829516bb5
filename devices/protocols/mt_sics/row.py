"""The weighing scales' row of the table."""

from collections.abc import Callable

from app.domain.texts import say
from devices.device_rows import MonitorRow, on_demand
from devices.link import PortSettings
from devices.protocols import SimulatedDevice

from .decoder import MtSics
from .dialogue import ScaleDialogue


@on_demand
def _mt_sics_simulator() -> Callable[..., SimulatedDevice]:
    from .simulator import MtSicsScale

    return MtSicsScale


ROWS = (
    MonitorRow(
        protocol="mt-sics",
        label=say("Weighing scale (MT-SICS)"),
        settings=PortSettings(9600),
        other_settings=(PortSettings(19200), PortSettings(4800), PortSettings(2400)),
        decoder=MtSics,
        dialogue=ScaleDialogue,
        silent_after_s=20.0,
        needs_request=True,
        wiring=say(
            "Serial port of a Mettler Toledo scale, or of an Ohaus or Sartorius one that offers MT-SICS. A weight is offered "
            "only when two readings in a row are stable and equal; a person confirms it."
        ),
        simulator=_mt_sics_simulator,
    ),
)
