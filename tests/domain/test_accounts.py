"""Accounts: who may make, lock, let in and disable; what counts as a password or a PIN."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.infusion.chapters.bench import Release
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.decide import decide
from app.domain.log import Event, encode
from app.domain.people import accounts as a
from app.domain.people.laptops import LaptopAdded, LaptopRemoved, Laptops
from app.domain.people.new_secrets import new_password, new_pin
from app.domain.people.own_keys import KeyMade
from app.domain.people.roles import CLINICAL, GIVEN, Person, Role
from app.domain.streams import decode

from .cast import clock
from .play import Play

ADMIN, OTHER = Person("A-01", "Zhao", Role.ADMINISTRATOR), Person("A-02", "Qian", Role.ADMINISTRATOR)
NURSE = Person("N-01", "Li", Role.NURSE)


def added(*people: Person) -> a.Accounts:
    return a.Accounts(a.PersonAdded(p.person_id, p.name, p.role) for p in people)


def refused(what: Callable[[], object], why: str) -> None:
    with pytest.raises(Refused, match=why):
        what()


def account(accounts: a.Accounts, person: Person) -> a.Account:
    found = accounts.get(person.person_id)
    assert found is not None
    return found


class TestMaking:
    def test_the_first_one_makes_itself_and_is_an_administrator(self) -> None:
        empty = a.Accounts()
        assert empty.add(" A-01 ", " Zhao ", Role.ADMINISTRATOR, None) == a.PersonAdded("A-01", "Zhao", Role.ADMINISTRATOR)
        refused(lambda: empty.add("N-01", "Li", Role.NURSE, None), "administrator's")

    @pytest.mark.parametrize("by", [None, NURSE, Person("I-01", "Sun", Role.INVESTIGATOR), Person("M-01", "Wu", Role.MONITOR)])
    def test_the_others_are_made_by_an_administrator(self, by: Person | None) -> None:
        accounts = added(ADMIN)
        refused(lambda: accounts.add("N-01", "Li", Role.NURSE, by), "Only an administrator")
        assert accounts.add("N-01", "Li", Role.NURSE, ADMIN).role is Role.NURSE

    @pytest.mark.parametrize("person_id", ["N-01", "n-01"])
    def test_a_number_is_never_given_twice(self, person_id: str) -> None:
        accounts = added(ADMIN, NURSE)
        accounts.apply(accounts.disable("N-01", "has left", ADMIN))
        refused(lambda: accounts.add(person_id, "Somebody", Role.NURSE, ADMIN), f"{person_id} is on the list already")

    def test_a_number_has_40_letters_and_a_name_80_at_most(self) -> None:
        accounts = added(ADMIN)
        made = accounts.add("Ｎ" * 40, "L" * 80, Role.NURSE, ADMIN)
        assert (made.person_id, made.name) == ("N" * 40, "L" * 80)
        refused(lambda: accounts.add("N" * 41, "Li", Role.NURSE, ADMIN), "41 letters are too many: at most 40")
        refused(lambda: accounts.add("N-01", "L" * 81, Role.NURSE, ADMIN), "81 letters are too many: at most 80")

    @pytest.mark.parametrize(("person_id", "name"), [("", "Li"), ("N-01", " ")])
    def test_number_and_name_are_needed(self, person_id: str, name: str) -> None:
        refused(lambda: added(ADMIN).add(person_id, name, Role.NURSE, ADMIN), "needed")


class TestDisabling:
    def test_it_is_disabled_and_stays(self) -> None:
        accounts = added(ADMIN, NURSE)
        accounts.apply(accounts.disable("N-01", " has left ", ADMIN))
        assert account(accounts, NURSE).disabled
        assert [one.person for one in accounts.all] == [ADMIN, NURSE]
        refused(lambda: accounts.disable("N-01", "again", ADMIN), "N-01 has no account")
        refused(lambda: accounts.unlock("N-01", ADMIN), "N-01 has no account")
        refused(lambda: accounts.set_password("N-01", ADMIN), "N-01 has no account")

    def test_the_reason_is_kept_as_it_was_said(self) -> None:
        assert added(ADMIN, NURSE).disable("N-01", " has left ", ADMIN) == a.PersonDisabled("N-01", "has left")

    def test_an_administrator_is_always_left(self) -> None:
        accounts = added(ADMIN, NURSE)
        refused(lambda: accounts.disable("A-01", "has left", ADMIN), "only administrator")
        accounts.apply(accounts.add("A-02", "Qian", Role.ADMINISTRATOR, ADMIN))
        accounts.apply(accounts.disable("A-01", "has left", OTHER))
        assert account(accounts, ADMIN).disabled
        refused(lambda: accounts.disable("A-02", "has left", OTHER), "only administrator")

    def test_it_needs_a_reason_an_administrator_and_an_account(self) -> None:
        accounts = added(ADMIN, NURSE)
        refused(lambda: accounts.disable("N-01", " ", ADMIN), "reason")
        refused(lambda: accounts.disable("N-01", "has left", NURSE), "Only an administrator")
        refused(lambda: accounts.disable("N-77", "has left", ADMIN), "no account")


class TestLockOut:
    def test_ten_wrong_passwords_lock_and_nine_do_not(self) -> None:
        accounts = added(ADMIN, NURSE)
        for _ in range(9):
            accounts.apply(a.SignInFailed("N-01", "password"))
        assert not account(accounts, NURSE).locked
        refused(lambda: accounts.unlock("N-01", ADMIN), "N-01 is not locked")
        assert account(accounts, NURSE).tries_left("password") == 1
        accounts.apply(a.SignInFailed("N-01", "password"))
        assert account(accounts, NURSE).locked
        refused(lambda: accounts.unlock("N-01", NURSE), "Only an administrator")
        accounts.apply(accounts.unlock("N-01", ADMIN))
        assert not account(accounts, NURSE).locked

    def test_all_that_happens_to_an_account_stands_in_it(self) -> None:
        accounts = added(ADMIN, NURSE)
        for event, stands in (
            (a.PasswordSet("N-01", first=True), a.Account(NURSE, has_password=True, first_password=True)),
            (
                a.SignInFailed("N-01", "password", times=12),
                a.Account(NURSE, has_password=True, first_password=True, wrong_passwords=12),
            ),
            (a.PasswordSet("N-01", first=False), a.Account(NURSE, has_password=True)),
            (a.PinSet("N-01"), a.Account(NURSE, has_password=True, has_pin=True)),
            (a.SignInFailed("N-01", "pin"), a.Account(NURSE, has_password=True, has_pin=True, wrong_pins=1)),
            (a.SignInFailed("N-01", "pin", times=3), a.Account(NURSE, has_password=True, has_pin=True, wrong_pins=4)),
            (a.SignInFailed("N-01", "password"), a.Account(NURSE, False, True, True, False, 1, 4)),
            (a.PinSet("N-01"), a.Account(NURSE, False, True, True, False, 1, 0)),
            (a.SignInFailed("N-01", "pin", times=7), a.Account(NURSE, False, True, True, False, 1, 7)),
            (a.Unlocked("N-01"), a.Account(NURSE, has_password=True, has_pin=True)),
            (KeyMade("N-01", b"1" * 32, "given", "0" * 64), a.Account(NURSE, has_password=True)),
            (a.PersonDisabled("N-01", "has left"), a.Account(NURSE, disabled=True, has_password=True)),
        ):
            accounts.apply(event)
            assert account(accounts, NURSE) == stands
        assert accounts.all == [a.Account(ADMIN), account(accounts, NURSE)]

    def test_a_key_alone_is_a_password_too(self) -> None:
        accounts = added(ADMIN, NURSE)
        accounts.apply(KeyMade("N-01", b"1" * 32, "given", "0" * 64))
        assert account(accounts, NURSE) == a.Account(NURSE, has_password=True)

    @pytest.mark.parametrize(("wrong", "left"), [(0, 10), (9, 1), (10, 0), (12, 0)])
    def test_tries_are_counted_down_to_none(self, wrong: int, left: int) -> None:
        assert a.Account(NURSE, wrong_passwords=wrong, wrong_pins=3).tries_left("password") == left
        assert a.Account(NURSE, wrong_passwords=3, wrong_pins=wrong).tries_left("pin") == max(0, left - 5)

    def test_what_was_typed_before_the_record_was_open_counts(self) -> None:
        accounts = added(ADMIN, NURSE)
        accounts.apply(a.SignInFailed("N-01", "password", times=10))
        assert account(accounts, NURSE).locked
        accounts.apply(a.PasswordSet("N-01", first=True))
        assert not account(accounts, NURSE).locked

    def test_signing_in_begins_the_count_again(self) -> None:
        accounts = added(ADMIN, NURSE)
        accounts.apply(a.SignInFailed("N-01", "password", times=9))
        accounts.apply(a.SignedIn("N-01"))
        accounts.apply(a.SignInFailed("N-01", "password"))
        assert account(accounts, NURSE).wrong_passwords == 1

    def test_five_wrong_pins_leave_the_password_alone(self) -> None:
        accounts = added(ADMIN, NURSE)
        assert not account(accounts, NURSE).pin_counts
        accounts.apply(a.PinSet("N-01"))
        for _ in range(4):
            accounts.apply(a.SignInFailed("N-01", "pin"))
        assert account(accounts, NURSE).pin_counts
        accounts.apply(a.SignInFailed("N-01", "pin"))
        assert not account(accounts, NURSE).pin_counts
        assert not account(accounts, NURSE).locked
        accounts.apply(a.SignedIn("N-01"))
        assert account(accounts, NURSE).pin_counts


class TestPasswords:
    def test_ones_own_is_kept_and_somebody_elses_is_changed_at_the_first_sign_in(self) -> None:
        accounts = added(ADMIN, NURSE)
        accounts.apply(accounts.set_password("N-01", ADMIN))
        assert account(accounts, NURSE).first_password
        accounts.apply(accounts.set_password("N-01", NURSE))
        assert not account(accounts, NURSE).first_password
        assert account(accounts, NURSE).has_password
        refused(lambda: accounts.set_password("A-01", NURSE), "Only an administrator")
        refused(lambda: accounts.set_password("A-01", None), "Only an administrator")

    def test_the_first_of_all_sets_its_own(self) -> None:
        assert added(ADMIN).set_password("A-01", None) == a.PasswordSet("A-01", first=False)

    @pytest.mark.parametrize("password", ["blue cup seven tree", "Nx4!pq9z", "seven778", "四个不相干的词语啊"])
    def test_good(self, password: str) -> None:
        assert new_password(password, password, "N-01") == password

    @pytest.mark.parametrize(
        ("password", "why"),
        [("seven77", "at least 8"), ("my-n-01-pass", "easy"), ("N-01N-01", "easy")],
    )
    def test_bad(self, password: str, why: str) -> None:
        refused(lambda: new_password(password, password, "N-01"), why)

    def test_typed_twice(self) -> None:
        refused(lambda: new_password("blue cup seven tree", "blue cup seven three", "N-01"), "differ")
        refused(lambda: new_pin("482915", "482916"), "differ")

    @pytest.mark.parametrize(
        "pin",
        [
            *("482915", "10293847", "482391", "321729", "482843"),
            *("178392", "118294", "194700", "992731", "211308", "21001103", "18991103"),
        ],
    )
    def test_a_good_pin(self, pin: str) -> None:
        assert new_pin(pin, pin) == pin

    @pytest.mark.parametrize(
        ("pin", "why"),
        [("48291", "at least 6"), ("48291x", "at least 6"), ("４８２９１５", "at least 6"), ("121212", "easy"), ("123456", "easy"),
         ("654321", "easy"), ("890123", "easy"), ("581234", "easy"), ("543291", "easy"), ("482482", "easy"), ("777294", "easy"),
         ("800101", "easy"), ("310785", "easy"), ("073185", "easy"), ("198507", "easy"), ("19800101", "easy"), ("334433", "easy"),
         ("482221", "easy"), ("4829299", "easy"), ("4821218", "easy"), ("901248", "easy"), ("482842", "easy"),
         ("19001103", "easy"), ("20991103", "easy"), ("129000", "easy"),
         ("121900", "easy"), ("190012", "easy"), ("209912", "easy"), ("311285", "easy"), ("851231", "easy"), ("123185", "easy"),
         ("31121985", "easy"), ("12311985", "easy"), ("482 91", "at least 6")],
    )  # fmt: skip
    def test_a_bad_pin(self, pin: str, why: str) -> None:
        refused(lambda: new_pin(pin, pin), why)


def test_events_come_back_from_the_log() -> None:
    for event in (a.SignedOut("N-01", "idle"), a.Reviewed(12, "all", ""), a.BackedUp("stick", 3, "ab", drill=True)):
        assert decode("people", encode(event)) == event


def test_what_concerns_no_account_changes_none() -> None:
    accounts = added(ADMIN)
    for event in (a.Exported("x.db", 3, "ab"), a.SignedOut("A-01", "person"), a.SignedIn("N-77"), a.NameShown("S-001")):
        accounts.apply(event)
    assert accounts.all == [a.Account(ADMIN)]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (a.PersonDisabled("N-01", "has left"), ["has left"]),
        (a.PasswordSet("N-01", first=True), ["to be changed at the first sign-in"]),
        (a.PasswordSet("N-01", first=False), []),
        (a.SignedOut("N-01", "person"), ["by the person"]),
        (a.SignedOut("N-01", "idle"), ["nobody was there"]),
        (a.SignedOut("N-01", "closed"), ["the program was closed"]),
        (a.SignInFailed("N-01", "password"), ["wrong password"]),
        (a.SignInFailed("N-01", "pin", times=2), ["wrong PIN", "2 times"]),
        (a.BackedUp("E:/", 3, "ab"), ["head ab"]),
        (a.Exported("x.db", 3, "ab"), ["SHA-256 ab"]),
        (a.Reviewed(12, "all", "two late checks"), ["two late checks"]),
        (a.Unlocked("N-01"), []),
    ],
    ids=str,
)
def test_what_is_told_beside_the_sentence(event: Event, told: list[str]) -> None:
    assert [str(part) for part in event.further() if part] == told


# --- what roles may do to an infusion


COMMANDS: tuple[Command, ...] = (Pause("alone"), AddNote("seen"), Abandon("never began"), Receive(), Release())


@given(st.sampled_from([role for role in GIVEN if role not in CLINICAL]), st.sampled_from(COMMANDS))
def test_who_only_reads_or_keeps_accounts_acts_on_no_infusion(role: Role, command: Command) -> None:
    state = Play().state
    with pytest.raises(Refused, match="does not act on an infusion"):
        decide(state, command, Person("X-01", "X", role), clock("13:05"))


def test_in_an_emergency_a_note_is_written_and_nothing_is_released() -> None:
    state, guest = Play().state, Person("E-1", "Wu", Role.EMERGENCY)
    assert decide(state, AddNote("cold hands"), guest, clock("13:05"))
    with pytest.raises(Refused, match="does not act on an infusion"):
        decide(state, Receive(), guest, clock("13:05"))


class TestLaptops:
    def test_those_on_the_list_are_those_added_and_not_removed(self) -> None:
        laptops = Laptops()
        for event in (LaptopAdded("b", "Ward 3", b"1"), LaptopAdded("a", "Pharmacy", b"2"), a.PinSet("N-01")):
            laptops.apply(event)
        assert [laptop.name for laptop in laptops.all] == ["Pharmacy", "Ward 3"]
        laptops.apply(laptops.remove("b", " broken "))
        assert laptops.get("b") is None
        laptops.apply(LaptopRemoved("never added", "lost"))
        assert [laptop.store_id for laptop in laptops.all] == ["a"]

    def test_one_is_removed_with_a_reason_and_only_once(self) -> None:
        laptops = Laptops()
        refused(lambda: laptops.remove("a", "lost"), "not on the list")
        laptops.apply(LaptopAdded("a", "Pharmacy", b"2"))
        refused(lambda: laptops.remove("a", " "), "reason")
        assert laptops.remove("a", " lost ") == LaptopRemoved("a", "lost")

    def test_the_newer_key_of_a_laptop_counts(self) -> None:
        laptops = Laptops()
        for key in (b"1", b"2"):
            laptops.apply(LaptopAdded("a", "Pharmacy", key))
        assert [laptop.public_key for laptop in laptops.all] == [b"2"]
