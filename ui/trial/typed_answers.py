"""What is typed in the desk's questions, read: days, moments and numbers."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from app.domain.errors import Refused
from app.domain.texts import say
from ui.frame.desk import Desk


def a_day(text: str) -> date:
    """Raises `Refused`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(say("“{text}” is not a day: write it as 2026-11-22.", text=text)) from None


def a_moment(text: str) -> datetime:
    """A local time with its date. Raises `Refused`."""
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=None).astimezone()
    except ValueError:
        raise Refused(say("“{text}” is not a time: write it as 2026-11-22 14:32.", text=text)) from None


def a_decimal(text: str) -> Decimal:
    """Raises `Refused`."""
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        raise Refused(say("“{text}” is not a number: write a decimal point.", text=text)) from None


def perhaps(text: str | None, read: Callable[[str], Any]) -> Any:
    """None where nothing is typed."""
    return read(text) if text and text.strip() else None


def now_words(desk: Desk) -> str:
    return f"{desk.now().astimezone():%Y-%m-%d %H:%M}"
