"""How three kinds of monitor say the same in HL7: Mindray by IHE PCD-01, Mindray PDS, Philips Efficia."""

from collections.abc import Mapping
from typing import NamedTuple


class Hl7Dialect(NamedTuple):
    """`codes`: OBX-3, OBX-4 and OBX-6 by vital sign. `kind` and `version` stand in the header.

    `waits`: silent until a query comes, and says one thing a query unless it `streams` from then on;
    `wants_answers`: the next message waits for the last one's acknowledgement; `tells_time`: MSH-7 is given.
    """

    kind: str
    version: str
    every_s: float
    final: str
    codes: Mapping[str, tuple[str, str, str]]
    waits: bool = False
    streams: bool = True
    wants_answers: bool = False
    tells_time: bool = True


_BEATS, _BREATHS = "264864^MDC_DIM_BEAT_PER_MIN^MDC", "264928^MDC_DIM_RESP_PER_MIN^MDC"
_PERCENT, _MMHG, _CELSIUS = "262688^MDC_DIM_PERCENT^MDC", "266016^MDC_DIM_MMHG^MDC", "268192^MDC_DIM_DEGC^MDC"

PCD = Hl7Dialect(
    "ORU^R01^ORU_R01", "2.6", 10.0, "R",
    {
        "hr": ("147842^MDC_ECG_HEART_RATE^MDC", "1.7.4.147842", _BEATS),
        "rr": ("151562^MDC_RESP_RATE^MDC", "1.4.1.151562", _BREATHS),
        "spo2": ("150456^MDC_PULS_OXIM_SAT_O2^MDC", "1.3.1.150456", _PERCENT),
        "pr": ("149530^MDC_PULS_OXIM_PULS_RATE^MDC", "1.3.1.149530", _BEATS),
        "temp": ("150344^MDC_TEMP^MDC", "1.2.1.150344", _CELSIUS),
        "nibp_sys": ("150301^MDC_PRESS_CUFF_SYS^MDC", "1.1.9.150301", _MMHG),
        "nibp_map": ("150303^MDC_PRESS_CUFF_MEAN^MDC", "1.1.9.150303", _MMHG),
        "nibp_dia": ("150302^MDC_PRESS_CUFF_DIA^MDC", "1.1.9.150302", _MMHG),
    },
    wants_answers=True,
)  # fmt: skip

PDS = Hl7Dialect(
    "ORU^R01", "2.3.1", 5.0, "F",
    {
        "hr": ("101^HR", "2101", ""),
        "rr": ("151^RR", "2102", ""),
        "spo2": ("160^SpO2", "2103", ""),
        "temp": ("200^T1", "2104", ""),
        "nibp_sys": ("170^Sys", "2105", ""),
        "nibp_dia": ("171^Dia", "2105", ""),
        "nibp_map": ("172^Mean", "2105", ""),
    },
    waits=True,
    tells_time=False,
)  # fmt: skip

EFFICIA = Hl7Dialect(
    "ORF^R04", "2.4", 5.0, "F",
    {
        "spo2": ("0002-4bb8^SpO2^MDIL", "", "0004-0220^%^MDIL"),
        "hr": ("0002-4182^HR^MDIL", "", "0004-0aa0^bpm^MDIL"),
        "rr": ("0002-5000^Resp^MDIL", "", "0004-0ae0^rpm^MDIL"),
        "temp": ("0002-f0c7^Temp^MDIL", "", "0004-17a0^C^MDIL"),
        "nibp_sys": ("0002-4a05^NBPs^MDIL", "", "0004-0f20^mmHg^MDIL"),
        "nibp_dia": ("0002-4a06^NBPd^MDIL", "", "0004-0f20^mmHg^MDIL"),
        "nibp_map": ("0002-4a07^NBPm^MDIL", "", "0004-0f20^mmHg^MDIL"),
    },
    waits=True,
    streams=False,
)  # fmt: skip
