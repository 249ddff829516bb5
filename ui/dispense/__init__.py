"""The Dispense page."""
