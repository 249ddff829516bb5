"""Blood pressure on one tile: systolic over diastolic, the mean in brackets."""

from decimal import Decimal

import msgspec

from ui.infusion.tile import TileState


def with_pressure(state: TileState, sys: Decimal | None, dia: Decimal | None, mean: Decimal | None) -> TileState:
    """`state` with the pressure in mmHg written as “118/74” and “(89)”; no value unless both are known."""
    if sys is None or dia is None:
        return msgspec.structs.replace(state, value=None, second="")
    second = "" if mean is None else f"({mean:.0f})"
    return msgspec.structs.replace(state, value=f"{sys:.0f}/{dia:.0f}", second=second)
