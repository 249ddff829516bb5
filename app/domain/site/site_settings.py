"""The values of a protocol file that the site decides: which they are, and a file's tables with some of them set otherwise."""

import tomllib
from collections.abc import Iterable
from copy import deepcopy
from decimal import Decimal
from typing import Any

import msgspec

from app.domain.errors import Refused
from app.domain.people.roles import Role
from app.domain.protocol import Decided, Protocol, SiteSetting
from app.domain.texts import say

from .difference import reason, shown

_NAMES = ("vital", "code")
#: What every site may set, also where its file says nothing of it.
OF_EVERY_SITE = (
    Decided("labels.subject_pattern", "How subject codes are written here; empty: ASCII letters, digits and “-”.",
            "本中心受试者编号的书写规则；留空：ASCII 字母、数字与“-”。"),
    Decided("labels.bed_pattern", "How beds are named here; empty: letters of any script, digits and signs.",
            "本中心床位的命名规则；留空：任何文字的字母、数字与符号。"),
    Decided("labels.lot_pattern", "How lots are written here; empty: letters of any script, digits and signs.",
            "本中心批号的书写规则；留空：任何文字的字母、数字与符号。"),
)  # fmt: skip
#: What of it is clinical: when it alarms, when one looks. An investigator may set these too.
_CLINICAL = ("vitals.", "observation.", "news2.", "triggers.", "gate.", "reaction.")
_MOST_LETTERS, _MOST_DIGITS = 200, 15


def offered(protocol: Protocol) -> dict[str, str]:
    """What an administrator may set, with its value as TOML writes it; empty: none. Lists of words take a new file."""
    found: dict[str, str] = {}
    for item in (*protocol.decided, *OF_EVERY_SITE):
        value: Any = protocol
        for name in item.key.split("."):
            value = getattr(value, name)
        if isinstance(value, tuple) and any(isinstance(one, msgspec.Struct) for one in value):
            found |= {f"{item.key}.{key}": text for one in value for key, text in _named(one).items()}
        elif not isinstance(value, msgspec.Struct):
            found[item.key] = toml(value)
    return found


def _named(item: msgspec.Struct) -> dict[str, str]:
    """The numbers of one member of a list, by its name; none of a list of words, or where members have no names."""
    name = next((str(getattr(item, name)) for name in _NAMES if hasattr(item, name)), None)
    fields = msgspec.structs.fields(type(item)) if name else ()
    return {f"{name}.{f.name}": toml(getattr(item, f.name)) for f in fields if f.type in (Decimal | None, int)}


def who_may_set(key: str) -> frozenset[Role]:
    """An administrator every setting of the site, an investigator those of alarms and checks."""
    return frozenset({Role.ADMINISTRATOR, Role.INVESTIGATOR} if key.startswith(_CLINICAL) else {Role.ADMINISTRATOR})


def why(protocol: Protocol, key: str) -> Decided | None:
    """The reason that the file gives, or the program."""
    return reason(protocol, key) or next((item for item in OF_EVERY_SITE if item.key == key), None)


def toml(value: object) -> str:
    """A value as it may be typed: 10, [20, 250], "storer", true; empty for none."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else shown(value)


def read_value(typed: str) -> Any:
    """What was typed, None for nothing. Raises `Refused` for what is no value of TOML."""
    if not typed.strip():
        return None
    try:
        data = tomllib.loads(f"value = {typed.strip()}", parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ArithmeticError, ValueError):
        data = {}
    if set(data) != {"value"} or len(typed) > _MOST_LETTERS or not _is_plain(data["value"]):
        raise Refused(
            say(
                "“{typed}” is not a value: type a number, a list such as {list}, {yes} or {no}, or a text in quotes.",
                typed=typed,
                list="[20, 250]",
                yes="true",
                no="false",
            )
        )
    return data["value"]


def _is_plain(value: Any) -> bool:
    """Numbers are written out in full wherever they are shown: none that would fill the page."""
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS
    return isinstance(value, int | str)


def with_settings(data: dict[str, Any], settings: Iterable[SiteSetting]) -> dict[str, Any]:
    """A file's tables with these values in their places. Raises `Refused` for a key that is not there."""
    whole = deepcopy(data)
    for setting in settings:
        if any(item.key == setting.key for item in OF_EVERY_SITE):
            whole.setdefault(setting.key.partition(".")[0], {})
        _set(whole, setting.key, read_value(setting.value))
    return whole


def _set(data: dict[str, Any], key: str, value: Any) -> None:
    *path, last = key.split(".")
    part: Any = data
    for name in path:
        part = _member(part, name)
    if not isinstance(part, dict):
        raise Refused(say("{key} is no key of the protocol file.", key=key))
    if value is None:
        part.pop(last, None)
    else:
        part[last] = value


def _member(part: Any, name: str) -> Any:
    if isinstance(part, list):
        return next((one for one in part if isinstance(one, dict) and name in (one.get("vital"), one.get("code"))), None)
    return part.get(name) if isinstance(part, dict) else None
