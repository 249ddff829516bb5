"""Pictures of the pages as a nurse would see them, in both languages and both themes, from the program itself."""

from importlib.metadata import version
from pathlib import Path

from app.domain.people.roles import Role
from app.domain.texts import say
from app.jobs.backups import BackingUp
from app.program.open_record import Parts
from app.program.record_lists import record_rows, trail_of
from app.services.access.people import PRACTICE
from app.services.ward.alerts import Alerts
from ui.dispense.page import DispensePage
from ui.frame.desk import Desk
from ui.frame.frame import WindowFrame
from ui.frame.shell import Shell
from ui.infusion.page import InfusionPage
from ui.kit.look.fonts import has_chinese_font
from ui.records.page import RecordsPage
from ui.settings.page import SettingsPage
from ui.trail.page import TrailPage
from ui.ward.page import WardPage

_NURSE, _INVESTIGATOR = (next(person for person, _ in PRACTICE if person.role is role) for role in (Role.NURSE, Role.INVESTIGATOR))


class Pictures:
    """Owns a window of 1366 × 768 that is never shown to anybody."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shell = Shell("en", "light", practice=True, ward=say("Practice ward"))
        self._desk: Desk | None = None

    def take(self, parts: Parts, infusion_id: str, page: str) -> None:
        """Grab one page in every language this machine can write, in both themes."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._desk is None:
            self._furnish(parts)
        self._open(page, infusion_id)
        for language in ("en", "zh_CN") if has_chinese_font() else ("en",):
            for theme in ("light", "dark"):
                self._shell.words.set_language(language)
                self._shell.set_theme(theme)
                self._grab(self._folder / f"{page}-{theme}-{language[:2]}.png")

    def _furnish(self, parts: Parts) -> None:
        shell = self._shell
        self._desk = Desk(shell.kit, parts.bedside, parts.people, shell.window)
        self._infusion, self._dispense = InfusionPage(self._desk), DispensePage(self._desk)
        self._records = RecordsPage(self._desk, lambda: record_rows(parts))
        self._trail = TrailPage(self._desk, trail_of(parts), lambda: record_rows(parts))
        self._settings = SettingsPage(
            self._desk, {"Bedside": version("bedside")}, BackingUp(parts, self._desk.tell), parts.exchange
        )
        pages = {"ward": WardPage(self._desk), "infusion": self._infusion, "dispense": self._dispense,
                 "records": self._records, "trail": self._trail, "settings": self._settings}  # fmt: skip
        for key, page in pages.items():
            shell.window.add_page(key, page)
        self._frame = WindowFrame(self._desk, shell.window, Alerts(parts.bedside), parts.links, silent=True)
        shell.window.show()

    def _open(self, page: str, infusion_id: str) -> None:
        """As who may open it sees it."""
        assert self._desk is not None
        self._desk.sign_in(_INVESTIGATOR if page == "trail" else _NURSE)
        if page == "infusion":
            self._infusion.show_infusion(infusion_id)
        elif page == "dispense":
            self._dispense.show_infusion(infusion_id)
        elif page == "records":
            self._records.refresh()
        elif page == "trail":
            self._trail.refresh()
        elif page == "settings":
            self._settings.refresh()
        self._shell.window.show_page(page)

    def _grab(self, path: Path) -> None:
        self._frame.refresh()
        self._shell.settle()
        self._shell.window.grab().save(str(path))
