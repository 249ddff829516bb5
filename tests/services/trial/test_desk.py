"""The desk on a real store: what is saved, what the bedside brings by itself, what the trail says of it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.infusion import facts as e
from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.trial.escalation import Decision
from app.domain.trial.subject import subject_commands as c
from app.services.protocol_files import ProtocolFiles, load
from app.services.trial.trial_desk import TrialDesk
from app.services.ward.ports import Outcome
from app.services.words.trail import Trail, details
from db.log.batch import Batch
from db.log.log_pages import TrailFilter
from db.queries import StoreReader
from db.recorder import Recorder
from tests.db.making import recorder
from tests.domain.cast import LI, ZHAO
from tests.domain.trial.subjects import NOW, RULES, SCREEN, SHANGHAI, fitting
from tests.fakes import FakeStore


class Ward:
    """A store that is open, and the desk on it."""

    def __init__(self, path: Path) -> None:
        self.writing: Recorder = recorder(path)
        self.log = StoreReader(path)
        self.waiting: list[Callable[[], None]] = []
        self.now = NOW
        self.desk = TrialDesk(
            self.log, self.writing, self.waiting.append, lambda: self.now, load(), RULES, lambda at: at.astimezone(SHANGHAI)
        )
        self.told: list[Outcome] = []

    def do(self, code: str, *commands: c.DeskCommand, by: Person = ZHAO) -> Outcome:
        self.desk.submit(code, commands, by, self.told.append)
        self.settle()
        return self.told[-1]

    def settle(self) -> None:
        self.writing.flush().result()
        for call in self.waiting:
            call()
        self.waiting.clear()

    def infused(self, subject: str, at: datetime, *more: e.InfusionEvent, number: int = 1) -> None:
        """An infusion as the bedside saves it; the desk reads no more of it than this."""
        stream = f"inf-{subject}-{number}"
        events = (e.Ordered(subject, "12", "A", number, "msc-icaht", "2", "0" * 64, False), e.Started(Decimal(20)), *more)
        entries = [Entry(f"{stream}-{n}", stream, at, "n1", event) for n, event in enumerate(events)]
        self.writing.append(Batch(tuple(entries))).result()

    def close(self) -> None:
        self.log.close()
        self.writing.close()


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    made = Ward(tmp_path / "ward.db")
    yield made
    made.close()


def enrol(ward: Ward, code: str) -> None:
    assert ward.do(code, SCREEN, *fitting(), c.SignVerdict(), c.Enrol()).ok


def test_from_an_empty_desk_to_whom_one_waits_for(ward: Ward) -> None:
    assert ward.desk.look().answer.decision is Decision.ENROL
    for n in (1, 2, 3):
        enrol(ward, f"S-00{n}")
    assert ward.desk.look().answer.decision is Decision.WAIT
    for n in (1, 2, 3):
        ward.infused(f"S-00{n}", NOW - timedelta(days=n))
    answer = ward.desk.look().answer
    assert answer.pending == ("S-001", "S-002", "S-003")
    assert str(answer.earliest) == "2026-06-28"
    ward.now += timedelta(days=28)
    assert ward.desk.look().answer.decision is Decision.ESCALATE
    done: list[Outcome] = []
    ward.desk.sign_decision(ZHAO, done.append)
    ward.settle()
    assert done == [Outcome()]
    ward.desk.advise("agrees", ward.desk.today, ZHAO, done.append)
    ward.settle()
    assert len(ward.desk.data().decided) == 2
    ward.desk.advise("", ward.desk.today, ZHAO, done.append)
    assert done[-1].refused is not None


def test_what_is_refused_leaves_nothing(ward: Ward) -> None:
    assert ward.do("S-001", SCREEN, by=LI).refused is not None
    assert ward.do(" ", SCREEN).refused is not None
    assert ward.do("S-001", SCREEN, c.Enrol()).refused is not None
    assert ward.desk.data().subjects == ()


def test_a_failed_write_is_told_and_nothing_moves(ward: Ward) -> None:
    store = FakeStore()
    store.broken = True
    desk = TrialDesk(ward.log, store, lambda call: call(), lambda: NOW, load(), RULES)
    desk.submit("S-001", SCREEN, ZHAO, ward.told.append)
    assert str(ward.told[-1].failed) == "The disk is full."


def test_one_write_at_a_time(ward: Ward) -> None:
    store = FakeStore()
    store.holding = True
    seen: list[str] = []
    desk = TrialDesk(ward.log, store, lambda call: call(), lambda: NOW, load(), RULES)
    desk.when_changed(lambda: seen.append("changed"))
    desk.submit("S-001", SCREEN, ZHAO, ward.told.append)
    desk.submit("S-002", SCREEN, ZHAO, ward.told.append)
    assert str(ward.told[-1].failed) == "The last entry is still being saved. Try again."
    store.release()
    assert ward.told[-1].ok
    assert seen == ["changed"]


def test_reactions_come_by_themselves(ward: Ward) -> None:
    enrol(ward, "S-001")
    noted = e.ReactionNoted(NOW, ("chills",), "stop", 1)
    ward.infused("S-001", NOW - timedelta(hours=1), noted, e.ReactionUpdated(NOW, ("chills", "fever"), (), 2), noted)
    found = ward.desk.data().reactions["S-001"]
    assert [(r.symptoms, r.grade) for r in found] == [(("chills", "fever"), 2), (("chills",), 1)]
    (dose,) = ward.desk.data().doses["S-001"]
    assert dose.ended_at is None
    assert ward.desk.zone == SHANGHAI


def test_an_order_alone_is_no_dose(ward: Ward) -> None:
    order = e.Ordered("S-001", "12", "A", 1, "msc-icaht", "2", "0" * 64, False)
    ward.writing.append(Batch((Entry("o", "inf-1", NOW, "n1", order),))).result()
    assert ward.desk.data().doses == {}
    strange = Entry("s", "inf-2", NOW, "n1", e.Started(Decimal(20)))
    ward.writing.append(Batch((strange,))).result()
    assert ward.desk.data().doses == {}


def test_what_was_read_ahead_is_gone_on_with_unless_somebody_looked_before(ward: Ward) -> None:
    enrol(ward, "S-001")
    ward.infused("S-001", NOW)
    other = TrialDesk(ward.log, ward.writing, ward.waiting.append, lambda: NOW, load(), RULES, lambda at: at.astimezone(SHANGHAI))
    ahead = other.reading_ahead()(ward.log, ProtocolFiles())
    ward.infused("S-001", NOW + timedelta(days=7), e.InfusionStopped(Decimal(10), "fever"), number=2)
    other.begin_with(ahead)
    assert not other.is_unread
    assert other.data() == ward.desk.data()
    assert len(other.data().doses["S-001"]) == 2
    other.begin_with(other.reading_ahead()(ward.log, ProtocolFiles()))
    assert other._gathered is ahead.gathered


def test_a_calendar_is_worked_out_again_only_when_what_it_rests_on_has_changed(ward: Ward) -> None:
    for code in ("S-001", "S-002"):
        enrol(ward, code)
        ward.infused(code, NOW)
    other = TrialDesk(ward.log, ward.writing, ward.waiting.append, lambda: NOW, load(), RULES, lambda at: at.astimezone(SHANGHAI))
    ahead = other.reading_ahead()(ward.log, ProtocolFiles())
    kept = {code: items for code, (*_, items) in ahead.calendars._kept.items()}
    ward.infused("S-001", NOW + timedelta(days=7), number=2)
    other.begin_with(ahead)
    due = {code: [x for x in other.look().due if x.subject == code] for code in kept}
    assert len(kept["S-001"]) > len(due["S-001"]) == 0  # more doses than the group has
    assert all(a is b for a, b in zip(due["S-002"], kept["S-002"], strict=True))
    assert other.look().due == ward.desk.look().due


def test_the_trail_tells_it_in_words(ward: Ward) -> None:
    enrol(ward, "S-001")
    lab = next(x for x in ward.desk.data().subjects[0].entries if getattr(x.event, "criterion", "") == "hba1c")
    assert ward.do("S-001", c.CorrectSubject(lab.event_id, "number", '"5.7"', "entry error")).ok
    trail = Trail(ward.log, lambda _id, _entries: pytest.fail("no infusion here"), {})
    said = [str(line.said) for line in trail.lines(TrailFilter(stream="subject:S-001"))]
    assert said[0] == "Correction: value “5.5” is now “5.7” · entry error"
    assert "Enrolled in group A on 2026-06-01 (escalation)" in said
    assert "Criterion bilirubin: 10 µmol/L · ULN 20" in said
    assert said[-1] == "Screened: female, 52 years, lymphoma, CAR-T on 2026-04-20, consent on 2026-05-28"
    assert all(details(line, {}) for line in trail.lines(TrailFilter()))
