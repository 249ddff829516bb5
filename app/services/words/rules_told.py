"""The protocol's rules in sentences, with its own numbers: for help on each page and for the nurse's card.

A rule that a file does not have is not told.
"""

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from app.domain.protocol import Limits, Protocol, Stage
from app.domain.texts import Text, cells, joined, number, parts, say
from app.domain.vitals.vital_signs import VITALS

_COUNTED_S = 15
#: What nobody takes by hand.
_NOT_BY_HAND = ("pr", "nibp_map")

Told = Iterator[Text]


def before_the_start(p: Protocol) -> Told:
    drug, pre, thaw = p.premedication.drug, p.premedication, p.thaw
    yield say("Two people verify patient, order and unthawed bags. Each bag is checked by two again before it hangs.")
    given = say(
        "{drug} {dose} mg, allergies asked; start {lead} min later.", drug=drug, dose=number(pre.dose_mg), lead=number(pre.lead_min)
    )
    yield given
    if pre.latest_min is not None:
        yield say("The start is at the latest {n} min after the pre-medication.", n=number(pre.latest_min))
    yield say("Thaw in the last {n} min before the start.", n=number(pre.thaw_offered_before_end_min))
    if thaw.start_within_min is not None and thaw.end_within_min is not None:
        yield say("A thawed bag is started within {start} min and is in within {end} min.",
                  start=number(thaw.start_within_min), end=number(thaw.end_within_min))  # fmt: skip
    yield from _gate(p)


def _gate(p: Protocol) -> Told:
    if p.gate is not None:
        yield say("Before start, step up and resume: no discomfort, no open reaction. NEWS2 from {total}, {single} points in one"
                  " parameter, or fewer than {least} of 6 measured: an investigator decides.",
                  total=p.gate.news2_from, single=p.gate.single_from, least=p.gate.measured_least)  # fmt: skip


def the_drip(p: Protocol) -> Told:
    rules, delivery = p.infusion, p.delivery
    yield parts(*(stage_words(stage) for stage in rules.stages))
    low, high = rules.duration_min
    yield say("The whole infusion takes {low}–{high} min, pauses included.", low=number(low), high=number(high))
    yield say("Count the drops within {first} min of each new rate, then every {every} min.",
              first=number(delivery.measure_within_min), every=number(delivery.measure_every_min))  # fmt: skip
    if delivery.rate_off_pct is not None:
        yield say("More than {pct} % off the set rate: set the clamp again.", pct=number(delivery.rate_off_pct))
    yield say("Dose reached: end the infusion, even if the bag is not empty.")


def stage_words(stage: Stage) -> Text:
    """“15 min at 20 drops/min (5 in 15 s)”."""
    rates, counted = _span(stage.rate_gtt_min, _plain), _span(stage.rate_gtt_min, _in_15_s)
    if stage.running_min is None:
        return say("then {rates} drops/min ({counted} in {s} s)", rates=rates, counted=counted, s=_COUNTED_S)
    return say("{minutes} min at {rates} drops/min ({counted} in {s} s)", minutes=_plain(stage.running_min), rates=rates,
               counted=counted, s=_COUNTED_S)  # fmt: skip


def _span(ends: tuple[Decimal, Decimal], shown: Callable[[Decimal], str]) -> str:
    return "–".join(dict.fromkeys(map(shown, ends)))


def _in_15_s(rate_gtt_min: Decimal) -> str:
    return str((rate_gtt_min * _COUNTED_S / 60).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def the_checks(p: Protocol) -> Told:
    rules = p.vitals
    yield say("Vital signs at the start, every {n} min after it, and at the end.", n=rules.interval_min)
    yield say("On time: from {early} min before to {late} min after. Missed: more than {missed} min after.",
              early=number(rules.early_min), late=number(rules.late_from_min), missed=number(rules.missed_from_min))  # fmt: skip
    yield say("What was missed stays on the screen until vital signs are taken and the reason is written.")
    yield say("A monitor's value counts for {age} s, a blood pressure for {nibp} min.",
              age=rules.max_age_s, nibp=rules.max_age_nibp_s // 60)  # fmt: skip


def the_limits(p: Protocol) -> Told:
    found = [limits_words(one, far=False) for one in p.vitals.limits if one.vital not in _NOT_BY_HAND]
    if found:
        yield say("Call the doctor beyond: {limits}", limits=parts(*found))
    if p.news2 is not None:
        yield say("NEWS2 from {medium}: call the doctor now. From {high}: stay with the patient, call the emergency team.",
                  medium=p.news2.medium_from, high=p.news2.high_from)  # fmt: skip


def limits_words(found: Limits, far: bool = True) -> Text:
    """“HR 50–120, far 40–150 /min”: open at an end that has no limit."""
    vital = VITALS[found.vital]
    near, beyond = _between(found.low, found.high), _between(found.very_low, found.very_high)
    if not (far and beyond):
        return say("{vital} {near} {unit}", vital=vital.short, near=near, unit=vital.unit_words)
    return say("{vital} {near} (far {far}) {unit}", vital=vital.short, near=near, far=beyond, unit=vital.unit_words)


def _between(low: Decimal | None, high: Decimal | None) -> str:
    if low is not None and high is not None:
        return f"{_plain(low)}–{_plain(high)}"
    if low is not None:
        return f"≥ {_plain(low)}"
    return "" if high is None else f"≤ {_plain(high)}"


def _plain(value: Decimal) -> str:
    """As it was given, without trailing zeros after the point."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def a_reaction(p: Protocol) -> Told:
    yield say(
        "F8, then Enter, stops the drip in every phase. Slow goes to {pct} % of the rate.", pct=number(p.reaction.slow_to_pct)
    )
    yield joined(" · ", p.reaction.steps)
    yield say("After a reaction only an investigator lets the infusion go on, at half the last rate first.")


def afterwards(p: Protocol) -> Told:
    watch = p.observation
    yield say("Flush the line, write down its ml. What is left over is destroyed before a witness.")
    yield say("Observation: {n} min, vital signs every {m} min and at its end.", n=watch.length_min, m=watch.interval_min)
    yield say("Acute reactions are watched for {hours} h after the end.", hours=p.clocks.acute_reactions_h)


def at_the_bench(p: Protocol) -> Told:
    yield say("{cells} cells per kg of the weight that is measured on the day.", cells=cells(p.dose.cells_per_kg))
    yield say("A weight that changed by more than {pct} % is confirmed by a second person.",
              pct=number(p.weight.second_person_above_change_pct))  # fmt: skip
    yield say("A bag holds {cells} cells in {ml} ml; what its label says counts.",
              cells=cells(p.product.cells_per_bag), ml=number(p.product.volume_per_bag_ml))  # fmt: skip
    yield say("Viability at least {pct} %, and every test of the certificate passed.", pct=number(p.product.min_viability_pct))
    yield say("Only a set that gives the dose in {low}–{high} min is offered.",
              low=number(p.infusion.duration_min[0]), high=number(p.infusion.duration_min[1]))  # fmt: skip


def the_trial(p: Protocol) -> Told:
    yield say("A dose-limiting toxicity counts for {days} days. {n} of them in a group stop it.",
              days=p.clocks.dlt_window_days, n=p.escalation.stop_at_dlts)  # fmt: skip
    yield say("A serious adverse event is reported within {hours} h of the site's knowing.", hours=p.clocks.sae_report_h)
    if p.dosing is not None:
        yield say("Doses follow after {days} ± {window} days.", days=p.dosing.interval_days, window=p.dosing.window_days)


def the_keys(_p: Protocol) -> Told:
    yield say("F8 reaction · F2 vital signs · F3 measure the drip · F4 rate · Enter the next thing to do · F12 lock · F1 help")
