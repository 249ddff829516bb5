"""The first half page: who, how much, when, what went wrong, what the record is worth, and with what it was done."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR

from app.domain.infusion import facts as e
from app.domain.infusion.checks import Counts, count, infusion_checks, observation_checks
from app.domain.infusion.corrected import as_corrected
from app.domain.infusion.deviations import deviations
from app.domain.infusion.given.cells_given import Bounds, cells_given
from app.domain.infusion.phases import PHASE_NAMES
from app.domain.infusion.summary import infusion_minutes
from app.domain.infusion.wording import symptoms
from app.domain.texts import Text, cells, listed, say
from app.services.record.blocks import Cell, FactsBlock, NoteBlock, Run, Section
from app.services.record.telling import DASH, Teller, at_least, at_most, ml, utc

Rows = Iterator[tuple[str, Cell]]
_SHOWN = 4
_LABEL = 31


def first(t: Teller) -> Section:
    rows = (*_what(t), *_with_what(t))
    wrong = FactsBlock(tuple(_wrong(t)), label_mm=_LABEL)
    return Section("", (FactsBlock(rows, columns=2, label_mm=_LABEL), wrong, NoteBlock(_times(t))))


def _what(t: Teller) -> Rows:
    s, order, tr = t.state, t.state.order, t.tr
    doses = s.protocol.doses_in(order.group)
    yield tr(say("Subject")), (Run(order.subject, "strong"),)
    yield tr(say("Bed")), order.bed
    of_group = say("group {group}, dose {dose} of {doses}", group=order.group, dose=order.dose_number, doses=doses)
    yield tr(say("Group and dose")), tr(of_group) if order.group else DASH
    yield tr(say("Weight")), f"{s.weight.weight_kg} kg" if s.weight else DASH
    yield tr(say("Planned")), tr(_planned(t))
    yield tr(say("Given")), _given(t)
    yield tr(say("Start and end")), tr(_start_and_end(t))
    yield tr(say("Checks kept")), tr(kept_words(t))
    yield tr(say("State of this record")), (Run(tr(PHASE_NAMES[s.phase]), "strong"),)


def _planned(t: Teller) -> Text:
    plan = t.state.plan
    if plan is None:
        return say("no weight was recorded")
    return say("{cells} cells in {ml} ml", cells=cells(plan.dose_cells), ml=ml(t.state.planned_ml))


def _given(t: Teller) -> Cell:
    """Cells, their share of the dose, per kg and viable; each as an interval where it is one."""
    if t.state.started_at is None:
        return t.tr(say("Nothing was given."))
    found = cells_given(t.state, t.source.made_at)
    amount = t.tr(say("{cells} cells", cells=span(found.cells)))
    if found.share_pct is not None:
        amount = t.tr(say("{cells} cells = {pct} % of the dose", cells=span(found.cells), pct=tenths(found.share_pct)))
    more = [say("{cells} per kg", cells=span(found.per_kg))] if found.per_kg else []
    more += [say("{cells} viable", cells=span(found.viable_cells))] if found.viable_cells else []
    more.append(say("{n} ml", n=tenths(found.ml)))
    return (Run(amount, "strong"), Run("\n" + " · ".join(map(t.tr, more))))


def span(bounds: Bounds) -> str:
    """Cells at least and at most rounded outwards, once where both read the same; what is known exactly to the nearest."""
    if bounds.least == bounds.most:
        return cells(bounds.least)
    return "–".join(dict.fromkeys((cells(bounds.least, ROUND_FLOOR), cells(bounds.most, ROUND_CEILING))))


def tenths(bounds: Bounds) -> str:
    """To 0.1: at least and at most rounded outwards, what is known exactly to the nearest."""
    if bounds.least == bounds.most:
        return ml(bounds.least)
    return f"{at_least(bounds.least)}–{at_most(bounds.most)}"


def _start_and_end(t: Teller) -> Text:
    s = t.state
    if s.started_at is None:
        return say("not started")
    if s.ended_at is None:
        return say("{day} {start}, not ended", day=t.day, start=t.words.clock(s.started_at))
    took = infusion_minutes(s)
    return say("{day} {start} – {end} ({minutes} min)", day=t.day, start=t.words.clock(s.started_at), end=t.at(s.ended_at),
               minutes=DASH if took is None else ml(took))  # fmt: skip


def kept_words(t: Teller) -> Text:
    """How many checks were kept of those that came due, in each period."""
    now = t.source.made_at
    one = count(infusion_checks(t.state, now), now)
    two = count(observation_checks(t.state, now), now)
    if not one.due:
        return say("none came due")
    during = say("infusion {kept}", kept=_counted(one))
    return say("{infusion}; {observation}", infusion=during, observation=say("observation {kept}", kept=_counted(two)))


def _counted(n: Counts) -> Text:
    """Late ones were kept, if late."""
    kept = say("{kept} of {due}", kept=n.on_time + n.late, due=n.due)
    late = say("{n} late", n=n.late) if n.late else ""
    missed = say("{n} missed", n=n.missed) if n.missed else ""
    if not (late or missed):
        return kept
    return say("{kept} ({more})", kept=kept, more=listed(x for x in (late, missed) if x))


def _with_what(t: Teller) -> Rows:
    s, p, tr = t.state, t.state.protocol, t.tr
    unsaid = tr(say("not in the protocol file"))
    yield tr(say("Site")), t.words.pick(p.site.name) if p.site else unsaid
    yield tr(say("Trial")), f"{p.acronym} · {p.registry}" if p.acronym else p.registry
    yield tr(say("Protocol")), tr(say("version {version}", version=s.order.protocol_version))
    yield tr(say("Product")), t.words.pick(p.product.name)
    yield tr(say("Product's maker")), t.words.pick(p.product.maker) if p.product.maker else unsaid
    yield tr(say("Giving set")), tr(say("{factor} drops/ml", factor=s.drop_factor)) if s.drop_factor else tr(say("not chosen"))
    yield tr(say("Monitor")), _monitors(t)
    yield tr(say("Monitor's serial number")), tr(say("not told by the monitor"))
    yield tr(say("Ordered by")), t.prescriber()


def _monitors(t: Teller) -> str:
    found = [x.event for x in t.entries(e.LinkFound) if isinstance(x.event, e.LinkFound)]
    named = dict.fromkeys(_monitor(t, link) for link in found)
    return ", ".join(named) or t.tr(say("none was connected"))


def _monitor(t: Teller, link: e.LinkFound) -> str:
    name = t.monitor(link.protocol)
    return t.tr(say("{monitor}, simulated", monitor=name)) if link.simulated else name


def _wrong(t: Teller) -> Rows:
    """Reactions and deviations: none, or how many and which."""
    tr = t.tr
    yield tr(say("Reactions")), "\n".join(reaction_lines(t)) or tr(say("none"))
    found = [t.tr(d.text) for d in deviations(t.state, t.source.made_at)]
    more = [tr(say("and {n} more, see below", n=len(found) - _SHOWN))] if len(found) > _SHOWN else []
    yield tr(say("Deviations ({n})", n=len(found))) if found else tr(say("Deviations")), \
        "\n".join([*found[:_SHOWN], *more]) or tr(say("none"))  # fmt: skip


def reaction_lines(t: Teller) -> Iterator[str]:
    """Each as it stood last: a later note takes the place of the one before."""
    last: e.ReactionNoted | e.ReactionUpdated | None = None
    for entry in [x for x in as_corrected(list(t.source.entries)) if isinstance(x.event, _TOLD)]:
        event = entry.event
        if isinstance(event, e.ReactionNoted) and last is not None:
            yield t.tr(_reaction(t, last, None))
        if isinstance(event, e.ReactionResolved):
            if last is not None:
                yield t.tr(_reaction(t, last, event))
            last = None
        elif isinstance(event, e.ReactionNoted | e.ReactionUpdated):
            last = event
    if last is not None:
        yield t.tr(_reaction(t, last, None))


_TOLD = (e.ReactionNoted, e.ReactionUpdated, e.ReactionResolved)


def _reaction(t: Teller, noted: e.ReactionNoted | e.ReactionUpdated, over: e.ReactionResolved | None) -> Text:
    end = say("over {at}", at=t.at(over.resolved_at)) if over else say("not over")
    grade = say("grade {grade}", grade=noted.grade) if noted.grade else say("grade not given")
    what = symptoms(noted.symptoms, t.state.protocol)
    return say("{at} {symptoms}, {grade}, {end}", at=t.at(noted.onset_at), symptoms=what, grade=grade, end=end)


def _times(t: Teller) -> str:
    """The one place where UTC stands."""
    start = t.state.started_at or t.state.ordered_at
    what = say("the start") if t.state.started_at else say("the order")
    return t.tr(say("All times are local time, UTC{offset}, of {day} unless a date stands with them; {what} was at {utc} UTC.",
                    offset=t.offset, day=t.day, what=what, utc=utc(start)))  # fmt: skip
