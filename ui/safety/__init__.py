"""What is asked and shown after an infusion, and of adverse events."""
