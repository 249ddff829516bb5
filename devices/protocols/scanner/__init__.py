"""Barcode scanners on a serial port."""
