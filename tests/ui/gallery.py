"""Pictures of the kit for checking by eye: `python -m tests.ui.gallery OUT_DIR [CHINESE.json]`."""

import gettext
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from app.services.words.words import Words
from tests.ui.scenes import SCENES
from tests.ui.scenes_more import MORE
from ui.kit.live_words import LiveWords
from ui.kit.look.holder import Look
from ui.kit.look.tokens import THEMES, Theme
from ui.kit.look_and_words import Kit


class _Filled(gettext.NullTranslations):
    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__()
        self.texts = texts

    def gettext(self, message: str) -> str:
        return self.texts.get(message, message)


#: the Chinese of the scenes' own texts, so that the kit is looked at by itself
CHINESE = Path(__file__).with_name("chinese.json")


def words_from(path: Path = CHINESE) -> Callable[[str], Words]:
    """A maker of catalogues whose Chinese comes from a file {English: 中文}."""
    texts = json.loads(path.read_text(encoding="utf-8"))

    def make(language: str) -> Words:
        made = Words("en")
        made.language = language
        made._catalogue = _Filled(texts if language == "zh_CN" else {})
        return made

    return make


def picture(kit: Kit, scene: Callable[[Kit], QWidget], size: tuple[int, int], to: Path) -> None:
    """Render one scene into a PNG."""
    page = scene(kit)
    page.resize(*size)
    page.show()
    page.setFocus()
    for _ in range(3):
        QApplication.processEvents()
    page.grab().save(str(to))
    page.close()
    page.deleteLater()


def main(out: Path, chinese: Path, size: tuple[int, int]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    look = Look()
    look.dress(app)
    words = LiveWords("en", words_from(chinese))
    for language in ("en", "zh_CN"):
        words.set_language(language)
        for theme in THEMES.values():
            look.set_theme(app, theme)
            for name, scene in (SCENES | MORE).items():
                picture(Kit(look, words), scene, size, out / f"{name}-{_mark(theme, language)}.png")


def _mark(theme: Theme, language: str) -> str:
    return f"{theme.name}-{language[:2]}"


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(sys.argv[1])
    source = Path(sys.argv[2]) if len(sys.argv) > 2 else CHINESE
    width, height = (int(part) for part in (sys.argv[3] if len(sys.argv) > 3 else "1366x768").split("x"))
    main(folder, source, (width, height))
