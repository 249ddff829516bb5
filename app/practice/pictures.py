"""Pictures of the pages as a nurse would see them, in both languages and both themes, from the program itself."""

from pathlib import Path
from typing import TypeVar

from app import VERSION
from app.domain.people.roles import Role
from app.domain.texts import say
from app.jobs.alarm_tuning import AlarmTuning
from app.jobs.backups import Backups
from app.jobs.port_test import PortTest
from app.jobs.record_maker import RecordMaker, ReportMaker
from app.program.open_record import OpenRecord
from app.program.ports_seen import PortsSeen
from app.services.access.practice_people import PRACTICE
from app.services.reading_room import Awaited, Question, Told
from app.services.ward.alerts import Alerts
from app.settings import Preferences
from db.queries import StoreReader
from ui.frame.appearance import Appearance
from ui.frame.desk import Desk
from ui.frame.frame import WindowFrame
from ui.frame.pages import PageKey, Pages, PageServices
from ui.frame.shell import Shell
from ui.kit.look.fonts import has_chinese_font
from ui.kit.look.tokens import THEMES

T = TypeVar("T")
_NURSE, _INVESTIGATOR = (next(person for person, _ in PRACTICE if person.role is role) for role in (Role.NURSE, Role.INVESTIGATOR))


class _ReadAtOnce:
    """No picture is taken before what it shows was read."""

    def __init__(self, store: StoreReader) -> None:
        self._store = store

    def ask(self, question: Question[T], told: Told[T]) -> Awaited:
        told(lambda: question(self._store))
        return Awaited()


class Pictures:
    """Owns a window of 1366 × 768 that is never shown to anybody."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shell = Shell("en", "light", practice=True, ward=say("Practice ward"))
        self._desk: Desk | None = None

    def take(self, record: OpenRecord, infusion_id: str, page: str) -> None:
        """Grab one page in every language this machine can write, in both themes."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._desk is None:
            self._furnish(record)
        self._open(PageKey(page), infusion_id)
        here = self._shell.look.theme.name
        for theme in sorted(THEMES, key=lambda name: name != here):  # begun with the one that is on: to change it takes longest
            self._shell.set_theme(theme)
            for language in ("en", "zh_CN") if has_chinese_font() else ("en",):
                self._shell.words.set_language(language)
                self._grab(self._folder / f"{page}-{theme}-{language[:2]}.png")

    def _furnish(self, record: OpenRecord) -> None:
        shell = self._shell
        making = RecordMaker(record.file, record.file.path.parent, record.bedside, record.people, record.executor, record.post)
        desk = self._desk = Desk(shell.kit, record.bedside, record.people, record.exchange, making, shell.window)
        self._frame = WindowFrame(desk, shell.window, Alerts(record.bedside), record.ports.links, silent=True)
        backups = Backups(
            record.file, record.store, record.settings, record.bedside,
            record.people.happened, record.executor, record.post, desk.tell,
        )  # fmt: skip
        self._pages = Pages(
            desk,
            shell.window,
            PageServices(
                _ReadAtOnce(record.store),
                record.patient_names,
                PortsSeen(record.ports, dict),
                None,
                lambda: PortTest(record.executor, record.post, record.ports.is_read),
                record.raw_folder,
                Appearance(shell, Preferences()),
                backups,
                record.site,
                record.accounts.wrap_recovery,
                self._frame.test_sound,
                {"Bedside": VERSION},
                record.trial_desk,
                record.settings,
                lambda: ReportMaker(record.file, record.executor, record.post),
                AlarmTuning(record.file, record.post),
                acute_checks=record.acute_checks,
            ),
        )
        shell.window.show()

    def _open(self, key: PageKey, infusion_id: str) -> None:
        """As who may open it sees it."""
        assert self._desk is not None
        self._desk.sign_in(_INVESTIGATOR if key is PageKey.TRAIL else _NURSE)
        self._pages.page(key).show_infusion(infusion_id)
        self._pages.turn_to(key)

    def _grab(self, path: Path) -> None:
        self._frame.refresh()
        self._shell.settle()
        self._shell.window.grab().save(str(path))
