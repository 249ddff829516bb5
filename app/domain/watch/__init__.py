"""What is worth an alarm at a bed."""
