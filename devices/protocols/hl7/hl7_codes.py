"""What an HL7 observation's code and unit stand for, whoever sends them."""

import re
from typing import NamedTuple


class Hl7Code(NamedTuple):
    """`may_lack_unit`: the maker's messages give none, so the code itself stands for the vital sign's own unit.

    That is safe, as no possible value in °F or kPa is a possible one in °C or mmHg.
    """

    vital: str
    source: str
    may_lack_unit: bool = False


def cuff(sys: str, dia: str, mean: str, may_lack_unit: bool = False) -> dict[str, Hl7Code]:
    """The three codes of a cuff pressure."""
    pressures = {sys: "nibp_sys", dia: "nibp_dia", mean: "nibp_map"}
    return {code: Hl7Code(vital, "nibp", may_lack_unit) for code, vital in pressures.items()}


_UNITS = {
    "266016": "mmHg", "0004-0f20": "mmHg", "mmhg": "mmHg", "mm hg": "mmHg", "mm[hg]": "mmHg",
    "265987": "kPa", "0004-0f03": "kPa", "kpa": "kPa",
    "262688": "%", "0004-0220": "%", "%": "%",
    "264864": "/min", "264928": "/min", "0004-0aa0": "/min", "0004-0ae0": "/min",
    "/min": "/min", "1/min": "/min", "beats/min": "/min", "breaths/min": "/min", "bpm": "/min", "rpm": "/min",
    "268192": "°C", "0004-17a0": "°C", "°c": "°C", "℃": "°C", "c": "°C", "cel": "°C", "degc": "°C", "deg c": "°C",
    "268160": "°F", "268224": "°F", "0004-1140": "°F", "°f": "°F", "℉": "°F", "f": "°F", "[degf]": "°F", "degf": "°F",
    "deg f": "°F", "263875": "kg", "kg": "kg",
}  # fmt: skip
_ANNOTATION = re.compile(r"\{[^{}]*\}")


def unit_named(sent: str) -> str | None:
    """A unit by its code (MDC, MDIL), as UCUM writes it, or by its plain name; UCUM's annotations, `{beats}`, say nothing."""
    return _UNITS.get(_ANNOTATION.sub("", sent.lower()).strip())
