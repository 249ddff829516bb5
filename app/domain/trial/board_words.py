"""The board's reasons in words: every one names subjects and dates."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from app.domain.texts import Text, listed, say

from .enrolled import DltStatus, Judged, Tally


def left_open(mtd: bool, anchor: bool) -> Text:
    which = [
        *([say("which rule gives the maximum tolerated group")] if mtd else []),
        *([say("from which infusion the DLT window runs")] if anchor else []),
    ]
    return say("The site has not yet decided {what}; until then nothing is decided here.", what=listed(which))


def ceiling(subjects: int) -> Text:
    return say("{n} subjects are in the trial, as many as the protocol allows: nobody more is enrolled.", n=subjects)


def counted(tally: Tally) -> Text:
    return say("Group {group}: {dlts} DLT in {n} evaluable subjects.", group=tally.group, dlts=len(tally.dlts), n=tally.evaluable)


def stopped(tally: Tally, below: str | None, above: Sequence[Tally]) -> Iterator[Text]:
    names = listed(_with_day(s.subject.subject, s.subject.dlt_on) for s in tally.dlts)
    yield say("DLT number {n} stops group {group}: {names}.", n=len(tally.dlts), group=tally.group, names=names)
    yield say("The maximum tolerated group is {group}.", group=below) if below else say("No group is tolerated.")
    yield from held(above)


def _with_day(subject: str, day: date | None) -> Text:
    return say("{subject} ({day})", subject=subject, day=day)


def may_begin(group: str) -> Text:
    return say("Group {group} may begin.", group=group)


def top(group: str) -> Text:
    return say("Group {group} is the highest and is tolerated: it is the maximum.", group=group)


def more(n: int, group: str) -> Text:
    return say("{n} more subjects are treated in group {group}.", n=n, group=group)


def waits(tally: Tally) -> Text:
    return say("The decision waits for {names}.", names=listed(map(_awaited, tally.open)))


def _awaited(found: Judged) -> Text:
    if found.evaluable_on is None:
        return say("{subject} (not yet infused)", subject=found.subject.subject)
    return say("{subject} (until {day})", subject=found.subject.subject, day=found.evaluable_on)


def free(places: int, of: int, tally: Tally) -> Text:
    said = say("{free} of {places} places in group {group} are free.", free=places, places=of, group=tally.group)
    if not tally.open:
        return said
    return say("{said} Still in their window: {names}.", said=said, names=listed(map(_awaited, tally.open)))


def sentinel(subject: str, days: int, until: date) -> Text:
    return say(
        "{subject}, the first of the group, is watched alone for {days} days, until {day}.", subject=subject, days=days, day=until
    )


def held(above: Iterable[Tally]) -> Iterator[Text]:
    for tally in above:
        if tally.members:
            yield say("Group {group} has already begun: it is held.", group=tally.group)


def asides(tally: Tally) -> Iterator[Text]:
    """Who is replaced and why, and marks that do not count."""
    for found in tally.standing(DltStatus.REPLACED):
        s = found.subject
        if s.left_on is not None:
            yield say("{subject} left on {day} and is replaced.", subject=s.subject, day=s.left_on)
        else:
            yield say("{subject} did not get a planned dose and is replaced.", subject=s.subject)
    for found in tally.members:
        dlt_on = found.subject.dlt_on
        if dlt_on is not None and found.standing is not DltStatus.DLT:
            subject = found.subject.subject
            yield say("The DLT of {subject} on {day} is outside the window and does not count.", subject=subject, day=dlt_on)


_HEADLINES: dict[str, Text] = {
    "enrol": say("The next subject goes into group {group}"),
    "expand_cohort": say("Three more in group {group}: the next subject goes there"),
    "escalate": say("Group {group} may begin: the next subject goes there"),
    "stop": say("The escalation stops: {mtd} is the maximum tolerated group"),
    "complete": say("The escalation is complete: {mtd} is the maximum tolerated group"),
    "wait": say("Wait: nobody more is enrolled now"),
}


def headline(decision: str, group: str | None, mtd: str | None, awaited: Sequence[Judged], earliest: date | None) -> Text:
    """The board's answer in one line: what is allowed, or whom one waits for and until when."""
    names = listed(s.subject.subject for s in awaited)
    if decision == "wait" and awaited:
        return say("Wait for {names} until {day}", names=names, day=earliest) if earliest else say("Wait for {names}", names=names)
    if decision == "stop" and mtd is None:
        return say("The escalation stops: no group is tolerated")
    return Text(_HEADLINES[decision].msgid, {"group": group, "mtd": mtd})
