"""One way to write a value down, so that its hash is always the same. Needs no database."""

import hashlib
from datetime import UTC, datetime, timedelta

import msgspec

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def utc_text(at: datetime) -> str:
    """ISO 8601 in UTC with microseconds: `2026-03-01T08:00:00.000000Z`. Refuses a naive time (ValueError)."""
    if at.tzinfo is None:
        raise ValueError("a time without its zone cannot be recorded")
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


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
