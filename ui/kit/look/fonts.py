"""The fonts: the system's own face with Chinese behind it, tabular digits, sizes in pt."""

from types import MappingProxyType

from PySide6.QtGui import QFont

FAMILIES = (
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    "Noto Sans",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
)

MONO = ("Cascadia Mono", "Consolas", "SF Mono", "DejaVu Sans Mono", "Noto Sans Mono", "Liberation Mono", "Courier New")

_DEMI = QFont.Weight.DemiBold
_PLAIN = QFont.Weight.Normal

#: role: (size in pt, weight)
ROLES = MappingProxyType(
    {
        "hint": (10, _PLAIN),
        "body": (11, _PLAIN),
        "mono": (10, _PLAIN),
        "strong": (11, _DEMI),
        "title": (12, _DEMI),
        "action": (13, _DEMI),
        "line": (16, _PLAIN),
        "result": (16, _DEMI),
        "code": (20, _DEMI),
        "clock": (24, _DEMI),
        "vital": (36, _DEMI),
        "huge": (48, _DEMI),
    }
)


def font(role: str) -> QFont:
    """The font of a role in `ROLES`, its digits all of one width where the face can."""
    size_pt, weight = ROLES[role]
    made = QFont()
    made.setFamilies(MONO if role == "mono" else FAMILIES)
    if role == "mono":
        made.setStyleHint(QFont.StyleHint.Monospace)
    made.setPointSize(size_pt)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def has_chinese_font() -> bool:
    """Whether any installed font can write Simplified Chinese."""
    from PySide6.QtGui import QFontDatabase

    return bool(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))
