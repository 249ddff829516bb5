"""What every widget is given: the look and the words."""

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from ui.kit.live_words import LiveWords
from ui.kit.look.holder import Look


@dataclass(frozen=True)
class Kit:
    """Passed as the first argument of every widget."""

    look: Look
    words: LiveWords


def restyle(widget: QWidget, **properties: object) -> None:
    """Set style-sheet properties and polish the widget again, only if one of them changed."""
    changed = [name for name, value in properties.items() if widget.property(name) != value]
    for name in changed:
        widget.setProperty(name, properties[name])
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
