"""What happens to a subject that should not: terms, grades."""
