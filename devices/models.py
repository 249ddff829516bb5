"""The monitors that can be read: one row each."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from app.domain.texts import Text, say
from devices.protocols.contec.berry import Berry
from devices.protocols.contec.decoder import Contec, ContecDialogue, ContecV5
from devices.protocols.contec.simulator import BerryMonitor, ContecMonitor, ContecV5Monitor
from devices.protocols.datex_s5.decoder import DatexS5, S5Dialogue
from devices.protocols.datex_s5.simulator import DatexS5Monitor
from devices.protocols.hl7.decoder import Hl7
from devices.protocols.hl7.dialogue import AcknowledgingDialogue, EfficiaDialogue, PdsDialogue
from devices.protocols.hl7.simulated_dialects import EFFICIA, PDS
from devices.protocols.hl7.simulator import Hl7Monitor
from devices.protocols.intellivue.decoder import IntelliVue
from devices.protocols.intellivue.dialogue import IntelliVueDialogue
from devices.protocols.intellivue.simulator import IntelliVueMonitor
from devices.protocols.masimo.decoder import Masimo
from devices.protocols.masimo.simulator import MasimoMonitor
from devices.protocols.medibus.decoder import Medibus
from devices.protocols.medibus.dialogue import MedibusDialogue
from devices.protocols.medibus.simulator import MedibusVentilator
from devices.protocols.mt_sics.decoder import MtSics, ScaleDialogue
from devices.protocols.mt_sics.simulator import MtSicsScale
from devices.protocols.nellcor.decoder import Nellcor
from devices.protocols.nellcor.simulator import NellcorMonitor
from devices.protocols.nonin.decoder import Nonin
from devices.protocols.nonin.simulator import NoninMonitor

from .link import PortSettings
from .protocols import Decoder, Dialogue, ListeningDialogue
from .simulators import SimulatedDevice


def _listening(_decoder: Decoder) -> Dialogue:
    return ListeningDialogue()


class PortRow(msgspec.Struct, frozen=True, kw_only=True):
    """What may stand on a port. `silent_after_s`: so long without a whole frame and the link is stale.

    A dialogue is made with the decoder that hears the answers; both are new for every connection.
    `wiring` says which cable, and what to set on the monitor's own menu; `other_settings` are tried by discovery.
    """

    protocol: str
    label: Text
    settings: PortSettings
    other_settings: tuple[PortSettings, ...] = ()
    decoder: Callable[[], Decoder]
    dialogue: Callable[[Any], Dialogue] = _listening
    silent_after_s: float
    needs_request: bool = False
    wiring: Text


class MonitorRow(PortRow, frozen=True, kw_only=True):
    """A monitor's protocol, with a simulator that speaks it."""

    simulator: Callable[..., SimulatedDevice]


MODELS: dict[str, MonitorRow] = {
    model.protocol: model
    for model in (
        MonitorRow(
            protocol="datex-s5",
            label=say("GE / Datex-Ohmeda S/5"),
            settings=PortSettings(19200, parity="E", rtscts=True),
            other_settings=(PortSettings(115200, parity="E", rtscts=True),),
            decoder=DatexS5,
            dialogue=S5Dialogue,
            silent_after_s=20.0,
            needs_request=True,
            wiring=say(
                "DB9 computer interface. On B20, B40, B105 and B125 the female connector has pins 2 and 3 swapped. "
                "The monitor is silent until asked."
            ),
            simulator=DatexS5Monitor,
        ),
        MonitorRow(
            protocol="intellivue",
            label=say("Philips IntelliVue (data export)"),
            settings=PortSettings(115200),
            other_settings=(PortSettings(19200),),
            decoder=IntelliVue,
            dialogue=IntelliVueDialogue,
            silent_after_s=20.0,
            needs_request=True,
            wiring=say(
                "MIB/RS-232 port, an RJ-45 socket. On the monitor this port must be set to DtOut1 (“Data Out”) and to "
                "19200 or 115200 baud. The monitor is silent until asked, and speaks to one program at a time."
            ),
            simulator=IntelliVueMonitor,
        ),
        MonitorRow(
            protocol="masimo",
            label=say("Masimo oximeter Rad-5, Rad-8, Radical-7 (ASCII 1)"),
            settings=PortSettings(9600),
            decoder=Masimo,
            silent_after_s=5.0,
            wiring=say(
                "Serial output of the oximeter. On a Rad-8 set the menu item SEr to AS1: it is delivered with ASCII 2, which is "
                "not read here. A line comes every second."
            ),
            simulator=MasimoMonitor,
        ),
        MonitorRow(
            protocol="nellcor",
            label=say("Nellcor N-560, N-595, N-600x (ASCII real-time)"),
            settings=PortSettings(9600),
            decoder=Nellcor,
            silent_after_s=10.0,
            wiring=say(
                "Data port of the oximeter, set to ASCII output in real time. A line comes every two seconds. The N-600x is "
                "taken to print the same columns; compare its first lines with its screen."
            ),
            simulator=NellcorMonitor,
        ),
        MonitorRow(
            protocol="medibus",
            label=say("Dräger ventilator (MEDIBUS)"),
            settings=PortSettings(19200, parity="E"),
            other_settings=(PortSettings(19200), PortSettings(9600, parity="E")),
            decoder=Medibus,
            dialogue=MedibusDialogue,
            silent_after_s=20.0,
            needs_request=True,
            wiring=say(
                "COM port of the ventilator, set to MEDIBUS on its own menu. Baud rate and parity as set there: an Evita often "
                "has 19200 with even or no parity, an Apollo 9600 with even. It sends no blood pressure, and its airway "
                "temperature is not the patient's."
            ),
            simulator=MedibusVentilator,
        ),
        MonitorRow(
            protocol="mt-sics",
            label=say("Weighing scale (MT-SICS)"),
            settings=PortSettings(9600),
            decoder=MtSics,
            dialogue=ScaleDialogue,
            silent_after_s=20.0,
            needs_request=True,
            wiring=say(
                "Serial port of a Mettler Toledo scale, or of an Ohaus or Sartorius one that offers MT-SICS. A weight is offered "
                "only when two readings in a row are stable and equal; a person confirms it."
            ),
            simulator=MtSicsScale,
        ),
        MonitorRow(
            protocol="nonin",
            label=say("Nonin oximeters (formats 2, 7, 8 and 13, and text lines)"),
            settings=PortSettings(9600),
            decoder=Nonin,
            silent_after_s=12.0,
            wiring=say(
                "Serial output of the oximeter, 9600 8N1. The data format that is set on it is recognised; nothing is sent to it."
            ),
            simulator=NoninMonitor,
        ),
        MonitorRow(
            protocol="contec",
            label=say("Contec oximeters CMS50D+ (4.6), CMS50E and CMS50F"),
            settings=PortSettings(115200),
            decoder=Contec,
            dialogue=ContecDialogue,
            silent_after_s=10.0,
            needs_request=True,
            wiring=say("Serial cable of the oximeter, 115200 8N1. It sends nothing until it is asked."),
            simulator=ContecMonitor,
        ),
        MonitorRow(
            protocol="contec-v5",
            label=say("Contec oximeters CMS50D, CMS50E and older CMS50D+"),
            settings=PortSettings(4800, parity="O"),
            other_settings=(PortSettings(19200, parity="O"),),
            decoder=ContecV5,
            silent_after_s=5.0,
            wiring=say("Serial cable of the oximeter, 4800 8O1; an older CMS50D+ has 19200 8O1. It sends by itself."),
            simulator=ContecV5Monitor,
        ),
        MonitorRow(
            protocol="berry",
            label=say("Berry oximeters (BCI 1.2)"),
            settings=PortSettings(115200),
            decoder=Berry,
            silent_after_s=5.0,
            wiring=say("USB cable of the oximeter, 115200 8N1. It sends by itself."),
            simulator=BerryMonitor,
        ),
        MonitorRow(
            protocol="hl7",
            label=say("HL7 monitors (Mindray, Comen, Edan)"),
            settings=PortSettings(9600),
            other_settings=(PortSettings(19200), PortSettings(115200)),
            decoder=Hl7,
            dialogue=AcknowledgingDialogue,
            silent_after_s=90.0,
            wiring=say(
                "Network: switch HL7 sending (MLLP) on in the monitor's menu and give it this computer's address and a port; "
                "type listen://:port here. If the monitor waits for a connection instead, type socket://host:port. "
                "Serial: set the same baud rate on both sides."
            ),
            simulator=Hl7Monitor,
        ),
        MonitorRow(
            protocol="hl7-pds",
            label=say("Mindray PDS (HL7 2.3.1, network)"),
            settings=PortSettings(9600),
            decoder=Hl7,
            dialogue=PdsDialogue,
            silent_after_s=20.0,
            needs_request=True,
            wiring=say("Network: type socket://host:4601, host being the monitor's address. The monitor is silent until asked."),
            simulator=partial(Hl7Monitor, dialect=PDS),
        ),
        MonitorRow(
            protocol="hl7-efficia",
            label=say("Philips Efficia CM (HL7, serial)"),
            settings=PortSettings(9600),
            other_settings=(PortSettings(19200), PortSettings(115200)),
            decoder=Hl7,
            dialogue=EfficiaDialogue,
            silent_after_s=20.0,
            needs_request=True,
            wiring=say("RS-232 serial data export. Set the same baud rate on both sides. The monitor is silent until asked."),
            simulator=partial(Hl7Monitor, dialect=EFFICIA),
        ),
    )
}
