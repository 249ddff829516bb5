"""Bedside, the part that knows nothing of screens, ports or databases, and what joins it to them."""

#: Written into every event. What is installed says the same (`pyproject.toml`).
VERSION = "0.1.0"
