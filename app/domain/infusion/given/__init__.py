"""What was given: cells by the bags' own counts, the plans it is held against, a drip as it is tapped or weighed."""
