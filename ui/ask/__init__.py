"""How to ask, whatever is asked: the frame of a question, its form and its answers. What is asked stands in `ui.questions`."""
