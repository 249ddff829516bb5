"""The tokens of both themes: colours as `#RRGGBB`, lengths in px at 100 %, text sizes in pt."""

from types import MappingProxyType
from typing import NamedTuple

SPACE_4, SPACE_8, SPACE_16, SPACE_24 = 4, 8, 16, 24
RADIUS = 8
TARGET = 44
FOCUS = 2
#: a window below this shows little more than tiles, primary and Reaction; the rest scrolls
SMALL = (900, 600)


class AlarmColours(NamedTuple):
    """One priority: its ground, the ink on it, and how many triangles stand for it."""

    ground: str
    ink: str
    triangles: int


ALARMS = MappingProxyType(
    {
        "high": AlarmColours("#C62828", "#FFFFFF", 3),
        "medium": AlarmColours("#F2B600", "#16202A", 2),
        "low": AlarmColours("#2BC4E0", "#0D1319", 1),
    }
)


class Theme(NamedTuple):
    """One theme. Red, yellow and cyan live in `alarms` and in `reaction` alone."""

    name: str
    ground: str
    card: str
    sunken: str
    line: str
    edge: str
    text: str
    quiet: str
    accent: str
    accent_strong: str
    accent_half: str
    accent_soft: str
    on_accent: str
    curves: MappingProxyType[str, str]
    reaction: str = "#C62828"
    reaction_hover: str = "#A81F1F"
    on_reaction: str = "#FFFFFF"
    alarms: MappingProxyType[str, AlarmColours] = ALARMS


LIGHT = Theme(
    name="light",
    ground="#F3F5F7",
    card="#FFFFFF",
    sunken="#EEF2F5",
    line="#D8DEE4",
    edge="#75838F",
    text="#16202A",
    quiet="#5A6774",
    accent="#0B7A70",
    accent_strong="#096A61",
    accent_half="#88BCB9",
    accent_soft="#DDF1EE",
    on_accent="#FFFFFF",
    curves=MappingProxyType(
        {
            "heart": "#2E7D32",
            "oxygen": "#1E5FB4",
            "pressure": "#6B2FA0",
            "breath": "#7A4B2A",
            "warmth": "#3E4C59",
            "drip": "#0B7A70",
        }
    ),
)

DARK = Theme(
    name="dark",
    ground="#0D1319",
    card="#151D25",
    sunken="#1B252E",
    line="#2A3641",
    edge="#6A7B8A",
    text="#E7EEF4",
    quiet="#94A3B1",
    accent="#2CC9B5",
    accent_strong="#53D8C7",
    accent_half="#226F6B",
    accent_soft="#12322F",
    on_accent="#0D1319",
    curves=MappingProxyType(
        {
            "heart": "#6CCB76",
            "oxygen": "#6FA8F5",
            "pressure": "#C39BEA",
            "breath": "#D2A27C",
            "warmth": "#AEBBC7",
            "drip": "#2CC9B5",
        }
    ),
)

THEMES = MappingProxyType({theme.name: theme for theme in (LIGHT, DARK)})
