"""Dräger ventilators: MEDIBUS."""
