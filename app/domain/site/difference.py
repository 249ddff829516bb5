"""Two protocols beside each other: which values differ, and the reason that the newer one gives."""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from app.domain.protocol import Decided, Protocol

_NAMES = ("vital", "code", "key")


class Change(msgspec.Struct, frozen=True):
    """One value; None: there is none. `reason`: what the file says of a value that the site decided."""

    key: str
    before: str | None
    now: str | None
    reason: Decided | None = None


def values(protocol: Protocol) -> dict[str, str]:
    """Every value of a protocol as text, by its key: `vitals.limits.hr.low`, `infusion.stages.1.running_min`."""
    return dict(_leaves("", protocol))


def changes(before: Protocol, now: Protocol) -> tuple[Change, ...]:
    """What differs, in the order of the newer file. Why it is so differs with it, and is told beside the value."""
    old, new = values(before), values(now)
    keys = [key for key in dict.fromkeys((*new, *old)) if key.split(".")[0] != "decided" and old.get(key) != new.get(key)]
    return tuple(Change(key, old.get(key), new.get(key), reason(now, key)) for key in keys)


def reason(protocol: Protocol, key: str) -> Decided | None:
    """What is said of the value, or of the part it belongs to."""
    said = [item for item in protocol.decided if key == item.key or key.startswith(f"{item.key}.")]
    return max(said, key=lambda item: len(item.key), default=None)


def _leaves(prefix: str, part: object) -> Iterator[tuple[str, str]]:
    if isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from _leaves(f"{prefix}.{name}" if prefix else name, getattr(part, name))
    elif isinstance(part, tuple) and any(isinstance(item, msgspec.Struct) for item in part):
        for number, item in enumerate(part, 1):
            yield from _leaves(f"{prefix}.{_name(item, number)}", item)
    elif part is not None:
        yield prefix, shown(part)


def _name(item: object, number: int) -> str:
    return next((str(getattr(item, name)) for name in _NAMES if hasattr(item, name)), str(number))


def shown(value: object) -> str:
    """As TOML writes it, without the quotes of a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(shown, value))}]"
    return str(value)
