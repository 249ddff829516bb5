"""`bedside record`: the record's files and its sheets, from a store, in either language."""

from pathlib import Path

import pytest

from app.cli import main
from app.services.record.folder import NAMES
from app.services.record.paper_fonts import installed
from tests.cli.test_export import ward as ward  # noqa: PLC0414
from tests.cli.test_export import with_key as with_key  # noqa: PLC0414
from tests.db.making import recorder
from tests.domain.cast import LI
from tests.services.record.paper import text_of


def test_the_record_and_each_sheet(
    tmp_path: Path, with_key: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "C")
    out = tmp_path / "paper"
    chosen = ["--infusion", "inf-2", "--to", str(out), *with_key]
    assert main(["record", *chosen]) == 0
    assert capsys.readouterr().out.splitlines() == [str(out / name) for name in NAMES]
    found = text_of((out / "record.pdf").read_bytes())
    assert "Site Haematology hospital, Tianjin" in found
    assert f"Ordered by {LI.name}" in found
    assert main(["record", "--sheet", "flowsheet", *chosen]) == 0
    assert "Flowsheet · S-001" in text_of((out / "flowsheet.pdf").read_bytes())
    assert main(["record", "--sheet", "sbar", *chosen]) == 0
    assert "S · Situation" in text_of((out / "sbar.pdf").read_bytes())


@pytest.mark.skipif(installed().chinese is None, reason="no Chinese font on this computer")
def test_a_sheet_in_chinese(tmp_path: Path, with_key: list[str]) -> None:
    chosen = ["--infusion", "inf-1", "--to", str(tmp_path), "--sheet", "downtime", "--language", "zh_CN", *with_key]
    assert main(["record", *chosen]) == 0
    assert "停机应急表" in text_of((tmp_path / "downtime.pdf").read_bytes())


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ([], "Say which infusion with --infusion ID. Known, with subject and dose: "),
        (["--infusion", "S-001"], "Say which infusion with --infusion ID."),
        (["--infusion", "B-9"], "There is no infusion “B-9”. Known, with subject and dose: "),
    ],
)
def test_which_infusion_must_be_clear(
    named: list[str], why: str, tmp_path: Path, with_key: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", "--to", str(tmp_path / "paper"), *named, *with_key]) == 2
    told = capsys.readouterr()
    assert told.err.startswith(why)
    assert "inf-1 (S-001, 1)" in told.err
    assert told.out == ""
    assert not (tmp_path / "paper").exists()


def test_a_record_without_an_infusion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recorder(tmp_path / "new.db").close()
    assert main(["record", "--to", str(tmp_path), "--db", str(tmp_path / "new.db")]) == 2
    assert capsys.readouterr().err == "This record holds no infusion.\n"


def test_a_folder_that_takes_nothing(tmp_path: Path, with_key: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert main(["record", "--infusion", "inf-1", "--to", str(tmp_path / "file"), *with_key]) == 2
    assert "cannot be written" in capsys.readouterr().err
