"""A whole label at the bed: its lot and expiry are those that the pharmacist recorded, or nothing goes on."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import RejectBag, ReportBroken, ScanBag
from app.domain.infusion.chapters.bench import ReleaseBag
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.identity import CheckIdentity, CodeRead, VerifyBag
from app.domain.infusion.chapters.thaw import CheckBag, HangBag
from app.domain.people.roles import Person
from app.domain.streams import decode

from .cast import CHEN, DAY, LI, WANG
from .play import Play, certificate, label, prepared

EXPIRY = DAY + timedelta(days=1)
MINUTE = (EXPIRY, EXPIRY + timedelta(seconds=59))
DAY_OF_IT = (EXPIRY - timedelta(hours=8), EXPIRY + timedelta(hours=15, minutes=59, seconds=59))
EARLIER = (EXPIRY - timedelta(minutes=1), EXPIRY - timedelta(seconds=1))

RIGHT = [("lot of B1", None), ("LOT OFB1", MINUTE), ("ｌｏｔ of B1", DAY_OF_IT), ("", MINUTE), ("", None)]
OTHER = [
    ("lot of B2", None, "lot", "lot of B1", "lot of B2"),
    ("lot of B2", EARLIER, "lot", "lot of B1", "lot of B2"),
    ("lot of B1", EARLIER, "expiry", EXPIRY.isoformat(), EARLIER[1].isoformat()),
    ("", (EXPIRY + timedelta(minutes=1), EXPIRY + timedelta(minutes=2)), "expiry", EXPIRY.isoformat(),
     (EXPIRY + timedelta(minutes=2)).isoformat()),
]  # fmt: skip
Expires = tuple[datetime, datetime] | None


def at_the_first_check(read: CodeRead) -> tuple[Play, Command, Person]:
    return prepared("received"), CheckIdentity("S-001", ("B1", "B2"), "scan", labels=(CodeRead("B2"), read)), LI


def at_a_replacement(read: CodeRead) -> tuple[Play, Command, Person]:
    """B3 comes for B1, which was lost."""
    play = prepared("premedicated")
    play.do(ReportBroken("B1", "dropped"), LI)
    play.do(ScanBag(label("B3")), CHEN)
    play.do(certificate("B3"), CHEN)
    play.do(ReleaseBag("B3"), CHEN)
    lot = read.lot.replace("B1", "B3")
    return play, VerifyBag("B3", "S-001", "B3", "scan", label=CodeRead("B3", lot, read.expires)), LI


def at_the_thawed_bag(read: CodeRead) -> tuple[Play, Command, Person]:
    return prepared("thawed"), CheckBag("B1", "B1", True, "scan", label=read), LI


Place = Callable[[CodeRead], tuple[Play, Command, Person]]
PLACES: list[Place] = [at_the_first_check, at_a_replacement, at_the_thawed_bag]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("lot", "expires"), RIGHT)
def test_what_the_label_says_is_as_it_was_dispensed(place: Place, lot: str, expires: Expires) -> None:
    play, command, by = place(CodeRead("B1", lot, expires))
    play.do(command, by)
    assert play.state.mismatch is None
    assert isinstance(play.entries[-1].event, e.IdentityChecked | e.BagVerified | e.BagChecked)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("lot", "expires", "differs", "expected", "found"), OTHER)
def test_another_lot_or_expiry_is_a_full_stop(
    place: Place, lot: str, expires: Expires, differs: str, expected: str, found: str
) -> None:
    play, command, by = place(CodeRead("B1", lot, expires))
    play.do(command, by)
    wrong = play.state.mismatch
    assert wrong is not None
    bag_id = command.bag_id if isinstance(command, VerifyBag) else "B1"
    lots = ("lot of B1", "lot of B3") if isinstance(command, VerifyBag) else ("", "")
    assert (wrong.what, wrong.differs, wrong.expected_bag, wrong.entry) == ("bag", differs, bag_id, "scan")
    assert (wrong.expected, wrong.found) == (expected.replace(*lots), found)
    with pytest.raises(Refused):
        play.do(HangBag(bag_id), LI)


@pytest.mark.parametrize("place", PLACES)
def test_an_expiry_that_is_past_is_refused(place: Place) -> None:
    play, command, by = place(CodeRead("B1", "", MINUTE))
    play.now = EXPIRY
    with pytest.raises(Refused, match="expired on"):
        play.do(command, by)
    assert play.state.mismatch is None


def test_the_stop_goes_with_its_bag_and_both_look_again() -> None:
    play, command, by = at_the_thawed_bag(CodeRead("B1", "lot of B2"))
    play.do(CheckBag("B1", "B1", True), WANG)
    play.do(command, by)
    assert play.state.bags["B1"].checked_by == ()
    play.do(RejectBag("B1", "bad_label"), CHEN)
    assert play.state.mismatch is None


def test_a_stop_of_an_older_record_names_its_bag_by_its_number() -> None:
    told = b'{"type":"MismatchFound","what":"bag","expected":"B1","found":"B2"}'
    wrong = decode("infusion", told)
    assert isinstance(wrong, e.MismatchFound)
    assert (wrong.differs, wrong.expected_bag) == ("number", "B1")


def test_at_hanging_the_wristband_is_read_too_and_another_patient_s_is_a_full_stop() -> None:
    play = prepared("thawed")
    wrong = play.do(CheckBag("B1", "B1", True, "scan", subject="S-002"), LI)
    assert wrong
    assert _stopped_by(play) == ("patient", "S-001", "S-002")
    play.do(CheckBag("B1", "B1", True, "scan", subject=" S-001 "), LI)
    assert _stopped_by(play) is None
    checked = play.state.entries[-1].event
    assert isinstance(checked, e.BagChecked)
    assert (checked.found_id, checked.subject, checked.entry) == ("B1", "S-001", "scan")


def _stopped_by(play: Play) -> tuple[str, str, str] | None:
    wrong = play.state.mismatch
    return None if wrong is None else (wrong.what, wrong.expected, wrong.found)
