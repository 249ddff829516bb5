"""GE / Datex-Ohmeda S/5 monitors: records of the computer interface (DRI)."""
