"""Contec and Berry oximeters: V7.0, and the five-byte frames of V5 and BCI."""
