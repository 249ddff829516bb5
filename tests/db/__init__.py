"""The store: real SQLite files in a folder of the test."""
