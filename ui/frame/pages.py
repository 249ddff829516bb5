"""The pages of the window, one row a page: its key, icon, word, who may open it, and how it is made when it is first asked for.

A new page is its own folder, one row here, and an icon.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QWidget

from app.domain.people.roles import Person, Role
from app.domain.texts import Text, say

from .ahead import Ahead

if TYPE_CHECKING:
    from app.jobs.alarm_tuning import AlarmTuning
    from app.jobs.backups import Backups
    from app.services.access.patient_names import PatientNames
    from app.services.reading_room import Reads
    from app.services.safety.acute_checks import AcuteChecks
    from app.services.site_rules import SiteRules
    from app.services.trial.trial_desk import TrialDesk
    from ui.devices.page import Placing, Ports
    from ui.frame.desk import Desk
    from ui.frame.window import Window
    from ui.questions.watching import PortTester
    from ui.settings.look_card import LookAndLanguage
    from ui.trial.lab_file_question import Laboratories
    from ui.trial.tables_question import TrialFiles


class PageKey(StrEnum):
    WARD = "ward"
    INFUSION = "infusion"
    HANDOVER = "handover"
    DISPENSE = "dispense"
    TRIAL = "trial"
    RECORDS = "records"
    TRAIL = "trail"
    DEVICES = "devices"
    SETTINGS = "settings"


#: where whatever is asked is asked at a bed or at the bench
BEDSIDE_PAGES = frozenset({PageKey.WARD, PageKey.INFUSION, PageKey.DISPENSE})


Piece = Callable[[], object]
Later = Callable[[Piece], None]
"""Takes what a page is made of, piece by piece: each on a turn of the window's loop of its own while nobody waits for the page."""


def at_once(piece: Piece) -> None:
    """The `later` of a page that is whole when it is made."""
    piece()


class Page(QWidget):
    """What all pages can do. `infusion_id`: the one that is shown, None where the page shows no single one. `is_fresh_when_shown`:
    it refreshes itself whenever it comes into sight.
    """

    infusion_id: str | None = None
    is_fresh_when_shown = False

    def refresh(self) -> None:
        """Show what is true now. Called whenever somebody turns to the page."""

    def ahead(self) -> Sequence[Piece]:
        """What its first showing would wait for, done while nobody waits, after it is made."""
        return ()

    def show_infusion(self, infusion_id: str) -> None:
        """Turn to this infusion, if the page shows one at a time."""

    def set_asked(self, covered: QRect) -> None:
        """A question stands over this part of the page, and nothing beneath it can be pressed; an empty one: none does."""
        self.setEnabled(covered.isEmpty())

    @property
    def head_height(self) -> int:
        """px at the top that even on a very small screen no question may cover: whose infusion is shown."""
        return 0


class PageServices(NamedTuple):
    """What pages need besides the desk.

    `placing`: None in practice, where monitors are simulated. `keep_recovery_key` raises `Refused`. `trial`: None
    where the protocol has no trial desk. `port_test`, `trial_files`: imported when their page is opened, not at the start.
    """

    reads: "Reads"
    patient_names: "PatientNames"
    ports: "Ports"
    placing: "Placing | None"
    port_test: "Callable[[], PortTester]"
    raw_folder: Path
    appearance: "LookAndLanguage"
    backups: "Backups"
    site: "SiteRules"
    keep_recovery_key: Callable[[bytes], None]
    test_sound: Callable[[], None]
    about: Mapping[str, str]
    trial: "Callable[[], TrialDesk | None]"
    laboratories: "Laboratories"
    trial_files: "Callable[[], TrialFiles]"
    tuning: "AlarmTuning"
    acute_checks: "AcuteChecks | None" = None


class PageRow(NamedTuple):
    """`icon` is a name in resources/icons."""

    key: PageKey
    icon: str
    name: Text
    roles: frozenset[Role]
    make: "Callable[[Desk, PageServices, Later], Page]"


def _ward(desk: "Desk", services: PageServices, _later: Later) -> Page:
    from ui.ward.page import WardPage

    return WardPage(desk, services.acute_checks)


def _infusion(desk: "Desk", _services: PageServices, later: Later) -> Page:
    from ui.infusion.page import InfusionPage

    return InfusionPage(desk, later)


def _handover(desk: "Desk", _services: PageServices, _later: Later) -> Page:
    from ui.handover.page import HandoverPage

    return HandoverPage(desk)


def _dispense(desk: "Desk", _services: PageServices, later: Later) -> Page:
    from ui.dispense.page import DispensePage

    return DispensePage(desk, later)


def _trial(desk: "Desk", services: PageServices, later: Later) -> Page:
    from ui.trial.page import TrialPage

    return TrialPage(desk, services.trial(), services.laboratories, services.trial_files(), later)


def _records(desk: "Desk", services: PageServices, later: Later) -> Page:
    from ui.records.page import RecordsPage
    from ui.records.view import SeenElsewhere, seen_elsewhere

    def seen() -> SeenElsewhere:
        return seen_elsewhere(desk.exchange.heads.meetings, services.backups.state().last)

    return RecordsPage(desk, services.reads, services.patient_names, seen, later)


def _trail(desk: "Desk", services: PageServices, later: Later) -> Page:
    from ui.trail.page import TrailPage

    def names() -> dict[str, str]:
        return {person_id: person.name for person_id, person in desk.people.by_id.items()}

    return TrailPage(desk, services.reads, names, later)


def _devices(desk: "Desk", services: PageServices, later: Later) -> Page:
    from ui.devices.page import DevicesPage

    return DevicesPage(desk, services.ports, services.placing, services.port_test(), services.raw_folder, later)


def _settings(desk: "Desk", services: PageServices, later: Later) -> Page:
    from ui.settings.page import SettingsPage

    s = services
    return SettingsPage(
        desk, s.appearance, s.backups, s.site, s.tuning, s.keep_recovery_key, s.test_sound, s.about, later,
    )  # fmt: skip


_NURSE, _PHARMACIST, _INVESTIGATOR, _MONITOR, _ADMINISTRATOR = (
    Role.NURSE, Role.PHARMACIST, Role.INVESTIGATOR, Role.MONITOR, Role.ADMINISTRATOR,
)  # fmt: skip

PAGES: tuple[PageRow, ...] = (
    PageRow(PageKey.WARD, "ward", say("Ward"),
            frozenset({_NURSE, _PHARMACIST, _INVESTIGATOR, _MONITOR, Role.EMERGENCY}), _ward),
    PageRow(PageKey.INFUSION, "infusion", say("Infusion"),
            frozenset({_NURSE, _INVESTIGATOR, _MONITOR, Role.EMERGENCY}), _infusion),
    PageRow(PageKey.HANDOVER, "handover", say("Hand-over"), frozenset({_NURSE, _INVESTIGATOR}), _handover),
    PageRow(PageKey.DISPENSE, "dispense", say("Dispense"), frozenset({_NURSE, _PHARMACIST, _INVESTIGATOR}), _dispense),
    PageRow(PageKey.TRIAL, "trial", say("Trial"), frozenset({_NURSE, _INVESTIGATOR, _MONITOR}), _trial),
    PageRow(PageKey.RECORDS, "records", say("Records"),
            frozenset({_NURSE, _PHARMACIST, _INVESTIGATOR, _MONITOR}), _records),
    PageRow(PageKey.TRAIL, "trail", say("Audit trail"), frozenset({_INVESTIGATOR, _MONITOR, _ADMINISTRATOR}), _trail),
    PageRow(PageKey.DEVICES, "devices", say("Devices"), frozenset({_NURSE, _INVESTIGATOR, _ADMINISTRATOR}), _devices),
    PageRow(PageKey.SETTINGS, "settings", say("Settings"),
            frozenset({_NURSE, _PHARMACIST, _INVESTIGATOR, _MONITOR, _ADMINISTRATOR}), _settings),
)  # fmt: skip


def pages_of(person: Person | None) -> tuple[PageRow, ...]:
    """What this person may open, as it stands in the rail; nothing for nobody."""
    return tuple(row for row in PAGES if person is not None and person.role in row.roles)


def may_open(person: Person | None, key: str) -> bool:
    return any(row.key == key for row in pages_of(person))


def first_page(person: Person) -> PageKey:
    """An administrator begins with the accounts."""
    return PageKey.SETTINGS if person.role is Role.ADMINISTRATOR else pages_of(person)[0].key


#: One piece of a page each, while nobody waits: whatever else is to be done has its turn in between.
_PIECE_EVERY_MS = 40


class Pages:
    """In the window, each made when it is first asked for, or before, in pieces. `quietly`: around what makes them."""

    def __init__(
        self,
        desk: "Desk",
        window: "Window",
        services: PageServices,
        quietly: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._desk, self._window, self._services, self._quietly = desk, window, services, quietly
        self._made: dict[PageKey, Page] = {}
        self._rest: dict[PageKey, deque[Piece]] = {}
        self._ahead = Ahead()
        self._timer = QTimer(window, interval=_PIECE_EVERY_MS)
        self._timer.timeout.connect(self._make_ahead)

    def load_ahead(self) -> None:
        """What is opened next, from the first page on; then the pages of whoever is signed in."""
        self._desk.is_coming = self._ahead.is_coming
        self._ahead.start()
        self._timer.start()
        self._desk.person_changed.connect(self._timer.start)

    def close(self) -> None:
        self._timer.stop()
        self._ahead.close()

    def _make_ahead(self) -> None:
        if not self._ahead.is_over:
            return
        with self._quietly():
            if not self.make_piece():
                self._timer.stop()

    def make_piece(self) -> bool:
        """One of a page that this person may open and nobody has asked for yet; False: they are all whole."""
        for row in pages_of(self._desk.person):
            if row.key not in self._made:
                self._begin(row.key)
                self._rest[row.key].extend(self._made[row.key].ahead())
                return True
            if self._rest[row.key]:
                self._rest[row.key].popleft()()
                return True
        return False

    def _begin(self, key: PageKey) -> None:
        """It is put into the window first: what is made in its place is dressed once."""
        rest = self._rest[key] = deque()
        row = next(row for row in PAGES if row.key is key)
        self._made[key] = row.make(self._desk, self._services, rest.append)
        self._window.add_page(key, self._made[key])

    def page(self, key: PageKey) -> Page:
        """Whole."""
        with self._quietly():
            if key not in self._made:
                self._begin(key)
            while self._rest[key]:
                self._rest[key].popleft()()
        return self._made[key]

    def turn_to(self, key: PageKey) -> None:
        page = self.page(key)
        with self._quietly():
            if page.isVisible() or not (page.is_fresh_when_shown and self._window.isVisible()):
                page.refresh()
            self._window.show_page(key)
