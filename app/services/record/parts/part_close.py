"""The observation, what comes next, and how the record proves itself."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.ending import undone_words
from app.domain.infusion.checks import count, observation_checks
from app.domain.infusion.state import Infusion
from app.domain.infusion.tasks import observation_due_at
from app.domain.texts import say
from app.services.codes.qr import qr_svg
from app.services.record.blocks import Cell, CodeBlock, FactsBlock, NoteBlock, Run, Section
from app.services.record.telling import DASH, Teller


def observation(t: Teller) -> Section:
    s, tr = t.state, t.tr
    title = tr(say("Observation"))
    if s.ended_at is None:
        return Section(title, (NoteBlock(tr(say("Not opened: the infusion has not ended."))),))
    n = count(observation_checks(s, t.source.made_at), t.source.made_at)
    kept = say("{due} checks came due: {on_time} on time, {late} late, {missed} missed.",
               due=n.due, on_time=n.on_time, late=n.late, missed=n.missed)  # fmt: skip
    rows: list[tuple[str, Cell]] = [
        (tr(say("Opened")), t.stamp(s.ended_at)),
        (tr(say("Due to close")), t.stamp(observation_due_at(s))),
        (tr(say("Closed")), t.stamp(s.observation_closed_at)),
        *_outcome(t),
        (tr(say("Vital-sign checks")), tr(kept)),
    ]
    return Section(title, (FactsBlock(tuple(rows)),))


def _outcome(t: Teller) -> Iterator[tuple[str, Cell]]:
    closed, tr = t.state.observation, t.tr
    if closed is None:
        yield tr(say("Outcome")), tr(say("not closed"))
        return
    entry = t.entries(e.ObservationClosed)[-1]
    yield tr(say("Outcome")), t.with_mended(tr(codes.word(closed.outcome, codes.OUTCOMES)), entry)
    yield tr(say("Flags")), ", ".join(tr(codes.word(f)) for f in closed.flags) or DASH
    if closed.left_undone:
        yield tr(say("Left undone")), tr(undone_words(closed.left_undone))
    if closed.reason:
        yield tr(say("Reason")), tr(codes.word(closed.reason))
    yield tr(say("Closed by")), t.name(entry.by)


def next_dates(t: Teller) -> Section:
    s, tr = t.state, t.tr
    title = tr(say("What comes next"))
    if s.started_at is None or s.ended_at is None:
        return Section(title, (NoteBlock(tr(say("Known when the infusion has ended."))),))
    acute = s.ended_at + timedelta(hours=s.protocol.clocks.acute_reactions_h)
    hours = say("Acute reactions are watched for {hours} h, until", hours=s.protocol.clocks.acute_reactions_h)
    return Section(title, (FactsBlock(((tr(hours), t.stamp(acute)), (tr(say("Next dose")), _next_dose(t)))),))


def next_dose_dates(state: Infusion) -> dict[str, date] | None:
    """The day of the next dose with its window, by local dates; None after the last dose or before the start."""
    doses, rules = state.protocol.doses_in(state.order.group), state.protocol.dosing
    if state.started_at is None or rules is None or state.order.dose_number >= doses:
        return None
    day = state.started_at.astimezone().date() + timedelta(days=rules.interval_days)
    window = timedelta(days=rules.window_days)
    return {"day": day, "first": day - window, "last": day + window}


def _next_dose(t: Teller) -> str:
    order = t.state.order
    doses, days = t.state.protocol.doses_in(order.group), next_dose_dates(t.state)
    if days is None:
        return t.tr(say("none: this was dose {dose} of {doses}", dose=order.dose_number, doses=doses))
    return t.tr(say("dose {dose} of {doses}: {day}, allowed {first} to {last}", dose=order.dose_number + 1,
                    doses=doses, **{name: t.words.date(day) for name, day in days.items()}))  # fmt: skip


def integrity(t: Teller) -> Section:
    source, tr = t.source, t.tr
    sealed = [x.event for x in t.entries(e.SamplesSealed)]
    seals = say("{minutes} minutes sealed into the chain, {count} samples", minutes=len(sealed),
                count=sum(getattr(s, "count", 0) for s in sealed))  # fmt: skip
    order = t.state.order
    rows: tuple[tuple[str, Cell], ...] = (
        (tr(say("Infusion number")), t.state.infusion_id),
        (tr(say("Protocol file SHA-256")), _hash(order.protocol_sha256)),
        (tr(say("Chain head, SHA-256")), _hash(source.head.hash)),
        (tr(say("Chain head, number")), str(source.head.seq)),
        (tr(say("Events in this record")), str(len(source.entries))),
        (tr(say("Samples")), tr(seals)),
        (tr(say("Data store")), source.store_id),
        *(((tr(say("Founding key")), source.founder),) if source.founder else ()),
        (tr(say("Program")), f"Bedside {source.version}"),
        (tr(say("Record made")), t.stamp(source.made_at)),
    )
    about = say("The events of the store form a chain of hashes: a changed, missing or added event changes its head."
                " “bedside verify --head” checks the store against the head printed here.")  # fmt: skip
    limits = say("This record does not replace the patient monitor or the physician's order.")
    code = CodeBlock(qr_svg(source.head.hash.upper()), tr(say("The chain head as a QR code")))
    return Section(tr(say("Proof of this record")), (FactsBlock(rows, code), NoteBlock(tr(about)), NoteBlock(tr(limits))))


def _hash(digits: str) -> Cell:
    """In two lines, so that it stands beside the code."""
    half = len(digits) // 2
    return (Run(f"{digits[:half]}\n{digits[half:]}", "mono"),)
