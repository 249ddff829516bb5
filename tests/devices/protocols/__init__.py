"""Bytes in, samples out."""
