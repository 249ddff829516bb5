"""The monitors that can be read, in the order in which they are offered. One more is a folder, and its `ROWS` here."""

from .device_rows import MonitorRow
from .protocols.contec.row import ROWS as CONTEC
from .protocols.datex_s5.row import ROWS as DATEX_S5
from .protocols.dinamap.row import ROWS as DINAMAP
from .protocols.drop_sensor.row import ROWS as DROP_SENSOR
from .protocols.hl7.row import ROWS as HL7
from .protocols.intellivue.row import ROWS as INTELLIVUE
from .protocols.masimo.row import ROWS as MASIMO
from .protocols.medibus.row import ROWS as MEDIBUS
from .protocols.mt_sics.row import ROWS as MT_SICS
from .protocols.nellcor.row import ROWS as NELLCOR
from .protocols.nonin.row import ROWS as NONIN

MODELS: dict[str, MonitorRow] = {
    row.protocol: row
    for row in (
        *DATEX_S5,
        *INTELLIVUE,
        *MASIMO,
        *NELLCOR,
        *MEDIBUS,
        *MT_SICS,
        *NONIN,
        *CONTEC,
        *HL7,
        *DINAMAP,
        *DROP_SENSOR,
    )
}
