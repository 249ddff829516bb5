"""What may happen on each kind of stream: the one place where a kind meets its events."""

from typing import Any, Literal

import msgspec

from app.domain.infusion.facts import InfusionEvent
from app.domain.log import Event

_DECODERS: dict[Literal["infusion"], msgspec.json.Decoder[Any]] = {
    "infusion": msgspec.json.Decoder(InfusionEvent),
}


def decode(kind: Literal["infusion"], payload: bytes | str) -> Event:
    """Read an event back. Raises `msgspec.ValidationError` for a type or field that the kind does not have."""
    event: Event = _DECODERS[kind].decode(payload)
    return event
