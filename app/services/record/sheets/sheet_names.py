"""The sheets by the name that they are asked for, in the order in which they are offered."""

from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.texts import Text, say

SHEET_NAMES: dict[str, Text] = {
    "flowsheet": say("Flowsheet"),
    "sbar": say("Hand-over sheet (SBAR)"),
    "downtime": say("Downtime sheet"),
    "reaction": say("Reaction report"),
}


def sheets_of(state: Infusion) -> dict[str, Text]:
    """Those that can be made now: the downtime sheet from the release on, until the infusion is over."""
    over = state.phase is Phase.ORDERED or state.ended_at is not None
    absent = {"downtime": over, "reaction": not state.reactions}
    return {name: words for name, words in SHEET_NAMES.items() if not absent.get(name, False)}
