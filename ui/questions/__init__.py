"""Dialogs: one question a file, each opened by its `ask`."""
