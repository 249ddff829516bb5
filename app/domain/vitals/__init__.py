"""Vital signs: the one table of them, where they come from, and the early warning score."""
