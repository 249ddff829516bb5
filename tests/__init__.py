"""The folders mirror those of the program."""
