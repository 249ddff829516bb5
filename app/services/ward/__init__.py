"""The beds of one ward: their infusions, writes, monitors and what is due."""
