"""Enrolled on the investigator's laptop, ordered on the ward's: each has its own record, and the enrolment goes as codes."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.log import Entry
from app.domain.trial.subject import subject_commands as c
from app.domain.trial.subject import subject_facts as f
from app.services.access import seals
from app.services.codes.code_lines import Gathering
from app.services.trial.enrolment_exchange import EnrolmentExchange
from app.services.ward.orders import Prescription
from app.services.ward.ports import Outcome
from app.services.words.trail import Trail
from db.examine import examine
from db.log.batch import Batch
from db.log.log_pages import TrailFilter
from tests.domain.cast import LI, ZHAO
from tests.domain.trial.subjects import SCREEN, fitting
from tests.whole.test_bench_to_bed import knows, living
from tests.whole.ward_life import Life

DAY = timedelta(days=1)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Life]:
    yield from living(tmp_path / "clinic" / "bedside.db")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Life]:
    yield from living(tmp_path / "ward" / "bedside.db")


def exchange(life: Life) -> EnrolmentExchange:
    return EnrolmentExchange(life.record.exchange, life.record.trial_desk)


def desk(life: Life, *commands: c.DeskCommand) -> None:
    told: list[Outcome] = []
    trial = life.record.trial_desk()
    assert trial is not None
    trial.submit("S-001", commands, ZHAO, told.append)
    assert life._until(told).ok, told


def enrol(life: Life) -> None:
    today = life.record.bedside.now().date()
    desk(life, replace(SCREEN, car_t_on=today - 42 * DAY, consent_on=today - 3 * DAY), *fitting(), c.SignVerdict(), c.Enrol())


def enrolled_in_b(life: Life) -> None:
    """As it stands in a record whose group A is through."""
    at, stream = life.record.bedside.now() - 8 * DAY, "subject:S-001"
    made = f.SubjectEnrolled(printed_name=ZHAO.name, group="B", cohort="escalation", on=at.date())
    life.record.recorder.append(Batch((Entry("made", stream, at, ZHAO.person_id, made),))).result()


def infused(life: Life, number: int, days_ago: int, group: str = "A") -> None:
    """A dose as the bedside saves it; the desk reads no more of it than this."""
    at, stream = life.record.bedside.now() - days_ago * DAY, f"inf-{number}"
    events = (e.Ordered("S-001", "12", group, number, "msc-icaht", "2", "0" * 64, False), e.Started(Decimal(20)))
    entries = [Entry(f"{stream}-{n}", stream, at, "n1", event) for n, event in enumerate(events)]
    life.record.recorder.append(Batch(tuple(entries))).result()


def sent(life: Life, to: Life) -> tuple[str, ...]:
    """What stands on the screen of the investigator's laptop."""
    (laptop,) = life.record.exchange.laptops
    told: list[Outcome] = []
    exchange(life).send("S-001", laptop, ZHAO, told.append)
    assert life._until(told).ok, told
    assert exchange(life).is_sent("S-001", to.record.exchange.own.card.store_id)
    return exchange(life).sent_lines("S-001", to.record.exchange.own.card.store_id)


def read(lines: tuple[str, ...]) -> bytes:
    gathering = Gathering("BEDSIDE-ENROLMENT")
    data = [gathering.take(line) for line in lines][-1]
    assert data is not None
    return data


def take_in(life: Life, lines: tuple[str, ...]) -> None:
    told: list[Outcome] = []
    known = exchange(life)
    known.take_in(known.opened(read(lines)), LI, told.append)
    assert life._until(told).ok, told


def against(life: Life, number: int = 1, group: str = "A") -> tuple[str, ...]:
    return life.record.bedside.orders.irregular(("S-001", "12", group, number), life.record.bedside.now())


def test_an_order_follows_on_the_other_laptop(clinic: Life, ward: Life) -> None:
    enrol(clinic)
    knows(clinic, ward)
    knows(ward, clinic)
    assert against(ward) == ("unenrolled",)
    lines = sent(clinic, ward)
    take_in(ward, lines)
    assert against(ward) == ()
    assert against(ward, group="B") == ("group",)
    told: list[Outcome] = []
    ward.infusion_id = ward.record.bedside.order("S-001", "12", "A", 1, LI, told.append, Prescription(ZHAO, True))
    assert ward._until(told).ok
    with pytest.raises(Refused, match="counts once"):
        take_in(ward, lines)
    assert [examine(life.record.file.path).faults for life in (clinic, ward)] == [[], []]
    trail = Trail(ward.record.store, lambda _id, _entries: pytest.fail("no infusion here"), {})
    (said,) = [str(line.said) for line in trail.lines(TrailFilter(stream="subject:S-001"))]
    assert "Enrolment taken in from the laptop" in said
    assert f"signed by Zhao ({ZHAO.person_id})" in said


def test_the_doses_so_far_go_with_it_and_the_next_one_is_in_its_window(clinic: Life, ward: Life) -> None:
    """The second dose is due a week after the first, wherever that was given."""
    enrolled_in_b(clinic)
    infused(clinic, 1, days_ago=7, group="B")
    knows(clinic, ward)
    knows(ward, clinic)
    take_in(ward, sent(clinic, ward))
    assert against(ward, 1, "B") == ("second",)
    assert against(ward, 2, "B") == ()
    ward.record.bedside.clock.move_on(2 * DAY)
    assert against(ward, 2, "B") == ("window",)
    trial = ward.record.trial_desk()
    assert trial is not None
    assert [d.number for d in trial.data().doses["S-001"]] == [1]
    assert trial.look().subjects[0].given_doses == 1


def test_a_later_one_replaces_it_and_an_older_one_is_refused(clinic: Life, ward: Life) -> None:
    enrol(clinic)
    knows(clinic, ward)
    knows(ward, clinic)
    first = sent(clinic, ward)
    infused(clinic, 1, days_ago=0)
    store_id = ward.record.exchange.own.card.store_id
    assert not exchange(clinic).is_sent("S-001", store_id)
    second = sent(clinic, ward)
    assert exchange(clinic).sent_lines("S-001", store_id) == second
    take_in(ward, second)
    with pytest.raises(Refused, match="older than the one that was taken in here"):
        take_in(ward, first)
    assert against(ward, 1) == ("second",)


def test_what_is_foreign_cut_or_changed_is_refused_with_one_sentence(clinic: Life, ward: Life) -> None:
    enrol(clinic)
    knows(clinic, ward)
    with pytest.raises(Refused, match="was not sent"):
        exchange(clinic).sent_lines("S-001", "store w")
    lines = sent(clinic, ward)
    with pytest.raises(Refused, match="is not known here"):
        take_in(ward, lines)
    knows(ward, clinic)
    with pytest.raises(Refused, match="not read to its end"):
        read((lines[0][:40].rpartition("/")[0],))
    with pytest.raises(Refused, match="an enrolment, not a release"):
        Gathering("BEDSIDE-RELEASE").take(lines[0])
    data = bytearray(read(lines))
    for at, said in ((3, "does not bear the signature"), (-1, "no enrolment")):
        wrong = bytearray(data)
        wrong[at] ^= 1
        with pytest.raises(Refused, match=said):
            exchange(ward).opened(bytes(wrong))
    with pytest.raises(Refused, match="not for this one"):
        exchange(clinic).judge(replace(exchange(ward).opened(bytes(data)), practice=False))
    with pytest.raises(Refused, match="no release"):
        seals.unsealed(bytes(data))
    assert against(ward) == ("unenrolled",)


def test_an_enrolment_carries_what_laptops_remember_of_each_other(clinic: Life, ward: Life) -> None:
    enrol(clinic)
    knows(clinic, ward)
    knows(ward, clinic)
    lines = sent(clinic, ward)
    found = exchange(ward).found(exchange(ward).opened(read(lines)))
    take_in(ward, lines)
    assert found is not None
    assert found.told() == ()
    assert ward.record.people.laptops.heads.of(found.head.store_id) == found.head
    assert clinic.record.store.hash_at(found.head.events) == found.head.sha256
