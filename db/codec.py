"""How values lie on the disk: UTC times as text, exact numbers, canonical JSON, and hashes of it."""

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator, UserDefinedType

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def utc_text(at: datetime) -> str:
    """ISO 8601 in UTC with microseconds: `2026-03-01T08:00:00.000000Z`. Refuses a naive time (ValueError)."""
    if at.tzinfo is None:
        raise ValueError("a time without its zone cannot be recorded")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def utc_from_text(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc_ms(at: datetime) -> int:
    """Whole milliseconds since 1970-01-01 UTC, rounded down. Refuses a naive time (TypeError)."""
    return (at - EPOCH) // _MS


def utc_from_ms(ms: int) -> datetime:
    return EPOCH + ms * _MS


def canonical(value: object) -> bytes:
    """JSON with sorted keys in UTF-8 and no spaces: the same bytes for the same value, always."""
    return msgspec.json.encode(value, order="sorted")


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class UtcDateTime(TypeDecorator[datetime]):
    """A time with its zone, stored as `utc_text`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> str | None:
        return None if value is None else utc_text(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else utc_from_text(value)


class JsonText(TypeDecorator[Any]):
    """Any JSON value, stored as canonical text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, _dialect: Dialect) -> str | None:
        return None if value is None else canonical(value).decode()

    def process_result_value(self, value: str | None, _dialect: Dialect) -> object:
        return None if value is None else msgspec.json.decode(value)


class ExactNumber(UserDefinedType[Decimal]):
    """A decimal of up to 15 significant digits in a NUMERIC column: sorts and sums as a number, reads back exactly.

    Trailing zeros are not kept; the event that the number came from keeps them.
    """

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "NUMERIC"

    def bind_processor(self, _dialect: Dialect) -> Any:
        return lambda value: None if value is None else f"{Decimal(value):f}"

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Any:
        return lambda value: None if value is None else Decimal(repr(value))
