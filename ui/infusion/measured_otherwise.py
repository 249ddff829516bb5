"""What is said of the drip beside the taps: by a drop sensor, by a scale under the bag."""

from decimal import Decimal

from app.domain.errors import Refused
from app.domain.infusion.drops_seen import DropsSeen
from app.domain.texts import Text, number, say
from ui.frame.desk import Desk

_TENTH = Decimal("0.1")


def said_by_sensor(seen: DropsSeen | None) -> Text | str:
    """What a drop sensor says, beside the taps and only taken over by a person."""
    if seen is None:
        return ""
    ml = number(seen.delivered_ml.quantize(_TENTH))
    if seen.counted_gtt_min is None:
        return say("The drop sensor: {ml} ml since {at}.", ml=ml, at=seen.from_at)
    return say("The drop sensor: {n} drops in the last minute are {rate} drops/min; {ml} ml since {at}.",
               n=seen.counted, rate=number(seen.counted_gtt_min.quantize(Decimal(1))), ml=ml, at=seen.from_at)  # fmt: skip


def said_by_scale(desk: Desk, infusion_id: str) -> Text | str:
    """What a scale under the bag says, beside the taps and never in their place."""
    try:
        found = desk.bedside.drip_by_weight(infusion_id)
    except Refused as refusal:
        return refusal.text
    if found is None:
        return ""
    if found.rate_gtt_min is None:
        return say("The scale under the bag: {ml} ml since it was hung.", ml=number(found.delivered_ml))
    return say("The scale under the bag: {rate} drops/min, {ml} ml since it was hung.",
               rate=number(found.rate_gtt_min), ml=number(found.delivered_ml))  # fmt: skip
