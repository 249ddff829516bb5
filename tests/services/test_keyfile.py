"""The store's key: opened by each person's password and by the printed key, by nothing else."""

from contextlib import suppress
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.services.access import recovery_key
from app.services.access.keyfile import KeyFile, Stretching, beside, load, new_key, save

QUICK = Stretching(1, 8, 1)
KEY = bytes(range(32))
SECRET = bytes(range(20))


def keys() -> KeyFile:
    made = KeyFile("store-1").with_password("n1", "correct horse", KEY, QUICK)
    return made.with_password("p1", "battery staple", KEY, QUICK).with_recovery(SECRET, KEY)


def test_each_password_opens_the_same_store() -> None:
    assert keys().open_with_password("n1", "correct horse") == KEY
    assert keys().open_with_password("p1", "battery staple") == KEY
    assert keys().open_with_recovery(SECRET) == KEY
    assert len(new_key()) == 32


@pytest.mark.parametrize(
    ("who", "password"), [("n1", "battery staple"), ("n1", ""), ("p1", "correct horse"), ("x9", "correct horse")]
)
def test_nothing_else_does(who: str, password: str) -> None:
    with pytest.raises(Refused, match="do not fit"):
        keys().open_with_password(who, password)


def test_an_unknown_person_costs_the_same_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.services.access import keyfile

    costs: list[Stretching] = []
    real = keyfile.stretched

    def counted(password: str, salt: bytes, cost: Stretching) -> bytes:
        costs.append(cost)
        return real(password, salt, cost)

    made = keys()
    monkeypatch.setattr(keyfile, "stretched", counted)
    for who in ("n1", "x9"):
        with pytest.raises(Refused):
            made.open_with_password(who, "wrong")
    assert costs == [QUICK, QUICK]


def test_a_recovery_key_of_another_store_is_refused() -> None:
    with pytest.raises(Refused, match="does not belong"):
        keys().open_with_recovery(bytes(20))
    with pytest.raises(Refused, match="does not belong"):
        KeyFile("empty").open_with_recovery(SECRET)


def test_a_slot_moved_to_another_store_or_person_opens_nothing() -> None:
    made = keys()
    stolen = KeyFile("store-2", made.slots)
    with pytest.raises(Refused):
        stolen.open_with_password("n1", "correct horse")


def test_a_new_password_replaces_the_old_and_a_disabled_person_has_none() -> None:
    made = keys().with_password("n1", "new one", KEY, QUICK)
    assert made.open_with_password("n1", "new one") == KEY
    with pytest.raises(Refused):
        made.open_with_password("n1", "correct horse")
    with pytest.raises(Refused):
        made.without("p1").open_with_password("p1", "battery staple")


def test_the_file_keeps_no_key_and_is_read_back(tmp_path: Path) -> None:
    path = beside(tmp_path / "bedside.db")
    save(path, keys())
    assert load(path).open_with_password("n1", "correct horse") == KEY
    assert KEY not in path.read_bytes()
    path.write_text("{}")
    with pytest.raises(Refused, match=r"bedside\.db\.keys is not a key file"):
        load(path)


@given(st.binary(min_size=20, max_size=20))
def test_a_recovery_key_survives_being_printed_and_typed(secret: bytes) -> None:
    printed = recovery_key.written(secret)
    assert [len(group) for group in printed.split("-")] == [4] * 9
    assert recovery_key.read(printed.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == secret


@given(st.binary(min_size=20, max_size=20), st.integers(0, 35), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_slip_of_one_letter_is_found(secret: bytes, place: int, letter: str) -> None:
    letters = recovery_key.written(secret).replace("-", "")
    if letters[place] != letter:
        with pytest.raises(Refused, match="slip"):
            recovery_key.read(letters[:place] + letter + letters[place + 1 :])


@pytest.mark.parametrize("text", ["", "ABCD", "U" * 36, "A" * 35])
def test_what_is_no_recovery_key_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="nine groups"):
        recovery_key.read(text)


def test_every_recovery_key_is_another() -> None:
    assert recovery_key.new_secret() != recovery_key.new_secret()


def test_an_absurd_cost_is_a_damaged_file_and_costs_nothing(tmp_path: Path) -> None:
    file = beside(tmp_path / "ward.db")
    for cost in (
        Stretching(3, 1 << 40, 4),
        Stretching(10**9, 65536, 4),
        Stretching(0, 8, 1),
        Stretching(1, 8, 2),
        Stretching(1, 8, -1),
    ):
        slot = msgspec.structs.replace(keys().slots[0], stretching=cost)
        file.write_bytes(msgspec.json.encode(KeyFile("store-1", (slot,))))
        with pytest.raises(Refused, match=r"ward\.db\.keys is not a key file.*newest backup"):
            load(file)


def test_a_thousand_damaged_key_files_open_or_are_refused(tmp_path: Path) -> None:
    file, whole, random = beside(tmp_path / "ward.db"), msgspec.json.encode(keys()), Random(7)
    for _ in range(1000):
        data = bytearray(whole)
        for _ in range(random.randrange(1, 6)):
            data[random.randrange(len(data))] = random.randrange(32, 127)
        file.write_bytes(bytes(data[: random.choice((len(data), random.randrange(len(data))))]))
        with suppress(Refused):
            load(file).open_with_recovery(SECRET)
