"""A situation that is played once and handed out as a copy of its own each time.

What cannot change (numbers, times, frozen structs, named tuples of such, functions, types) is shared; all else is copied. A
function that closes over something would go on with the first one's, so it is refused.
"""

import io
import pickle
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache, wraps
from types import FunctionType, MappingProxyType
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class _Copier(pickle.Pickler):
    """Numbers, texts and plain collections go by without being asked."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, FunctionType) and obj.__closure__:
            raise TypeError(f"{obj.__qualname__} closes over something: give it as a method")
        if obj is _shared or not _is_shared(obj):
            return NotImplemented
        _SHARED.append(obj)
        return _shared, (len(_SHARED) - 1,)


#: What all copies have in common.
_SHARED: list[object] = []


def _shared(place: int) -> object:
    return _SHARED[place]


#: What can stand in a tuple that cannot change.
_PLAIN = int | float | str | bytes | None


def _is_shared(obj: object) -> bool:
    if isinstance(obj, FunctionType | type | MappingProxyType | Decimal | datetime | timedelta):
        return True
    if isinstance(obj, tuple):
        return all(isinstance(part, _PLAIN) or _is_shared(part) for part in obj)
    return isinstance(obj, msgspec.Struct) and bool(type(obj).__struct_config__.frozen)


def kept(make: Callable[[], T]) -> Callable[[], T]:
    """Decorates what plays a situation."""

    @cache
    def made() -> bytes:
        copy = io.BytesIO()
        _Copier(copy, pickle.HIGHEST_PROTOCOL).dump(make())
        return copy.getvalue()

    @wraps(make)
    def given() -> T:
        copied: T = pickle.loads(made())
        return copied

    return given
