"""The bench's own logic: when a goal is missed, how a line reads, what becomes of one that raises or hangs, and its records."""

import os
import re
from pathlib import Path

import msgspec
import pytest

from app.cli.verify import WHOLE, verify
from app.domain.infusion.phases import Phase
from app.domain.safety.safety_facts import AcuteChecked
from db.queries import StoreReader
from devices.models import MODELS
from tests.bench import ward_store
from tests.bench.arriving import Arrived
from tests.bench.judging import Goal, judged, line, remark, total
from tests.bench.latency import waited
from tests.bench.measures import MEASURES
from tests.bench.reading import until_painted
from tests.bench.running import Answer, Run, answer, apart, chosen
from tests.bench.timing import CannotRun, Found
from tests.bench.wires import of_one_moment, wires
from tests.domain.cast import DAY

_PROTOCOL_LINE = re.compile(r"[a-z0-9_]+ +[-0-9.e+]+ +[-0-9.e+]+ +[-0-9.e+]+ +[≤≥][0-9.]+ +(met|missed)( .*)?")


def told(ratios: list[float], goal: Goal) -> tuple[float | None, bool]:
    found = judged([(ratio, 1.0) for ratio in ratios], goal, DAY, 3.5)
    return found.ratio, found.is_met


# --- the spread


def test_a_median_within_the_goal_is_met() -> None:
    assert told([1.0, 1.1, 1.2, 1.9, 2.5], Goal(1.2)) == (1.2, True)


def test_a_median_beyond_it_is_missed_only_where_the_whole_spread_is() -> None:
    assert told([1.1, 1.19, 1.3, 1.4, 1.5], Goal(1.2)) == (1.3, True)
    assert told([1.1, 1.25, 1.3, 1.4, 1.5], Goal(1.2)) == (1.3, False)  # one lucky repeat saves nobody


def test_what_must_be_at_least_so_much_is_judged_from_the_other_side() -> None:
    assert told([0.5, 0.6, 0.65, 0.72, 0.8], Goal(least=0.7)) == (0.65, True)
    assert told([0.5, 0.6, 0.65, 0.69, 0.8], Goal(least=0.7)) == (0.65, False)


def test_with_few_repeats_there_is_no_spread_to_excuse_anything() -> None:
    found = judged([(1.1, 1.0), (1.3, 1.0), (1.4, 1.0)], Goal(1.2), DAY, 0.0)
    assert (found.spread, found.is_met) == (None, False)


# --- the lines


def test_a_line_is_name_ours_floor_ratio_goal_and_the_verdict() -> None:
    found = judged([(3.0, 2.0)] * 5, Goal(1.2), DAY, 3.5)
    assert line("page_open_ward_first", found).split() == ["page_open_ward_first", "3", "2", "1.5", "≤1.2", "missed"]
    assert remark("x", found) == "# x: 5 repeats, spread 1.5-1.5, load 3.50"


def test_what_could_not_run_is_missed_and_says_why_in_one_line() -> None:
    found = msgspec.structs.replace(judged([(1.0, 1.0)], Goal(1), DAY, 0.0), ours=None, is_met=False, why_not="no\nfile /proc")
    assert line("x", found).split() == ["x", "-", "-", "-", "≤1", "missed", "no", "file", "/proc"]
    assert total({"x": found, "y": judged([(1.0, 1.0)], Goal(1), DAY, 0.0)}) == "total 2 met 1"


def test_every_measure_has_a_goal_and_a_name_that_a_line_can_carry() -> None:
    names = [name for run in MEASURES for name in run.goals]
    assert len(names) == len(set(names))
    for run in MEASURES:
        for name, goal in run.goals.items():
            assert _PROTOCOL_LINE.fullmatch(line(name, judged([(1.0, 1.0)], goal, DAY, 0.0))), name


# --- which are run


def _nothing() -> dict[str, Found]:
    return {}


RUNS = (
    Run(_nothing, {"a": Goal(1), "a_b": Goal(1)}),
    Run(_nothing, {"ab": Goal(1)}),
    Run(_nothing, {"c": Goal(1)}, only_by_name=True),
)


def test_a_name_asks_for_its_lines_and_no_name_for_all_but_the_longest() -> None:
    assert [list(goals) for _, goals in chosen(RUNS, ["a"])] == [["a", "a_b"]]
    assert [list(goals) for _, goals in chosen(RUNS, ["a_b", "c"])] == [["a_b"], ["c"]]
    assert [list(goals) for _, goals in chosen(RUNS, [])] == [["a", "a_b"], ["ab"]]
    assert chosen(RUNS, ["nothing"]) == []


def test_a_measure_that_raises_or_hangs_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert apart(["-c", "raise ValueError('a fault of ours')"], 30).why_not == "ValueError: a fault of ours"
    assert "Traceback" in capsys.readouterr().err
    assert apart(["-c", "import threading; threading.Event().wait()"], 0.1).why_not == "it did not end within 0.1 s"


def test_what_a_measure_left_running_ends_with_it_also_in_a_group_of_its_own(tmp_path: Path) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    end = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    left = f"import subprocess; subprocess.Popen(['sleep', '60'], stdout=open({str(held)!r}, 'w'), process_group=0)"
    apart(["-c", left], 30)
    os.set_blocking(end, True)
    assert os.read(end, 1) == b""  # nobody holds it open
    os.close(end)


def test_an_answer_crosses_as_a_file(tmp_path: Path) -> None:
    def cannot() -> dict[str, Found]:
        raise CannotRun("no serial port")

    answer(lambda: {"a": [(1.0, 2.0)]}, tmp_path / "a")
    answer(cannot, tmp_path / "b")
    read = [msgspec.json.decode((tmp_path / name).read_bytes(), type=Answer) for name in "ab"]
    assert read == [Answer({"a": [(1.0, 2.0)]}), Answer(why_not="no serial port")]


# --- what arrives


def test_two_records_in_one_read_are_two_and_end_the_waiting() -> None:
    arrived = Arrived(3)
    is_over = []
    for port, records, at_s in ((0, 1, 1.0), (1, 0, 1.2), (0, 2, 4.0)):
        arrived.take(port, records, at_s)
        is_over.append(arrived.is_over)
    assert is_over == [False, False, True]
    lines = [row.split() for row in arrived.told().splitlines()]
    assert waited(lines, [0.5, 2.0, 3.0], ports=1) == [0.5, 2.0, 1.0]


def test_records_of_one_moment_differ_by_their_heart_rate_alone() -> None:
    decoder = MODELS["datex-s5"].decoder()
    told = [{x.vital: (x.value, x.device_time) for x in decoder.feed(record)} for record in of_one_moment((60, 61))]
    assert [int(one["hr"][0] or 0) for one in told] == [60, 61]
    assert len({at for one in told for _value, at in one.values()}) == 1


def test_a_line_that_nobody_reads_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bench.wires._PATIENCE_S", 0.0)
    with wires(1) as (wire,):
        wire.write(bytes(1_000_000))


def test_a_value_that_is_painted_late_has_waited_until_a_later_one_was() -> None:
    assert until_painted([0.0, 1.0, 2.0], [(60, 0.1), (62, 2.1)], [60, 61, 62]) == [0.1, 1.1, pytest.approx(0.1)]
    with pytest.raises(CannotRun, match="1 of 2 values"):
        until_painted([0.0, 1.0], [(60, 0.1)], [60, 61])


# --- the records


def test_a_record_is_whole_with_signatures_seals_samples_and_answered_checks(tmp_path: Path) -> None:
    ward = ward_store.make(tmp_path / "bedside.db", 2, 2, every_s=900)
    ward_store.begin_today(ward)
    ward_store.run_for_two_hours(ward, "/dev/ttyS0", every_s=900)
    assert verify(ward.path, key=ward.key) == WHOLE
    with StoreReader(ward.path, ward.key) as store:
        phases = {row.infusion_id: row.phase for row in store.standing()}
        answers = [x for x in store.subject_entries(AcuteChecked.__name__) if isinstance(x.event, AcuteChecked)]
        sampled = {infusion: len(store.samples(infusion)) for infusion in phases}
    assert phases == {
        "inf-00000": Phase.SIGNED, "inf-00001": Phase.SIGNED, "today": Phase.ORDERED, "running": Phase.RUNNING,
    }  # fmt: skip
    assert len(answers) == 2
    assert sampled["inf-00000"] == sampled["inf-00001"] > 0
