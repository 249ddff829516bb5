"""The Trial page: the board's answer, the groups, what is due, and each subject."""
