"""The receipt under the name by which the dispensing page knows it."""

from .receive import ask as receive

__all__ = ["receive"]
