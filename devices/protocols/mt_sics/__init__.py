"""Weighing scales: MT-SICS."""
