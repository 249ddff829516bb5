"""Who works at the laptop: choose a name, type the password. What is due stays in sight for everybody."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from app.domain.people.roles import ROLE_NAMES, Person
from app.domain.texts import say
from app.services.access.keeping import Checked
from app.services.access.practice_people import PRACTICE
from ui.ask.toggle_grid import Toggle
from ui.entrance.entrance_page import EntrancePage, line, primary
from ui.entrance.ward_now import WardNow
from ui.entrance.ward_now_lines import of_beds
from ui.frame.desk import Desk
from ui.frame.session import Session
from ui.kit.labels_and_buttons import button
from ui.kit.look.tokens import SPACE_8
from ui.questions.staff import ask_emergency_access

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
        self.secret = line(self.kit, say("Password"), secret=True)
        self.enter = primary(self.kit, say("Sign in"))
        why = say("For vital signs, a reaction, a pause or a stop when nobody can sign in. It is recorded.")
        self.emergency = button(self.kit, say("Emergency access"), why=why)
        self.enter.clicked.connect(self._enter)
        self.emergency.clicked.connect(self._in_emergency)
        self.secret.returnPressed.connect(self._enter)
        self.card.body.addLayout(self.names)
        self.card.body.addWidget(self.secret)
        self.row.addWidget(self.emergency)
        self.row.addStretch(1)
        self.row.addWidget(self.enter)
        self.close_card()
        self.ward_now = WardNow(self.kit)
        self.below.addWidget(self.ward_now)
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
            self.names.addWidget(made, at // 2, at % 2)
        self.say_here("")
        self.tick()
        if self._people:
            self._group.buttons()[0].setChecked(True)
            self._choose(0)

    def tick(self) -> None:
        """Several times a second while it is shown."""
        now = self.desk.now()
        self.ward_now.set_state(of_beds(self.desk.bedside.look().values(), now, self.kit.words.catalogue))

    def choose(self, person_id: str) -> None:
        """Whoever worked here last is the likeliest to come back."""
        for at, person in enumerate(self._people):
            if person.person_id == person_id:
                self._group.button(at).setChecked(True)
                self._choose(at)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
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
