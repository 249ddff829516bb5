"""Data as lines of letters for QR codes and files: whole, in any order, and nothing else."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.services.codes.code_lines import LETTERS, Gathering, lines, read_file

RELEASE, LAPTOP = "BEDSIDE-RELEASE", "BEDSIDE-LAPTOP"
DATA = bytes(range(256)) * 5


def gathered(given_lines: list[str]) -> bytes | None:
    gathering, whole = Gathering("BEDSIDE-RELEASE"), None
    for line in given_lines:
        whole = gathering.take(line)
    return whole


@given(st.binary(min_size=1, max_size=3000), st.randoms(use_true_random=False))
def test_any_data_comes_back_whatever_the_order_and_however_often(data: bytes, random: Random) -> None:
    sent = list(lines("BEDSIDE-RELEASE", data))
    read = sent + random.sample(sent, len(sent) // 2)
    random.shuffle(read)
    gathering = Gathering("BEDSIDE-RELEASE")
    wholes = [found for line in read if (found := gathering.take(line)) is not None]
    assert wholes
    assert set(wholes) == {data}


def test_a_code_holds_only_what_no_keyboard_changes_and_fits_on_a_screen() -> None:
    for line in lines("BEDSIDE-RELEASE", DATA):
        assert set(line) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/")
        assert len(line) <= LETTERS + 40


@pytest.mark.parametrize("changed", [str.lower, lambda line: f" {line}\r\n", lambda line: line.replace("/", "\uff0f")])
def test_caps_lock_and_a_chinese_keyboard_change_nothing(changed: object) -> None:
    assert callable(changed)
    assert gathered([changed(line) for line in lines("BEDSIDE-RELEASE", DATA)]) == DATA


def test_before_the_last_part_nothing_is_whole_and_it_is_told_how_many_are_there() -> None:
    gathering = Gathering("BEDSIDE-RELEASE")
    first, second, *rest = lines("BEDSIDE-RELEASE", DATA)
    assert gathering.count == (0, 0)
    assert gathering.take(second) is None
    assert gathering.take(second) is None
    assert gathering.count == (1, 4)
    assert gathering.take(first) is None
    assert gathering.count == (2, 4)
    assert gathering.take(rest[0]) is None
    assert gathering.take(rest[1]) == DATA
    assert gathering.count == (0, 0)


def test_a_code_of_another_message_begins_anew() -> None:
    gathering = Gathering("BEDSIDE-RELEASE")
    gathering.take(lines("BEDSIDE-RELEASE", DATA)[0])
    assert gathering.take(lines("BEDSIDE-RELEASE", b"short")[0]) == b"short"


def test_one_letter_read_wrongly_is_found() -> None:
    first, *rest = lines("BEDSIDE-RELEASE", DATA)
    wrong = first[:-1] + ("A" if first[-1] != "A" else "B")
    with pytest.raises(Refused, match="one was read wrongly"):
        gathered([wrong, *rest])
    assert gathered([first, *rest]) == DATA


def test_a_length_that_no_data_has_is_found() -> None:
    (line,) = lines("BEDSIDE-RELEASE", b"short")
    with pytest.raises(Refused, match="one was read wrongly"):
        gathered([line[:-2]])


@pytest.mark.parametrize("text", ["", "UC-2611-043", "BEDSIDE-RELEASE/1/2/ABCDEFGH/", "BEDSIDE-RELEASE/1/1/ABC/AAAA", "=A9999"])
def test_what_is_no_code_of_bedside_is_told_so(text: str) -> None:
    with pytest.raises(Refused, match="no code of Bedside"):
        gathered([text])


def test_a_part_that_the_message_does_not_have_is_not_counted() -> None:
    (line,) = lines("BEDSIDE-RELEASE", b"short")
    for n in ("0", "2"):
        assert gathered([line.replace("/1/1/", f"/{n}/1/")]) is None


def test_a_laptops_code_is_no_release() -> None:
    with pytest.raises(Refused, match="This is a laptop's code, not a release"):
        gathered(list(lines("BEDSIDE-LAPTOP", b"card")))


def test_too_much_for_codes_is_refused() -> None:
    with pytest.raises(Refused, match="too much"):
        lines("BEDSIDE-RELEASE", bytes(50_000))


def test_a_file_holds_the_same_lines(tmp_path: Path) -> None:
    file = tmp_path / "release.bedside"
    file.write_text("\r\n".join(lines("BEDSIDE-RELEASE", DATA)) + "\r\n\r\n", encoding="ascii")
    assert gathered(read_file(file)) == DATA


@pytest.mark.parametrize("data", [b"", b" \n", b"A" * 200_001])
def test_a_file_of_something_else_is_told_so(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(data)
    with pytest.raises(Refused, match=r"photo\.jpg holds no codes"):
        read_file(file)


def test_a_file_of_any_bytes_is_read_and_refused(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(Refused, match="no code of Bedside"):
        gathered(read_file(file))
