"""Which fonts set a record. The Latin ones come with the typesetter; a Chinese one must be installed."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import msgspec
import typst

LATIN = "Libertinus Serif"
MONO = "DejaVu Sans Mono"

#: Simplified Chinese fonts, the best first.
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Serif CJK SC", "Noto Serif SC",
    "Source Han Serif SC", "SimSun", "NSimSun", "Songti SC", "STSong", "SimHei", "KaiTi", "FangSong",
    "AR PL UMing CN", "Droid Sans Fallback",
)  # fmt: skip

#: What every record is checked against: PDF/A refuses a character that no font can show.
STANDARD: Final = "a-3b"

#: Longer than a hash; a zero-width space is where it may break.
_RUN = re.compile(r"[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]{65,}")
_PIECE, _PLACE = 12, "\u200b"

_PROBE = b"""#set document(title: "probe")
#set text(font: json(bytes(sys.inputs.fonts)), fallback: false)
#sys.inputs.text
"""


class FontSet(msgspec.Struct, frozen=True):
    """The fonts of one machine: `fonts` for the typesetter, `chinese` the family found, None without one."""

    fonts: typst.Fonts
    chinese: str | None

    @property
    def families(self) -> tuple[str, ...]:
        return (LATIN, *([self.chinese] if self.chinese else []), MONO)


@cache
def installed() -> FontSet:
    """The fonts of this machine, looked for once (about 0.1 s)."""
    return choose(typst.Fonts())


def choose(fonts: typst.Fonts) -> FontSet:
    families = set(fonts.families())
    return FontSet(fonts, next((name for name in CHINESE if name in families), None))


def unprintable(characters: Iterable[str], found: FontSet) -> frozenset[str]:
    """Those that none of the fonts can show."""
    return frozenset(_missing(sorted(set(characters)), found))


def _missing(characters: list[str], found: FontSet) -> Iterable[str]:
    """Typeset all at once; halve what cannot be set until the single characters are known."""
    if not characters or _can_set(characters, found):
        return []
    if len(characters) == 1:
        return characters
    half = len(characters) // 2
    return [*_missing(characters[:half], found), *_missing(characters[half:], found)]


def _can_set(characters: list[str], found: FontSet) -> bool:
    inputs = {"fonts": msgspec.json.encode(found.families).decode(), "text": " ".join(characters)}
    try:
        typst.Compiler(_PROBE, font_paths=found.fonts, sys_inputs=inputs).compile(format="pdf", pdf_standards=STANDARD)
    except typst.TypstError:
        return False
    return True


def cleaned(value: Any, found: FontSet) -> tuple[Any, int]:
    """The same data with every character that cannot be printed written as its code, and how many there were.

    Control characters (a new line in a note) become spaces; the line breaks of the layout itself stay.
    """
    doubtful = [text for text in _texts(value) if not _is_plain(text)]
    missing = unprintable({c for text in doubtful for c in text if ord(c) > 126}, found)
    counted = sum(c in missing for text in doubtful for c in text)
    return _mapped(value, missing), counted


def breakable(value: Any) -> Any:
    """The same data with a place to break in every run of letters that no line can hold. Drawings stay as they are."""
    if isinstance(value, str):
        return _RUN.sub(lambda found: _PLACE.join(_pieces(found[0])), value)
    if isinstance(value, dict):
        return {key: item if key == "svg" else breakable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [breakable(item) for item in value]
    return value


def _pieces(run: str) -> list[str]:
    return [run[at : at + _PIECE] for at in range(0, len(run), _PIECE)]


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _mapped(value: Any, missing: frozenset[str]) -> Any:
    if isinstance(value, str):
        return _coded(value, missing)
    if isinstance(value, dict):
        return {key: _mapped(item, missing) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(item, missing) for item in value]
    return value


def _is_plain(text: str) -> bool:
    """What every font can show: a drawing of a million letters is told so at a glance."""
    return text.isascii() and text.isprintable()


def _coded(text: str, missing: frozenset[str]) -> str:
    return text if _is_plain(text) else "".join(f"[U+{ord(c):04X}]" if c in missing else _visible(c) for c in text)


def _visible(character: str) -> str:
    control = unicodedata.category(character) in ("Cc", "Zl", "Zp") and character != "\n"
    return " " if control else character
