"""The program once its record is open: it ticks, locks, and goes from page to page."""

from typing import TYPE_CHECKING

from app.domain.people.accounts import RecoveryKeyUsed
from app.domain.people.own_keys import RecoveryKeyMade
from app.domain.people.roles import CLINICAL, Person, Role
from app.domain.texts import say
from app.domain.watch.priority import Priority
from app.jobs.alarm_tuning import AlarmTuning
from app.jobs.backups import Backups
from app.jobs.laptop.laptop_watch import LaptopWatch
from app.jobs.record_clock import this_program
from app.jobs.record_maker import ReportMaker
from app.jobs.unlocking import take_wrong_passwords
from app.program.bed_monitors import Monitors
from app.program.open_record import OpenRecord
from app.program.ports_seen import PortsSeen
from app.services.access.own_key import recovery_signer
from app.services.clock import steady_s
from app.services.safety.sae_alarms import SaeAlarms
from app.services.safety.sae_watch import SaeWatch
from app.services.trial.enrolment_exchange import EnrolmentExchange
from app.services.ward.alerts import NOWHERE, Alerts
from app.services.ward.next_look import full_second, wait_s
from db.engine import sqlite_version
from ui.entrance.entrance_page import EntranceKey
from ui.entrance.sign_in import LOCKED_OUT, NO_KEY, SignInPage
from ui.frame.appearance import NO_FONT, Appearance
from ui.frame.bar.sae_bar import sae_words
from ui.frame.bar.stop_key import StopKey
from ui.frame.desk import Desk
from ui.frame.frame import WindowFrame
from ui.frame.leaving import Leaving
from ui.frame.pages import PageKey, Pages, PageServices, first_page, may_open
from ui.frame.session import Session
from ui.frame.shell import Beat, Shell
from ui.preflight.before_start import BeforeStart

if TYPE_CHECKING:
    from app.jobs.port_test import PortTest
    from app.program.entrance import WayIn
    from ui.devices.page import Placing


class WindowProgram:
    """Made on the GUI thread, of what is open already; `close` closes it all. `placing`: None where nobody places monitors."""

    def __init__(
        self, shell: Shell, appearance: Appearance, record: OpenRecord, desk: Desk, monitors: Monitors, placing: "Placing | None",
        laptop: LaptopWatch,
    ) -> None:  # fmt: skip
        self.shell, self.record, self.desk, self.monitors = shell, record, desk, monitors
        self._appearance = appearance
        self._left: dict[str, str] = {}
        self._record_gone = self._owes_reason = self._reads_ahead = False
        self.tuning = AlarmTuning(record.file, record.post)
        self.backups = Backups(
            record.file, record.store, record.settings, record.bedside,
            record.people.happened, record.executor, record.post, desk.tell,
        )  # fmt: skip
        self.session = Session(desk, shell.window, steady_s)
        Leaving(desk, shell.window)
        self.laptop = laptop
        self.sae = SaeWatch(record.store, lambda: record.bedside.trial.protocol.clocks.sae_report_h, record.bedside.now)
        trial = record.trial_desk()
        alerts = Alerts(record.bedside, NOWHERE if trial is None else SaeAlarms(self.sae, record.store, trial))
        self.frame = WindowFrame(
            desk, shell.window, alerts, record.ports.links, put_aside=self.session.put_aside, sound_is=laptop.sound_is
        )
        desk.old_curves, desk.enrolments = record.old_curves, EnrolmentExchange(record.exchange, record.trial_desk)
        desk.before_start = BeforeStart(laptop, record.bedside, lambda: self.backups.state().last_at, desk.practice)
        self.stop_key = StopKey(desk, shell.window, self.frame.alerts.active, self.session.put_aside)
        self.sign_in = SignInPage(desk, self.session)
        self.pages = Pages(desk, shell.window, self._services(placing), self.session.looking_away)
        shell.window.add_page(EntranceKey.SIGN_IN, self.sign_in)
        self.pages.page(PageKey.WARD)
        shell.window.show_page(EntranceKey.SIGN_IN)
        self._connect()
        for notice in record.notices:
            desk.find(notice)
        self._beat = Beat(self._tick, self._until_next_s, shell.window)
        record.bedside.news.when_urgent(self._beat.soon)
        self._look()
        self.pages.load_ahead()
        self._beat.begin()

    def _services(self, placing: "Placing | None") -> PageServices:
        record = self.record
        return PageServices(
            record.reads,
            record.patient_names,
            PortsSeen(record.ports, self.monitors.beds),
            placing, self._port_test, record.raw_folder,
            self._appearance,
            self.backups,
            record.site,
            self._new_recovery_key,
            self.frame.test_sound,
            {"Bedside": this_program().version, "SQLite": sqlite_version()},
            record.trial_desk, record.settings, self._trial_files, self.tuning, acute_checks=record.acute_checks,
        )  # fmt: skip

    def _port_test(self) -> "PortTest":
        from app.jobs.port_test import PortTest

        return PortTest(self.record.executor, self.record.post, self.record.ports.is_read)

    def _trial_files(self) -> ReportMaker:
        return ReportMaker(self.record.file, self.record.executor, self.record.post)

    def _new_recovery_key(self, secret: bytes) -> None:
        """Raises `Refused`."""
        self.record.accounts.wrap_recovery(secret)
        self.record.people.happened(RecoveryKeyMade(recovery_signer(secret).public_key), self.desk.person)

    def _connect(self) -> None:
        desk, window = self.desk, self.shell.window
        self.session.opened.connect(self._opened)
        self.session.locked.connect(self._locked)
        self.session.page_wanted.connect(self._show)
        for signal in (window.lock_wanted, window.top.person_pressed):
            signal.connect(self._lock)
        for signal in (window.alarm.acknowledge_pressed, window.alarm.reset_pressed, window.top.sound_pressed):
            signal.connect(self._may_only_look)
        window.alarm.bed_pressed.connect(self._look_at_alarm)
        window.page_wanted.connect(self._go)
        window.top.language_pressed.connect(self._next_language)
        desk.show_page.connect(self._show)
        desk.changed.connect(self.monitors.attend)
        if (trial := self.record.trial_desk()) is not None:
            trial.when_changed(self.sae.read)
        window.sae.pressed.connect(self._report_sae)
        window.sound.tested.connect(self.laptop.tested)
        window.sound.again_pressed.connect(self.frame.test_sound)
        for state in desk.bedside.infusions:
            self.monitors.attend(state.infusion_id)

    def _look_after_the_file(self) -> None:
        if self.record.rescue.health.gone is None or self._record_gone:
            return
        from ui.entrance.record_gone import RecordGone

        self._record_gone = True
        asked = RecordGone(self.desk, self.record.rescue, self.shell.window)
        asked.finished.connect(self._answered)
        asked.open()

    def _answered(self) -> None:
        self._record_gone = False

    def _tick(self) -> None:
        self._look()
        if self._reads_ahead:  # whoever came in sees the page first; what else there is has time until the next tick
            self._reads_ahead = False
            self.record.read_ahead()
            return
        self.record.rest.read(self.desk.find, lambda: self._tell_of_results(self.desk.person))
        self.backups.tick(steady_s())
        self.laptop.tick(steady_s(), self.record.bedside.infusions)

    def _look(self) -> None:
        """What a person at the window waits for; the laptop and its copies are looked at once it stands."""
        self.record.look()
        self._look_after_the_file()
        self.session.tick()
        self.monitors.tick(steady_s())
        self.frame.refresh()
        self._ask_why_emergency()
        self._show_sae()
        self.record.leave_mark()

    def _until_next_s(self) -> float:
        now = self.desk.now()
        due = (self.desk.bedside.due_at(full_second(now)), self.frame.alerts.due_at(), self.session.due_at(now))
        return wait_s(now, due, self.record.clock.speed)

    def _show_sae(self) -> None:
        """The clock of the most pressing serious adverse event, on every page; by its subject's code, never a name."""
        clocks, words = self.sae.running, self.shell.words.catalogue
        text = sae_words(clocks[0], len(clocks) - 1, self.desk.now(), words) if clocks else None
        self.shell.window.sae.show_text(text, self.desk.has_role(Role.INVESTIGATOR))

    def _report_sae(self) -> None:
        from ui.safety.sae_question import ask_sae

        trial = self.record.trial_desk()
        if trial is not None and self.sae.running:
            ask_sae(self.desk, trial, self.sae.running[0], self.shell.window)

    # --- coming in, and the lock

    def come_in(self, way_in: "WayIn") -> None:
        """By the password that opened the record; with the recovery key somebody gets a new password first."""
        from ui.questions.staff import ask_recovered_password

        people = self.record.people
        people.tried(take_wrong_passwords(self.record.file.path))
        account = people.account(way_in.person_id) if way_in.person_id else None
        if way_in.person_id is None:
            people.keys.hold(recovery_signer(way_in.secret))
            people.happened(RecoveryKeyUsed(), None)
            ask_recovered_password(self.desk, self.session.let_in, self.shell.window)
        elif account is not None and account.locked:
            self.sign_in.say_here(LOCKED_OUT)
        elif account is not None and not account.disabled and people.take_key(account.person.person_id, way_in.password):
            self.session.let_in(account.person)
        elif account is not None:
            self.sign_in.say_here(NO_KEY)

    def _opened(self, person: Person) -> None:
        """Who locked the screen comes back to the same page."""
        self._reads_ahead = True
        self._tell_of_results(person)
        left = self._left.get(person.person_id, "")
        self._go(left if may_open(person, left) else first_page(person))
        self._owes_reason = person.role in CLINICAL
        self._ask_why_emergency()
        if person.role in CLINICAL and self.laptop.is_test_due() and not self.frame.is_sounding:
            self.frame.test_sound()
        self._ask_about_the_end()

    def _ask_why_emergency(self) -> None:
        """Once nobody is called to a bed: it waits until no alarm is high."""
        high = any(a.priority is Priority.HIGH for a in self.frame.alerts.active())
        if high or not self._owes_reason or self.desk.person is None:
            return
        self._owes_reason = False
        unexplained = self.record.people.unexplained()
        if unexplained is not None:
            from ui.questions.staff import ask_why_emergency

            ask_why_emergency(self.desk, *unexplained, self.shell.window)

    def _ask_about_the_end(self) -> None:
        doubted = self.record.people.doubts.oldest
        if doubted is not None:
            from ui.entrance.end_of_record import ask_about_the_end

            ask_about_the_end(self.desk, *doubted, self.shell.window)

    def _tell_of_results(self, person: Person | None) -> None:
        """Whoever signs in is told which results after an infusion are due, also those of while the laptop was off."""
        due = self.record.acute_checks.due() if person is not None and person.role in CLINICAL else []
        if due:
            who = ", ".join(dict.fromkeys(watch.subject for watch in due))
            self.desk.tell(say("The result after {hours} h is due: {who}.", hours=due[0].hours, who=who),
                           to_do=say("Ward page, “Next tasks”: see the patient, then answer and sign."))  # fmt: skip

    def _lock(self) -> None:
        if self.desk.person is not None:
            self.session.lock("person")

    def _locked(self, person: Person | None) -> None:
        if person is not None:
            self._left[person.person_id] = self.shell.window.page
        self.sign_in.refresh()
        self.shell.window.sound.hide()
        self.shell.window.show_page(EntranceKey.SIGN_IN)
        self.frame.refresh()

    def _may_only_look(self) -> None:
        """While the screen is locked."""
        if self.desk.person is None:
            self.sign_in.say_here(say("Sign in first."))

    def _look_at_alarm(self) -> None:
        active = self.frame.alerts.active()
        if self.desk.person is None and active:
            self.sign_in.look_at(active[0].infusion_id)

    # --- from page to page

    def _go(self, key: str) -> None:
        if may_open(self.desk.person, key):
            self.pages.turn_to(PageKey(key))
            self.frame.refresh()
            self.session.page_shown(key, self.pages.page(PageKey(key)).infusion_id)

    def _show(self, key: str, infusion_id: str) -> None:
        if infusion_id:
            self.pages.page(PageKey(key)).show_infusion(infusion_id)
        self._go(key)

    def _next_language(self) -> None:
        if not self._appearance.next_language():
            self.desk.tell(NO_FONT)

    def close(self) -> None:
        self._beat.stop()
        self.pages.close()
        self.tuning.close()
        self.session.close()
        self.backups.close()
        self.monitors.close()
        self.frame.close()
        self.laptop.close()
        self.record.close()
