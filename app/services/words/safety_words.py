"""What is recorded of a subject's safety in words, one line each. Who and when stand beside it."""

from datetime import datetime

from app.domain.safety.safety_facts import SafetyFact
from app.domain.texts import Dated, Text, parts


def describe_safety(event: SafetyFact) -> Text:
    assert event.sentence is not None
    values = {name: getattr(event, name) for name in event.__struct_fields__}
    told = {name: Dated(value) if isinstance(value, datetime) else value for name, value in values.items()}
    return parts(Text(event.sentence.msgid, told), *event.further())
