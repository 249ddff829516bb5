"""What is true: pure rules, no input or output, no clock, no window."""
