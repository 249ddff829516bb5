"""Samples are bound into the chain by what is stored, not by the clock: nothing that comes late breaks a seal."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.infusion.facts import SamplesSealed
from app.services.ward.sealing import Sealing
from db.log.batch import SampleRow, sample_line
from db.log.chain import SealedSample
from db.sealed_minutes import Seal, SealedInfusion

EIGHT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return EIGHT + timedelta(seconds=seconds)


def row(seconds: float, vital: str = "hr") -> SampleRow:
    return SampleRow("inf-1", vital, at(seconds), Decimal(80), "ok", "ecg")


def stored(rows: list[SampleRow]) -> list[SealedSample]:
    return sorted((sample_line(one)[1:] for one in rows), key=lambda s: (s[1], s[0]))


class Stored:
    """Samples that are looked at one by one."""

    def __init__(self, there: list[SealedSample]) -> None:
        self._there = there

    def read(self, _infusion: str, from_ms: int, before_ms: int) -> list[SealedSample]:
        return [s for s in self._there if from_ms <= s[1] < before_ms]

    def is_as_sealed(self, _infusion: str, _minute_ms: int, _event: SamplesSealed) -> bool:
        return False


def verified(rows: list[SampleRow], seals: list[SamplesSealed], newest_s: float = 1e9) -> tuple[list[str], list[str]]:
    found = SealedInfusion("inf-1", [Seal(n + 1, seal) for n, seal in enumerate(seals)], Stored(stored(rows)))
    faults = [str(fault.text) for fault in found.faults(int(at(newest_s).timestamp() * 1000) if newest_s < 1e9 else 1 << 61)]
    return faults, [str(note) for note in found.notes]


def test_a_minute_that_is_over_for_a_while_is_sealed_whole() -> None:
    sealing = Sealing(at(-60))
    rows = [row(n) for n in range(60)]
    sealing.keep(rows)
    assert sealing.over(at(64.9), None) == []
    (seal,) = sealing.over(at(65), None)
    assert (seal.minute, seal.count, seal.only) == (at(0), 60, ())
    assert sealing.over(at(600), None) == []
    assert verified(rows, [seal]) == ([], [])


def test_what_comes_after_the_seal_is_sealed_by_itself() -> None:
    sealing = Sealing(at(-60))
    rows = [row(n) for n in range(55)]
    sealing.keep(rows)
    seals = sealing.over(at(65), None)
    late = [row(n) for n in range(55, 60)]
    sealing.keep(late)
    seals += sealing.over(at(66), None)
    assert [(s.count, len(s.only)) for s in seals] == [(55, 0), (5, 5)]
    assert verified(rows + late, seals) == ([], [])


def test_a_minute_waits_until_its_last_sample_is_on_the_disk() -> None:
    sealing = Sealing(at(-60))
    sealing.keep([row(0), row(59)])
    assert sealing.over(at(600), stored_before=at(59)) == []
    assert len(sealing.over(at(600), stored_before=at(60))) == 1


def test_the_minute_in_which_watching_began_names_its_samples() -> None:
    sealing = Sealing(at(30))
    sealing.keep([row(40), row(41)])
    (seal,) = sealing.over(at(200), None)
    assert [t for _, t in seal.only] == [int(at(s).timestamp() * 1000) for s in (40, 41)]


def test_after_a_pulled_plug_what_was_stored_and_not_sealed_is_sealed() -> None:
    first = Sealing(at(-60))
    rows = [row(n) for n in range(100)]
    first.keep(rows)
    seals = first.over(at(65), None)
    second = Sealing(at(300))
    second.take_over(stored(rows), seals)
    seals += second.over(at(400), None)
    assert verified(rows, seals) == ([], [])
    assert sum(s.count for s in seals) == 100
    third = Sealing(at(500))
    third.take_over(stored(rows), seals)
    assert third.rest() == []


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 500)), unique_by=lambda pair: pair[0], max_size=60),
    st.sets(st.integers(0, 900)),
)
def test_any_lateness_and_any_moment_of_sealing_gives_a_whole_record(arrivals: list[tuple[int, int]], rests: set[int]) -> None:
    """(second of the sample, lateness in s); at some seconds everything is sealed that is there."""
    sealing, seals, rows = Sealing(at(17)), [], [row(s) for s, _ in arrivals]
    for now in range(1000):
        sealing.keep(row(s) for s, late in arrivals if s + late == now)
        seals += sealing.rest() if now in rests else sealing.over(at(now), None)
    assert verified(rows, seals) == ([], [])
    assert sum(seal.count for seal in seals) == len(rows)
    for left_out in rows[:3]:
        assert verified([r for r in rows if r is not left_out], seals)[0]


def test_a_sample_that_no_seal_names_was_put_in() -> None:
    sealing = Sealing(at(-60))
    sealing.keep([row(n) for n in range(10)])
    seals = sealing.rest()
    faults, _ = verified([row(n) for n in range(10)] + [row(20)], seals)
    assert len(faults) == 1
    assert "1 samples are there that nothing in the record names: they were put in" in faults[0]


def test_the_last_minutes_wait_for_their_seal() -> None:
    sealing = Sealing(at(-60))
    sealing.keep([row(n) for n in range(10)])
    seals = sealing.over(at(65), None)
    faults, notes = verified([row(n) for n in range(10)] + [row(100)], seals, newest_s=200)
    assert faults == []
    assert notes == ["1 samples of the last minutes of infusion inf-1 are not sealed yet."]
    assert verified([row(n) for n in range(10)] + [row(100)], seals, newest_s=281)[0]


def of_before(rows: list[SampleRow]) -> SamplesSealed:
    seal = Sealing(at(-60))
    seal.keep(rows)
    (sealed,) = seal.over(at(65), None)
    return SamplesSealed(sealed.minute, sealed.count, sealed.sha256)


def test_late_samples_of_an_older_version_are_told_apart_from_tampering() -> None:
    ecg = [row(n) for n in range(60)]
    oximeter = [SampleRow("inf-1", "spo2", at(n + 0.5), Decimal(97), "ok", "ox") for n in range(60)]
    old = of_before(ecg[:57] + oximeter[:40])
    faults, notes = verified(ecg + oximeter, [old])
    assert faults == []
    assert "97 sealed samples are whole; 23 came after its seal" in notes[0]
    assert verified(ecg[1:] + oximeter, [old])[0]
    changed = [SampleRow("inf-1", "hr", at(0), Decimal(81), "ok", "ecg"), *ecg[1:], *oximeter]
    assert verified(changed, [old])[0]


def test_where_there_are_too_many_ways_to_be_late_it_is_a_fault() -> None:
    rows = [SampleRow("inf-1", "hr", at(n / 10), Decimal(80), "ok", f"source {n % 7}") for n in range(500)]
    faults, _ = verified(rows, [of_before(rows[:100] + rows[400:])])
    assert len(faults) == 1
