"""The list before a start: how the laptop was found."""
