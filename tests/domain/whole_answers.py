"""What a rule answers, read whole: the refusal word for word, or every field of the facts but the hash that a signature covers."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.chapter import Command
from app.domain.people.roles import Person

from .cast import LI
from .play import Play
from .seeing import plain


def refusal(play: Play, command: Command, by: Person = LI, at: datetime | None = None) -> str:
    """Why it is refused; nothing has happened then."""
    before = len(play.entries)
    with pytest.raises(Refused) as refused:
        play.do(command, by, at)
    assert len(play.entries) == before
    return plain(refused.value.text)


def facts(play: Play, command: Command, by: Person = LI, at: datetime | None = None) -> list[e.InfusionEvent]:
    """What it leads to. A signature keeps its printed name."""
    return [replace(x, signed_sha256="") if isinstance(x, e.Signing) else x for x in play.do(command, by, at)]
