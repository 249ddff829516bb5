"""The rules of the trial desk: pure functions of what was recorded, driven by the protocol files."""
