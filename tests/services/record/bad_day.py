"""A bad day: a bag that leaks is taken down and another one brings the rest, a reaction stops the drip, vital signs beyond
their limits, with an answer and without, checks missed, a value corrected, the observation closed early."""

from datetime import timedelta
from decimal import Decimal

from app.domain.infusion import facts as e
from app.domain.infusion.story import replay
from app.domain.log import Entry, Event, encode
from app.domain.people.roles import Person
from app.domain.protocol import Protocol
from app.domain.streams import decode
from app.domain.vitals.news2 import score_of
from app.services.record.source import ChainHead, RecordSource, SampleRow
from devices.models import MODELS

from .story import CHEN, LIN, ORDERED, PEOPLE, WANG, ZHAO, at

D = Decimal
Step = tuple[Event, Person | None, float]
PORT = "/tmp/bedside-4711/pty"
NORMAL = {"hr": "84", "spo2": "97", "nibp_sys": "118", "nibp_dia": "74", "nibp_map": "89", "rr": "16", "temp": "36.8"}


def check(period: str, slot: int | None, monitor: bool = True, **other: str) -> e.VitalsRecorded:
    source = "monitor" if monitor else "typed"
    age = 5 if monitor else None
    values = tuple(e.VitalEntry(k, D(v), source, age) for k, v in {**NORMAL, **other}.items())  # type: ignore[arg-type]
    score = score_of({v.vital: v.value for v in values}, False, "A")
    return e.VitalsRecorded(period, slot, values, False, "A", False, "", score)  # type: ignore[arg-type]


def _bag(bag_id: str, cells: int) -> e.BagScanned:
    return e.BagScanned(e.Bag(bag_id, "L2611-07", cells, D(100), at(60 * 24 * 90), "scan"))


def _bench(protocol: Protocol) -> list[Step]:
    good = dict.fromkeys(protocol.product.certificate_tests, True)
    return [
        (e.WeightRecorded(D("73.3"), D("72.9")), LIN, -58), (e.SetChosen(20), CHEN, -57),
        (_bag("UC-1", 93_000_001), CHEN, -56), (e.CertificateRecorded("UC-1", D("91.3"), good, True, True), CHEN, -55),
        (_bag("UC-2", 107_000_003), CHEN, -54), (e.CertificateRecorded("UC-2", D("90.7"), good, True, True), CHEN, -53),
        (e.Released(), CHEN, -50), (e.Received(), LIN, -48),
        (e.IdentityChecked("S-019", ("UC-1", "UC-2"), "scan"), LIN, -46),
        (e.IdentityChecked("S-019", ("UC-1", "UC-2"), "scan"), WANG, -45), (e.IdentityVerified(), WANG, -45),
        (e.PremedicationGiven("Dexamethasone", D(5), at(-40), "none", False, "drawn"), LIN, -40),
        (e.LinkFound(PORT, "datex-s5", False), None, -38),
        (e.BagThawed("UC-1", at(-12)), LIN, -12), (e.BagChecked("UC-1", "UC-1", True), LIN, -8),
        (e.BagChecked("UC-1", "UC-1", True), WANG, -7), (e.BagHung("UC-1"), LIN, -5),
        (check("infusion", 0), LIN, -2),
    ]  # fmt: skip


def _running(protocol: Protocol) -> list[Step]:
    good = dict.fromkeys(protocol.product.certificate_tests, True)
    stop = e.ReactionNoted(at(24), ("chills", "hypotension"), "stop", 2, (), "Dr Zhao", "shivers, pale")
    return [
        (e.Started(D(20)), LIN, 0), (e.RateMeasured(D("20.7"), "taps", 6, D("2.2")), LIN, 3),
        (check("infusion", 15), LIN, 15.5), (e.SteppedUp(D(56)), LIN, 16),
        (e.RateMeasured(D("55.3"), "taps", 9, D("3.1")), LIN, 18), (e.LinkLost(PORT, "datex-s5"), None, 19),
        (stop, LIN, 24.5), (e.Paused("reaction"), LIN, 24.5),
        (check("infusion", 30, hr="132", nibp_sys="78", nibp_map="58", temp="38.4", spo2="88"), LIN, 31),
        (e.ReactionUpdated(at(24), ("chills", "hypotension"), (e.StepDone("doctor", at(26)),), 2, "Dr Zhao", "saline"), LIN, 33),
        (e.ReactionResolved(at(38), "warm, pressure back"), LIN, 39),
        (e.Resumed(D(40), ZHAO.person_id, "better"), LIN, 40),
        (e.BagTakenDown("UC-1", D("62.7"), "leak"), LIN, 41),
        (_bag("UC-3", 99_000_000), CHEN, 43), (e.CertificateRecorded("UC-3", D("93.0"), good, True, True), CHEN, 44),
        (e.BagReleased("UC-3"), CHEN, 44.5), (e.BagVerified("UC-3", "S-019", "UC-3"), LIN, 45),
        (e.BagVerified("UC-3", "S-019", "UC-3"), WANG, 45.5),
        (e.BagThawed("UC-2", at(46)), LIN, 46), (e.BagChecked("UC-2", "UC-2", True), LIN, 48),
        (e.BagChecked("UC-2", "UC-2", True), WANG, 48.5), (e.BagHung("UC-2"), LIN, 49),
        (e.RateMeasured(D("41.3"), "count", 10), LIN, 51),
        (check("infusion", 60, hr="47"), LIN, 61), (e.InfusionStopped(D("71.9"), "doctor"), LIN, 77),
    ]  # fmt: skip


def _after() -> list[Step]:
    return [
        (e.LineFlushed(D(20)), LIN, 78), (e.LeftoverDestroyed("UC-1", D("62.7"), WANG.person_id), LIN, 80),
        (e.LeftoverDestroyed("UC-2", D("71.9"), WANG.person_id), LIN, 80.5),
        (check("observation", 30, False, hr="121"), LIN, 107),
        (e.ObservationClosed("reaction_resolved", ("doctor_informed",), "transferred"), LIN, 140),
        (e.SignatureGiven("performed"), LIN, 142), (e.SignatureGiven("reviewed"), ZHAO, 150), (e.InfusionSigned(), ZHAO, 150),
    ]  # fmt: skip


def _corrected(entries: list[Entry]) -> Event:
    last = next(x for x in reversed(entries) if isinstance(x.event, e.LineFlushed))
    return e.Corrected(last.event_id, "volume_ml", '"20"', '"25"', "misread")


def bad_day(protocol: Protocol) -> RecordSource:
    order = e.Ordered("S-019", "7", "A", 1, protocol.id, protocol.version, "5f" * 32, False)
    entries = [Entry("e0", "i-9", ORDERED, ZHAO.person_id, order)]
    for event, who, minute in (*_bench(protocol), *_running(protocol), *_after()):
        if isinstance(event, e.SignatureGiven) and event.meaning == "performed":
            entries.append(_entry(len(entries), _corrected(entries), LIN, minute - 1))
        entries.append(_entry(len(entries), event, who, minute))
    state = replay("i-9", entries, protocol)
    monitors = {name: model.label for name, model in MODELS.items()}
    now = entries[-1].at + timedelta(minutes=2)
    return RecordSource(state, entries, PEOPLE, _samples(), ChainHead(97, "c4" * 32), "ward-1", "0.1.0", now, monitors)


def _entry(number: int, event: Event, who: Person | None, minute: float) -> Entry:
    return Entry(f"e{number}", "i-9", at(minute), who.person_id if who else None, decode("infusion", encode(event)))


def _samples() -> list[SampleRow]:
    """Until the cable is pulled, and again from the reaction on."""
    times = [at(step / 6) for step in range(-60, 840) if not 19 <= step / 6 < 23.5]
    return [row for when in times for row in (("hr", when, D(96)), ("spo2", when, D(93)))]
