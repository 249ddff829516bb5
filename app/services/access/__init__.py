"""Who comes in: people, keys, and what may be seen by nobody in particular."""
