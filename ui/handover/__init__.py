"""The Hand-over page."""
