"""Pages: one a file."""
