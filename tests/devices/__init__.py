"""Monitors: decoders, ports and the simulator."""
