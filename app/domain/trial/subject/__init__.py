"""One subject of the trial: what happened to it, what it is now, what a person may ask for."""
