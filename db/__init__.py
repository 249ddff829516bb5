"""The edge towards the disk: an append-only record in SQLite."""
