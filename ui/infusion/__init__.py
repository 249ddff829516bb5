"""The Infusion page."""
