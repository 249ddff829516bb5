"""The alarms: what was raised and when, who acknowledged it, how it ended."""

from collections.abc import Iterator

from app.domain.infusion import facts as e
from app.domain.texts import Text, joined, say
from app.domain.watch.alarm_log import AlarmLine, alarm_list
from app.domain.watch.alarm_words import PRIORITY_NAMES
from app.services.record.blocks import Block, Cell, ColumnHead, NoteBlock, Section, TableBlock
from app.services.record.telling import DASH, Teller


def alarms(t: Teller) -> Section:
    tr = t.tr
    title = tr(say("Alarms"))
    lines, own = alarm_list(t.source.entries), tuple(_own_limits(t))
    if not lines:
        return Section(title, (NoteBlock(tr(say("None."))), *own))
    columns = (
        ColumnHead(tr(say("Raised")), "26mm"), ColumnHead(tr(say("Priority")), "24mm"), ColumnHead(tr(say("What")), "1fr"),
        ColumnHead(tr(say("Acknowledged")), "34mm"), ColumnHead(tr(say("Ended")), "34mm"),
    )  # fmt: skip
    note = tr(say("What comes back within a minute is one line, with its worst value."))
    return Section(title, (NoteBlock(note), TableBlock(columns, tuple(_row(t, line) for line in lines)), *own))


def _own_limits(t: Teller) -> Iterator[Block]:
    """What was set for this patient alone, when, by whom and why."""
    changes = t.entries(e.LimitsChanged, e.ScaleOrdered)
    if changes:
        named = ((say("Set at"), "26mm"), (say("For this patient"), "1fr"), (say("Set by"), "34mm"))
        heads = tuple(ColumnHead(t.tr(name), width) for name, width in named)
        yield TableBlock(heads, tuple((t.at(x.at), t.line(x), t.name(x.by)) for x in changes))


def _row(t: Teller, line: AlarmLine) -> tuple[Cell, ...]:
    told: Text = line.said
    if line.count > 1:
        told = joined(" · ", [told, say("came {n} times", n=line.count)])
    acknowledged = "; ".join(f"{t.name(x.by)}, {t.at(x.at)}" for x in line.acknowledged)
    return (t.at(line.raised_at), t.tr(PRIORITY_NAMES[line.priority]), t.tr(told), acknowledged or DASH, _ended(t, line))


def _ended(t: Teller, line: AlarmLine) -> str:
    if line.ended is None:
        return DASH
    if line.ended == "reset":
        return t.tr(say("reset: {name}, {time}", name=t.name(line.reset_by), time=t.at(line.ended_at)))
    return t.at(line.ended_at)
