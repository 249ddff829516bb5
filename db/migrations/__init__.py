"""The steps from any released store to this program's. They are frozen: they never import the schema."""
