"""What the ward itself knows at the gate: alarms that no check has written down."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.drip import Start, StepUp
from app.domain.infusion.chapters.pause import Resume
from app.domain.texts import Text

Latched = Callable[[str], tuple[Text, ...]]
"""The high physiological alarms of an infusion that stand, or that nobody has answered for: an investigator is asked about them."""


def with_latched(command: Command, latched: Sequence[Text]) -> Command:
    """Start, step up and resume carry the high physiological alarms that stand at their bed."""
    return replace(command, latched=tuple(latched)) if isinstance(command, Start | StepUp | Resume) else command
