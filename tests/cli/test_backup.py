"""`bedside backup`, `restore` and `verify` on plain and encrypted records, and every key that does not fit."""

from pathlib import Path

import pytest

from app.cli import main
from tests.cli.stores import encrypted, printed
from tests.db.making import notes, save


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    return tmp_path / "ward.db"


def the_backup(stick: Path) -> str:
    (folder,) = stick.iterdir()
    return str(folder)


def test_a_plain_record_goes_to_the_stick_and_comes_back(ward: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recorded = save(ward, notes(1, 5))
    assert main(["backup", "--db", str(ward), "--to", str(tmp_path / "stick")]) == 0
    back = tmp_path / "back" / "ward.db"
    assert main(["restore", "--from", the_backup(tmp_path / "stick"), "--to", str(back)]) == 0
    assert main(["verify", "--db", str(back), "--head", recorded[-1].hash]) == 0
    told = capsys.readouterr().out
    assert told.count(f"5 events, head {recorded[-1].hash}") == 2
    assert "Whole: 5 events" in told


def test_an_encrypted_record_goes_the_same_way_with_its_recovery_key(
    ward: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_key = ["--recovery-key", str(encrypted(ward))]
    assert main(["verify", "--db", str(ward), *with_key]) == 0
    assert main(["backup", "--db", str(ward), "--to", str(tmp_path / "stick"), *with_key]) == 0
    back = tmp_path / "back.db"
    assert main(["restore", "--from", the_backup(tmp_path / "stick"), "--to", str(back), *with_key]) == 0
    assert main(["verify", "--db", str(back), *with_key]) == 0
    assert capsys.readouterr().err == ""
    for file in (*(tmp_path / "stick").rglob("*.db"), back):
        assert b"note 1" not in file.read_bytes()


def key_files(folder: Path, right: Path) -> dict[str, tuple[list[str], str]]:
    """Ways of giving a key that opens nothing, and what is said of them."""
    (folder / "slip.txt").write_text("A" + right.read_text()[1:] if right.read_text()[0] != "A" else "B" + right.read_text()[1:])
    (folder / "noise.bin").write_bytes(bytes([0xFF, 0xFE, 0x80]))
    return {
        "none": ([], "is encrypted"),
        "another store's": (["--recovery-key", str(printed(folder / "other" / "k.txt", bytes(20)))], "does not belong"),
        "with a slip": (["--recovery-key", str(folder / "slip.txt")], "slip"),
        "not a text": (["--recovery-key", str(folder / "noise.bin")], "holds no recovery key"),
        "not there": (["--recovery-key", str(folder / "gone.txt")], "cannot be read"),
    }


@pytest.mark.parametrize("which", ["none", "another store's", "with a slip", "not a text", "not there"])
def test_a_wrong_key_is_said_and_nothing_is_made(
    ward: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], which: str
) -> None:
    right = encrypted(ward)
    assert main(["backup", "--db", str(ward), "--to", str(tmp_path / "stick"), "--recovery-key", str(right)]) == 0
    words, said = key_files(tmp_path, right)[which]
    capsys.readouterr()
    for command in (
        ["verify", "--db", str(ward)],
        ["backup", "--db", str(ward), "--to", str(tmp_path / "second")],
        ["restore", "--from", the_backup(tmp_path / "stick"), "--to", str(tmp_path / "back.db")],
    ):
        assert main([*command, *words]) == 2
        told = capsys.readouterr()
        assert said in told.err
        assert told.out == ""
    assert not (tmp_path / "second").exists()
    assert not (tmp_path / "back.db").exists()


def test_a_key_file_of_another_record_is_noticed(ward: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = encrypted(ward)
    other = tmp_path / "other.db"
    save(other, notes(1, 1))
    ward.with_name("other.db.keys").write_bytes(ward.with_name("ward.db.keys").read_bytes())
    assert main(["verify", "--db", str(other), "--recovery-key", str(right)]) == 2
    assert "The key does not open" in capsys.readouterr().err


def test_a_recovery_key_without_a_key_file_opens_nothing(ward: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = encrypted(ward)
    ward.with_name("ward.db.keys").unlink()
    assert main(["verify", "--db", str(ward), "--recovery-key", str(right)]) == 2
    assert "There is no key file" in capsys.readouterr().err


@pytest.mark.parametrize("place", [0.05, 0.5, 0.95])
def test_one_changed_byte_of_an_encrypted_record_is_caught(ward: Path, capsys: pytest.CaptureFixture[str], place: float) -> None:
    right = encrypted(ward, events=200)
    data = bytearray(ward.read_bytes())
    data[int(len(data) * place)] ^= 1
    ward.write_bytes(data)
    assert main(["verify", "--db", str(ward), "--recovery-key", str(right)]) != 0
    told = capsys.readouterr()
    assert "Whole" not in told.out
    assert told.out or told.err


@pytest.mark.parametrize("left", ["back.db", "back.db-wal", "back.db.head", "back.db.keys"])
def test_a_restore_touches_nothing_that_is_there(ward: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], left: str) -> None:
    save(ward, notes(1, 2))
    assert main(["backup", "--db", str(ward), "--to", str(tmp_path / "stick")]) == 0
    (tmp_path / left).write_text("of somebody else")
    assert main(["restore", "--from", the_backup(tmp_path / "stick"), "--to", str(tmp_path / "back.db")]) == 2
    assert f"{left} is there already" in capsys.readouterr().err
    assert [file.name for file in tmp_path.glob("back.db*")] == [left]


@pytest.mark.parametrize("command", ["backup", "restore", "verify"])
def test_what_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    gone, to = str(tmp_path / "gone"), str(tmp_path / "to")
    words = {"backup": ["--db", gone, "--to", to], "restore": ["--from", gone, "--to", to], "verify": ["--db", gone]}
    assert main([command, *words[command]]) == 2
    assert "gone" in capsys.readouterr().err
