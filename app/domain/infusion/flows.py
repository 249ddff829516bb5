"""What drips, as the events change it: flows, running time of the stages, and the moments at which the volume is known."""

from datetime import datetime
from decimal import Decimal

from .state import Basis, Flow, Infusion, Pin, Span


def hung_ml(state: Infusion) -> Decimal:
    """What can have flowed at most: everything in the bags hung so far, less what was read to be left in them."""
    return sum((b.content.volume_ml for b in state.bags.values() if b.hung_at is not None), Decimal(0))


def run(s: Infusion, at: datetime, rate_gtt_min: Decimal) -> None:
    s.rate_gtt_min, s.rate_set_at = rate_gtt_min, at
    if s.hanging:
        drip(s, at, rate_gtt_min)


def drip(s: Infusion, at: datetime, rate_gtt_min: Decimal) -> None:
    s.spans.append(Span(s.stage, at))
    flow(s, at, rate_gtt_min, "set")


def stop_drip(s: Infusion, at: datetime) -> None:
    """Nothing drips: neither volume nor the stage's running time goes on."""
    stop_flow(s, at)
    _stop_span(s, at)


def flow(s: Infusion, at: datetime, rate_gtt_min: Decimal, basis: Basis) -> None:
    stop_flow(s, at)
    s.flows.append(Flow(at, rate_gtt_min, basis))


def stop_flow(s: Infusion, at: datetime) -> None:
    if s.flows and s.flows[-1].end is None:
        s.flows[-1].end = max(at, s.flows[-1].start)


def _stop_span(s: Infusion, at: datetime) -> None:
    if s.spans and s.spans[-1].end is None:
        s.spans[-1].end = at


def pin(s: Infusion, at: datetime, given_ml: Decimal) -> None:
    given_ml = max(Decimal(0), given_ml)
    s.pins.append(Pin(at, given_ml, given_ml))
    s.unconfirmed_gap = False
