"""The report of each serious adverse event as a PDF in both languages and as data, with its receipt once there is one."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from app.domain.infusion.corrected import current
from app.domain.safety.adverse_event import ACTIONS_TAKEN, EVENT_OUTCOMES, RELATEDNESS, SERIOUSNESS, is_counted
from app.domain.safety.sae_clock import SaeClock
from app.domain.safety.safety_facts import SaeReported
from app.domain.texts import Dated, Text, listed, say
from app.domain.trial.subject.adverse_rules import clocks_of
from app.domain.trial.subject.subject_facts import AdverseEventNoted
from app.domain.trial.subject.subject_state import SubjectState
from app.services.record.blocks import Cell, Document, FactsBlock, NoteBlock, Section
from app.services.words.words import Words

from .trial_report import ReportSource, page_data, printable, typeset

_TITLE = say("Report of a serious adverse event")
_DASH = "—"


def sae_data_files(source: ReportSource) -> dict[str, bytes]:
    """By the name of the file; nothing where no event is serious."""
    made = {f"{name}.json": sae_data(s, clock) for name, s, clock in _serious(source)}
    return {name: msgspec.json.format(msgspec.json.encode(data), indent=1) + b"\n" for name, data in made.items()}


def sae_pdfs(source: ReportSource, languages: Sequence[Words]) -> Iterator[tuple[str, bytes]]:
    """The name of each file and what is in it. Raises `NotSet`."""
    shown = printable(languages)
    for name, s, clock in _serious(source):
        pages = [page_data(source, sae_document(source, s, clock, words), words) for words in shown]
        yield f"{name}.pdf", typeset(source, pages, shown[0].tr(_TITLE))


def _serious(source: ReportSource) -> Iterator[tuple[str, SubjectState, SaeClock]]:
    for s in source.look.data.subjects:
        for n, clock in enumerate(clocks_of(s, source.look.protocol.clocks.sae_report_h), 1):
            yield f"sae-{s.code}-{n}", s, clock


def _event(s: SubjectState, clock: SaeClock) -> AdverseEventNoted:
    entry = next(x for x in s.entries if x.event_id == clock.event_id)
    event = current(s.entries, entry)
    assert isinstance(event, AdverseEventNoted)
    return event


def _report(s: SubjectState, clock: SaeClock) -> SaeReported | None:
    for entry in s.entries:
        if isinstance(entry.event, SaeReported) and entry.event.event_id == clock.event_id:
            event = current(s.entries, entry)
            assert isinstance(event, SaeReported)
            return event
    return None


def sae_document(source: ReportSource, s: SubjectState, clock: SaeClock, words: Words) -> Document:
    tr, look = words.tr, source.look
    report = _report(s, clock)
    state = say("reported") if report else say("not reported yet")
    if clock.is_overdue(source.made_at):
        state = say("reported too late") if report else say("overdue")
    who = f"{s.code} · {clock.term}"
    sections = (
        Section(tr(say("The event")), (FactsBlock(tuple(_happened(source, s, _event(s, clock), words))),)),
        Section(tr(say("The report")), (FactsBlock(tuple(_reported(clock, report, words))), _signature(report, words))),
    )
    return Document(
        language=words.language, title=f"{tr(_TITLE)} · {who}", subtitle=words.pick(look.protocol.title), status=tr(state),
        banner=tr(say("SIMULATED · this trial is made up, no patient is in it")) if source.is_simulated else "",
        running_head=f"{tr(_TITLE)} · {who}", running_foot=tr(say("Chain head")),
        page_of=tr(say("Page {n} of {m}", n="§n", m="§m")), sections=sections,
    )  # fmt: skip


def _happened(source: ReportSource, s: SubjectState, event: AdverseEventNoted, words: Words) -> Iterator[tuple[str, Cell]]:
    tr = words.tr
    doses = source.look.data.doses.get(s.code, ())
    last = doses[-1].started_at.date() if doses else None
    weeks = source.look.rules.visits.followup_weeks
    counted = is_counted(event.onset_on, s.screened.consent_on if s.screened else None, last, weeks)
    rows: tuple[tuple[Text, Text | str], ...] = (
        (say("Subject"), s.code),
        (say("Term"), event.term),
        (say("Grade"), say("grade {grade}, CTCAE {version}", grade=event.grade, version=event.ctcae_version or _DASH)),
        (say("First day"), str(event.onset_on)),
        (say("Last day"), str(event.over_on) if event.over_on else _DASH),
        (say("Serious because of"), listed([SERIOUSNESS[x] for x in event.criteria]) if event.criteria else _DASH),
        (say("Related to the treatment?"), RELATEDNESS.get(event.relatedness, _DASH)),
        (say("What changed in the treatment"), ACTIONS_TAKEN.get(event.action, _DASH)),
        (say("Outcome"), EVENT_OUTCOMES.get(event.outcome, _DASH)),
        (say("More to say"), event.text or _DASH),
        (say("Infusions before it"), str(sum(d.started_at.date() <= event.onset_on for d in doses))),
        (say("Within the counted time"), say("yes") if counted else say("no")),
    )
    for name, value in rows:
        yield tr(name), tr(value) if isinstance(value, Text) else value


def _reported(clock: SaeClock, report: SaeReported | None, words: Words) -> Iterator[tuple[str, Cell]]:
    tr = words.tr
    yield tr(say("Site aware at")), tr(say("{at}", at=Dated(clock.aware_at)))
    yield tr(say("Report due until")), tr(say("{at}", at=Dated(clock.until)))
    yield tr(say("Reported at")), tr(say("{at}", at=Dated(report.reported_at))) if report else _DASH
    yield tr(say("Reported to")), report.to if report else _DASH
    yield tr(say("Receipt, its number")), (report.receipt or _DASH) if report else _DASH


def _signature(report: SaeReported | None, words: Words) -> NoteBlock:
    if report is None:
        return NoteBlock(words.tr(say("Not signed: this report may still change")))
    return NoteBlock(words.tr(say("Signed: {name} · {sha256}", name=report.printed_name, sha256=report.signed_sha256[:12])))


def sae_data(s: SubjectState, clock: SaeClock) -> dict[str, Any]:
    """The event and its report as they are kept, and its clock."""
    report = _report(s, clock)
    return {
        "subject": s.code,
        "aware_at": clock.aware_at,
        "due_until": clock.until,
        "event": _event(s, clock),
        "report": report,
    }
