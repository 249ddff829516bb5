"""A certificate that was entered as not passing: a slip of the hand, or a bag that is set aside."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import RecordCertificate
from app.domain.infusion.story import WORDS
from app.domain.people.roles import Person
from app.domain.products.certificate import points
from tests.domain.cast import CHEN, LI, TRIAL
from tests.domain.play import Play, certificate, prepared
from tests.domain.seeing import plain


@pytest.fixture
def play() -> Play:
    """Its first bag's viability was typed as 9.4 instead of 94."""
    made = prepared("bags at the bench")
    made.do(certificate(bag_of(made), "9.4"), CHEN)
    return made


def bag_of(play: Play) -> str:
    return next(iter(play.state.bags))


def read(play: Play, second: Person | None = None) -> RecordCertificate:
    return replace(certificate(bag_of(play)), second=second)


def test_nobody_is_their_own_second_reader(play: Play) -> None:
    with pytest.raises(Refused, match="The witness must be another person"):
        play.do(read(play, CHEN), CHEN)


def test_two_people_read_it_again(play: Play) -> None:
    play.do(read(play, LI), CHEN)
    found = play.state.bags[bag_of(play)].certificate
    assert found is not None
    assert (found.viability_pct, found.second) == (Decimal(94), LI.person_id)
    assert play.same_from_disk()
    told = plain(WORDS[e.CertificateRecorded](found, play.state, {LI.person_id: LI.name}))
    assert told.endswith("all tests passed · read again with Li")


def test_a_certificate_point_by_point() -> None:
    """Exactly the least viability passes; what a certificate does not tell is not known."""
    least = TRIAL.product.min_viability_pct
    asked = TRIAL.product.certificate_tests
    tests = {asked[0]: True, asked[1]: False}
    for viability, passes in ((least, True), (least - Decimal("0.1"), False)):
        found = e.CertificateRecorded("B1", viability, tests, appearance_ok=True, storage_ok=False)
        assert {point.key: point.passed for point in points(found, TRIAL.product)} == {
            "viability": passes, asked[0]: True, asked[1]: False, **dict.fromkeys(asked[2:]), "appearance": True, "storage": False,
        }  # fmt: skip
    assert {point.passed for point in points(None, TRIAL.product)} == {None}
