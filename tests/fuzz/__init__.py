"""Decoders against bytes that no device sent. Outside the normal suite: `python -m tests.fuzz [PROTOCOL…] [--inputs N]`."""
