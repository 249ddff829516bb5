"""Masimo oximeters: "ASCII 1"."""
