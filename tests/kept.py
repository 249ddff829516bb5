"""A situation that is played once and handed out as a copy of its own each time.

What cannot change (frozen structs, functions, types) is shared; all else is copied. A function that closes over something would
go on with the first one's, so it is refused.
"""

import io
import pickle
from collections.abc import Callable
from functools import cache, wraps
from types import FunctionType, MappingProxyType
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class _Copier(pickle.Pickler):
    def __init__(self, copy: io.BytesIO, shared: list[object]) -> None:
        super().__init__(copy)
        self._shared = shared
        self._places: dict[int, int] = {}

    def persistent_id(self, obj: Any) -> int | None:
        if isinstance(obj, FunctionType) and obj.__closure__:
            raise TypeError(f"{obj.__qualname__} closes over something: give it as a method")
        if not _is_shared(obj):
            return None
        if id(obj) not in self._places:
            self._places[id(obj)] = len(self._shared)
            self._shared.append(obj)
        return self._places[id(obj)]


class _Given(pickle.Unpickler):
    def __init__(self, copy: bytes, shared: list[object]) -> None:
        super().__init__(io.BytesIO(copy))
        self._shared = shared

    def persistent_load(self, pid: Any) -> object:
        return self._shared[pid]


def _is_shared(obj: object) -> bool:
    if isinstance(obj, FunctionType | type | MappingProxyType):
        return True
    return isinstance(obj, msgspec.Struct) and bool(type(obj).__struct_config__.frozen)


def kept(make: Callable[[], T]) -> Callable[[], T]:
    """Decorates what plays a situation."""

    @cache
    def made() -> tuple[bytes, list[object]]:
        copy, shared = io.BytesIO(), list[object]()
        _Copier(copy, shared).dump(make())
        return copy.getvalue(), shared

    @wraps(make)
    def given() -> T:
        copied: T = _Given(*made()).load()
        return copied

    return given
