"""The result of the watch for acute reactions, which ends long after the signatures: an addendum, signed by itself."""

from datetime import timedelta

from app.domain.log import Entry
from app.domain.safety.safety_facts import ACUTE_OUTCOMES, CONTACTS, AcuteChecked
from app.domain.texts import parts, say
from app.services.record.blocks import Cell, FactsBlock, NoteBlock, Run, Section
from app.services.record.telling import DASH, Teller


def addendum(t: Teller) -> Section:
    s, tr = t.state, t.tr
    hours = s.protocol.clocks.acute_reactions_h
    title = tr(say("Addendum: result after {hours} h", hours=hours))
    if s.ended_at is None:
        return Section(title, (NoteBlock(tr(say("Known when the infusion has ended."))),))
    due = s.ended_at + timedelta(hours=hours)
    after = say("It is recorded after the two signatures, with the name and the time of whoever saw the patient.")
    if t.source.addenda:
        rows = ((tr(say("Due")), t.stamp(due)), *_result(t, t.source.addenda[-1]), *_former(t))
        return Section(title, (FactsBlock(rows), NoteBlock(tr(after))), kept_together=True)
    waits = say("not yet recorded") if t.source.made_at <= due else say("not recorded, though its time has passed")
    rows = (
        (tr(say("Due")), t.stamp(due)),
        (tr(say("Result")), tr(waits)),
    )
    return Section(title, (FactsBlock(rows), NoteBlock(tr(after))), kept_together=True)


def _result(t: Teller, entry: Entry) -> tuple[tuple[str, Cell], ...]:
    """What was found, by whom, and the signature: printed name, meaning, time, the first digits of what was signed."""
    event, tr = entry.event, t.tr
    assert isinstance(event, AcuteChecked)
    found = parts(ACUTE_OUTCOMES[event.outcome], CONTACTS[event.contact])
    signature = say("{name} · performed · {at} · {sha256}",
                    name=event.printed_name, at=t.stamp(entry.at), sha256=event.signed_sha256[:12])  # fmt: skip
    return (
        (tr(say("Result")), (Run(tr(found), "strong"),)),
        (tr(say("Patient seen or asked at")), t.stamp(event.seen_at)),
        (tr(say("More to say")), event.text or DASH),
        (tr(say("Signed")), tr(signature)),
    )


def _former(t: Teller) -> tuple[tuple[str, Cell], ...]:
    """Answers that a later one took the place of, struck through, and why."""
    former: list[tuple[str, Cell]] = []
    for before, later in zip(t.source.addenda, t.source.addenda[1:], strict=False):
        old, new = before.event, later.event
        assert isinstance(old, AcuteChecked)
        assert isinstance(new, AcuteChecked)
        line = t.tr(parts(ACUTE_OUTCOMES[old.outcome], CONTACTS[old.contact], old.text or None))
        who = f" ({new.reason}; {t.name(before.by)}, {t.stamp(before.at)})"
        former.append((t.tr(say("Before")), (Run(line, "old"), Run(who))))
    return tuple(former)
