"""HL7 messages written by hand, apart from the simulator's."""

from app.domain.vitals.vital_signs import Sample
from devices.protocols.hl7.decoder import Hl7

MMHG, PERCENT, BEATS, BREATHS = "266016^MDC_DIM_MMHG^MDC", "262688^MDC_DIM_PERCENT^MDC", "264864^^MDC", "264928^^MDC"
CELSIUS, FAHRENHEIT, KPA = "268192^MDC_DIM_DEGC^MDC", "268160^MDC_DIM_FAHR^MDC", "265987^^MDC"
SENT_AT = "20200212113452"


def msh(kind: str = "ORU^R01^ORU_R01", at: str = SENT_AT, number: str = "7", rest: str = "|P|2.6") -> str:
    return f"MSH|^~\\&|VS900|WARD|HOST|SITE|{at}||{kind}|{number}{rest}"


def obx(
    code: str, value: str, unit: str = "", at: str = "", flag: str = "", status: str = "R", sub: str = "", end: str = ""
) -> str:
    return f"OBX|1|NM|{code}|{sub}|{value}|{unit}||{flag}|||{status}|||{at}{end}"


def cuff(sys: str, dia: str, mean: str, at: str = "", unit: str = MMHG, flag: str = "") -> list[str]:
    return [
        obx("150301^MDC_PRESS_CUFF_SYS^MDC", sys, unit, at, flag, end="|||^APERIODIC"),
        obx("150303^MDC_PRESS_CUFF_MEAN^MDC", mean, unit, at, flag, end="|||^APERIODIC"),
        obx("150302^MDC_PRESS_CUFF_DIA^MDC", dia, unit, at, flag, end="|||^APERIODIC"),
    ]


def bare(*segments: str) -> bytes:
    return "".join(f"{segment}\r" for segment in segments).encode()


def mllp(*segments: str) -> bytes:
    return b"\x0b" + bare(*segments) + b"\x1c\r"


def samples(*observations: str, header: str | None = None) -> list[Sample]:
    return Hl7().feed(mllp(header or msh(), *observations))


def said(sample: Sample) -> tuple[str, str | None, str, str]:
    return sample.vital, None if sample.value is None else f"{sample.value:f}", sample.quality.value, sample.source
