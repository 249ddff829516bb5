"""Codes of another laptop are read: with the scanner in any order, or from a file; then it is shown what they say."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.texts import Text, say
from app.services.codes.code_lines import Gathering, Kind, read_file
from ui.ask.code_field import ScanField, when_scanned
from ui.ask.show_codes import PATTERN
from ui.frame.desk import Desk
from ui.frame.shell import choose_file
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.message_strip import MessageState

from .question import Question


class ReadCodesQuestion(Question):
    """`understood(data)` gets what all codes say together; until it has put that into words nothing can be confirmed."""

    keeps_draft = False

    def __init__(
        self, desk: Desk, title: Text, primary: Text, how: Text, kind: Kind, parent: QWidget,
        choose: Callable[..., Path | None] = choose_file,
    ) -> None:  # fmt: skip
        super().__init__(desk, title, primary, parent)
        self._gathering, self._choose = Gathering(kind), choose
        site = desk.bedside.trial.protocol.labels
        self.body.addWidget(label(self.kit, how, "body", wrap=True))
        self.scan = ScanField(self.kit, say("Scan the codes"), site)
        self.file = button(self.kit, say("From a file"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.scan, 1)
        row.addWidget(self.file)
        self.body.addLayout(row)
        self.what_they_say = label(self.kit, "", "body", wrap=True)
        self.body.addWidget(self.what_they_say)
        self.scan.taken.connect(self._scanned)
        self.file.clicked.connect(self._from_file)
        when_scanned(site, self, self.scan.begin_scan)
        self.primary.setEnabled(False)
        self.scan.setFocus()

    def understood(self, data: bytes) -> Text:
        """What was read, in words. Raises `Refused`."""
        raise NotImplementedError

    def _scanned(self, text: str, _scanned: bool) -> None:
        self._take([text])

    def _from_file(self) -> None:
        file = self._choose(self, self.kit.words.tr(say("A file of codes")), Path.home(), PATTERN)
        if file is None:
            return
        try:
            self._take(read_file(file))
        except Refused as refusal:
            self._wrong(refusal.text)
        except OSError as error:
            self._wrong(say("The file cannot be read: {why}.", why=error.strerror or str(error)))

    def _take(self, lines: list[str]) -> None:
        self.primary.setEnabled(False)
        try:
            for line in lines:
                data = self._gathering.take(line)
            self._say(self._progress() if data is None else self.understood(data))
        except Refused as refusal:
            self._wrong(refusal.text)
            return
        self.strip.set_state(None)
        if data is not None:
            self.primary.setEnabled(True)
            self.primary.setFocus()

    def _progress(self) -> Text:
        n, total = self._gathering.count
        return say("{n} of {total} codes are read", n=n, total=total)

    def _say(self, text: Text | str) -> None:
        self.kit.words.bind(self.what_they_say, text=text)

    def _wrong(self, text: Text) -> None:
        """Nothing of it is kept; the next code may be read at once."""
        self.primary.setEnabled(False)
        self.strip.set_state(MessageState(text))
        n, _total = self._gathering.count
        self._say(self._progress() if n else "")
        self.scan.setFocus()
