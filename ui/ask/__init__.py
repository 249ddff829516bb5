"""How to ask: the frame of a question, its form and its answers."""
