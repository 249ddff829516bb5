"""What pages and dialogs are given: the services, the person signed in, and the way to say something."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.state import Infusion
from app.domain.people.roles import Person, Role
from app.domain.texts import Text, say
from app.services.access.people import People
from app.services.codes.release_exchange import Exchange
from app.services.trial.enrolment_exchange import EnrolmentExchange
from app.services.ward.ports import Outcome
from app.services.ward.series import CurvesOfBefore
from app.services.ward.ward import Bedside
from ui.frame.bar.alarm_bar import AlarmState
from ui.frame.record_files import RecordFiles, RecordMaking
from ui.kit.look_and_words import Kit
from ui.kit.message_strip import MessageState
from ui.preflight.before_start import BeforeStart

Then = Callable[[], None]


def nothing() -> None:
    """For a command after which nothing is to be done."""


class Desk(QObject):
    """Everything runs on the GUI thread. Signals carry what changed; pages pull what they show.

    `changed(infusion_id)`: its events, alarms or link; `heard(infusion_id)`: its monitor says something else than before;
    `looked`: the ward was looked at anew, a second went by or something was due; `person_changed`: who is signed in;
    `message(MessageState | None)`: to stand in the frame's strip; `found(Text)`: what is wrong with the record;
    `show_page(key, infusion_id)`: go there, if one may;
    `stop_wanted()`: F8, wherever it was pressed. `alarm_shown(AlarmState | None)`: what the alarm bar shows, for the bars over
    questions; what is pressed there is `acknowledge_wanted()`, `reset_wanted()`, `alarm_bed_wanted()`,
    `alarms_wanted(QWidget)`: all of them, over that question. `tour_wanted()`: the practice tour, from its beginning.
    `left_here(infusion_id)`: what colleagues left half filled there; `half_filled(infusion_id)`: what anybody did.
    `before_start`: what is known of the laptop, None where nobody looks after it. `enrolments`: from and to other laptops.
    `old_curves`: those that memory has no room for, None where nobody reads them. `is_coming`: whether a module is being loaded
    ahead (`Ahead`).
    """

    changed = Signal(str)
    heard = Signal(str)
    looked = Signal()
    person_changed = Signal()
    message = Signal(object)
    found = Signal(object)
    show_page = Signal(str, str)
    asking = Signal(bool)
    stop_wanted = Signal()
    alarm_shown = Signal(object)
    acknowledge_wanted = Signal()
    reset_wanted = Signal()
    alarm_bed_wanted = Signal()
    alarms_wanted = Signal(object)
    tour_wanted = Signal()

    def __init__(
        self, kit: Kit, bedside: Bedside, people: People, exchange: Exchange, making: RecordMaking, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.kit, self.bedside, self.people, self.exchange = kit, bedside, people, exchange
        self.records = RecordFiles(making, kit.words, self.tell, self)
        self.person: Person | None = None
        self._acting: Person | None = None
        self._told: Person | None = None
        self._refused_at: str | None = None
        self._open = 0
        self.alarm: AlarmState | None = None
        self.left_here: Callable[[str], Sequence[Text]] = lambda _infusion_id: ()
        self.before_start: BeforeStart | None = None
        self.enrolments: EnrolmentExchange | None = None
        self.old_curves: CurvesOfBefore | None = None
        self.half_filled: Callable[[str], Sequence[Text]] = lambda _infusion_id: ()
        self.is_coming: Callable[[str], bool] = lambda _module: False
        bedside.news.when_changed(self.changed.emit)
        bedside.news.when_heard(self.heard.emit)

    @property
    def practice(self) -> bool:
        return self.bedside.practice

    def now(self) -> datetime:
        return self.bedside.now()

    def infusion(self, infusion_id: str) -> Infusion:
        return self.bedside.infusion(infusion_id)

    def sign_in(self, person: Person | None) -> None:
        """What was told to somebody else goes with them."""
        if self._told is not None and self._told != person:
            self._told = self._refused_at = None
            self.message.emit(None)
        self.person = person
        self.person_changed.emit()

    @contextmanager
    def acting(self, person: Person) -> Iterator[None]:
        """What is opened meanwhile belongs to this person, who gave a password for it."""
        before, self._acting = self._acting, person
        try:
            yield
        finally:
            self._acting = before

    @property
    def owner(self) -> Person | None:
        """To whom a question belongs that is opened now."""
        return self._acting or self.person

    def has_role(self, *roles: Role) -> bool:
        return self.person is not None and self.person.role in roles

    def submit(
        self,
        infusion_id: str,
        command: Command,
        by: Person | None = None,
        then: Then = nothing,
        refused: Callable[[Text], None] | None = None,
    ) -> None:
        """Carry out a command for the person signed in (or `by`). `then` runs once it is saved (or acted on).

        Where it is refused or cannot be written, `refused` gets the text; without one it stands in the frame.
        """
        person = by or self.person
        if person is None:
            self.tell(say("Sign in first."))
            return

        def answered(outcome: Outcome) -> None:
            text = outcome.refused or outcome.failed
            if text is None:
                self._went_on(infusion_id)
                then()
            elif refused is not None:
                refused(text)
            elif outcome.refused is not None:
                self.refuse(text, infusion_id)
            else:
                self.tell(text, about=infusion_id)

        self.bedside.submit(infusion_id, command, person, answered)

    def show_alarm(self, alarm: AlarmState | None) -> None:
        if alarm != self.alarm:
            self.alarm = alarm
            self.alarm_shown.emit(alarm)

    def tell(self, happened: Text | str, safe: Text | str = "", to_do: Text | str = "", about: str | None = None) -> None:
        """Say something in the frame's message strip to whoever is signed in; `about`: the infusion that is spoken of."""
        self._told, self._refused_at = self.person, None
        self.message.emit(MessageState(self._of_whom(happened, about), safe, to_do))

    def find(self, what: Text) -> None:
        """Say what was found wrong with the record: nothing that is said after it takes it away, only somebody who closes it."""
        self.found.emit(what)

    def refuse(self, why: Text | str, infusion_id: str) -> None:
        """Tell why it does not go on there, until it does or somebody closes it."""
        self.tell(why, about=infusion_id)
        self._refused_at = infusion_id

    def _went_on(self, infusion_id: str) -> None:
        if self._refused_at == infusion_id:
            self._refused_at = None
            self.message.emit(None)

    def _of_whom(self, what: Text | str, infusion_id: str | None) -> Text | str:
        if infusion_id is None or not self.bedside.knows(infusion_id):
            return what
        order = self.infusion(infusion_id).order
        return say("{subject} · Bed {bed}: {what}", subject=order.subject, bed=order.bed, what=what)

    def opened(self) -> None:
        """A dialog opened: practice falls to real speed."""
        self._open += 1
        self.asking.emit(True)

    def closed(self) -> None:
        self._open -= 1
        if self._open == 0:
            self.asking.emit(False)
