"""The situations of the pictures of intent, played by hand: 70 kg, 43½ min in, a gap in the data, three checks done."""

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from datetime import timedelta
from decimal import Decimal
from functools import cache
from math import sin
from typing import Any

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.chapters.bench import ChooseSet, Release
from app.domain.infusion.chapters.drip import MeasureRate, Start, StepUp
from app.domain.infusion.chapters.ending import End, FlushLine
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.chapters.premedication import GivePremedication
from app.domain.infusion.chapters.thaw import CheckBag, HangBag, ThawBag
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.products.parcel import Laptop
from app.services.access.practice_people import cheap_hashes
from app.services.access.seals import Own
from app.services.codes.release_exchange import Exchange
from app.services.ward.ward import ASLEEP_S
from devices.link import LinkState
from tests.accounts import people_of
from tests.domain.cast import CHEN, EVERYBODY, LI, WANG, ZHAO
from tests.domain.play import certificate, vitals
from tests.fakes import HandChain, NoRecords, at_once
from tests.kept import kept
from tests.services.ward import PORT, Ward
from ui.frame.desk import Desk
from ui.kit.look_and_words import Kit

#: everybody's PIN and password
SECRET = "2468"


class Now(Executor):
    """Runs what it is given at once."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@cache
def secret_hash() -> str:
    return cheap_hashes(SECRET).password


def desk_of(ward: Ward, kit: Kit, parent: QWidget) -> Desk:
    """Li is signed in."""
    people = people_of(EVERYBODY, secret_hash(), Now(), at_once)
    exchange = Exchange(ward.bedside, people, lambda: Own(Laptop("store", "Ward 3"), b"k" * 32, ward.bedside.practice), HandChain())
    desk = Desk(kit, ward.bedside, people, exchange, NoRecords(), parent)
    desk.sign_in(LI)
    return desk


# --- the monitor


def watch(ward: Ward, minutes: float, silent: bool = False) -> None:
    """Time goes by with a monitor that speaks every 5 s, its cuff every 5 min; `silent`: nothing arrives.

    The program looks as seldom as it may without having slept.
    """
    end_s, looked_s = ward.clock.steady_s + minutes * 60, ward.clock.steady_s
    while (left := end_s - ward.clock.steady_s) > 0:
        ward.clock.move(seconds=min(5.0, left))
        if not silent:
            speak(ward)
        if ward.clock.steady_s - looked_s >= ASLEEP_S or ward.clock.steady_s >= end_s:
            looked_s = ward.clock.steady_s
            ward.bedside.tick()


def speak(ward: Ward) -> None:
    """One round of values."""
    t = ward.clock.steady_s
    ward.hear_all((code, f"{value:.0f}") for code, value in _round(t))


def _round(t: float) -> Iterator[tuple[str, float]]:
    yield from (("hr", 84 + 3 * sin(t / 150)), ("spo2", 97 + sin(t / 40) / 2), ("rr", 17 + sin(t / 55)))
    if t % 300 < 5:
        sys = 118 + 4 * sin(t / 700)
        yield from (("nibp_sys", sys), ("nibp_dia", sys - 44), ("nibp_map", sys - 29))


def joined(ward: Ward) -> None:
    """Its monitor is there and live."""
    ward.bedside.connect(ward.infusion_id, PORT)
    ward.link(LinkState.LIVE)


# --- the steps; each acts on the infusion the ward speaks for


def ordered(ward: Ward, subject: str, bed: str, group: str = "B") -> None:
    ward.infusion_id = ward.bedside.order(subject, bed, group, 1, ZHAO)


def released(ward: Ward, weight: str, bags: tuple[str, ...]) -> None:
    ward.do(RecordWeight(Decimal(weight)), LI)
    ward.do(ChooseSet(20), CHEN)
    for bag_id in bags:
        ward.do(ScanBag(e.Bag(bag_id, "L", 100_000_000, Decimal(100), ward.bedside.now() + timedelta(days=2))), CHEN)
        ward.do(certificate(bag_id), CHEN)
    ward.do(Release(), CHEN)


def received(ward: Ward) -> None:
    ward.do(Receive(), LI)


def verified(ward: Ward) -> None:
    ids = tuple(ward.state.bags)
    for person in (LI, WANG):
        ward.do(CheckIdentity(ward.state.order.subject, ids), person)


def premedicated(ward: Ward) -> None:
    ward.do(GivePremedication(Decimal(5), ward.bedside.now(), "none", False, "drawn"), LI)


def thawed(ward: Ward, bag_id: str) -> None:
    ward.do(ThawBag(bag_id, ward.bedside.now()), LI)


def looked_at(ward: Ward, bag_id: str) -> None:
    for person in (LI, WANG):
        ward.do(CheckBag(bag_id, bag_id, True), person)


def hung(ward: Ward, bag_id: str) -> None:
    looked_at(ward, bag_id)
    ward.do(HangBag(bag_id), LI)


def checked(ward: Ward) -> None:
    ward.do(vitals(), LI)


def started(ward: Ward) -> None:
    checked(ward)
    ward.do(Start(Decimal(20)), LI)


def stepped_up(ward: Ward, gtt_min: int = 56) -> None:
    checked(ward)
    ward.do(StepUp(Decimal(gtt_min)), LI)


def measured(ward: Ward, gtt_min: int) -> None:
    ward.do(MeasureRate(Decimal(gtt_min), "taps", 6, Decimal(4)), LI)


# --- whole situations


@kept
def new_ward() -> Ward:
    """A ward whose first order was given up; nothing else yet."""
    ward = Ward()
    ward.do(Abandon("ordered twice"), CHEN)
    return ward


def at_the_bed(ward: Ward, subject: str, bed: str, group: str, weight: str, bags: tuple[str, ...]) -> None:
    """Up to pre-medication."""
    ordered(ward, subject, bed, group)
    released(ward, weight, bags)
    ward.wait(minutes=3)
    received(ward)
    verified(ward)
    ward.wait(minutes=2)
    premedicated(ward)


def running(ward: Ward, subject: str, bed: str, group: str, weight: str, bags: tuple[str, ...]) -> None:
    """Up to the start."""
    at_the_bed(ward, subject, bed, group, weight, bags)
    joined(ward)
    watch(ward, 21)
    thawed(ward, bags[0])
    watch(ward, 5)
    hung(ward, bags[0])
    watch(ward, 4)
    started(ward)


def mid_infusion(ward: Ward) -> Ward:
    """B-007, 43½ min after the start."""
    running(ward, "B-007", "12", "B", "70.0", ("UC-2611-043", "UC-2611-044"))
    watch(ward, 0.5)
    measured(ward, 20)
    watch(ward, 14.5)
    stepped_up(ward)
    watch(ward, 0.5)
    measured(ward, 57)
    watch(ward, 8)
    watch(ward, 2, silent=True)
    watch(ward, 4.5)
    checked(ward)
    measured(ward, 54)
    watch(ward, 4)
    thawed(ward, "UC-2611-044")
    looked_at(ward, "UC-2611-044")
    watch(ward, 4)
    measured(ward, 55)
    watch(ward, 5.5)
    return ward


@kept
def begun() -> Ward:
    """B-007 just started, alone on its ward."""
    ward = new_ward()
    running(ward, "B-007", "12", "B", "70.0", ("UC-2611-043", "UC-2611-044"))
    return ward


@kept
def infusing() -> Ward:
    """B-007 mid-infusion, alone on its ward."""
    return mid_infusion(new_ward())


def observed(ward: Ward) -> None:
    """A-004 with one bag of 50 kg: over, its observation begun."""
    running(ward, "A-004", "09", "A", "50.0", ("UC-2611-039",))
    watch(ward, 15)
    stepped_up(ward, 48)
    watch(ward, 15)
    checked(ward)
    watch(ward, 6)
    ward.do(End(Decimal(0)), LI)
    checked(ward)
    ward.do(FlushLine(Decimal(20)), LI)


@kept
def full_ward() -> Ward:
    """Four beds at once: infusing, observed, waiting after pre-medication, just received."""
    ward = new_ward()
    observed(ward)
    over = ward.infusion_id
    mid_infusion(ward)
    infusing = ward.infusion_id
    ward.infusion_id = over
    for why in ("", "busy"):
        ward.do(replace(vitals(), late_reason=why), LI)
    at_the_bed(ward, "C-002", "15", "C", "62.5", ("UC-2611-050", "UC-2611-051"))
    ordered(ward, "A-005", "03", "A")
    released(ward, "48.0", ("UC-2611-060",))
    received(ward)
    ward.infusion_id = infusing
    return ward
