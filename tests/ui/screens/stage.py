"""A screen as somebody stands before it: the window with its whole frame, one page in it, and the question that is open."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.domain.people.roles import Person
from app.services.ward.alerts import Alerts
from tests.domain.cast import LI
from tests.services.ward import Ward
from tests.ui.pages import story
from tests.ui.screens.faults import settle
from ui.dispense.page import DispensePage
from ui.frame.desk import Desk
from ui.frame.frame import WindowFrame
from ui.frame.pages import Page, PageKey
from ui.frame.window import Window
from ui.handover.page import HandoverPage
from ui.infusion.page import InfusionPage
from ui.kit.look_and_words import Kit
from ui.questions.actions import ACTIONS
from ui.ward.page import WardPage

Ask = Callable[[Desk, str, QWidget], object]
PAGE_OF: dict[PageKey, Callable[[Desk], Page]] = {
    PageKey.WARD: WardPage,
    PageKey.INFUSION: InfusionPage,
    PageKey.DISPENSE: DispensePage,
    PageKey.HANDOVER: HandoverPage,
}


class Scene(NamedTuple):
    """`ask`: a key of `ACTIONS`, or who opens the question; `made`: the page, where it needs more than the desk."""

    ward: Callable[[], Ward]
    page: PageKey = PageKey.INFUSION
    ask: str | Ask | None = None
    by: Person = LI
    made: Callable[[Ward, Desk], Page] | None = None


class Stage:
    """Stands until `clear`."""

    def __init__(self, kit: Kit, scene: Scene, size: tuple[int, int] = (1366, 768)) -> None:
        self.kit, self.ward = kit, scene.ward()
        self.window = Window(kit, True, "Haematology 3")
        self.desk = story.desk_of(self.ward, kit, self.window)
        self.desk.sign_in(scene.by)
        self.page = scene.made(self.ward, self.desk) if scene.made else PAGE_OF[scene.page](self.desk)
        self.window.add_page(scene.page, self.page)
        self.window.show_page(scene.page)
        self.frame = WindowFrame(self.desk, self.window, Alerts(self.ward.bedside), list, silent=True)
        self.page.show_infusion(self.ward.infusion_id)
        self.window.resize(*size)
        self.window.show()
        self.refresh()
        if scene.ask is not None:
            ask = ACTIONS[scene.ask] if isinstance(scene.ask, str) else scene.ask
            ask(self.desk, self.ward.infusion_id, self.window)
            settle()

    def refresh(self) -> None:
        self.frame.refresh()
        self.page.refresh()
        settle()

    @property
    def dialog(self) -> QDialog | None:
        found = [one for one in self.window.findChildren(QDialog) if one.isVisible()]
        return found[-1] if found else None

    def clear(self) -> None:
        for dialog in self.window.findChildren(QDialog):
            dialog.close()
        self.frame.close()
        self.ward.bedside.news.forget()
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()
