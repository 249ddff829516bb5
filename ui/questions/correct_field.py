"""What a corrected field is answered with: a number, a time, yes or no, one or several of a list, or a text."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.infusion import code_words as codes
from app.domain.log import Event
from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import VITALS
from ui.ask.answer_time import TimeAnswer
from ui.ask.answers import Answer, ChoiceAnswer, NumberAnswer, SeveralAnswer, TextAnswer
from ui.ask.form import YES_NO
from ui.kit.kit import Kit

_NEW = say("It should say")
_NUMBERS = ("dose_mg", "rate_gtt_min", "left_ml", "volume_ml")
_ONE_OF: Mapping[str, Mapping[Any, Text]] = {
    "baseline_blood": codes.BLOOD,
    "outcome": codes.OUTCOMES,
    "consciousness": codes.CONSCIOUSNESS,
    "grade": codes.GRADES,
}
_SEVERAL: Mapping[str, Mapping[str, Text]] = {"symptoms": codes.SYMPTOMS, "flags": codes.FLAGS}


def editor(kit: Kit, event: Event, field: str, vital: str, now: datetime) -> Answer:
    """Filled with nothing where a number is wanted, so that the new value is really read and typed."""
    if vital:
        return NumberAnswer(kit, _NEW, None, VITALS[vital].unit_words, VITALS[vital].decimals, digits=3)
    old = getattr(event, field)
    if field in _NUMBERS:
        return NumberAnswer(kit, _NEW, None, decimals=1)
    return TimeAnswer(kit, _NEW, now, old) if isinstance(old, datetime) else _worded(kit, field, old)


def _worded(kit: Kit, field: str, old: Any) -> Answer:
    if field in _ONE_OF:
        columns = 1 if field == "grade" else 3
        return ChoiceAnswer(kit, _NEW, tuple(_ONE_OF[field].items()), old, columns, above=True)
    if field in _SEVERAL:
        return SeveralAnswer(kit, _NEW, tuple(_SEVERAL[field].items()), old)
    if field in ("oxygen", "discomfort"):
        return ChoiceAnswer(kit, _NEW, YES_NO, old)
    return TextAnswer(kit, _NEW, old, needed=False)
