"""Bedside, the part that knows nothing of screens, ports or databases, and what joins it to them."""
