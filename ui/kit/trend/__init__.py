"""The trend: stacked plots on one time axis."""
