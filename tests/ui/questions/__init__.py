"""Whole pages on a ward in memory, as a nurse sees them."""
