"""What time it really is, after the laptop was off and its clock cannot be trusted."""

from datetime import timedelta

from PySide6.QtCore import QDateTime, QTimeZone
from PySide6.QtWidgets import QDateTimeEdit, QWidget

from app.domain.texts import say
from app.services.ward.ports import Outcome
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.parts import label


class TimeQuestion(Question):
    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget) -> None:
        super().__init__(desk, say("What time is it now, by the ward's clock?"), say("It is this time"), parent)
        self._infusion_id = infusion_id
        last = desk.now().astimezone()
        self.time = QDateTimeEdit(QDateTime.fromSecsSinceEpoch(int(last.timestamp()), QTimeZone.systemTimeZone()))
        self.time.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.time.setFont(self.kit.look.font("code"))
        self.time.setMinimumHeight(56)
        self.kit.words.bind(self.time, accessibleName=say("Time"))
        told = say("The record ends at {at}. Until the time is known the worst case is shown.", at=desk.now())
        self.body.addWidget(label(self.kit, told, "body", wrap=True))
        self.body.addWidget(self.time)
        self.confirmed.connect(self._confirm)

    def _confirm(self) -> None:
        person = self.desk.person
        if person is None:
            return
        seconds = self.time.dateTime().toSecsSinceEpoch() - int(self.desk.now().timestamp())
        real = self.desk.now() + timedelta(seconds=seconds)
        self.desk.bedside.confirm_time(self._infusion_id, real, person, self._answered)

    def _answered(self, outcome: Outcome) -> None:
        text = outcome.refused or outcome.failed
        if text is None:
            self.accept()
        else:
            self.say_no(text)


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    TimeQuestion(desk, infusion_id, parent).open()
