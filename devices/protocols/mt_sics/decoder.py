"""MT-SICS weighing scales (Mettler Toledo, some of Ohaus and Sartorius): a weight counts when it stands still."""

import re
from decimal import Decimal

from msgspec import UNSET

from app.domain.infusion.offered_weight import UNIT, WEIGHT
from app.domain.texts import say
from app.domain.vitals.vital_signs import Quality, Sample
from devices.protocols.lines import LineDecoder

_WEIGHT = re.compile(r"S ([SD]) +(-?\d+(?:\.\d+)?) ([!-~]+) *")
_NONE = {"S I": Quality.UNAVAILABLE, "S +": Quality.INVALID, "S -": Quality.INVALID}
_OTHER = re.compile(r"(ES|EL|ET|(?:Z|T|TAR|I[1-4])(?= ))(?: ([ -~]*))?")
#: How scales of other makers print a weight: Sartorius SBI, A&D and their like. None is read.
_OTHERS = re.compile(r"(?:[NG] {0,5})?[+-] *\d+(?:\.\d+)? *[A-Za-z]{0,3} *|(?:ST|US|OL),[ -~]*", re.ASCII)
_NOT_MT_SICS = say("This scale does not speak MT-SICS: it prints its weight in another way. Choose MT-SICS in the scale's menu if "
                   "it has it, or type the weight.")  # fmt: skip
_IN_KG = {"kg": Decimal(1), "g": Decimal("0.001")}


class MtSics(LineDecoder):
    """Decoder of one connection: `feed` gives samples in wire order, see `devices.protocols.Decoder`.

    A weight is `ok` only when two answers in a row call it stable and are equal. Whether a person can weigh so
    much is not asked here: that range is a setting of the protocol's.
    """

    def __init__(self) -> None:
        super().__init__()
        self._stood: Decimal | None = None

    def _read(self, frame: int, line: bytes, /) -> list[Sample] | None:
        text = line.decode("latin-1")
        before, self._stood = self._stood, None
        if found := _WEIGHT.fullmatch(text):
            self.hint = None
            return [self._weight(frame, before, *found.groups())]
        if text in _NONE:
            return [_sample(frame, None, _NONE[text])]
        if found := _OTHER.fullmatch(text):
            self.unmapped.note(found[1], found[2] or "")
            return []
        self.hint = _NOT_MT_SICS if _OTHERS.fullmatch(text) else self.hint
        return None

    def _weight(self, frame: int, before: Decimal | None, state: str, number: str, unit: str) -> Sample:
        if unit not in _IN_KG:
            return _sample(frame, None, Quality.INVALID, f"{number} {unit}")
        value = Decimal(number) * _IN_KG[unit]
        if state == "S":
            self._stood = value
        quality = Quality.OK if state == "S" and value == before else Quality.MEASURING
        return _sample(frame, value, quality, None if unit == UNIT else f"{number} {unit}")


def _sample(frame: int, value: Decimal | None, quality: Quality, original: str | None = None) -> Sample:
    return Sample(frame, WEIGHT, value, UNIT, quality, "scale", original=UNSET if original is None else original)
