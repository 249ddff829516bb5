"""What the simulated monitors share: a patient, what goes wrong, the other end of a line, and the loop that plays one.

Each protocol's own simulator stands beside its decoder. Most monitors' bytes carry no mark of being simulated: whoever
opens such a port must know it, and a ward's own store never opens one.
"""
