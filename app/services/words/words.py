"""The one catalogue, local times and numbers in a person's language; knows nothing of windows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.domain.protocol import Bilingual, Coded
from app.domain.texts import Dated, Text, cells, say

from .catalogue import LANGUAGES, catalogue, system_language


class Words:
    """Texts of one language. `tr` fills a `Text`; a nested `Text` is translated too."""

    def __init__(self, language: str = "en") -> None:
        self.language = language if language in LANGUAGES else "en"
        self._catalogue = catalogue(self.language)

    def tr(self, text: Text | str, /, **params: Any) -> str:
        if isinstance(text, str):
            text = Text(text, params)
        template = (self._catalogue.gettext(text.msgid) or text.msgid) if text.msgid else ""
        params = {key: self._value(value) for key, value in text.params.items()}
        try:
            return template.format(**params)
        except (KeyError, IndexError, ValueError):  # a damaged catalogue
            return text.msgid.format(**params)

    def _value(self, value: Any) -> Any:
        if isinstance(value, Text):
            return self.tr(value)
        if isinstance(value, Dated):
            return self.date_time(value.dated)
        if isinstance(value, datetime):
            return self.time(value)
        if isinstance(value, Decimal):
            return f"{value:f}"
        if isinstance(value, Bilingual | Coded):
            return self.pick(value)
        return value

    def pick(self, bilingual: Any) -> str:
        """The text that a protocol file brings with it, in this language."""
        return str(bilingual.zh if self.language == "zh_CN" else bilingual.en)

    def time(self, at: datetime) -> str:
        return at.astimezone().strftime("%H:%M")

    def clock(self, at: datetime) -> str:
        return at.astimezone().strftime("%H:%M:%S")

    def date(self, at: datetime | date) -> str:
        return (at.astimezone() if isinstance(at, datetime) else at).strftime("%Y-%m-%d")

    def date_time(self, at: datetime) -> str:
        return at.astimezone().strftime("%Y-%m-%d %H:%M")

    def stamp(self, at: datetime) -> str:
        """Local time to the second with its offset: unambiguous, for records."""
        return at.astimezone().isoformat(sep=" ", timespec="seconds")

    def age(self, seconds: float) -> str:
        """How old something is, as one looks at it: “4 s”, “12 min”, “3 h”."""
        if seconds < 60:
            return self.tr(say("{n} s", n=max(0, int(seconds))))
        if seconds < 3600 * 3:
            return self.tr(say("{n} min", n=int(seconds // 60)))
        return self.tr(say("{n} h", n=int(seconds // 3600)))

    def left(self, span: timedelta) -> str:
        """A time left or overdue as mm:ss or h:mm:ss, without sign."""
        total = int(abs(span.total_seconds()))
        hours, minutes, seconds = total // 3600, total // 60 % 60, total % 60
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"

    def cells(self, count: int | Decimal) -> str:
        """Three significant digits: 1.40 × 10⁸."""
        return cells(count)


def tr(text: Text | str) -> str:
    """For the command line: in the system's language."""
    return Words(system_language()).tr(text)


def from_local(at: datetime) -> datetime:
    """A time as the ward's clocks and a bag's label say it, without offset, as UTC."""
    return at.astimezone(UTC)


def utc_iso(at: datetime) -> str:
    """ISO 8601 in UTC to the second, for files."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
