"""Every event in words, one line each: for the timeline and for the record. Who and when stand beside it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.checks import check_name
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import span, symptoms, vital_line, vital_value
from app.domain.log import Entry, Event
from app.domain.people.signatures import meaning_of, void_by
from app.domain.texts import Dated, Text, cells, joined, listed, number, parts, revived, say

from .correction_words import correction
from .signature_words import void_words

People = Mapping[str, str]
"""Names by person id."""


def describe(entry: Entry, state: Infusion, people: People) -> Text:
    """What happened, in one line; a signature that a correction made void says so."""
    void = void_by(state.entries, entry) if meaning_of(entry.event) else None
    said = happened(entry, state, people)
    return said if void is None else parts(said, void_words(void))


def happened(entry: Entry, state: Infusion, people: People) -> Text:
    """What happened then. `people` names the second person of an event; unknown ids stand as they are."""
    event = entry.event
    special = _SPECIAL.get(type(event))
    if special is not None:
        return special(event, state, people)
    assert event.sentence is not None
    line = Text(event.sentence.msgid, _fields(event, people))
    return parts(line, *_reason(event, event.sentence.msgid), _entered(event))


def _entered(event: Event) -> Text | str | None:
    """Scanned or typed, where a code was read and the record knows."""
    how: str | None = getattr(event, "entry", None)
    return codes.word(how, codes.ENTRIES) if how else None


def _fields(event: Event, people: People) -> dict[str, Any]:
    values = {name: getattr(event, name) for name in event.__struct_fields__}
    shown = {name: _shown(name, value, people) for name, value in values.items()}
    if isinstance(event, e.ElapsedConfirmed):
        shown["gap"] = span(event.gap_s)
    return shown


_WHO = ("witness", "to", "authorised_by", "handed_by")


def _shown(name: str, value: Any, people: People) -> Any:
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, str) and name in _WHO:
        return people.get(value, value)
    if isinstance(value, str) and name == "meaning":
        return codes.word(value, codes.MEANINGS)
    if isinstance(value, str) and name == "reason":
        return codes.word(value)
    return value


def _reason(event: Event, held: str) -> Iterable[Text | str]:
    """A reason or free text that the sentence itself does not hold."""
    for name in ("reason", "text"):
        value = getattr(event, name, "")
        if value and f"{{{name}}}" not in held:
            yield codes.word(value)


# --- events that need more than one sentence


def _ordered(ev: e.Ordered, _s: Infusion, _p: People) -> Text:
    line = say("Ordered: subject {subject}, bed {bed}, group {group}, dose {dose}",
               subject=ev.subject, bed=ev.bed, group=ev.group, dose=ev.dose_number)  # fmt: skip
    return parts(line, say("practice") if ev.practice else None)


def _weight(ev: e.WeightRecorded, _s: Infusion, _p: People) -> Text:
    before = say("last time {kg} kg", kg=ev.previous_kg) if ev.previous_kg is not None else None
    twice = say("unusual, typed twice") if ev.typed_twice else None
    return parts(say("Weight {kg} kg", kg=ev.weight_kg), before, twice)


def _bag_scanned(ev: e.BagScanned, _s: Infusion, _p: People) -> Text:
    bag = ev.bag
    return parts(
        say("Bag {bag}, lot {lot}", bag=bag.bag_id, lot=bag.lot),
        say("{cells} cells in {volume} ml", cells=cells(bag.cells), volume=number(bag.volume_ml)),
        say("expires {date}", date=Dated(bag.expires_at)),
        codes.word(bag.entry, codes.ENTRIES),
        codes.word(bag.reason, codes.UNREADABLE),
    )


def _certificate(ev: e.CertificateRecorded, _s: Infusion, _p: People) -> Text:
    results = {**ev.tests, "appearance": ev.appearance_ok, "storage": ev.storage_ok}
    failed = [codes.word(name, codes.TESTS) for name, passed in results.items() if not passed]
    line = say("Certificate of bag {bag}: viability {viability} %", bag=ev.bag_id, viability=number(ev.viability_pct))
    verdict = say("not passed: {tests}", tests=listed(failed)) if failed else say("all tests passed")
    return parts(line, verdict)


def _mismatch(ev: e.MismatchFound, _s: Infusion, _p: People) -> Text:
    line = say("Wrong bag: expected {expected}, found {found}. Full stop.", expected=ev.expected, found=ev.found)
    if ev.what == "patient":
        line = say("Wrong patient: expected {expected}, found {found}. Full stop.", expected=ev.expected, found=ev.found)
    elif ev.differs != "number":
        expected, found = mismatch_values(ev)
        line = say("Bag {bag}: dispensed with {expected}, its label says {found}. Full stop.",
                   bag=ev.bag_id, expected=expected, found=found)  # fmt: skip
    return parts(line, _entered(ev))


def mismatch_values(ev: e.MismatchFound) -> tuple[Text | str, Text | str]:
    """What was expected and what was found, as a person reads it."""
    if ev.differs == "lot":
        return say("lot {lot}", lot=ev.expected), say("lot {lot}", lot=ev.found)
    if ev.differs == "expiry":
        return _expiry(ev.expected), _expiry(ev.found)
    return ev.expected, ev.found or "—"


def _expiry(iso: str) -> Text:
    return say("expiry {date}", date=Dated(datetime.fromisoformat(iso)))


def _premedication(ev: e.PremedicationGiven, _s: Infusion, _p: People) -> Text:
    return parts(
        say("{drug} {dose} mg given at {at}", drug=codes.word(ev.drug, codes.DRUGS), dose=number(ev.dose_mg),
            at=ev.given_at),
        say("allergies: {allergies}", allergies=codes.word(ev.allergies, codes.ALLERGIES)),
        say("allergy to DMSO") if ev.dmso_allergy else say("no allergy to DMSO"),
        say("baseline blood {state}", state=codes.word(ev.baseline_blood, codes.BLOOD)),
    )  # fmt: skip


def _bag_checked(ev: e.BagChecked, _s: Infusion, _p: People) -> Text:
    line = say("Bag {bag} checked before hanging: does not look right", bag=ev.bag_id)
    if ev.appearance_ok:
        line = say("Bag {bag} checked before hanging: looks right", bag=ev.bag_id)
    return parts(line, codes.word(ev.reason) if ev.reason else None, _entered(ev))


def _measured(ev: e.RateMeasured, _s: Infusion, _p: People) -> Text:
    line = say("Rate measured {rate} drops/min ({method}, {drops} drops)", rate=number(ev.rate_gtt_min),
               method=codes.word(ev.method, codes.METHODS), drops=ev.drops)  # fmt: skip
    spread = say("spread {pct} %", pct=number(ev.spread_pct)) if ev.spread_pct is not None else None
    return parts(line, spread)


_PAUSED = {
    "person": say("Paused"),
    "reaction": say("Paused because of a reaction"),
    "bag": say("Paused for the bag"),
}


def _paused(ev: e.Paused, _s: Infusion, _p: People) -> Text:
    return parts(_PAUSED[ev.cause], codes.word(ev.reason))


def _resumed(ev: e.Resumed, _s: Infusion, people: People) -> Text:
    who = ev.authorised_by
    allowed = say("allowed by {who}", who=people.get(who, who)) if who else None
    return parts(say("Resumed at {rate} drops/min", rate=number(ev.rate_gtt_min)), allowed, codes.word(ev.reason))


def _reaction(ev: e.ReactionNoted, _s: Infusion, _p: People) -> Text:
    return parts(
        say("Reaction since {at}: {symptoms}", at=ev.onset_at, symptoms=symptoms(ev.symptoms)),
        codes.word(ev.action, codes.ACTIONS),
        say("grade {grade}", grade=ev.grade) if ev.grade is not None else None,
        say("done: {steps}", steps=listed([codes.word(s) for s in ev.steps])) if ev.steps else None,
        say("called: {who}", who=ev.called) if ev.called else None,
        ev.text,
    )


def _reaction_updated(ev: e.ReactionUpdated, s: Infusion, _p: People) -> Text:
    steps = [_step(step, s) for step in ev.steps]
    return parts(
        say("Reaction since {at}: {symptoms}", at=ev.onset_at, symptoms=symptoms(ev.symptoms)),
        say("grade {grade}", grade=ev.grade) if ev.grade is not None else None,
        say("done: {steps}", steps=listed(steps)) if steps else None,
        say("called: {who}", who=ev.called) if ev.called else None,
        ev.text,
    )


def _step(done: e.StepDone, s: Infusion) -> Text:
    """The step in the words of the protocol it was done by, and when."""
    named = next((step for step in s.protocol.reaction.steps if step.code == done.code), done.code)
    return joined(" ", [named, done.done_at])


def _vitals(ev: e.VitalsRecorded, _s: Infusion, _p: People) -> Text:
    line = say("{check}: {values}", check=check_name(ev.period, ev.slot_min), values=listed(_values(ev)))
    discomfort = say("discomfort: {text}", text=ev.discomfort_text) if ev.discomfort else say("no discomfort")
    score = say("NEWS2 {score}", score=ev.news2) if ev.news2 is not None else None
    return parts(line, score, discomfort, codes.word(ev.late_reason))


def _values(ev: e.VitalsRecorded) -> Iterable[Text | str]:
    given = {v.vital: v for v in ev.values}
    for code in ("hr", "pr", "spo2"):
        if code in given:
            yield vital_line(given[code])
    pressures = [vital_value(given[c]) for c in ("nibp_sys", "nibp_dia") if c in given]
    if pressures:
        yield "/".join(pressures)
    for code in ("rr", "temp"):
        if code in given:
            yield vital_line(given[code])


def _ended(ev: e.InfusionEnded | e.InfusionStopped, _s: Infusion, _p: People) -> Text:
    line = say("Infusion ended") if isinstance(ev, e.InfusionEnded) else say("Infusion stopped for good")
    left = say("{ml} ml left in the bag", ml=number(ev.left_ml)) if ev.left_ml is not None else None
    return parts(line, left or say("what is left was not read"), codes.word(ev.reason))


def _observed(ev: e.ObservationClosed, _s: Infusion, _p: People) -> Text:
    line = say("Observation closed: {outcome}", outcome=codes.word(ev.outcome, codes.OUTCOMES))
    flags = listed([codes.word(f) for f in ev.flags]) if ev.flags else None
    return parts(line, flags, codes.word(ev.reason))


def _watch_lost(ev: e.WatchLost, _s: Infusion, _p: People) -> Text:
    line = say("Nobody watched from {at} on: {cause}", at=ev.from_at, cause=codes.word(ev.cause, codes.CAUSES))
    return parts(line, say("how long is not known") if ev.unknown else None)


def _link_found(ev: e.LinkFound, _s: Infusion, _p: People) -> Text:
    line = say("Monitor connected ({protocol}, {port})", protocol=ev.protocol, port=ev.port)
    return parts(line, say("simulated") if ev.simulated else None)


def _refused(ev: e.CommandRefused, _s: Infusion, _p: People) -> Text:
    return say("Refused ({command}): {why}", command=codes.word(ev.command, codes.COMMANDS), why=revived(ev.why))


def _corrected(ev: e.Corrected, state: Infusion, _p: People) -> Text:
    found = correction(ev)
    target = next((x for x in state.entries if x.event_id == ev.event_id), None)
    at = target.at if target else None
    line = say("Correction of {at}: {field} “{old}” is now “{new}”",
               at=at or "—", field=found.field, old=found.old, new=found.new)  # fmt: skip
    return parts(line, codes.word(ev.reason))


_SPECIAL: dict[type[Event], Callable[[Any, Infusion, People], Text]] = {
    e.Ordered: _ordered,
    e.WeightRecorded: _weight,
    e.BagScanned: _bag_scanned,
    e.CertificateRecorded: _certificate,
    e.MismatchFound: _mismatch,
    e.PremedicationGiven: _premedication,
    e.BagChecked: _bag_checked,
    e.RateMeasured: _measured,
    e.Paused: _paused,
    e.Resumed: _resumed,
    e.ReactionNoted: _reaction,
    e.ReactionUpdated: _reaction_updated,
    e.VitalsRecorded: _vitals,
    e.InfusionEnded: _ended,
    e.InfusionStopped: _ended,
    e.ObservationClosed: _observed,
    e.Corrected: _corrected,
    e.WatchLost: _watch_lost,
    e.LinkFound: _link_found,
    e.CommandRefused: _refused,
}
