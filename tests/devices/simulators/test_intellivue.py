"""The simulated IntelliVue: it negotiates for real, and says what the patient has."""

import itertools
from collections.abc import Callable
from decimal import Decimal

import pytest

from app.domain.vitals.vital_signs import NIBP, Quality, Sample
from devices.protocols.intellivue import association as session
from devices.protocols.intellivue import data_pdu as pdu
from devices.protocols.intellivue import mib, polls
from devices.protocols.intellivue.association import TICKS_PER_S, AssociationMessage, AssociationTerms
from devices.protocols.intellivue.decoder import IntelliVue
from devices.protocols.intellivue.dialogue import IntelliVueDialogue
from devices.protocols.intellivue.observed_values import MeasurementState
from devices.protocols.intellivue.simulator import IntelliVueMonitor
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

FAST = AssociationTerms(2500, 1000, 1000, session.POLL_EVERY_SECOND)
POLL = polls.poll(5, 1, pdu.METRIC, pdu.ALL_GROUPS)
MTUS = (300, 996)


class Client:
    """Speaks to a monitor by hand."""

    def __init__(self, *faults: tuple[str, float], mark: int = 0) -> None:
        self.faults = MonitorFaults()
        for name, at_s in faults:
            self.faults.add(name, at_s)
        self.monitor = IntelliVueMonitor(Patient(1), self.faults, mark=mark)

    def say(self, data: bytes, now_s: float) -> list[bytes]:
        self.monitor.hear(mib.framed(data), now_s)
        return self.hear(now_s)

    def hear(self, now_s: float) -> list[bytes]:
        return [frame.data for frame in mib.MibFrames().feed(b"".join(self.monitor.due(now_s)))]

    def associate(self, now_s: float = 0.0, terms: AssociationTerms = FAST) -> None:
        _, told = self.say(session.request(terms), now_s)
        created = pdu.message(told)
        assert isinstance(created, pdu.MdsCreated)
        assert self.say(polls.created_answer(created), now_s) == []


class Bed:
    """A monitor, and the real dialogue and decoder at its other end, four times a second."""

    def __init__(self, *faults: tuple[str, float], mark: int = 0, extended: bool = False) -> None:
        self.patient, self.faults = Patient(1), MonitorFaults()
        for name, at_s in faults:
            self.faults.add(name, at_s)
        self.monitor = IntelliVueMonitor(self.patient, self.faults, mark=mark)
        self.decoder = IntelliVue()
        self.dialogue = IntelliVueDialogue(self.decoder, extended)
        self.said = self.dialogue.on_open(0.0)
        self.now_s = 0.0
        self.requests = 0

    def run(self, until_s: float, is_cut: Callable[[float], bool] = lambda _now_s: False) -> list[tuple[float, Sample]]:
        """Samples with the second of their arrival."""
        found = []
        while self.now_s < until_s:
            self.requests += any(f.data[0] == session.AssociationKind.REQUEST for f in mib.MibFrames().feed(self.said))
            self.monitor.hear(b"" if is_cut(self.now_s) else self.said, self.now_s)
            frames = [self.faults.damaged(frame, self.now_s) for frame in self.monitor.due(self.now_s)]
            heard = b"" if is_cut(self.now_s) else b"".join(frames)
            found += [(self.now_s, sample) for sample in self.decoder.feed(heard)]
            self.said = self.dialogue.tick(self.now_s)
            self.now_s += 0.25
        return found


def kinds(messages: list[bytes]) -> list[str]:
    """Names of what a monitor said."""
    said = [session.said(data) or pdu.message(data) for data in messages]
    return [one.kind.name.lower() if isinstance(one, AssociationMessage) else type(one).__name__ for one in said]


class TestSession:
    def test_it_is_silent_until_associated(self) -> None:
        client = Client()
        assert (client.say(POLL, 0.0), client.monitor.next_s()) == ([], None)
        assert client.hear(99.0) == []
        assert kinds(client.say(session.request(FAST), 100.0)) == ["accept", "MdsCreated"]

    def test_it_waits_until_its_start_is_confirmed(self) -> None:
        client = Client()
        _, told = client.say(session.request(FAST), 0.0)
        assert client.say(POLL, 1.0) == []
        created = pdu.message(told)
        assert isinstance(created, pdu.MdsCreated)
        assert client.say(polls.created_answer(created._replace(invoke=created.invoke + 1)), 1.1) == []
        assert client.say(POLL, 1.2) == []
        assert client.say(polls.created_answer(created), 2.0) == []
        assert kinds(client.say(POLL, 2.1))[-1] == "PollResult"

    def test_a_start_that_nobody_confirms_ends_it(self) -> None:
        client = Client()
        client.say(session.request(FAST), 0.0)
        assert client.monitor.next_s() == 10.0
        assert (client.hear(9.9), kinds(client.hear(10.0))) == ([], ["abort"])
        assert client.monitor.next_s() is None

    def test_a_second_association_is_refused_and_the_first_goes_on(self) -> None:
        client = Client()
        client.associate()
        assert client.say(session.request(FAST), 1.0) == [session.REFUSE]
        assert kinds(client.say(POLL, 2.0))[-1] == "PollResult"

    def test_a_request_without_terms_is_refused(self) -> None:
        assert Client().say(session.request(FAST)[:90], 1.0) == [session.REFUSE]

    @pytest.mark.parametrize(("period_s", "patience_s"), [(0.3, 10.0), (10, 30.0), (60, 130.0)])
    def test_it_ends_an_association_that_is_silent_for_as_long_as_was_agreed(self, period_s: float, patience_s: float) -> None:
        client = Client()
        client.associate(0.0, FAST._replace(min_poll_ticks=int(period_s * TICKS_PER_S)))
        client.say(POLL, 5.0)
        assert (client.hear(4.9 + patience_s), client.hear(5.0 + patience_s)) == ([], [session.ABORT])
        assert client.say(POLL, 6.0 + patience_s) == []

    def test_the_association_of_a_client_that_vanished_keeps_the_next_one_out_for_a_while(self) -> None:
        client = Client()
        client.associate()
        assert client.say(session.request(FAST), 9.0) == [session.REFUSE]
        assert kinds(client.say(session.request(FAST), 10.0)) == ["abort", "accept", "MdsCreated"]

    def test_release_and_abort_make_it_free_again(self) -> None:
        client = Client()
        assert client.say(session.RELEASE, 0.0) == []
        for ending, answers in ((session.RELEASE, [session.RELEASED]), (session.ABORT, [])):
            client.associate()
            assert client.say(ending, 1.0) == answers
            assert client.monitor.next_s() is None

    def test_what_makes_no_sense_is_passed_over(self) -> None:
        client = Client()
        client.associate()
        for data in (b"?", b"\xe1\x00\x00\x02\x00", polls.poll(1, 1, pdu.METRIC, pdu.STATIC_GROUP)[:-1]):
            assert client.say(data, 1.0) == []

    def test_other_groups_and_objects_have_empty_answers(self) -> None:
        client = Client()
        client.associate()
        for kind, group in ((pdu.METRIC, pdu.STATIC_GROUP), (pdu.ALERTS, pdu.ALL_GROUPS)):
            (said,) = client.say(polls.poll(1, 1, kind, group), 1.0)
            result = pdu.message(said)
            assert isinstance(result, pdu.PollResult)
            assert result.objects == ()

    @pytest.mark.parametrize("wish", [1, 300, 700, 996, 1400])
    def test_linked_results_keep_to_the_agreed_length(self, wish: int) -> None:
        client = Client()
        client.associate(0.0, FAST._replace(mtu_rx=wish))
        answers = client.say(POLL, 1.0)
        granted = min(MTUS[1], max(MTUS[0], wish))
        assert len(answers) > 2
        assert granted - 120 < max(map(len, answers)) <= granted
        assert [data[5] for data in answers] == [5] * (len(answers) - 1) + [2]

    def test_an_extended_poll_streams_every_second_until_its_time_is_over(self) -> None:
        client = Client()
        client.associate(0.0, FAST._replace(min_poll_ticks=60 * TICKS_PER_S))
        asked = polls.extended_poll(1, 1, pdu.METRIC, pdu.ALL_GROUPS, 4 * TICKS_PER_S)
        first = client.say(asked, 1.0)
        streamed = [bool(client.hear(1.0 + n / 2)) for n in range(1, 12)]
        assert (bool(first), streamed) == (True, [n % 2 == 0 and n <= 8 for n in range(1, 12)])

    def test_at_high_speed_answers_are_left_out(self) -> None:
        client = Client()
        client.associate()
        assert (client.monitor.thin(0.5), client.monitor.thin(7.5)) == (False, True)
        assert client.say(POLL, 1.0) != []
        assert (client.say(POLL, 2.0), client.monitor.next_s()) == ([], 8.5)
        assert client.hear(8.5) != []
        assert client.monitor.next_s() == 2.0 + 30 * 7.5


class TestWithDialogue:
    @pytest.mark.uncounted
    def test_the_decoder_reads_back_what_the_patient_has(self) -> None:
        bed = Bed()
        for at_s, sample in bed.run(1200.0):
            vitals = bed.patient.vitals(at_s)
            wanted = {"hr": vitals.hr, "spo2": vitals.spo2, "rr": vitals.rr, "temp": Decimal(f"{vitals.temp:.1f}")}
            if sample.vital in wanted or (sample.vital == "pr" and sample.source == "pleth"):
                assert (sample.value, sample.quality) == (wanted.get(sample.vital, vitals.hr), Quality.OK)
        assert (bed.decoder.bad, bed.decoder.noise_bytes, bed.requests) == (0, 0, 1)

    @pytest.mark.uncounted
    def test_single_and_extended_polls_give_values_at_their_pace(self) -> None:
        for extended, least, most in ((False, 58, 62), (True, 290, 302)):
            beats = [at_s for at_s, sample in Bed(extended=extended).run(300.0) if sample.vital == "hr"]
            assert least <= len(beats) <= most

    @pytest.mark.uncounted
    def test_its_times_run_on_when_its_ticks_begin_again(self) -> None:
        times = [sample.device_time for _, sample in Bed().run(1500.0) if sample.vital == "hr"]
        seconds = [(b - a).total_seconds() for a, b in itertools.pairwise(times) if a and b]
        assert len(seconds) == len(times) - 1
        assert all(4.9 <= second <= 5.6 for second in seconds)

    def test_a_pressure_is_old_then_measured_then_early_then_new_then_repeated(self) -> None:
        seen: list[tuple[str, int]] = []
        for at_s, sample in Bed().run(400.0):
            if sample.vital == "nibp_sys" and (not seen or seen[-1][0] != sample.quality):
                seen.append((sample.quality, round(at_s)))
        assert seen == [
            ("ok", 0), ("stale", 5), ("measuring", 20), ("ok", 50), ("stale", 55), ("measuring", 320), ("ok", 350),
            ("stale", 355),
        ]  # fmt: skip

    def test_a_new_pressure_is_what_the_cuff_found_with_its_own_time(self) -> None:
        bed = Bed()
        found = [(at_s, s) for at_s, s in bed.run(70.0) if s.vital in NIBP and at_s > 1 and s.quality is Quality.OK]
        assert tuple(int(s.value or 0) for _, s in found) == bed.patient.pressure(50.0)
        ages = {(s.device_time - s.measured_at).total_seconds() for _, s in found if s.device_time and s.measured_at}
        assert all(0 <= age < 3 for age in ages)

    def test_a_failed_measurement_leaves_the_old_pressure_standing(self) -> None:
        bed = Bed(("nibp-fail", 100.0))
        new = [at_s for at_s, s in bed.run(700.0) if s.vital == "nibp_sys" and s.quality is Quality.OK]
        assert [round(at_s) for at_s in new] == [0, 50, 650]

    @pytest.mark.parametrize(
        ("fault", "touched", "quality"),
        [
            ("sensor-off", {("spo2", "pleth"), ("pr", "pleth")}, Quality.UNAVAILABLE),
            ("searching", {("spo2", "pleth"), ("pr", "pleth")}, Quality.QUESTIONABLE),
            ("lead-off", {("hr", "ecg"), ("rr", "impedance")}, Quality.INVALID),
        ],
    )
    def test_faults_of_sensors(self, fault: str, touched: set[tuple[str, str]], quality: Quality) -> None:
        samples = [s for _, s in Bed((fault, 10.0)).run(15.0) if s.frame > 6 and s.source != "nibp"]
        assert {(s.vital, s.source) for s in samples if s.quality is quality} == touched
        assert {s.quality for s in samples if (s.vital, s.source) not in touched} == {Quality.OK}

    @pytest.mark.parametrize(("fault", "quality"), [("demo", Quality.DEMO), ("test", Quality.TEST)])
    def test_demo_and_test_are_marked_on_every_number(self, fault: str, quality: Quality) -> None:
        samples = [s for _, s in Bed((fault, 0.0)).run(4.0)]
        assert len(samples) == 9
        assert {s.quality for s in samples} == {quality}

    def test_rule_1_unless_told_otherwise_it_marks_itself_in_two_ways(self) -> None:
        monitor, decoder = IntelliVueMonitor(Patient(), MonitorFaults()), IntelliVue()
        dialogue = IntelliVueDialogue(decoder)
        said, samples = dialogue.on_open(0.0), []
        for n in range(120):
            monitor.hear(said, n / 4)
            samples += decoder.feed(b"".join(monitor.due(n / 4)))
            said = dialogue.tick(n / 4)
        assert {s.quality for s in samples} == {Quality.DEMO, Quality.STALE, Quality.MEASURING}
        assert decoder.unmapped["model"].endswith("SIMULATOR")

    def test_units_of_other_lands(self) -> None:
        samples = {s.vital: s for _, s in Bed(("kpa", 0.0), ("fahrenheit", 0.0)).run(4.0)}
        assert str(samples["nibp_sys"].original).endswith(" kPa")
        assert str(samples["temp"].original).endswith(" °F")
        assert samples["nibp_sys"].unit == "mmHg"
        assert abs(float(samples["nibp_sys"].value or 0) - Patient(1).pressure(-250.0).sys) < 0.5
        assert abs(float(samples["temp"].value or 0) - Patient(1).vitals(0.0).temp) < 0.1

    def test_an_error_reply_costs_a_poll_and_nothing_else(self) -> None:
        bed = Bed(("error-reply", 18.0))
        beats = [round(at_s) for at_s, s in bed.run(60.0) if s.vital == "hr"]
        assert [b - a for a, b in itertools.pairwise(beats)].count(5) == len(beats) - 2
        assert bed.requests == 1

    def test_after_a_pulled_cable_it_goes_on_where_the_association_still_stands(self) -> None:
        bed = Bed()
        beats = [at_s for at_s, s in bed.run(120.0, lambda now_s: 30 <= now_s < 40) if s.vital == "hr"]
        assert max(b - a for a, b in itertools.pairwise(beats)) < 20
        assert bed.requests == 1

    def test_after_a_long_break_it_is_associated_again(self) -> None:
        bed = Bed()
        beats = [at_s for at_s, s in bed.run(400.0, lambda now_s: 30 <= now_s < 230) if s.vital == "hr"]
        assert any(230 <= at_s < 265 for at_s in beats)

    def test_after_a_reboot_it_is_associated_again_and_its_ticks_start_anew(self) -> None:
        bed = Bed(("reboot", 60.0))
        samples = [(at_s, s) for at_s, s in bed.run(300.0) if s.vital == "hr"]
        assert any(80 <= at_s < 120 for at_s, _ in samples)
        ages = {round((s.device_time.timestamp() - at_s) / 10) for at_s, s in samples if s.device_time}
        assert len(ages) == 1
        assert bed.requests >= 2

    @pytest.mark.parametrize("fault", ["noise", "half-frames", "flip-bit", "silence"])
    def test_after_damage_of_any_kind_it_comes_back_by_itself(self, fault: str) -> None:
        bed = Bed((fault, 20.0))
        samples = bed.run(400.0)
        assert any(at_s > 300 and s.vital == "hr" for at_s, s in samples)
        assert {s.quality for _, s in samples if s.vital == "hr"} == {Quality.OK}

    def test_a_client_that_vanished_is_followed_by_a_new_one(self) -> None:
        bed = Bed()
        bed.run(10.0)
        bed.decoder = IntelliVue()
        bed.dialogue = IntelliVueDialogue(bed.decoder)
        bed.said = bed.dialogue.on_open(10.0)
        assert any(s.vital == "hr" for _, s in bed.run(16.0))


def test_every_number_carries_the_marks() -> None:
    client = Client(mark=MeasurementState.DEMO)
    client.associate()
    results = [pdu.message(data) for data in client.say(POLL, 1.0)]
    seen = [n for r in results if isinstance(r, pdu.PollResult) for o in r.objects for n in pdu.observed(o.attributes)]
    assert len(seen) > 20
    assert all(number.state & MeasurementState.DEMO for number in seen)
