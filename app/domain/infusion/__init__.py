"""One infusion: what happened to it, what follows from that, and what may be done next."""
