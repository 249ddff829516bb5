"""Signing in on a store that is open: what is right, what is wrong, what is written down."""

from concurrent.futures import Executor, Future
from functools import cache
from typing import Any

import pytest
from argon2 import PasswordHasher

from app.domain.errors import Refused
from app.domain.people import accounts as a
from app.domain.people.proofs import kept_sha256
from app.domain.people.roles import Person, Role
from app.services.access.held_keys import Secret
from app.services.access.keeping import Checked
from app.services.access.kept_secrets import hashed, matches
from app.services.access.people import People
from app.services.access.practice_people import PRACTICE
from tests.accounts import Kept, people_of
from tests.domain.cast import CHEN, LI, ZHAO
from tests.fakes import BEGIN, at_once

ADMIN = Person("A-01", "Qian", Role.ADMINISTRATOR)
GOOD = "blue cup seven tree"


class Counting(Executor):
    """Runs at once, and counts."""

    def __init__(self) -> None:
        self.ran: list[Any] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        self.ran.append(args[0])
        done.set_result(fn(*args, **kwargs))
        return done


@cache
def secret_hash(strong: bool) -> str:
    return PasswordHasher().hash(GOOD) if strong else hashed(GOOD)


class Desk:
    def __init__(self, *people: Person, strong: bool = False) -> None:
        self.kept, self.executor = Kept(), Counting()
        self.people = people_of(people or (LI, CHEN, ADMIN), secret_hash(strong), self.executor, at_once, self.kept)

    def check(self, person_id: str, secret: str, kind: Secret = "password") -> Checked:
        found: list[Checked] = []
        self.people.check(person_id, secret, found.append, kind)
        return found[0]


def test_the_right_password_opens_and_writes_nothing_down_by_itself() -> None:
    desk = Desk()
    assert desk.check(LI.person_id, GOOD).person == LI
    assert desk.kept.entries == []
    desk.people.signed_in(LI)
    assert [(x.by, x.event) for x in desk.kept.entries] == [(LI.person_id, a.SignedIn(LI.person_id))]


def test_what_was_tried_before_the_store_was_open_counts_with_what_is_tried_in_it() -> None:
    desk = Desk()
    desk.people.tried({LI.person_id: 9, "nobody": 3})
    assert desk.kept.events == [a.SignInFailed(LI.person_id, "password", 9)]
    assert "administrator" in str(desk.check(LI.person_id, "something else").refused)


def test_the_first_password_is_not_kept_as_ones_own() -> None:
    desk = Desk()
    desk.people.set_password(LI.person_id, "green lamp nine", "green lamp nine", ADMIN)
    with pytest.raises(Refused, match="somebody else knows"):
        desk.people.set_password(LI.person_id, "green lamp nine", "green lamp nine", LI)
    desk.people.set_password(LI.person_id, "yellow door five", "yellow door five", LI)
    assert desk.kept.events[-1] == a.PasswordSet(LI.person_id, False, kept_sha256(desk.kept.hashes[LI.person_id].password))


def test_a_wrong_one_is_written_down_and_the_tenth_locks() -> None:
    desk = Desk()
    for _ in range(9):
        assert "do not fit" in str(desk.check(LI.person_id, "something else").refused)
    assert "administrator" in str(desk.check(LI.person_id, "something else").refused)
    assert desk.check(LI.person_id, GOOD).person is None
    assert [type(event) for event in desk.kept.events] == [a.SignInFailed] * 10
    desk.people.unlock(LI.person_id, ADMIN)
    assert desk.check(LI.person_id, GOOD).person == LI


def test_an_unknown_person_costs_the_same_and_is_answered_the_same() -> None:
    desk = Desk(strong=True)
    unknown, wrong = desk.check("nobody", GOOD), desk.check(LI.person_id, "something else")
    assert unknown.refused == wrong.refused
    assert len(desk.executor.ran) == 2
    assert all(tried.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for tried in desk.executor.ran)


def test_inside_an_open_sign_in_the_pin_signs_and_everybody_else_gives_the_password() -> None:
    desk = Desk()
    kind_of = desk.people.kind_of
    assert [kind_of(LI.person_id, LI), kind_of(CHEN.person_id, LI), kind_of(LI.person_id, None)] == ["pin", "password", "password"]
    assert kind_of(None, LI) == "password"
    for _ in range(5):
        assert "PIN is wrong" in str(desk.check(LI.person_id, "000000", "pin").refused)
    assert kind_of(LI.person_id, LI) == "password"
    assert desk.check(LI.person_id, GOOD, "pin").person is None


def test_the_last_five_tries_are_told_and_a_pin_too_often_wrong_asks_for_the_password() -> None:
    desk = Desk()
    said = [str(desk.check(LI.person_id, "something else").refused) for _ in range(10)]
    assert ["Tries left" in text for text in said] == [False] * 4 + [True] * 5 + [False]
    assert "Tries left: 1;" in said[8]
    pins = [str(desk.check(CHEN.person_id, "000000", "pin").refused) for _ in range(5)]
    assert "Tries left: 4; then only the password counts." in pins[0]
    assert pins[4] == "The PIN is wrong, and was too often: type the password."


def test_who_is_locked_out_is_no_signer_until_let_in_again() -> None:
    desk = Desk()
    desk.people.tried({LI.person_id: 10})
    assert desk.people.locked_out(Role.NURSE, Role.ADMINISTRATOR) == [LI]
    desk.people.unlock(LI.person_id, ADMIN)
    assert desk.people.locked_out(Role.NURSE) == []


def test_a_new_person_gets_a_first_password_a_way_in_and_chooses_their_own() -> None:
    desk = Desk()
    made = desk.people.add("N-11", "Wu Fang", Role.NURSE, GOOD, GOOD, ADMIN)
    assert desk.kept.ways_in == {"N-11": GOOD}
    assert matches(desk.kept.hashes["N-11"].password, GOOD)
    account = desk.people.account("N-11")
    assert account is not None
    assert account.first_password
    desk.people.set_password("N-11", "green cup seven tree", "green cup seven tree", made)
    desk.people.set_pin(made, "482915", "482915")
    assert desk.check("N-11", "482915", "pin").person == made
    assert desk.check("N-11", GOOD).person is None
    assert desk.kept.ways_in == {"N-11": "green cup seven tree"}
    with pytest.raises(Refused, match="Only an administrator"):
        desk.people.add("N-12", "Wu", Role.NURSE, GOOD, GOOD, LI)


def test_a_disabled_account_opens_nothing_and_keeps_its_name_in_the_record() -> None:
    desk = Desk()
    desk.kept.ways_in[LI.person_id] = GOOD
    desk.people.disable(LI.person_id, "has left", ADMIN)
    assert desk.check(LI.person_id, GOOD).person is None
    assert (desk.kept.ways_in, desk.kept.disabled) == ({}, {LI.person_id: BEGIN})
    assert desk.people.all == [CHEN, ADMIN]
    assert desk.people.name(LI.person_id) == "Li"


def test_with_the_recovery_key_somebody_is_let_in_again() -> None:
    desk = Desk()
    for _ in range(10):
        desk.check(LI.person_id, "something else")
    assert desk.people.recover(LI.person_id, "green cup seven tree", "green cup seven tree") == LI
    assert desk.check(LI.person_id, "green cup seven tree").person == LI
    with pytest.raises(Refused, match="no account"):
        desk.people.recover("nobody", GOOD, GOOD)


def test_emergency_access_has_a_name_and_must_be_explained() -> None:
    desk = Desk(LI, ZHAO, ADMIN)
    guest = desk.people.in_emergency(" Sun Mei ")
    assert (guest.name, guest.role) == ("Sun Mei", Role.EMERGENCY)
    assert desk.people.name(guest.person_id) == "Sun Mei"
    open_one = desk.people.unexplained()
    assert open_one is not None
    for by, reason in ((ADMIN, "nobody there"), (LI, " ")):
        with pytest.raises(Refused):
            desk.people.justify(open_one[0], reason, by)
    again = People(desk.kept.entries, {}, Kept(), desk.executor, at_once, lambda: BEGIN)
    assert (again.unexplained(), again.name(guest.person_id)) == (open_one, "Sun Mei")
    desk.people.justify(open_one[0], "the nurse was at the door", LI)
    assert desk.people.unexplained() is None
    desk.people.signed_out(guest, "idle")
    assert not any(isinstance(event, a.SignedOut) for event in desk.kept.events)
    with pytest.raises(Refused, match="name"):
        desk.people.in_emergency(" ")


def test_practice_has_its_people_and_their_secrets() -> None:
    desk = Desk(ADMIN)
    desk.people.practise()
    for person, secret in PRACTICE:
        assert desk.check(person.person_id, secret).person == person
        assert desk.check(person.person_id, secret, "pin").person == person
    desk.people.signed_out(PRACTICE[0][0], "person")
    desk.people.happened(a.NameShown("S-001"), PRACTICE[0][0])
    assert desk.kept.events[-2:] == [a.SignedOut("N-01", "person"), a.NameShown("S-001")]
