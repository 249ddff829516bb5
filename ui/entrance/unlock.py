"""Before the record is open: who opens it, and from a small file what goes on in the ward."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from app.domain.texts import Text, say
from app.services.access.status_file import WardStatus
from ui.ask.toggle_grid import Toggle
from ui.entrance.entrance_page import EntrancePage, line, primary
from ui.entrance.ward_now import WardNow
from ui.entrance.ward_now_lines import of_file
from ui.kit.labels_and_buttons import button
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit


class UnlockPage(EntrancePage):
    """Signals `wanted(person_id, password)`, `recovery_wanted(typed)`."""

    wanted = Signal(str, str)
    recovery_wanted = Signal(str)

    def __init__(self, kit: Kit, people: list[str], status: WardStatus | None, parent: QWidget | None = None) -> None:
        super().__init__(kit, say("Who opens the record?"), parent)
        self._people, self._status, self._by_key = people, status, False
        self._group, names = QButtonGroup(self), QGridLayout()
        names.setSpacing(SPACE_8)
        for at, person_id in enumerate(people):
            made = Toggle(kit, exclusive=True)
            kit.words.bind(made, text=person_id, accessibleName=person_id)
            self._group.addButton(made, at)
            names.addWidget(made, at // 4, at % 4)
        self.card.body.addLayout(names)
        self.secret = line(kit, say("Password"), secret=True)
        self._group.idClicked.connect(lambda _at: self.secret.setFocus())
        self.secret.returnPressed.connect(self._enter)
        self.card.body.addWidget(self.secret)
        self.other, self.enter = button(kit, say("Use the recovery key")), primary(kit, say("Open the record"))
        self.other.clicked.connect(self._other_way)
        self.enter.clicked.connect(self._enter)
        self.row.addWidget(self.other)
        self.row.addStretch(1)
        self.row.addWidget(self.enter)
        self.close_card()
        self.ward_now = WardNow(kit)
        self.below.addWidget(self.ward_now)
        if len(people) == 1:
            self._group.buttons()[0].setChecked(True)
        self.setFocusProxy(self.secret)

    def tick(self, now: datetime) -> None:
        """What is due, by the wall clock: the record's own is not known yet."""
        self.ward_now.set_state(of_file(self._status, now, self.kit.words.catalogue))

    def refuse(self, text: Text) -> None:
        self.enter.setEnabled(True)
        self.secret.clear()
        self.secret.setFocus()
        self.say_here(text)

    def _other_way(self) -> None:
        self._by_key = not self._by_key
        name = say("The nine groups of the recovery key") if self._by_key else say("Password")
        self.kit.words.bind(self.secret, accessibleName=name, placeholderText=name)
        self.kit.words.bind(self.other, text=say("Use a password") if self._by_key else say("Use the recovery key"))
        self.secret.setEchoMode(self.secret.EchoMode.Normal if self._by_key else self.secret.EchoMode.Password)
        for made in self._group.buttons():
            made.setEnabled(not self._by_key)
        self.secret.clear()
        self.secret.setFocus()

    def _enter(self) -> None:
        at = self._group.checkedId()
        if self._by_key:
            self.recovery_wanted.emit(self.secret.text())
        elif at < 0:
            self.say_here(say("Choose who it is."))
        elif not self.secret.text():
            self.say_here(say("Type the password."))
        else:
            self.enter.setEnabled(False)
            self.say_here(say("Opening the record…"))
            self.wanted.emit(self._people[at], self.secret.text())
