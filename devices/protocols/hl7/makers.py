"""Who says what in HL7: one table a maker. What stands in none of them is listed as unread, and never charted.

Sources: what real monitors sent (Mindray, Comen, Edan, Nihon Kohden, Biolight), the makers' own guides (Philips
Efficia 2014, Nihon Kohden 0614-905894, GE 2062665-001), IEEE 11073-10101 for MDC, and LOINC.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from .hl7_codes import Hl7Code, cuff
from .hl7_message import Hl7Header, component

_EMPTY: Mapping[str, str] = {}
NO_VALUE = frozenset(map(Decimal, ("-100", "-999", "-99.9", "-1", "8388607")))
FINAL = frozenset("FR")


class MakerDialect(NamedTuple):
    """One maker's way of speaking.

    It is spoken where the sender (`MSH-3|MSH-4`, in capitals), the version (MSH-12) and the message's number (MSH-10)
    are its own; "" and an empty set ask for none. `systems`: what may stand in OBX-3.3 beside its codes, None for anything.
    `vmds`: which virtual device a sub-id (OBX-4) begins with where the message itself does not say it.
    `markers`: numbers that mean "none". `final`: what OBX-11 says of a value that is done.
    `units`: its own codes in OBX-6; with these the unit's name in OBX-6.2 counts as well.
    """

    maker: str
    codes: Mapping[str, Hl7Code]
    sender: str = ""
    version: str = ""
    messages: frozenset[str] = frozenset()
    systems: frozenset[str] | None = None
    units: Mapping[str, str] = _EMPTY
    vmds: Mapping[str, str] = _EMPTY
    markers: frozenset[Decimal] = NO_VALUE
    final: frozenset[str] = FINAL


_MDC = {
    "147842": Hl7Code("hr", "ecg"),
    "149530": Hl7Code("pr", "pleth"),
    "149522": Hl7Code("pr", "abp"),
    "149546": Hl7Code("pr", "nibp"),
    "150456": Hl7Code("spo2", "pleth"),
    "151562": Hl7Code("rr", "impedance"),
    "150344": Hl7Code("temp", "t1"),
    "188496": Hl7Code("temp", "axillary"),
    "188736": Hl7Code("weight", "entered"),
    **cuff("150301", "150302", "150303"),
    **cuff("150017", "150018", "150019"),
}
#: Virtual devices as the message declares them (an OBX of theirs whose sub-id ends with .0.0).
AIRWAY, ECG_RESPIRATION = "69682", "70666"
VMDS = frozenset((AIRWAY, ECG_RESPIRATION))

NIHON_KOHDEN = MakerDialect(
    "nihon-kohden",
    {
        "001000": Hl7Code("hr", "ecg"),
        "007000": Hl7Code("spo2", "pleth"),
        "007001": Hl7Code("pr", "pleth"),
        "044006": Hl7Code("pr", "abp"),
        "004073": Hl7Code("rr", "co2"),
        "073000": Hl7Code("rr", "co2"),
        "011000": Hl7Code("temp", "skin"),
        "012000": Hl7Code("temp", "skin"),
        **cuff("009000", "009001", "009002"),
    },
    sender=r"NIHON KOHDEN\|.*",
    final=FINAL | {"O"},
)
BIOLIGHT = MakerDialect(
    "biolight",
    {
        "201": Hl7Code("hr", "ecg", may_lack_unit=True),
        "251": Hl7Code("spo2", "pleth", may_lack_unit=True),
        "259": Hl7Code("pr", "pleth", may_lack_unit=True),
        "355": Hl7Code("pr", "nibp", may_lack_unit=True),
        "401": Hl7Code("rr", "impedance", may_lack_unit=True),
        "1051": Hl7Code("temp", "t1", may_lack_unit=True),
        "1052": Hl7Code("temp", "t2", may_lack_unit=True),
        **cuff("351", "352", "353", may_lack_unit=True),
    },
    messages=frozenset(("1004", "1005")),
    systems=frozenset(("BHC",)),
    units={"11": "mmHg", "21": "°C", "51": "/min"},
)
#: A spot check's pulse: its sub-id names no virtual device, so it may be the oximeter's or the cuff's.
COMEN = MakerDialect("comen", {"149522": Hl7Code("pr", "spot")}, sender=r"\|KC[0-9A-Z]*")
GE = MakerDialect(
    "ge",
    {"151562": Hl7Code("rr", "unknown")},
    sender=r".*\|GE HEALTHCARE.*",
    vmds={"1.20": AIRWAY, "1.6": ECG_RESPIRATION},
)
EDAN = MakerDialect(
    "edan",
    {
        "131072": Hl7Code("hr", "ecg", may_lack_unit=True),
        "327680": Hl7Code("spo2", "pleth", may_lack_unit=True),
        "327681": Hl7Code("pr", "pleth", may_lack_unit=True),
        "393219": Hl7Code("pr", "nibp", may_lack_unit=True),
        "458752": Hl7Code("temp", "t1", may_lack_unit=True),
        "524288": Hl7Code("temp", "quick", may_lack_unit=True),
        **cuff("393216", "393217", "393218", may_lack_unit=True),
    },
)
PHILIPS = MakerDialect(
    "philips",
    {
        "0002-4182": Hl7Code("hr", "ecg"),
        "0002-480a": Hl7Code("pr", "unknown"),
        "0002-4bb8": Hl7Code("spo2", "pleth"),
        "0002-5000": Hl7Code("rr", "unknown"),
        "0002-f0c7": Hl7Code("temp", "t1"),
        "0002-4b60": Hl7Code("temp", "core"),
        **cuff("0002-4a05", "0002-4a06", "0002-4a07"),
    },
)
MDC = MakerDialect("mdc", _MDC)
PDS = MakerDialect(
    "mindray-pds",
    {
        "51": Hl7Code("weight", "entered", may_lack_unit=True),
        "101": Hl7Code("hr", "ecg", may_lack_unit=True),
        "151": Hl7Code("rr", "unknown", may_lack_unit=True),
        "160": Hl7Code("spo2", "pleth", may_lack_unit=True),
        "200": Hl7Code("temp", "t1", may_lack_unit=True),
        "201": Hl7Code("temp", "t2", may_lack_unit=True),
        **cuff("170", "171", "172", may_lack_unit=True),
    },
    version="2.3.1",
    systems=frozenset(("",)),
)
LOINC = MakerDialect(
    "loinc",
    {
        "8867-4": Hl7Code("hr", "unknown"),
        "8889-8": Hl7Code("pr", "pleth"),
        "59408-5": Hl7Code("spo2", "pleth"),
        "9279-1": Hl7Code("rr", "unknown"),
        "8310-5": Hl7Code("temp", "t1"),
        **cuff("8480-6", "8462-4", "8478-0"),
    },
    systems=frozenset(("LN", "")),
)
#: A maker that says who it is goes before codes that anybody may send.
DIALECTS = (NIHON_KOHDEN, BIOLIGHT, COMEN, GE, EDAN, PHILIPS, MDC, PDS, LOINC)


def spoken(header: Hl7Header, chosen: str) -> tuple[MakerDialect, ...]:
    """The dialects that may stand in this message; `chosen`: the maker that a site says this monitor is of."""
    sender = f"{component(header.raw, 3)}|{component(header.raw, 4)}".upper()
    number = component(header.raw, 10)
    return tuple(
        dialect
        for dialect in DIALECTS
        if dialect.maker == chosen
        or (
            (not dialect.sender or re.fullmatch(dialect.sender, sender))
            and dialect.version in ("", header.version)
            and (not dialect.messages or number in dialect.messages)
        )
    )
