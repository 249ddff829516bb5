"""How the bench comes into a record: with its key, by a person's password, as at the entrance."""

from typing import Any

from app.main import ProgramStart
from app.program.entrance import WayIn
from tests.bench.keys import PASSWORD, key_beside


def come_in(start: ProgramStart, person_id: str = "n1") -> Any:
    """The running program, behind its gate, where it would wait for somebody's password."""
    why_not = start.run(WayIn(key_beside(start.path), person_id, PASSWORD))
    assert why_not is None, why_not
    program: Any = start.program
    assert program.desk.person is not None, "nobody was let in"
    return program
