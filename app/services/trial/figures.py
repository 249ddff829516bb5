"""The trial's pictures: one drawing for the screen, the SVG and the PDF. Lengths in mm, time runs to the right."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

from app.domain.texts import Text, parts, say
from app.domain.trial.board_columns import columns
from app.domain.trial.counts import LINEAGES
from app.domain.trial.enrolled import DltStatus
from app.domain.trial.subject.subject_facts import TEST_NAMES
from app.domain.trial.subject.subject_state import SubjectState
from app.services.record.blocks import PlotBlock
from app.services.record.drawing import Drawing

from .counts_curves import CountsCurves, counts_curves, months
from .table_parts import JudgedResponse
from .trial_desk import DeskLook

Tr = Callable[[Text | str], str]
_GREY, _FAINT, _SOFT = 45, 80, 90
_LEFT, _RIGHT, _TOP, _FOOT = 26.0, 4.0, 5.0, 12.0
#: Two names nearer than this would stand upon each other.
_APART = 3.2
_ROW = 5.0


def counts_figure(
    look: DeskLook, s: SubjectState, tr: Tr, width: float = 170.0, height: float = 68.0, margin: float = _LEFT
) -> PlotBlock | None:
    """Three counts against time with the lines that CR and PR need, infusions below, transfusions as ticks.

    `margin`: at the left, for the names; larger where texts are larger.
    """
    found = counts_curves(look, s)
    if found is None:
        return None
    begin, end = found.begin, found.end
    lane = (height - _TOP - _FOOT) / 3
    bottom = _TOP + 3 * lane
    drawing = Drawing(width, height)

    def x(at: datetime) -> float:
        return margin + (width - margin - _RIGHT) * ((at - begin) / (end - begin))

    for n, lineage in enumerate(LINEAGES):
        top = _TOP + n * lane
        points, most = found.points(lineage), found.top(lineage)

        def y(value: Decimal, top: float = top, most: Decimal = most) -> float:
            return top + (lane - 2) * (1 - float(value / most))

        drawing.line((margin, top + lane - 2), (width - _RIGHT, top + lane - 2), 0.1, _FAINT)
        drawing.text((0, top + lane / 2 - 1), tr(TEST_NAMES[lineage]), strong=True)
        _wanted(drawing, found.wanted(lineage), y, (margin, width - _RIGHT))
        if points:
            drawing.path([(x(at), y(value)) for at, value in points], 0.35)
            for at, value in points:
                drawing.disc((x(at), y(value)), 0.45)
    drawing.text((width - _RIGHT, 1.5), s.code, "right", 7, strong=True)
    _below(drawing, found, x, bottom, tr)
    _months(drawing, begin, end, x, bottom + 9)
    return drawing.plot(tr(say("Counts of {subject} against time", subject=s.code)))


def _wanted(drawing: Drawing, values: dict[str, Decimal], y: Callable[[Decimal], float], ends: tuple[float, float]) -> None:
    """The least that a response needs as a line; its name where there is room for it."""
    named: list[float] = []
    for name, value in values.items():
        at = y(value)
        drawing.line((ends[0], at), (ends[1], at), 0.15, _GREY, "1.2 0.8")
        if all(abs(at - other) > _APART for other in named):
            drawing.text((ends[0] - 1, at), f"{name} {value:f}", "right", 5.5)
            named.append(at)


def _below(drawing: Drawing, found: CountsCurves, x: Callable[[datetime], float], top: float, tr: Tr) -> None:
    drawing.text((0, top + 1), tr(say("infusions, transfusions")), size_pt=5.5)
    for at in found.doses:
        drawing.diamond((x(at), top + 1), 1.3)
    for at in found.transfusions:
        drawing.line((x(at), top + 3), (x(at), top + 6), 0.3)


def _months(drawing: Drawing, begin: datetime, end: datetime, x: Callable[[datetime], float], y: float) -> None:
    """The first of each month; every other one where there are many."""
    ticks = months(begin, end)
    for at in ticks[:: 1 + len(ticks) // 9]:
        drawing.text((x(at), y), f"{at:%Y-%m}", "center", 5.5)


#: Stands beside the swimmer plot.
SWIMMER_LEGEND = say("Weeks after the first infusion. ◇ dose; dark: complete, grey: partial response; × DLT; | left the trial.")


def swimmer_figure(look: DeskLook, found: Sequence[JudgedResponse], tr: Tr, width: float = 170.0) -> PlotBlock:
    """A lane a subject from its first infusion: doses, responses and how long they stood, DLT, leaving."""
    people = sorted(found, key=lambda p: p.course.first_infusion)
    weeks = max([1, *(_until(look, p) for p in people)])
    drawing = Drawing(width, _TOP + _ROW * max(1, len(people)) + 5)

    def x(days: float) -> float:
        return _LEFT + (width - _LEFT - _RIGHT) * days / (7 * weeks)

    for n, p in enumerate(people):
        y = _TOP + n * _ROW
        first = p.course.first_infusion
        group = p.state.enrolled.group if p.state.enrolled else ""
        drawing.text((0, y), f"{p.state.code} · {group}", strong=True)
        drawing.box((x(0), y - 1.1), x(7 * _until(look, p)) - x(0), 2.2, _SOFT, _FAINT)
        answer = p.ever.found["cr" if p.ever.best == "CR" else "pr"]
        if answer.responded_at is not None and answer.duration_days is not None:
            since = (answer.responded_at - first).total_seconds() / 86400
            grey = 20 if p.ever.best == "CR" else 55
            drawing.box((x(since), y - 1.1), x(since + float(answer.duration_days)) - x(since), 2.2, grey)
        for dose in look.data.doses.get(p.state.code, ()):
            drawing.diamond((x((dose.started_at - first).total_seconds() / 86400), y), 1.0, filled=False)
        if p.state.dlt is not None and p.state.dlt.is_dlt:
            drawing.cross((x((p.state.dlt.on - first.date()).days), y), 1.2)
        if p.state.left is not None:
            at = x((p.state.left.on - first.date()).days)
            drawing.line((at, y - 1.8), (at, y + 1.8), 0.5)
    for week in range(0, weeks + 1, 4 if weeks <= 30 else 8):
        drawing.text((x(7 * week), _TOP + _ROW * len(people) + 2), str(week), "center", 5.5)
    return drawing.plot(tr(say("Swimmer plot of {n} infused subjects", n=len(people))))


def _until(look: DeskLook, p: JudgedResponse) -> int:
    """Weeks that a subject has been followed, up to the end of its follow-up."""
    last: date = p.state.left.on if p.state.left else look.today
    followed = (last - p.course.first_infusion.date()).days // 7
    return max(1, min(followed, look.rules.visits.followup_weeks + 4))


def waterfall_figure(found: Sequence[JudgedResponse], lineage: str, tr: Tr, width: float = 170.0) -> PlotBlock:
    """The best change of one lineage over its baseline, the greatest first; the rise that a PR needs as a line."""
    changes: list[tuple[str, Decimal]] = []
    for p in found:
        before = p.course.baseline.value(lineage) if p.course.baseline else None
        values = [value for c in p.course.counts if (value := c.value(lineage)) is not None]
        if before is not None and values:
            changes.append((p.state.code, max(values) - before))
    changes.sort(key=lambda pair: -pair[1])
    height = 42.0
    drawing = Drawing(width, height + 12)
    rise = _rise(found, lineage)
    most = max([rise, *(change for _, change in changes)], default=Decimal(1))
    least = min([Decimal(0), *(change for _, change in changes)], default=Decimal(0))
    scale = height / float(most - least or 1)
    zero = _TOP + float(most) * scale
    step = (width - _LEFT - _RIGHT) / max(1, len(changes))
    for n, (code, change) in enumerate(changes):
        left, tall = _LEFT + n * step, abs(float(change)) * scale
        drawing.box((left + 0.1 * step, zero - tall if change > 0 else zero), 0.8 * step, tall, 30 if change >= rise else 65)
        drawing.text((left + step / 2, zero + 2.5), code, "center", 4.5)
    drawing.line((_LEFT, zero), (width - _RIGHT, zero), 0.2)
    line = zero - float(rise) * scale
    drawing.line((_LEFT, line), (width - _RIGHT, line), 0.2, _GREY, "1.2 0.8")
    drawing.text((_LEFT - 1, line), f"+{rise:f}", "right", 5.5)
    drawing.text((0, _TOP), tr(TEST_NAMES[lineage]), strong=True)
    alt = say("Best change of {what} in {n} subjects", what=TEST_NAMES[lineage], n=len(changes))
    return drawing.plot(tr(alt))


def _rise(found: Sequence[JudgedResponse], lineage: str) -> Decimal:
    """What a partial response needs, read back from a subject's own criteria."""
    for p in found:
        before = p.course.baseline.value(lineage) if p.course.baseline else None
        wanted = p.course.criteria.risen[lineage]
        if before is not None and wanted is not None:
            return wanted - before
    return Decimal(0)


def board_figure(look: DeskLook, tr: Tr, width: float = 170.0) -> PlotBlock:
    """The 3 + 3 as it stands: a column a group, a slot a subject with its DLT window."""
    doses = [look.protocol.doses_in(group) for group in look.rule.groups]
    groups = columns(look.subjects, look.today, look.rule, look.answer, doses)
    rows = max(len(g.slots) for g in groups)
    drawing = Drawing(width, 14 + rows * _ROW)
    wide = (width - 4) / len(groups)
    for n, group in enumerate(groups):
        left = n * wide
        drawing.box((left, 0), wide - 3, 13 + rows * _ROW, None, _FAINT)
        drawing.text((left + 2, 3.5), group.group, size_pt=10, strong=True)
        for at, slot in enumerate(group.slots):
            y = 9 + at * _ROW
            drawing.text((left + 2, y), slot.subject or "—", size_pt=6)
            bar = wide * 0.3
            drawing.box((left + wide * 0.28, y - 1), bar, 2, None, _FAINT)
            if slot.share and slot.standing is not DltStatus.REPLACED:
                drawing.box((left + wide * 0.28, y - 1), bar * float(slot.share), 2, 0 if slot.standing is DltStatus.DLT else 55)
            drawing.text((left + wide - 5, y), tr(slot.words), "right", 6)
        drawing.text((left + 2, 10 + rows * _ROW), tr(group.said), size_pt=6)
    return drawing.plot(tr(parts(say("The board"), look.answer.reason)))
