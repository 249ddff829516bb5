"""What is held against the log, part by part: the schema, the store's own row, accounts, settings, the rows for people's tools."""
