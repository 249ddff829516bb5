"""Which fonts set a record. The Latin ones come with the typesetter; a Chinese one must be installed."""

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
    characters = {c for text in _texts(value) for c in text if ord(c) > 126}
    missing = unprintable(characters, found)
    counted = sum(c in missing for text in _texts(value) for c in text)
    return _mapped(value, missing), counted


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


def _coded(text: str, missing: frozenset[str]) -> str:
    return "".join(f"[U+{ord(c):04X}]" if c in missing else _visible(c) for c in text)


def _visible(character: str) -> str:
    control = unicodedata.category(character) in ("Cc", "Zl", "Zp") and character != "\n"
    return " " if control else character
