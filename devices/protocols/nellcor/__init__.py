"""Nellcor oximeters: ASCII lines in real time."""
