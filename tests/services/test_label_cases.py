"""Labels as other people's scanners sent them: read as they should be, marked, or refused."""

import json

import pytest

from app.cli import main
from tests.cases import Case, cases

TOLD, REFUSED = 0, 2


@pytest.mark.parametrize("case", cases("label"))
def test_a_label_is_read_marked_or_refused_as_it_should_be(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["label", case.data.decode()])
    out, err = capsys.readouterr()
    told = json.loads(out) if code == TOLD else {"kind": None, "fields": {}, "problems": [err]}
    if case.told["exit"] is not None:
        assert code == case.told["exit"], err
    if case.told["label_kind"] is not None:
        assert told["kind"] == case.told["label_kind"]
    assert {name: told["fields"].get(name) for name in case.told["fields"]} == case.told["fields"]
    if case.told["marked_or_refused"]:
        assert told["problems"]
