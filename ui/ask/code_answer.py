"""The answer that is a code: a bag's or a wristband's, scanned or typed."""

from collections.abc import Callable

import msgspec

from app.domain import protocol
from app.domain.errors import Refused
from app.domain.infusion.chapters.identity import CodeRead
from app.domain.infusion.facts import Entered
from app.domain.texts import Text
from ui.ask.code_field import CodeField
from ui.kit.look_and_words import Kit

from .answers import TextAnswer


class ReadCode(msgspec.Struct, frozen=True):
    """A code as it was understood, and whether the scanner read it."""

    read: CodeRead
    is_scanned: bool

    @property
    def text(self) -> str:
        return self.read.number


def entered(*codes: ReadCode) -> Entered:
    """How the codes of one answer were entered."""
    ways: set[Entered] = {"scan" if code.is_scanned else "typed" for code in codes}
    return ways.pop() if len(ways) == 1 else "mixed"


class CodeAnswer(TextAnswer):
    """The code of a wristband or bag; `read` understands it, or refuses it at once with the reason below the line."""

    def __init__(self, kit: Kit, name: Text, site: protocol.Labels, read: Callable[[str], CodeRead]) -> None:
        self.code = CodeField(site)
        super().__init__(kit, name, field=self.code)
        self._read = read

    def value(self) -> ReadCode:
        if self.is_empty():
            raise self.missing()
        return ReadCode(self._read(self.code.text()), self.code.is_scanned)

    def is_understood(self) -> bool:
        """Says below the line why not; the next scan takes the place of what stands there."""
        try:
            self.value()
        except Refused as refusal:
            self.complain(refusal.text)
            self.code.selectAll()
            return False
        return True
