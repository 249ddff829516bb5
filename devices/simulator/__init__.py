"""A patient and the monitors that speak of them, byte for byte."""
