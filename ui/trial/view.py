"""The trial's data as the page shows them. Every number comes from the functions that the command line uses."""

from datetime import date, datetime

import msgspec

from app.domain.infusion.corrected import as_corrected
from app.domain.infusion.wording import symptoms as symptom_words
from app.domain.texts import Text, joined, listed, parts, say
from app.domain.trial.board_columns import GroupColumn, columns, open_subjects
from app.domain.trial.board_words import headline
from app.domain.trial.due import DUE_NAMES, DueItem, due_items, due_name
from app.domain.trial.eligibility import WORDS, CriterionRow, RowVerdict
from app.domain.trial.enrolled import DltStatus, judged
from app.domain.trial.escalation import expansion
from app.domain.trial.subject.subject_facts import COHORT_NAMES
from app.domain.trial.subject.subject_rules import judged_rows
from app.domain.trial.subject.subject_state import SubjectState
from app.domain.trial.trial_data import BedsideReaction, calendar_of, decisions, dose_days
from app.domain.trial.visits import calendar, moved
from app.services.trial.trial_desk import DeskLook
from app.services.words.desk_words import describe_desk, grade_words
from ui.kit.table import Column, TableLine, TableState


class BoardView(msgspec.Struct, frozen=True):
    """`may_sign`: the rule has an answer that can be signed."""

    headline: Text
    reason: Text
    settings: Text
    columns: tuple[GroupColumn, ...]
    window_days: int
    expansion: Text | None
    notes: tuple[Text, ...]
    may_sign: bool


_READINGS: dict[str | None, Text] = {
    "first": say("DLT window from the first infusion"), "last": say("DLT window from the last infusion"),
    None: say("start of the DLT window not decided"),
}  # fmt: skip
_RULES: dict[str | None, Text] = {
    "storer": say("maximum tolerated group after Storer"), "korn": say("maximum tolerated group after Korn"),
    None: say("maximum tolerated group not decided"),
}  # fmt: skip


def board_view(look: DeskLook) -> BoardView:
    data, subjects, rule, answer = look.data, look.subjects, look.rule, look.answer
    awaited = open_subjects(subjects, data.today, rule, answer)
    doses = [look.protocol.doses_in(group) for group in rule.groups]
    settings = parts(
        say("◇ site setting"), _READINGS[rule.anchor], _RULES[rule.mtd],
        say("data of {day}, {n} subjects enrolled", day=data.today, n=len(subjects)),
    )  # fmt: skip
    return BoardView(
        headline(answer.decision, answer.group, answer.mtd, awaited, answer.earliest), answer.reason, settings,
        columns(subjects, data.today, rule, answer, doses), rule.window_days, _expansion(look), tuple(_notes(look)),
        answer.decision != "wait",
    )  # fmt: skip


def _expansion(look: DeskLook) -> Text | None:
    found = expansion(look.subjects, look.today, look.rule)
    if not found.subjects:
        return None
    rate = "—" if found.dlt_pct is None else f"{found.dlt_pct.quantize(1)} %"
    line = say("Expansion: {n} of {all} subjects, {dlts} DLT in {evaluable} evaluable ({rate})", n=found.subjects,
               all=found.subjects + found.free, dlts=found.dlts, evaluable=found.evaluable, rate=rate)  # fmt: skip
    alert = say("more than the site's limit of {pct} %", pct=look.rule.expansion_alert_above_pct) if found.alert else None
    return parts(line, alert)


def _notes(look: DeskLook) -> list[Text]:
    """What an investigator should know beside the answer: who is infused without being enrolled; signed on other data."""
    data = look.data
    found: list[Text] = []
    if data.strangers:
        found.append(say("Infused here and not enrolled in this record: {names}", names=listed(data.strangers)))
    signed = [d for d in decisions(data, look.subjects) if type(d.entry.event).__name__ == "DecisionSigned"]
    if signed:
        last = signed[-1]
        state = say("on the data as they are now") if last.on_these_data else say("decided on other data")
        found.append(parts(describe_desk(last.entry.event), state))
    return found


# --- the lists below the board

SUBJECTS = (
    Column(say("Subject"), 1.0, strong=True), Column(say("Group"), 0.7), Column(say("Doses"), 0.7), Column(say("State"), 1.8),
)  # fmt: skip
DUE = (
    Column(say("Subject"), 0.9, strong=True), Column(say("What"), 2.0), Column(say("Window"), 1.7), Column(say("State"), 1.1),
)  # fmt: skip


#: The key of the line that counts what is not shown.
MORE = "more"
#: So many lines of what is due nobody works off in a week.
MOST_DUE = 200


def subject_table(look: DeskLook) -> TableState:
    data = look.data
    ordered = sorted(data.subjects, key=lambda s: (s.left is not None, s.enrolled is None, s.code))
    return TableState(SUBJECTS, tuple(_subject(look, s) for s in ordered))


def _subject(look: DeskLook, s: SubjectState) -> TableLine:
    made, days = s.enrolled, dose_days(look.data, s.code)
    group = "—" if made is None else parts(made.group, COHORT_NAMES["expansion"] if made.cohort == "expansion" else None)
    doses = "—" if made is None else f"{len(days)} / {planned_doses(look, s.code, made.group)}"
    return TableLine(s.code, (s.code, group, doses, standing(look, s)))


_SCREENED: dict[bool | None, Text] = {
    None: say("screening: something is not known"), True: say("eligible, not enrolled"), False: say("not eligible"),
}  # fmt: skip


def standing(look: DeskLook, s: SubjectState) -> Text:
    """Where a subject stands, in a few words."""
    if s.left is not None:
        return say("left on {day}", day=s.left.on)
    if s.enrolled is None:
        verdict = s.signed_verdict if s.verdict_stands else None
        return _SCREENED[verdict.eligible if verdict else judged_rows(s, look.setting).eligible]
    counted = look.on_board[s.code]
    found = judged(counted, look.today, look.rule)
    until = found.evaluable_on
    return {
        DltStatus.TO_START: say("enrolled, not yet infused"),
        DltStatus.PENDING: say("in the DLT window until {day}", day=until),
        DltStatus.CLEAR: say("through without a DLT"),
        DltStatus.DLT: say("DLT on {day}", day=counted.dlt_on),
        DltStatus.REPLACED: say("replaced"),
    }[found.standing]


class MadeOnce:
    """The board and both lists below it, made once a look: who comes back to the page finds them."""

    def __init__(self) -> None:
        self._look: DeskLook | None = None

    def of(self, look: DeskLook) -> tuple[BoardView, TableState, TableState]:
        if self._look is not look:
            self._look, self._made = look, (board_view(look), subject_table(look), due_table(look))
        return self._made


def due_table(look: DeskLook) -> TableState:
    """The most urgent ones; how many there are besides, the last line says."""
    shown = tuple(_due(x) for x in look.due_this_week[:MOST_DUE])
    more = len(look.due_this_week) - len(shown)
    last = (TableLine(MORE, ("", say("and {n} more", n=more), "", "")),) if more else ()
    return TableState(DUE, shown + last)


def _due(x: DueItem) -> TableLine:
    return TableLine(f"{x.subject}/{x.kind}/{x.week}", (x.subject, due_name(x), window_words(x.window), DUE_NAMES[x.status]))


def window_words(window: tuple[date, date]) -> str:
    first, last = window
    return f"{first}" if first == last else f"{first} – {last:%m-%d}" if first.year == last.year else f"{first} – {last}"


# --- one subject

ROWS = (
    Column(say("Criterion"), 2.6, strong=True), Column(say("Value"), 1.1), Column(say("Why"), 2.7), Column(say("Verdict"), 1.2),
)  # fmt: skip
VERDICTS: dict[RowVerdict, Text] = {
    RowVerdict.MET: say("✓ met"), RowVerdict.NOT_MET: say("✕ not met"), RowVerdict.EXCLUDED: say("✕ excluded"),
    RowVerdict.NOT_EXCLUDED: say("✓ not excluded"), RowVerdict.UNKNOWN: say("? not known"),
}  # fmt: skip


def eligibility_table(look: DeskLook, s: SubjectState) -> TableState:
    """What is not known or speaks against first; then in the trial's order."""
    rows = judged_rows(s, look.setting).rows
    order = {RowVerdict.NOT_MET: 0, RowVerdict.EXCLUDED: 0, RowVerdict.UNKNOWN: 1}
    return TableState(ROWS, tuple(_row(row) for row in sorted(rows, key=lambda row: order.get(row.verdict, 2))))


def _row(row: CriterionRow) -> TableLine:
    entry = row.entry
    value = WORDS.get(entry.value or "", entry.value or "—")
    shown = parts(joined(" ", [x for x in (value, entry.unit) if x]), say("ULN {uln}", uln=entry.uln) if entry.uln else None)
    return TableLine(row.criterion.code, (row.criterion.title, shown, parts(row.reason, row.warning), VERDICTS[row.verdict]))


CALENDAR = (
    Column(say("What"), 2.0, strong=True), Column(say("Day"), 1.0), Column(say("Window"), 1.6), Column(say("State"), 1.2),
    Column(say("Note"), 2.0),
)  # fmt: skip


def calendar_table(look: DeskLook, s: SubjectState) -> TableState:
    items = due_items(look.data, s, look.protocol, look.rules)
    return TableState(CALENDAR, tuple(_planned(x) for x in items))


def _planned(x: DueItem) -> TableLine:
    state = parts(DUE_NAMES[x.status], str(x.on) if x.on and x.on != x.day else None)
    return TableLine(f"{x.kind}/{x.week}", (due_name(x), str(x.day), window_words(x.window), state, x.hint or ""))


COURSE = (Column(say("When"), 1.0), Column(say("What"), 5.0, strong=True))


def course_table(look: DeskLook, s: SubjectState) -> TableState:
    """Everything of the subject's own stream, the newest first, and the reactions at its infusions.

    An entry stands as it was corrected, and says so; the correction stands on its own line with the first value.
    """
    reactions = look.data.reactions.get(s.code, ())
    rows: list[tuple[datetime, str, Text]] = []
    for x, now in zip(s.entries, as_corrected(s.entries), strict=True):
        mark = say("as corrected") if now is not x and now.event != x.event else None
        rows.append((x.at, x.event_id, parts(describe_desk(now.event), mark)))
    rows += [(r.onset_at, r.infusion_id, reaction_words(look, r)) for r in reactions]
    rows.sort(key=lambda row: row[0], reverse=True)
    lines = [TableLine(key, (f"{at.astimezone(look.zone):%Y-%m-%d %H:%M}", said)) for at, key, said in rows]
    return TableState(COURSE, tuple(lines))


def reaction_words(look: DeskLook, r: BedsideReaction) -> Text:
    named = symptom_words(r.symptoms, r.protocol or look.protocol)
    return parts(say("Reaction at the infusion: {symptoms}", symptoms=named), grade_words(r.grade))


def planned_doses(look: DeskLook, code: str, group: str) -> int:
    """How many doses a subject of the group is given, by the protocol that it was infused by."""
    return look.data.protocol_of(code, look.protocol).doses_in(group)


def subject_name(look: DeskLook, s: SubjectState) -> Text:
    made = s.enrolled
    if made is None:
        return joined("", (s.code,))
    of = planned_doses(look, s.code, made.group)
    return parts(
        s.code, say("group {group}", group=made.group), say("{n} of {of} doses", n=len(dose_days(look.data, s.code)), of=of)
    )


_ELIGIBLE: dict[bool | None, Text] = {
    True: say("Every row fits: eligible."), False: say("At least one row speaks against it: not eligible."),
    None: say("Not everything is known: nobody is judged or enrolled on an unknown."),
}  # fmt: skip


def eligible_words(eligible: bool | None) -> Text:
    return _ELIGIBLE[eligible]


def verdict_words(look: DeskLook, s: SubjectState) -> Text:
    """What the rows say together, and what was signed."""
    if s.came is not None:
        return say("Enrolled on the laptop {laptop}, signed by {name} ({number}) on {day}: what it was judged by stands there.",
                   laptop=s.came.from_name, name=s.came.printed_name, number=s.came.signed_by, day=s.came.on)  # fmt: skip
    said = eligible_words(judged_rows(s, look.setting).eligible)
    verdict = s.signed_verdict
    if verdict is None:
        return parts(said, say("no verdict signed yet"))
    signed = say("verdict signed by {name}", name=verdict.printed_name)
    return parts(said, signed, None if s.verdict_stands else say("rows have changed since"))


def lines(found: tuple[Text, ...]) -> Text | str:
    return joined("\n", found) if found else ""


def whole(row: TableLine, tab: str) -> Text:
    """A row's longest parts, to be read in full."""
    shown = row.cells[1:] if tab == "course" else (*row.cells[:2], row.cells[-1 if tab == "response" else 2])
    return parts(*shown)


def moved_words(look: DeskLook, s: SubjectState) -> Text:
    """Which entries the last dose moved, held against the plan that stood before it."""
    days = dose_days(look.data, s.code)
    now, protocol = calendar_of(look.data, s, look.protocol, look.rules), look.data.protocol_of(s.code, look.protocol)
    if now is None or s.enrolled is None:
        return say("The calendar begins with the first dose.")
    planned = calendar(s.enrolled.group, days[0], days[1:-1], protocol, look.rules) if len(days) > 1 else now
    found = moved(planned, now)
    if not found:
        return say("Every dose so far lay on its planned day: nothing has moved.")
    first = found[0]
    said = say("Dose {n} on {day}: {moved} entries have moved", n=len(days), day=days[-1], moved=len(found))
    what = say("Visit, week {week}", week=first.week) if first.kind == "visits" else say("the first of them")
    return parts(said, say("{what}: {before} → {after}", what=what, before=first.before, after=first.after))
