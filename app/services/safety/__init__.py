"""What happened to subjects that should not: what is still owed, answered, reported. No Qt, no SQL."""
