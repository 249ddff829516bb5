"""Small pieces that the words of several chapters are put together from: symptoms, values with units."""

from collections.abc import Iterable, Mapping

from app.domain.protocol import Coded, Protocol
from app.domain.texts import Text, joined, listed, revived, say
from app.domain.vitals.vital_signs import VITALS

from .code_words import ENTRIES, SYMPTOMS, word
from .facts import Gated, VitalEntry
from .state import Infusion

People = Mapping[str, str]
"""Names by person id."""


def group_words(s: Infusion) -> Text | str:
    """Group and dose of an order: “B · 1 of 2”; “—” where the protocol has no groups."""
    if not s.order.group:
        return "—"
    doses = s.protocol.doses_in(s.order.group)
    return say("{group} · {dose} of {doses}", group=s.order.group, dose=s.order.dose_number, doses=doses)


def symptoms(found: Iterable[str], protocol: Protocol | None) -> Text:
    """Symptoms of a reaction in words; a person may not have said yet."""
    return listed([symptom(code, protocol) for code in found] or [say("symptoms not yet noted")])


def symptom(code: str, protocol: Protocol | None) -> Coded | Text | str:
    """In the words of the infusion's protocol; without it in those that the program has always known."""
    stated = protocol.reaction.symptoms if protocol else ()
    return next((one for one in stated if one.code == code), word(code, SYMPTOMS))


def how_entered(how: str | None) -> Text | str | None:
    """Scanned or typed, where a code was read and the record knows."""
    return word(how, ENTRIES) if how else None


def leave_words(event: Gated, people: People) -> tuple[Text | str | None, ...]:
    """Who let it go on, what was found, and why nevertheless."""
    who = event.signer(None)
    return (
        say("allowed by {who}", who=people.get(who, who)) if who else None,
        listed([revived(text) for text in event.found]) if event.found else None,
        word(event.why_allowed),
    )


def vital_value(entry: VitalEntry) -> str:
    """A value with its decimals, without its unit; “—” where it is missing."""
    if entry.value is None:
        return "—"
    return f"{round(entry.value, VITALS[entry.vital].decimals):f}"


def vital_line(entry: VitalEntry) -> Text:
    """A value as one says it: “HR 82”, “SpO₂ 97 %”, “36.8 °C”."""
    vital = VITALS[entry.vital]
    shown = vital_value(entry)
    if entry.value is None:
        return joined(" ", [vital.short, shown])
    if vital.code == "temp":
        return joined(" ", [shown, vital.unit_words])
    return joined(" ", [vital.short, shown, *(["%"] if vital.unit == "%" else [])])
