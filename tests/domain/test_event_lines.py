"""What the timeline says of each fact, word by word: every value that is known stands in it, and nothing that is not."""

from decimal import Decimal as D
from typing import Any

import msgspec
import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.story import WORDS, as_recorded
from app.domain.log import Entry
from app.domain.people.signatures import MEANING_NAMES
from app.domain.texts import say
from app.domain.vitals.own_limits import OwnLimits

from .cast import DAY, EVERYBODY, LI, SHA256, TRIAL, clock, protocol
from .play import Play
from .seeing import plain

PEOPLE = {p.person_id: p.name for p in EVERYBODY}
AT = clock("14:05")

ORDER = e.Ordered("S-001", "12", "", 1, TRIAL.id, "1", SHA256[TRIAL.id], False)
CHECK = e.VitalsRecorded(
    "infusion",
    15,
    (e.VitalEntry("hr", D(82), "typed"), e.VitalEntry("spo2", None, "none"), e.VitalEntry("temp", D("36.75"), "typed")),
    oxygen=False,
    consciousness="A",
    discomfort=False,
)
CERTIFICATE = e.CertificateRecorded("B1", D("94.50"), {"purity": True, "gmp": True}, appearance_ok=True, storage_ok=True)
REACTION = e.ReactionNoted(AT, (), "stop")
FOUND = (say("NEWS2 {score}", score=7), say("heart rate"))
LEAVE: dict[str, Any] = {"authorised_by": "i1", "found": FOUND, "why_allowed": "doctor"}
LEFT = "allowed by Zhao · NEWS2 7, heart rate · doctor's order"


def but(event: e.Fact, **other: object) -> e.Fact:
    return msgspec.structs.replace(event, **other)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (ORDER, "Ordered: subject S-001, bed 12"),
        (but(ORDER, group="B", dose_number=2), "Ordered: subject S-001, bed 12, group B, dose 2"),
        (but(ORDER, prescriber="i1", reason="cannot_wait", practice=True),
         "Ordered: subject S-001, bed 12 · on the order of Zhao · the infusion cannot wait · practice"),
        (but(ORDER, prescriber="i9"), "Ordered: subject S-001, bed 12 · on the order of i9"),
        (e.WeightRecorded(D("70.5")), "Weight 70.5 kg"),
        (e.WeightRecorded(D("70.5"), D("60.0"), True), "Weight 70.5 kg · last time 60.0 kg · unusual, typed twice"),
        (e.BagScanned(e.Bag("B1", "L7", 140_000_000, D("100.0"), DAY)),
         "Bag B1, lot L7 · 1.40 × 10⁸ cells in 100 ml · expires 2026-03-02 00:00 · typed"),
        (e.BagScanned(e.Bag("B1", "L7", 140_000_000, D("99.5"), DAY, "scan", "code_damaged")),
         "Bag B1, lot L7 · 1.40 × 10⁸ cells in 99.5 ml · expires 2026-03-02 00:00 · scanned · code damaged or frosted over"),
        (e.BagScanned(e.Bag("B1", "L7", 140_000_000, D("99.5"), DAY, "typed", "moved")),
         "Bag B1, lot L7 · 1.40 × 10⁸ cells in 99.5 ml · expires 2026-03-02 00:00 · typed · moved"),
        (CERTIFICATE, "Certificate of bag B1: viability 94.5 % · all tests passed"),
        (but(CERTIFICATE, second="p2"), "Certificate of bag B1: viability 94.5 % · all tests passed · read again with Sun"),
        (but(CERTIFICATE, second="p9"), "Certificate of bag B1: viability 94.5 % · all tests passed · read again with p9"),
        (but(CERTIFICATE, tests={"purity": False, "gmp": True}, appearance_ok=False, storage_ok=False),
         "Certificate of bag B1: viability 94.5 % · not passed: purity, appearance, storage and transport"),
        (e.MismatchFound("bag", "B1", "B7", "scan"), "Wrong bag: expected B1, found B7. Full stop. · scanned"),
        (e.MismatchFound("patient", "S-001", "S-002"), "Wrong patient: expected S-001, found S-002. Full stop."),
        (e.MismatchFound("bag", "L1", "L2", "typed", "lot", "B1"),
         "Bag B1: dispensed with lot L1, its label says lot L2. Full stop. · typed"),
        (e.MismatchFound("bag", "2026-03-02T00:00:00+00:00", "2026-04-02T00:00:00+00:00", None, "expiry", "B1"),
         "Bag B1: dispensed with expiry 2026-03-02 00:00, its label says expiry 2026-04-02 00:00. Full stop."),
        (e.PremedicationGiven("Dexamethasone", D("5.0"), AT, "none", dmso_allergy=False, baseline_blood="drawn"),
         "Dexamethasone 5 mg given at 14:05 · allergies: none · no allergy to DMSO · baseline blood drawn"),
        (e.PremedicationGiven("Prednisolone", D("7.5"), AT, "nuts", dmso_allergy=True, baseline_blood="not_due"),
         "Prednisolone 7.5 mg given at 14:05 · allergies: nuts · allergy to DMSO · baseline blood not due"),
        (e.BagChecked("B1", "B1", appearance_ok=True), "Bag B1 checked before hanging: looks right"),
        (e.BagChecked("B1", "B1", False, "mixed", "code_damaged", "S-001"),
         "Bag B1 checked before hanging: does not look right · wristband S-001 · code damaged or frosted over · "
         "partly scanned, partly typed"),
        (e.NextBagChosen("B2", "B1", "n2", "expires_first"),
         "Bag B2 comes next, instead of bag B1 · expires first · second person Wang"),
        (e.NextBagChosen("B2", "B1", "n9", "thawed_by_mistake", is_mix_up=True),
         "Bag B2 was thawed by mistake for bag B1, and comes next · thawed by mistake · second person n9"),
        (e.PreflightDone((e.PreflightItem("power", False, say("plugged in")),)),
         "The laptop was looked over before the start: all well"),
        (e.PreflightDone(
            (e.PreflightItem("power", True, say("on battery")), e.PreflightItem("disk", False, say("room enough")),
             e.PreflightItem("sound", True, say("muted"))), None, "cannot_wait"),
         "The laptop was looked over before the start: on battery, muted · the infusion cannot wait"),
        (e.Started(D("40.0")), "Started at 40 drops/min"),
        (e.Started(D("37.5"), "line", weight_reason="busy", **LEAVE),
         f"Started at 37.5 drops/min · line or cannula · weight of an earlier day: busy with another patient · {LEFT}"),
        (e.SteppedUp(D("55.5")), "Stepped up to 55.5 drops/min"),
        (e.SteppedUp(D(55), "behind", **LEAVE), f"Stepped up to 55 drops/min · to be done in time · {LEFT}"),
        (e.RateMeasured(D("41.0"), "taps", 12), "Rate measured 41 drops/min (taps, 12 drops)"),
        (e.RateMeasured(D("40.5"), "sensor", 20, D(0)), "Rate measured 40.5 drops/min (drop sensor, 20 drops) · spread 0 %"),
        (e.Paused("person", "moved"), "Paused · the patient moved"),
        (e.Paused("reaction"), "Paused because of a reaction"),
        (e.Paused("bag"), "Paused for the bag"),
        (e.Resumed(D("40.0")), "Resumed at 40 drops/min"),
        (e.Resumed(D("40.0"), "i9", "doctor", found=FOUND, why_allowed="seen_to"),
         "Resumed at 40 drops/min · allowed by i9 · doctor's order · NEWS2 7, heart rate · somebody sees to it"),
        (REACTION, "Reaction since 14:05: symptoms not yet noted · infusion stopped"),
        (but(REACTION, symptoms=("chills", "rash"), action="slow", grade=0, steps=("cannot_wait", "x"), called="Zhao",
             text="at once"),
         "Reaction since 14:05: chills, rash · infusion slowed · grade 0 · done: the infusion cannot wait, x · called: Zhao · "
         "at once"),
        (e.ReactionUpdated(AT, ("fever",)), "Reaction since 14:05: fever"),
        (e.ReactionUpdated(
            AT, ("fever",), (e.StepDone("doctor", clock("14:06")), e.StepDone("x", clock("14:07"))), 2, "Zhao", "better",
            clock("14:08"), (e.DrugGiven("Adrenaline", "0.5 mg", clock("14:09")),)),
         "Reaction since 14:05: fever · grade 2 · done: Call the doctor 14:06, x 14:07 · given: Adrenaline 0.5 mg 14:09 · "
         "called: Zhao 14:08 · better"),
        (e.ReactionUpdated(AT, ("fever",), called="Zhao"), "Reaction since 14:05: fever · called: Zhao"),
        (e.ReactionResolved(AT), "Reaction over since 14:05"),
        (e.ReactionResolved(AT, "slept", "sequelae"), "Reaction over since 14:05 · recovered with after-effects · slept"),
        (CHECK, "Vital signs 15 min: HR 82, SpO₂ —, 36.8 °C · no discomfort"),
        (but(CHECK, values=(e.VitalEntry("pr", D(80), "typed"), e.VitalEntry("spo2", D(97), "typed"),
                            e.VitalEntry("nibp_sys", D(118), "typed"), e.VitalEntry("nibp_dia", D(72), "typed"),
                            e.VitalEntry("rr", D(16), "typed")), news2=0, discomfort=True, discomfort_text="cold"),
         "Vital signs 15 min: PR 80, SpO₂ 97 %, 118/72, RR 16 · NEWS2 0 · discomfort: cold"),
        (but(CHECK, values=CHECK.values[:1], news2=3, scale=2, late_reason="busy"),
         "Vital signs 15 min: HR 82 · NEWS2 3 · SpO₂ scale 2 · no discomfort · busy with another patient"),
        (but(CHECK, values=CHECK.values[:1], scale=2), "Vital signs 15 min: HR 82 · no discomfort"),
        (e.InfusionEnded(D("12.0"), "dose_in"), "Infusion ended · 12 ml left in the bag · the dose is in"),
        (e.InfusionEnded(D(0)), "Infusion ended · 0 ml left in the bag"),
        (e.InfusionStopped(None, "patient"), "Infusion stopped for good · what is left was not read · the patient's wish"),
        (e.ObservationClosed("no_reaction"), "Observation closed: no reaction"),
        (e.ObservationClosed("transferred", ("fever", "drowsy"), "doctor", ("checks", "gap")),
         "Observation closed: transferred · fever, drowsy · left undone: vital signs missed, nobody watched, and the bag was not "
         "read · doctor's order"),
        (e.LeftoverDestroyed("B1", D("60.0"), "n2"), "60 ml of bag B1 destroyed, witness Wang"),
        (e.LeftoverDestroyed("B1", D("60.0"), "n9", "spilt"), "60 ml of bag B1 destroyed, witness n9 · spilt"),
        (e.SignatureGiven("performed"), "Signed: performed"),
        (e.SignatureGiven("reviewed", "on_behalf"), "Signed: reviewed · took no part: in charge of the shift"),
        (e.ReactionSigned("reviewed"), "Reaction report signed: reviewed"),
        (e.WatchLost(AT, "slept"), "Nobody watched from 14:05 on: the computer slept"),
        (e.WatchLost(AT, "power", unknown=True), "Nobody watched from 14:05 on: the computer lost power · how long is not known"),
        (e.ElapsedConfirmed(61), "A person says that 1 min 1 s went by unwatched"),
        (e.ElapsedConfirmed(3600), "A person says that 60 min 0 s went by unwatched"),
        (e.LinkFound("COM3", "masimo", simulated=False), "Monitor connected (masimo, COM3)"),
        (e.LinkFound("COM3", "masimo", simulated=True), "Monitor connected (masimo, COM3) · simulated"),
        (e.CommandRefused("StepUp", say("too early")), "Refused (step up): too early"),
        (e.CommandRefused("OfBefore", say("too early")), "Refused (OfBefore): too early"),
        (e.LimitsChanged(
            (OwnLimits("hr", D(50), D(110)), OwnLimits("spo2", D(90))),
            (OwnLimits("hr", D(45), D(120)), OwnLimits("spo2", D(92))), "doctor", from_baseline=True),
         "Alarm limits of this patient: HR 45–120 → 50–110, SpO₂ ≥ 92 → ≥ 90 · from the baseline · doctor's order"),
        (e.LimitsChanged((OwnLimits("hr", D(50), D(110)),), (OwnLimits("hr", D(45), D(120)),), "doctor"),
         "Alarm limits of this patient: HR 45–120 → 50–110 · doctor's order"),
        (e.ScaleOrdered(2, "COPD"), "NEWS2 counts SpO₂ by scale 2 · COPD"),
        (e.AlarmRaised("mismatch", "high", AT), "Alarm: Patient or bag does not match: stop · High priority"),
        (e.AlarmRaised("low_disk", "low", AT, D(90)), "Alarm: Disk nearly full: 90 MB free · Low priority"),
        (e.AlarmRaised("x", "medium", AT, text=say("Look {n}", n=1)), "Alarm: Look 1 · Medium priority"),
    ],
)  # fmt: skip
def test_the_line_of_a_fact(event: e.Fact, line: str) -> None:
    assert plain(WORDS[type(event)](event, Play().state, PEOPLE)) == line


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (e.AlarmAcknowledged("battery", "low"), "Alarm acknowledged: Battery low: 12 %"),
        (e.AlarmReset("battery"), "Alarm reset: Battery low: 12 %"),
        (e.AlarmReset("link"), "Alarm reset: Monitor signal lost"),
        (e.AlarmCleared("battery", "low", AT), "Alarm over since 14:05: Battery low: 12 %"),
        (e.AlarmCleared("battery", "low", AT, 2, D(9)),
         "Alarm over since 14:05: Battery low: 12 % · came 2 times · worst 9"),
    ],
)  # fmt: skip
def test_an_alarm_is_named_as_it_was_raised_last(event: e.Fact, line: str) -> None:
    play = Play()
    for value in (20, 12):
        play.take(e.AlarmRaised("battery", "low", AT, D(value)))
    play.take(e.AlarmRaised("mains", "low", AT))
    assert plain(WORDS[type(event)](event, play.state, PEOPLE)) == line


def test_a_reaction_without_its_protocol_is_told_in_words_that_were_always_known() -> None:
    bare = as_recorded("inf", [Entry("e1", "inf", AT, LI.person_id, ORDER)])
    event = e.ReactionUpdated(AT, ("chills", "tingling"), (e.StepDone("doctor", AT),))
    assert plain(WORDS[e.ReactionUpdated](event, bare, PEOPLE)) == "Reaction since 14:05: chills, tingling · done: doctor 14:05"


@pytest.mark.parametrize("event", [but(REACTION, symptoms=("chills", "rash")), e.ReactionUpdated(AT, ("chills", "rash"))])
def test_a_reaction_is_told_in_the_words_of_its_own_protocol(event: e.Fact) -> None:
    play = Play(protocol(settings={"reaction.symptoms[0].en": "rigors"}))
    assert plain(WORDS[type(event)](event, play.state, PEOPLE)).startswith("Reaction since 14:05: rigors, rash")


@pytest.mark.parametrize("event", [e.SignatureGiven("performed"), e.ReactionSigned("performed")])
def test_what_a_signature_means_is_a_word_that_can_be_translated(event: e.Fact) -> None:
    """In English it is the code itself."""
    line = WORDS[type(event)](event, Play().state, PEOPLE)
    signed = line.params.get("p0", line)
    assert signed.params["meaning"] == MEANING_NAMES["performed"] == say("performed")
