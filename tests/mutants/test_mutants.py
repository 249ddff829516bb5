"""The judge can say no: a test that looks at too little lets changes live, one that looks at all of it does not."""

import ast
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from .changes import Change, changes
from .judging import BY_TYPES, ENOUGH, WORDS, Found, Judgement, Survivor, listed
from .rooms import ROOMS, ROOT, files

RUNS_MIN = """
def runs_min(volume_ml, rate_ml_min):
    if rate_ml_min <= 0:
        raise ValueError("It does not drip.")
    return volume_ml / rate_ml_min
"""
Runs = Callable[[int, int], float]


def looks_closely(runs: Runs) -> None:
    assert runs(100, 50) == 2
    assert runs(100, 1) == 100
    with pytest.raises(ValueError, match="not drip"):
        runs(100, 0)


def looks_away(runs: Runs) -> None:
    runs(100, 50)


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Change], dict[str, Runs]]:
    """Every change of the function above, and it itself with each of them."""
    if sys.platform == "win32":
        pytest.skip("the library does not run there")
    (tmp_path / "setup.cfg").write_text("[mutmut]\nsource_paths = runs.py\n")
    monkeypatch.chdir(tmp_path)
    from mutmut.configuration import reset_config
    from mutmut.mutation.file_mutation import mutate_file_contents

    reset_config()
    code = mutate_file_contents("runs.py", RUNS_MIN).code
    functions: dict[str, Runs] = {}
    exec(code, {"__name__": "runs"}, functions)
    return changes(code), functions


def tried(changed: tuple[dict[str, Change], dict[str, Runs]], test: Callable[[Runs], None]) -> list[Found]:
    found = []
    for name, change in changed[0].items():
        status = "killed"
        with suppress(Exception, pytest.fail.Exception):
            test(changed[1][name])
            status = "survived"
        found.append(Found("runs.py", change, WORDS if change.words_only else status))
    return found


def test_what_a_test_does_not_look_at_survives_and_is_named(changed: tuple[dict[str, Change], dict[str, Runs]]) -> None:
    close, away = (Judgement(tried(changed, test), []) for test in (looks_closely, looks_away))
    assert close.holds
    assert close.killed == close.total > 3
    assert not away.holds
    assert {change.change.now for change in away.unknown} >= {"if rate_ml_min < 0:", "return volume_ml * rate_ml_min"}
    assert any("+ if rate_ml_min < 0:" in line for line in away.lines())


def test_words_for_people_are_not_counted_and_the_values_in_them_are(changed: tuple[dict[str, Change], dict[str, Runs]]) -> None:
    words = {change.now for change in changed[0].values() if change.words_only}
    assert words == {"raise ValueError('XXIt does not drip.XX')", "raise ValueError('it does not drip.')",
                     "raise ValueError('IT DOES NOT DRIP.')"}  # fmt: skip


def found(status: str, times: int = 1, now: str = "b") -> list[Found]:
    return [Found("x.py", Change("f", "a", f"{now}{n}", False), status) for n in range(times)]


def test_ninety_five_of_a_hundred_are_enough_if_the_others_are_listed() -> None:
    known = [Survivor("x.py", "f", "a", f"s{n}", "the same to everybody") for n in range(5)]
    enough = [*found("killed", 94), *found("timeout"), *found("survived", 5, "s")]
    assert Judgement(enough, known).holds
    assert not Judgement(enough, known[:4]).holds
    assert not Judgement(found("killed", 94) + found("survived", 5, "s"), known).holds
    assert ENOUGH == 0.95


def test_what_the_type_checker_refuses_counts_nowhere_and_what_no_test_reaches_survived() -> None:
    judged = Judgement([*found("killed"), *found(BY_TYPES, 9, "t"), *found("no tests", 1, "n")], [])
    assert (judged.killed, judged.total, len(judged.unknown)) == (1, 2, 1)
    assert judged.lines()[0].endswith("1/2  types 9  words 0")


def test_what_is_listed_without_need_is_told() -> None:
    judged = Judgement(found("killed"), [Survivor("x.py", "f", "a", "b0", "was so"), Survivor("y.py", "f", "a", "b", "not run")])
    assert judged.holds
    assert [line for line in judged.lines() if line.startswith("listed")] == [
        "listed, but noticed or gone: x.py f\n    - a\n    + b0"
    ]


def test_every_listed_survivor_is_a_line_of_the_code_as_it_is() -> None:
    code = {file: ast.unparse(ast.parse((ROOT / file).read_text(encoding="utf-8"))) for file in {one.file for one in listed()}}
    gone = [one for one in listed() if any(line not in code[one.file] for line in one.was.split(" / "))]
    assert gone == []
    assert all(one.why for one in listed())


def test_every_file_of_the_rooms_is_in_one_of_them() -> None:
    inside = [file for room in ROOMS.values() for file in files(room)]
    assert len(inside) == len(set(inside)) > 200
    domain = {p.relative_to(ROOT).as_posix() for p in (ROOT / "app/domain").rglob("*.py")}
    assert domain <= set(inside)
