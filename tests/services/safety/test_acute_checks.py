"""The result after an infusion is asked for over days and restarts, and answered once."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.domain.infusion.chapters.corrections import Correct
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.facts import InfusionEnded, LineFlushed, Started
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import UNREADABLE
from app.domain.log import Entry, Event, encode, stream_of
from app.domain.people.signatures import misfits
from app.domain.safety.acute_check import AcuteWatch, AnswerAcute, acute_watch
from app.domain.safety.safety_facts import AcuteChecked
from app.services.protocol_files import ProtocolFiles, Trial
from app.services.safety.acute_checks import AcuteChecks
from app.services.ward.ports import Outcome
from db.log.batch import Batch
from db.log.canonical import utc_text
from db.log.standing import Standing, standings
from db.queries import StoreReader
from tests.db.making import save
from tests.db.saving_a_store import load
from tests.db.test_migrations import SAVED
from tests.db.test_verify import tamper
from tests.domain.cast import LI, SHA256, TRIAL
from tests.domain.play import Play, prepared
from tests.fakes import FakeStore, at_once
from tests.services.safety.signed_ward import signed_ward
from tests.services.ward import Ward


class Log:
    """What the store took, read back."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def entries(self, stream: str) -> list[Entry]:
        return [x for batch in self._store.batches for x in batch.entries if x.stream == stream]

    def subject_entries(self, kind: str, alone: bool = False) -> list[Entry]:
        found = (x for batch in self._store.batches for x in batch.entries if stream_of(x.stream).kind == "subject")
        return [x for x in found if not alone or type(x.event).__name__ == kind]

    def standing(self, stream: str) -> list[Standing]:
        return standings(map(_row, self.entries(stream)))


def _row(x: Entry) -> tuple[str, str, str, str, str]:
    return x.event_id, x.stream, utc_text(x.at), type(x.event).__name__, encode(x.event).decode()


def opened(ward: Ward, *known: str) -> AcuteChecks:
    log = Log(ward.store)
    return AcuteChecks(log, ward.store, at_once, ward.bedside, [row for stream in known for row in log.standing(stream)])


@pytest.fixture
def ward() -> Ward:
    return signed_ward()


def state(ward: Ward) -> Infusion:
    return ward.state


def no_reaction(ward: Ward) -> AnswerAcute:
    return AnswerAcute(ward.bedside.now(), "bedside", "no_reaction")


def answer(ward: Ward, checks: AcuteChecks) -> Outcome:
    told: list[Outcome] = []
    checks.answer(checks.waiting()[0], no_reaction(ward), LI, told.append)
    return told[0]


def test_an_infusion_that_cannot_be_put_together_keeps_no_other_closed(ward: Ward) -> None:
    checks = opened(ward, "nobody's", ward.infusion_id)
    assert [watch.infusion_id for watch in checks.waiting()] == [ward.infusion_id]


def test_after_the_signatures_it_waits_and_a_day_later_it_is_due(ward: Ward) -> None:
    checks = opened(ward)
    assert checks.waiting() == []
    checks.took(ward.state)
    assert [watch.infusion_id for watch in checks.waiting()] == [ward.infusion_id]
    assert checks.due() == []
    ward.clock.move(seconds=24 * 3600)
    assert [watch.subject for watch in checks.due()] == ["B-001"]


def test_the_laptop_was_off_for_a_week_and_still_asks(ward: Ward) -> None:
    ward.clock.move(seconds=7 * 24 * 3600)
    checks = opened(ward, ward.infusion_id)
    watch = checks.watch(ward.infusion_id)
    assert watch is not None
    assert watch in checks.due()


def test_too_early_is_refused_and_it_still_waits(ward: Ward) -> None:
    checks = opened(ward, ward.infusion_id)
    assert answer(ward, checks).refused is not None
    assert checks.waiting()


def test_the_answer_is_signed_on_the_subject_s_stream_and_asked_no_more(ward: Ward) -> None:
    checks = opened(ward, ward.infusion_id)
    looked: list[bool] = []
    checks.when_changed(lambda: looked.append(True))
    ward.clock.move(seconds=25 * 3600)
    assert answer(ward, checks).ok
    entries = Log(ward.store).entries("subject:B-001")
    event = entries[-1].event
    assert isinstance(event, AcuteChecked)
    assert (event.printed_name, entries[-1].by) == (LI.name, LI.person_id)
    assert list(misfits(entries)) == []
    assert (checks.waiting(), looked) == ([], [True])
    checks.took(ward.state)
    assert checks.waiting() == []
    assert opened(ward, ward.infusion_id).waiting() == []


def test_a_full_disk_loses_no_answer_silently(ward: Ward) -> None:
    checks = opened(ward, ward.infusion_id)
    ward.clock.move(seconds=25 * 3600)
    ward.store.broken = True
    assert answer(ward, checks).failed is not None
    assert checks.waiting()
    ward.store.broken = False
    assert answer(ward, checks).ok


def test_two_presses_are_one_answer(ward: Ward) -> None:
    checks = opened(ward, ward.infusion_id)
    ward.clock.move(seconds=25 * 3600)
    ward.store.holding = True
    told: list[Outcome] = []
    watch = checks.waiting()[0]
    checks.answer(watch, no_reaction(ward), LI, told.append)
    checks.answer(watch, no_reaction(ward), LI, told.append)
    assert told[0].failed is not None
    ward.store.release()
    assert told[1].ok


def test_an_answer_once_more_needs_a_reason(ward: Ward) -> None:
    checks = opened(ward, ward.infusion_id)
    ward.clock.move(seconds=25 * 3600)
    watch = checks.waiting()[0]
    answer(ward, checks)
    told: list[Outcome] = []
    checks.answer(watch, no_reaction(ward), LI, told.append)
    assert told[0].refused is not None


def test_time_of_due_is_from_the_end(ward: Ward) -> None:
    checks = opened(ward, ward.infusion_id)
    ended = ward.state.ended_at
    assert ended is not None
    assert checks.waiting()[0].due_at == ended + timedelta(hours=24)


# --- at the start nothing is put together: the same is owed as by putting each infusion together


def put_together(store: StoreReader, files: ProtocolFiles) -> dict[str, AcuteWatch]:
    """What each infusion says itself."""
    answered = {x.event.infusion_id for x in store.subject_entries(AcuteChecked.__name__) if isinstance(x.event, AcuteChecked)}
    found: dict[str, AcuteWatch] = {}
    for stream in store.streams():
        with suppress(*UNREADABLE):
            watch = acute_watch(files.infusion(stream, store.entries(stream)))
            if watch is not None and stream not in answered:
                found[stream] = watch
    return found


def told(store: StoreReader, ward: Ward) -> dict[str, AcuteWatch]:
    checks = AcuteChecks(store, ward.store, at_once, ward.bedside, store.standing())
    return {watch.infusion_id: watch for watch in checks.waiting()}


def at(stream: str, play: Play, leave_out: type[Event] | None = None) -> list[Entry]:
    kept = (x for x in play.entries if leave_out is None or not isinstance(x.event, leave_out))
    return [Entry(f"{stream}/{x.event_id}", stream, x.at, x.by, x.event, x.co) for x in kept]


def many() -> list[Entry]:
    """Signed, open, answered, opened again by a correction, by a protocol that is not at hand, and four that do not fit."""
    signed, running, observed = prepared("signed"), prepared("running"), prepared("signed")
    observed.now += timedelta(minutes=1)
    flushed = next(x for x in observed.entries if isinstance(x.event, LineFlushed))
    observed.do(Correct(flushed.event_id, "volume_ml", '"21"', "misread"), LI)
    elsewhere = replace(signed.entries[0].event, protocol_sha256="0" * 64)
    results = AcuteChecked(infusion_id="answered", seen_at=signed.now, contact="bedside", outcome="no_reaction", text="", reason="")
    return [
        *at("signed", signed), *at("open", running), *at("answered", signed), *at("reopened", observed), *at("second", signed),
        replace(at("elsewhere", signed)[0], event=elsewhere), *at("elsewhere", signed)[1:],
        *at("no order", signed)[1:], *at("not started", signed, Started), *at("never ended", signed, InfusionEnded),
        *at("twice", signed), replace(at("again", signed)[0], stream="twice"),
        Entry("a1", "subject:S-001", signed.now, LI.person_id, results),
    ]  # fmt: skip


def test_without_putting_anything_together_the_same_is_owed(tmp_path: Path) -> None:
    path = tmp_path / "ward.db"
    save(path, Batch(tuple(many())))
    ward = Ward()
    ward.bedside.files.know(Trial(TRIAL, SHA256[TRIAL.id]))
    with StoreReader(path) as store:
        owed = put_together(store, ward.bedside.files)
        assert told(store, ward) == owed
    assert owed.keys() == {"signed", "second"}
    tamper(path, "UPDATE event SET payload = '{}' WHERE stream = 'second' AND type = 'Ordered'")
    with StoreReader(path) as store:
        assert told(store, ward) == put_together(store, ward.bedside.files) == {"signed": owed["signed"]}


@pytest.mark.parametrize("saved", SAVED, ids=lambda file: file.stem)
def test_of_a_store_of_before_the_same_is_owed(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "ward.db"
    load(saved.read_text(encoding="utf-8"), path)
    save(path, Batch(tuple(many())))
    ward = Ward()
    ward.bedside.files.know(Trial(TRIAL, SHA256[TRIAL.id]))
    with StoreReader(path) as store:
        owed = put_together(store, ward.bedside.files)
        assert told(store, ward) == owed
    assert owed.keys() == {"signed", "second"}


def test_a_note_that_cannot_be_read_takes_nobodys_check_away(tmp_path: Path) -> None:
    path = tmp_path / "ward.db"
    play = prepared("signed")
    play.do(AddNote("later"), LI)
    save(path, Batch(tuple(at("signed", play))))
    ward = Ward()
    ward.bedside.files.know(Trial(TRIAL, SHA256[TRIAL.id]))
    tamper(path, "UPDATE event SET payload = '{}' WHERE type = 'NoteAdded'")
    with StoreReader(path) as store:
        assert told(store, ward).keys() == {"signed"}
