"""The program once its store is open: pages, frame, monitors and practice, wired together."""

import subprocess
import sys
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from app import settings
from app.domain.people.accounts import NameKept, NameShown, RecoveryKeyUsed
from app.domain.people.roles import CLINICAL, Person, Role
from app.domain.texts import Text, say
from app.jobs.backups import BackingUp
from app.jobs.port_test import Testing
from app.jobs.record_process import Wanted, record
from app.practice.pace import PracticePace
from app.program.bed_monitors import PortsSeen, PracticeMonitors, WardMonitors
from app.program.language import after, speak
from app.program.open_record import Parts, open_parts
from app.services.access.recovery_key import new_secret, written
from app.services.clock import ScaledClock, steady_s
from app.services.protocol_files import load
from app.services.ward.alerts import Alerts
from app.settings import Options, Preferences
from db.engine import sqlite_version
from devices.discovery import ports
from devices.models import MODELS
from devices.recording import is_sealed
from ui.entrance.sign_in import SignInPage
from ui.frame.bridge import Bridge
from ui.frame.desk import Desk
from ui.frame.frame import WindowFrame
from ui.frame.practice_controls import PracticeControls
from ui.frame.scans import deliver
from ui.frame.session import Session
from ui.frame.shell import Shell, choose_file, open_file
from ui.frame.view import pages_of
from ui.infusion.page import InfusionPage
from ui.kit.progress import ProgressState
from ui.ward.page import WardPage

if TYPE_CHECKING:
    from app.program.entrance_gates import Opened
    from ui.devices.page import DevicesPage
    from ui.dispense.page import DispensePage
    from ui.records.page import RecordsPage
    from ui.settings.page import SettingsPage
    from ui.trail.page import TrailPage

_TICK_MS = 250
#: So many letters of a code that nobody waited for are shown.
_CODE_SHOWN = 40
_LOCKED_OUT = say("Too many wrong passwords: you do not come in. The record is open because an infusion goes on in it."
                  " Somebody else signs in, or take emergency access.")  # fmt: skip


class Running:
    """Made on the GUI thread after the first paint. Raises `StoreError` or `Refused` when it cannot be opened."""

    def __init__(
        self, shell: Shell, options: Options, preferences: Preferences, path: Path, opened: "Opened | None" = None
    ) -> None:
        self.shell, self.options, self.preferences = shell, options, preferences
        self.bridge = Bridge(shell.window)
        self.clock = ScaledClock()
        self._left: dict[str, str] = {}
        key = opened.key if opened else None
        self.parts: Parts = open_parts(path, load(), self.clock, self.bridge.post, practice=options.practice, key=key)
        if options.practice:
            self.parts.people.practise()
        self.desk = Desk(shell.kit, self.parts.bedside, self.parts.people, shell.window)
        self.desk.exchanges = lambda: self.parts.exchange
        self.backing = BackingUp(self.parts, self.desk.tell)
        self.session = Session(self.desk, shell.window, steady_s)
        self.alerts = Alerts(self.parts.bedside)
        self.pace = PracticePace(self.parts.bedside, self.clock)
        self.monitors = self._monitors_of(options)
        self._pages()
        self.frame = WindowFrame(self.desk, shell.window, self.alerts, self.parts.links)
        self._connect()
        for notice in self.parts.recorder.notices:
            self.desk.tell(notice)
        self._tick()
        shell.every(_TICK_MS, self._tick)
        if opened is not None:
            self._came_in(opened)

    def _pages(self) -> None:
        desk, window = self.desk, self.shell.window
        self.sign_in = SignInPage(desk)
        self.ward = WardPage(desk)
        for key in ("sign_in", "ward"):
            self._ready(key)
        if self.options.practice:
            self.controls = PracticeControls(desk.kit, {key: model.label for key, model in MODELS.items()})
            window.side.addWidget(self.controls)
            self.controls.speed_chosen.connect(self._speed)
            self.controls.fault_chosen.connect(self._fault)
            self.controls.monitor_chosen.connect(self._practice_monitor)
            self.controls.choose(self.options.speed)
            self._speed(self.options.speed)
        window.show_page("sign_in")

    def _ready(self, key: str) -> None:
        """A page other than the first ones is made when it is first asked for."""
        if key not in self.shell.window.pages:
            self.shell.window.add_page(key, getattr(self, key))

    @cached_property
    def infusion(self) -> InfusionPage:
        return InfusionPage(self.desk)

    @cached_property
    def dispense(self) -> "DispensePage":
        from ui.dispense.page import DispensePage

        return DispensePage(self.desk)

    @cached_property
    def records(self) -> "RecordsPage":
        from app.program.record_lists import record_rows
        from ui.records.page import RecordsPage

        page = RecordsPage(self.desk, lambda: record_rows(self.parts))
        page.wanted.connect(self._record)
        page.folder_wanted.connect(self._show_files)
        page.name_wanted.connect(self._show_name)
        return page

    @cached_property
    def trail(self) -> "TrailPage":
        from app.program.record_lists import record_rows, trail_of
        from ui.trail.page import TrailPage

        return TrailPage(self.desk, trail_of(self.parts), lambda: record_rows(self.parts))

    @cached_property
    def devices(self) -> "DevicesPage":
        from ui.devices.page import DevicesPage

        page = DevicesPage(self.desk, PortsSeen(self.parts, self.monitors))
        page.connect_wanted.connect(self._choose_monitor)
        page.sources_wanted.connect(self._choose_sources)
        page.replay_wanted.connect(self._replay)
        page.disconnect_wanted.connect(self._disconnect)
        return page

    @cached_property
    def settings(self) -> "SettingsPage":
        from ui.settings.page import SettingsPage

        page = SettingsPage(self.desk, _about(), self.backing, self.parts.exchange)
        page.language_chosen.connect(self._language)
        page.theme_chosen.connect(self._theme)
        page.sound_tested.connect(self.frame.test_sound)
        page.person_wanted.connect(self._add_person)
        page.account_wanted.connect(self._change_account)
        page.secrets_wanted.connect(self._own_secrets)
        page.recovery_wanted.connect(self._new_recovery_key)
        return page

    def _connect(self) -> None:
        desk, window = self.desk, self.shell.window
        self.sign_in.signed_in.connect(self._signed_in)
        self.sign_in.emergency_wanted.connect(self._in_emergency)
        self.session.opened.connect(self._opened)
        self.session.locked.connect(self._locked)
        window.page_wanted.connect(self._go)
        window.lock_wanted.connect(self._lock)
        window.top.person_pressed.connect(self._lock)
        window.top.language_pressed.connect(self._next_language)
        desk.show_page.connect(self._show)
        desk.record_wanted.connect(self._record)
        desk.asking.connect(self._asking)
        desk.changed.connect(self.monitors.attend)
        for state in self.parts.bedside.infusions:
            self.monitors.attend(state.infusion_id)

    # --- going about

    def _came_in(self, opened: "Opened") -> None:
        """By the password that opened the record; with the recovery key somebody gets a new password first."""
        from app.jobs import founding
        from ui.questions.staff import ask_recovered_password

        people = self.parts.people
        people.tried(founding.tried(self.parts.path))
        account = people.account(opened.person_id) if opened.person_id else None
        if opened.person_id is None:
            people.happened(RecoveryKeyUsed(), None)
            ask_recovered_password(self.desk, self._signed_in, self.shell.window)
        elif account is not None and account.locked:
            self.sign_in.say_here(_LOCKED_OUT)
        elif account is not None and not account.disabled:
            self._signed_in(account.person)

    def _signed_in(self, person: Person) -> None:
        """A password that somebody else gave is changed first, and a PIN chosen."""
        from ui.questions.staff import ask_own_secrets

        account = self.parts.people.account(person.person_id)
        if account is not None and (account.first_password or not account.has_pin):
            ask_own_secrets(self.desk, person, lambda: self.session.open(person), self.shell.window)
        else:
            self.session.open(person)

    def _opened(self, person: Person) -> None:
        """Who locked the screen comes back to the same page; an administrator begins with the accounts."""
        left, pages = self._left.get(person.person_id), pages_of(person)
        first = "settings" if person.role is Role.ADMINISTRATOR else pages[0]
        self._go(left if left in pages else first)
        unexplained = self.parts.people.unexplained()
        if unexplained is not None and person.role in CLINICAL:
            from ui.questions.staff import ask_why_emergency

            ask_why_emergency(self.desk, *unexplained, self.shell.window)

    def _in_emergency(self) -> None:
        from ui.questions.staff import ask_emergency_access

        ask_emergency_access(self.desk, self.session.open, self.shell.window)

    def _lock(self) -> None:
        if self.desk.person is not None:
            self.session.lock("person")

    def _locked(self, person: Person | None) -> None:
        if person is not None:
            self._left[person.person_id] = self.shell.window.page
        self.shell.window.drop_page("recovery")
        self.sign_in.refresh()
        self.shell.window.show_page("sign_in")
        self.frame.refresh()

    def _go(self, key: str) -> None:
        if key not in pages_of(self.desk.person):
            return
        self._ready(key)
        refresh = getattr(self.shell.window.pages[key], "refresh", None)
        if refresh is not None:
            refresh()
        self.shell.window.show_page(key)
        self.shell.window.drop_page("recovery")
        self.frame.refresh()

    def _show(self, key: str, infusion_id: str) -> None:
        if key == "infusion":
            self.infusion.show_infusion(infusion_id)
        elif key == "dispense":
            self.dispense.show_infusion(infusion_id)
        self._go(key)

    def _next_language(self) -> None:
        self._language(after(self.shell.words.language))

    def _language(self, language: str) -> None:
        if not speak(self.shell, self.preferences, language):
            self.desk.tell(say("This computer has no Chinese font, so Chinese cannot be shown."))

    def _theme(self, theme: str) -> None:
        self.shell.set_theme(theme)
        self.preferences.theme = theme
        settings.save_preferences(self.preferences)

    # --- time and watch

    def _tick(self) -> None:
        self.parts.tick()
        self.backing.tick(steady_s())
        self.session.tick()
        if self.shell.window.page == "sign_in":
            self.sign_in.tick()
        self._settle()
        self.frame.refresh()

    def _settle(self) -> None:
        """Set the speed that holds now, for the clock and every simulated monitor."""
        before = self.clock.speed
        now = self.pace.settle()
        if self.options.practice:
            self.controls.show_now(now != self.pace.chosen)
        if now != before:
            self.monitors.set_speed(now)

    def _asking(self, asking: bool) -> None:
        self.pace.asking = asking
        self._settle()

    def _speed(self, speed: int) -> None:
        self.pace.chosen = float(speed)

    # --- monitors

    def _monitors_of(self, options: Options) -> WardMonitors | PracticeMonitors:
        if options.practice:
            return PracticeMonitors(self.parts, options.monitor, options.replay)
        return WardMonitors(self.parts, self._scanned)

    def _scanned(self, code: str) -> None:
        """From a scanner that is no keyboard."""
        if self.desk.person is None:
            self.desk.tell(say("A code was scanned while the screen was locked: it was not taken."))
        elif not deliver(code, self.shell.window):
            self.desk.tell(say("Scanned: {code}. Nothing here waits for a code.", code=code[:_CODE_SHOWN]))

    def _choose_monitor(self, port: str) -> None:
        from ui.questions.watching import ask_monitor

        monitors = self.monitors
        if isinstance(monitors, WardMonitors):
            testing = Testing(self.parts.executor, self.bridge.post, self.parts.readers.__contains__)
            ask_monitor(self.desk, ports(), port, testing, monitors.place, self.shell.window)

    def _choose_sources(self) -> None:
        from ui.questions.watching import ask_sources

        monitors = self.monitors
        if isinstance(monitors, WardMonitors):
            ask_sources(self.desk, monitors.placed(), monitors.preferred(), monitors.prefer, self.shell.window)

    def _replay(self) -> None:
        """In a window of its own, so that the ward's own store never sees it."""
        file = choose_file(
            self.shell.window, self.shell.words.tr(say("Play a recording")), self.parts.path.parent / "raw", "*.raw.*"
        )
        if file is not None and is_sealed(file):
            how = f'bedside replay "{file}" --recovery-key FILE'
            self.desk.tell(say("{file} is encrypted like its record: it plays with the recovery key.", file=file.name), to_do=how)
        elif file is not None:
            subprocess.Popen([sys.executable, "-m", "app", "replay", str(file)])

    def _disconnect(self, url: str) -> None:
        if isinstance(self.monitors, WardMonitors):
            self.monitors.remove(url)

    def _practice_monitor(self, protocol: str) -> None:
        if isinstance(self.monitors, PracticeMonitors):
            self.monitors.choose(self.infusion.infusion_id, protocol)

    def _fault(self, name: str) -> None:
        if isinstance(self.monitors, PracticeMonitors):
            self.monitors.break_one(self.infusion.infusion_id, name)

    # --- people and records

    def _add_person(self) -> None:
        from ui.questions.staff import ask_new_person

        ask_new_person(self.desk, self.settings.refresh, self.shell.window)

    def _change_account(self) -> None:
        from ui.questions.staff import ask_account_change

        ask_account_change(self.desk, self.settings.refresh, self.shell.window)

    def _own_secrets(self) -> None:
        from ui.questions.staff import ask_own_secrets

        if self.desk.person is not None:
            ask_own_secrets(self.desk, self.desk.person, self.settings.refresh, self.shell.window)

    def _new_recovery_key(self) -> None:
        """The old one counts until the new one is on paper."""
        from ui.entrance.first_start import RecoveryPage

        secret, window = new_secret(), self.shell.window
        page = RecoveryPage(self.shell.kit, written(secret))

        def kept() -> None:
            self.parts.keep_recovery(secret)
            self._go("settings")

        page.done.connect(kept)
        window.add_page("recovery", page)
        window.show_page("recovery")

    def _folder(self, infusion_id: str) -> Path:
        place = "practice" if self.options.practice else "records"
        return settings.data_dir() / place / infusion_id[:12]

    def _record(self, infusion_id: str) -> None:
        """Make the record elsewhere, then open it."""
        self.records.show_work(ProgressState(say("Making the record…"), can_cancel=False))
        parts, folder, language = self.parts, self._folder(infusion_id), self.shell.words.language
        trial, people, now = parts.bedside.trial, dict(parts.people.by_id), self.desk.now()
        wanted = Wanted(parts.path, infusion_id, trial, people, now, language, folder, parts.key)

        def make() -> None:
            made: dict[str, Path] | Text = say("The record could not be made.")
            try:
                made = record(wanted)
            finally:
                self.bridge.post(lambda: self._record_done(made))

        parts.executor.submit(make)

    def _record_done(self, made: dict[str, Path] | Text) -> None:
        self.records.show_work(None)
        if isinstance(made, Text):
            self.desk.tell(made, say("Everything recorded is safe."))
            return
        path = made["record.pdf"]
        opened = open_file(path)
        self.desk.tell(say("The record is ready: {path}", path=str(path)),
                       to_do="" if opened else say("Open it with a PDF program."))  # fmt: skip

    def _show_files(self, infusion_id: str) -> None:
        folder = self._folder(infusion_id)
        if not folder.exists() or not open_file(folder):
            self.desk.tell(say("Make the record first: its files will lie in {path}.", path=str(folder)))

    def _show_name(self, subject: str) -> None:
        """Asked for, and written down, each time; where none is kept, it may be typed."""
        from ui.questions.identity import ask_patient_name, show_patient_name

        name = self.parts.patient_name(subject)

        def keep(given: str) -> None:
            self.parts.name_patient(subject, given)
            self.parts.people.happened(NameKept(subject, is_erased=not given), self.desk.person)

        if name:
            self.parts.people.happened(NameShown(subject), self.desk.person)
            show_patient_name(self.desk, subject, name, keep, self.shell.window)
        else:
            ask_patient_name(self.desk, subject, "", keep, self.shell.window)

    def close(self) -> None:
        self.session.close()
        self.backing.close()
        self.monitors.close()
        self.frame.close()
        self.parts.close()


def _about() -> dict[str, str]:
    return {"Bedside": version("bedside"), "SQLite": sqlite_version()}
