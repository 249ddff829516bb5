"""Small questions that several rules ask."""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import BagState, Infusion
from app.domain.people.roles import CLINICAL, ROLE_NAMES, Person, Role
from app.domain.texts import Text, say


def role(by: Person, allowed: Collection[Role]) -> None:
    """Refuse a person whose role may not do this."""
    if by.role not in allowed:
        names = tuple(ROLE_NAMES[r] for r in Role if r in allowed)
        who = names[0] if len(names) == 1 else say("{first} or {second}", first=names[0], second=names[1])
        raise Refused(say("This needs another role: {who}.", who=who))


def witness(who: Person, by: Person) -> None:
    """Refuse who did it themselves, and whose role acts on no infusion."""
    if who.person_id == by.person_id:
        raise Refused(say("The witness must be another person."))
    role(who, CLINICAL)


def phase(state: Infusion, allowed: Collection[Phase], why: Text) -> None:
    if state.phase not in allowed:
        raise Refused(why)


def bag(state: Infusion, bag_id: str) -> BagState:
    found = state.bags.get(bag_id)
    if found is None:
        raise Refused(say("Bag {bag} does not belong to this infusion.", bag=bag_id))
    if not found.usable:
        raise Refused(say("Bag {bag} was set aside and must not be used.", bag=bag_id))
    return found


def reason(text: str) -> str:
    if not text.strip():
        raise Refused(say("Give a reason."))
    return text.strip()


def clock_slack(state: Infusion) -> timedelta:
    """Times are typed to the minute, and two clocks seldom agree: how far ahead a typed one may lie."""
    ward = state.protocol.ward
    return timedelta(minutes=float(ward.clock_slack_min)) if ward else timedelta(0)


def not_future(state: Infusion, at: datetime, now: datetime) -> datetime:
    if at > now + clock_slack(state):
        raise Refused(say("{at} lies in the future.", at=at))
    return min(at, now)


def within(value: Decimal, ends: e.Range) -> bool:
    """Whether a number lies in a range, both ends included; what is not a number does not."""
    return value.is_finite() and ends[0] <= value <= ends[1]


def possible_rate(gtt_min: Decimal) -> Decimal:
    if not within(gtt_min, e.RATES_GTT_MIN):
        raise Refused(say("{rate} is not a possible drip rate.", rate=gtt_min))
    return gtt_min


def no_mismatch(state: Infusion) -> None:
    if state.mismatch is not None:
        raise Refused(say("Patient or bag did not match. Check again before going on."))


def left_in_bag(state: Infusion, left_ml: Decimal) -> Decimal:
    """What a person reads of the hanging bag."""
    most = state.hanging.volume_ml if state.hanging else Decimal(0)
    if not within(left_ml, (Decimal(0), most)):
        raise Refused(say("Between 0 and {most} ml can be left in the bag.", most=most))
    return left_ml
