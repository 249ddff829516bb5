"""Builds and connects the window program."""
