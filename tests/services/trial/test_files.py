"""What the desk gives away: a calendar for any program, labels for tubes, the report with all its tables and pictures."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
import typst
import zxingcpp
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from app.cli import main
from app.domain.errors import Refused
from app.domain.texts import Text, say
from app.domain.trial.due import DueItem, due_items
from app.jobs.record_maker import ReportMaker
from app.jobs.trial_reports import DATA, ICS, LABELS, PDF, report_source
from app.practice.made_up_trial import MadeUpTrial
from app.practice.trial_store import made_up_store
from app.services.access.store_key import StoreFile
from app.services.clock import wall_utc
from app.services.codes.code128 import code128
from app.services.protocol_files import load
from app.services.trial.figures import counts_figure
from app.services.trial.icalendar import icalendar, uid
from app.services.trial.trial_tables import all_tables
from app.services.trial.tube_labels import sheet, tubes
from app.services.words.words import Words
from db.queries import StoreReader
from tests.domain.trial.subjects import RULES, SHANGHAI
from tests.fakes import at_once

ENGLISH = Words("en")
MADE = datetime(2026, 11, 30, 2, tzinfo=UTC)
VISIT = DueItem("S-001", "visit", 4, date(2026, 12, 14), (date(2026, 12, 11), date(2026, 12, 17)), "planned")
SAMPLE = DueItem("S-001", "immunology", 1, date(2026, 12, 1), (date(2026, 11, 30), date(2026, 12, 2)), "due")


def lines(*items: DueItem) -> list[str]:
    return icalendar(items, MADE, ENGLISH.tr).decode().split("\r\n")


def test_an_entry_is_all_day_its_end_exclusive_its_stamp_set() -> None:
    found = lines(VISIT)
    assert found[0] == "BEGIN:VCALENDAR"
    assert found[-2:] == ["END:VCALENDAR", ""]
    assert {"DTSTART;VALUE=DATE:20261211", "DTEND;VALUE=DATE:20261218", "DTSTAMP:20261130T020000Z", "SEQUENCE:0"} <= set(found)
    assert "SUMMARY:S-001 · Visit\\, week 4" in found
    assert "STATUS:CONFIRMED" in found


def test_a_moved_dose_moves_the_entry_and_does_not_double_it() -> None:
    dose = DueItem("S-001", "dose", 1, date(2026, 11, 16), (date(2026, 11, 16),) * 2, "done", date(2026, 11, 16))
    later = DueItem("S-001", "visit", 4, date(2026, 12, 15), (date(2026, 12, 12), date(2026, 12, 18)), "planned")
    before, after = lines(VISIT), lines(dose, later)
    (known,) = [x for x in before if x.startswith("UID:")]
    assert known in after
    assert "SEQUENCE:1" in after
    assert "S-001" not in uid(VISIT)
    assert "STATUS:CANCELLED" in lines(DueItem(*[*(getattr(VISIT, x) for x in VISIT.__struct_fields__[:5]), "dropped"]))


def test_long_lines_are_folded_by_octets() -> None:
    words = Words("zh_CN")
    long = DueItem("S-" + "0" * 60, "visit", 4, VISIT.day, VISIT.window, "planned")
    raw = icalendar([long], MADE, words.tr)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert "访视，第 4 周" in raw.decode().replace("\r\n ", "")


@pytest.mark.parametrize("text", ["S-001/W4/2", "~!A z0"])
def test_a_bar_code_is_read_back(text: str) -> None:
    widths = code128(text)
    bars = np.concatenate([np.full(n * 3, 0 if at % 2 == 0 else 255, np.uint8) for at, n in enumerate(widths)])
    quiet = np.full(40, 255, np.uint8)
    image = np.tile(np.concatenate([quiet, bars, quiet]), (60, 1))
    assert [x.text for x in zxingcpp.read_barcodes(image)] == [text]


@pytest.mark.parametrize("text", ["", "中文", "a\n"])
def test_what_cannot_stand_in_a_bar_code(text: str) -> None:
    with pytest.raises(Refused):
        code128(text)


def test_every_tube_has_both_codes() -> None:
    labels = tubes([SAMPLE, VISIT], 4)
    assert [tube.code for tube in labels] == [f"S-001/W1/{n}" for n in (1, 2, 3, 4)]
    plot = sheet(labels, ENGLISH.tr)
    wide, high = int(plot.width * 20), int(plot.height * 20)
    image = QImage(wide, high, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(plot.svg.encode())).render(painter)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(high, image.bytesPerLine())[:, :wide]
    found = sorted(x.text for x in zxingcpp.read_barcodes(pixels))
    assert found == sorted([tube.code for tube in labels] * 2)


# --- the made-up trial and its report


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up_store(25, tmp_path_factory.mktemp("trial"))[0]


def test_the_same_seed_gives_the_same_trial() -> None:
    def made(seed: int) -> list[str]:
        trial = MadeUpTrial(6, MADE, seed, load(), RULES, SHANGHAI, whole=False)
        return [f"{x.at} {x.stream} {x.event}" for x in trial.entries]

    assert made(3) == made(3) != made(4)


def test_a_made_up_store_is_whole_and_marked(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--db", str(store)]) == 0
    assert "Whole: " in capsys.readouterr().out
    with pytest.raises(Refused):
        made_up_store(1, store.parent)
    with StoreReader(store) as reader:
        assert reader.info().practice
        source = report_source(reader, wall_utc())
    assert source.is_simulated
    assert len(source.look.data.subjects) == len(source.look.data.infused) == 24


@pytest.mark.parametrize("seed", [1, 7, 16])
def test_every_seed_leads_24_subjects_to_the_end_of_the_rule(seed: int) -> None:
    made = MadeUpTrial(24, MADE, seed, load(), RULES, SHANGHAI, whole=False)
    assert len(made.enrolled) == made.screened == 24
    assert made.board.decision == "complete"


def test_the_report_of_a_record(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trial", "report", "--db", str(store), "--out", str(tmp_path)]) == 0
    files = {Path(name).name for name in json.loads(capsys.readouterr().out)["files"]}
    assert {PDF, DATA, ICS, LABELS, "board.svg", "swimmer.svg", "waterfall-hb.svg"} <= files
    assert (tmp_path / PDF).read_bytes().startswith(b"%PDF")
    told = json.loads((tmp_path / DATA).read_text())
    assert told["simulated"] is True
    assert all("denominator" in table["note"] for table in told["tables"].values())
    with StoreReader(store) as reader:
        source = report_source(reader, wall_utc())
    tables = {t.key: [[ENGLISH.tr(cell) for cell in row] for row in t.rows] for t in all_tables(source.look, source.deviations)}
    assert {key: table["rows"] for key, table in told["tables"].items()} == tables


def test_where_the_typesetter_fails_the_data_lie_there(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_how: object) -> None:
        raise typst.TypstError("stuck")  # type: ignore[call-arg]

    monkeypatch.setattr(typst, "Compiler", fail)
    assert main(["trial", "report", "--db", str(store), "--out", str(tmp_path)]) == 2
    assert "The typesetter failed, and no page was made (stuck)" in capsys.readouterr().err
    assert {DATA, ICS, "board.svg"} <= {path.name for path in tmp_path.iterdir()}
    assert not list(tmp_path.glob("*.pdf"))


def test_from_the_window_it_is_made_in_a_process_of_its_own_which_says_why_it_could_not(tmp_path: Path) -> None:
    from tests.db.making import recorder

    path, told = tmp_path / "ward.db", list[Path | Text]()
    recorder(path).close()
    with ThreadPoolExecutor(1) as waiting:
        ReportMaker(StoreFile(path, None), waiting, at_once).make(told.append)
    assert told == [say("This record has no subject: there is nothing to report.")]


def test_a_record_without_subjects_has_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.db.making import recorder

    recorder(tmp_path / "ward.db").close()
    assert main(["trial", "report", "--db", str(tmp_path / "ward.db"), "--out", str(tmp_path)]) == 2
    assert "no subject" in capsys.readouterr().err
    assert main(["trial", "report", "--db", str(tmp_path / "none.db"), "--out", str(tmp_path)]) == 2


def test_the_command_line_agrees_with_the_page(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same subjects as a file, asked of `bedside trial escalation`."""
    with StoreReader(store) as reader:
        look = report_source(reader, wall_utc()).look
    head = "subject,group,first_infusion,last_infusion,planned_doses,given_doses,left_on,dlt_on,cohort\n"
    rows = [
        ",".join(str(x) if x is not None else "" for x in (
            s.subject, s.group, s.first_infusion, s.last_infusion, s.planned_doses, s.given_doses, s.left_on, s.dlt_on, s.cohort))
        for s in look.subjects
    ]  # fmt: skip
    (tmp_path / "subjects.csv").write_text(head + "\n".join(rows) + "\n")
    assert main(["trial", "escalation", str(tmp_path / "subjects.csv"), "--today", str(look.today)]) == 0
    told = json.loads(capsys.readouterr().out)
    answer = look.answer
    assert (told["decision"], told["group"], told["mtd"]) == (answer.decision.value, answer.group, answer.mtd)
    assert told["pending"] == list(answer.pending)
    assert told["reason"] == ENGLISH.tr(answer.reason)


def test_counts_are_drawn_for_whom_there_are_any(store: Path) -> None:
    with StoreReader(store) as reader:
        look = report_source(reader, wall_utc()).look
    for s in look.data.subjects:
        figure = counts_figure(look, s, ENGLISH.tr)
        assert (figure is not None) == bool(look.data.doses.get(s.code))
    assert any(due_items(look.data, s, look.protocol, look.rules) for s in look.data.enrolled)


def test_practice_without_a_display_leaves_the_trial_and_its_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert main(["practice", "--trial", "--seed", "12", "--out", str(tmp_path / "out")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Simulated: a made-up trial, seed 12.")
    assert (tmp_path / "out" / PDF).exists()
    assert main(["practice", "--trial", "--out", str(tmp_path / "out")]) == 2
