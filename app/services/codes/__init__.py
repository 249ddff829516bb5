"""Codes on labels, wristbands and between laptops."""
