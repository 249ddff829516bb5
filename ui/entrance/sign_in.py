"""Who works at the laptop: choose a name, type the password. What is due stays in sight for everybody."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from app.domain.people.roles import ROLE_NAMES, Person
from app.domain.texts import say
from app.services.access.keeping import Checked
from app.services.access.practice_people import PRACTICE
from ui.ask.toggle_grid import ROW, Toggle
from ui.entrance.entrance_page import EntrancePage, line, primary
from ui.entrance.ward_now import WardNow
from ui.entrance.ward_now_lines import of_beds
from ui.frame.desk import Desk
from ui.frame.session import Session
from ui.kit.labels_and_buttons import button, scrolled
from ui.kit.look.tokens import SMALL, SPACE_8
from ui.questions.staff import ask_emergency_access

if TYPE_CHECKING:
    from ui.entrance.locked_beds import LockedBeds

LOCKED_OUT = say("Too many wrong passwords: you do not come in. The record is open because an infusion goes on in it."
                 " Somebody else signs in, or take emergency access.")  # fmt: skip
NO_KEY = say("Your password opens the record, but not your own key: what is kept of it was changed. Have the record examined:"
             " bedside verify. An administrator gives you a new password; until then take emergency access.")  # fmt: skip
#: so many names stand below each other beside an open infusion, the others are scrolled to
_ROWS, _ROWS_SMALL = 4, 2
_SECRETS = {person.person_id: secret for person, secret in PRACTICE}


class SignInPage(EntrancePage):
    """`session` is told who comes in."""

    def __init__(self, desk: Desk, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(desk.kit, say("Who is working here?"), parent)
        self.desk, self._session = desk, session
        self._chosen: str | None = None
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._choose)
        self._people: list[Person] = []
        self.names = QGridLayout()
        self.names.setSpacing(SPACE_8)
        self.names.setContentsMargins(0, 0, 0, 0)
        listed = QWidget()
        listed.setLayout(self.names)
        self._listed = scrolled(listed)
        self.beds: LockedBeds | None = None
        self.secret = line(self.kit, say("Password"), secret=True)
        self.enter = primary(self.kit, say("Sign in"))
        why = say("For vital signs, a reaction, a pause or a stop when nobody can sign in. It is recorded.")
        self.emergency = button(self.kit, say("Emergency access"), why=why)
        self.enter.clicked.connect(self._enter)
        self.emergency.clicked.connect(self._in_emergency)
        self.secret.returnPressed.connect(self._enter)
        self.card.body.addWidget(self._listed)
        self.card.body.addWidget(self.secret)
        self.row.addWidget(self.emergency)
        self.row.addStretch(1)
        self.row.addWidget(self.enter)
        self.close_card()
        self.ward_now = WardNow(self.kit, alone=False)
        self.aside.addWidget(self.ward_now)
        desk.heard.connect(self._follow)
        desk.looked.connect(self._follow)
        self.refresh()

    def refresh(self) -> None:
        """The list as it is now, nobody chosen, no password."""
        self._people = self.desk.people.all
        for old in self._group.buttons():
            self._group.removeButton(old)
            old.hide()
            old.deleteLater()
        for at, person in enumerate(self._people):
            text = say("{role} {name}", role=ROLE_NAMES[person.role], name=person.name)
            made = Toggle(self.kit, exclusive=True)
            self.kit.words.bind(made, text=text, accessibleName=text)
            self._group.addButton(made, at)
        self.say_here("")
        if self.beds is not None:
            self.beds.let_go()
        self.tick()
        self._place_names()
        if self._people:
            self._group.buttons()[0].setChecked(True)
            self._choose(0)

    def _place_names(self) -> None:
        """Two in a row; one below the other where the card is narrow, and what is more is scrolled to."""
        columns = 2 if self.beds is None or self.beds.isHidden() else 1
        for at, made in enumerate(self._group.buttons()):
            self.names.addWidget(made, at // columns, at % columns)
        rows = -(-len(self._people) // columns)
        most = rows if columns == 2 else _ROWS_SMALL if self.window().height() < SMALL[1] else _ROWS
        self._listed.setFixedHeight(max(0, min(rows, most) * (ROW + SPACE_8) - SPACE_8))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_names()
        if self.beds is not None:
            self.beds.bed.set_short(self.is_stacked)

    def _follow(self, _infusion_id: str = "") -> None:
        if self.isVisible():
            self.tick()

    def tick(self) -> None:
        """After each look at the ward while it is shown, and when a monitor says something else."""
        now = self.desk.now()
        lines = of_beds(self.desk.bedside.look().values(), now, self.kit.words.catalogue)
        self.ward_now.set_state(lines)
        self._show_beds(bool(lines))

    def _show_beds(self, goes_on: bool) -> None:
        """Beside the sign-in, while an infusion is open; made when it is seen first."""
        if goes_on and self.beds is None and self.isVisible():
            from ui.entrance.locked_beds import LockedBeds  # it needs the plots, which are slow to import

            self.beds = LockedBeds(self.desk)
            self.beds.hide()
            self.aside.addWidget(self.beds, 1)
        if self.beds is not None and self.beds.isHidden() is goes_on:
            self.beds.setVisible(goes_on)
            self.beds.bed.set_short(self.is_stacked)
            self.put_aside(goes_on)
            self._place_names()
        if self.beds is not None and goes_on:
            self.beds.tick()

    def look_at(self, infusion_id: str) -> None:
        """That bed, whole; it takes nobody's password."""
        if self.beds is not None:
            self.beds.look_at(infusion_id)

    def choose(self, person_id: str) -> None:
        """Whoever worked here last is the likeliest to come back."""
        for at, person in enumerate(self._people):
            if person.person_id == person_id:
                self._group.button(at).setChecked(True)
                self._listed.ensureWidgetVisible(self._group.button(at))
                self._choose(at)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tick()
        self.secret.setFocus()

    def _choose(self, at: int) -> None:
        self._chosen = self._people[at].person_id
        self.secret.clear()
        self.secret.setFocus()
        shown = self.desk.practice and self._chosen in _SECRETS
        self.say_here(say("Practice: the password of {person} is {secret}.", person=self._chosen, secret=_SECRETS[self._chosen])
                      if shown else "")  # fmt: skip

    def _enter(self) -> None:
        if self._chosen is None or not self.secret.text():
            self.say_here(say("Type the password."))
            return
        self.enter.setEnabled(False)
        self.desk.people.check(self._chosen, self.secret.text(), self._answered)

    def _answered(self, checked: Checked) -> None:
        self.enter.setEnabled(True)
        self.secret.clear()
        if checked.person is None:
            self.say_here(checked.refused)
            self.secret.setFocus()
            return
        self.say_here("")
        self._session.let_in(checked.person)

    def _in_emergency(self) -> None:
        ask_emergency_access(self.desk, self._session.open, self)
