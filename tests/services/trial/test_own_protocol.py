"""Each subject stays with the protocol that it was infused by; the desk is looked at anew only where something has changed."""

import hashlib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from app.domain.infusion import facts as e
from app.domain.log import Entry, Event
from app.domain.site.site_facts import ProtocolCame
from app.domain.trial.subject.subject_commands import NoteSubject
from app.domain.trial.trial_data import calendar_of, on_board
from app.jobs.record_clock import stamp
from app.jobs.trial_reports import report_source
from app.services.protocol_files import DEFAULT, ProtocolFiles, load, load_rules, read_new
from app.services.trial.gathered import Gathered
from app.services.trial.safety_tables import adverse_events
from db.log.batch import Batch
from db.queries import StoreReader
from db.recorder import Recorder
from tests.domain.cast import ZHAO
from tests.domain.trial.subjects import NOW, RULES, TODAY, enrolled
from tests.services.trial.memory import desk_on
from tests.services.ward import Ward

SHIPPED = DEFAULT.read_bytes()
#: Group A is given two doses, and a rash has another name.
FORMER = SHIPPED.replace(b"doses = 1\n", b"doses = 2\n", 1).replace(b'en = "rash"', b'en = "red skin"', 1)
FORMER_SHA256 = hashlib.sha256(FORMER).hexdigest()


def kept(sha256: str) -> bytes | None:
    return FORMER if sha256 == FORMER_SHA256 else None


def infused(code: str, sha256: str) -> list[Entry]:
    order = e.Ordered(code, "01", "A", 1, "msc-icaht", "1", sha256, True)
    events: list[Event] = [order, e.Started(Decimal(20)), e.ReactionNoted(NOW, ("rash",), "stop", 1)]
    return [Entry(f"i-{code}-{n}", f"i-{code}", NOW + timedelta(minutes=n), "N-01", x) for n, x in enumerate(events)]


def everything() -> list[Entry]:
    subjects = [enrolled("S-001"), enrolled("S-002")]
    entries = [x for s in subjects for x in s.entries]
    return [*entries, *infused("S-001", FORMER_SHA256), *infused("S-002", load().sha256)]


def test_a_later_file_changes_nothing_for_who_was_infused_before() -> None:
    gathered = Gathered(lambda at: at, ProtocolFiles(kept))
    gathered.take(enumerate(everything(), 1))
    data = gathered.data(TODAY)
    protocol = load().protocol
    assert [x.planned_doses for x in on_board(data, protocol)] == [2, 1]
    first, second = (calendar_of(data, s, protocol, RULES) for s in data.subjects)
    assert first is not None
    assert second is not None
    assert (len(first.doses), len(second.doses)) == (2, 1)
    assert data.protocol_of("S-009", protocol) is protocol


def test_a_correction_that_fits_nothing_keeps_nobody_from_the_desk() -> None:
    """Who was infused stays counted by what was recorded."""
    entries = everything()
    reaction = next(x for x in entries if isinstance(x.event, e.ReactionNoted))
    wrong = msgspec.structs.replace(
        reaction, event_id="wrong", event=e.Corrected(reaction.event_id, "grade", "1", '"much"', "misread")
    )
    right, forged = Gathered(lambda at: at, ProtocolFiles(kept)), Gathered(lambda at: at, ProtocolFiles(kept))
    right.take(enumerate(entries, 1))
    forged.take(enumerate([*entries, wrong], 1))
    assert forged.data(TODAY) == right.data(TODAY)


@pytest.mark.parametrize("in_force", [None, FORMER, b"lost"])
def test_the_report_reads_each_infusion_by_its_own_file(tmp_path: Path, in_force: bytes | None) -> None:
    recorder = Recorder(tmp_path / "trial.db", stamp, practice=True)
    entries = everything()
    if in_force is not None:
        came = ProtocolCame(hashlib.sha256(in_force).hexdigest(), "msc-icaht", "2", "", "program")
        entries.append(Entry("came", "trial", NOW, None, came))
    recorder.append(Batch(tuple(entries), files=(FORMER,))).result()
    recorder.close()
    with StoreReader(tmp_path / "trial.db") as reader:
        source = report_source(reader, NOW + timedelta(days=1))
    said = [str(x.term) for x in adverse_events(source.look)]
    assert ["red skin" in x for x in said] == [True, False]
    assert source.look.protocol.doses_in("A") == (2 if in_force == FORMER else 1)


def test_one_look_serves_until_something_changes() -> None:
    desk = desk_on(Ward(), enrolled("S-001").entries)
    look = desk.look()
    assert desk.look() is look
    desk.submit("S-001", NoteSubject("seen"), ZHAO)
    assert desk.look() is not look
    before = desk.look()
    amended = read_new(FORMER, "former")
    desk.follow(amended, load_rules(amended.protocol))
    assert (desk.look().protocol, desk.look().data) == (amended.protocol, before.data)
    assert tuple(desk.rule.groups) == ("A", "B", "C")
