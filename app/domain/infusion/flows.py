"""What drips, as the events change it: flows, running time of the stages, and the moments at which the volume is known."""

from datetime import datetime
from decimal import Decimal

from .state import BagState, Basis, Flow, Infusion, Pin, Span


def hung_ml(state: Infusion) -> Decimal:
    """What can have flowed at most: everything in the bags hung so far, less what was read to be left in them."""
    return sum((b.content.volume_ml for b in state.bags.values() if b.hung_at is not None), Decimal(0))


Between = tuple[Decimal, Decimal]
"""At least, at most (ml)."""


def flowed_ml(s: Infusion, bag: BagState) -> Between:
    """What has flowed of a bag that hangs no more: all of it, or what a person's reading at taking it down leaves."""
    if bag.nothing_given:
        return Decimal(0), Decimal(0)
    if bag.taken_down_at is None or bag.left_ml is None:
        return bag.volume_ml, bag.volume_ml
    return _read_ml(s, bag, bag.left_ml)


def _read_ml(s: Infusion, bag: BagState, left_ml: Decimal) -> Between:
    """What has flowed of a bag in which a person reads `left_ml` by eye."""
    off = s.protocol.ending.read_off_ml if s.protocol.ending else Decimal(0)
    given = bag.volume_ml - left_ml
    return max(given - off, Decimal(0)), min(given + off, bag.volume_ml)


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


def pin(s: Infusion, at: datetime, left_ml: Decimal | None = None) -> None:
    """Known anew: every bag that hangs no more, and the hanging one by what a person reads is left in it."""
    hung = (b for b in s.bags.values() if b.hung_at is not None)
    known = [_read_ml(s, b, left_ml) if b.hanging and left_ml is not None else flowed_ml(s, b) for b in hung]
    s.pins.append(Pin(at, sum((least for least, _ in known), Decimal(0)), sum((most for _, most in known), Decimal(0))))
    s.unconfirmed_gap = False
