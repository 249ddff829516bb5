"""What is over leaves memory within the hour, and comes back as it was when it is asked for."""

import gc
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.corrections import Correct
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.chapters.reaction import NoteReaction
from app.domain.infusion.deviations import deviations
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.log import Entry
from app.domain.vitals.vital_signs import Quality, Sample, stamped
from app.services.protocol_files import Trial
from app.services.ward.bed_watch import BedWatch
from app.services.ward.infusion_writes import InfusionWrites
from app.services.ward.ports import Outcome
from app.services.ward.ward import Bedside
from app.services.ward.watch import BedNow
from app.services.words.words import Words
from db.log.batch import Batch
from tests.domain.cast import LI, TRIAL, ZHAO
from tests.fakes import BEGIN, FakeStore, HandClock, at_once
from tests.services.safety.signed_ward import signed_ward
from ui.ward.view import closed_today

_KINDS = (Infusion, InfusionWrites, BedWatch)


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    """One infusion from its order to its signature."""
    ward = signed_ward()
    return tuple(ward.store.entries(ward.infusion_id))


class Later:
    """A ward that is given the signed infusion as it stood, and whose clock goes on from there."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.store, self.clock, self.infusion_id = FakeStore(), HandClock(), entries[0].stream
        trial, clock = Trial(TRIAL, "f" * 64), self.clock.record()
        self.bedside = Bedside(self.store, clock, trial, at_once, self.clock.moment, True, log=self.store)
        self.bedside.clock.move_on(entries[-1].at - BEGIN)
        self.bedside.begin(self.infusion_id, list(entries), self.began)

    def began(self, outcome: Outcome) -> None:
        assert outcome.ok

    @property
    def is_at_hand(self) -> bool:
        return self.infusion_id in {s.infusion_id for s in self.bedside.infusions}

    def wait(self, minutes: int) -> None:
        """As the window: after each look it asks when the next one is."""
        for _ in range(minutes):
            for _ in range(6):
                self.clock.move(seconds=10)
                self.bedside.tick()
                self.bedside.due_at(self.bedside.now() + timedelta(seconds=1))

    def do(self, command: Command) -> Outcome:
        told: list[Outcome] = []
        self.bedside.submit(self.infusion_id, command, LI, told.append)
        return told[0]


def settled(entries: tuple[Entry, ...]) -> Later:
    """A minute later, when the last alarms are in its record."""
    ward = Later(entries)
    ward.wait(1)
    return ward


@pytest.fixture
def ward(entries: tuple[Entry, ...]) -> Later:
    return settled(entries)


def rest(ward: Later) -> Later:
    ward.wait(32)
    assert not ward.is_at_hand
    return ward


def test_a_signed_infusion_leaves_within_the_hour_and_what_is_shown_of_it_stays_the_same(ward: Later) -> None:
    bedside, words = ward.bedside, Words("en")
    before = bedside.infusion(ward.infusion_id)
    lines = closed_today(bedside, bedside.now(), words)
    known = bedside.known()
    rest(ward)
    assert closed_today(bedside, bedside.now(), words) == lines
    assert (bedside.known(), bedside.look()) == (known, {})
    assert bedside.knows(ward.infusion_id)
    assert bedside.phase(ward.infusion_id) is Phase.SIGNED
    assert bedside.infusion(ward.infusion_id) == before
    assert len(lines) == 1


def test_a_bed_that_is_shown_says_the_same_before_and_after(ward: Later) -> None:
    def shown() -> BedNow:
        return ward.bedside.bed(ward.infusion_id)

    before = shown()
    rest(ward)
    assert (shown(), ward.is_at_hand) == (before, True)


def test_its_tiles_say_for_a_day_what_was_heard_last(ward: Later) -> None:
    heard = stamped(Sample(0, "hr", Decimal(84), "/min", Quality.OK, "ecg"), ward.bedside.now(), "COM7", "datex-s5", True)
    ward.bedside.watched(ward.infusion_id).take([heard])
    rest(ward)
    assert ward.bedside.bed(ward.infusion_id).values == {"hr": heard}
    rest(ward)
    ward.bedside.clock.move_on(timedelta(days=1))
    ward.bedside.begin("another", [_moved(entry, "another") for entry in ward.store.entries(ward.infusion_id)], ward.began)
    ward.wait(32)
    assert ward.bedside.bed(ward.infusion_id).values == {}


def test_one_that_is_looked_at_stays(ward: Later) -> None:
    for _ in range(6):
        ward.wait(10)
        ward.bedside.line(ward.infusion_id)
    assert ward.is_at_hand
    ward.wait(31)
    assert not ward.is_at_hand


LATE: list[Callable[[Infusion], Command]] = [
    lambda _s: AddNote("said later"),
    lambda s: Correct(next(x.event_id for x in s.entries if isinstance(x.event, e.LineFlushed)), "volume_ml", '"21"', "misread"),
]


@pytest.mark.parametrize("late", LATE)
def test_a_command_on_one_that_is_away_is_carried_out_as_on_one_at_hand(
    entries: tuple[Entry, ...], late: Callable[[Infusion], Command]
) -> None:
    here, away = settled(entries), rest(settled(entries))
    here.clock.move(minutes=32)
    state = here.bedside.infusion(here.infusion_id)
    assert (here.do(late(state)), away.do(late(state))) == (Outcome(), Outcome())
    after = [one.bedside.infusion(one.infusion_id) for one in (here, away)]
    assert [s.phase for s in after] == [after[0].phase] * 2
    assert [[type(x.event) for x in s.entries] for s in after] == [[type(x.event) for x in after[0].entries]] * 2
    assert away.bedside.line(away.infusion_id).is_idle


def test_a_correction_keeps_it_at_hand_until_it_is_signed_again(ward: Later) -> None:
    rest(ward)
    state = ward.bedside.infusion(ward.infusion_id)
    assert ward.do(LATE[1](state)).ok
    ward.wait(40)
    assert ward.is_at_hand
    assert ward.bedside.phase(ward.infusion_id) is Phase.OBSERVED


def test_a_command_says_so_when_it_cannot_be_read_again(ward: Later) -> None:
    rest(ward)
    ward.store.broken = True
    assert str(ward.do(AddNote("x")).failed) == "The disk is gone."
    ward.store.broken = False
    assert ward.do(AddNote("x")).ok


def test_it_stays_while_the_log_does_not_give_back_all_of_it(ward: Later) -> None:
    first = ward.store.batches[0]
    ward.store.batches[0] = Batch(first.entries[:-1])
    ward.wait(40)
    assert ward.is_at_hand
    ward.store.batches[0] = first
    ward.store.broken = True
    ward.wait(40)
    assert ward.is_at_hand
    ward.store.broken = False
    ward.wait(40)
    assert not ward.is_at_hand


def test_it_stays_while_something_of_it_is_not_on_the_disk(ward: Later) -> None:
    ward.store.broken = True
    ward.bedside.submit(ward.infusion_id, NoteReaction(ward.bedside.now(), ("chills",), "continue"), LI)
    assert ward.bedside.line(ward.infusion_id).unsaved == 1
    ward.wait(45)
    stayed = ward.is_at_hand
    ward.store.broken = False
    ward.wait(31)
    assert (stayed, ward.is_at_hand) == (True, False)
    assert "ReactionNoted" in ward.store.events


def test_what_is_away_still_counts_for_bags_doses_and_weights(ward: Later) -> None:
    bedside, (bag,) = ward.bedside, tuple(ward.bedside.infusion(ward.infusion_id).bags)
    asked = bedside.holder_of(bag, "another"), bedside.orders.irregular(("B-001", "9", "B", 2), bedside.now())
    rest(ward)
    assert (bedside.holder_of(bag, "another"), bedside.orders.irregular(("B-001", "9", "B", 2), bedside.now())) == asked
    assert asked[0] is not None
    bedside.clock.move_on(timedelta(days=7))
    second = bedside.order("B-001", "12", "B", 2, ZHAO)
    assert bedside.last_weight_kg(second) == Decimal("50.0")
    assert not ward.is_at_hand


def test_the_pause_of_the_sound_is_not_broken_by_one_that_leaves(ward: Later) -> None:
    news = ward.bedside.alarms.news
    rest(ward)
    assert ward.bedside.alarms.news == news


def test_its_deviations_are_those_of_any_later_day(entries: tuple[Entry, ...]) -> None:
    state = Later(entries).bedside.infusion(entries[0].stream)
    assert len({len(deviations(state, state.reached[Phase.SIGNED] + timedelta(hours=h))) for h in (0, 1, 24, 1000)}) == 1


def test_after_twenty_infusions_nothing_of_them_is_alive_but_a_line_each(entries: tuple[Entry, ...]) -> None:
    def alive() -> list[int]:
        gc.collect()
        return [sum(isinstance(one, kind) for one in gc.get_objects()) for kind in _KINDS]

    ward = rest(Later(entries))
    before = alive()
    for number in range(20):
        infusion_id = f"inf-{number}"
        ward.bedside.begin(infusion_id, [_moved(entry, infusion_id) for entry in entries], ward.began)
    assert alive() > before
    ward.wait(32)
    assert ward.bedside.infusions == []
    assert alive() == before
    assert len(ward.bedside.known()) == 21


def _moved(entry: Entry, infusion_id: str) -> Entry:
    return Entry(f"{infusion_id}-{entry.event_id}", infusion_id, entry.at, entry.by, entry.event, entry.co)
