"""Every event has its line, in words a nurse would use."""

from datetime import timedelta
from decimal import Decimal
from typing import get_args

import msgspec
import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.chapters import corrections, identity
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import RULES
from app.domain.log import Entry, Event, encode
from app.domain.protocol import Protocol
from app.domain.streams import decode
from app.domain.texts import Dated, say
from app.services.words.event_words import describe, monitor_named
from app.services.words.words import Words

from .one_of_each import AT, BAG, EVENTS, VALUES

PEOPLE = {"p1": "Lin", "p2": "Wang Wei", "p3": "Dr Chen"}


def line(event: Event, state: Infusion) -> str:
    return Words("en").tr(describe(Entry("e9", "i1", AT, "p1", event), state, PEOPLE))


@pytest.fixture
def state(protocol: Protocol) -> Infusion:
    order = EVENTS[0]
    assert isinstance(order, e.Ordered)
    first = Entry("e1", "i1", AT, "p1", order)
    return Infusion("i1", order, protocol, AT, "p1", entries=[first])


def test_there_is_one_of_each() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(e.InfusionEvent))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_has_one_whole_line(event: e.InfusionEvent, state: Infusion) -> None:
    said = line(event, state)
    assert said
    assert said == said.strip()
    assert not any(mark in said for mark in "{}\n")
    assert "Decimal" not in said
    assert "Text(" not in said


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_read_back_says_the_same(event: e.InfusionEvent, state: Infusion) -> None:
    assert line(decode("infusion", encode(event)), state) == line(event, state)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (e.BagHung("UC-2611-043"), "Bag UC-2611-043 hung"),
        (EVENTS[30], "Vital signs 15 min: HR 82, SpO₂ 97 %, 118/74, RR 16, 36.8 °C · NEWS2 0 · no discomfort"),
        (EVENTS[21], "Rate measured 55 drops/min (taps, 6 drops) · spread 3.1 %"),
        (EVENTS[20], "Rate set to 52 drops/min · reaction"),
        (EVENTS[33], "Line flushed with 20 ml"),
        (EVENTS[34], "60 ml of bag UC-2611-045 destroyed, witness Wang Wei"),
        (e.HandedOver("p7"), "Handed over to p7"),
        (
            e.Started(Decimal(20), "", "p3", "no scale", found=(say("NEWS2 {score}", score=7),), why_allowed="known"),
            "Started at 20 drops/min · weight of an earlier day: no scale · allowed by Dr Chen · NEWS2 7 · known",
        ),
        (
            e.SteppedUp(Decimal(56), "behind", "p3", found=(say("NEWS2 {score}", score=7),), why_allowed="known"),
            "Stepped up to 56 drops/min · to be done in time · allowed by Dr Chen · NEWS2 7 · known",
        ),
        (
            e.Ordered("S-1", "12", "B", 1, "p", "1", "0", False, "p3", ("second",), "stopped early"),
            "Ordered: subject S-1, bed 12, group B, dose 1 · on the order of Dr Chen · stopped early",
        ),
        (e.NoteAdded("{odd} 中文"), "Note: {odd} 中文"),
        (e.IdentityChecked("S-017", ("U1",), "scan"), "Identity check: patient S-017, bags U1 · scanned"),
        (e.BagChecked("U1", "U1", True, "typed"), "Bag U1 checked before hanging: looks right · typed"),
        (e.BagChecked("U1", "U1", False), "Bag U1 checked before hanging: does not look right"),
        (e.MismatchFound("patient", "S-017", "S-018"), "Wrong patient: expected S-017, found S-018. Full stop."),
        (e.Corrected("e0", "oxygen", "false", "true", "r"), "Correction of —: oxygen “no” is now “yes” · r"),
        (
            e.Corrected("e0", "symptoms", '["rash"]', '["rash", "cold hands"]', "r"),
            "Correction of —: symptoms “rash” is now “rash, cold hands” · r",
        ),
        (
            e.VitalsRecorded("infusion", None, VALUES[:1], None, None, False),
            "Vital signs at the end: HR 82 · no discomfort",
        ),
        (
            e.MismatchFound("bag", "U1", "U2", "mixed"),
            "Wrong bag: expected U1, found U2. Full stop. · partly scanned, partly typed",
        ),
        (
            e.MismatchFound("bag", "L1", "L2", "scan", "lot", "U1"),
            "Bag U1: dispensed with lot L1, its label says lot L2. Full stop. · scanned",
        ),
        (
            e.MismatchFound("bag", AT.isoformat(), (AT + timedelta(days=1)).isoformat(), None, "expiry", "U1"),
            "Bag U1: dispensed with expiry 2026-11-22 14:15, its label says expiry 2026-11-23 14:15. Full stop.",
        ),
    ],
)
def test_lines(event: e.InfusionEvent, said: str, state: Infusion) -> None:
    assert line(event, state) == said


def test_a_refusal_read_back_says_the_same_texts_and_times(state: Infusion) -> None:
    why = say("{bag} until {at}: {why}", bag="U1", at=Dated(AT), why=say("since {at}", at=AT))
    refused = e.CommandRefused("ThawBag", why)
    said = line(refused, state)
    assert said == f"Refused (thaw a bag): U1 until {AT.astimezone():%Y-%m-%d %H:%M}: since {AT.astimezone():%H:%M}"
    assert line(decode("infusion", encode(refused)), state) == said
    assert line(e.CommandRefused("Unheard", say("no")), state) == "Refused (Unheard): no"


def test_what_differs_is_told_as_a_person_reads_it() -> None:
    assert identity.mismatch_values(e.MismatchFound("bag", "U1", "")) == ("U1", "—")


def test_a_typed_label_says_why_it_was_not_scanned(state: Infusion) -> None:
    said = line(e.BagScanned(msgspec.structs.replace(BAG, entry="typed", reason="code_damaged")), state)
    assert said.endswith("typed · code damaged or frosted over")


def test_a_missing_value_is_a_dash(state: Infusion) -> None:
    spo2 = e.VitalEntry("spo2", None, "none", None, "sensor_off")
    check = e.VitalsRecorded("extra", None, (spo2,), None, None, True, "cold")
    assert line(check, state) == "Extra vital signs: SpO₂ — · discomfort: cold"


def test_a_correction_shows_both_values(state: Infusion) -> None:
    said = line(EVENTS[41], state)
    local = [(AT - timedelta(minutes=n)).astimezone().strftime("%H:%M") for n in (0, 10)]
    assert "time given" in said
    assert all(value in said for value in (*local, "typed wrongly"))


def test_no_allergies_are_none_and_not_missing() -> None:
    found = corrections.correction(e.Corrected("e1", "allergies", '"none"', '"penicillin"', "r"))
    assert (Words().tr(found.old), found.new) == ("none", "penicillin")


def test_a_correction_of_vital_signs_shows_only_what_differs() -> None:
    before = msgspec.json.encode([e.VitalEntry("hr", None, "none", None, "x"), e.VitalEntry("rr", None, "none")])
    after = msgspec.json.encode([e.VitalEntry("hr", None, "none", None, "y"), e.VitalEntry("rr", None, "none")])
    found = corrections.correction(e.Corrected("e1", "values", before.decode(), after.decode(), "r"))
    assert "RR" not in Words().tr(found.old)


def test_every_correctable_field_and_every_command_has_a_name() -> None:
    assert {field for kind in get_args(e.InfusionEvent) for field in kind.correctable} <= set(corrections.FIELDS)
    assert set(Command.__subclasses__()) == set(RULES)
    assert all(command.title.msgid for command in RULES)


def test_a_monitor_is_called_by_its_name_and_its_port_without_a_folder(state: Infusion) -> None:
    for port, shown in (
        ("/dev/ttyUSB0", "ttyUSB0"),
        ("/tmp/x/datex-s5", "—"),
        ("socket://10.0.0.7:4601", "socket://10.0.0.7:4601"),
    ):
        entry = Entry("e9", "i1", AT, None, e.LinkLost(port, "datex-s5"))
        told = Words("en").tr(describe(monitor_named(entry, str.upper), state, PEOPLE))
        assert told == f"Connection to the monitor lost (DATEX-S5, {shown})"
