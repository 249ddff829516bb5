"""The record as data: JSON and CSV."""
