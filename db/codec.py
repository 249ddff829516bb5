"""How values lie in their columns: UTC times as text, exact numbers, JSON."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator, UserDefinedType

from db.log.canonical import canonical, utc_from_text, utc_text


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
