"""Texts for people: the catalogue, and every event in words."""
