"""Copies of a store: backups, de-identified ones, and the one that saves a record whose file is gone."""
