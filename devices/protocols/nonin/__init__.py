"""Nonin oximeters: data formats #2, #7, #8, #13 and text lines."""
