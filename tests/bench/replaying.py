"""An infusion rebuilt from its events."""

from time import process_time

from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import replay
from app.domain.log import Entry
from tests.domain.cast import LI, TRIAL
from tests.domain.play import Play, prepared

from .timing import Found, in_turn


def noted(count: int, play: Play | None = None) -> list[Entry]:
    """An infusion with so many notes more."""
    play = play or Play()
    for number in range(count):
        play.do(AddNote(f"note {number}"), LI)
    return play.entries


def running(count: int = 0) -> list[Entry]:
    """The first bag drips, for so many notes already."""
    return noted(count, prepared("stepped up"))


def replay_linear() -> dict[str, Found]:
    """10,000 events against ten times 1,000."""
    many, few = noted(10_000), noted(1_000)
    return {"replay": in_turn(lambda: rebuilt(many), lambda: [rebuilt(few) for _ in range(10)], process_time)}


def rebuilt(entries: list[Entry]) -> Infusion:
    return replay("inf", entries, TRIAL)
