"""What several commands ask for: which record, which protocol, how a command is added."""
