"""What the codes of HL7 observations mean, by maker: OBX-3 to vital sign and source, OBX-6 to unit."""

from typing import NamedTuple


class Hl7Code(NamedTuple):
    """`may_lack_unit`: the maker's messages give none, so the code itself stands for the vital sign's own unit.

    That is safe, as no possible value in °F or kPa is a possible one in °C or mmHg.
    """

    vital: str
    source: str
    may_lack_unit: bool = False


_MDC = {
    "147842": Hl7Code("hr", "ecg"),
    "149530": Hl7Code("pr", "pleth"),
    "149522": Hl7Code("pr", "abp"),
    "149546": Hl7Code("pr", "nibp"),
    "150456": Hl7Code("spo2", "pleth"),
    "151562": Hl7Code("rr", "impedance"),
    "150301": Hl7Code("nibp_sys", "nibp"),
    "150302": Hl7Code("nibp_dia", "nibp"),
    "150303": Hl7Code("nibp_map", "nibp"),
    "150017": Hl7Code("nibp_sys", "nibp"),
    "150018": Hl7Code("nibp_dia", "nibp"),
    "150019": Hl7Code("nibp_map", "nibp"),
    "150344": Hl7Code("temp", "t1"),
    "188496": Hl7Code("temp", "axillary"),
    "188736": Hl7Code("weight", "entered"),
}
_EDAN = {
    "131072": Hl7Code("hr", "ecg", may_lack_unit=True),
    "327680": Hl7Code("spo2", "pleth", may_lack_unit=True),
    "393216": Hl7Code("nibp_sys", "nibp", may_lack_unit=True),
    "393217": Hl7Code("nibp_dia", "nibp", may_lack_unit=True),
    "393218": Hl7Code("nibp_map", "nibp", may_lack_unit=True),
    "393219": Hl7Code("pr", "nibp", may_lack_unit=True),
    "458752": Hl7Code("temp", "t1", may_lack_unit=True),
}
_PHILIPS = {
    "0002-4182": Hl7Code("hr", "ecg"),
    "0002-480a": Hl7Code("pr", "unknown"),
    "0002-4bb8": Hl7Code("spo2", "pleth"),
    "0002-4a05": Hl7Code("nibp_sys", "nibp"),
    "0002-4a06": Hl7Code("nibp_dia", "nibp"),
    "0002-4a07": Hl7Code("nibp_map", "nibp"),
    "0002-5000": Hl7Code("rr", "unknown"),
    "0002-f0c7": Hl7Code("temp", "t1"),
}
_PDS = {
    "51": Hl7Code("weight", "entered", may_lack_unit=True),
    "101": Hl7Code("hr", "ecg", may_lack_unit=True),
    "151": Hl7Code("rr", "unknown", may_lack_unit=True),
    "160": Hl7Code("spo2", "pleth", may_lack_unit=True),
    "170": Hl7Code("nibp_sys", "nibp", may_lack_unit=True),
    "171": Hl7Code("nibp_dia", "nibp", may_lack_unit=True),
    "172": Hl7Code("nibp_map", "nibp", may_lack_unit=True),
    "200": Hl7Code("temp", "t1", may_lack_unit=True),
    "201": Hl7Code("temp", "t2", may_lack_unit=True),
}
_PDS_VERSION = "2.3.1"
_CODES = _MDC | _EDAN | _PHILIPS

#: Temperature channels of the MDC dialect, by the beginning of OBX-4.
_CHANNELS = {"1.2.1.": "probe", "1.2.5.": "spot"}
#: Where Philips says how a rate was found (OBX-17): a rate found by the oximeter is a pulse.
_BY_OXIMETER = "0002-4bb8"


def meaning(identifier: str, sub_id: str, method: str, version: str) -> Hl7Code | None:
    """The vital sign of an observation. PDS' short numbers mean something in PDS' version of HL7 alone."""
    key = identifier.lower()
    code = _CODES.get(key) or (_PDS.get(key) if version == _PDS_VERSION else None)
    if code is None:
        return None
    if code.vital == "temp":
        return code._replace(source=_CHANNELS.get(sub_id[:6], code.source))
    if code.vital in ("hr", "pr") and method.lower() == _BY_OXIMETER:
        return Hl7Code("pr", "pleth")
    return code


UNITS = {
    "266016": "mmHg", "0004-0f20": "mmHg", "mmhg": "mmHg",
    "265987": "kPa", "0004-0f03": "kPa", "kpa": "kPa",
    "262688": "%", "0004-0220": "%", "%": "%",
    "264864": "/min", "264928": "/min", "0004-0aa0": "/min", "0004-0ae0": "/min", "/min": "/min", "bpm": "/min", "rpm": "/min",
    "268192": "°C", "0004-17a0": "°C", "°c": "°C", "℃": "°C",
    "268160": "°F", "268224": "°F", "0004-1140": "°F", "°f": "°F", "℉": "°F",
    "263875": "kg", "kg": "kg",
}  # fmt: skip
"""Unit by its code or its plain name, in small letters."""
