"""The head of the page: whose order it is, and the strip of steps."""

from decimal import Decimal

from app.domain.infusion import Infusion, Phase
from app.domain.rules.dispense import weight_needs_confirmation
from app.domain.texts import Text, say
from app.services.words import Words
from ui.views.dispense import Step, bag_counts, planned_bags, set_fits, uncertified
from ui.widgets.identity import Fact, IdentityState
from ui.widgets.stage_strip import Stage

STEPS: tuple[Text, ...] = (
    say("Weight"), say("Dose"), say("Giving set"), say("Bags"), say("Certificate"), say("Release signature"),
    say("Nurse receipt"),
)  # fmt: skip


def change_pct(weight_kg: Decimal, last_kg: Decimal) -> str:
    """The change since the last weight with its sign, %."""
    return f"{(weight_kg - last_kg) * 100 / last_kg:+.1f}".replace("-", "−")


def identity(state: Infusion, measured_by: str, at_bench: str, words: Words) -> IdentityState:
    order = state.order
    group = say("{group} · {n} of {total}", group=order.group, n=order.dose_number,
                total=state.protocol.doses_in(order.group))  # fmt: skip
    facts = [Fact(say("Bed"), order.bed), Fact(say("Group"), group)]
    if state.weight is not None and state.weight_at is not None:
        kg, last = state.weight.weight_kg, state.weight.previous_kg
        facts.append(Fact(say("Weight today"), f"{kg:f} kg"))
        if last is not None:
            facts.append(Fact(say("Last weight"), f"{last:f} kg ({change_pct(kg, last)} %)"))
        facts.append(Fact(say("Measured by"), f"{measured_by} · {words.time(state.weight_at)}"))
    if at_bench:
        facts.append(Fact(say("Pharmacist"), at_bench))
    return IdentityState(order.subject, tuple(facts))


def strip(state: Infusion, step: Step, words: Words) -> tuple[Stage, ...]:
    notes = _notes(state, step, words)
    return tuple(Stage(name, _status(at, step), notes.get(at, "")) for at, name in enumerate(STEPS))  # type: ignore[arg-type]


def _status(at: int, step: Step) -> str:
    if at == step:
        return "current"
    return "done" if at < step else "next" if at == step + 1 else "later"


def _notes(state: Infusion, step: Step, words: Words) -> dict[int, Text | str]:
    found: dict[int, Text | str] = {}
    plan = state.plan
    if plan is None or state.weight is None:
        return found
    if step == Step.WEIGHT and weight_needs_confirmation(state):
        found[0] = say("second person")
    else:
        found[0], found[1] = f"{state.weight.weight_kg:f} kg", words.cells(plan.dose_cells)
    if set_fits(state):
        found[2] = say("{factor} gtt/ml", factor=state.drop_factor)
    scanned, total = bag_counts(state)
    if scanned or step == Step.BAGS:
        found[3] = say("{n} of {total}", n=scanned, total=total)
    if step >= Step.CERTIFICATE:
        planned = planned_bags(state)
        found[4] = say("{n} of {total}", n=len(planned) - len(uncertified(state)), total=len(planned))
    for at, phase in ((5, Phase.RELEASED), (6, Phase.RECEIVED)):
        if phase in state.reached:
            found[at] = words.time(state.reached[phase])
    return found
