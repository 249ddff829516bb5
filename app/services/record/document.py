"""One record in one language, from its parts, in the order in which it is read."""

from app.domain.infusion.phases import Phase
from app.domain.infusion.state import no_file
from app.domain.texts import Text, say
from app.services.words.words import Words

from . import as_recorded
from .blocks import Document, Section
from .parts import (
    part_addendum,
    part_alarms,
    part_bags,
    part_checks,
    part_close,
    part_course,
    part_dose,
    part_events,
    part_first,
    part_plans,
    part_reactions,
    part_settings,
    part_signatures,
    part_trend,
    part_two,
)
from .source import RecordSource
from .telling import Teller, whose

_PARTS = (
    part_first.first,
    part_dose.dose,
    part_plans.plan_changes,
    part_bags.bags,
    part_bags.premedication,
    part_course.times,
    part_course.given,
    part_checks.vital_signs,
    part_close.observation,
    part_reactions.reactions,
    part_alarms.alarms,
    part_events.deviation_list,
    part_close.next_dates,
    part_two.two_people,
    part_events.interruptions,
    part_trend.trend,
    part_events.events,
    part_settings.site_settings,
    part_addendum.addendum,
    part_close.integrity,
    part_signatures.signatures,
)
#: Of an infusion whose protocol file is not at hand: nothing that would have to be computed.
_AS_RECORDED = (
    as_recorded.identity,
    part_signatures.signatures,
    as_recorded.reactions,
    part_events.interruptions,
    part_events.events,
    part_close.integrity,
)


def document(source: RecordSource, words: Words, both: bool = True) -> Document:
    """`both`: what must stand in two languages can be printed in the other one too."""
    t = Teller(source, words, both)
    order, known, tr = source.state.order, source.state.known_protocol, t.tr
    return Document(
        language=words.language,
        title=tr(say("Record of one cell infusion")),
        subtitle=words.pick(known.title) if known else tr(no_file(order)),
        status=tr(_status(source)),
        banner=tr(banner(source)),
        running_head=f"{tr(whose(order))} · {t.day}",
        running_foot=tr(say("Chain head")),
        page_of=tr(say("Page {n} of {m}", n="§n", m="§m")),
        sections=_sections(t),
    )


def _sections(t: Teller) -> tuple[Section, ...]:
    return tuple(part(t) for part in (_PARTS if t.state.known_protocol else _AS_RECORDED))


def _status(source: RecordSource) -> Text:
    phase = source.state.phase
    if phase is Phase.SIGNED:
        return say("Signed by both")
    if phase is Phase.ABANDONED:
        return say("Given up before the start")
    if phase is Phase.SENT:
        return say("Sent to the laptop {name}, where it goes on", name=source.state.sent.to_name if source.state.sent else "")
    return say("Not signed: this record may still change")


def banner(source: RecordSource) -> Text | str:
    if source.state.order.practice:
        return say("PRACTICE · simulated patient")
    return say("SIMULATED MONITOR · these vital signs are not a patient's") if source.simulated else ""
